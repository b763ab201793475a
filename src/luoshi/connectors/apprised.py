"""SMS, mail, WeCom 企业微信, DingTalk 钉钉 and a hundred more, through apprise.

The address of a way is apprise's own, with ``{address}`` where the receiver belongs: see
``docs/howto/send-messages.md``. Fakes: ``letters.Console`` and ``letters.Collected``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

from django.conf import settings

from luoshi.connectors.letters import Console, NotSent, Outgoing, Way

TITLE = "落实"


@dataclass(frozen=True, slots=True)
class Apprised:
    """One way out, such as ``mailtos://user:password@example.cn?to={address}``.

    Several addresses, with spaces between them, are all told; if one fails, all are tried again.
    """

    url: str = field(repr=False)

    def send(self, letter: Outgoing) -> None:
        """Send *letter*.

        Raises:
            NotSent: Not this time. The message names neither address nor text.
        """
        import apprise  # noqa: PLC0415  slow to import, and needed by the worker alone

        service = apprise.Apprise()
        named = self.url.replace("{address}", quote(letter.address, safe=""))
        if not service.add(named.split()):
            raise NotSent("apprise does not understand the address of this way")
        if not service.notify(body=letter.text, title=TITLE if letter.by == "mail" else ""):
            raise NotSent("the service did not take it")


def by_way(key: str, by: str, address: str, text: str) -> None:
    """Send by the way that whoever runs Luoshi has named, else by the console's fake.

    What ``LUOSHI_SEND`` names by default.
    """
    url = settings.LUOSHI_DOORS.letters.get(by, "")
    way: Way = Apprised(url) if url else Console()
    way.send(Outgoing(key, by, address, text))
