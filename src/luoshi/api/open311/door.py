"""The door as whoever runs Luoshi has set it: jurisdictions, kinds of answers, limits.

==================================  ===============================================================
LUOSHI_OPEN311_JURISDICTIONS        ``id=programme,programme;id=programme``; default: one, with all
LUOSHI_OPEN311_BATCH                programmes that answer with a token, comma separated
LUOSHI_OPEN311_BLACKBOX             programmes that answer with nothing to follow, comma separated
LUOSHI_OPEN311_EXTENDED             ``1`` tells finer states than open and closed in updates
LUOSHI_OPEN311_PLAIN_TYPES          ``1`` leaves the charset out of content types
LUOSHI_OPEN311_CLIENT_ID            attribute in which a client sends its own number of a request
LUOSHI_OPEN311_POSTS_A_MINUTE       requests that one key may send to one server process; 300
LUOSHI_OPEN311_CONTACT              whom developers turn to, in words
==================================  ===============================================================

Terms    jurisdiction 辖区 · programme 专项
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

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

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Door:
        """Return what *environ* says, with defaults for the rest.

        Raises:
            ValueError: The number of posts is none.
        """
        return cls(
            jurisdictions=_jurisdictions(environ.get("LUOSHI_OPEN311_JURISDICTIONS", "")),
            batch=frozenset(_names(environ.get("LUOSHI_OPEN311_BATCH", ""))),
            blackbox=frozenset(_names(environ.get("LUOSHI_OPEN311_BLACKBOX", ""))),
            is_extended=_is_on(environ.get("LUOSHI_OPEN311_EXTENDED", "")),
            has_plain_types=_is_on(environ.get("LUOSHI_OPEN311_PLAIN_TYPES", "")),
            client_id=environ.get("LUOSHI_OPEN311_CLIENT_ID", "").strip(),
            posts_a_minute=int(environ.get("LUOSHI_OPEN311_POSTS_A_MINUTE") or POSTS_A_MINUTE),
            contact=environ.get("LUOSHI_OPEN311_CONTACT", "").strip() or CONTACT,
        )

    def kind_of(self, programme: str) -> str:
        """Return how a service of *programme* answers: realtime, batch or blackbox."""
        if programme in self.blackbox:
            return "blackbox"
        return "batch" if programme in self.batch else "realtime"

    @property
    def has_several(self) -> bool:
        """Whether a jurisdiction must be named."""
        return len(self.jurisdictions) > 1


@lru_cache(maxsize=1)
def door() -> Door:
    """Return the door of this installation."""
    return Door.read(os.environ)


def _jurisdictions(words: str) -> dict[str, tuple[str, ...]]:
    pairs = (part.partition("=") for part in words.split(";") if part.strip())
    return {name.strip(): tuple(_names(programmes)) for name, _, programmes in pairs}


def _names(words: str) -> list[str]:
    return [word.strip() for word in words.split(",") if word.strip()]


def _is_on(word: str) -> bool:
    return word.strip().lower() in {"1", "true", "yes"}
