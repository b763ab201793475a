"""Proposals: words that the machine suggests for the public view; a person reads and decides.

A field whose text a person writes for the public (``reviewed``) and whose name is ``public_`` and
the name of another field is proposed that field's answer, with what points at a person hidden.
"""

from __future__ import annotations

from luoshi.insight.triage.personal import redact
from luoshi.kernel.access import Sight
from luoshi.kernel.programme import FREE_TEXT, Transition
from luoshi.store.sight import CaseView

PREFIX = "public_"


def proposals(view: CaseView, transition: Transition) -> dict[str, str]:
    """Return the proposed words, by field."""
    found = {}
    for need in transition.needs:
        rule = view.programme.fields[need.field]
        source = view.answers.get(rule.name.removeprefix(PREFIX))
        if not (rule.reviewed and rule.type in FREE_TEXT and rule.name.startswith(PREFIX)):
            continue
        if source and source.sight is Sight.WHOLE and isinstance(source.value, str):
            found[rule.name] = redact(source.value)[: int(rule.most or len(source.value) + 99)]
    return found
