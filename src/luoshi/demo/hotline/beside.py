"""Beside the file: what requesters, supervisors and publication officers do meanwhile.

Each is a small life of its own beside the handling, and asks first whether it is still possible.

Terms    addition 补充 · withdraw 撤回 · rate 评价 · urge 催办 · supervise 督办 · publish 公开
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from luoshi.actions import clock
from luoshi.demo.hotline.calling import opinion_of
from luoshi.demo.hotline.request import Request
from luoshi.demo.hotline.supervising import supervise
from luoshi.demo.replies import public_text

Instants = Iterator[datetime]


def adding(request: Request) -> Instants:
    """The requester, or an operator for them, adds something."""
    yield request.stage.rhythm.awake(clock.now(), request.hours(1, 12, 70))
    by = request.requester
    if request.message.channel == "phone":
        by = request.desk("operator")
    if not request.may("add", by):
        return
    can_show = request.message.channel != "phone" and request.is_pictured
    if can_show and request.happens("photographed"):
        words, photos = request.replies("addition_photo"), request.pictures(by, 1)
    else:
        words, photos = request.replies("addition"), []
    request.do("add", by, addition=words, photos=photos)


def withdrawing(request: Request) -> Instants:
    """The requester no longer needs it."""
    yield request.stage.rhythm.awake(clock.now(), request.hours(0.5, 5, 40))
    if request.may("withdraw", request.requester):
        request.do("withdraw", request.requester, reason=request.replies("withdraw_reason"))


def rating(request: Request) -> Instants:
    """The requester rates the answer on its page."""
    yield request.stage.rhythm.awake(clock.now(), request.hours(0.3, 8, 90))
    if not request.may("rate", request.requester):
        return
    solved, satisfied = opinion_of(request)
    words = request.replies(f"rate_{satisfied}") if request.likely(0.7) else ""
    request.do("rate", request.requester, solved=solved, satisfied=satisfied, opinion=words)


def watching(request: Request) -> Instants:
    """A supervisor sees the light turn yellow, then red."""
    answer = request.case.clocks.get("answer")
    if answer is None:
        return
    rhythm = request.stage.rhythm
    yield rhythm.office(max(answer.warn, clock.now()), request.hours(0.2, 2, 6))
    if _is_late(request, answer.started) and request.happens("urged"):
        _urge(request, "urge_note")
    due = request.case.clocks["answer"].due
    yield rhythm.office(max(due, clock.now()), request.hours(0.3, 3, 9))
    if not _is_late(request, answer.started):
        return
    _urge(request, "urge_late")
    if request.happens("supervised"):
        yield rhythm.office(clock.now(), request.hours(4, 10, 24))
        if _is_late(request, answer.started):
            supervise(request)


def _is_late(request: Request, started: datetime) -> bool:
    """Whether the answer for which the watching began is still outstanding and at its limit."""
    answer = request.case.clocks.get("answer")
    if answer is None or answer.started != started or answer.state != "running":
        return False
    return clock.now() >= answer.warn


def _urge(request: Request, phrase: str) -> None:
    supervisor = request.desk("supervisor")
    if request.may("urge", supervisor):
        request.do("urge", supervisor, note=request.says(phrase))


def publishing(request: Request) -> Instants:
    """A publication officer shows it to everybody, redacted; rarely it is taken down again."""
    yield request.stage.rhythm.office(clock.now(), request.hours(3, 12, 40))
    officer = request.desk("publisher")
    if not request.may("publish", officer) or request.count("publish"):
        return
    request.do(
        "publish",
        officer,
        public_subject=public_text(request.message.subject),
        public_reply=public_text(request.reply),
    )
    if request.happens("unpublished"):
        yield request.stage.rhythm.office(clock.now(), request.hours(3, 12, 40))
        if request.may("unpublish", officer):
            request.do("unpublish", officer, reason=request.says("publish_withheld"))


def reopening(request: Request) -> Instants:
    """The requester finds that it did not last."""
    yield request.stage.rhythm.awake(clock.now() + timedelta(days=1), request.hours(4, 60, 280))
    if request.may("ask_reopen", request.requester):
        request.do("ask_reopen", request.requester, reason=request.replies("reopen_reason"))
