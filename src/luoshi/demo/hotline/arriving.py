"""Arriving: a request is told or written, by whom, how, and what is known at once.

Terms    register 登记 · channel 渠道 · decline 不予受理 · emergency line 紧急专线
"""

from __future__ import annotations

import random
from dataclasses import replace

from luoshi.demo.cast import Part, Stage
from luoshi.demo.hotline.request import Request
from luoshi.demo.matters import Matter, new_matter
from luoshi.demo.messages import report, told_as
from luoshi.demo.replies import Declined, Emergency
from luoshi.demo.units import HOTLINE
from luoshi.demo.wording import Problem, problems
from luoshi.kernel.access import ANYBODY

BY_OPERATOR = ("phone", "counter", "mail")
_HEATING_MONTHS = (11, 12, 1, 2, 3)
_WATERING_MONTHS = (3, 4, 5, 6, 7, 8, 9, 10)
_SEASONS = {"cold-radiators": _HEATING_MONTHS, "irrigation": _WATERING_MONTHS}

UNFATED = ("consult", "report")
"""Kinds that take a way of their own: they are answered on the spot, or nobody calls."""


def arrived(stage: Stage, part: Part, rng: random.Random) -> Request:
    """Return a new request, not registered yet."""
    matter = part.matter or new_matter(rng, stage.city, _problem(stage, part, rng))
    message = report(rng, matter)
    if part.fate:  # who is kept apart is not called, and much of what is fated needs a call
        message = replace(message, secret=False)
    return Request(stage, part, rng, message)


def _problem(stage: Stage, part: Part, rng: random.Random) -> Problem:
    """Choose what it is about, as the season has it; a fated request goes to a unit."""
    month = part.arrives.astimezone(stage.rhythm.calendar.zone).month
    fitting = [p for p in problems() if month in _SEASONS.get(p.id, (month,))]
    if part.fate:
        desk = {duty.category for duty in stage.city.duties if duty.department == HOTLINE}
        fitting = [p for p in fitting if p.kind not in UNFATED and p.category not in desk]
    return rng.choices(fitting, [p.weight for p in fitting])[0]


def clustered(stage: Stage, rng: random.Random, month: int) -> Matter:
    """Return an occurrence that many people will report."""
    fitting = [
        p
        for p in problems()
        if p.cluster and p.kind not in UNFATED and month in _SEASONS.get(p.id, (month,))
    ]
    return new_matter(rng, stage.city, rng.choice(fitting))


def register(request: Request) -> None:
    """Register a request: an operator writes down what is told, a resident fills in the form."""
    message = request.message
    answers = _answers(request)
    if message.channel in BY_OPERATOR:
        request.open(request.desk("operator"), answers | _from_operator(request))
        return
    if request.is_pictured and request.happens("photographed"):
        answers["photos"] = request.pictures(ANYBODY, request.rng.randint(1, 2))
    if request.likely(0.6):
        answers["kind"] = message.kind
    request.open(ANYBODY, answers)


def _answers(request: Request) -> dict[str, object]:
    message = request.message
    point = message.point
    inside = point is not None and request.stage.city.grids_at(*point)
    return {
        "subject": message.subject,
        "content": message.content,
        "channel": message.channel,
        "place": {"lon": point[0], "lat": point[1]} if point and inside else None,
        "address": message.address,
        "name": message.name,
        "phone": message.phone,
        "email": _email(request) if message.channel == "mail" else "",
        "secret": message.secret or None,
    }


def _email(request: Request) -> str:
    return f"resident{request.part.number:04d}@mail.example"


def _from_operator(request: Request) -> dict[str, object]:
    """Return what an operator adds at once: the kind, mostly the category, and the area."""
    message = request.message
    known: dict[str, object] = {"kind": message.kind, "area": area_told(request)}
    if not request.happens("classified"):
        known["category"] = message.category
    if request.is_urgent:
        known["urgency"] = "urgent"
    return known


def area_told(request: Request) -> str:
    """Return the area as a desk can tell it from words: the community."""
    if request.message.point and request.stage.city.grids_at(*request.message.point):
        return ""  # the point says it
    return request.stage.city.area_by_code[request.message.grid].parent


def retell(request: Request, found: Declined | Emergency) -> None:
    """Let a request be about something that the hotline does not settle, and register it."""
    urgency = "urgent" if isinstance(found, Emergency) else "normal"
    texts = (found.subject, found.content, found.grid, urgency)
    request.message = told_as(request.message, *texts)
    known = {"kind": request.message.kind, "area": area_told(request)}
    request.open(request.desk("operator"), _answers(request) | known)
