"""Sections ``publish`` and ``notices``: what everybody may see, and who is told what."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from luoshi.formats.grammar.forms import Form, Key, Several, Table
from luoshi.formats.grammar.values import Labels, Name, Number, Word
from luoshi.formats.programme_parts.conditions import CONDITION
from luoshi.kernel.programme import Notice, Publication


class PlaceLevel(StrEnum):
    """How finely a place may be shown to everybody; never finer than a community 社区、村."""

    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    COMMUNITY = "community"


class Way(StrEnum):
    """By which way a message goes out."""

    SMS = "sms"
    MAIL = "mail"
    INBOX = "inbox"


def _publication(read: Mapping[str, Any]) -> Publication:
    return Publication(
        when=read["when"],
        show=read["show"],
        place=read["place"],
        promise=read["promise"],
        hide_counts_below=read["hide_counts_below"],
    )


PUBLISH = Form(
    {
        "when": Key(
            CONDITION,
            "What must hold; it rests on an act by which a person approved.",
            needed=True,
        ),
        "show": Key(
            Several(Name("field")), "Fields that everybody may see; none is personal.", default=()
        ),
        "place": Key(
            Word(PlaceLevel), "How finely the place is shown; without this not at all.", default=""
        ),
        "promise": Key(
            Name("clock"),
            "Duty of the whole matter whose date everybody is told; without this no date is told.",
            default="",
        ),
        "hide_counts_below": Key(
            Number(5, 100), "Cells of public tables with fewer are hidden.", default=5
        ),
    },
    _publication,
)

NOTICE = Form(
    {
        "on": Key(
            Several(Name("transition")), "Steps after which it goes out.", needed=True, default=()
        ),
        "to": Key(Name("role"), "Role that is told.", needed=True, default=""),
        "by": Key(Several(Word(Way)), "Ways by which it goes out.", needed=True, default=()),
        "text": Key(
            Labels(),
            "The words; {number} stands for the register number.",
            needed=True,
            default={},
            judged_later=True,
        ),
    }
)


def notice_of(name: str, read: Mapping[str, Any]) -> Notice:
    """Return the notice *name*."""
    return Notice(
        name=name, on=read["on"], to=read["to"], by=tuple(map(str, read["by"])), text=read["text"]
    )


NOTICES = Table(NOTICE, notice_of)
