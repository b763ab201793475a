"""What the JSON API costs: registering, taking a step and listing; throughput and p99."""

from __future__ import annotations

import itertools
import json
import os
import random
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import django
import psycopg

from bench.acts import BARE_TABLE, CLIENTS, STEPS_ON, WORKERS
from bench.city import reported
from bench.figure import Figure
from bench.site import BARE, OURS, Home, _read_answer, get, home, post, rates, serving

BASE = "/api/v1"
TIMED = 600
"""Requests of one connection whose slowest hundredth is told."""

UNLIMITED = {"LUOSHI_API_RATE": "100000000", "LUOSHI_API_RATE_PUBLIC": "100000000"}
Request = Callable[[], bytes]


def figures() -> Iterator[Figure]:
    """Measure three routes of the API against one bare durable insert in the same run."""
    os.environ.update(UNLIMITED)
    with home() as made:
        city = made.city("settle")
        numbers = made.city("cases", str(STEPS_ON))
        token = made.run("bench.api", "token")
        with psycopg.connect(made.cluster.conninfo()) as connection:
            connection.execute(BARE_TABLE)
        plain = post("/", {"body": "x" * 600})
        asked = {
            "register over the API": (registers(city), 0.25),
            "take a step over the API": (steps(token, numbers), 0.2),
            "list 20 cases over the API": (lambda: listed(token), 0.1),
        }
        with serving(made, OURS, WORKERS) as ours, serving(made, BARE, WORKERS) as bare:
            for work, (request, target) in asked.items():
                _analyse(made)
                found = rates({ours: request, bare: plain}, clients=CLIENTS)
                yield _throughput(work, found[ours], found[bare], target)
                yield _slowest(work, p99(ours, request), p99(bare, lambda: plain))
        _refuse_lost(made)


def _analyse(made: Home) -> None:
    """Count the rows, as PostgreSQL does by itself within a minute."""
    with psycopg.connect(made.cluster.conninfo(), autocommit=True) as connection:
        connection.execute("ANALYZE")


def _throughput(work: str, value: float, limit: float, target: float) -> Figure:
    return Figure(
        work=f"{work}, {CLIENTS} clients", value=value, unit="/s",
        against="bare Django view, one durable insert", limit=limit, target=target,
    )  # fmt: skip


def _slowest(work: str, value: float, limit: float) -> Figure:
    return Figure(
        work=f"{work}, p99 of {TIMED}", value=value, unit="ms",
        against="p99 of the bare insert", limit=limit, target=8,
    )  # fmt: skip


def p99(port: int, request: Request) -> float:
    """Return the milliseconds below which 99 of 100 answers came, on one connection."""
    taken = []
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reader = connection.makefile("rb")
        for _ in range(TIMED):
            made = request()
            begun = time.perf_counter()
            connection.sendall(made)
            _read_answer(reader)
            taken.append(time.perf_counter() - begun)
    return sorted(taken)[int(TIMED * 0.99)] * 1000


def sent(path: str, body: object, *headers: str) -> bytes:
    """Return the bytes of a JSON request on a kept connection."""
    text = json.dumps(body).encode()
    head = [
        f"POST {BASE}{path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(text)}",
        "Content-Type: application/json", *headers,
    ]  # fmt: skip
    return "\r\n".join(head).encode() + b"\r\n\r\n" + text


def registers(city: dict[str, Any]) -> Request:
    """Return what makes the next report of a resident."""
    rng = random.Random(5)

    def register() -> bytes:
        lon, lat = rng.choice(city["points"])
        answers = reported(rng) | {
            "kind": "complain",
            "category": rng.choice(city["categories"]),
            "place": {"lon": lon, "lat": lat},
        }
        return sent("/programmes/hotline/cases", {"answers": answers})

    return register


def steps(token: str, numbers: list[str]) -> Request:
    """Return what urges the next case, each round one step later, with its tag."""
    turn, lock = itertools.count(), threading.Lock()

    def urge() -> bytes:
        with lock:
            rounds, place = divmod(next(turn), len(numbers))
        path = f"/cases/{numbers[place]}/transitions/urge"
        body = {"answers": {"note": "请尽快联系群众并说明进展情况。"}}
        return sent(path, body, f"Authorization: Bearer {token}", f'If-Match: "{rounds + 1}"')

    return urge


def listed(token: str) -> bytes:
    """Return a request for the first page of open cases."""
    return get(f"{BASE}/cases?limit=20", f"Authorization: Bearer {token}")


def _refuse_lost(made: Home) -> None:
    """What was measured must have happened: every fact is there."""
    with psycopg.connect(made.cluster.conninfo()) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM luoshi_case), "
            "count(*) FILTER (WHERE act = 'register'), count(*) FILTER (WHERE act = 'urge') "
            "FROM luoshi_fact"
        ).fetchone()
    assert row is not None
    cases, registered, urged = row
    assert cases == registered > STEPS_ON, row
    assert urged > TIMED, row


def token() -> str:
    """Make a token of a supervisor in this home, and return it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.config.settings")
    django.setup()
    from luoshi.actions.tokens import add_token
    from luoshi.store.models import Account
    from luoshi.store.tokens import SCOPES

    account = Account.objects.filter(posts__role="supervisor").order_by("username").first()
    assert account is not None
    return add_token(account.username, "measured", SCOPES)


if __name__ == "__main__":
    if sys.argv[1:] == ["token"]:
        sys.stdout.write(json.dumps(token()))
    else:
        for figure in figures():
            print(figure)
