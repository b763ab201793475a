"""Reconsidered: that somebody decided otherwise later, noted beside what had been suggested first.

A suggestion that was kept and then corrected counts as kept no more, and a model learns what
stands in the end. An act that decides nothing anew costs nothing more.

Terms    corrected 更正 · kept 采纳 · suggestion 建议
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from luoshi.actions.suggested import is_followed
from luoshi.kernel.case import Case
from luoshi.kernel.fact import Fact
from luoshi.kernel.programme import FieldType, Programme, Relation
from luoshi.store.models import CaseRow, SuggestionRow

FILLED_IN = ("category", "unit", "area")
"""Kinds of suggestions that help to fill in a field."""
NOT_STAFF = (Relation.SYSTEM, Relation.REQUESTER)


def is_reconsidered(programme: Programme, before: Case, fact: Fact) -> bool:
    """Does a member of staff answer a question otherwise by *fact*, or undo a merger?"""
    role = programme.roles.get(fact.doer.role)
    if role is None or role.relation in NOT_STAFF:
        return False
    return _is_taken_apart(programme, fact) or bool(_answered_otherwise(programme, before, fact))


def note_reconsidered(programme: Programme, before: Case, fact: Fact) -> None:
    """Note it beside what was suggested when this case was decided on before."""
    for name, chosen in _answered_otherwise(programme, before, fact).items():
        earlier = SuggestionRow.objects.filter(case=fact.case, field=name, kind__in=FILLED_IN)
        for row in earlier:
            stands = row.kept and is_followed(programme, row.kind, row.value, chosen)
            row.corrected = None if stands else fact.at
            row.save(update_fields=["corrected"])
    if _is_taken_apart(programme, fact):
        _proposed_as_one(fact.case, before.follows).update(corrected=fact.at)


def _answered_otherwise(programme: Programme, before: Case, fact: Fact) -> dict[str, str]:
    """Return the fields that had another answer before, with the one that *fact* gives."""
    had = before.values
    asked = (
        programme.field_of(FieldType.CODE),
        programme.field_of(FieldType.AREA),
        programme.holder_field,
    )
    return {
        name: str(fact.values[name])
        for name in asked
        if had.get(name) and name in fact.values and fact.values[name] != had[name]
    }


def _is_taken_apart(programme: Programme, fact: Fact) -> bool:
    """Does the case go its own way again? One that ends was not merged by mistake."""
    ends = programme.states[fact.target].kind.is_end
    return not ends and any(effect["does"] == "leave" for effect in fact.effects)


def _proposed_as_one(case: str, main: str) -> QuerySet[SuggestionRow]:
    """Return the proposals that were kept when *case* was merged into *main*."""
    together = Q(case=case) | Q(case__in=CaseRow.objects.filter(follows=main).values("id"))
    named = (together & Q(value=case)) | Q(case=case, value=main)
    return SuggestionRow.objects.filter(named, kind="similar", kept=True)
