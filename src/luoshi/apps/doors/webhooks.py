"""The pages of webhooks: who is told of events, what is on its way, and what was given up.

Terms    subscription 订阅 · delivery 投递 · dead letter 死信 · replay 重发 · secret 签名密钥
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from luoshi.actions.deliveries import tried
from luoshi.actions.naming import MOST_NAME
from luoshi.actions.webhooks import (
    MOST_URL,
    SubscriptionRefused,
    SubscriptionUnknown,
    end,
    replay,
    rotate,
    subscribe,
)
from luoshi.apps.look.language import words
from luoshi.apps.look.staff import administrators
from luoshi.formats.events import catalogue
from luoshi.kernel.access import Actor
from luoshi.store.programmes import offered
from luoshi.store.subscriptions import Told, deliveries_of, subscriptions

UNPROCESSABLE = 422
WRONG: dict[str, Promise] = {
    "name": _("Give it a name of 1 to 80 signs."),
    "name.taken": _("Another subscription has this name; choose another one."),
    "url": _("The address must begin with https:// and name a host."),
    "account": _("There is no account with this sign-in name."),
    "types": _("The public is told of public events only; choose others, or name an account."),
    "programmes": _("There is no such service."),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What the page says of what was just done; ``secret`` is shown this once."""

    text: str = ""
    secret: str = ""
    wrong: str = ""


@require_http_methods(["GET", "POST"])
@administrators
def webhooks(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001  the door passes it
    """List every subscription; make one."""
    if request.method == "GET":
        return _list(request, Said())
    given = request.POST
    try:
        secret = subscribe(
            given.get("name", ""),
            given.get("url", "").strip(),
            given.get("account", "").strip(),
            given.getlist("programme"),
            given.getlist("type"),
        )
    except SubscriptionRefused as refused:
        wrong = str(WRONG[str(refused.data.get("why"))])
        return _list(request, Said(wrong=wrong), status=UNPROCESSABLE)
    return _list(request, Said(secret=secret))


def _list(request: HttpRequest, said: Said, status: int = 200) -> HttpResponse:
    found = subscriptions()
    context = {
        "running": [one for one in found if not one.ended],
        "ended": [one for one in found if one.ended],
        "said": said,
        "programmes": [(one.id, words(one.labels)) for one in offered().values()],
        "types": event_types(),
        "typed": request.POST if said.wrong else {},
        "chosen": request.POST.getlist("type") + request.POST.getlist("programme"),
        "most_name": MOST_NAME,
        "most_url": MOST_URL,
    }
    return render(request, "doors/webhooks.html", context, status=status)


def event_types() -> list[tuple[str, str]]:
    """Return every type of event once, with its words."""
    language = "en" if get_language() == "en" else "zh-Hans"
    return sorted({str(one["type"]): str(one[language]) for one in catalogue(offered())}.items())


@require_http_methods(["GET", "POST"])
@administrators
def webhook(
    request: HttpRequest,
    actor: Actor,  # noqa: ARG001  the door passes it
    subscription: UUID,
) -> HttpResponse:
    """Show one subscription with its deliveries; try it, send again, turn its key, end it."""
    told = _one(subscription)
    if request.method == "GET":
        return _detail(request, told, Said())
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        raise Http404
    try:
        said = act(told.name)
    except SubscriptionUnknown:
        raise Http404 from None
    if said is None:
        return redirect("doors:webhook", subscription)
    return _detail(request, _one(subscription), said)


def _one(key: UUID) -> Told:
    found = next((one for one in subscriptions() if one.id == str(key)), None)
    if found is None:
        raise Http404
    return found


def _detail(request: HttpRequest, told: Told, said: Said) -> HttpResponse:
    context = {"one": told, "said": said, "deliveries": deliveries_of(told.id)}
    return render(request, "doors/webhook.html", context)


def _tried(name: str) -> Said:
    posted = tried(name)
    if posted.is_taken:
        return Said(
            gettext("It arrived: the receiver answered %(answer)s.") % _answer(posted.word)
        )
    return Said(wrong=gettext("It did not arrive: %(answer)s.") % _answer(posted.word))


def _answer(word: str) -> dict[str, str]:
    return {"answer": word}


def _replayed(name: str) -> Said:
    count = replay(name)
    told = ngettext(
        "%(count)s event waits to be sent again.", "%(count)s events wait to be sent again.", count
    )
    return Said(told % {"count": count})


def _turned(name: str) -> Said:
    return Said(secret=rotate(name))


def _ended(name: str) -> None:
    end(name)


ACTS: dict[str, Callable[[str], Said | None]] = {
    "test": _tried,
    "replay": _replayed,
    "rotate": _turned,
    "end": _ended,
}
