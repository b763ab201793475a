"""Where the real data is, if it is there: tests on it are skipped, with the reason, if not."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared_data(name: str) -> Path:
    """Return the folder or file *name* of the real data, or skip the test.

    The data is not part of the repository. LUOSHI_SHARED_DATA says where it is; without it
    ``../shared/data`` beside the repository is looked at.
    """
    given = os.environ.get("LUOSHI_SHARED_DATA")
    folder = Path(given) if given else ROOT.parent / "shared" / "data"
    if not (folder / name).exists():
        pytest.skip(f"real data {name!r} is not here (set LUOSHI_SHARED_DATA)")
    return folder / name
