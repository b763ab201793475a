"""Supervising: what supervisors press, what units appeal against, who looks behind the wall.

Terms    supervise 督办 · lift 解除 · exemption 剔除考核 · spot check 抽查 · wall 举报人信息隔离
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from luoshi.actions import clock, wall
from luoshi.demo.hotline.request import Request

Instants = Iterator[datetime]

LEVELS = ("general", "general", "listed", "interview")


def supervise(request: Request) -> None:
    """Put a late request under supervision; the unit reports, and in the end it is lifted."""
    supervisor = request.desk("supervisor")
    if not request.may("supervise", supervisor):
        return
    is_late = clock.now() >= request.case.clocks["answer"].due
    request.do(
        "supervise",
        supervisor,
        supervision="overdue" if is_late else "unsolved",
        supervision_level=request.rng.choice(LEVELS),
        instruction=request.says("supervise_note"),
    )
    request.stage.enter(_followed_up(request))


def _followed_up(request: Request) -> Instants:
    rhythm = request.stage.rhythm
    yield rhythm.office(clock.now(), request.hours(2, 6, 15))
    if request.may("report_on_supervision", request.handler):
        words = request.says("supervision_report")
        request.do("report_on_supervision", request.handler, supervision_report=words)
    while request.case.holds.get("supervision"):
        yield rhythm.office(clock.now(), request.hours(2, 6, 10))
        supervisor = request.desk("supervisor")
        if request.state in ENOUGH and request.may("lift_supervision", supervisor):
            request.do("lift_supervision", supervisor, note=request.says("lift_note"))
        elif request.programme.states[request.state].kind.is_end:
            return


ENOUGH = ("answered", "called_back", "under_review", "termination_asked")
"""States in which a supervision has served."""


def appealing(request: Request) -> Instants:
    """The unit asks that a late answer does not count; a supervisor decides."""
    yield request.stage.rhythm.office(clock.now(), request.hours(2, 8, 20))
    if not request.may("ask_exemption", request.handler):
        return
    request.do("ask_exemption", request.handler, reason=request.says("exemption_reason"))
    if request.part.stays == request.state:
        return
    yield request.stage.rhythm.office(clock.now(), request.hours(1, 3, 7))
    step = "uphold_exemption" if request.happens("upheld") else "reject_exemption"
    supervisor = request.desk("supervisor")
    if request.may(step, supervisor):
        request.do(step, supervisor, reason=request.says(f"{step}_reason"))
    if step == "uphold_exemption" and request.happens("revoked"):
        yield request.stage.rhythm.office(clock.now(), request.hours(6, 16, 40))
        office = request.desk("office")
        if request.may("revoke_exemption", office):
            request.do("revoke_exemption", office, reason=request.says("revoke_exemption_reason"))


def checking(request: Request) -> Instants:
    """A reviewer looks at one of those drawn; what is not as reported goes back."""
    yield request.stage.rhythm.office(clock.now(), request.hours(4, 12, 30))
    reviewer = request.desk("reviewer")
    if not request.may("spot_check", reviewer):
        return
    failed = request.happens("spot_failed")
    result = "failed" if failed else "passed"
    note = request.says(f"check_{result}")
    request.do("spot_check", reviewer, check_result=result, note=note)
    if failed and request.may("send_back", reviewer):
        request.do("send_back", reviewer, reason=request.says("redo_reason"))
        request.todo.clear()


def looking(request: Request) -> Instants:
    """A supervisor asks who reported; sometimes the office has not decided yet."""
    yield request.stage.rhythm.office(clock.now(), request.hours(2, 8, 20))
    supervisor, office = request.desk("supervisor"), request.desk("office")
    asked = wall.ask(request.key, supervisor, request.says("reveal_reason"))
    yield request.stage.rhythm.office(clock.now(), request.hours(1, 3, 8))
    if request.happens("decided"):
        wall.decide(str(asked.id), office, grant=request.likely(0.6))
