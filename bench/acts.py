"""What an act costs over HTTP: registering, and taking a step, against one bare durable insert."""

from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

import psycopg

from bench.city import reported
from bench.figure import Figure
from bench.site import BARE, OURS, Home, home, post, rates, serving
from luoshi.store.keys import new_key

CLIENTS = 8
WORKERS = 2
STEPS_ON = 1500
"""Cases on which the steps are taken, one after the other and round again."""
BARE_TABLE = "CREATE TABLE bench_bare (id bigserial PRIMARY KEY, body text NOT NULL)"


def figures() -> Iterator[Figure]:
    """Measure ``POST /report/…/send/`` and ``POST /desk/case/…/do/urge/``, both durable."""
    with home() as made:
        city = made.city("settle")
        numbers = made.city("cases", str(STEPS_ON))
        with psycopg.connect(made.cluster.conninfo()) as connection:
            connection.execute(BARE_TABLE)
        send, urge = sends(city), urges(city["sessions"]["supervisor"], numbers)
        example = post("/", reported(random.Random(1)))  # type: ignore[arg-type]
        registered, bare = _compared(made, send, example)
        yield _figure("register a request: durable, located, numbered", registered, bare, 0.4)
        moved, bare = _compared(made, urge, example)
        yield _figure("take a step at a desk: durable, checked", moved, bare, 0.3)
        _refuse_lost(made)


def _compared(made: Home, request: Callable[[], bytes], sample: bytes) -> tuple[float, float]:
    """Return the rates of *request* at our server, and of the same bytes at the bare one."""
    body = sample.split(b"\r\n\r\n", 1)[1].decode()
    plain = post("/", {"body": body})
    with serving(made, OURS, WORKERS) as ours, serving(made, BARE, WORKERS) as bare:
        found = rates({ours: request, bare: plain}, clients=CLIENTS)
    return found[ours], found[bare]


def _figure(work: str, value: float, limit: float, target: float) -> Figure:
    return Figure(
        work=f"{work}, {CLIENTS} clients", value=value, unit="/s",
        against="bare Django view, one durable insert", limit=limit, target=target,
    )  # fmt: skip


def _refuse_lost(made: Home) -> None:
    """What was measured must have happened: every fact is there."""
    with psycopg.connect(made.cluster.conninfo()) as connection:
        row = connection.execute(
            "SELECT count(*) FILTER (WHERE act = 'register'), "
            "count(*) FILTER (WHERE act = 'urge'), "
            "(SELECT count(*) FROM luoshi_case WHERE area <> ''), "
            "(SELECT sum(step) FROM luoshi_case) FROM luoshi_fact"
        ).fetchone()
    assert row is not None
    registered, urged, located, steps = row
    assert registered == located > STEPS_ON, row
    assert urged > 0, row
    assert steps == registered + urged, row


def sends(city: dict[str, Any]) -> Callable[[], bytes]:
    """Return what makes the next report: every field, a point, a key like that of a form."""
    rng = random.Random(5)

    def send() -> bytes:
        lon, lat = (float(part) + rng.uniform(-1e-5, 1e-5) for part in rng.choice(city["points"]))
        fields = reported(rng) | {
            "case": new_key(),
            "kind": "complain",
            "category": rng.choice(city["categories"]),
            "place.lon": str(lon),
            "place.lat": str(lat),
            "email": "resident@anlan.example",
            "secret": "no",
        }
        return post("/report/hotline/send/", fields, "Accept: application/json")  # type: ignore[arg-type]

    return send


def urges(session: str, numbers: list[str]) -> Callable[[], bytes]:
    """Return what makes the next step: the form of a desk, as its page would send it."""
    turn, lock = itertools.count(), threading.Lock()
    token = "c" * 32
    cookies = f"Cookie: luoshi={session}; luoshi-form={token}"

    def urge() -> bytes:
        with lock:
            rounds, place = divmod(next(turn), len(numbers))
        number = numbers[place]
        fields = {
            "csrfmiddlewaretoken": token,
            "act": new_key(),
            "seen": str(rounds + 1),
            "note": "请尽快联系群众并说明进展情况。",
        }
        return post(f"/desk/case/{number}/do/urge/", fields, cookies)

    return urge


if __name__ == "__main__":
    for figure in figures():
        print(figure)
