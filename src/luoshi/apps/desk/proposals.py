"""Proposals: words that the machine suggests for the public view; a person reads and decides.

A field whose text a person writes for the public (``reviewed``) and whose name is ``public_`` and
the name of another field is proposed that field's answer, with what points at a person hidden.
What was hidden is told, and can be put back where it is nobody's: the telephone of a unit.
"""

from __future__ import annotations

from dataclasses import dataclass

from luoshi.insight.triage.personal import Hidden, hidden_in, redact
from luoshi.kernel.access import Sight
from luoshi.kernel.programme import FREE_TEXT, Transition
from luoshi.store.sight import CaseView

PREFIX = "public_"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Proposed words, and what was hidden in them."""

    text: str = ""
    hidden: tuple[Hidden, ...] = ()


def proposals(view: CaseView, transition: Transition) -> dict[str, Proposal]:
    """Return the proposed words, by field."""
    found = {}
    for need in transition.needs:
        rule = view.programme.fields[need.field]
        source = view.answers.get(rule.name.removeprefix(PREFIX))
        if not (rule.reviewed and rule.type in FREE_TEXT and rule.name.startswith(PREFIX)):
            continue
        if source and source.sight is Sight.WHOLE and isinstance(source.value, str):
            words = redact(source.value)[: int(rule.most or len(source.value) + 99)]
            found[rule.name] = Proposal(words, hidden_in(source.value))
    return found
