"""Published cases for tests."""

from __future__ import annotations

from datetime import timedelta

from tests.small_city import (
    CALLER,
    DISPATCHER,
    INSIDE,
    MONDAY,
    OPERATOR,
    PUBLISHER,
    RESIDENT,
    ROADS,
)

from luoshi.actions import clock
from luoshi.actions.acts import Request, act, register

PUBLIC = {"public_subject": "Street light", "public_reply": "The lamps burn again."}


def publish(count: int, category: str = "roads.streetlight") -> list[str]:
    """Register, answer and publish *count* cases; return their numbers, the oldest first."""
    numbers = []
    for n in range(count):
        with clock.at(MONDAY + timedelta(minutes=n)):
            given = {
                "subject": "Secret words",
                "content": "Mr Wang, 13812345678",
                "phone": "13812345678",
                "category": category,
                "place": INSIDE,
            }
            outcome = register("hotline", Request("register", given), RESIDENT)
            case = outcome.case.id
            act(Request("answer_on_spot", {"reply": "The lamps burn again."}, case), OPERATOR)
            public = {**PUBLIC, "public_subject": f"Street light {n}"}
            act(Request("publish", public, case), PUBLISHER)
            numbers.append(outcome.number)
    return numbers


def publish_answered(hours: float, urgency: str = "normal") -> str:
    """Route a case, let its unit answer after so many hours, and publish it; return its number."""
    with clock.at(MONDAY):
        given = {"subject": "Secret words", "content": "Mr Wang", "urgency": urgency}
        outcome = register("hotline", Request("register", given), RESIDENT)
        case = outcome.case.id
        act(Request("route", {"unit": "roads", "category": "roads.streetlight"}, case), DISPATCHER)
        act(Request("receive", {}, case), ROADS)
        act(Request("contact", {"contacted_at": MONDAY.isoformat()}, case), ROADS)
    with clock.at(MONDAY + timedelta(hours=hours)):
        act(Request("answer", {"reply": "The lamps burn again."}, case), ROADS)
        act(Request("call_back", {"solved": "solved", "satisfied": "satisfied"}, case), CALLER)
        act(Request("close", {}, case), CALLER)
        act(Request("publish", PUBLIC, case), PUBLISHER)
    return outcome.number
