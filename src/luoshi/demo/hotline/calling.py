"""Calling back: is it solved, are they satisfied, and what follows if not?

Terms    call-back 回访 · redo 重办 · review 复核 · close 办结
"""

from __future__ import annotations

from datetime import datetime

from luoshi.actions import clock
from luoshi.demo.hotline.request import Request

TRIES = 2
_RATED = {
    "satisfied": "rate_satisfied",
    "mostly": "rate_mostly",
    "dissatisfied": "rate_dissatisfied",
}


def when_answered(request: Request) -> datetime:
    """A day or two after the answer; after a call that nobody took, later that day or the next."""
    now, rhythm = clock.now(), request.stage.rhythm
    if request.count("miss_call"):
        return rhythm.desk(now, request.hours(2, 5, 26))
    hours = request.hours(22, 26, 40) if request.happens("slow_call") else request.hours(2, 9, 21)
    return rhythm.office(now, hours)


def do_answered(request: Request) -> None:
    """Reach the requester, or not; give up after two tries."""
    caller = request.desk("caller_back")
    missed = request.count("miss_call")
    if request.is_walled:
        request.do("give_up_call", caller, note=request.says("call_secret"))
    elif missed >= TRIES and request.happens("given_up"):
        request.do("give_up_call", caller, note=request.says("call_given_up"))
    elif missed < TRIES and not _is_reached(request):
        phrase = "call_missed" if request.message.phone else "call_unreachable"
        request.do("miss_call", caller, note=request.says(phrase))
    else:
        solved, satisfied = opinion_of(request)
        note = {"satisfied": "call_satisfied", "mostly": "call_mostly"}
        request.do(
            "call_back",
            caller,
            solved=solved,
            satisfied=satisfied,
            opinion=request.says(_RATED[satisfied]) if request.likely(0.3) else "",
            note=request.says(note.get(satisfied, "call_dissatisfied")),
        )


def _is_reached(request: Request) -> bool:
    if not request.message.phone and not request.part.fate:
        return request.likely(0.3)
    return not request.happens("missed")


def opinion_of(request: Request) -> tuple[str, str]:
    """Return whether the requester finds it solved, and is satisfied."""
    if request.outcome == "unsolved":
        return "unsolved", "dissatisfied"
    if request.outcome == "explained":
        return ("mostly", "mostly") if request.likely(0.6) else ("unsolved", "mostly")
    if request.likely(0.78):
        return "solved", "satisfied"
    return ("solved", "mostly") if request.likely(0.55) else ("mostly", "mostly")


def when_called_back(request: Request) -> datetime:
    """Mostly at once, with the telephone still in the hand."""
    now, rhythm = clock.now(), request.stage.rhythm
    if request.likely(0.6):
        return rhythm.desk(now, request.hours(0.03, 0.1, 0.8))
    hours = request.hours(22, 25, 34) if request.happens("slow_call") else request.hours(1, 6, 20)
    return rhythm.office(now, hours)


def do_called_back(request: Request) -> None:
    """Close what is settled; send back or have reviewed what is not."""
    caller = request.desk("caller_back")
    reached = request.count("call_back") > request.count("redo")
    if request.case.values.get("solved") != "unsolved":
        _close(request, "close_note")
    elif reached and request.happens("redone") and request.may("redo", caller):
        request.do("redo", caller, reason=request.says("redo_reason"))
        request.todo.clear()
    elif request.may("ask_review", caller):
        request.do("ask_review", caller, reason=request.says("review_reason"))
    else:
        _close(request, "review_note")


def _close(request: Request, phrase: str) -> None:
    role = "reviewer" if request.state == "under_review" else "caller_back"
    by, solved = request.desk(role), request.case.values.get("solved")
    if solved == "unsolved":
        if request.may("close_explained", by):
            request.do("close_explained", by, explanation=request.says("explanation"))
        return
    step = "close" if solved else "close_unreached"
    if request.may(step, by):
        note = request.says(phrase) if request.likely(0.6) else ""
        request.do(step, by, note=note)


def when_under_review(request: Request) -> datetime:
    """A reviewer reads the whole file."""
    return request.stage.rhythm.office(clock.now(), request.hours(2, 10, 26))


def do_under_review(request: Request) -> None:
    """Have it done over, or close it with the reason."""
    reviewer = request.desk("reviewer")
    if request.happens("overruled") and request.may("redo", reviewer):
        request.do("redo", reviewer, reason=request.says("redo_reason"))
        request.todo.clear()
    else:
        _close(request, "review_note")
