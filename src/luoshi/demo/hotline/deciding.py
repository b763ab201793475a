"""Deciding: supervisors and the government office, on what units and requesters ask for.

Terms    grant 同意 · refuse 不同意 · executive meeting 常务会议 · reopen 重新办理
"""

from __future__ import annotations

from datetime import datetime

from luoshi.actions import clock
from luoshi.demo.hotline.request import Request

SHORT = 5
"""Working days that a supervisor may grant alone."""


def when_asked(request: Request) -> datetime:
    """Within a working day, mostly."""
    slow = request.happens("slow_decision")
    hours = request.hours(9, 11, 20) if slow else request.hours(0.4, 3, 8)
    return request.stage.rhythm.office(clock.now(), hours)


def do_extension(request: Request) -> None:
    """Grant more time once: much of it only the office can; or refuse it."""
    days = int(str(request.case.values.get("extension_days") or SHORT))
    is_long = days > SHORT
    by = request.desk("office" if is_long else "supervisor")
    step = "grant_long_extension" if is_long else "grant_extension"
    if request.happens("granted") and not request.count(step) and request.may(step, by):
        note = request.says("extension_granted")
        request.do(step, by, extension_days=days, note=note)
    else:
        request.do("refuse_extension", by, reason=request.says("extension_refused"))


def do_termination(request: Request) -> None:
    """Let it end, with an answer to the requester; or have it go on."""
    supervisor = request.desk("supervisor")
    if request.happens("terminated"):
        request.reply = request.says("terminate_reply")
        request.do("approve_termination", supervisor, reply=request.reply)
    else:
        request.do("refuse_termination", supervisor, reason=request.says("terminate_refused"))


def when_escalated(request: Request) -> datetime:
    """It takes days, as meetings do."""
    return request.stage.rhythm.office(clock.now(), request.hours(10, 30, 90))


def do_escalated(request: Request) -> None:
    """Decide, or put it before the executive meeting."""
    if request.happens("meeting"):
        reason = request.says("meeting_reason")
        request.do("put_before_meeting", request.desk("office"), reason=reason)
    else:
        do_meeting(request)


def do_meeting(request: Request) -> None:
    """Hand down what was decided."""
    other = request.another_unit()
    decision = request.says("escalate_decision", other)
    request.do("settle_escalation", request.desk("office"), instruction=decision)


def do_reopening(request: Request) -> None:
    """Take it up again, or say why not."""
    supervisor = request.desk("supervisor")
    if request.happens("reopened"):
        request.do("reopen", supervisor, note=request.says("reopen_note"))
    else:
        request.reply = request.says("reopen_refused")
        request.do("refuse_reopen", supervisor, reply=request.reply)
