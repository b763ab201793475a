"""Own account: what a member of staff may change about themselves."""

from __future__ import annotations

from django.conf import settings

from luoshi.kernel.errors import Refused
from luoshi.store.models import Account


class LanguageUnknown(Refused):
    """There is no such language here."""

    code = "language.unknown"
    template = "there is no language {language!r} here"


def account_of(user: object) -> Account:
    """Return *user* of a request as the account it is; doors let nobody else in.

    Raises:
        TypeError: Nobody is signed in: a view forgot its door.
    """
    if not isinstance(user, Account):
        raise TypeError("nobody is signed in")
    return user


def choose_language(account: Account, language: str) -> None:
    """Show *account* every page in *language* (a code of ``settings.LANGUAGES``).

    Raises:
        LanguageUnknown: It is none of them.
    """
    if language not in dict(settings.LANGUAGES):
        raise LanguageUnknown(language=language[:20])
    if account.language != language:
        account.language = language
        account.save(update_fields=["language"])
