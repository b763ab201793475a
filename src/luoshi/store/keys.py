"""Keys: UUIDv7 for things, short codes for people.

A UUIDv7 begins with the time at which it was made, so rows written together lie together. Whoever
creates a thing makes its key, also a phone without signal: sent again, it is the same thing.
"""

from __future__ import annotations

import hmac
import os
import re
import time
from uuid import UUID, uuid5

CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Signs of a query code: none that is mistaken for another on paper or by telephone."""

CODE_LENGTH = 8
KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SOURCE_KEYS = UUID("6b0d1f3c-5a55-5f0e-9d1c-2f6c5e1f7a11")


def new_key(at_ms: int | None = None) -> str:
    """Return a fresh UUIDv7 as text; *at_ms* is the Unix time in milliseconds (default: now)."""
    stamp = (time.time_ns() // 1_000_000) if at_ms is None else at_ms
    noise = int.from_bytes(os.urandom(10))
    value = (stamp & (1 << 48) - 1) << 80 | 0x7 << 76 | (noise >> 68) << 64
    digits = f"{value | 0b10 << 62 | noise & (1 << 62) - 1:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def key_from_source(programme: str, source: str) -> str:
    """Return the key of a case that another system knows as *source*: always the same one."""
    return str(uuid5(SOURCE_KEYS, f"{programme}\n{source}"))


def is_key(text: object) -> bool:
    """Return whether *text* is the canonical text of a UUID."""
    return isinstance(text, str) and KEY.fullmatch(text) is not None


def code_digest(secret_key: str, case: str, code: str) -> bytes:
    """Return what is kept of a query code: it can be compared but not read back."""
    clean = code.strip().upper().replace("-", "").replace(" ", "")
    return hmac.digest(secret_key.encode(), f"{case}/{clean}".encode(), "sha256")


def is_code(secret_key: str, case: str, code: str, digest: bytes) -> bool:
    """Return whether *code* opens *case*, in constant time."""
    return hmac.compare_digest(code_digest(secret_key, case, code), digest)
