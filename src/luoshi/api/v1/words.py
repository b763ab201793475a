"""Words: labels of programmes, units and areas in the language asked for (Accept-Language)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language

from luoshi.kernel.programme import label
from luoshi.store.directory import Place

CHINESE, ENGLISH = "zh-Hans", "en"


def words(labels: Mapping[str, str] | None) -> str:
    """Return the words of *labels* in the language of the answer."""
    language = ENGLISH if (get_language() or "").startswith("en") else CHINESE
    return label(labels, language) if labels else ""


def place_name(places: Mapping[str, Place], code: str) -> str:
    """Return the name of the unit or area *code*; the code itself when it is none any more."""
    found = places.get(code)
    return words(found.labels) if found else code
