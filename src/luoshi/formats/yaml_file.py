"""YAML files: a small, strict part of YAML 1.2, with the line of every value.

What is read: mappings, lists, text, numbers, true/false and null. What is refused, because a file
that a department writes needs none of it and an attacker might: anchors and aliases (a few lines
can stand for gigabytes), tags, several documents, keys given twice, very large or very deep files.

Words stay words: ``on``, ``no`` and ``12:30`` are text, as YAML 1.2 says.

Terms    node 节点 · line 行 (counted from 1)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from luoshi.formats.yaml_events import Event, NotPlain, events_of, events_of_plain
from luoshi.kernel.errors import Problem

LARGEST_FILE = 1_000_000
"""Bytes; a programme of two hundred transitions has a tenth of that."""

DEEPEST = 40
"""Levels of lists and mappings within each other."""

MOST_VALUES = 60_000
"""Keys and values; reading more takes longer than anybody waits."""

Scalar = str | int | float | bool | None

NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, halves of characters, and marks that turn the direction of text around."""

INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?")
WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(slots=True)
class Node:
    """One value of a file: a scalar, a list of nodes or a mapping of nodes."""

    value: Scalar | list[Node] | dict[str, Node]
    line: int
    key_line: int = 0
    text: str = ""

    @property
    def kind(self) -> str:
        """Return what it is, in words for people."""
        match self.value:
            case dict():
                return "a mapping"
            case list():
                return "a list"
            case bool():
                return "true or false"
            case None:
                return "nothing"
            case str():
                return "text"
        return "a number"


@dataclass(slots=True)
class _Open:
    """A list or mapping that is still being read; ``key`` waits for its value."""

    node: Node
    key: str | None = None
    key_line: int = 0


@dataclass(slots=True)
class _Builder:
    file: str
    problems: list[Problem] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    root: Node | None = None
    documents: int = 0
    values: int = 0

    def take(self, event: Event) -> None:
        """Take one event of either parser: both call their classes alike."""
        line = event.start_mark.line + 1
        match type(event).__name__:
            case "DocumentStartEvent":
                self._document(line)
            case "AliasEvent":
                self._refuse("yaml.alias", "an alias (*name) is not read; write it out", line)
                self._put(Node(None, line), "")
            case "MappingStartEvent":
                self._ornaments(event, line)
                self._begin(Node({}, line))
            case "SequenceStartEvent":
                self._ornaments(event, line)
                self._begin(Node([], line))
            case "MappingEndEvent" | "SequenceEndEvent":
                self.stack.pop()
            case "ScalarEvent":
                self._ornaments(event, line)
                self._signs(event.value, line)
                value = plain(event.value) if event.implicit[0] else event.value
                self._put(Node(value, line, text=event.value), event.value)

    def _document(self, line: int) -> None:
        self.documents += 1
        if self.documents == 2:  # noqa: PLR2004  the second one
            self._refuse("yaml.documents", "only one document is read; remove the line ---", line)

    def _ornaments(self, event: Event, line: int) -> None:
        if event.anchor:
            self._refuse("yaml.anchor", "an anchor (&name) is not read; remove it", line)
        tag = getattr(event, "tag", None)
        if tag not in (None, "!"):
            self._refuse("yaml.tag", f"the tag {tag} is not read; remove it", line)

    def _signs(self, text: str, line: int) -> None:
        if not text.isprintable() and NO_TEXT.search(text):
            self._refuse("yaml.sign", "a sign in it is no text; remove it", line)

    def _begin(self, node: Node) -> None:
        if len(self.stack) >= DEEPEST:
            said = f"lists and mappings lie more than {DEEPEST} deep; make it flatter"
            raise _TooMuch("yaml.too_deep", said, node.line)
        self._put(node, None)
        self.stack.append(_Open(node))

    def _put(self, node: Node, as_key: str | None) -> None:
        self.values += 1
        if self.values > MOST_VALUES:
            said = f"has more than {MOST_VALUES} values; move lists into CSV files"
            raise _TooMuch("yaml.too_many", said, node.line)
        if self.documents > 1:
            return
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        if isinstance(top.node.value, list):
            top.node.value.append(node)
        elif top.key is None:
            self._key(top, node, as_key)
        else:
            self._entry(top, node)

    def _key(self, top: _Open, node: Node, text: str | None) -> None:
        if text is None:
            self._refuse("yaml.key", "a key is a word, not a list or a mapping", node.line)
        top.key, top.key_line = text or "", node.line

    def _entry(self, top: _Open, node: Node) -> None:
        entries, key = top.node.value, top.key or ""
        top.key = None
        assert isinstance(entries, dict)  # noqa: S101  lists were handled by _put
        node.key_line = top.key_line
        if node.value is None and not node.text:  # nothing stands there: look at its key
            node.line = top.key_line
        if key in entries:
            first = entries[key].key_line
            self._refuse(
                "yaml.duplicate_key",
                f"the key {key!r} was given before, on line {first}; keep one of the two",
                top.key_line,
            )
        else:
            entries[key] = node

    def _refuse(self, code: str, message: str, line: int) -> None:
        self.problems.append(Problem(code, message, "", self.file, line))


class _TooMuch(Exception):
    def __init__(self, code: str, message: str, line: int) -> None:
        self.code, self.message, self.line = code, message, line


def plain(text: str) -> Scalar:
    """Return what an unquoted *text* means in YAML 1.2."""
    if text in WORDS:
        return WORDS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    if NUMBER.fullmatch(text):
        return float(text)
    return text


def tree_of(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    """Return the values of *text* with their lines, and every problem found on the way.

    Args:
        text: What the file holds.
        file: Name under which problems are reported.

    Returns:
        ``None`` for the tree when nothing of it can be used.
    """
    try:
        return _built(_Builder(file), events_of_plain(text))
    except NotPlain:
        return _explained(text, file)


def _built(builder: _Builder, events: Iterable[Event]) -> tuple[Node | None, list[Problem]]:
    """Return the tree of a file in which nothing is odd, quickly.

    Raises:
        NotPlain: Something is: what it is, only the slower parser can say.
    """
    try:
        for event in events:
            builder.take(event)
    except _TooMuch as much:
        builder.problems.append(Problem(much.code, much.message, "", builder.file, much.line))
        return None, builder.problems
    if builder.root is None or builder.problems:
        raise NotPlain
    return builder.root, []


def _explained(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    """Return the tree of any file, and everything that is the matter with it."""
    builder = _Builder(file)
    try:
        for event in events_of(text):
            builder.take(event)
    except _TooMuch as much:
        return None, [*builder.problems, Problem(much.code, much.message, "", file, much.line)]
    except (YAMLError, ValueError, OverflowError) as error:
        return None, [*builder.problems, _syntax(error, file)]
    if builder.root is None:
        builder.problems.append(Problem("yaml.empty", "the file is empty", "", file, 1))
    return builder.root, builder.problems


def _syntax(error: Exception, file: str) -> Problem:
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        said = " ".join(part for part in (error.context, error.problem) if part)
        message = f"this is not YAML: {said}; check indentation, colons and quotes nearby"
        return Problem("yaml.syntax", message, "", file, mark.line + 1 if mark else 0)
    said = str(error).splitlines()[0]
    return Problem("yaml.syntax", f"this is not YAML: {said}; remove the odd sign", "", file, 1)


def text_of(path: Path, file: str) -> tuple[str | None, list[Problem]]:
    """Return the text of a file that somebody else wrote, or the problem that keeps it from it."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        said = f"cannot be read: {error.strerror}; check its name and its rights"
        return None, [Problem("file.unreadable", said, "", file)]
    if len(raw) > LARGEST_FILE:
        said = f"is larger than {LARGEST_FILE} bytes; a programme is much smaller"
        return None, [Problem("file.too_large", said, "", file)]
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        said = "is not UTF-8 text; save it again as UTF-8"
        return None, [Problem("file.encoding", said, "", file, line)]


def read_yaml(path: Path, file: str) -> tuple[Node | None, list[Problem]]:
    """Return the values in the file at *path*; *file* is its name in problems."""
    text, problems = text_of(path, file)
    return (None, problems) if text is None else tree_of(text, file)
