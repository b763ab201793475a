"""Noted: what happened to a case by itself, or because of a case that it is bound to, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luoshi.apps.desk import words
from luoshi.kernel.fact import Fact
from luoshi.kernel.programme import Programme

NOTES: Mapping[str, Promise] = {
    "@followed": _("Another request was merged into this one"),
    "@unfollowed": _("A merged request left this one"),
    "@end_part": _("The part of an assisting unit has ended"),
    "@move_part": _("A part went to another assisting unit"),
    "@moved": _("Moved to another version of the programme"),
}


def label_of(programme: Programme, fact: Fact) -> str:
    """Return what *fact* says happened."""
    step = programme.transitions.get(fact.act)
    if step is not None:
        return words.say(step.labels)
    if fact.act == "@rung" and fact.clocks:
        clock = words.clock_name(programme, fact.clocks[0].clock)
        return gettext("%(clock)s: those responsible were told") % {"clock": clock}
    return str(NOTES.get(fact.act, fact.act))
