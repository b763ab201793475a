"""Published cases in words, for every screen that lists them.

Terms    published case 公开件
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from luoshi.apps.look.answers import area_words, choice_words
from luoshi.apps.look.language import words
from luoshi.kernel.programme import Field, FieldType, Programme
from luoshi.store.programmes import offered
from luoshi.store.public_queries import PublicView


@dataclass(frozen=True, slots=True)
class Shown:
    """One published case in words."""

    number: str
    subject: str
    category: str
    place: str
    state: str
    opened: datetime
    published: datetime
    programme: str


def shown(view: PublicView) -> Shown:
    """Return *view* in words of the page's language."""
    programme = offered().get(view.programme)
    field = category_field(programme) if programme else None
    state = programme.states.get(view.state) if programme else None
    return Shown(
        number=view.number,
        subject=view.subject or view.number,
        category=choice_words(programme, field, view.category) if programme and field else "",
        place=area_words(view.place) if view.place else "",
        state=words(state.public) if state else "",
        opened=view.opened,
        published=view.published,
        programme=words(programme.labels) if programme else "",
    )


def category_field(programme: Programme) -> Field | None:
    """Return the field by which the cases of *programme* are sorted."""
    return programme.fields.get(programme.field_of(FieldType.CODE))
