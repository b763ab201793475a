"""Evidence: what speaks for or against two cases being one matter, in words.

Terms    county 区县 · town, subdistrict 镇、街道 · community 社区、村 · grid 网格
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as noop

from luoshi.apps.look.language import listed
from luoshi.insight.similar import Evidence
from luoshi.store.directory import directory

HERE, KILOMETRE = 5, 1000
"""Metres up to which two points are one, and from which distances are told in kilometres."""
HALF_A_DAY = 0.5
SAME: Final = {
    "county": noop("in the same county or district"),
    "town": noop("in the same town or subdistrict"),
    "community": noop("in the same community"),
    "grid": noop("in the same grid"),
}
APART: Final = {
    "county": noop("in different counties or districts"),
    "town": noop("in different towns or subdistricts"),
    "community": noop("in different communities"),
    "grid": noop("in different grids"),
}
APART_SOMEHOW: Final = noop("in different areas")


def why(evidence: Evidence) -> str:
    """Return what *evidence* says; nothing where it is shown otherwise or says too little."""
    told = WORDS.get(evidence.kind)
    return told(evidence) if told else ""


def _place(evidence: Evidence) -> str:
    if evidence.value < HERE:
        return gettext("at the same spot")
    if evidence.value < KILOMETRE:
        return gettext("%(n)d metres apart") % {"n": round(evidence.value)}
    return gettext("%(n).1f km apart") % {"n": evidence.value / KILOMETRE}


def _area(evidence: Evidence) -> str:
    """Both lie in one area; that they lie in one city is not worth a word."""
    known = directory().areas
    narrowest = known.get(evidence.shared[-1]) if evidence.shared else None
    return gettext(SAME[narrowest.level]) if narrowest and narrowest.level in SAME else ""


def _apart(evidence: Evidence) -> str:
    """They lie in different areas within the narrowest that holds both."""
    around = evidence.shared[-1] if evidence.shared else ""
    levels = (one.level for one in directory().areas.values() if one.parent == around)
    return gettext(APART.get(next(levels, ""), APART_SOMEHOW))


def _time(evidence: Evidence) -> str:
    if evidence.value < HALF_A_DAY:
        return gettext("reported within half a day")
    days = round(evidence.value)
    told = ngettext("%(n)d day between the reports", "%(n)d days between the reports", days)
    return told % {"n": days}


WORDS: Final[Mapping[str, Callable[[Evidence], str]]] = {
    "place": _place,
    "area": _area,
    "apart": _apart,
    "address": lambda _: gettext("the same address"),
    "meaning": lambda one: gettext("both mean: %(words)s") % {"words": listed(one.shared)},
    "elsewhere": lambda _: gettext("the subjects name different places"),
    "category": lambda _: gettext("the same category"),
    "time": _time,
}
"""The wording both share (``text``) is shown by itself."""
