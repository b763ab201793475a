"""A case as conditions see it, at one instant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from luoshi.kernel.case import Case


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as conditions see it at one instant, with the answers of the step being taken."""

    case: Case | None
    answers: Mapping[str, object]
    now: datetime

    def value(self, name: str) -> object:
        given = self.answers.get(name)
        if given is not None:
            return given
        return self.case.values.get(name, self.case.sealed.get(name)) if self.case else None

    def clock(self, name: str) -> str:
        clock = self.case.clocks.get(name) if self.case else None
        return clock.told(self.now) if clock else "absent"

    def count(self, transition: str) -> int:
        return self.case.counts.get(transition, 0) if self.case else 0

    def raised(self, hold: str) -> int:
        return len(self.case.holds.get(hold, ())) if self.case else 0

    def open_parts(self) -> int:
        return len(self.case.open_parts) if self.case else 0

    def draw(self, name: str) -> float:
        return lot(self.case.id, name) if self.case else 1.0


def lot(case: str, name: str) -> float:
    """Return the lot of *case* in the draw *name*: evenly spread, and always the same one."""
    return int.from_bytes(sha256(f"{name}/{case}".encode()).digest()[:4]) / (1 << 32)
