"""Moving: open cases and the versions of their programme."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from tests.actions.lamp import verified
from tests.actions.town import (
    CLERK,
    at_work,
    job,
    taken,
)
from tests.small_city import ROADS, Watch

from luoshi.actions.moving import (
    Plan,
    RunUnknown,
    StatesUnmapped,
    VersionsAlike,
    move_all,
    move_back,
    planned,
)
from luoshi.store import models
from luoshi.store.programmes import (
    ProgrammeChanged,
    ProgrammeUnknown,
    forget_programmes,
    programme_of,
    take_up,
)


@pytest.mark.usefixtures("town")
class TestVersions:
    """Open cases stay on their version until somebody moves them; a move can be undone."""

    def second_version(self, folder: Path, *changes: tuple[str, str]) -> None:
        file = folder / "job" / "programme.yaml"
        text = file.read_text("utf-8").replace('version: "1"', 'version: "2"')
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        file.write_text(text, "utf-8")
        forget_programmes()
        take_up(datetime.fromisoformat("2026-03-09T00:00:00+00:00"))

    def test_an_open_case_keeps_the_rule_of_its_version(self, folder: Path) -> None:
        old = job().case.id
        self.second_version(folder, ("within: 10 urgent hours", "within: 5 urgent hours"))
        taken(old, "begin", CLERK, unit="roads")
        new = job().case.id
        taken(new, "begin", CLERK, unit="roads")

        limits = {
            str(row.case_id): row.limit for row in models.ClockRow.objects.filter(name="work")
        }
        assert limits == {old: "10 urgent hours", new: "5 urgent hours"}

    def test_a_text_changed_under_open_cases_is_refused(self, folder: Path, watch: Watch) -> None:
        job()
        file = folder / "job" / "programme.yaml"
        file.write_text(file.read_text("utf-8").replace("10 urgent", "9 urgent"), "utf-8")
        forget_programmes()
        with pytest.raises(ProgrammeChanged):
            take_up(watch.now)

    def test_moved_in_bulk_and_taken_back(self, folder: Path) -> None:
        cases = [at_work() for _ in range(3)]
        self.second_version(folder, ("  work: {kind: open", "  working: {kind: open"), *RENAMED)
        old, new = programme_of("job", "1"), programme_of("job", "2")
        plan = planned(old, new, {})
        assert plan.homeless == {"work": 3}
        with pytest.raises(StatesUnmapped):
            list(move_all(old, new, {}, "somebody"))
        for other in (old, replace(new, id="another")):
            with pytest.raises(VersionsAlike):
                list(move_all(old, other, {}, "somebody"))

        moving = move_all(old, new, {"work": "working"}, "somebody")
        key = next(moving).run
        assert {row.version for row in models.CaseRow.objects.all()} == {"1"}  # nothing yet
        done = list(moving)[-1]
        assert (done.moved, done.run) == (3, key)
        assert {row.version for row in models.CaseRow.objects.all()} == {"2"}
        taken(cases[0], "finish", ROADS, reply="护栏已经扶正。")
        assert verified().ok

        back: Plan = list(move_back(done.run, "somebody"))[-1]
        assert (back.moved, back.passed) == (2, 1)
        states = dict(models.CaseRow.objects.values_list("id", "state"))
        assert sorted(states.values()) == ["done", "work", "work"]
        assert verified().ok

    @pytest.mark.parametrize("run", ["", "xyz", '%"', "0190f000-0000-7000-8000-000000000000"])
    def test_a_run_that_never_was_is_not_taken_back(self, run: str) -> None:
        with pytest.raises(RunUnknown):
            list(move_back(run, "somebody"))

    def test_who_names_a_version_that_is_none_is_told_which_there_are(self, folder: Path) -> None:
        job()
        self.second_version(folder)
        with pytest.raises(ProgrammeUnknown, match=r"no programme 'job' 3; known are: 1, 2$"):
            programme_of("job", "3")
        with pytest.raises(ProgrammeUnknown, match=r"no programme 'jobs'; known are: .*job"):
            programme_of("jobs")


RENAMED = (
    ("from: work,", "from: working,"),
    ("to: work,", "to: working,"),
    ("from: [new, work]", "from: [new, working]"),
)
