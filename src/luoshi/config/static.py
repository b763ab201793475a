"""Addresses of files for the browser: each carries a version, so that caches never go stale."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class VersionedStorage(StaticFilesStorage):
    """Serve files where they lie, with no collecting step."""

    def url(self, name: str | None) -> str:
        """Return the address of *name*, with a digest of its content."""
        plain = super().url(name)
        found = finders.find(name) if name else None
        return f"{plain}?v={_digest(Path(found))}" if found else plain


@lru_cache(maxsize=256)
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]
