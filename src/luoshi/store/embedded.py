"""The PostgreSQL that Luoshi brings along: one cluster below LUOSHI_HOME, started when needed.

Several processes use it at the same time (``serve``, ``work``, tests). Each *holds* it; the first
starts it, the last one to leave stops it. Who is killed leaves nothing behind: the kernel
releases a dead holder's lock, and a cluster whose postmaster was killed recovers from its log at
the next start. It listens on a Unix socket alone, in a folder that only its account may enter.

PostgreSQL refuses to run as root. Started by root, the cluster belongs to the account
``postgres`` or, where there is none, ``nobody``.

Not here  a server of your own: set LUOSHI_DATABASE_URL, and this module is never used
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.pq import Ping

from luoshi.store.postgresql import (
    Account,
    DatabaseNotReady,
    account_for,
    command_of,
    refuse_other_version,
    run,
)

NAME = "luoshi"  # of the database and of its role
LOCALES = ("C.UTF-8", "en_US.UTF-8", "zh_CN.UTF-8")  # pg_trgm sees 汉字 only as UTF-8 letters
SOCKET_PATH_LIMIT = 100  # bytes; systems allow 103 to 107
START_SECONDS = 60
RECOVERY_SECONDS = 15  # how long orphans of a killed postmaster may take to leave
LOG_LIMIT = 10_000_000  # bytes
DYING = ("shared memory block", "lock file")  # what it says while a killed one still lingers
MIB = 1 << 20


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL cluster in one folder.

    Args:
        folder: Where it lives, usually ``LUOSHI_HOME/postgres``; absolute.
        durable: Off only for tests that can lose everything: commits no longer wait for the disk.
    """

    folder: Path
    durable: bool = True

    @property
    def data(self) -> Path:
        """PostgreSQL's own folder."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What PostgreSQL says."""
        return self.folder / "server.log"

    @cached_property
    def account(self) -> Account:
        """Who owns the files: their owner, else ourselves, else (as root) somebody harmless."""
        return account_for(self.folder)

    @cached_property
    def socket_folder(self) -> Path:
        """Where the socket is: in the cluster's folder, or below /tmp if that path is too long."""
        here = self.folder / "run"
        if len(os.fsencode(here / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT:
            return here
        name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path("/tmp") / f"luoshi-{name}"  # noqa: S108  made private, and checked, before use

    def conninfo(self, database: str = NAME) -> str:
        """Return the libpq connection string of *database*."""
        return psycopg.conninfo.make_conninfo(
            host=str(self.socket_folder), port=5432, user=NAME, dbname=database
        )

    def is_running(self) -> bool:
        """Does it answer? Waits while it says that it is still starting, recovering or leaving."""
        give_up = time.monotonic() + START_SECONDS
        while (answer := self._ping()) == Ping.REJECT and time.monotonic() < give_up:
            time.sleep(0.02)
        return answer == Ping.OK

    def _ping(self) -> Ping:
        return Ping(psycopg.pq.PGconn.ping(self.conninfo("postgres").encode()))

    def start(self) -> bool:
        """Start it unless it runs already, making it first if need be.

        Returns:
            Whether this call started it.

        Raises:
            DatabaseNotReady: It cannot be started here; the reason says what to do.
        """
        self._refuse_foreign_files()
        if self.data.exists() and self.is_running():
            return False
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._locked("start.lock"):
            if self.is_running():
                return False
            self._prepare()
            self._launch()
            self._ensure_database()
        return True

    def stop(self) -> None:
        """Stop it if it runs; open connections are closed, nothing committed is lost."""
        with self._locked("start.lock"):
            self._stop()

    @contextmanager
    def held(self) -> Iterator[Cluster]:
        """Keep it running for the length of a ``with`` block; the last holder stops it."""
        self._refuse_foreign_files()
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "holders.lock").open("a") as holders:
            fcntl.flock(holders, fcntl.LOCK_SH)
            try:
                self.start()
                yield self
            finally:
                fcntl.flock(holders, fcntl.LOCK_UN)
                self._stop_if_unheld()

    # --- starting -------------------------------------------------------------------------------

    def _prepare(self) -> None:
        self._make_private(self.folder)
        self._make_private(self.socket_folder)
        if not self.data.exists():
            self._initialise()
        refuse_other_version(self.data)
        self._forget_dead_postmaster()
        self._write_settings()

    def _initialise(self) -> None:
        """Run initdb beside, then rename: a half-made cluster is never taken for a whole one."""
        fresh = self.folder / "data.new"
        for locale in LOCALES:
            shutil.rmtree(fresh, ignore_errors=True)
            made = self._postgresql(
                "initdb", "--pgdata", str(fresh), "--username", NAME, "--auth", "trust",
                "--encoding", "UTF8", "--lc-collate", "C", "--lc-ctype", locale,
                "--lc-messages", "C", "--no-instructions",
            )  # fmt: skip
            if made.returncode == 0:
                break
        else:
            raise DatabaseNotReady(reason=f"initdb failed: {made.stderr.strip()}")
        with (fresh / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write("\ninclude_if_exists = 'luoshi.conf'  # written by Luoshi at every start\n")
        fresh.rename(self.data)

    def _write_settings(self) -> None:
        lines = [f"{name} = '{value}'" for name, value in self._settings().items()]
        conf = self.data / "luoshi.conf"
        conf.write_text("\n".join(lines) + "\n", encoding="utf-8")
        os.chown(conf, self.account.uid, self.account.gid)

    def _settings(self) -> dict[str, str]:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // MIB
        on = "on" if self.durable else "off"
        return {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_folder),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "shared_buffers": f"{max(64, min(512, memory // 8))}MB",
            "effective_cache_size": f"{max(256, memory // 3)}MB",
            "work_mem": "16MB",
            "maintenance_work_mem": f"{max(64, min(256, memory // 16))}MB",
            "max_wal_size": "4GB",
            "checkpoint_timeout": "15min",
            "random_page_cost": "1.1",
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_min_messages": "warning",
            "log_checkpoints": "off",
            "fsync": on,
            "synchronous_commit": on,
            "full_page_writes": on,
        }

    def _launch(self) -> None:
        """Start the postmaster; wait for orphans of a killed one, which hold its memory."""
        _rotate(self.log)
        give_up = time.monotonic() + RECOVERY_SECONDS
        while True:
            said = self.log.stat().st_size if self.log.exists() else 0
            started = self._postgresql(
                "pg_ctl", "start", "--pgdata", str(self.data), "--wait", "--silent",
                "--timeout", str(START_SECONDS), "--log", str(self.log),
            )  # fmt: skip
            if started.returncode == 0:
                return
            reason = _tail(self.log, said)
            if not any(sign in reason for sign in DYING) or time.monotonic() > give_up:
                raise DatabaseNotReady(reason=f"{reason or started.stderr.strip()} ({self.log})")
            time.sleep(0.1)
            self._forget_dead_postmaster()

    def _ensure_database(self) -> None:
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
            if known.fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))

    def _forget_dead_postmaster(self) -> None:
        """Remove the pid file of a postmaster that was killed, or whose number another has now.

        Its orphans may still run; PostgreSQL recognises them by their shared memory.
        """
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        words = pid_file.read_text().split()
        if not words or str(self.data) not in command_of(words[0]):
            pid_file.unlink()

    # --- stopping -------------------------------------------------------------------------------

    def _stop(self) -> None:
        if not (self.data / "postmaster.pid").exists():
            return
        stopped = self._postgresql(
            "pg_ctl", "stop", "--pgdata", str(self.data), "--mode", "fast", "--wait", "--silent"
        )
        if stopped.returncode != 0 and self.is_running():
            raise DatabaseNotReady(reason=f"it does not stop: {stopped.stderr.strip()}")

    def _stop_if_unheld(self) -> None:
        with self._locked("start.lock"), (self.folder / "holders.lock").open("a") as holders:
            try:
                fcntl.flock(holders, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return  # somebody else holds it
            self._stop()

    # --- files and accounts ---------------------------------------------------------------------

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        with (self.folder / name).open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make_private(self, folder: Path) -> None:
        """Make *folder* ours alone; refuse one that somebody else has put there."""
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (self.account.uid, os.geteuid()):
            raise DatabaseNotReady(reason=f"{folder} belongs to somebody else; remove it")
        os.chown(folder, self.account.uid, self.account.gid)
        folder.chmod(0o700)

    def _refuse_foreign_files(self) -> None:
        if os.geteuid() not in (0, self.account.uid):
            owner = pwd.getpwuid(self.account.uid).pw_name
            reason = f"{self.folder} belongs to {owner}; run as {owner}, or choose a LUOSHI_HOME"
            raise DatabaseNotReady(reason=reason)

    def _postgresql(self, program: str, *words: str) -> subprocess.CompletedProcess[str]:
        return run(program, *words, account=self.account, inside=self.folder.parent)


def cluster_below(home: Path) -> Cluster:
    """Return the cluster of the installation at *home* (LUOSHI_HOME); starts nothing."""
    return Cluster(home.resolve() / "postgres")


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.old"))


def _tail(log: Path, since: int) -> str:
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(since)
        lines = file.read().decode(errors="replace").splitlines()
    return " / ".join(line.split(":  ", 1)[-1] for line in lines[-3:])
