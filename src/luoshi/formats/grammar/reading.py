"""Reading: one pass through a file, collecting values, lines and problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import Enum
from pathlib import Path
from typing import Protocol

from luoshi.formats.yaml_file import Node
from luoshi.kernel.errors import Problem


class Wrong(Enum):
    """Stands where a value could not be read; its problem has been reported."""

    VALUE = 0


WRONG = Wrong.VALUE

Schema = dict[str, object]


@dataclass(slots=True)
class Reading:
    """One pass through one file.

    Attributes:
        folder: Where further files of the programme lie.
        lines: Line of every value read, by path (``transitions.route.needs[1]``).
    """

    file: str
    folder: Path
    problems: list[Problem] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def wrong(self, code: str, message: str, path: str, line: int) -> Wrong:
        """Report a problem, and return what stands for the value."""
        self.problems.append(Problem(code, message, path, self.file, line))
        return WRONG

    def located(self, problem: Problem) -> Problem:
        """Return *problem* with the file and line of its path, or of the nearest part above it."""
        if problem.file:
            return problem
        path = problem.path
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        file = next((f for p, f in self.files.items() if problem.path.startswith(p)), self.file)
        return replace(problem, file=file, line=self.lines.get(path, 1))


class Kind(Protocol):
    """A kind of value: reads it, and says in JSON Schema what it reads."""

    def read(self, node: Node, reading: Reading, path: str) -> object:
        """Return the value, or ``WRONG`` after reporting what is the matter with it."""

    def schema(self) -> Schema:
        """Return the JSON Schema of what is read."""


def below(path: str, key: str) -> str:
    """Return the path of *key* in the mapping at *path*."""
    return f"{path}.{key}" if path else key


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a way out for an unknown *word*: the nearest known one, or all of them."""
    words = sorted(known)
    close = get_close_matches(word, words, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"known: {', '.join(words)}" if words else "none is defined"


def entries_of(node: Node) -> Mapping[str, Node] | None:
    """Return the entries of a mapping; ``None`` when it is none."""
    return node.value if isinstance(node.value, dict) else None
