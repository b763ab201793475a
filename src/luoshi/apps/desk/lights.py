"""Lights: a clock as the desk shows it. The colour never stands alone: words say it too.

Terms    light 红黄绿灯 · duty 时限 · window 可操作期限
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from luoshi.apps.desk import words
from luoshi.apps.look.duration import limit_words
from luoshi.kernel.calendar import Calendar
from luoshi.kernel.case import ClockState
from luoshi.kernel.clock import Light
from luoshi.kernel.programme import Programme
from luoshi.store.rows import Running
from luoshi.store.sight import CaseView

SHARES = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """One clock on the screen.

    Attributes:
        light: ``red``, ``yellow``, ``green``, or ``off`` for one that has been stopped.
        sign: What the light means, in words.
        left: How much time is left, or what became of it.
        passed: Hundredths of its time that have gone by, 0 to 100.
    """

    name: str
    light: str
    sign: str
    left: str
    due: str
    limit: str = ""
    rests_on: str = ""
    provisional: bool = False
    passed: int = 0
    runs: bool = True
    extended: int = 0
    paused: str = ""
    round: str = ""


def of_row(running: Running, programme: Programme, now: datetime, calendar: Calendar) -> Shown:
    """Return the first clock of a case in a list."""
    return Shown(
        name=words.clock_name(programme, running.name),
        light=running.light.value,
        sign=_sign(running.light),
        left=words.remaining(running.due, now, calendar),
        due=words.until(running.due, calendar, now),
        provisional=running.provisional,
    )


def of_case(view: CaseView, calendar: Calendar) -> tuple[Shown, ...]:
    """Return the duty clocks of the present round, the most urgent first."""
    return tuple(_shown(clock, view, calendar) for clock in view.clocks)


def windows_of(view: CaseView, calendar: Calendar) -> tuple[Shown, ...]:
    """Return the times in which something is still open."""
    clocks = view.case.clocks.items()
    return tuple(
        _shown(clock, view, calendar)
        for key, clock in clocks
        if clock.kind == "window"
        and clock.state == "running"
        and "#" not in key
        and view.now < clock.due
    )


def earlier_rounds(view: CaseView, calendar: Calendar) -> tuple[Shown, ...]:
    """Return the clocks of earlier rounds: a redo never hides that the first one was late."""
    return tuple(
        _shown(clock, view, calendar, key.partition("#")[2])
        for key, clock in view.case.clocks.items()
        if "#" in key and clock.kind == "duty"
    )


def _shown(clock: ClockState, view: CaseView, calendar: Calendar, turn: str = "") -> Shown:
    light = clock.light(view.now)
    runs = clock.state in ("running", "paused")
    stopped = clock.state == "stopped"
    return Shown(
        name=words.clock_name(view.programme, clock.name),
        light="off" if stopped else light.value,
        sign=gettext("stopped") if stopped else _sign(light, ended=not runs),
        left=_left(clock, view.now, calendar),
        due=words.until(clock.due, calendar, view.now),
        limit=limit_words(clock.limit),
        rests_on=clock.rests_on,
        provisional=clock.provisional and runs,
        passed=_passed(clock, view.now),
        runs=runs,
        extended=clock.extended,
        paused=words.when(clock.paused, calendar, view.now) if clock.paused else "",
        round=turn,
    )


def _sign(light: Light, *, ended: bool = False) -> str:
    if ended:
        return gettext("kept late") if light is Light.RED else gettext("kept in time")
    return {
        Light.GREEN: gettext("in time"),
        Light.YELLOW: gettext("near due"),
        Light.RED: gettext("overdue"),
    }[light]


def _left(clock: ClockState, now: datetime, calendar: Calendar) -> str:
    if clock.state == "running":
        return words.remaining(clock.due, now, calendar)
    if clock.state == "paused":
        return gettext("stands still")
    ended = clock.ended or clock.due
    return gettext("done %(when)s") % {"when": words.when(ended, calendar, now)}


def _passed(clock: ClockState, now: datetime) -> int:
    seen = clock.ended or clock.paused or now
    whole = (clock.due - clock.started).total_seconds()
    gone = (seen - clock.started).total_seconds()
    return max(0, min(SHARES, round(SHARES * gone / whole))) if whole > 0 else SHARES
