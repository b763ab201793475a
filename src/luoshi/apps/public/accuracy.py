"""How often people kept what was suggested to them, by service and category, for everybody.

Nothing here is about a person: neither who decided nor who reported. Small cells are hidden.

Terms    suggestion 建议 · kept 采纳 · interval 置信区间
Units    shares are percent, intervals 95 % after Wilson
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from luoshi.apps.look.language import words
from luoshi.insight.share import interval
from luoshi.kernel.programme import FieldType, Programme
from luoshi.kernel.publication import without_small
from luoshi.store.programmes import offered
from luoshi.store.suggestions import Measured, measured

KINDS = ("category", "unit", "area", "urgency", "similar", "hint")
LEAST = 5
"""Cells with fewer suggestions than this are hidden, whatever a programme says."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One row: a category, or all of them; ``None`` where the number is too small to show."""

    label: str
    offered: int | None
    percent: int | None = None
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of suggestion of one service."""

    label: str
    total: Cell
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """One service with what may be suggested in it."""

    programme: Programme
    kinds: tuple[Kind, ...]


@require_safe
def accuracy(request: HttpRequest) -> HttpResponse:
    """Show how often suggestions were kept."""
    found = measured()
    services = [
        Service(programme, tuple(_kinds(programme, [m for m in found if m.programme == name])))
        for name, programme in offered().items()
    ]
    return render(
        request, "public/accuracy.html", {"services": [one for one in services if one.kinds]}
    )


def _kinds(programme: Programme, found: list[Measured]) -> Iterator[Kind]:
    is_on = {kind: bool(getattr(programme.suggest, kind, False)) for kind in KINDS}
    is_on["hint"] = bool(programme.suggest.hints)
    for kind in KINDS:
        rows = [row for row in found if row.kind == kind]
        if rows or is_on[kind]:
            yield _kind(programme, kind, rows)


def _kind(programme: Programme, kind: str, rows: list[Measured]) -> Kind:
    offered_by, kept_by = Counter[str](), Counter[str]()
    for row in rows:
        top = _top(programme, row.category)
        offered_by[top] += row.offered
        kept_by[top] += row.kept
    least = max(LEAST, programme.publication.hide_counts_below)
    shown = without_small(offered_by, least)
    cells = [
        _cell(_category(programme, top), shown[top], kept_by[top]) for top in sorted(offered_by)
    ]
    total = sum(offered_by.values())
    whole = _cell(gettext("all"), total if total >= least else None, sum(kept_by.values()))
    return Kind(_label(kind), whole, tuple(cells))


def _cell(label: str, count: int | None, kept: int) -> Cell:
    if not count:
        return Cell(label, None)
    low, high = interval(kept, count)
    return Cell(label, count, round(100 * kept / count), round(100 * low), round(100 * high))


def _label(kind: str) -> str:
    return {
        "category": gettext("Category suggested"),
        "unit": gettext("Unit suggested"),
        "area": gettext("Area suggested"),
        "urgency": gettext("Words of danger shown"),
        "similar": gettext("Requests about the same matter proposed"),
        "hint": gettext("Hints before an answer is sent"),
    }[kind]


def _top(programme: Programme, category: str) -> str:
    field = programme.fields.get(programme.field_of(FieldType.CODE))
    entries = programme.lists.get(field.choices, {}) if field else {}
    while category in entries and entries[category].parent:
        category = entries[category].parent
    return category


def _category(programme: Programme, code: str) -> str:
    field = programme.fields.get(programme.field_of(FieldType.CODE))
    entry = programme.lists.get(field.choices, {}).get(code) if field else None
    return words(entry.labels) if entry else gettext("without a category")
