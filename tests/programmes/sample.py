"""Small programmes that are sound, to be broken in one place at a time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from luoshi.formats.programmes import read_programme
from luoshi.kernel.errors import Problem

HERE = Path(__file__).parent
LAMP = (HERE / "lamp.yaml").read_text("utf-8")
WORKS = (HERE / "works.yaml").read_text("utf-8")


@dataclass(frozen=True)
class Break:
    """One way to break a sample, and the problem that it makes.

    Attributes:
        also: Codes of what cannot but break with it; where there are none, it breaks exactly this.
    """

    code: str
    path: str
    changes: list[tuple[str, str]]
    also: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.code} at {self.path}"


def breaks(file: str = "broken.yaml") -> list[Break]:
    """Return the ways to break a sample."""
    return [Break(**row) for row in YAML(typ="safe", pure=True).load(HERE / file)]


def lamp(folder: Path, *changes: tuple[str, str], text: str = LAMP) -> Path:
    """Write the sample into a folder of its own, each old text replaced by the new one, once."""
    for old, new in changes:
        assert text.count(old) >= 1, f"the sample does not say {old!r}"
        text = text.replace(old, new, 1)
    home = folder / ("works" if "id: works" in text else "lamp")
    home.mkdir(exist_ok=True)
    (home / "programme.yaml").write_text(text, encoding="utf-8")
    return home


def problems(folder: Path, *changes: tuple[str, str], text: str = LAMP) -> tuple[Problem, ...]:
    """Return what is the matter with the sample after *changes*."""
    return read_programme(lamp(folder, *changes, text=text)).problems


def line_of(part: str, text: str = LAMP) -> int:
    """Return the line on which *part* stands in the sample."""
    return text[: text.index(part)].count("\n") + 1
