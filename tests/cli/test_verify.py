"""``luoshi verify`` and ``luoshi work``: what they print, and how they end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from tests.cli.conftest import Luoshi

from luoshi.actions.acts import Request, register
from luoshi.kernel.access import ANYBODY
from luoshi.store import models
from luoshi.store.embedded import cluster_below

LUOSHI = [sys.executable, "-c", "from luoshi.cli.app import main; main()"]
WORDS = {"subject": "路灯不亮", "content": "坏了三天。", "phone": "15400001234"}


def test_what_is_whole_is_told_with_status_nought(luoshi: Luoshi) -> None:
    register("hotline", Request("register", WORDS), ANYBODY)
    done = luoshi("verify")
    assert done.exit_code == 0
    assert done.stdout == (
        "all is as it was recorded: 1 cases, 1 facts, 0 values deleted in time\n"
    )
    assert json.loads(luoshi("verify", "--json").stdout) == {
        "ok": True, "cases": 1, "facts": 1, "deleted_values": 0, "differences": 0, "first": [],
    }  # fmt: skip


def test_what_was_changed_is_told_with_status_one(luoshi: Luoshi) -> None:
    case = register("hotline", Request("register", WORDS), ANYBODY).case.id
    models.CaseRow.objects.update(unit="lamps")
    done = luoshi("verify", "--json")
    assert done.exit_code == 1
    document = json.loads(done.stdout)
    assert (document["ok"], document["differences"]) == (False, 1)
    assert document["first"] == [
        {"case": case, "what": "the table says unit = 'lamps', the facts ''"}
    ]
    told = luoshi("verify").stdout
    assert told.startswith("1 difference(s) in 1 cases")
    assert f"  {case}: the table says unit" in told


def test_nothing_is_whole_too(luoshi: Luoshi) -> None:
    assert luoshi("verify").exit_code == 0


@pytest.mark.slow
def test_several_processes_see_every_case_once(tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    home = tmp_path / "home"
    environ = {"PATH": os.environ["PATH"], "LUOSHI_HOME": str(home)}
    rows = "".join(f"S{number},路灯,第 {number} 盏,15400001234\n" for number in range(40))
    (tmp_path / "t.csv").write_text("id,标题,内容,电话\n" + rows, "utf-8")

    def luoshi(*words: str) -> dict[str, object]:
        done = subprocess.run(
            [*LUOSHI, *words, "--json"],
            env=environ, cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.stdout, done.stderr
        return dict(json.loads(done.stdout))

    with cluster_below(home).held():
        assert luoshi("import", "cases", "t.csv", "--programme", "hotline")["registered"] == 40
        for processes in ("1", "3"):
            told = luoshi("verify", "--processes", processes)
            assert (told["ok"], told["cases"], told["facts"]) == (True, 40, 40)
        with psycopg.connect(cluster_below(home).conninfo()) as changing:
            changing.execute("UPDATE luoshi_case SET unit = 'lamps'")
        told = luoshi("verify", "--processes", "2")
        assert (told["ok"], told["cases"], told["differences"]) == (False, 40, 40)
        first = told["first"]
        assert isinstance(first, list)
        assert len({one["case"] for one in first}) == 20


@pytest.mark.slow
@pytest.mark.parametrize("wish", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_works_until_asked_to_stop(tmp_path: Path, wish: signal.Signals) -> None:
    tmp_path.chmod(0o711)
    environ = {"PATH": os.environ["PATH"], "LUOSHI_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [*LUOSHI, "work", "--once"], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    with (tmp_path / "said").open("w") as said:
        worker = subprocess.Popen([*LUOSHI, "work"], env=environ, stdout=said, stderr=said)
        give_up = time.monotonic() + 300
        while "working" not in (tmp_path / "said").read_text():
            assert worker.poll() is None
            assert time.monotonic() < give_up
            time.sleep(0.1)
        worker.send_signal(wish)
        assert worker.wait(timeout=120) == 0
    assert not (tmp_path / "home" / "postgres" / "data" / "postmaster.pid").exists()
