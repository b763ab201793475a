"""The desk: operators and dispatchers, who take what comes in and find the unit for it.

Terms    classify 补充分类 · answer on the spot 即时答复 · route 转办 · designate 指定承办
"""

from __future__ import annotations

from datetime import datetime, timedelta

from luoshi.actions import clock
from luoshi.demo.hotline.arriving import BY_OPERATOR, area_told
from luoshi.demo.hotline.request import Request
from luoshi.demo.hotline.together import is_same_matter, merge
from luoshi.demo.units import Unit


def when_accepted(request: Request) -> datetime:
    """An operator routes during the call; what was written waits for a dispatcher."""
    now, rhythm = clock.now(), request.stage.rhythm
    if request.happens("slow_desk"):
        return rhythm.office(now, request.hours(4, 5, 9))
    if request.is_urgent or request.message.channel in BY_OPERATOR:
        return now + timedelta(hours=request.hours(0.04, 0.15, 0.7))
    return rhythm.desk(now, request.hours(0.1, 0.6, 3))


def do_accepted(request: Request) -> None:
    """Classify what is not classified, answer a question, or route."""
    if "category" not in request.case.values and not request.count("classify"):
        _classify(request)
    elif main := _to_merge_into(request):
        merge(request, main)
    elif _is_answered_at_once(request):
        request.reply = request.says("on_spot_desk" if request.is_for_desk else "on_spot")
        request.do("answer_on_spot", request.desk("operator"), reply=request.reply)
    else:
        _route(request)


def _to_merge_into(request: Request) -> Request | None:
    if request.parted or not request.happens("merged"):
        return None
    return is_same_matter(request)


def _is_answered_at_once(request: Request) -> bool:
    if request.is_for_desk or "on_spot" in request.part.fate:
        return True
    return request.message.kind == "consult" and request.happens("on_spot")


def _classify(request: Request) -> None:
    message, case = request.message, request.case
    known = case.values
    request.do(
        "classify",
        request.desk(request.rng.choice(("operator", "dispatcher"))),
        kind=None if "kind" in known else message.kind,
        category=message.category,
        urgency="urgent" if request.is_urgent else None,
        area="" if "area" in known else area_told(request),
    )


def _route(request: Request) -> None:
    wrong = request.happens("wrong_unit")
    request.give_to(_another_unit(request) if wrong else request.right_unit)
    known = request.case.values
    request.do(
        "route",
        request.desk("dispatcher" if request.message.channel not in BY_OPERATOR else "operator"),
        unit=request.unit.code,
        category=None if "category" in known else request.message.category,
        urgency="urgent" if request.is_urgent and "urgency" not in known else None,
        instruction=request.says("instruct") if request.likely(0.6) else "",
    )


def _another_unit(request: Request) -> Unit:
    """Return a unit that a hurried dispatcher might think competent: of the same level."""
    right = request.right_unit
    alike = [
        unit
        for unit in request.stage.handling_units
        if unit.code not in (right.code, request.unit.code)
        and (unit.kind == right.kind or unit.parent == right.parent)
    ]
    return request.rng.choice(alike or request.stage.handling_units)


def when_returned(request: Request) -> datetime:
    """A dispatcher looks at what came back within hours."""
    hours = request.hours(4, 5, 8) if request.happens("slow_desk") else request.hours(0.2, 0.8, 3)
    return request.stage.rhythm.office(clock.now(), hours)


def do_returned(request: Request) -> None:
    """Route to the competent unit; sometimes to a wrong one again, in the end by order."""
    again = request.count("return") == 1 and request.happens("wrong_again")
    unit = _another_unit(request) if again or request.is_for_desk else request.right_unit
    by_order = not again and (request.count("return") > 1 or request.happens("designated"))
    request.give_to(unit)
    request.do(
        "designate" if by_order else "reroute",
        request.desk("dispatcher"),
        unit=unit.code,
        instruction=request.says("instruct"),
    )
