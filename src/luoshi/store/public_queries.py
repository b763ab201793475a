"""Public queries: what everybody may read, without saying who they are.

Only the approved, redacted public view is read here, never a case.

Terms    public view 公开件 · cursor 翻页位置 · area 区域
Units    areas are GeoJSON in CGCS2000 longitude, latitude
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from shapely.geometry import mapping, shape

from luoshi.kernel.errors import CaseNotFound
from luoshi.kernel.fact import Json, moment
from luoshi.kernel.programme import FieldType, Programme
from luoshi.kernel.publication import Promise, PublicStep, public_photos, without_small
from luoshi.store.directory import Directory
from luoshi.store.models import Area, Attachment, PublicRow
from luoshi.store.programmes import offered

PAGE = 20
ROUGH = 0.00005
"""Degrees, about five metres: how far a drawn border may be from the real one."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a reader looks for; empty means anything. Codes are given with all that lies below."""

    programme: str = ""
    categories: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    words: str = ""


@dataclass(frozen=True, slots=True)
class PublicView:
    """One published case."""

    number: str
    programme: str
    category: str
    place: str
    state: str
    opened: datetime
    published: datetime
    subject: str
    values: Mapping[str, Json] = field(default_factory=dict)
    steps: tuple[PublicStep, ...] = ()
    promise: Promise = field(default_factory=Promise)


@dataclass(frozen=True, slots=True)
class PublicPage:
    """Some published cases, the newest first; ``next`` leads on, empty at the end."""

    rows: tuple[PublicView, ...] = ()
    next: str = ""


def published(sought: Sought, after: str = "", limit: int = PAGE) -> PublicPage:
    """Return published cases, the newest first; *after* is the ``next`` of the page before."""
    rows = _sought(sought).order_by("-published", "case")
    place = _cursor_in(after)
    if place:
        at, case = place
        rows = rows.filter(Q(published__lt=at) | Q(published=at, case__gt=case))
    found = list(rows[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    following = f"{last.published.isoformat()}_{last.case}" if last else ""
    return PublicPage(tuple(_view(row) for row in found[:limit]), following)


def published_numbered(number: str) -> PublicView:
    """Return the published case with that register number.

    Raises:
        CaseNotFound: There is none, or it is not published: the two look the same.
    """
    row = PublicRow.objects.filter(number=number).first() if number.isprintable() else None
    if row is None:
        raise CaseNotFound
    return _view(row)


def published_photo(number: str, key: UUID) -> Attachment:
    """Return the photograph *key* that was released with the published case *number*.

    Raises:
        CaseNotFound: The case, or the photograph, is none that everybody may see.
    """
    view = published_numbered(number)
    programme = offered().get(view.programme)
    if programme is None or str(key) not in public_photos(programme, view.values):
        raise CaseNotFound
    found = Attachment.objects.filter(id=key, kind="image", deleted=None).first()
    if found is None:
        raise CaseNotFound
    return found


def published_counts(programme: Programme) -> dict[str, int | None]:
    """Return how many cases are published under each first entry of the categories 分类.

    Cells smaller than the programme allows are hidden (``None``); so is what would give them away.
    """
    tops = tops_of(programme)
    rows = PublicRow.objects.filter(programme=programme.id).values_list("category")
    counts: Counter[str] = Counter()
    for category, count in rows.annotate(Count("case")):
        counts[tops.get(category, category)] += count
    return without_small(counts, programme.publication.hide_counts_below)


def tops_of(programme: Programme) -> dict[str, str]:
    """Return the first entry above each category."""
    field = programme.fields.get(programme.field_of(FieldType.CODE))
    choices = programme.lists.get(field.choices, {}) if field else {}
    tops = {}
    for code in choices:
        top = code
        while choices[top].parent in choices:
            top = choices[top].parent
        tops[code] = top
    return tops


def area_shapes(codes: Iterable[str]) -> list[dict[str, Any]]:
    """Return the areas with these codes as GeoJSON features, drawn roughly."""
    return [
        {
            "type": "Feature",
            "properties": {"code": row.code, "zh-Hans": row.name_zh, "en": row.name_en},
            "geometry": mapping(shape(row.polygon).simplify(ROUGH)),
        }
        for row in Area.objects.filter(code__in=list(codes), valid_to=None).order_by("code")
    ]


def named_areas(known: Directory) -> list[str]:
    """Return the codes of the finest areas that people know by name: not the grids themselves."""
    leaves = set(known.leaves)
    above = {known.areas[code].parent for code in leaves}
    return sorted(code for code in above if code) or sorted(leaves)


def _sought(sought: Sought) -> QuerySet[PublicRow]:
    rows = PublicRow.objects.all()
    if sought.programme:
        rows = rows.filter(programme=sought.programme)
    if sought.categories:
        rows = rows.filter(category__in=sought.categories)
    if sought.places:
        rows = rows.filter(place__in=sought.places)
    for word in sought.words.replace("\0", "").split()[:5]:
        rows = rows.filter(Q(subject__icontains=word) | Q(number=word))
    return rows


def _view(row: PublicRow) -> PublicView:
    steps = tuple(PublicStep(moment(at), state) for at, state in row.view.get("steps", []))
    return PublicView(
        number=row.number,
        programme=row.programme,
        category=row.category,
        place=row.place,
        state=row.state,
        opened=row.opened,
        published=row.published,
        subject=row.subject,
        values=row.view.get("values", {}),
        steps=steps,
        promise=Promise(row.promised, row.fulfilled),
    )


def _cursor_in(cursor: str) -> tuple[datetime, UUID] | None:
    """Return where a page begins; a cursor that is not ours means: at the beginning."""
    at, _, case = cursor.partition("_")
    try:
        return moment(at), UUID(case)
    except ValueError:
        return None
