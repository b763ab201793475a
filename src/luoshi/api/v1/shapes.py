"""Shapes that several answers have in common, as they stand in the description of the API.

Instants are RFC 3339 in UTC. Labels are in the language of ``Accept-Language``.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("this holds signs that cannot be shown")
    return text


Code = Annotated[str, StringConstraints(max_length=80), AfterValidator(_printable)]
"""The code of a programme, state, unit, area, category …"""

Number = Annotated[str, StringConstraints(max_length=60), AfterValidator(_printable)]
"""A register number 登记编号."""


def _written(given: object) -> object:
    if not isinstance(given, str) or not DAY.match(given):
        raise ValueError("write it like 2026-03-09T09:00:00+08:00")
    return given


DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]")
Moment = Annotated[AwareDatetime, BeforeValidator(_written)]
"""An instant as RFC 3339 writes it, with its zone; a bare number is none."""

Words = Annotated[str, StringConstraints(max_length=200)]
Cursor = Annotated[str, StringConstraints(max_length=200)]
Limit = Annotated[int, Field(ge=1, le=200)]
Answers = dict[str, Any]


class Body(BaseModel):
    """What comes in: an object that holds what is described, and nothing else."""

    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """A refusal (RFC 9457). ``code`` never changes its meaning; ``title`` is for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    facts: dict[str, Any] = {}
    problems: list[FieldWrong] = []
    changes: list[Happened] | None = None


class FieldWrong(BaseModel):
    """What is wrong with one answer, or one part of the request."""

    field: str
    code: str
    message: str


class Label(BaseModel):
    """A code with its words."""

    code: str
    label: str


class Clock(BaseModel):
    """A limit that runs or ran."""

    name: str
    label: str
    state: str
    due: datetime
    light: str
    provisional: bool


class Answer(BaseModel):
    """One answer as the caller may see it."""

    value: Any = None
    sight: str
    deleted: bool = False


class Doer(BaseModel):
    """Who took a step; the name only for colleagues."""

    role: str
    unit: str
    name: str = ""


class Happened(BaseModel):
    """One step that was taken."""

    step: int
    transition: str
    label: str
    at: datetime
    source: str
    target: str
    by: Doer
    answers: dict[str, Answer]


class File(BaseModel):
    """One file that stands in an answer the caller may see."""

    id: str
    kind: str
    media_type: str
    size: int
    sha256: str


class Look(BaseModel):
    """One look at a masked answer, which the person concerned may know of."""

    field: str
    at: datetime
    reason: str
    by: Doer


class State(BaseModel):
    """Where a case stands."""

    name: str
    label: str
    kind: str


class CaseRow(BaseModel):
    """A case in a list. With ``fields`` only those asked for are there."""

    id: str | None = None
    number: str | None = None
    programme: str | None = None
    version: str | None = None
    title: str | None = None
    state: State | None = None
    opened: datetime | None = None
    moved: datetime | None = None
    due: datetime | None = None
    unit: Label | None = None
    area: Label | None = None
    category: Label | None = None
    clocks: list[Clock] | None = None


class CasePage(BaseModel):
    """Some cases; ``next`` is the ``after`` of the following page, empty at the end."""

    data: list[CaseRow]
    next: str = ""


class Case(BaseModel):
    """A case as the caller may see it."""

    id: str
    number: str
    programme: str
    version: str
    title: str
    state: State
    step: int
    opened: datetime
    moved: datetime
    close_kind: str
    numbers: dict[str, str]
    holds: list[str]
    is_merged: bool
    answers: dict[str, Answer]
    clocks: list[Clock]
    timeline: list[Happened]
    allowed: list[str]
    files: list[File]
    looks: list[Look]


class Done(BaseModel):
    """What an act came to. ``resent``: it had been received before, and nothing was done again."""

    id: str
    number: str
    act: str
    state: str
    step: int
    resent: bool
    code: str = ""


class Step(BaseModel):
    """A transition, with the form of what it asks for."""

    name: str
    label: str
    leads_to: list[str]
    rests_on: str
    is_merger: bool
    form: dict[str, Any]


class Steps(BaseModel):
    """Transitions that the caller may take now."""

    step: int
    data: list[Step]


for _shape in (Problem, Happened, Case, CaseRow, Step, Steps):
    _shape.model_rebuild()
