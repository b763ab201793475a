"""Write docs/reference/open311-conformance.md: every line of the checklist, with its tests.

.venv/bin/python docs/make_conformance.py
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "open311-conformance.md"
TESTS = ROOT / "tests" / "api" / "open311"
HEAD = """\
# Open311: conformance

Written by `docs/make_conformance.py` from the tests in `tests/api/open311/`; a test compares. C is
the core of GeoReport v2, E an extension, T a trap in which clients or other servers were caught.
How the door is used: [Open311](open311.md).
"""
CORE: dict[str, str] = {
    "C1": "discovery in XML and JSON, same content, nine fields, changesets in the past, two "
    "endpoints, two formats each",
    "C2": "the suffix alone chooses the form; an unknown one is 404",
    "C3": "content types, charset, XML declaration; the charset can be switched off",
    "C4": "fields of services; truth is `true`/`false` in XML, boolean in JSON",
    "C5": "ids are text; leading zeros survive",
    "C6": "definition of a service; 404 for unknown ones and those that ask nothing",
    "C7": "three forms of place; none, half a point, outside, exchanged: 400",
    "C8": "required answers, offered values, blank optional ones",
    "C9": "several values with `[]` and by repetition",
    "C10": "missing, wrong, revoked or reading key: 403",
    "C11": "jurisdictions: unknown 404, missing 400, ignored when there is one",
    "C12": "realtime: number; batch: token, then number; blackbox: neither; never both",
    "C13": "4,000 characters, line breaks, Chinese, emoji, HTML as text",
    "C14": "ids override; comma lists; 90 days; 1,000; both ends belong to a window",
    "C15": "one request is an array of one; 404 with errors",
    "C16": "closed: `updated_datetime` is the time of closing; `expected_datetime` is what the "
    "programme promises, until it is fulfilled",
    "C17": "empty parameters are absent",
    "C18": "errors in both forms, several at once; 405; broken forms",
    "C19": "arrays stay arrays with 0, 1, n entries; empty element and null",
    "C20": "private cases are never listed and 404; an application follows its own",
    "C21": "only approved words and released photographs; no point finer than the published place",
}
BEYOND: dict[str, str] = {
    "E22": "pages, headers, empty past the end, a next page that stands still",
    "E23": "updates by window; additions once",
    "E24": "finer states behind a switch",
    "E25": "multipart files under all usual names; limits; `media_url` is never fetched",
    "E26": "groups, keywords, automated attributes",
    "E27": "updated_after, bbox, radius, locale",
    "T28": "slash or none, `deviceid`, encoded brackets, a key on GET",
    "T29": "`Access-Control-Allow-Origin: *` on GET; OPTIONS tells what a page may do",
    "T30": "`georeport` in both forms, `three`, FixMyStreet's client, the adapter's scenarios, "
    "the validator's rules",
}
LINES = CORE | BEYOND
STANDARD: tuple[tuple[str, str], ...] = (
    ("GET discovery", "C1 C3"),
    ("GET services", "C4 C11"),
    ("GET services/CODE", "C6 C8"),
    ("POST requests", "C7 C8 C9 C10 C12 C13 E25"),
    ("GET tokens/TOKEN", "C12"),
    ("GET requests", "C14 C16 C17 C20 C21"),
    ("GET requests/ID", "C15 C20"),
    ("fields and their types", "C4 C5 C13 C16 C19"),
    ("errors", "C10 C15 C18"),
    ("GET and POST servicerequestupdates", "E23 E24"),
    ("open311-validator", "C3 T30"),
    ("three", "E22 T28 T30"),
    ("georeport", "C2 C14 C19 T30"),
    ("FixMyStreet", "C8 C12 E23 E25 E26 T28 T30"),
    ("open311-adapter", "T30"),
)
"""Every part of the standard, and every client that was read, with the lines that hold for it."""


def prefix_of(line: str) -> str:
    """Return how the names of the tests of *line* begin."""
    return f"test_{line[0].lower()}{int(line[1:]):02d}_"


@lru_cache(maxsize=1)
def tests() -> tuple[tuple[str, str], ...]:
    """Return file and name of every test at this door, in order."""
    return tuple(_tests())


def _tests() -> Iterator[tuple[str, str]]:
    for path in sorted(TESTS.glob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield path.name, node.name


def tests_of(line: str) -> list[tuple[str, str]]:
    """Return the tests of *line*."""
    return [(file, name) for file, name in tests() if name.startswith(prefix_of(line))]


def page() -> str:
    """Return the page as it should be."""
    parts = [HEAD, "| part of the standard, or client | lines |", "|---|---|"]
    parts += [f"| {part} | {', '.join(lines.split())} |" for part, lines in STANDARD]
    for line, says in LINES.items():
        parts += ["", f"## {line}", "", f"{says[0].upper()}{says[1:]}.", ""]
        parts += [f"- `{file}` {_words(name, line)}" for file, name in tests_of(line)]
    rest = [one for one in tests() if not any(one in tests_of(line) for line in LINES)]
    parts += ["", "## Beside the checklist", ""]
    parts += [f"- `{file}` {_words(name, '')}" for file, name in rest]
    return "\n".join(parts) + "\n"


def _words(name: str, line: str) -> str:
    return name.removeprefix(prefix_of(line) if line else "test_").replace("_", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stderr.write(f"{PAGE}\n")
