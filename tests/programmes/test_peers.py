"""Two peers' workflows in our language: what they can do, and what the checker says about them."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.programmes.sample import HERE

from luoshi.formats.judgement import judged
from luoshi.formats.programmes import load_programme, read_programme
from luoshi.kernel.programme import START, Programme, Transition

PEERS = HERE / "peers"
CALENDARS = HERE.parents[1] / "calendars"
HOURS_OF_A_DAY, MILLISECONDS_OF_AN_HOUR = 24, 3_600_000

Arc = tuple[str, str]


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of a table that was taken from a peer's own configuration."""
    with (PEERS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def arcs_of(programme: Programme) -> Iterator[tuple[Transition, Arc]]:
    """Yield every step from each state it starts from, with the state it leads to."""
    for step in programme.transitions.values():
        for source in step.source_states:
            yield step, (source, step.target)


@pytest.fixture(scope="module")
def statuses() -> Programme:
    read = read_programme(PEERS / "signalen")
    assert read.programme is not None
    return read.programme


def test_signalen_has_the_same_states_and_arcs(statuses: Programme) -> None:
    rows = table("signalen/arcs.csv")
    written = [(row["source"], row["target"]) for row in rows]
    ours = [arc for _, arc in arcs_of(statuses)]
    assert sorted(ours) == sorted(written)
    assert len(ours) == 103
    assert len(statuses.states) + len([START]) == 19


def test_signalen_is_told_about_the_two_states_that_nothing_leads_to() -> None:
    problems = judged(PEERS / "signalen", CALENDARS).problems
    assert [(found.code, found.path) for found in problems] == [
        ("state.unreachable", "states.on_hold"),
        ("state.unreachable", "states.gesplitst"),
    ]


def test_repaired_signalen_is_sound(tmp_path: Path) -> None:
    """With one way into on_hold, and without the state that only history knows, all is well."""
    folder = shutil.copytree(PEERS / "signalen", tmp_path / "signalen")
    file = folder / "programme.yaml"
    lines = file.read_text("utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("  gesplitst:")]
    assert len(kept) == len(lines) - 1
    way_in = (
        "  to_on_hold: {from: [behandeling], to: on_hold, by: worker, asks: [note], "
        "labels: {zh-Hans: 暂缓, en: Put on hold}, rests_on: the repair}"
    )
    file.write_text("\n".join([*kept, way_in, ""]), encoding="utf-8")
    shown = (folder / "scenarios.yaml").read_text("utf-8").replace(
        "do: to_ingepland}", "do: to_on_hold}\n"
        "    - {at: 2026-03-02T09:40, by: worker, do: to_ingepland}", 1
    )  # fmt: skip
    (folder / "scenarios.yaml").write_text(shown, encoding="utf-8")
    assert judged(folder, CALENDARS).problems == []


def test_digit_is_sound() -> None:
    assert judged(PEERS / "digit-pgr", CALENDARS).problems == []


def test_digit_has_the_same_states_actions_and_roles() -> None:
    ours = {
        (*arc, str(step.rests_on), frozenset(role.upper() for role in step.by))
        for step, arc in arcs_of(load_programme(PEERS / "digit-pgr"))
    }
    written = {
        (row["state"].lower(), row["next"].lower(), row["action"], frozenset(row["roles"].split()))
        for row in table("digit-pgr/actions.csv")
    }
    assert ours == written
    assert len(written) == 11


def test_digit_keeps_its_limits() -> None:
    programme = load_programme(PEERS / "digit-pgr")
    hours = {
        clock.name: limit.within.amount
        for clock in programme.clocks.values()
        for limit in clock.limits
        if limit.within
    }
    assert hours == {
        "business": 432_000_000 / MILLISECONDS_OF_AN_HOUR,
        "officer": 259_200_000 / MILLISECONDS_OF_AN_HOUR,
    }
    assert hours["business"] == 5 * HOURS_OF_A_DAY
