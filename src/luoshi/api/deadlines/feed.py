"""The calendar of deadlines of those who cannot show a password: calendar programs.

Its address is signed and speaks for one account; what that account may not see is not in it, and
what is in it is a number, a state and an instant, never a name or a word of a resident.

Terms    calendar feed 日历订阅
"""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language, gettext
from django.views.decorators.http import conditional_page, require_safe

from luoshi.actions import clock
from luoshi.formats.icalendar import Deadline
from luoshi.formats.icalendar import calendar as written
from luoshi.kernel.access import Actor
from luoshi.kernel.programme import label
from luoshi.store.directory import actor_of, directory
from luoshi.store.programmes import calendar_of, programme_of
from luoshi.store.queries import Wanted, scope_of, worklist
from luoshi.store.rows import Row
from luoshi.store.signed_accounts import actor_behind, token_for

PURPOSE = "calendar"
MOST = 500
SECONDS = 300


@require_safe
def address(request: HttpRequest) -> HttpResponse:
    """The address of the calendar of whoever is signed in."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if scope_of(actor_of(request.user)).is_empty:
        return HttpResponse(status=403)
    path = reverse("deadlines:calendar", args=[token_for(request.user, PURPOSE)])
    answer = HttpResponse(
        f"{request.build_absolute_uri(path)}\n", content_type="text/plain; charset=utf-8"
    )
    patch_cache_control(answer, no_store=True)
    return answer


@require_safe
@conditional_page
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """What is due, as a calendar; ``?unit=`` narrows it to one unit and those below it."""
    actor = actor_behind(token, PURPOSE)
    if actor is None:
        raise Http404
    unit = request.GET.get("unit", "")
    units = tuple(sorted(directory().below_unit.get(unit, ())))
    is_empty = bool(unit) and not units  # of a unit that there is none of
    rows = () if is_empty else worklist(actor, Wanted(units=units), clock.now(), limit=MOST).rows
    entries = [one for row in rows for one in _deadlines(row, request)]
    answer = HttpResponse(
        written(_name(actor, unit), entries), content_type="text/calendar; charset=utf-8"
    )
    patch_cache_control(answer, private=True, max_age=SECONDS)
    return answer


def _deadlines(row: Row, request: HttpRequest) -> Iterator[Deadline]:
    programme = programme_of(row.programme, row.version)
    language = "en" if get_language() == "en" else "zh-Hans"
    state = programme.states.get(row.state)
    for running in row.clocks:
        known = programme.clocks.get(running.name.partition(".")[0])
        what = label(known.labels, language) if known else running.name
        yield Deadline(
            key=f"{row.id}-{running.name}@luoshi",
            due=calendar_of(programme).last_second(running.due),
            changed=row.moved,
            title=f"{row.number} {what}",
            about=" · ".join(
                text
                for text in (
                    label(programme.labels, language),
                    label(state.labels, language) if state else "",
                )
                if text
            ),
            url=request.build_absolute_uri(reverse("desk:case", args=[row.number])),
        )


def _name(actor: Actor, unit: str) -> str:
    """Return what the calendar is called: the unit, if it is that of one."""
    own = {post.unit for post in actor.posts if post.unit}
    code = unit or (next(iter(own)) if len(own) == 1 else "")
    place = directory().units.get(code)
    language = "en" if get_language() == "en" else "zh-Hans"
    name = label(place.labels, language) if place else ""
    return f"{gettext('Deadlines')} {name}".strip()
