"""The door as whoever runs Luoshi has set it: jurisdictions, kinds of answers, limits.

Terms    jurisdiction 辖区 · programme 专项
Not here how the settings are read (``config.open311``)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings

POSTS_A_MINUTE = 300
CONTACT = "The office that runs this service."


@dataclass(frozen=True)
class Door:
    """What has been set."""

    jurisdictions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    batch: frozenset[str] = frozenset()
    blackbox: frozenset[str] = frozenset()
    is_extended: bool = False
    has_plain_types: bool = False
    client_id: str = ""
    posts_a_minute: int = POSTS_A_MINUTE
    contact: str = CONTACT

    def kind_of(self, programme: str) -> str:
        """Return how a service of *programme* answers: realtime, batch or blackbox."""
        if programme in self.blackbox:
            return "blackbox"
        return "batch" if programme in self.batch else "realtime"

    @property
    def has_several(self) -> bool:
        """Whether a jurisdiction must be named."""
        return len(self.jurisdictions) > 1

    @property
    def programmes(self) -> frozenset[str]:
        """Every programme that is named."""
        return self.batch.union(self.blackbox, *self.jurisdictions.values())


def door() -> Door:
    """Return the door of this installation."""
    return settings.LUOSHI_OPEN311
