"""``luoshi serve``: the web server, with the database it needs."""

from __future__ import annotations

import os
import socket
from typing import Annotated

import typer

from luoshi.cli.installation import installation, ready
from luoshi.kernel.errors import LuoshiError

TARGET = "luoshi.config.wsgi:application"
EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104  compared with, never bound unasked
THREADS = 4  # of each worker; each keeps one connection to the database
IDLE_SECONDS = 600
GRACE_SECONDS = 10

Host = Annotated[str, typer.Option(envvar="HOST", help="Address to listen on.")]
Port = Annotated[int, typer.Option(envvar="PORT", min=1, max=65535, help="Port to listen on.")]
Workers = Annotated[int, typer.Option(min=1, max=64, help="Processes; one per core is enough.")]


class AddressTaken(LuoshiError):
    """The server cannot listen where it was told to."""

    code = "environment.address_taken"
    template = "cannot listen on {host}:{port} ({reason}); choose another with --port"


def serve(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 2) -> None:
    """Serve the site until interrupted; migrates first if this version is newer.

    Example: luoshi serve --host 0.0.0.0 --port 8080 --workers 4
    """
    answer_to(host)
    refuse_taken(host, port)
    with installation():
        ready()
        listen(host, port, workers)


def answer_to(host: str) -> None:
    """Let the site answer to the name it listens on; must come before Django is set up."""
    own = _own_names() if host in EVERY_ADDRESS else [host]
    given = os.environ.get("LUOSHI_HOSTS", "")
    os.environ["LUOSHI_HOSTS"] = ",".join([*own, given]).strip(",")


def listen(host: str, port: int, workers: int) -> None:
    """Run the web server until SIGINT or SIGTERM; requests under way are finished first."""
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    connections.close_all()  # the workers make their own
    typer.echo(f"Luoshi: http://{host}:{port}/  (stop: Ctrl-C)", err=True)
    Granian(
        TARGET,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=IDLE_SECONDS,
        workers_kill_timeout=GRACE_SECONDS,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    ).serve()


def refuse_taken(host: str, port: int) -> None:
    """Say now, before anything is started, that somebody else listens there.

    Raises:
        AddressTaken: Somebody does.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as reason:
            raise AddressTaken(host=host, port=port, reason=reason.strerror) from reason


def _own_names() -> list[str]:
    name = socket.gethostname()
    try:
        found = socket.getaddrinfo(name, None)
    except OSError:
        return [name]
    return [name, *sorted({str(entry[4][0]) for entry in found})]
