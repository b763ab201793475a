"""Waiting: the steps that have to wait, and what for, in words.

Terms    withheld 暂不能办 · remedy 须先办理的步骤
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from luoshi.actions.sentences import refusal_sentence
from luoshi.apps.desk import words
from luoshi.apps.look.conditions import clock_words, condition_words
from luoshi.kernel.condition import ClockIs, Leaf, Not, PartsDone
from luoshi.kernel.seen import Seen
from luoshi.kernel.withheld import Withheld
from luoshi.store.sight import CaseView


@dataclass(frozen=True, slots=True)
class Waiting:
    """A step that is this person's, and why it cannot be taken now."""

    label: str
    why: str


def waiting(view: CaseView) -> tuple[Waiting, ...]:
    """Return the steps that have to wait, in the order of the programme."""
    return tuple(Waiting(words.say(one.step.labels), _why(view, one)) for one in view.withheld)


def _why(view: CaseView, one: Withheld) -> str:
    if one.remedies:
        first = gettext(" or ").join(words.say(step.labels) for step in one.remedies)
        return gettext("first: %(steps)s") % {"steps": first}
    if one.lacks:
        return gettext(" or ").join(dict.fromkeys(_how_it_is(view, leaf) for leaf in one.lacks))
    return refusal_sentence(one.refused)


def _how_it_is(view: CaseView, leaf: Leaf) -> str:
    """Return how it stands with what is waited for."""
    match leaf:
        case ClockIs(name):
            return clock_words(view.programme, name, Seen(view.case, {}, view.now).clock(name))
        case PartsDone():
            return condition_words(view.programme, PartsDone(done=False))
    return condition_words(view.programme, Not(leaf))
