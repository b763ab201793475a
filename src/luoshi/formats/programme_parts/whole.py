"""A whole programme file: the registry of its sections. A new section is one line here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from luoshi.formats.grammar.forms import Form, Key, Table
from luoshi.formats.grammar.values import PROGRAMME_NAME, Day, Labels, Name, Number, Text
from luoshi.formats.programme_parts.clocks import CLOCKS
from luoshi.formats.programme_parts.fields import FIELDS
from luoshi.formats.programme_parts.lists import LISTS
from luoshi.formats.programme_parts.outward import NOTICES, PUBLISH
from luoshi.formats.programme_parts.people import ROLES, STATES
from luoshi.formats.programme_parts.provisions import CLOSE_KINDS, HOLDS, PHASES, QUIET, WALL
from luoshi.formats.programme_parts.suggesting import HEAT, SUGGEST, TAKES_TOPICS
from luoshi.formats.programme_parts.transitions import TRANSITIONS
from luoshi.kernel.programme import LISTED_LAST, Programme, Publication
from luoshi.kernel.provision import Suggest

FORMAT = 1
"""Version of this language."""

SECTIONS: dict[str, Key] = {
    "luoshi": Key(Number(FORMAT, FORMAT), "Version of this language: 1.", needed=True),
    "id": Key(
        Name("programme", PROGRAMME_NAME),
        "Name of the programme; the folder is called the same.",
        needed=True,
        default="unnamed",
    ),
    "version": Key(
        Text(40),
        "Version of this file, in quotes; a case keeps the one it was opened under.",
        needed=True,
        default="0",
    ),
    "in_force": Key(
        Day(), "First day on which cases may be opened.", needed=True, stand_in=date(1949, 10, 1)
    ),
    "labels": Key(
        Labels(), "What the service is called.", needed=True, default={}, judged_later=True
    ),
    "owner": Key(Labels(), "Who answers for it.", needed=True, default={}, judged_later=True),
    "about": Key(Labels(), "What it offers, for those who might use it.", default={}),
    "listed": Key(
        Number(1, LISTED_LAST),
        "Its place on the page where people choose a service: 1 is first; without, the last.",
        default=LISTED_LAST,
    ),
    "calendar": Key(Name("calendar"), "Calendar of working days.", needed=True, default="cn"),
    "source": Key(
        Text(),
        "The rule that the whole rests on: 中文 · English, one text for both, or local.",
        needed=True,
        default="",
        judged_later=True,
    ),
    "register_number": Key(
        Text(80),
        "Pattern of the numbers: {yyyy} {yy} {MM} {dd} {seq:5} {check}.",
        needed=True,
        default="{seq}",
    ),
    "lists": Key(LISTS, "Words that a choice may take.", default={}),
    "fields": Key(FIELDS, "Answers that a case may hold.", needed=True, default={}),
    "roles": Key(ROLES, "Parts that people play.", needed=True, default={}),
    "states": Key(STATES, "Where a case may stand.", needed=True, default={}),
    "transitions": Key(TRANSITIONS, "Steps that somebody may take.", needed=True, default={}),
    "clocks": Key(CLOCKS, "Limits and windows.", default={}),
    "publish": Key(PUBLISH, "What everybody may see.", default=Publication()),
    "notices": Key(NOTICES, "Messages that go out.", default={}),
    "numbers": Key(Table(Text(80)), "Patterns of further numbers, by name.", default={}),
    "holds": Key(HOLDS, "What is put up and has to be lifted again: supervision.", default={}),
    "phases": Key(
        PHASES, "Stages in their order, each with what must be there by then.", default={}
    ),
    "close_kinds": Key(CLOSE_KINDS, "How a case can be closed.", default={}),
    "wall": Key(WALL, "Who reported is kept apart, and seen by two together."),
    "complained_of": Key(
        Name("field"), "Unit field: the case never goes to the unit it is about.", default=""
    ),
    "quiet": Key(QUIET, "Hours in which nobody is told."),
    "suggest": Key(SUGGEST, "What may be suggested to people who decide.", default=Suggest()),
    "heat": Key(HEAT, "How hot topics are found and ranked.", default={}),
    "takes_topics": Key(TAKES_TOPICS, "A hot topic may become a case of this programme."),
}


def programme_of(read: Mapping[str, Any]) -> Programme:
    """Return the programme."""
    return Programme(
        id=read["id"],
        version=read["version"],
        in_force=read["in_force"],
        labels=read["labels"],
        owner=read["owner"],
        about=read["about"],
        listed=read["listed"],
        calendar=read["calendar"],
        source=read["source"],
        register_number=read["register_number"],
        lists=read["lists"],
        fields=read["fields"],
        roles=read["roles"],
        states=read["states"],
        transitions=read["transitions"],
        clocks=read["clocks"],
        publication=read["publish"],
        notices=tuple(read["notices"].values()),
        numbers=read["numbers"],
        holds=read["holds"],
        phases=tuple(read["phases"].values()),
        close_kinds=read["close_kinds"],
        wall=read["wall"],
        complained_of=read["complained_of"],
        quiet=read["quiet"],
        suggest=read["suggest"],
        heat=read["heat"],
        takes_topics=read["takes_topics"],
    )


PROGRAMME = Form(SECTIONS, programme_of)
