"""The repository as its tests see it: the files it is made of."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = {".cfg", ".css", ".csv", ".html", ".js", ".json", ".md", ".mjs", ".po", ".py", ".sh", ""}
TEXT |= {".svg", ".toml", ".txt", ".yaml", ".yml"}


@cache
def tracked() -> tuple[Path, ...]:
    """Return every file that belongs to the repository, or would if it were added now."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    names = sorted(set(filter(None, listed.stdout.split("\0"))))
    return tuple(ROOT / name for name in names if (ROOT / name).is_file())


def texts(*below: str) -> list[Path]:
    """Return the text files, below any of the folders *below* if some are named."""
    chosen = [path for path in tracked() if path.suffix in TEXT]
    if not below:
        return chosen
    return [path for path in chosen if path.relative_to(ROOT).as_posix().startswith(below)]


def name(path: Path) -> str:
    """Return the name by which people know *path*."""
    return path.relative_to(ROOT).as_posix()


def read(path: Path) -> str:
    """Return the text of *path*."""
    return path.read_text(encoding="utf-8")
