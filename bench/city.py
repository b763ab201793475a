"""The invented city in a home to measure: units, areas, staff signed in, cases to work on.

    LUOSHI_HOME=… python -m bench.city settle              city and staff; prints who is signed in
    LUOSHI_HOME=… python -m bench.city cases COUNT         registers COUNT cases; prints numbers

Runs in a process of its own, because Django knows one home per process.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Iterator
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.config.settings")
ROLES = ("supervisor", "dispatcher", "operator")


def settle() -> dict[str, object]:
    """Put the city into the database; return sessions by role and points inside the city."""
    from luoshi.actions import clock
    from luoshi.demo.building import settle as settled
    from luoshi.demo.city import build_city
    from luoshi.store.programmes import take_up

    city = build_city()
    take_up(clock.now())
    settled(city, "measured, never served", clock.now() - timedelta(days=400))
    handler = f"handler1.{next(iter(sorted(u.code for u in city.units if u.kind == 'company')))}"
    people = {role: city.staff.holders(role)[0] for role in ROLES} | {"handler": handler}
    return {
        "sessions": {role: session(username) for role, username in people.items()},
        "points": [list(grid.centre) for grid in city.grids],
        "categories": sorted({duty.category for duty in city.duties}),
    }


def session(username: str) -> str:
    """Sign *username* in; return the key of the session."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    client.force_login(get_user_model().objects.get_by_natural_key(username))
    return client.cookies["luoshi"].value


def cases(count: int) -> list[str]:
    """Register *count* cases; return their numbers."""
    from luoshi.actions.bulk import Incoming, Tally, register_many
    from luoshi.store import records

    tally = Tally()
    rows = (Incoming(row, f"bench {row}", answers) for row, answers in answered(count))
    for _ in register_many("hotline", rows, tally):
        pass
    assert not tally.broken, tally.broken[0]
    with records.cursor() as run:
        run.execute("SELECT number FROM luoshi_case ORDER BY number LIMIT %s", (count,))
        return [number for (number,) in run.fetchall()]


def answered(count: int) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield the number of a row and what somebody reports in it."""
    from luoshi.store.directory import directory

    rng = random.Random(11)
    areas = sorted(code for code, area in directory().areas.items() if area.level == "grid")
    for row in range(1, count + 1):
        yield row, {"area": rng.choice(areas), "channel": "web", **reported(rng)}


def reported(rng: random.Random) -> dict[str, object]:
    """Return what a resident reports, as typed: the answers that need no city."""
    road = "".join(rng.choices("东西南北中和平安康新华人民", k=2))
    what = rng.choice(("路灯不亮", "井盖破损", "垃圾没有清运", "施工噪音扰民", "公交站牌倒了"))
    return {
        "subject": f"{road}路{what}",
        "content": f"{road}路{rng.randrange(1, 900)}号附近{what}，已经{rng.randrange(2, 30)}天，"
        "晚上出行不安全，请有关部门尽快处理，谢谢。",
        "name": "样例居民",
        "phone": f"1540000{rng.randrange(10_000):04}",
        "address": f"{road}路{rng.randrange(1, 900)}号",
    }


if __name__ == "__main__":
    django.setup()
    told = settle() if sys.argv[1] == "settle" else cases(int(sys.argv[2]))
    print(json.dumps(told, ensure_ascii=False))
