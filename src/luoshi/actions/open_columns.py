"""Open columns: what the columns of open data are called, and what stands in them.

Terms    column 列 · dictionary 数据字典
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from luoshi.formats.open_data import Column
from luoshi.kernel.fact import Json
from luoshi.kernel.programme import Field, FieldType, Programme, label
from luoshi.store.directory import Directory, directory
from luoshi.store.open_data import OpenCase
from luoshi.store.programmes import promised_by

CORE = (
    Column("id", "string", "登记编号，长期不变", "Register number; never changes", required=True),
    Column("opened", "datetime", "登记时间", "When it was registered", required=True),
    Column("updated", "datetime", "状态变化时间", "When its state last changed"),
    Column("promised", "datetime", "承诺时限届满时间", "By when a result was promised"),
    Column("fulfilled", "datetime", "兑现时间", "When the result was there, in time or not"),
    Column("published", "datetime", "公开时间", "When this view last changed", required=True),
    Column("kind", "string", "状态类别", "open, waiting, done or void", required=True),
    Column("state", "string", "状态代码", "Code of the state", required=True),
    Column("state_zh", "string", "状态", "State, in Chinese"),
    Column("state_en", "string", "状态（英文）", "State, in English"),
    Column("category", "string", "分类代码", "Code of the category"),
    Column("category_zh", "string", "分类", "Category, in Chinese"),
    Column("category_en", "string", "分类（英文）", "Category, in English"),
    Column("place", "string", "区域代码", "Code of the area"),
    Column("place_zh", "string", "区域", "Area, in Chinese"),
    Column("place_en", "string", "区域（英文）", "Area, in English"),
    Column("lon", "number", "经度（CGCS2000）", "Longitude; without a point, of the area"),
    Column("lat", "number", "纬度（CGCS2000）", "Latitude; without a point, of the area"),
)
TYPES = {
    FieldType.NUMBER: "number",
    FieldType.YES_NO: "boolean",
    FieldType.DATE: "date",
}
ELSEWHERE = (FieldType.CODE, FieldType.POINT, FieldType.FILES, FieldType.AREA)
"""Types of fields whose answers stand in the columns that every programme has."""


def columns_of(programme: Programme) -> tuple[Column, ...]:
    """Return the columns of a programme's cases: those of every programme, then its own."""
    return (*CORE, *(_column(one) for one in _own(programme)))


def _own(programme: Programme) -> list[Field]:
    shown = [programme.fields[name] for name in programme.publication.show]
    return [one for one in shown if one.type not in ELSEWHERE and not one.personal]


def _column(one: Field) -> Column:
    kind = TYPES.get(one.type, "string")
    return Column(
        f"answer_{one.name}", kind, label(one.labels, "zh-Hans"), label(one.labels, "en")
    )


def row_of(programme: Programme, case: OpenCase) -> dict[str, object]:
    """Return the row of *case*, by name of column."""
    state = programme.states.get(case.state)
    return {
        "id": case.number,
        "opened": case.opened,
        "updated": case.updated,
        "promised": promised_by(programme, case.promised),
        "fulfilled": case.fulfilled,
        "published": case.published,
        "kind": case.kind,
        "state": case.state,
        **_said("state", state.public if state else {}),
        "category": case.category or None,
        **_said("category", _category(programme, case.category)),
        "place": case.place or None,
        **_said("place", _place(case.place)),
        "lon": case.lon,
        "lat": case.lat,
        **{
            f"answer_{one.name}": _answer(one, case.values.get(one.name))
            for one in _own(programme)
        },
    }


def _said(name: str, labels: Mapping[str, str]) -> dict[str, object]:
    return {f"{name}_zh": labels.get("zh-Hans"), f"{name}_en": labels.get("en")}


def _category(programme: Programme, code: str) -> Mapping[str, str]:
    field = programme.fields.get(programme.field_of(FieldType.CODE))
    entry = programme.lists.get(field.choices, {}).get(code) if field else None
    return entry.labels if entry else {}


def _place(code: str) -> Mapping[str, str]:
    area = directory().areas.get(code)
    return area.labels if area else {}


def _answer(one: Field, value: Json) -> object:
    """Return an answer as its column has it: several choices are one text, divided by ``;``."""
    if value is None:
        return None
    if one.type is FieldType.NUMBER and isinstance(value, int | float):
        return float(value)
    if one.type is FieldType.YES_NO:
        return bool(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ";".join(map(str, value))
    return str(value)


def dictionary(programme: Programme, known: Directory) -> Iterator[Sequence[object]]:
    """Yield what the codes of *programme* mean: states, categories, choices, areas."""
    file = f"{programme.id}/cases-*"
    for state in programme.states.values():
        yield (file, "state", state.name, *_both(state.public))
    for name in programme.publication.show:
        one = programme.fields[name]
        column = "category" if one.type is FieldType.CODE else f"answer_{name}"
        for code, choice in programme.lists.get(one.choices, {}).items():
            yield (file, column, code, *_both(choice.labels))
    for code, area in known.areas.items():
        if area.level == programme.publication.place:
            yield (file, "place", code, *_both(area.labels))


def _both(labels: Mapping[str, str]) -> tuple[str, str]:
    return label(labels, "zh-Hans"), label(labels, "en")
