"""Where: the conditions of a statement and the values they name, collected one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Where:
    """Conditions that all must hold; as text they stand behind ``WHERE``."""

    parts: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def add(self, part: str, **values: object) -> None:
        """Add a condition, with the values it names."""
        self.parts.append(part)
        self.values |= values

    def __str__(self) -> str:
        return " AND ".join(self.parts) or "true"
