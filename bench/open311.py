"""What the door for other programs costs: sending a request in, reading 100 of a million.

LUOSHI_HOME=… python -m bench.open311        makes a key; prints it
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from bench.acts import BARE_TABLE, CLIENTS, WORKERS
from bench.city import reported
from bench.figure import Figure
from bench.site import BARE, OURS, Home, home, post, rates, serving

PUBLISHED = 1_000_000
ASKED = 400
WARM = 50
"""Answers that are not timed: threads connect, caches fill."""

LIMIT_MS = 50.0
UNLIMITED = ("LUOSHI_OPEN311_POSTS_A_MINUTE", "1000000000")

FILL = """
INSERT INTO luoshi_public ("case", number, programme, category, place, state, kind, opened,
  updated, published, lon, lat, subject, grams, view)
SELECT md5('public' || n)::uuid, 'P' || n, 'hotline',
  (%(categories)s::text[])[1 + n %% cardinality(%(categories)s::text[])],
  (%(places)s::text[])[1 + n %% cardinality(%(places)s::text[])],
  'closed', CASE WHEN n %% 50 = 0 THEN 'open' ELSE 'done' END, at, at + interval '3 days',
  at + interval '4 days', 122.4 + 0.2 * hashint4(n) / 2147483648,
  35.4 + 0.2 * hashint4(-n) / 2147483648,
  '路灯不亮', '{}', jsonb_build_object(
    'values', jsonb_build_object('public_subject', '路灯不亮',
      'public_reply', '已经修复，现场恢复照明。'),
    'steps', jsonb_build_array(jsonb_build_array(to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
      'accepted')))
FROM (
  SELECT n, now() - interval '365 days' * (n::float / %(count)s) AS at
  FROM generate_series(1, %(count)s) n
) q
"""


def figures() -> Iterator[Figure]:
    """Measure ``POST /requests.json``, durable, and ``GET /requests.json`` in its usual shapes."""
    with home() as made, _without_limit():
        city = made.city("settle")
        key = made.run("bench.open311")
        yield _posting(made, city, key)
        _fill(made, city)
        yield _reading(made, city)


@contextmanager
def _without_limit() -> Iterator[None]:
    """Let the one key that is used here send as fast as it can."""
    name, value = UNLIMITED
    os.environ[name] = value
    try:
        yield
    finally:
        del os.environ[name]


def _posting(made: Home, city: dict[str, Any], key: str) -> Figure:
    with psycopg.connect(made.cluster.conninfo()) as connection:
        connection.execute(BARE_TABLE)
    send = sends(city, key)
    body = send().split(b"\r\n\r\n", 1)[1].decode()
    plain = post("/", {"body": body})
    with serving(made, OURS, WORKERS) as ours, serving(made, BARE, WORKERS) as bare:
        found = rates({ours: send, bare: plain}, clients=CLIENTS)
    with psycopg.connect(made.cluster.conninfo()) as connection:
        row = connection.execute("SELECT count(*) FROM luoshi_fact WHERE doer LIKE 'app:%'")
        assert (row.fetchone() or (0,))[0] > found[ours], "what was measured must have happened"
    return Figure(
        work=f"Open311: POST /requests.json, durable, {CLIENTS} clients",
        value=found[ours], unit="/s",
        against="bare Django view, one durable insert", limit=found[bare], target=0.4,
    )  # fmt: skip


def sends(city: dict[str, Any], key: str) -> Callable[[], bytes]:
    """Return what makes the next request: a point in the city, contacts, an attribute."""
    rng = random.Random(7)

    def send() -> bytes:
        lon, lat = (float(part) + rng.uniform(-1e-5, 1e-5) for part in rng.choice(city["points"]))
        said = reported(rng)
        fields = {
            "api_key": key,
            "service_code": f"hotline.{rng.choice(city['categories'])}",
            "description": f"{said['subject']}\n{said['content']}",
            "last_name": str(said["name"]),
            "phone": str(said["phone"]),
            "email": "resident@anlan.example",
            "address_string": str(said["address"]),
            "lat": str(lat),
            "long": str(lon),
            "attribute[kind]": "complain",
        }
        return post("/open311/v2/requests.json", fields)

    return send


def _fill(made: Home, city: dict[str, Any]) -> None:
    with psycopg.connect(made.cluster.conninfo(), autocommit=True) as connection:
        rows = connection.execute("SELECT code FROM store_area WHERE level = 'community'")
        places = [code for (code,) in rows]
        given = {"categories": city["categories"], "places": places, "count": PUBLISHED}
        connection.execute(FILL, given)
        connection.execute("VACUUM ANALYZE luoshi_public")


def _reading(made: Home, city: dict[str, Any]) -> Figure:
    """Ask by turns for the newest, a service, open ones, a box, and a page further on."""
    asked = itertools.cycle(
        f"/open311/v2/requests.json?page_size=100{more}"
        for more in (
            "",
            f"&service_code=hotline.{city['categories'][0]}",
            "&status=open",
            "&bbox=122.45,35.45,122.47,35.47",
            "&page=5",
        )
    )
    with serving(made, OURS) as port:
        client = http.client.HTTPConnection("127.0.0.1", port)
        for _ in range(WARM):
            _timed(client, next(asked))
        taken = sorted(_timed(client, next(asked)) for _ in range(ASKED))
        client.close()
    return Figure(
        work=f"Open311: GET /requests.json, 100 of {PUBLISHED:,}, slowest of a hundred (p99)",
        value=taken[int(len(taken) * 0.99)], unit="ms",
        against="the limit", limit=LIMIT_MS, target=1,
    )  # fmt: skip


def _timed(client: http.client.HTTPConnection, path: str) -> float:
    """Return how many milliseconds one answer took; it must hold a hundred requests."""
    begun = time.perf_counter()
    client.request("GET", path, headers={"Host": "localhost"})
    answer = client.getresponse()
    text = answer.read()
    took = (time.perf_counter() - begun) * 1000
    assert answer.status == 200, text
    assert len(json.loads(text)) == 100, path
    return took


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.config.settings")
    django.setup()
    from luoshi.actions.keys import add_key

    print(json.dumps(add_key("bench")))
