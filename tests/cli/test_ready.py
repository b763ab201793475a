"""A text under which cases are opened is kept, by whatever command they come."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_serve import free_port
from tests.whole.tree import ROOT

from luoshi.cli.installation import ProgrammeNotHere, ready
from luoshi.store.models import ProgrammeVersion
from luoshi.store.programmes import CalendarUnknown, calendars, offered

LUOSHI = [sys.executable, "-c", "from luoshi.cli.app import main; main()"]


@pytest.mark.django_db
def test_every_version_that_is_offered_is_kept() -> None:
    ProgrammeVersion.objects.all().delete()
    for _ in range(2):
        assert ready() == []
        kept = ProgrammeVersion.objects.values_list("programme", "version")
        assert set(kept) == {(one.id, one.version) for one in offered().values()}


class House:
    """An installation of its own, with programmes of its own."""

    def __init__(self, folder: Path) -> None:
        self.programmes, self.home = folder / "programmes", folder / "home"
        for name in ("hotline", "hotline-assist"):
            shutil.copytree(ROOT / "programmes" / name, self.programmes / name)
        self.text = self.programmes / "hotline/programme.yaml"
        self.version = next(
            line.split('"')[1]
            for line in self.text.read_text("utf-8").splitlines()
            if line.startswith("version:")
        )

    def change(self, old: str, new: str) -> None:
        """Put *new* in the place of *old* in the text of the hotline."""
        text = self.text.read_text("utf-8")
        assert old in text
        self.text.write_text(text.replace(old, new, 1), "utf-8")

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run ``luoshi`` there."""
        given = {"LUOSHI_HOME": str(self.home), "LUOSHI_PROGRAMMES": str(self.programmes)}
        environ = {"PATH": os.environ["PATH"], "COLUMNS": "200"} | given
        return subprocess.run(
            [*LUOSHI, *words],
            env=environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )


@pytest.mark.django_db
def test_a_programme_without_its_calendar_is_told_at_the_start(
    tmp_path: Path, settings: Any
) -> None:
    settings.LUOSHI = replace(settings.LUOSHI, calendars=tmp_path)
    calendars.cache_clear()
    try:
        with pytest.raises(CalendarUnknown, match=r"put cn\.yaml there"):
            ready()
    finally:
        calendars.cache_clear()


@pytest.mark.django_db
def test_a_programme_that_a_setting_names_and_nobody_offers_is_told_at_the_start(
    settings: Any,
) -> None:
    settings.LUOSHI_OPEN311 = replace(settings.LUOSHI_OPEN311, batch=frozenset({"hotlin"}))
    with pytest.raises(ProgrammeNotHere, match=r"names hotlin, which is no programme .*hotline,"):
        ready()


@pytest.mark.parametrize("command", ["serve", "work"])
def test_a_setting_that_cannot_be_meant_stops_it_in_one_line(tmp_path: Path, command: str) -> None:
    environ = {"PATH": os.environ["PATH"], "COLUMNS": "200", "LUOSHI_HOME": str(tmp_path)}
    environ["LUOSHI_OPEN311_POSTS_A_MINUTE"] = "many"
    environ["PORT"] = str(free_port())
    stopped = subprocess.run(
        [*LUOSHI, command],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert stopped.returncode == 3
    [line] = stopped.stderr.strip().splitlines()
    assert "LUOSHI_OPEN311_POSTS_A_MINUTE=many cannot be used: write a number" in line
    assert list(tmp_path.iterdir()) == [], "nothing was begun"


@pytest.mark.slow
def test_who_changes_a_text_under_its_cases_is_stopped_and_a_new_version_leaves_them_theirs(
    tmp_path: Path,
) -> None:
    house = House(tmp_path)
    assert house.run("init").returncode == 0
    calls = tmp_path / "calls.csv"
    calls.write_text("id,subject,content\n1,路灯不亮,东门外路灯不亮\n", "utf-8")
    incoming = ("import", "cases", str(calls), "--programme", "hotline")
    assert "1 registered" in house.run(*incoming).stdout

    house.change("zh-Hans: 登记", "zh-Hans: 收下")
    for words in (incoming, ("work", "--once"), ("init",)):
        stopped = house.run(*words)
        assert stopped.returncode == 1
        assert stopped.stderr.strip().endswith("[programme.changed]")

    house.change(f'version: "{house.version}"', 'version: "2099.1"')
    assert house.run("work", "--once").returncode == 0
    moved = house.run("migrate-cases", "hotline", "--from", house.version)
    assert "to: 2099.1" in moved.stdout
    assert "from accepted, to accepted, cases 1" in moved.stdout
    assert house.run("export", "cases", str(tmp_path / "c.csv"), "--programme", "hotline").stdout
    assert house.run("verify").returncode == 0
