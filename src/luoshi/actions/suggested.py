"""Suggested: what a person had before them when they acted, recorded beside what they chose.

A model takes no step: whatever is written here, a person did something else or the same. The rows
are written in the transaction of the act; an act without suggestions costs nothing more.

Terms    suggestion 建议 · kept 采纳 · model 模型
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from luoshi.kernel.case import Case
from luoshi.kernel.fact import Fact
from luoshi.kernel.programme import FieldType, Programme
from luoshi.kernel.provision import Suggest
from luoshi.store.directory import directory
from luoshi.store.models import SuggestionRow
from luoshi.store.programmes import offered as offered_programmes

OFF = Suggest()


@dataclass(frozen=True, slots=True)
class Suggested:
    """One suggestion as it stood on the screen.

    Attributes:
        kind: ``category``, ``unit``, ``area``, ``urgency``, ``similar``, ``hint`` or
            ``redaction``.
        field: Field it helps to fill in; for urgency the step that hands over.
        value: What is suggested.
        confidence: 0 to 1; ``None`` for a rule.
        model: First half of the digest of the model file; empty for rules.
        reasons: Words of the taxonomy only, with weights: what may be kept.
        chosen: What the person chose, where no field of the case says it.
    """

    kind: str
    field: str
    value: str
    offered: datetime
    confidence: float | None = None
    model: str = ""
    reasons: tuple[tuple[str, float], ...] = ()
    chosen: str = ""


def switches(programme: str) -> Suggest:
    """Return what may be suggested in *programme*, as it is offered now."""
    now = offered_programmes().get(programme)
    return now.suggest if now else OFF


def is_on(programme: str, kind: str) -> bool:
    """Return whether suggestions of *kind* are switched on."""
    return bool(getattr(switches(programme), "hints" if kind == "hint" else kind, False))


def record(programme: Programme, after: Case, fact: Fact, shown: Sequence[Suggested]) -> None:
    """Write what was suggested beside what the person chose by *fact*."""
    rows = [
        _row(programme, after, fact, one, chosen)
        for one in shown
        if is_on(programme.id, one.kind) and (chosen := _chosen(one, fact)) is not None
    ]
    SuggestionRow.objects.bulk_create(rows, ignore_conflicts=True)


def _chosen(one: Suggested, fact: Fact) -> str | None:
    """Return what was chosen; ``None`` when nothing was decided by this act."""
    if one.kind in ("category", "unit", "area"):
        answer = fact.values.get(one.field)
        return str(answer) if answer else None
    if one.kind == "urgency":
        return fact.act if fact.source and fact.source != fact.target else None
    return one.chosen or None


def _row(
    programme: Programme, after: Case, fact: Fact, one: Suggested, chosen: str
) -> SuggestionRow:
    category = after.values.get(programme.field_of(FieldType.CODE))
    return SuggestionRow(
        case=after.id,
        act=fact.id,
        programme=programme.id,
        step=fact.act,
        kind=one.kind,
        field=one.field,
        value=one.value[:80],
        confidence=one.confidence,
        model=one.model,
        reasons=[list(reason) for reason in one.reasons],
        offered=one.offered,
        chosen=chosen[:80],
        kept=_is_kept(programme, one, chosen),
        category=str(category or ""),
        role=fact.doer.role,
        unit=fact.doer.unit,
        decided=fact.at,
    )


KEPT: Mapping[str, str] = {"similar": "merged", "hint": "changed", "redaction": "hidden"}
"""What a person does who follows a suggestion that fills in no field."""


def _is_kept(programme: Programme, one: Suggested, chosen: str) -> bool:
    if one.kind == "urgency":
        return chosen == one.field
    if one.kind in KEPT:
        return chosen == KEPT[one.kind]
    return is_followed(programme, one.kind, one.value, chosen)


def is_followed(programme: Programme, kind: str, suggested: str, chosen: str) -> bool:
    """Is *chosen* what was *suggested* for a field, or something within it?"""
    if kind == "category":
        return suggested in (chosen, *above(programme, chosen))
    if kind == "area":
        return suggested in (chosen, *around(chosen))
    return suggested == chosen


def around(area: str) -> tuple[str, ...]:
    """Return the areas around *area*, the widest first."""
    known = directory().areas.get(area)
    return known.path if known else ()


def above(programme: Programme, category: str) -> list[str]:
    """Return the categories above *category*, the nearest first."""
    field = programme.fields.get(programme.field_of(FieldType.CODE))
    entries = programme.lists.get(field.choices, {}) if field else {}
    found: list[str] = []
    while category in entries and entries[category].parent:
        category = entries[category].parent
        found.append(category)
    return found
