"""Section ``fields``: the answers that a case may hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from luoshi.formats.grammar.forms import Form, Key, Several, Table
from luoshi.formats.grammar.values import KEEP, Flag, Labels, Name, Number, Text, Word
from luoshi.kernel.programme import Field, FieldType

FIELD = Form(
    {
        "type": Key(
            Word(FieldType), "What sort of answer it is.", needed=True, stand_in=FieldType.YES_NO
        ),
        "labels": Key(
            Labels(), "What the field is called.", needed=True, default={}, judged_later=True
        ),
        "hint": Key(Labels(), "What to write, in one sentence.", default={}),
        "list": Key(Name("list"), "The list from which the answer is taken.", default=""),
        "most": Key(
            Number(-1e9, 1e9, fraction=True),
            "Most characters, entries or files; the greatest number; for dates most days from "
            "today; for dates and moments 0 means not in the future.",
        ),
        "least": Key(
            Number(-1e9, 1e9, fraction=True),
            "Fewest characters, or the smallest number; for dates fewest days from today.",
        ),
        "personal": Key(
            Flag(), "The answer is about a person: it never enters a fact.", default=False
        ),
        "purpose": Key(
            Labels(), "Why it is needed, in words for the person (personal fields).", default={}
        ),
        "keep": Key(KEEP, "How long it is kept after the case has ended (personal fields)."),
        "seen_by": Key(
            Several(Name("role")),
            "Roles that may see it; without this everybody who may see the case.",
            default=(),
        ),
        "masked": Key(
            Flag(), "Shown as 138****5678 until somebody asks for the whole.", default=False
        ),
        "holder": Key(Flag(), "The unit named here handles the case.", default=False),
        "reviewed": Key(
            Flag(), "Text, or files, that a person prepares for the public.", default=False
        ),
        "credit_code": Key(
            Flag(),
            "The line is a unified social credit code: it names an organisation, no person.",
            default=False,
        ),
        "also": Key(
            Several(Text()), "Other column headers by which an import knows the field.", default=()
        ),
    }
)


def field_of(name: str, read: Mapping[str, Any]) -> Field:
    """Return the field *name*."""
    return Field(
        name=name,
        type=read["type"],
        labels=read["labels"],
        hint=read["hint"],
        personal=read["personal"],
        purpose=read["purpose"],
        keep=read["keep"],
        seen_by=frozenset(read["seen_by"]),
        masked=read["masked"],
        choices=read["list"],
        most=read["most"],
        least=read["least"],
        holder=read["holder"],
        reviewed=read["reviewed"],
        also=tuple(read["also"]),
        credit_code=read["credit_code"],
    )


FIELDS = Table(FIELD, field_of)
