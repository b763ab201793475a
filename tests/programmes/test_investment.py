"""Published figures of investment promotion, played as histories and counted again.

A rate of starts has two readings. The mixed one divides what started in a period by what was
approved in it, whoever started; the honest one asks of one cohort how much of it has started. Both
are counted here from the same facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from luoshi.formats.calendars import load_calendar
from luoshi.formats.programmes import load_programme
from luoshi.kernel.calendar import Calendar
from luoshi.kernel.fact import Fact
from luoshi.kernel.playing import play
from luoshi.kernel.programme import Programme
from luoshi.kernel.scenario import Scenario, Step, Who

ROOT = Path(__file__).resolve().parents[2]
HOUR = timedelta(hours=1)
PROMOTER, OFFICE = Who("promoter", "county.one"), Who("promotion_office")
LEAD = {
    "subject": "样例项目",
    "content": "样例投资意向",
    "investor": "样例投资方",
    "unit": "county.one",
}
SIGNING = {
    "contract": ["doc-1"],
    "investor_code": "91990100MA0000001G",
    "planned_investment": 60000,
}
APPROVAL = {
    "approval_kind": "filing",
    "project_code": "2401-990100-04-01-000001",
    "approvals": ["doc-2"],
}
START = {
    "construction_permit": ["doc-3"],
    "site_photos": ["photo-1"],
    "planned_production": "2026-06-30",
}


@dataclass(frozen=True)
class Period:
    """From the first day up to, not including, the day after the last."""

    first: datetime
    end: datetime

    def saw(self, facts: Iterable[Fact], act: str) -> bool:
        """Return whether *act* happened in it."""
        return any(fact.act == act and self.first <= fact.at < self.end for fact in facts)


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return load_calendar(ROOT / "calendars" / "cn.yaml")


@pytest.fixture(scope="module")
def programme() -> Programme:
    return load_programme(ROOT / "programmes" / "investment-project")


@pytest.fixture(scope="module")
def half_year(calendar: Calendar) -> Period:
    return Period(
        datetime(2024, 1, 1, tzinfo=calendar.zone), datetime(2024, 7, 1, tzinfo=calendar.zone)
    )


def project(
    programme: Programme,
    calendar: Calendar,
    signed: datetime,
    *,
    approved: datetime | None = None,
    started: datetime | None = None,
) -> tuple[Fact, ...]:
    """Return the facts of one project that went as far as is said."""
    wanted = [
        (signed - 5 * HOUR, PROMOTER, "report", LEAD),
        (
            signed - 4 * HOUR,
            OFFICE,
            "screen",
            {"first_reporter": "county.one", "industry": "food"},
        ),
        (signed - 3 * HOUR, PROMOTER, "take_up", {}),
        (signed - 2 * HOUR, PROMOTER, "convert", {"investor": "样例投资方", "industry": "food"}),
        (signed - HOUR, OFFICE, "assign_sponsor", {"sponsor_unit": "bureau.industry"}),
        (signed, PROMOTER, "sign", SIGNING | {"planned_start": "2024-12-31"}),
        (approved, PROMOTER, "approve", APPROVAL),
        (
            started,
            PROMOTER,
            "start",
            START | {"started_on": f"{started:%Y-%m-%d}" if started else ""},
        ),
    ]
    steps = tuple(Step(at, who, act, answers) for at, who, act, answers in wanted if at)
    played = play(programme, Scenario("one project", steps), calendar)
    assert played.mismatches == ()
    return played.facts


def built(
    programme: Programme, calendar: Calendar, first: datetime, period: Period, number: int
) -> tuple[Fact, ...]:
    """Return a project signed within fifty days from *first* and started within *period*."""
    signed = first + timedelta(days=number % 50)
    started = period.first + timedelta(days=120 + number % 60)
    return project(programme, calendar, signed, approved=signed + HOUR, started=started)


def approved_only(
    programme: Programme, calendar: Calendar, first: datetime, number: int
) -> tuple[Fact, ...]:
    """Return a project signed and approved within fifty days from *first*, and not started."""
    signed = first + timedelta(days=number % 50)
    return project(programme, calendar, signed, approved=signed + HOUR)


def test_a_mixed_rate_of_starts_is_not_the_rate_of_the_cohort(
    programme: Programme, calendar: Calendar, half_year: Period
) -> None:
    """361 approved and 145 started in one half-year, as published.

    That sixty of the starts were approved the year before is invented: the report does not say how
    many there were, which is the point.
    """
    before, now = half_year.first - timedelta(days=90), half_year.first + timedelta(days=30)
    earlier = [built(programme, calendar, before, half_year, number) for number in range(60)]
    fresh = [built(programme, calendar, now, half_year, number) for number in range(85)]
    waiting = [approved_only(programme, calendar, now, number) for number in range(276)]
    everything = earlier + fresh + waiting
    cohort = [facts for facts in everything if half_year.saw(facts, "approve")]
    starts = [facts for facts in everything if half_year.saw(facts, "start")]
    assert (len(cohort), len(starts)) == (361, 145)
    assert round(100 * len(starts) / len(cohort), 1) == 40.2
    started_of_cohort = [facts for facts in cohort if half_year.saw(facts, "start")]
    assert round(100 * len(started_of_cohort) / len(cohort), 1) == 23.5


def test_half_of_what_was_signed_has_started(
    programme: Programme, calendar: Calendar, half_year: Period
) -> None:
    """904 signed, 458 of them started: 50.7 %, as a province published for one cohort."""
    now = half_year.first + timedelta(days=30)
    started = [built(programme, calendar, now, half_year, number) for number in range(458)]
    waiting = [
        project(programme, calendar, now + timedelta(days=number % 50)) for number in range(446)
    ]
    signed = started + waiting
    cohort = [facts for facts in signed if half_year.saw(facts, "sign")]
    assert len(cohort) == 904
    assert round(100 * sum(half_year.saw(f, "start") for f in cohort) / len(cohort), 1) == 50.7


def test_a_published_mixture_comes_with_its_caution() -> None:
    readme = (ROOT / "programmes/investment-project/README.md").read_text("utf-8")
    assert "361 approved, 145 started" in readme
    assert "40.2 %" in readme
    assert "Always show" in readme
    assert "the cohort beside the mixed figure" in readme


def test_what_is_in_place_is_the_sum_of_payments_found_true(
    programme: Programme, calendar: Calendar, half_year: Period
) -> None:
    """Three payments, the second found untrue: what adds up are the first and the third."""
    signed = half_year.first + timedelta(days=30)
    facts = project(programme, calendar, signed)
    checker = Who("funds_checker")
    steps = []
    for day, (amount, verdict) in enumerate(
        [(3000, "verify_funds"), (9000, "reject_funds"), (500, "verify_funds")], start=1
    ):
        at = signed + timedelta(days=day)
        paid = {"fund_amount": amount, "currency": "cny", "fund_on": f"{signed:%Y-%m-%d}"}
        paid |= {"voucher_kind": "transfer", "vouchers": [f"doc-{day}"]}
        steps.append(Step(at, PROMOTER, "record_funds", paid))
        reason = {"reason": "回单与账户不符"} if verdict == "reject_funds" else {}
        steps.append(Step(at + HOUR, checker, verdict, reason))
    played = play(programme, Scenario("payments", tuple(steps)), calendar, facts)
    assert played.mismatches == ()
    acts = [fact for fact in played.facts if fact.act.endswith("_funds")]
    true = [
        int(str(paid.values["fund_amount"]))
        for paid, found in zip(acts[::2], acts[1::2], strict=True)
        if found.act == "verify_funds"
    ]
    assert sum(true) == 3500
    assert played.case is not None
    assert played.case.counts["record_funds"] == 3


def test_every_hand_that_a_lead_went_through_is_in_its_facts(
    programme: Programme, calendar: Calendar, half_year: Period
) -> None:
    """Eighty leads are passed on, each to another county: who had it when can be read off."""
    at = half_year.first + timedelta(days=10)
    for number in range(80):
        taker = f"county.{number % 7 + 2}"
        steps = (
            Step(at, PROMOTER, "report", LEAD),
            Step(
                at + HOUR, OFFICE, "screen", {"first_reporter": "county.one", "industry": "food"}
            ),
            Step(at + 2 * HOUR, PROMOTER, "release", {"release_ground": "land"}),
            Step(at + 3 * HOUR, Who("circulation_officer", taker), "claim", {"unit": taker}),
        )
        played = play(programme, Scenario("a lead", steps), calendar)
        assert played.mismatches == ()
        hands = [fact.values["unit"] for fact in played.facts if "unit" in fact.values]
        assert hands == ["county.one", taker]
        assert played.facts[-1].doer.unit == taker
        assert played.case is not None
        assert played.case.values["first_reporter"] == "county.one"
