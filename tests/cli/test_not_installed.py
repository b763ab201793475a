"""Where nothing is installed, every command says so, says what to do, and makes nothing."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from string import Formatter

import pytest
from tests.whole import command_line
from tests.whole.test_errors import book, errors
from typer.testing import CliRunner

from luoshi.cli import installation
from luoshi.cli.app import NOT_READY_CODES, app
from luoshi.cli.failures import CHINESE, LANGUAGE, told
from luoshi.cli.installation import InstallationMissing, InstallationOlder, installed
from luoshi.kernel.errors import LuoshiError, Problem, ProgrammeInvalid
from luoshi.store import dumps

__all__ = ["book", "errors"]
MAKES_ONE = {
    "demo", "init", "restore", "serve", "work",
    "import areas", "import cases", "import staff", "import units",
}  # fmt: skip
NEEDS_NONE = {"check", "diagram", "simulate", "triage judge", "triage predict"}
NEEDS_ONE = {
    "administrators add": "a",
    "administrators list": "",
    "administrators remove": "a",
    "backup": "{new}.tar",
    "export cases": "{new}.csv --programme hotline",
    "export open-data": "{new}",
    "keys add": "a",
    "keys list": "",
    "keys revoke": "a",
    "migrate-cases": "hotline",
    "staff close": "a",
    "staff list": "",
    "staff open": "a",
    "staff password": "a",
    "staff posts": "a --give handler:roads",
    "staff vacancies": "",
    "tokens add": "a b",
    "tokens list": "",
    "tokens revoke": "a b",
    "topics": "--from cases --programme hotline --period 2026-01 --out {new}",
    "triage train": "--from cases --out {new}.model",
    "verify": "",
    "webhooks add": "a https://receiver.example/",
    "webhooks dead": "",
    "webhooks end": "a",
    "webhooks events": "",
    "webhooks list": "",
    "webhooks replay": "a",
    "webhooks rotate": "a",
}
"""How each command is called that works on an installation which is there."""


def test_of_every_command_it_is_known_whether_it_needs_an_installation() -> None:
    named = [*MAKES_ONE, *NEEDS_NONE, *NEEDS_ONE]
    assert sorted(named) == sorted(path for path, _ in command_line.commands())


@pytest.mark.parametrize("path", NEEDS_ONE)
def test_a_command_says_that_nothing_is_installed_and_makes_nothing(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUOSHI_HOME", str(tmp_path / "home"))
    words = [*path.split(), *shlex.split(NEEDS_ONE[path].format(new=tmp_path / "new"))]
    with pytest.raises(InstallationMissing):
        CliRunner().invoke(app, words, catch_exceptions=False)
    assert list(tmp_path.iterdir()) == []


def run(home: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run ``luoshi`` as a person would, in an environment of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from luoshi.cli.app import main; main()", *words],
        env={"PATH": os.environ["PATH"], "LUOSHI_HOME": str(home), **environ},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_it_is_told_in_one_line_with_its_code_in_the_language_of_the_terminal(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    english = run(home, "keys", "list")
    assert english.returncode == 3
    assert english.stderr.startswith(f"luoshi: there is no installation in {home}; make one with")
    assert english.stderr.endswith(" [environment.not_installed]\n")
    chinese = run(home, "keys", "list", LANG="zh_CN.UTF-8")
    assert chinese.stderr.startswith(f"luoshi: {home} 中还没有安装")
    assert chinese.stderr.endswith(" [environment.not_installed]\n")
    assert not home.exists()


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    home = tmp_path / "file"
    home.touch()
    refused = run(home, "init")
    assert refused.returncode == 3
    assert refused.stderr.startswith(f"luoshi: {home} cannot be used: ")
    assert refused.stderr.endswith(" [environment.home]\n")


@pytest.fixture
def _there(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database of the tests stands for the one of the installation."""

    @contextmanager
    def running():  # type: ignore[no-untyped-def]  # noqa: ANN202
        yield

    monkeypatch.setattr(installation, "installation", running)


@pytest.mark.usefixtures("_there")
def test_tables_of_an_older_version_are_told_except_to_whoever_backs_them_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with installed():
        pass
    later = dumps.known_migrations() | {"store.9999_later"}
    monkeypatch.setattr(dumps, "known_migrations", lambda: later)
    with pytest.raises(InstallationOlder), installed():
        pass
    with installed(or_older=True):
        pass


@pytest.mark.usefixtures("_there")
def test_a_database_without_tables_is_no_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "applied_migrations", list)
    with pytest.raises(InstallationMissing), installed(or_older=True):
        pass


def test_the_code_ends_the_first_line() -> None:
    assert told(LuoshiError(reason="no")) == "luoshi: no [error]"
    many = told(ProgrammeInvalid("lamp", [Problem("a", "first"), Problem("b", "second")]))
    assert many.split("\n") == [
        "luoshi: lamp: 2 problem(s) [programme.invalid]", "first", "second",
    ]  # fmt: skip


def test_what_keeps_an_installation_from_starting_is_said_in_chinese_too(
    errors: list[type[Exception]], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {vars(one)["code"]: one for one in errors}
    ours = {code for code in known if code.startswith(NOT_READY_CODES)} - {"database.gone"}
    assert CHINESE.keys() == ours
    for name in LANGUAGE:
        monkeypatch.delenv(name, raising=False)
    for code, sentence in CHINESE.items():
        facts = {name for _, name, _, _ in Formatter().parse(sentence) if name}
        wanted = {name for _, name, _, _ in Formatter().parse(known[code].template) if name}  # type: ignore[attr-defined]
        assert facts == wanted
        error = known[code](**dict.fromkeys(facts, "事实"))
        monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
        assert told(error) == f"luoshi: {sentence.format(**error.data)} [{code}]"  # type: ignore[attr-defined]
        monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
        assert told(error) == f"luoshi: {error} [{code}]"
