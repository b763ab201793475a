"""The command line: what it lists, how it fails, and how long it takes to say so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.whole import command_line

from luoshi.cli.app import app, exit_status
from luoshi.kernel.errors import CalendarNotCovered, LuoshiError
from luoshi.store.postgresql import DatabaseNotReady

HOTLINE = Path(__file__).resolve().parents[2] / "programmes/hotline"
LUOSHI = [sys.executable, "-c", "from luoshi.cli.app import main; main()"]


def run(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run ``luoshi`` as a person would, in an environment of its own."""
    return subprocess.run(
        [*LUOSHI, *words],
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "100", **environ},
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip


def names() -> list[str]:
    return [command.name or "" for command in app.registered_commands]


def test_help_lists_every_command_with_a_sentence() -> None:
    shown = run("--help")
    assert shown.returncode == 0
    for name in names():
        assert f" {name} " in shown.stdout


@pytest.mark.parametrize("name", names())
def test_every_command_explains_itself(name: str) -> None:
    shown = run(name, "--help")
    assert shown.returncode == 0
    assert "Usage:" in shown.stdout


@pytest.mark.parametrize(("path", "command"), [*command_line.commands()])
def test_whoever_must_say_more_is_shown_an_example(
    path: str, command: command_line.Command
) -> None:
    shown = re.findall(r"^ *Example: luoshi (.+)$", command.help or "", re.MULTILINE)
    assert shown or not any(one.required for one in command.params)
    for line in shown:
        assert line.startswith(f"{path} ")
        assert command_line.unknown(line) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is full")
def test_a_full_disk_is_told_in_one_line() -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [*LUOSHI, "diagram", str(HOTLINE)], stdout=full, stderr=subprocess.PIPE,
            text=True, check=False, timeout=600,
        )  # fmt: skip
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert done.stderr.endswith("[environment.disk_full]\n")


def test_a_word_it_does_not_know_is_wrong_use() -> None:
    refused = run("frobnicate")
    assert refused.returncode == 2
    assert "frobnicate" in refused.stderr


def test_a_server_that_does_not_answer_is_told_in_one_line(tmp_path: Path) -> None:
    refused = run(
        "init", LUOSHI_HOME=str(tmp_path), LUOSHI_DATABASE_URL="postgresql://x@127.0.0.1:9/luoshi"
    )
    assert refused.returncode == 3
    assert refused.stderr.startswith("luoshi: the server in LUOSHI_DATABASE_URL does not answer")
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (DatabaseNotReady(reason="it is asleep"), 3),
        (CalendarNotCovered(day="2040-01-01", calendar="cn", first="2007", last="2026"), 1),
        (LuoshiError(reason="no"), 1),
    ],
)
def test_the_status_says_what_kind_of_failure_it_was(error: LuoshiError, status: int) -> None:
    assert exit_status(error) == status


def test_listing_commands_loads_no_django() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import luoshi.cli.app, sys; print('django' in sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert loaded.stdout == "False\n"


def test_init_makes_an_installation_and_may_be_repeated(tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    first = run("init", LUOSHI_HOME=home)
    again = run("init", LUOSHI_HOME=home)
    assert (first.returncode, first.stderr) == (0, "")
    assert "migrations applied" in first.stdout
    assert again.stdout == f"{home}: up to date\n"
    assert not (tmp_path / "home" / "postgres" / "data" / "postmaster.pid").exists()
