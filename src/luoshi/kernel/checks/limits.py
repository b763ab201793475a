"""Limits: each clock has a limit for every case, and extensions and register numbers work out."""

from __future__ import annotations

from collections.abc import Iterator

from luoshi.kernel.checks.rule import Rule, certain, conditions_of, nearest
from luoshi.kernel.condition import ClockIs, leaves
from luoshi.kernel.errors import Problem
from luoshi.kernel.limit import Clock, ClockKind
from luoshi.kernel.number import NumberPattern
from luoshi.kernel.programme import FieldType, Programme


def limits_say_how_long(programme: Programme) -> Iterator[Problem]:
    """A limit has one length (or says there is none), several stages, or a date field."""
    for clock in programme.clocks.values():
        for index, limit in enumerate(clock.limits):
            has_length = limit.within is not None or limit.unlimited
            if sum((has_length, bool(limit.stages), bool(limit.until))) != 1:
                said = "says not at all, or twice, how long; keep one of within, stages, until"
                place = f"clocks.{clock.name}.limits[{index}]"
                yield Problem("limit.length", said, place)


def limits_cover_every_case(programme: Programme) -> Iterator[Problem]:
    """From the first day of the programme on, every case has a limit."""
    for clock in programme.clocks.values():
        if not any(
            rule.when is None and rule.in_force <= programme.in_force for rule in clock.limits
        ):
            said = (
                f"some cases have no limit on {programme.in_force}; add a last rule without when, "
                "in force by then"
            )
            yield Problem("clock.uncovered", said, f"clocks.{clock.name}.limits")


def no_limit_is_out_of_reach(programme: Programme) -> Iterator[Problem]:
    """No limit stands behind one of the same day that takes every case."""
    for clock in programme.clocks.values():
        yield from _out_of_reach(clock)


def _out_of_reach(clock: Clock) -> Iterator[Problem]:
    taken = set()
    for index, limit in enumerate(clock.limits):
        if limit.in_force in taken:
            said = "is never used: a rule above it of the same day takes every case; move it up"
            yield Problem("limit.unused", said, f"clocks.{clock.name}.limits[{index}]")
        if limit.when is None:
            taken.add(limit.in_force)


def no_limit_is_no_clock(programme: Programme) -> Iterator[Problem]:
    """A duty is limited for some cases at least; a window is for all, or it would never open."""
    for clock in programme.clocks.values():
        place = f"clocks.{clock.name}.limits"
        unlimited = [limit.unlimited for limit in clock.limits]
        if clock.kind is ClockKind.WINDOW and any(unlimited):
            said = (
                "a window that is not started never opens; give it a length, and let the steps "
                "that need it be taken without it where nothing limits them"
            )
            yield Problem("window.unlimited", said, f"{place}[{unlimited.index(True)}]")
        elif unlimited and all(unlimited):
            said = "never runs, and so nothing warns, promises or is told; remove the clock"
            yield Problem("clock.unlimited", said, place)


def nobody_waits_for_a_clock_without_limit(programme: Programme) -> Iterator[Problem]:
    """A step that comes after a duty can be taken, too, where nothing limits that duty."""
    for step in programme.transitions.values():
        for leaf in certain(step.when, ClockIs):
            clock = programme.clocks.get(leaf.clock)
            waits = "met" in leaf.states and "absent" not in leaf.states
            if clock is not None and clock.may_not_start and waits:
                said = (
                    f"clock {clock.name!r} is not started for cases without limit, which could "
                    "never take this step; add absent to its is, or say under any who may"
                )
                yield Problem("clock.waited_for", said, f"transitions.{step.name}.when")


def extensions_work_out(programme: Programme) -> Iterator[Problem]:
    """An extension names a clock with a longest extension, and a number that the step asks for."""
    for step in programme.transitions.values():
        if step.extends is None:
            continue
        base = f"transitions.{step.name}.extends"
        clock = programme.clocks.get(step.extends.clock)
        if clock is not None and clock.most_extension is None:
            said = f"clock {clock.name!r} has no most_extension; add it to the clock"
            yield Problem("extension.no_most", said, f"{base}.clock")
        field = programme.fields.get(step.extends.by_field)
        if field is not None and field.type is not FieldType.NUMBER:
            said = f"{field.name!r} is no number; name a number field"
            yield Problem("extension.not_number", said, f"{base}.by_field")
        asked = {need.field for need in step.needs if need.required and need.when is None}
        if step.extends.by_field not in asked:
            said = f"{step.extends.by_field!r} is not asked for by this step; add it to needs"
            yield Problem("extension.not_asked", said, f"{base}.by_field")


def staged_clocks_are_not_asked_for(programme: Programme) -> Iterator[Problem]:
    """A clock with stages is several clocks: no condition looks at it, and nothing extends it."""
    staged = {c.name for c in programme.clocks.values() if any(rule.stages for rule in c.limits)}
    asked = [
        (path, leaf.clock)
        for path, condition in conditions_of(programme)
        for leaf in leaves(condition)
        if isinstance(leaf, ClockIs)
    ]
    asked += [
        (f"transitions.{step.name}.extends.clock", step.extends.clock)
        for step in programme.transitions.values()
        if step.extends
    ]
    for path, clock in asked:
        if clock in staged:
            said = f"clock {clock!r} has stages, so there is no one clock to ask; use another"
            yield Problem("clock.staged", said, path)


def stages_are_met_before_the_last(programme: Programme) -> Iterator[Problem]:
    """A stage that is met alone exists and is not the last: that one is met with its clock.

    So a clock runs until it is met as a whole, whatever was met on the way.
    """
    for step in programme.transitions.values():
        for index, name in enumerate(step.meets):
            clock, _, stage = name.partition(".")
            if stage and clock in programme.clocks:
                known = _stages_before_the_last(programme.clocks[clock])
                if stage not in known:
                    way_out = f"{nearest(stage, known)}; the last is met by {clock!r} as a whole"
                    said = f"{stage!r} is no stage before the last; {way_out}"
                    yield Problem("stage.unknown", said, f"transitions.{step.name}.meets[{index}]")


def _stages_before_the_last(clock: Clock) -> set[str]:
    staged = [[stage.name for stage in limit.stages] for limit in clock.limits if limit.stages]
    return {name for names in staged for name in names[:-1]} - {names[-1] for names in staged}


def numbers_can_be_written(programme: Programme) -> Iterator[Problem]:
    """The pattern of register numbers never gives one number twice."""
    try:
        NumberPattern.parse(programme.register_number)
    except ValueError as error:
        yield Problem("register_number.invalid", f"{error}; mend the pattern", "register_number")


RULES: tuple[Rule, ...] = (
    limits_say_how_long,
    limits_cover_every_case,
    no_limit_is_out_of_reach,
    no_limit_is_no_clock,
    nobody_waits_for_a_clock_without_limit,
    extensions_work_out,
    staged_clocks_are_not_asked_for,
    stages_are_met_before_the_last,
    numbers_can_be_written,
)
