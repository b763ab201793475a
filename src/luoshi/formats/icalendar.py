"""Calendars as programs exchange them: iCalendar (RFC 5545), as far as deadlines need it.

Terms    deadline 到期时刻 · calendar feed 日历订阅
Units    instants are UTC; lines are folded at 75 octets
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

OCTETS = 75


@dataclass(frozen=True, slots=True)
class Deadline:
    """One entry: something that is due at one instant.

    Attributes:
        key: Never changes.
        changed: When something about it changed last.
    """

    key: str
    due: datetime
    changed: datetime
    title: str
    about: str = ""
    url: str = ""


def calendar(name: str, deadlines: Iterable[Deadline]) -> bytes:
    """Return a calendar of *deadlines*; the same ones make the same bytes.

    It names no ``METHOD``: so ``DTSTAMP`` says when an entry changed, not when it was asked for
    (RFC 5545, 3.8.7.2).
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Luoshi//Deadlines//ZH",
        "CALSCALE:GREGORIAN",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    for one in deadlines:
        lines += _entry(one)
    lines.append("END:VCALENDAR")
    return b"".join(piece + b"\r\n" for line in lines for piece in folded(line))


def _entry(one: Deadline) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escaped(one.key)}",
        f"DTSTAMP:{_instant(one.changed)}",
        f"DTSTART:{_instant(one.due)}",
        f"SUMMARY:{escaped(one.title)}",
        "TRANSP:TRANSPARENT",
    ]
    lines += [f"DESCRIPTION:{escaped(one.about)}"] if one.about else []
    lines += [f"URL:{one.url}"] if one.url else []
    return [*lines, "END:VEVENT"]


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escaped(text: str) -> str:
    r"""Return *text* as a value may hold it.

    Example:
        >>> escaped("a, b; c\nd")
        'a\\, b\\; c\\nd'
    """
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    text = text.replace("\r\n", "\n").replace("\n", "\\n")
    return "".join(sign for sign in text if sign >= " ")


def folded(line: str) -> Iterator[bytes]:
    """Yield the pieces of *line*, none longer than 75 octets and no sign cut in two."""
    piece, length = "", 0
    for sign in line:
        octets = len(sign.encode())
        if length + octets > OCTETS:
            yield piece.encode()
            piece, length = " ", 1
        piece += sign
        length += octets
    yield piece.encode()
