"""Turns: in each state, when does the person whose turn it is get to it, and what do they do?

Terms    route 转办 · receive 签收 · return 退回 · extension 延期 · call-back 回访 · review 复核
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from luoshi.demo.hotline import calling, deciding, desk, handling, together
from luoshi.demo.hotline.request import Request


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody's turn: ``when`` they get to it, and what they ``do`` then."""

    when: Callable[[Request], datetime]
    do: Callable[[Request], None]


TURNS: Mapping[str, Turn] = {
    "accepted": Turn(desk.when_accepted, desk.do_accepted),
    "merged": Turn(together.when_merged, together.do_merged),
    "returned": Turn(desk.when_returned, desk.do_returned),
    "dispatched": Turn(handling.when_dispatched, handling.do_dispatched),
    "handling": Turn(handling.when_handling, handling.do_handling),
    "extension_asked": Turn(deciding.when_asked, deciding.do_extension),
    "termination_asked": Turn(deciding.when_asked, deciding.do_termination),
    "reopen_asked": Turn(deciding.when_asked, deciding.do_reopening),
    "escalated": Turn(deciding.when_escalated, deciding.do_escalated),
    "before_meeting": Turn(deciding.when_escalated, deciding.do_meeting),
    "answered": Turn(calling.when_answered, calling.do_answered),
    "called_back": Turn(calling.when_called_back, calling.do_called_back),
    "under_review": Turn(calling.when_under_review, calling.do_under_review),
}
