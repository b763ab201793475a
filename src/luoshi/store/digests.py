"""Digests: what is kept of a secret that was told once.

Terms    digest 摘要
"""

from __future__ import annotations

from hashlib import sha256


def digest_of(secret: str) -> bytes:
    """Return what is kept of *secret*. It is long and random: no salt, no slow hash is needed."""
    return sha256(secret.encode()).digest()
