"""Mailbox: messages for the search for hot topics, from rows whatever their columns are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from luoshi.formats.headers import HEADERS, headers_of
from luoshi.formats.instants import moment_in
from luoshi.insight.topics.message import MOST_DETAILS, Message
from luoshi.kernel.errors import LuoshiError

NEEDED: Final = ("id", "subject", "time")


class ColumnMissing(LuoshiError):
    """The table has no column for something that a message needs."""

    code = "topics.column_missing"
    template = "there is no column for {needed}; it may be called {names}"


def columns_of(headers: Sequence[str]) -> dict[str, str]:
    """What is needed → the header under which it is found.

    Raises:
        ColumnMissing: Number, subject or time is not there.
    """
    found = headers_of(headers)
    for name in NEEDED:
        if name not in found:
            raise ColumnMissing(needed=name, names=", ".join(HEADERS[name]))
    return found


def message_of(cells: Mapping[str, str], columns: Mapping[str, str]) -> Message | None:
    """The message in a row; ``None`` if it has no number or no time that can be read."""

    def cell(name: str) -> str:
        return (cells.get(columns.get(name, "")) or "").strip()

    at = instant(cell("time"))
    if at is None or not cell("id"):
        return None
    return Message(
        id=cell("id"),
        requester=cell("requester"),
        subject=cell("subject"),
        at=at,
        details=cell("details")[:MOST_DETAILS],
        like=_count(cell("like")),
        oppose=_count(cell("oppose")),
        place=cell("place"),
    )


def instant(text: str) -> datetime | None:
    """The local time in *text*, its zone left out: ``2025-03-01T20:00``, ``2025/3/1 8:00:05``."""
    moment = moment_in(text)
    return moment.replace(tzinfo=None) if moment else None


def _count(text: str) -> int:
    """The votes in *text*, ``1,234`` too; none where it is no number of votes."""
    whole = text.partition(".")[0].replace(",", "").replace("，", "")
    return int(whole) if whole.isdecimal() and len(whole) < 10 else 0  # noqa: PLR2004 - votes
