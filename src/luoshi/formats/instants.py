"""Instants as people write them in a table: ISO 8601, 2026/3/6 9:30, 2026年3月6日 9时30分."""

from __future__ import annotations

import re
from datetime import datetime

WRITTEN = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[ T]*(\d{1,2})[:：时](\d{1,2})分?(?:[:：]?(\d{1,2})(?:\.\d+)?秒?)?)?"
)


def moment_in(text: str) -> datetime | None:
    """Return the moment that *text* names, with a zone only where it says one.

    Example:
        >>> moment_in("2026年3月6日 9时30分")
        datetime.datetime(2026, 3, 6, 9, 30)
        >>> moment_in("3/4/2026") is None
        True
    """
    clean = text.strip()
    found = WRITTEN.fullmatch(clean)
    try:
        if found is None:
            return datetime.fromisoformat(clean)
        return datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001 - local
    except ValueError:
        return None
