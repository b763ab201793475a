"""Who is responsible: the unit that has a case now, where a programme publishes its unit."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import LazySettings
from tests.actions.lamp import published, taken
from tests.api.open311.conftest import Open311, Watch
from tests.small_city import DISPATCHER, SUPERVISOR

from luoshi.kernel.access import requester_of
from luoshi.store.programmes import forget_programmes, take_up


@pytest.fixture
def telling_units(
    open311: Open311, watch: Watch, settings: LazySettings, tmp_path: Path
) -> Iterator[Open311]:
    """A hotline that publishes the unit, too."""
    folder = tmp_path / "programmes"
    shutil.copytree(settings.LUOSHI.programmes, folder)
    told = folder / "hotline" / "programme.yaml"
    text = told.read_text("utf-8").replace("  show: [category,", "  show: [unit, category,", 1)
    told.write_text(text.replace("\nversion: ", "\nversion: units-", 1), "utf-8")
    settings.LUOSHI = replace(settings.LUOSHI, programmes=folder)
    forget_programmes()
    take_up(watch.now)
    yield open311
    forget_programmes()


def test_c16_the_agency_is_the_unit_that_has_the_case_now(telling_units: Open311) -> None:
    outcome = published()

    def agency() -> str | None:
        [row] = telling_units.json(f"requests/{outcome.number}")
        return row["agency_responsible"]  # type: ignore[no-any-return]

    assert agency() == "Roads"
    taken(outcome, "ask_reopen", requester_of(outcome.case.id), reason="灯又不亮了。")
    taken(outcome, "reopen", SUPERVISOR)
    assert agency() is None, "whoever had it has it no more"
    taken(outcome, "reroute", DISPATCHER, unit="lamps", category="roads.streetlight")
    assert agency() == "Lamps"
    taken(outcome, "recall", DISPATCHER, reason="转错单位，应由道路部门办理。")
    assert agency() is None, "taken back before anybody received it"
    taken(outcome, "reroute", DISPATCHER, unit="roads", category="roads.streetlight")
    assert agency() == "Roads"
