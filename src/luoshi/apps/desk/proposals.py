"""Proposals: words that the machine suggests for the public view; a person reads and decides.

A field whose text a person writes for the public (``reviewed``) and whose name is ``public_`` and
the name of another field is proposed that field's answer, with what points at a person hidden.
What was hidden is told, and can be put back where it is nobody's: the telephone of a unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from luoshi.actions.redacting import left_hidden
from luoshi.actions.suggested import Suggested, is_on
from luoshi.insight.triage.personal import Hidden, hidden_in, redact
from luoshi.kernel.access import Sight
from luoshi.kernel.programme import FREE_TEXT, Field, Programme, Transition
from luoshi.store.sight import CaseView

PREFIX = "public_"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Proposed words, and what was hidden in them."""

    text: str = ""
    hidden: tuple[Hidden, ...] = ()


def proposes(programme: Programme, transition: Transition) -> bool:
    """Whether words are proposed for a field of *transition*."""
    return next(_spoken(programme, transition), None) is not None


def _spoken(programme: Programme, transition: Transition) -> Iterator[Field]:
    """Yield the fields of *transition* by which it speaks to the public."""
    if not is_on(programme.id, "redaction"):
        return
    for need in transition.needs:
        rule = programme.fields[need.field]
        if rule.reviewed and rule.type in FREE_TEXT and rule.name.startswith(PREFIX):
            yield rule


def proposals(view: CaseView, transition: Transition) -> dict[str, Proposal]:
    """Return the proposed words, by field."""
    found = {}
    for rule, text in _sources(view, transition):
        words = redact(text)[: int(rule.most or len(text) + 99)]
        found[rule.name] = Proposal(words, hidden_in(text))
    return found


def decided(
    view: CaseView, transition: Transition, given: Mapping[str, object]
) -> tuple[Suggested, ...]:
    """Return what was hidden in the words proposed, and whether it was left hidden in *given*."""
    return tuple(
        said
        for rule, text in _sources(view, transition)
        for said in left_hidden(rule.name, text, str(given.get(rule.name) or ""))
    )


def _sources(view: CaseView, transition: Transition) -> Iterator[tuple[Field, str]]:
    """Yield the fields for which words are proposed, with the answers they are taken from."""
    for rule in _spoken(view.programme, transition):
        source = view.answers.get(rule.name.removeprefix(PREFIX))
        if source and source.sight is Sight.WHOLE and isinstance(source.value, str):
            yield rule, source.value
