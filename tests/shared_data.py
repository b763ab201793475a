"""Real data made by others: used where present, skipped with a clear reason where not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("LUOSHI_SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")


def shared_path(*parts: str) -> Path:
    """Return the path of a real data file, or skip the test that asks for it."""
    path = ROOT.joinpath(*parts)
    if not path.exists():
        name = "/".join(parts)
        pytest.skip(f"real data {name} is not here: set LUOSHI_SHARED_DATA to its folder")
    return path
