"""A dark lamp as a case of the hotline, and what people do with it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection
from tests.small_city import (
    CALLER,
    DISPATCHER,
    PUBLISHER,
    RESIDENT,
    ROADS,
)

from luoshi.actions.acts import Outcome, Request, act, register
from luoshi.kernel.access import Actor
from luoshi.kernel.errors import (
    Refused,
)
from luoshi.store.verification import Report, verify

PUBLIC = {"public_subject": "Street light", "public_reply": "The lamps burn again."}
WORDS = {"subject": "路灯不亮", "content": "人民路口的路灯坏了三天。", "phone": "15400001234"}


def opened(**more: object) -> Outcome:
    return register("hotline", Request("register", {**WORDS, **more}), RESIDENT)


def taken(case: Outcome, step: str, actor: Actor, **answers: object) -> Outcome:
    return act(Request(step, answers, case=case.case.id), actor)


def routed() -> Outcome:
    case = opened()
    return taken(case, "route", DISPATCHER, unit="roads", category="roads.pothole")


def handled() -> Outcome:
    case = routed()
    return taken(case, "receive", ROADS)


def published() -> Outcome:
    """Route, answer, close and publish a case."""
    case = handled()
    taken(case, "contact", ROADS, contacted_at="2026-03-09T01:00:00Z")
    taken(case, "answer", ROADS, reply="路灯已经修复，谢谢您的反映。")
    taken(case, "call_back", CALLER, solved="solved", satisfied="satisfied")
    taken(case, "close", CALLER)
    return taken(case, "publish", PUBLISHER, **PUBLIC)


def verified() -> Report:
    return list(verify(Report()))[-1]


def at_once(*jobs: Callable[[], Any]) -> list[object]:
    """Run *jobs* in threads of their own, with connections of their own; return what they gave."""
    outcomes: list[object] = [None] * len(jobs)
    start = threading.Barrier(len(jobs))

    def run(place: int, job: Callable[[], Any]) -> None:
        try:
            start.wait()
            outcomes[place] = job()
        except Refused as refused:
            outcomes[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, job)) for n, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
