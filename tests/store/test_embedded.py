"""The embedded PostgreSQL: started by whoever comes first, stopped by the last, hard to kill."""

from __future__ import annotations

import importlib.util
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from luoshi.store import postgresql
from luoshi.store.embedded import Cluster, cluster_below
from luoshi.store.postgresql import DatabaseNotReady

HOLD = """
import sys
from pathlib import Path
from luoshi.store.embedded import cluster_below
with cluster_below(Path(sys.argv[1])).held():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home whose cluster has been made once; every test starts it and must leave it stopped."""
    place = tmp_path_factory.mktemp("home")
    with cluster_below(place).held():
        pass
    yield place
    cluster_below(place).stop()


@pytest.fixture
def stopped(home: Path) -> Cluster:
    found = cluster_below(home)
    assert not found.is_running()
    return found


def ask(cluster: Cluster, query: str) -> object:
    with psycopg.connect(cluster.conninfo(), autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def hold(home: Path) -> subprocess.Popen[str]:
    """Start a process that holds the cluster until its input ends."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def leave(holder: subprocess.Popen[str]) -> None:
    holder.communicate(timeout=120)


def postmaster(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def test_it_answers_while_held_and_is_stopped_by_the_last_to_leave(stopped: Cluster) -> None:
    with stopped.held(), stopped.held():
        assert ask(stopped, "SELECT 1") == 1
    assert not stopped.is_running()


def test_it_stores_every_sign_and_finds_chinese_words(stopped: Cluster) -> None:
    with stopped.held():
        assert ask(stopped, "SHOW server_encoding") == "UTF8"
        ask_for_trigrams = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
        with psycopg.connect(stopped.conninfo(), autocommit=True) as connection:
            connection.execute(ask_for_trigrams)
            row = connection.execute("SELECT cardinality(show_trgm('路灯不亮'))").fetchone()
    assert row == (5,)


def test_what_is_committed_is_on_the_disk(stopped: Cluster) -> None:
    with stopped.held():
        settings = [ask(stopped, f"SHOW {name}") for name in ("fsync", "synchronous_commit")]
        assert [*settings, ask(stopped, "SHOW full_page_writes")] == ["on", "on", "on"]


def test_it_listens_on_a_private_socket_alone(stopped: Cluster) -> None:
    with stopped.held():
        assert ask(stopped, "SHOW listen_addresses") == ""
        assert stopped.socket_folder.stat().st_mode & 0o777 == 0o700


def test_a_second_process_shares_it_and_may_outlive_the_first(
    home: Path, stopped: Cluster
) -> None:
    first = hold(home)
    second = hold(home)
    leave(first)
    assert stopped.is_running()
    leave(second)
    assert not stopped.is_running()


def _start(home: Path) -> bool:
    return cluster_below(home).start()


def test_of_many_who_start_it_at_once_one_does(home: Path, stopped: Cluster) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        started = pool.map(_start, [home] * 4)
    assert sorted(started) == [False, False, False, True]
    stopped.stop()


def test_a_killed_holder_does_not_keep_it_from_being_stopped(home: Path, stopped: Cluster) -> None:
    holder = hold(home)
    holder.kill()
    holder.communicate()
    assert stopped.is_running()  # it survives: others may be using it
    with stopped.held():
        assert ask(stopped, "SELECT 1") == 1
    assert not stopped.is_running()


def test_after_the_postmaster_is_killed_committed_rows_are_there(stopped: Cluster) -> None:
    with stopped.held():
        open_transaction = psycopg.connect(stopped.conninfo())
        with psycopg.connect(stopped.conninfo()) as committing:
            committing.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
        open_transaction.execute("INSERT INTO kept VALUES (0)")  # never committed
        os.kill(postmaster(stopped), signal.SIGKILL)
        assert stopped.start()
        assert ask(stopped, "SELECT count(*) FROM kept") == 1000
        open_transaction.close()


def test_a_pid_file_whose_number_belongs_to_another_program_is_no_obstacle(
    stopped: Cluster,
) -> None:
    stopped.start()
    left = (stopped.data / "postmaster.pid").read_text().split("\n")
    stopped.stop()
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        (stopped.data / "postmaster.pid").write_text("\n".join([str(other.pid), *left[1:]]))
        with stopped.held():
            assert ask(stopped, "SELECT 1") == 1
    finally:
        other.communicate(b"\n")


def test_a_start_cut_short_while_making_it_is_made_good(tmp_path: Path) -> None:
    cluster = cluster_below(tmp_path)
    half = cluster.folder / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with cluster.held():
        assert ask(cluster, "SELECT 1") == 1


def test_a_long_path_puts_the_socket_elsewhere(tmp_path: Path) -> None:
    cluster = cluster_below(tmp_path / ("long" * 25))
    assert not cluster.socket_folder.is_relative_to(tmp_path)
    with cluster.held():
        assert ask(cluster, "SELECT 1") == 1
    cluster.socket_folder.rmdir()


def test_a_socket_folder_laid_as_a_trap_is_refused(tmp_path: Path) -> None:
    cluster = cluster_below(tmp_path / ("trap" * 25))
    cluster.socket_folder.symlink_to(tmp_path)
    try:
        with pytest.raises(DatabaseNotReady, match="belongs to somebody else"):
            cluster.start()
    finally:
        cluster.socket_folder.unlink()


def test_a_folder_made_by_another_version_is_refused_with_a_way_out(tmp_path: Path) -> None:
    cluster = cluster_below(tmp_path)
    cluster.data.mkdir(parents=True)
    (cluster.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(DatabaseNotReady, match="made by PostgreSQL 9") as refusal:
        cluster.start()
    assert refusal.value.code == "database.not_ready"


def test_a_cluster_of_somebody_else_is_left_alone(
    stopped: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    with pytest.raises(DatabaseNotReady, match=r"belongs to .*; run as"), stopped.held():
        pass


def test_without_the_wheel_the_systems_postgresql_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        pytest.skip("this system has no PostgreSQL of its own")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert postgresql.programs().parts[:3] == ("/", "usr", "lib")
    cluster = cluster_below(tmp_path)
    with cluster.held():
        assert ask(cluster, "SELECT 1") == 1


def _python_for_everybody() -> str:
    """Return an interpreter like ours that other users may run, or skip."""
    version = f"python3.{sys.version_info.minor}"
    for path in (sys.executable, f"/usr/bin/{version}"):
        try:
            subprocess.run([path, "-c", ""], user=65534, group=65534, check=True, cwd="/")
        except (OSError, subprocess.CalledProcessError):
            continue
        return path
    pytest.skip("other users may not run this Python")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_it_works_for_a_user_who_is_not_root(tmp_path: Path) -> None:
    place = tmp_path / "theirs"
    place.mkdir()
    os.chown(place, 65534, 65534)
    for above in (tmp_path, *tmp_path.parents[:3]):
        above.chmod(above.stat().st_mode | 0o011)
    done = subprocess.run(
        [_python_for_everybody(), "-c", HOLD, str(place)],
        env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        user=65534, group=65534, extra_groups=[], input="", capture_output=True, text=True,
        check=False, cwd="/",
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("held\n", "")
    assert (place / "postgres" / "data").stat().st_uid == 65534


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs into this")
def test_root_never_owns_the_cluster(stopped: Cluster) -> None:
    assert stopped.data.stat().st_uid != 0
