"""``luoshi check``, ``simulate`` and ``diagram``, run as a person runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.programmes.sample import HERE, lamp, line_of

from luoshi.cli.app import app

ROOT = HERE.parents[1]
LUOSHI = [sys.executable, "-c", "from luoshi.cli.app import main; main()"]


def run(*words: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
    there = {"PATH": "/usr/bin:/bin", "COLUMNS": "100", "PYTHONPATH": ":".join(sys.path)}
    return subprocess.run(
        [*LUOSHI, *map(str, words)], env={**there, **environ},
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip


def test_the_shipped_programmes_pass() -> None:
    done = run("check", ROOT / "programmes")
    assert done.returncode == 0, done.stdout
    assert done.stdout.endswith(" programme(s), 0 problem(s)\n")


def test_a_problem_is_a_line_that_an_editor_can_follow(tmp_path: Path) -> None:
    lamp(tmp_path, ("turn: [fitter]", "turn: [filter]"))
    done = run("check", tmp_path)
    assert done.returncode == 1
    place = f"{tmp_path}/lamp/programme.yaml:{line_of('  mending: {kind')}: states.mending.turn[0]"
    assert done.stdout.startswith(f"{place}: role 'filter' is not defined; did you mean 'fitter'?")
    assert "1 programme(s), 1 problem(s)" in done.stdout
    assert run("check", tmp_path / "lamp").stdout == done.stdout


def test_as_json_it_is_one_document(tmp_path: Path) -> None:
    lamp(tmp_path, ("turn: [fitter]", "turn: [filter]"))
    done = run("check", tmp_path, "--json")
    assert done.returncode == 1
    document = json.loads(done.stdout)
    assert (document["programmes"], document["problems"]) == (1, 1)
    assert document["list"][0]["code"] == "role.unknown"
    assert set(document["list"][0]) == {"code", "message", "path", "file", "line"}


def test_it_needs_no_django() -> None:
    code = (
        "import sys\nfrom luoshi.cli.app import app\n"
        f"try: app(['check', {str(ROOT / 'programmes')!r}])\nexcept SystemExit: pass\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('django', 'psycopg')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=600,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = run("check", tmp_path / "none")
    assert done.returncode == 1
    assert done.stdout.startswith(f"{tmp_path}/none: there is no such folder")


def test_simulating_plays_scenarios_and_random_lives() -> None:
    words = ("simulate", ROOT / "programmes" / "hotline", "--histories", "50", "--json")
    done = run(*words, "--seed", "3")
    assert done.returncode == 0, done.stdout
    document = json.loads(done.stdout)
    assert document["histories"] == 50
    assert document["scenarios"] > 40
    assert document["wrong"] == 0
    assert document["transitions"]["register"] == 50
    assert json.loads(run(*words, "--seed", "3").stdout) == document


def test_simulating_says_what_went_wrong(tmp_path: Path) -> None:
    lamp(tmp_path)
    done = run("simulate", tmp_path / "lamp", "--histories", "0")
    assert done.returncode == 1
    assert "wrong: 1" in done.stdout
    assert "lamp/scenarios.yaml" in done.stdout


def test_a_broken_programme_is_not_simulated(tmp_path: Path) -> None:
    done = run("simulate", lamp(tmp_path, ("id: lamp", "id: lantern")))
    assert done.returncode == 1
    assert done.stderr.startswith("luoshi: lamp: 1 problem(s)")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("language", "word"), [("en", "Route"), ("zh-Hans", "转办")])
def test_a_diagram_is_drawn(language: str, word: str) -> None:
    done = run("diagram", ROOT / "programmes" / "hotline", "--language", language)
    assert done.returncode == 0
    assert f"accepted --> dispatched: {word}" in done.stdout


def test_the_commands_are_listed() -> None:
    names = {command.name for command in app.registered_commands}
    assert {"check", "simulate", "diagram"} <= names
