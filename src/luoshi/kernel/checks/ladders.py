"""Ladders: each rung has one instant, tells somebody in known words, or does what it may."""

from __future__ import annotations

from collections.abc import Iterator

from luoshi.kernel.checks.names import unknown
from luoshi.kernel.checks.provisions import by_system
from luoshi.kernel.checks.rule import Rule
from luoshi.kernel.errors import Problem
from luoshi.kernel.limit import Rung
from luoshi.kernel.programme import Programme


def rungs(programme: Programme) -> Iterator[tuple[str, Rung]]:
    """Yield every rung of every ladder with its place."""
    for clock in programme.clocks.values():
        for rung in clock.ladder:
            yield f"clocks.{clock.name}.ladder.{rung.name}", rung


def rungs_have_one_instant(programme: Programme) -> Iterator[Problem]:
    """A rung is at a share of the limit, or before it, or after it."""
    for place, rung in rungs(programme):
        if sum(when is not None for when in (rung.share, rung.before, rung.after)) != 1:
            said = "says not at all, or twice, when; keep one of share, before, after"
            yield Problem("rung.when", said, place)


def rungs_do_something(programme: Programme) -> Iterator[Problem]:
    """A rung tells roles in the words of a notice, or takes a step."""
    notices = {notice.name for notice in programme.notices}
    for place, rung in rungs(programme):
        if not rung.tell and not rung.do:
            yield Problem("rung.idle", "does nothing; add tell with notice, or do", place)
        if bool(rung.tell) != bool(rung.notice):
            said = "tell says to whom and notice in which words; give both"
            yield Problem("rung.words", said, place)
        for index, role in enumerate(rung.tell):
            yield from unknown("role", f"{place}.tell[{index}]", role, programme.roles)
        if rung.notice:
            yield from unknown("notice", f"{place}.notice", rung.notice, notices)


def rungs_take_steps_of_the_system(programme: Programme) -> Iterator[Problem]:
    """A step taken by a rung exists and may be taken by the system, without answers."""
    for place, rung in rungs(programme):
        if not rung.do:
            continue
        yield from unknown("transition", f"{place}.do", rung.do, programme.transitions)
        step = programme.transitions.get(rung.do)
        if step is None:
            continue
        if not by_system(programme, step):
            said = f"{step.name!r} is not for the system; add a role of relation system to its by"
            yield Problem("rung.not_system", said, f"{place}.do")
        if any(need.required for need in step.needs):
            said = f"{step.name!r} needs answers, which the system has not; take another step"
            yield Problem("rung.needs", said, f"{place}.do")


RULES: tuple[Rule, ...] = (
    rungs_have_one_instant,
    rungs_do_something,
    rungs_take_steps_of_the_system,
)
