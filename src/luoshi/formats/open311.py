"""Open311 GeoReport v2 as text: values to XML and JSON, and parameters of a request to values.

The two texts say the same (Spark convention): a list is a parent with one child an entry and an
array, the root element is dropped in JSON, and an empty element is ``null``. XML is only written
here, never read: what comes in is a form.

Terms    parameter 参数 · suffix 后缀
Units    instants are written in W3C form with ``Z``; degrees are CGCS2000 longitude, latitude
Source   GeoReport v2 and its conversion rules, https://wiki.open311.org/GeoReport_v2/
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from xml.etree.ElementTree import Element, SubElement, tostring

ENTRY = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "groups": "group",
    "endpoints": "endpoint",
    "formats": "format",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "media_urls": "media_url",
}
"""Name of one child of each element that holds a list."""

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs that no XML 1.0 document may hold, in whatever way they are written."""

ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,80})\](?:\[\])?")
MOST_LISTED = 200
MOST_PLACES = 1_000


class Suffix(StrEnum):
    """What the end of an address asks for; nothing else chooses the form of an answer."""

    XML = "xml"
    JSON = "json"

    @property
    def media_type(self) -> str:
        """The media type, without a charset."""
        return "text/xml" if self is Suffix.XML else "application/json"


class ParameterWrong(ValueError):
    """A parameter that cannot be understood; ``name`` says which, ``code`` why, with ``data``."""

    def __init__(self, name: str, code: str, **data: object) -> None:
        self.name = name
        self.code = code
        self.data = data
        super().__init__(f"{name}: {code}")


def written(root: str, value: object, suffix: Suffix) -> bytes:
    """Return *value* as a whole document.

    Args:
        root: Name of the root element; JSON has none.
        value: Lists and mappings of text, numbers, booleans, instants and ``None``.
        suffix: The form.
    """
    if suffix is Suffix.JSON:
        return json.dumps(value, ensure_ascii=False, default=_json).encode()
    element = Element(root)
    _fill(element, root, value)
    head = b'<?xml version="1.0" encoding="utf-8"?>\n'
    return head + tostring(element, encoding="unicode").encode()


def _json(value: object) -> str:
    if isinstance(value, datetime):
        return stamp(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def _fill(element: Element, name: str, value: object) -> None:
    if isinstance(value, Mapping):
        for key, one in value.items():
            _fill(SubElement(element, key), key, one)
    elif isinstance(value, list | tuple):
        entry = ENTRY[name]
        for one in value:
            _fill(SubElement(element, entry), entry, one)
    elif value is not None:
        element.text = NOT_IN_XML.sub("", _text(value))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return stamp(value) if isinstance(value, datetime) else str(value)


def stamp(at: datetime) -> str:
    """Return an instant in W3C form, in whole seconds.

    Example:
        >>> stamp(datetime(2026, 3, 9, 1, tzinfo=UTC))
        '2026-03-09T01:00:00Z'
    """
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant_in(name: str, text: str, zone: tzinfo) -> datetime | None:
    """Return the instant that *text* says; one without an offset is meant in *zone*.

    Raises:
        ParameterWrong: It is none.
    """
    if not text:
        return None
    for candidate in (text, text.replace(" ", "+")):  # a plus that was not encoded is a blank
        try:
            found = datetime.fromisoformat(candidate)
            return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    raise ParameterWrong(name, "date.invalid")


def listed(text: str) -> tuple[str, ...]:
    """Return the entries of a comma separated list, without blanks and doubles.

    Example:
        >>> listed("open, closed,,open")
        ('open', 'closed')
    """
    entries = (one.strip() for one in text.split(",", MOST_PLACES))
    return tuple(dict.fromkeys(one for one in entries if one))[:MOST_PLACES]


def whole(name: str, text: str, least: int, most: int) -> int | None:
    """Return a whole number between bounds.

    Raises:
        ParameterWrong: It is none.
    """
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):  # noqa: PLR2004
        raise ParameterWrong(name, "number.range", least=least, most=most)
    return int(text)


def degrees(name: str, text: str, most: float) -> float | None:
    """Return a longitude or latitude, not beyond *most* on either side.

    Raises:
        ParameterWrong: It is none.
    """
    number = _number(name, text)
    if number is not None and abs(number) > most:
        raise ParameterWrong(name, "point.invalid")
    return number


def metres(name: str, text: str, most: float) -> float | None:
    """Return a distance up to *most*.

    Raises:
        ParameterWrong: It is none.
    """
    number = _number(name, text)
    if number is not None and not 0 <= number <= most:
        raise ParameterWrong(name, "number.range", least=0, most=most)
    return number


def _number(name: str, text: str) -> float | None:
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        raise ParameterWrong(name, "number.invalid") from None
    if not math.isfinite(number):
        raise ParameterWrong(name, "number.invalid")
    return number


def box_in(text: str) -> tuple[float, float, float, float] | None:
    """Return west, south, east and north of ``bbox``.

    Raises:
        ParameterWrong: They are not four numbers in this order.
    """
    if not text:
        return None
    given = text.split(",")
    if len(given) != 4:  # noqa: PLR2004
        raise ParameterWrong("bbox", "bbox.invalid")
    west, east = (degrees("bbox", given[at].strip(), 180) for at in (0, 2))
    south, north = (degrees("bbox", given[at].strip(), 90) for at in (1, 3))
    if west is None or east is None or south is None or north is None:
        raise ParameterWrong("bbox", "bbox.invalid")
    if west > east or south > north:
        raise ParameterWrong("bbox", "bbox.invalid")
    return west, south, east, north


def attributes_in(pairs: Iterable[tuple[str, Iterable[str]]]) -> dict[str, list[str]]:
    """Return the answers of a form by the code of their attribute, without blank ones.

    Both ``attribute[CODE]=a`` and ``attribute[CODE][]=a&attribute[CODE][]=b`` are read, and a name
    given more than once.

    Example:
        >>> attributes_in([("attribute[A][]", ["1", "2"]), ("attribute[B]", [""]), ("x", ["3"])])
        {'A': ['1', '2'], 'B': []}
    """
    found: dict[str, list[str]] = {}
    for name, values in pairs:
        match = ATTRIBUTE.fullmatch(name)
        if match:
            given = found.setdefault(match[1], [])
            given += [value for value in values if value.strip()][:MOST_LISTED]
    return found
