"""Opening and starting: prepared once, they say what ``decide`` says every time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.people import CALENDAR, CASE, CLERK, MONDAY, SYSTEM, act, lamps, staff, works
from tests.programmes.sample import HERE

from luoshi.formats.programmes import load_programme
from luoshi.kernel.access import ANYBODY, Actor, Post
from luoshi.kernel.condition import FieldGiven
from luoshi.kernel.draw import Dice
from luoshi.kernel.duration import Duration
from luoshi.kernel.errors import ConditionUnmet, FieldsRefused, LuoshiError, TooOften
from luoshi.kernel.limit import Clock, ClockKind, Limit, Rung, Stage, Warn
from luoshi.kernel.opening import Opening
from luoshi.kernel.programme import Programme, Transition
from luoshi.kernel.provision import Extend, Need, Phase
from luoshi.kernel.starting import Starting
from luoshi.kernel.timing import clock_effects
from luoshi.kernel.transition import Command, decide

FOLDERS = sorted(path.parent for path in HERE.parents[1].glob("programmes/*/programme.yaml"))
INSTANTS = st.datetimes(datetime(2021, 12, 1), datetime(2027, 2, 1), timezones=st.just(UTC))  # noqa: DTZ001
ODD = ("", None, [], "\0", "？", 7, {"lon": 1}, "2026-02-30")


@cache
def programme(name: str) -> Programme:
    samples = {"lamp": lamps, "works": works}
    return samples[name]() if name in samples else load_programme(HERE.parents[1] / name)


NAMES = ["lamp", "works", *(f"programmes/{folder.name}" for folder in FOLDERS)]
OPENINGS = [
    (name, step.name)
    for name in NAMES
    for step in (*programme(name).opening, *list(programme(name).transitions.values())[-1:])
]


def answers(of: Programme, step: str, random: Random, now: datetime) -> dict[str, object]:
    """Return what somebody might write: mostly what a form accepts, sometimes nonsense."""
    choices = {name: tuple(codes) for name, codes in of.lists.items()}
    dice = Dice(random.randrange, choices)
    given = {}
    for need in of.transitions[step].needs:
        if need.required or dice.one_in(2):
            given[need.field] = dice.answer(of.fields[need.field], now)
    for name in list(given):
        if dice.one_in(25):
            given[name] = dice.of(ODD)
        if dice.one_in(40):
            del given[name]
    return given | ({"nobody_asked": "x"} if dice.one_in(40) else {})


def said(ask: object, *words: object) -> object:
    """Return what a function returns, or what it refuses and why."""
    try:
        return ask(*words)  # type: ignore[operator]
    except LuoshiError as refused:
        return type(refused), refused.data, getattr(refused, "problems", None)


def importer(of: Programme) -> Actor:
    roles = dict.fromkeys(role for step in of.opening for role in step.by)
    return Actor("import", tuple(Post(role, f"of {role}") for role in roles))


@pytest.mark.parametrize(("name", "step"), OPENINGS)
def test_an_opening_says_what_decide_says(name: str, step: str) -> None:
    of, random = programme(name), Random(step)
    yes = 0
    for actor in (importer(of), ANYBODY, CLERK, SYSTEM, staff("nobody")):
        opening = Opening(of, step, actor, CALENDAR)
        for number in range(60):
            minutes = random.randrange(60 * 24 * 365)
            now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes, microseconds=7)
            given = answers(of, step, random, now.astimezone(CALENDAR.zone))
            asked = step if random.random() > 0.02 else of.opening[0].name
            command = Command(act(number), CASE, asked, given, b"secret")
            found = said(opening.decide, command, now)
            assert found == said(decide, of, None, command, actor, now, CALENDAR)
            yes += not isinstance(found, tuple)
    assert yes > 20 or not programme(name).transitions[step].opens


def test_a_condition_of_the_opening_is_asked_every_time() -> None:
    of = lamps()
    first = of.opening[0]
    name = first.needs[0].field
    step = replace(first, when=FieldGiven(name, False))
    closed = replace(of, transitions={**of.transitions, step.name: step})
    opening = Opening(closed, step.name, CLERK, CALENDAR)
    given = answers(closed, step.name, Random(1), MONDAY)
    command = Command(act(1), CASE, step.name, given, b"secret")
    refused = said(opening.decide, command, MONDAY)
    assert isinstance(refused, tuple)
    assert refused[0] is ConditionUnmet
    assert refused == said(decide, closed, None, command, CLERK, MONDAY, CALENDAR)


RULES = st.sampled_from(
    ["1 urgent hours", "90 urgent minutes", "4 office hours", "9 office hours", "0 office hours",
     "1 working days", "0 working days", "5 working days", "1 calendar days", "12 calendar days"]
).map(Duration.parse)  # fmt: skip
SHARES = st.sampled_from([0.0, 0.3, 0.5, 0.8, 1.0])
RUNGS = st.lists(
    st.builds(Rung, st.just("a"), share=SHARES)
    | st.builds(Rung, st.just("b"), before=RULES)
    | st.builds(Rung, st.just("c"), after=RULES),
    max_size=3,
).map(tuple)
LIMITS = (
    st.builds(Limit, st.just(date(2020, 1, 1)), st.just("source"), within=RULES)
    | st.builds(Limit, st.just(date(2020, 1, 1)), st.just("source"), until=st.just("day"))
    | st.builds(
        Limit, st.just(date(2020, 1, 1)), st.just("source"),
        stages=st.tuples(st.builds(Stage, st.just("s"), st.just({}), RULES),
                         st.builds(Stage, st.just("t"), st.just({}), RULES)),
    )
    | st.just(Limit(date(2020, 1, 1), "source", unlimited=True))
    | st.just(Limit(date(2031, 1, 1), "not in force yet", within=Duration.parse("1 office hours")))
)  # fmt: skip
CLOCKS = st.builds(
    Clock, st.just("clock"), st.just({}), st.lists(LIMITS, min_size=1, max_size=2).map(tuple),
    kind=st.sampled_from(ClockKind), ladder=RUNGS,
    warn=st.builds(Warn, share=SHARES) | st.builds(Warn, share=st.none(), left=RULES),
)  # fmt: skip


@given(CLOCKS, st.lists(INSTANTS, min_size=1, max_size=4), st.booleans())
def test_a_clock_starts_as_timing_has_it(
    clock: Clock,
    instants: list[datetime],
    at_work: bool,  # noqa: FBT001
) -> None:
    of = replace(works(), clocks={"clock": clock})
    step = replace(of.opening[0], starts=("clock",))
    starting = Starting(of, step, clock, CALENDAR)
    for instant in instants:
        now = instant.astimezone(CALENDAR.zone)
        now = now.replace(hour=10, minute=0) if at_work else now
        for later in (timedelta(), timedelta(hours=3), timedelta(minutes=1, microseconds=1)):
            given = {"day": (now + 3 * later).date().isoformat()}
            asked = (of, step, None, given, now + later, CALENDAR)
            assert starting.effects(given, now + later) == clock_effects(*asked)


@pytest.mark.parametrize("after", ["3 office hours", "5 urgent hours", "2 working days"])
def test_a_rung_after_a_limit_of_hours_is_told_as_timing_has_it(after: str) -> None:
    limit = Limit(date(2020, 1, 1), "source", within=Duration.parse("4 office hours"))
    rung = Rung("later", after=Duration.parse(after))
    clock = Clock("clock", {}, (limit,), ladder=(rung,))
    of = replace(works(), clocks={"clock": clock})
    step = replace(of.opening[0], starts=("clock",))
    starting = Starting(of, step, clock, CALENDAR)
    for now in (MONDAY, MONDAY + timedelta(hours=1), MONDAY + timedelta(days=4)):
        given = {"day": "2026-03-20"}
        assert starting.effects(given, now) == clock_effects(of, step, None, given, now, CALENDAR)


@pytest.mark.parametrize("after", ["0 office hours", "0 urgent hours", "0 working days"])
def test_a_rung_right_at_the_end_is_told_as_timing_has_it(after: str) -> None:
    same(Rung("later", after=Duration.parse(after)), "4 office hours", MONDAY)


def same(rung: Rung, within: str, *starts: datetime) -> None:
    """Assert that a clock with *rung*, started at *starts* one after the other, is timing's."""
    limit = Limit(date(2020, 1, 1), "source", within=Duration.parse(within))
    clock = Clock("clock", {}, (limit,), ladder=(rung,))
    of = replace(works(), clocks={"clock": clock})
    step = replace(of.opening[0], starts=("clock",))
    starting = Starting(of, step, clock, CALENDAR)
    for now in starts:
        assert starting.effects({}, now) == clock_effects(of, step, None, {}, now, CALENDAR)


def on_monday(hour: int) -> datetime:
    return MONDAY.astimezone(CALENDAR.zone).replace(hour=hour, minute=0)


def test_what_falls_on_the_day_of_the_start_is_told_by_the_hour() -> None:
    before = Rung("before", before=Duration.parse("90 urgent minutes"))
    same(before, "0 working days", on_monday(22), on_monday(23), on_monday(9))


def test_a_limit_that_ends_at_midnight_ends_on_the_day_before() -> None:
    after = Rung("after", after=Duration.parse("1 working days"))
    tuesday = on_monday(9) + timedelta(days=1)
    same(after, "1 urgent hours", on_monday(23), tuesday)
    same(after, "1 urgent hours", tuesday, on_monday(23))


def test_what_is_told_at_the_start_is_told_at_once() -> None:
    whole = Rung("whole", before=Duration.parse("4 office hours"))
    same(whole, "4 office hours", on_monday(20), on_monday(10))


def refusing(step: Transition) -> object:
    """Return what opening a lamp by *step* comes to, which must be what ``decide`` says."""
    of = replace(lamps(), transitions={**lamps().transitions, step.name: step})
    given = answers(of, step.name, Random(1), MONDAY)
    command = Command(act(1), CASE, step.name, given, b"secret")
    found = said(Opening(of, step.name, CLERK, CALENDAR).decide, command, MONDAY)
    assert found == said(decide, of, None, command, CLERK, MONDAY, CALENDAR)
    return found


def test_a_step_that_sets_something_opens_as_decide_has_it() -> None:
    first = lamps().opening[0]
    found = refusing(replace(first, sets={"unit": "roads"}))
    assert found.fact.values["unit"] == "roads"  # type: ignore[attr-defined]


def test_answers_that_nobody_must_give_are_kept() -> None:
    of = lamps()
    step = replace(of.opening[0], needs=(Need("what", required=False),))
    opened = replace(of, transitions={**of.transitions, step.name: step})
    command = Command(act(1), CASE, step.name, {"what": "坏了"}, b"secret")
    found = Opening(opened, step.name, CLERK, CALENDAR).decide(command, MONDAY)
    assert found == decide(opened, None, command, CLERK, MONDAY, CALENDAR)
    assert [one.value for one in found.private] == ["坏了"]


def test_a_step_that_may_never_be_taken_opens_nothing() -> None:
    found = refusing(replace(lamps().opening[0], at_most=0))
    assert isinstance(found, tuple)
    assert found[0] is TooOften


def test_a_step_that_extends_a_clock_that_never_ran_opens_nothing() -> None:
    found = refusing(replace(lamps().opening[0], starts=(), extends=Extend("mend", "days")))
    assert isinstance(found, tuple)


def test_a_phase_that_is_entered_at_once_asks_for_what_it_needs() -> None:
    phase = Phase("mending", {}, ("new", "mending"), (Need("unit"),))
    of = replace(lamps(), phases=(phase,))
    step = of.opening[0]
    command = Command(act(1), CASE, step.name, {"what": "坏了", "kind": "dark"}, b"secret")
    found = said(Opening(of, step.name, CLERK, CALENDAR).decide, command, MONDAY)
    assert found == said(decide, of, None, command, CLERK, MONDAY, CALENDAR)
    assert isinstance(found, tuple)
    assert found[0] is FieldsRefused
