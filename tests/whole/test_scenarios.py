"""Every transition and every refusal of a shipped programme stands in a scenario.

``luoshi check`` proves it by playing them (``kernel.shown.uncovered``, and its tests). Here it
is read off the files themselves, by somebody who knows nothing of the kernel.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from tests.whole.tree import ROOT

FOLDERS = sorted(path.parent for path in (ROOT / "programmes").glob("*/programme.yaml"))
RULES = {
    "when": "transition.condition",
    "at_most": "transition.too_often",
    "not_same_person_as": "transition.same_person",
}
"""What a transition may say, and the code with which it is then refused."""

FOR_ALL = {"transition.wrong_state", "transition.not_yours", "fields.refused"}


@cache
def document(folder: Path, name: str) -> Any:
    return YAML(typ="safe", pure=True).load(folder / name)


@cache
def steps(folder: Path) -> tuple[tuple[str, str], ...]:
    """Return what scenarios take or try, with the code that refuses it (or none)."""
    return tuple(
        (step["do"], refused)
        for scenario in document(folder, "scenarios.yaml")
        for step in scenario["steps"]
        if "do" in step
        for refused in _came_to(step)
    )


def _came_to(step: dict[str, Any]) -> Iterator[str]:
    """Yield how a step came out; of one that is tried several times, only the last is refused."""
    if step.get("times", 1) > 1:
        yield ""
    yield step.get("refused", "")


def by_a_rung(folder: Path) -> set[str]:
    """Return the steps that happen by themselves when the worker climbs a ladder."""
    clocks = document(folder, "programme.yaml").get("clocks", {})
    ladders = [clock.get("ladder", {}) for clock in clocks.values()]
    return {rung["do"] for ladder in ladders for rung in ladder.values() if "do" in rung}


def refusals(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield every rule of a transition that can refuse it, and the code."""
    for name, step in document(folder, "programme.yaml")["transitions"].items():
        yield from ((name, code) for key, code in RULES.items() if step.get(key))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_transition_is_taken_in_a_scenario(folder: Path) -> None:
    taken = {name for name, refused in steps(folder) if not refused}
    ticks = any(
        step.get("tick")
        for scenario in document(folder, "scenarios.yaml")
        for step in scenario["steps"]
    )
    by_itself = by_a_rung(folder) if ticks else set()
    assert document(folder, "programme.yaml")["transitions"].keys() - taken - by_itself == set()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_refusal_is_shown_in_a_scenario(folder: Path) -> None:
    assert set(refusals(folder)) - set(steps(folder)) == set()
    assert FOR_ALL - {refused for _, refused in steps(folder)} == set()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_hold_is_shown_holding_something_back(folder: Path) -> None:
    held = {name for name, refused in steps(folder) if refused == "transition.held"}
    holds = document(folder, "programme.yaml").get("holds", {})
    silent = {
        name for name, hold in holds.items() if hold["blocks"] and not held & {*hold["blocks"]}
    }
    assert silent == set()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_whoever_may_not_see_a_case_is_shown_learning_nothing(folder: Path) -> None:
    roles = document(folder, "programme.yaml")["roles"].values()
    if not any(role.get("relation") in ("own_unit", "own_area") for role in roles):
        pytest.skip("everybody who has a role in it sees every case")
    assert "case.not_found" in {refused for _, refused in steps(folder)}


def test_there_is_much_to_show() -> None:
    shown = [step for folder in FOLDERS for step in steps(folder)]
    assert len(shown) > 1000
    assert sum(bool(refused) for _, refused in shown) > 300
