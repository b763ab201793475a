"""Taking a step of an affair: by whom, with which answers, and only if the programme allows it."""

from __future__ import annotations

from luoshi.actions import clock
from luoshi.actions.acts import Request, register
from luoshi.demo.cast import fresh_key
from luoshi.demo.services.affair import Affair
from luoshi.demo.services.answering import answers_of
from luoshi.demo.services.script import Act
from luoshi.kernel.obstacles import allowed


def took(affair: Affair, act: Act) -> bool:
    """Take a step if the programme allows it now; return whether it was taken."""
    if not affair.begun:
        _open(affair, act)
        return True
    affair.stage.look_again([affair.key])  # others may have had a hand in it
    step = affair.programme.transitions[act.do]
    by = affair.actor(step, act.by)
    steps = allowed(affair.programme, affair.case, by, clock.now())
    if not any(one.name == act.do for one in steps):
        return False
    answers = answers_of(affair, step, act.answers, by)
    affair.case = affair.stage.do(act.do, answers, affair.key, by).case
    return True


def _open(affair: Affair, act: Act) -> None:
    step = affair.programme.transitions[act.do]
    by = affair.actor(step, act.by)
    answers = answers_of(affair, step, act.answers, by)
    affair.stage.steps += 1
    request = Request(step.name, answers, case=affair.key, act=fresh_key())
    affair.joins(register(affair.programme.id, request, by).case)
