"""The page of tokens: one's own to look at and take back; administrators make them.

Terms    token 令牌 · scope 权限范围
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from luoshi.actions import clock
from luoshi.actions.naming import MOST_NAME
from luoshi.actions.own_account import account_of
from luoshi.actions.tokens import (
    DAYS,
    MOST_DAYS,
    TokenNameRefused,
    TokenTermsRefused,
    TokenUnknown,
    add_token,
    revoke_token,
)
from luoshi.apps.look.staff import insiders
from luoshi.kernel.access import Actor
from luoshi.store.tokens import SCOPES
from luoshi.store.tokens import tokens as every_token

SCOPE_WORDS: dict[str, Promise] = {
    "read": _("read: lists, cases, search"),
    "act": _("act: take steps, register, look at masked answers"),
    "export": _("export: take lists away as a file"),
}
UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
@insiders
def tokens(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001  the door passes it
    """Show tokens; make one, or take one back."""
    if request.method == "GET":
        return _page(request)
    if request.POST.get("do") == "revoke":
        return _revoked(request)
    if not account_of(request.user).is_administrator:
        return _page(request, wrong=str(_("Only an administrator makes tokens.")), status=403)
    return _made(request)


def _made(request: HttpRequest) -> HttpResponse:
    given = request.POST
    days = given.get("days", "")
    try:
        token = add_token(
            given.get("account", "").strip(),
            given.get("name", ""),
            given.getlist("scope"),
            int(days) if days.isascii() and days.isdigit() and len(days) < len("10000") else 0,
        )
    except (TokenNameRefused, TokenTermsRefused, TokenUnknown) as refused:
        return _page(request, wrong=str(WRONG[type(refused)]), status=UNPROCESSABLE)
    return _page(request, token=token)


WRONG: dict[type[Exception], Promise] = {
    TokenNameRefused: _("Say what it is for, in words that no other token of this account has."),
    TokenTermsRefused: _("Choose at least one scope, and 1 to 366 days."),
    TokenUnknown: _("There is no account with this sign-in name."),
}


def _revoked(request: HttpRequest) -> HttpResponse:
    account, name = request.POST.get("account", ""), request.POST.get("name", "")
    me = account_of(request.user)
    if account != me.username and not me.is_administrator:
        account = ""  # looks like one that does not exist
    try:
        revoke_token(account, name)
    except TokenUnknown:
        return _page(request, wrong=str(_("There is no such token any more.")), status=404)
    return redirect("doors:tokens")


def _page(
    request: HttpRequest, token: str = "", wrong: str = "", status: int = 200
) -> HttpResponse:
    me, now = account_of(request.user), clock.now()
    is_administrator, own = me.is_administrator, me.username
    found = [one for one in every_token() if is_administrator or one.username == own]
    context = {
        "good": [one for one in found if not one.revoked and one.expires > now],
        "token": token,
        "wrong": wrong,
        "is_administrator": is_administrator,
        "scopes": [(name, SCOPE_WORDS[name]) for name in SCOPES],
        "days": DAYS,
        "most_days": MOST_DAYS,
        "most_name": MOST_NAME,
        "typed": request.POST if wrong else {"account": own, "days": DAYS},
        "chosen": request.POST.getlist("scope") if wrong else ["read"],
    }
    return render(request, "doors/tokens.html", context, status=status)
