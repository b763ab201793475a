"""Timing: what each step does to the clocks, and when somebody is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from tests.kernel.people import (
    CALENDAR,
    CLERK,
    DAY,
    HEAD,
    HOUR,
    MONDAY,
    Life,
    act,
    begun,
    lamps,
    staff,
    works,
)

from luoshi.kernel.case import Case, ClockState, applied
from luoshi.kernel.clock import Light
from luoshi.kernel.condition import FieldIs
from luoshi.kernel.duration import Unit
from luoshi.kernel.errors import ConditionUnmet, FieldsRefused
from luoshi.kernel.fact import ClockEffect
from luoshi.kernel.ladder import CLIMBED, climbed, due_rungs, not_before, rule_of
from luoshi.kernel.limit import Rung, Warn
from luoshi.kernel.provision import Quiet
from luoshi.kernel.timing import clock_effects, unit_of

FITTER = staff("fitter", "", "roads")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone)


def sent(kind: str = "dark") -> Life:
    life = Life(lamps())
    life.take("report", CLERK, what="坏了", kind=kind, area="east")
    life.take("send", CLERK, unit="roads")
    return life


def clock(life: Life, name: str) -> ClockState:
    assert life.case is not None
    return life.case.clocks[name]


class TestClocks:
    def test_a_staged_limit_starts_a_clock_for_each_stage(self) -> None:
        life = Life(lamps())
        case = life.take("report", CLERK, what="坏了", kind="dark", area="east")
        assert {name: (c.due, c.limit) for name, c in case.clocks.items()} == {
            "send.call": (local("2026-03-09 12:00"), "3 urgent hours"),
            "send.go": (local("2026-03-12 00:00"), "2 working days"),
        }  # fmt: skip

    def test_the_rule_of_the_case_counts(self) -> None:
        life = Life(lamps())
        case = life.take("report", CLERK, what="坏了", kind="broken", area="east")
        assert [c.limit for c in case.clocks.values()] == ["4 office hours"]

    def test_no_rule_no_clock(self) -> None:
        life = Life(lamps(), MONDAY.replace(year=2025))
        case = life.take("report", CLERK, what="坏了", kind="dark", area="east")
        assert case.clocks == {}

    def test_no_limit_no_clock_and_nothing_to_meet(self) -> None:
        life = Life(works())
        case = life.take("open", CLERK, what="塔吊", day="2026-03-20", secret=True)
        assert {*case.clocks} == {"begin"}
        assert life.decided("call", CLERK).fact.clocks == ()
        life.forward(90 * DAY)
        assert [rung.clock for rung in due_rungs(case, life.now)] == []

    def test_what_ran_is_stopped_when_nothing_limits_the_next_round(self) -> None:
        life = Life(works())
        case = life.take("open", CLERK, what="塔吊", day="2026-03-20")
        assert case.clocks["call"].limit == "2 working days"
        again = life.programme.transitions["part"]
        effects = clock_effects(
            life.programme, again, case, {"secret": True}, life.now + HOUR, CALENDAR
        )
        assert [(one.clock, one.does) for one in effects] == [
            ("begin", "start"), ("call", "stop"),
        ]  # fmt: skip
        fact = replace(
            life.decisions[-1].fact, id=act(9), seq=2, source="new", act="part", clocks=effects,
            at=life.now + HOUR,
        )  # fmt: skip
        after = applied(case, fact)
        assert after.clocks["call"].told(life.now + 90 * DAY) == "stopped"
        assert {*after.clocks} == {"begin", "begin#1", "call"}

    def test_what_was_met_stays_met_when_nothing_limits_the_next_round(self) -> None:
        life = Life(works())
        life.take("open", CLERK, what="塔吊", day="2026-03-20")
        case = life.take("call", CLERK)
        for step in (
            life.programme.transitions["part"],
            replace(life.programme.transitions["part"], meets=("call",)),
        ):
            effects = clock_effects(
                life.programme, step, case, {"secret": True}, life.now, CALENDAR
            )
            assert [(one.clock, one.does) for one in effects] == [("begin", "start")]

    def test_a_step_that_meets_a_clock_and_starts_it_without_limit_meets_it(self) -> None:
        life = Life(works())
        case = life.take("open", CLERK, what="塔吊", day="2026-03-20")
        step = replace(life.programme.transitions["part"], starts=("call",), meets=("call",))
        effects = clock_effects(life.programme, step, case, {"secret": True}, life.now, CALENDAR)
        assert [(one.clock, one.does) for one in effects] == [("call", "meet")]

    def test_stages_that_are_not_started_again_are_stopped(self) -> None:
        life = Life(lamps())
        case = life.take("report", CLERK, what="坏了", kind="dark", area="east")
        step = life.programme.transitions["report"]
        effects = clock_effects(life.programme, step, case, {"kind": "broken"}, life.now, CALENDAR)
        assert [(one.clock, one.does) for one in effects] == [
            ("send.call", "stop"), ("send.go", "stop"), ("send", "start"),
        ]  # fmt: skip

    def test_meeting_meets_every_stage_once(self) -> None:
        life = sent()
        assert {clock(life, name).state for name in ("send.call", "send.go")} == {"met"}
        assert clock(life, "mend").state == "running"

    def test_a_pause_moves_the_end_and_the_warning_of_a_share_leaves_it_out(self) -> None:
        life = sent()
        before = clock(life, "mend")
        life.forward(DAY)
        life.take("park", FITTER)
        assert clock(life, "mend").told(life.now + 90 * DAY) == "paused"
        life.forward(2 * DAY)
        life.take("resume", CLERK)
        after = clock(life, "mend")
        assert (before.due, before.warn) == (local("2026-03-17 00:00"), local("2026-03-14 00:00"))
        assert (after.due, after.warn) == (local("2026-03-19 00:00"), local("2026-03-18 00:00"))
        assert (after.state, after.started, len(after.pauses)) == ("running", before.started, 1)
        life.take("park", FITTER)
        life.forward(HOUR)
        life.take("resume", CLERK)
        assert len(clock(life, "mend").pauses) == 2

    def test_a_step_that_finds_no_running_clock_leaves_it_alone(self) -> None:
        life = sent()
        life.take("park", FITTER)
        assert life.case is not None
        paused = replace(clock(life, "mend"), state="met", ended=life.now)
        life.case = replace(life.case, clocks={**life.case.clocks, "mend": paused})
        assert life.decided("resume", CLERK).fact.clocks == ()

    def test_an_extension_is_counted_on_and_bounded(self) -> None:
        life = sent()
        before = clock(life, "mend").due
        for days in (0, 6):
            with pytest.raises(FieldsRefused, match="days: number"):
                life.decided("lengthen", CLERK, days=days)
        life.take("lengthen", CLERK, days=2)
        after = clock(life, "mend")
        assert (before, after.due, after.extended) == (
            local("2026-03-17 00:00"), local("2026-03-19 00:00"), 1,
        )  # fmt: skip

    def test_an_extension_without_a_bound_is_at_least_one_of_its_own_unit(self) -> None:
        life = sent()
        mend = replace(life.programme.clocks["mend"], most_extension=None)
        days = replace(life.programme.fields["days"], least=None, most=None)
        life.programme = replace(
            life.programme,
            clocks={**life.programme.clocks, "mend": mend},
            fields={**life.programme.fields, "days": days},
        )
        with pytest.raises(ConditionUnmet, match="1 to any number, not 0"):
            life.decided("lengthen", CLERK, days=0)
        assert life.take("lengthen", CLERK, days=9).clocks["mend"].extended == 1

    @pytest.mark.parametrize("days", [None, "five", 0])
    def test_an_extension_by_nothing_is_none(self, days: object) -> None:
        life = sent()
        step = life.programme.transitions["lengthen"]
        with pytest.raises(ConditionUnmet, match="1 to 5 working days, not 0"):
            clock_effects(life.programme, step, life.case, {"days": days}, life.now, CALENDAR)

    def test_a_clock_that_does_not_run_cannot_be_extended(self) -> None:
        life = sent()
        step = replace(life.programme.transitions["lengthen"], when=None)
        life.programme = replace(
            life.programme, transitions={**life.programme.transitions, "lengthen": step}
        )
        assert life.case is not None
        life.case = replace(life.case, clocks={})
        with pytest.raises(ConditionUnmet, match="clock mend does not run"):
            life.decided("lengthen", CLERK, days=1)

    def test_a_clock_that_is_started_again_keeps_its_earlier_rounds(self) -> None:
        life = sent()
        life.forward(30 * DAY)
        life.take("mend", FITTER)
        assert clock(life, "mend").was_late
        assert life.case is not None
        started = replace(
            life.decisions[-1].fact, id=act(50), seq=life.case.seq + 1, source="mended",
            target="mending", act="again", clocks=life.decisions[1].fact.clocks[-1:],
        )  # fmt: skip
        case = applied(life.case, started)
        assert (case.clocks["mend#1"].state, case.clocks["mend"].state) == ("met", "running")
        twice = applied(case, replace(started, id=act(51), seq=case.seq + 1, source="mending"))
        assert twice.clocks["mend#2"].state == "stopped"

    def test_until_a_day_means_the_end_of_that_day(self) -> None:
        due = clock(begun(), "work")
        assert (due.due, due.limit) == (local("2026-03-21 00:00"), "until 2026-03-20")
        assert unit_of(due.limit) is Unit.NATURAL_DAY

    def test_a_day_that_is_over_already_is_due_at_once(self) -> None:
        life = Life(works())
        life.take("open", CLERK, what="塔吊", day="2026-03-01")
        life.take("begin", CLERK, unit="roads")
        assert clock(life, "work").due == MONDAY
        assert clock(life, "work").told(life.now) == "overdue"

    def test_what_was_stopped_goes_on_with_what_was_left(self) -> None:
        life = begun()
        before = clock(life, "work").due
        life.forward(2 * DAY)
        life.take("park", HEAD)
        assert clock(life, "work").told(life.now) == "stopped"
        life.forward(7 * DAY)
        life.take("unpark", HEAD)
        assert clock(life, "work").due - before >= 7 * DAY
        assert clock(life, "work#1").state == "stopped"

    def test_what_still_runs_is_not_started_a_second_time(self) -> None:
        life = begun()
        assert life.case is not None
        step = replace(life.programme.transitions["unpark"], continues=("work",))
        assert clock_effects(life.programme, step, life.case, {}, life.now, CALENDAR) == ()

    @pytest.mark.parametrize(("does", "due", "reason"), [
        ("meet", None, "was never started"),
        ("start", None, "starts without a due instant"),
    ])  # fmt: skip
    def test_a_fact_that_makes_no_sense_is_no_case(
        self, does: str, due: datetime | None, reason: str
    ) -> None:
        life = begun()
        assert life.case is not None
        fact = replace(
            life.decisions[-1].fact, seq=3, source="work",
            clocks=(ClockEffect("other", does, due=due),),
        )  # fmt: skip
        with pytest.raises(ValueError, match=reason):
            applied(life.case, fact)

    @pytest.mark.parametrize(("does", "reason"), [
        ("resume", "moves without"), ("extend", "moves without"), ("dance", "does 'dance'"),
    ])  # fmt: skip
    def test_nor_is_one_that_moves_a_clock_nowhere(self, does: str, reason: str) -> None:
        life = begun()
        assert life.case is not None
        effects = (ClockEffect("work", does),)
        fact = replace(life.decisions[-1].fact, seq=3, source="work", clocks=effects)
        with pytest.raises(ValueError, match=reason):
            applied(life.case, fact)

    def test_a_light_turns_and_stays_as_it_was_when_the_clock_ended(self) -> None:
        running = clock(begun(), "work")
        assert running.light(running.warn - HOUR) is Light.GREEN
        assert running.light(running.warn) is Light.YELLOW
        assert running.light(running.due) is Light.RED
        met = replace(running, state="met", ended=running.warn)
        assert (met.light(running.due), met.told(running.due)) == (Light.YELLOW, "met")
        late = replace(running, state="met", ended=running.due)
        assert (late.was_late, late.told(MONDAY)) == (True, "late")


class TestLadders:
    def rungs(self, life: Life) -> list[tuple[str, str]]:
        assert life.case is not None
        return [(rung.clock, rung.name) for rung in due_rungs(life.case, life.now)]

    def test_rungs_come_due_in_order_and_are_climbed_once(self) -> None:
        life = begun()
        assert self.rungs(life) == []
        state = clock(life, "work")
        assert state.next_rung is not None
        assert state.next_rung[0] == "soon"
        life.forward(30 * DAY)
        assert self.rungs(life) == [("work", "soon"), ("work", "late")]
        assert life.case is not None
        first = due_rungs(life.case, life.now)[0]
        fact = climbed(life.case, first, act(60), life.now)
        assert (fact.act, fact.doer.id, fact.source, fact.target) == (
            CLIMBED, "system", "work", "work",
        )  # fmt: skip
        life.case = applied(life.case, fact)
        assert self.rungs(life) == [("work", "late")]
        assert clock(life, "work").next_rung == ("late", due_rungs(life.case, life.now)[0].at)
        last = due_rungs(life.case, life.now)[0]
        life.case = applied(life.case, climbed(life.case, last, act(61), life.now))
        assert (self.rungs(life), clock(life, "work").next_rung) == ([], None)

    def test_a_clock_that_does_not_run_climbs_nothing(self) -> None:
        life = begun()
        life.take("park", HEAD)
        life.forward(90 * DAY)
        assert (self.rungs(life), clock(life, "work").next_rung) == ([], None)

    def test_a_rung_after_the_end_is_after_the_end(self) -> None:
        state = clock(begun(), "work")
        assert dict(state.rungs)["late"] > state.due > dict(state.rungs)["soon"]

    def test_the_rule_of_a_rung_is_found_also_of_a_stage_and_may_be_gone(self) -> None:
        life = begun()
        life.forward(30 * DAY)
        assert life.case is not None
        rung = due_rungs(life.case, life.now)[0]
        rule = rule_of(works(), rung)
        assert rule is not None
        assert rule.share == 0.8
        assert rule_of(works(), replace(rung, clock="work.stage")) == rule
        assert rule_of(works(), replace(rung, name="gone")) is None
        assert rule_of(works(), replace(rung, clock="gone")) is None

    @pytest.mark.parametrize(("now", "out"), [
        ("2026-03-09 21:59", "2026-03-09 21:59"), ("2026-03-09 22:00", "2026-03-10 07:00"),
        ("2026-03-10 00:00", "2026-03-10 07:00"), ("2026-03-10 06:59", "2026-03-10 07:00"),
        ("2026-03-10 07:00", "2026-03-10 07:00"),
    ])  # fmt: skip
    def test_nobody_is_woken(self, now: str, out: str) -> None:
        assert not_before(works(), local(now).astimezone(UTC), CALENDAR, {}) == local(out)

    def test_quiet_hours_within_one_day(self) -> None:
        noon = replace(works(), quiet=Quiet(time(12), time(14)))
        assert not_before(noon, local("2026-03-09 13:00"), CALENDAR, {}) == local(
            "2026-03-09 14:00"
        )
        assert not_before(noon, local("2026-03-09 23:00"), CALENDAR, {}) == local(
            "2026-03-09 23:00"
        )

    def test_what_is_urgent_wakes_people(self) -> None:
        urgent = Quiet(time(22), time(7), FieldIs("risk", (5,)))
        programme, night = replace(works(), quiet=urgent), local("2026-03-09 23:00")
        assert not_before(programme, night, CALENDAR, {"risk": 5}) == night
        assert not_before(programme, night, CALENDAR, {"risk": 4}) == local("2026-03-10 07:00")

    def test_without_quiet_hours_at_once(self) -> None:
        assert not_before(lamps(), MONDAY, CALENDAR, {}) == MONDAY


def test_a_case_keeps_the_rule_of_its_day() -> None:
    limits = works().clocks["begin"].limits
    newer = replace(limits[0], in_force=date(2026, 6, 1), source="newer")
    changed = replace(works().clocks["begin"], limits=(limits[0], newer))
    programme = replace(works(), clocks={**works().clocks, "begin": changed})
    for day, source in ((date(2026, 5, 31), "local"), (date(2026, 6, 1), "newer")):
        rule = programme.limit_for("begin", day, {})
        assert rule is not None
        assert rule.source == source
    assert programme.limit_for("begin", date(2025, 1, 1), {}) is None


def test_nothing_is_open_in_a_case_without_parts() -> None:
    case = begun().case
    assert isinstance(case, Case)
    assert case.open_parts == ()
    assert timedelta(0) == case.moved - MONDAY


def test_a_clock_that_runs_until_a_day_starts_when_the_day_is_known_for_certain() -> None:
    life = begun()
    assert not clock(life, "work").provisional
    assert life.case is not None
    step = life.programme.transitions["begin"]
    dayless = replace(life.case, values={}, clocks={})
    assert clock_effects(life.programme, step, dayless, {}, life.now, CALENDAR) == ()


def test_what_says_no_instant_means_the_due_instant() -> None:
    life = begun()
    work = life.programme.clocks["work"]
    bare = replace(work, warn=Warn(share=None), ladder=(Rung("bare"),))
    programme = replace(life.programme, clocks={**life.programme.clocks, "work": bare})
    step = programme.transitions["begin"]
    effects = clock_effects(programme, step, life.case, {}, life.now, CALENDAR)
    (started,) = (effect for effect in effects if effect.does == "start")
    assert started.due is not None
    assert started.warn == started.due
    assert started.rungs == (("bare", started.due),)
