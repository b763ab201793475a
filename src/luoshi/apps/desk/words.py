"""Words: what the desk says in the language of whoever looks.

Terms    remaining 剩余时间 · late 超期 · provisional 暂定
Units    instants are aware; days and hours are shown in the zone of the programme's calendar
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext, ngettext

from luoshi.apps.look import language
from luoshi.kernel.access import SYSTEM
from luoshi.kernel.calendar import Calendar
from luoshi.kernel.errors import CalendarNotCovered
from luoshi.kernel.programme import Programme
from luoshi.store.directory import Place, directory

say = language.words
"""Return labels in the present language."""

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def place_name(places: Mapping[str, Place], code: str) -> str:
    """Return the name of a unit or an area, the code itself when it is gone."""
    place = places.get(code)
    return (say(place.labels) or code) if place else code


def unit_name(code: str) -> str:
    """Return the name of a unit."""
    return place_name(directory().units, code)


def area_name(code: str, levels: int = 2) -> str:
    """Return the name of an area with those above it, the finest *levels* of them."""
    known = directory().areas
    place = known.get(code)
    path: Iterable[str] = (*place.path, code) if place else (code,)
    names = [place_name(known, one) for one in path][-levels - 1 :]
    names = [one for one, finer in zip(names, [*names[1:], ""], strict=True) if one not in finer]
    return (" · " if language.page_language() == language.ENGLISH else "").join(names[-levels:])


def role_name(programme: Programme, name: str) -> str:
    """Return what a role is called; what happens by itself is done by none."""
    if name == SYSTEM.role:
        return gettext("by itself")
    role = programme.roles.get(name)
    return language.words(role.labels) if role else name


def clock_name(programme: Programme, name: str) -> str:
    """Return the name of a clock; of a stage (``repair.fence``) with the stage's own."""
    base, _, stage = name.partition("#")[0].partition(".")
    clock = programme.clocks.get(base)
    if clock is None:
        return name
    stages = (one for limit in clock.limits for one in limit.stages if one.name == stage)
    extra = next((say(one.labels) for one in stages), stage)
    return f"{say(clock.labels)} · {extra}" if extra else say(clock.labels)


def when(instant: datetime, calendar: Calendar, now: datetime) -> str:
    """Return *instant* as short as it can be understood: the year only where it is another one."""
    local = instant.astimezone(calendar.zone)
    day = f"{local:%m-%d}" if local.year == now.astimezone(calendar.zone).year else f"{local:%F}"
    return f"{day} {local:%H:%M}"


def until(due: datetime, calendar: Calendar, now: datetime) -> str:
    """Return by when: a limit of whole days ends with a day, not at midnight of the next one."""
    local = due.astimezone(calendar.zone)
    if (local.hour, local.minute) == (0, 0):
        return when(due - timedelta(minutes=1), calendar, now)[:-6]
    return when(due, calendar, now)


def remaining(due: datetime, now: datetime, calendar: Calendar) -> str:
    """Return how much time is left, or by how much it is late, as people say it."""
    if now >= due:
        return _late(now - due)
    local = due.astimezone(calendar.zone)
    if (local.hour, local.minute) != (0, 0):
        return _left(due - now)
    try:
        left = _working_days_left(due, now, calendar)
    except CalendarNotCovered:
        left = (due - now) // DAY
    if left <= 0:
        return gettext("until the end of today")
    return ngettext("%(n)d working day left", "%(n)d working days left", left) % {"n": left}


def _working_days_left(due: datetime, now: datetime, calendar: Calendar) -> int:
    last = calendar.day_of(due - timedelta(microseconds=1))
    return calendar.worked_through(last) - calendar.worked_through(calendar.day_of(now))


def _left(span: timedelta) -> str:
    if span >= 2 * DAY:
        return ngettext("%(n)d day left", "%(n)d days left", span // DAY) % {"n": span // DAY}
    hours, minutes = _clock_face(span)
    if not hours:
        return gettext("%(minutes)d min left") % {"minutes": minutes}
    return gettext("%(hours)d h %(minutes)d min left") % {"hours": hours, "minutes": minutes}


def _late(span: timedelta) -> str:
    if span >= DAY:
        return ngettext("%(n)d day late", "%(n)d days late", span // DAY) % {"n": span // DAY}
    hours, minutes = _clock_face(span)
    if not hours:
        return gettext("%(minutes)d min late") % {"minutes": minutes}
    return gettext("%(hours)d h %(minutes)d min late") % {"hours": hours, "minutes": minutes}


def _clock_face(span: timedelta) -> tuple[int, int]:
    """Return hours and minutes; what has begun is told as a minute, never as none."""
    return divmod(max(1, span // MINUTE), HOUR // MINUTE)
