"""Refusals: why a step was not taken, what is new, and what is allowed now.

Terms    stale 已有新进展 · refusal 拒绝
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from luoshi.actions.sentences import problem_sentence, refusal_sentence
from luoshi.apps.desk import words
from luoshi.apps.desk.casepage import Happened, Step, happened, steps
from luoshi.apps.look.conditions import condition_words
from luoshi.apps.look.language import colon
from luoshi.kernel.errors import ConditionUnmet, FieldsRefused, Refused, Stale
from luoshi.kernel.programme import Programme, Transition
from luoshi.store.people import names_of
from luoshi.store.programmes import calendar_of
from luoshi.store.sight import CaseView


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused step, as the page tells it.

    Attributes:
        news: What happened since the form was opened, oldest first.
        allowed: What may be done instead.
        rests_on: The rule behind the refused step.
        must_hold: What the programme asks for before the step.
    """

    sentence: str
    news: tuple[Happened, ...] = ()
    allowed: tuple[Step, ...] = ()
    rests_on: str = ""
    must_hold: str = ""
    is_stale: bool = False


def refusal_of(refused: Refused, view: CaseView, seen: int | None, step: Transition) -> Refusal:
    """Return what the page says about *refused*; what is wrong with answers stands beside them."""
    by_answers = isinstance(refused, FieldsRefused)
    return Refusal(
        sentence=refusal_sentence(refused),
        news=news_since(view, seen) if seen is not None else (),
        allowed=() if by_answers else tuple(steps(view)),
        rests_on="" if by_answers else step.rests_on,
        must_hold=_must_hold(refused, view.programme, step),
        is_stale=isinstance(refused, Stale),
    )


def _must_hold(refused: Refused, programme: Programme, step: Transition) -> str:
    if step.when is None or not isinstance(refused, ConditionUnmet):
        return ""
    return condition_words(programme, step.when)


def news_since(view: CaseView, seen: int) -> tuple[Happened, ...]:
    """Return what happened after step *seen*."""
    if view.case.seq <= seen:
        return ()
    later = [entry.doer.id for entry in view.timeline if entry.fact.seq > seen]
    return tuple(happened(view, calendar_of(view.programme), names_of(later), after=seen))


def wrong_answers(refused: Refused) -> dict[str, str]:
    """Return what is wrong with each answer, by field."""
    problems = refused.problems if isinstance(refused, FieldsRefused) else ()
    return {one.field: problem_sentence(one) for one in problems}


def sentence_of(refused: Refused, programme: Programme | None = None) -> str:
    """Return one sentence for a refusal that has no form to stand beside."""
    wrong = wrong_answers(refused)
    if not wrong:
        return refusal_sentence(refused)
    return "; ".join(_named(wrong, programme))


def _named(wrong: Mapping[str, str], programme: Programme | None) -> list[str]:
    fields = programme.fields if programme else {}
    return [
        f"{words.say(fields[name].labels)}{colon()}{sentence}" if name in fields else sentence
        for name, sentence in wrong.items()
    ]
