"""How often people kept what was suggested to them, by service and category, for everybody.

Nothing here is about a person: neither who decided nor who reported. Small cells are hidden.

Terms    suggestion 建议 · kept 采纳 · interval 置信区间
Units    shares are percent, intervals 95 % after Wilson
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from luoshi.apps.look.language import listed, words
from luoshi.insight.share import interval
from luoshi.kernel.programme import Choice, FieldType, Programme
from luoshi.kernel.publication import without_small
from luoshi.store.programmes import offered
from luoshi.store.suggestions import Measured, measured

KINDS = ("category", "unit", "area", "urgency", "similar", "hint", "redaction")
LEAST = 5
"""Cells with fewer suggestions than this are hidden, whatever a programme says."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One row: a category, or all of them."""

    label: str
    offered: int
    percent: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of suggestion of one service.

    Attributes:
        means: What it means that such a suggestion was kept.
        total: All of them; ``None`` where they are too few to show.
        few: Categories with too few to show, in words.
    """

    label: str
    means: str
    total: Cell | None
    cells: tuple[Cell, ...]
    few: str


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
    is_on["redaction"] &= any(field.reviewed for field in programme.fields.values())
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
    tops = sorted(offered_by, key=_order(programme).index)
    total = sum(offered_by.values())
    label, means = _words(kind)
    return Kind(
        label=label,
        means=means,
        total=_cell(gettext("all"), total, sum(kept_by.values())) if total >= least else None,
        cells=tuple(
            _cell(_category(programme, top), count, kept_by[top])
            for top in tops
            if (count := shown[top])
        ),
        few=listed(_category(programme, top) for top in tops if not shown[top]),
    )


def _cell(label: str, count: int, kept: int) -> Cell:
    low, high = interval(kept, count)
    return Cell(label, count, round(100 * kept / count), round(100 * low), round(100 * high))


def _words(kind: str) -> tuple[str, str]:
    """Return the name of a kind of suggestion, and what it means that one was kept."""
    return {
        "category": (
            gettext("Category suggested"),
            gettext("Kept: people chose the category suggested, or a narrower one within it."),
        ),
        "unit": (
            gettext("Unit suggested"),
            gettext("Kept: people sent the request to the unit that was suggested first."),
        ),
        "area": (
            gettext("Area suggested"),
            gettext("Kept: people chose the area suggested, or one within it."),
        ),
        "urgency": (
            gettext("Words of danger shown"),
            gettext(
                "Kept: the next step handed the request over to an emergency line. "
                "Often such words tell of a danger that is over, or feared; people read them all."
            ),
        ),
        "similar": (
            gettext("Requests about the same matter proposed"),
            gettext("Kept: people merged the two. Much that is alike is not one matter."),
        ),
        "hint": (
            gettext("Hints before an answer is sent"),
            gettext("Kept: people changed what the hint pointed at before the answer went out."),
        ),
        "redaction": (
            gettext("Personal data hidden before publishing"),
            gettext(
                "Kept: people left all of it hidden. "
                "What they put back is often the telephone of a unit."
            ),
        ),
    }[kind]


def _order(programme: Programme) -> list[str]:
    """Return the categories in the order of the programme, last what is in none of them."""
    return [*_entries(programme), ""]


def _entries(programme: Programme) -> Mapping[str, Choice]:
    field = programme.fields.get(programme.field_of(FieldType.CODE))
    return programme.lists.get(field.choices, {}) if field else {}


def _top(programme: Programme, category: str) -> str:
    """Return the widest category around *category*; empty for one that is no longer listed."""
    entries = _entries(programme)
    while category in entries and entries[category].parent:
        category = entries[category].parent
    return category if category in entries else ""


def _category(programme: Programme, code: str) -> str:
    entry = _entries(programme).get(code)
    return words(entry.labels) if entry else gettext("without a category")
