"""Further published figures, counted again from histories that the shipped programmes allow.

Each kind of history is played once, by the same rules as real cases, and counts as often as was
published. What is counted is what the facts and clocks say, not what the test calls the history.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from tests.programmes.test_casework import CALENDAR, SHIPPED

from luoshi.kernel.case import Case
from luoshi.kernel.playing import play
from luoshi.kernel.scenario import Scenario, Step, Who

MONDAY = datetime(2026, 3, 2, 9, tzinfo=CALENDAR.zone)
HOUR = timedelta(hours=1)
AREA = "990102001001001"
Act = tuple[float, str, str, dict[str, object]]
"""Hours since Monday morning, who, what, and the answers."""


@dataclass(frozen=True)
class Kind:
    """So many cases of one kind."""

    count: int
    case: Case


def played(programme: str, acts: Sequence[Act], count: int = 1) -> Kind:
    """Return *count* cases that went this way."""
    steps = [Step(MONDAY + hours * HOUR, _who(by), do, given) for hours, by, do, given in acts]
    found = play(SHIPPED[programme], Scenario("published", tuple(steps)), CALENDAR)
    assert found.mismatches == ()
    assert found.case is not None
    return Kind(count, found.case)


def _who(words: str) -> Who:
    role, _, unit = words.partition("@")
    return Who(role, unit)


def share(part: int, whole: int) -> float:
    return round(100 * part / whole, 2)


REPORT: list[Act] = [
    (0, "collector", "report", {
        "subject": "井盖破损", "content": "井盖破裂下沉", "category": "utilities.manhole_broken",
        "area": AREA, "place": {"lon": 122.5, "lat": 35.5}, "photos": ["photo-1"],
    }),
]  # fmt: skip
REGISTERED: list[Act] = [
    *REPORT,
    (0.2, "intake_officer", "accept_report", {}),
    (
        0.4,
        "shift_leader",
        "register_case",
        {"category": "utilities.manhole_broken", "meets_criteria": True},
    ),
]
BEGUN: list[Act] = [
    *REGISTERED,
    (0.6, "case_dispatcher", "dispatch_case", {"unit": "parks"}),
    (0.8, "handler@parks", "begin", {}),
]


def closed(hours: float) -> list[Act]:
    """Return the course of a case that its department confirmed after so many hours."""
    done: dict[str, object] = {"reply": "已更换井盖", "evidence": ["photo-2"]}
    seen: dict[str, object] = {"inspection_photos": ["photo-3"]}
    return [
        *BEGUN,
        (hours - 0.2, "handler@parks", "submit", done),
        (hours, "unit_head@parks", "confirm_handled", {}),
        (hours + 0.1, "intake_officer", "send_to_inspect", {}),
        (hours + 0.2, f"collector@{AREA}", "inspect_fix", seen),
        (hours + 0.3, "shift_leader", "close", {"closes_criteria": True}),
    ]


def test_denominators_decide_everything() -> None:
    """A month of one city: 996 registered, 972 to be closed, 911 closed, 737 of them in time."""
    month = [
        played("urban-management", closed(3), 737),
        played("urban-management", closed(7), 174),
        played("urban-management", BEGUN, 61),
        played("urban-management", REGISTERED, 24),  # not due within the month
    ]
    registered = sum(kind.count for kind in month if "filed" in _numbered(kind.case))
    due = [kind for kind in month if "handling" in kind.case.clocks]
    done = [kind for kind in due if kind.case.state == "closed"]
    in_time = [kind for kind in done if not kind.case.clocks["handling"].was_late]
    sums = [sum(kind.count for kind in kinds) for kinds in (due, done, in_time)]
    assert (registered, *sums) == (996, 972, 911, 737)
    assert share(sums[1], sums[0]) == 93.72
    assert share(sums[2], sums[0]) == 75.82
    assert share(sums[2], registered) != 75.82  # of the cases registered it would be 74.00


def _numbered(case: Case) -> set[str]:
    """Return the further numbers that the steps taken on a case give."""
    steps = SHIPPED[case.programme].transitions
    return {name for act in case.counts if act in steps for name in steps[act].numbers}


LEAD: list[Act] = [
    (0, "promoter@county.one", "report", {
        "subject": "样例项目", "content": "样例投资意向", "unit": "county.one",
    }),
    (2, "promotion_office", "screen", {"first_reporter": "county.one", "industry": "food"}),
    (24, "promoter@county.one", "release", {"release_ground": "land"}),
]  # fmt: skip


@pytest.mark.parametrize("days", [3, 14])
def test_more_than_eighty_leads_circulate(days: int) -> None:
    """Over 80 leads passed on across one city: who claims one is not who reported it first."""
    claim: Act = (24 + 24 * days, "circulation_officer", "claim", {"unit": "county.two"})
    kinds = [played("investment-project", [*LEAD, claim], 80), played("investment-project", LEAD)]
    passed_on = [kind for kind in kinds if kind.case.counts.get("release")]
    assert sum(kind.count for kind in passed_on) > 80
    claimed = kinds[0].case
    assert claimed.values["first_reporter"] == "county.one" != claimed.values["unit"]
    assert not claimed.clocks["pooled"].was_late


def test_a_meeting_s_three_items_and_a_year_s_list_become_tasks() -> None:
    """The 55th executive meeting decided on three items; 126 tasks were handed down for a year."""
    decided: dict[str, object] = {"title": "样例事项", "resolution": "按期完成。"}
    items = [
        played("task", [
            (0, "secretary", "record", {
                **decided, "origin": "meeting", "meeting_number": 55, "agenda_item": item,
            }),
            (2, "supervision_office", "assign", _task("livelihood")),
        ])
        for item in (1, 2, 3)
    ]  # fmt: skip
    assert {kind.case.values["meeting_number"] for kind in items} == {55}
    assert [kind.case.values["agenda_item"] for kind in items] == [1, 2, 3]
    handed: list[Act] = [(0, "supervision_office", "record", {**decided, "origin": "handed_down"})]
    year = [
        played("task", [*handed, (2, "supervision_office", "assign", _task(topic))], count)
        for topic, count in (("air", 52), ("water", 44), ("soil", 30))
    ]
    assert sum(kind.count for kind in year) == 126
    assert all({"assign"} == _given(kind.case, "task") for kind in [*items, *year])


def _task(topic: str) -> dict[str, object]:
    goal = "按清单完成样例任务"
    return {"unit": "environment", "task": goal, "due_day": "2026-11-30", "topic": topic}


def _given(case: Case, number: str) -> set[str]:
    """Return the steps by which a case was given a number."""
    steps = SHIPPED[case.programme].transitions
    return {act for act in case.counts if act in steps and number in steps[act].numbers}


def test_a_round_of_inspections_visits_twenty_four_units() -> None:
    """The eleventh round: 24 units on the regular list, besides a special and a joint one."""
    kinds = [
        played("rectification", [
            (0, "inspection_team", "propose", {
                "kind": "party_inspection", "round": 11, "round_type": kind, "unit": unit,
            }),
            (8, "clearance_officer", "clear", {"open_network": True}),
        ])
        for kind, unit in [
            *(("regular", f"unit.{number}") for number in range(24)),
            ("special", "county.one"), ("joint", "county.court"),
        ]
    ]  # fmt: skip
    regular = [kind.case for kind in kinds if kind.case.values["round_type"] == "regular"]
    assert len({case.values["unit"] for case in regular}) == 24
    assert {kind.case.values["round"] for kind in kinds} == {11}
    assert {str(kind.case.values["round_type"]) for kind in kinds} == {
        "regular", "special", "joint",
    }  # fmt: skip
