"""Together: several units on one request, and several people with one matter.

Terms    joint handling 主办协办 · part 协办件 · merge 并案 · main case 主件 · release 恢复单独办理
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from luoshi.actions import clock
from luoshi.demo.hotline.request import Request
from luoshi.demo.units import Unit
from luoshi.kernel.access import Actor

Instants = Iterator[datetime]


def joining(request: Request) -> Instants:
    """A dispatcher brings in one or two other units; each of them does its part."""
    if request.is_urgent:
        yield clock.now() + timedelta(minutes=request.rng.uniform(2, 5))
    else:
        yield request.stage.rhythm.office(clock.now(), request.hours(0.3, 1, 3))
    dispatcher = request.desk("dispatcher")
    if not request.may("involve", dispatcher) or request.case.parts:
        return
    units = _helpers(request)
    words = request.says("instruct_assist", units[0])
    codes = [unit.code for unit in units]
    request.do("involve", dispatcher, assisting_units=codes, instruction=words)
    for key, part in request.case.parts.items():
        unit = next(one for one in units if one.code == part.unit)
        request.stage.enter(_assisting(request, key, unit))


def _helpers(request: Request) -> list[Unit]:
    first = request.another_unit()
    if not request.happens("third_unit"):
        return [first]
    second = request.another_unit()
    return [first] if second.code == first.code else [first, second]


def _assisting(request: Request, key: str, unit: Unit) -> Instants:
    """An assisting unit receives its part and reports, or says that it is not its duty."""
    slow = request.happens("slow_receipt")
    hours = request.hours(5, 6, 9) if slow else request.hours(0.3, 1.5, 3.5)
    yield request.stage.rhythm.office(clock.now(), hours)
    handler = request.stage.somebody(request.rng, "handler", unit.code)
    if request.happens("not_theirs"):
        yield from _handed_back(request, key, unit, handler)
        return
    if _part_is(request, key, "open"):
        _take(request, key, "receive", handler)
        yield request.stage.rhythm.office(clock.now(), request.hours(2, 6, 16))
    if not _part_is(request, key, "open"):
        return
    if request.happens("waived"):
        reason = request.says("waive_reason", unit)
        answers = {"assisting_unit": unit.code, "reason": reason}
        request.do("waive_assistance", request.desk("dispatcher"), **answers)
        return
    _take(request, key, "report", handler, report=request.says("assist_report", unit))


def _handed_back(request: Request, key: str, unit: Unit, handler: Actor) -> Instants:
    if not _part_is(request, key, "open"):
        return
    _take(request, key, "not_ours", handler, reason=request.says("return_reason", unit))
    yield request.stage.rhythm.office(clock.now(), request.hours(0.3, 1, 3))
    if not _part_is(request, key, "open"):
        return
    if request.happens("dropped"):
        reason = request.says("waive_reason", unit)
        _take(request, key, "drop", request.desk("dispatcher"), reason=reason)
        return
    other = request.another_unit()
    _take(request, key, "reassign", request.desk("dispatcher"), unit=other.code)
    yield request.stage.rhythm.office(clock.now(), request.hours(0.3, 1.5, 3.5))
    helper = request.stage.somebody(request.rng, "handler", other.code)
    if _part_is(request, key, "open"):
        _take(request, key, "receive", helper)
        _take(request, key, "report", helper, report=request.says("assist_report", other))


def _part_is(request: Request, key: str, state: str) -> bool:
    request.look_again()
    return request.case.parts[key].state == state


def _take(request: Request, key: str, step: str, by: Actor, **answers: object) -> None:
    request.stage.do(step, answers, key, by)
    request.look_again()


def is_same_matter(request: Request) -> Request | None:
    """Return the open request about the same matter that came in first; ``None`` for none."""
    main = request.stage.first_about(request.message.matter.id)
    if not isinstance(main, Request) or main is request:
        return None
    kind = main.programme.states[main.state].kind
    return main if kind == "open" and not main.case.follows else None


def merge(request: Request, main: Request) -> None:
    """Merge a request into the first one about the same matter."""
    officer = request.desk("dispatcher")
    note = request.says("merge_note")
    request.do("merge", officer, main_case=main.key, note=note)
    main.look_again()
    for event, life in (("released", _leaving), ("parted", _parting), ("left", _withdrawing)):
        if request.happens(event):
            request.stage.enter(life(main if event == "released" else request))
            return


def _leaving(main: Request) -> Instants:
    """The first requester no longer needs it: the others are handled on their own again."""
    yield main.stage.rhythm.awake(clock.now(), main.hours(0.2, 0.5, 1))
    if main.may("withdraw", main.requester):
        main.do("withdraw", main.requester, reason=main.replies("withdraw_reason"))


def _parting(request: Request) -> Instants:
    """A dispatcher sees that it was another matter after all."""
    yield request.stage.rhythm.office(clock.now(), request.hours(0.2, 0.5, 1))
    dispatcher = request.desk("dispatcher")
    if request.may("unmerge", dispatcher):
        request.do("unmerge", dispatcher, reason=request.says("unmerge_reason"))
        request.parted = True


def _withdrawing(request: Request) -> Instants:
    yield request.stage.rhythm.awake(clock.now(), request.hours(0.2, 0.5, 1))
    if request.may("withdraw_merged", request.requester):
        words = request.replies("withdraw_reason")
        request.do("withdraw_merged", request.requester, reason=words)


def when_merged(request: Request) -> datetime:
    """Nobody acts: the answer of the main case is waited for."""
    return clock.now() + timedelta(hours=request.hours(2, 4, 8))


def do_merged(request: Request) -> None:
    """Look what has become of it; who answered the main case has this one too."""
    request.look_again()
    main = request.stage.first_about(request.message.matter.id)
    if isinstance(main, Request) and request.state.startswith("answered"):
        request.outcome, request.reply = main.outcome, main.reply
    if isinstance(main, Request) and request.state == "answered":
        request.unit, request.handler = main.unit, main.handler
