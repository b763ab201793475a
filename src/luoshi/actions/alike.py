"""Alike: cases that may be about the same matter as one, as far as a person may see them.

The same list for the desk and the API; a person decides whether two are one.

Terms    same matter 重复诉求
"""

from __future__ import annotations

from luoshi.actions.similarity import SHOWN, similar_to
from luoshi.actions.suggesting import text_fields
from luoshi.insight.similar import Candidate
from luoshi.kernel.access import Actor, Sight
from luoshi.kernel.answers import point_of
from luoshi.kernel.programme import FieldType
from luoshi.store import queries
from luoshi.store.matters import Matter
from luoshi.store.rows import Row
from luoshi.store.sight import CaseView


def alike(view: CaseView, actor: Actor) -> list[tuple[Candidate, Row]]:
    """Return the likeliest candidates among the cases that *actor* may see, with their rows."""
    found = similar_to(view.programme, matter_of(view), view.now)
    keys = [one.id for one in found if one.id not in view.case.followers]
    page = queries.page_of(queries.scope_of(actor), keys, view.now, len(keys)) if keys else None
    rows = {row.id: row for row in page.rows} if page else {}
    return [(one, rows[one.id]) for one in found if one.id in rows][:SHOWN]


def matter_of(view: CaseView) -> Matter:
    """Return the case in *view* as it is compared with others: with the words seen whole."""
    programme, values = view.programme, view.case.values
    names = (*text_fields(programme), programme.field_of(FieldType.ADDRESS))
    return Matter(
        id=view.case.id,
        number=view.number,
        programme=programme.id,
        opened=view.case.opened,
        category=str(values.get(programme.field_of(FieldType.CODE)) or ""),
        area=str(values.get(programme.field_of(FieldType.AREA)) or ""),
        point=point_of(values.get(programme.field_of(FieldType.POINT))),
        texts={name: whole(view, name) for name in names if name},
    )


def whole(view: CaseView, name: str) -> str:
    """Return an answer in words that this person sees whole; empty when there is none."""
    answer = view.answers.get(name)
    is_whole = answer is not None and answer.sight is Sight.WHOLE
    return answer.value if is_whole and answer and isinstance(answer.value, str) else ""
