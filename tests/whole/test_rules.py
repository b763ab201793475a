"""Every rule of ``luoshi check`` has a programme in the tests that breaks it, and nothing else.

Which codes there are is read from the source. What breaks them stands in tables: each row is a
change of a sample, and another test holds it to finding exactly what the row says.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.programmes.sample import breaks
from tests.whole.tree import ROOT, read, texts

TABLES = ("broken.yaml", "broken_works.yaml", "broken_text.yaml", "broken_scenarios.yaml")

IN_TESTS = {
    "tests/programmes/test_between.py": {
        *("part.in_vain", "part.not_carried", "part.not_personal", "part.not_system"),
        *("part.not_voidable", "part.type", "part.unknown"),
    },
    "tests/programmes/test_shipped.py": {"calendar.unknown", "folder.empty", "folder.missing"},
    "tests/formats/test_programmes.py": {"list.row"},
    "tests/formats/test_yaml_file.py": {
        *("file.encoding", "file.too_large", "yaml.empty", "yaml.too_many"),
    },
}
"""What takes more than other words: several programmes, a file that is no text, a huge one."""

NEVER_ALONE = {
    "yaml.alias": "what the alias stands for is not known, so a value is missing, too",
    "yaml.key": "a key that is a list is no name either",
}

RULES = ROOT / "src" / "luoshi" / "kernel" / "checks"
READERS = ("grammar/", "programme_parts/", "programmes.py", "scenarios.py", "judgement.py",
           "yaml_file.py")  # fmt: skip
CODE = re.compile(r"[a-z_]+\.[a-z_]+|type")
IN_LOOPS = {
    *(f"unused.{kind}" for kind in ("clock", "field", "list", "role")),
    *(f"{kind}.unknown" for kind in ("clock", "hold", "number", "rung", "state", "word")),
}
"""Codes that are put together where one rule goes through several kinds of names."""


def sources() -> list[Path]:
    readers = [path for name in READERS for path in texts(f"src/luoshi/formats/{name}")]
    return [*RULES.glob("*.py"), *(path for path in readers if path.suffix == ".py")]


def calls(path: Path) -> Iterator[tuple[str, ast.expr]]:
    """Yield the name of everything that is called in a file, with the first argument."""
    for node in ast.walk(ast.parse(read(path))):
        if isinstance(node, ast.Call) and node.args:
            yield ast.unparse(node.func).rpartition(".")[2], node.args[0]


def codes() -> set[str]:
    """Return every code that the source can report."""
    found: set[str] = set()
    for name, first in (call for path in sources() for call in calls(path)):
        word = first.value if isinstance(first, ast.Constant) else ""
        if name in {"Problem", "wrong", "_refuse", "_TooMuch"} and CODE.fullmatch(str(word)):
            found.add(str(word))
        elif name in {"unknown", "_unknown"} and word:
            found.add(f"{word}.unknown")
    return found | IN_LOOPS


def broken() -> dict[str, set[tuple[str, ...]]]:
    """Return for each code what else breaks with it, for every way in which it is broken."""
    ways: dict[str, set[tuple[str, ...]]] = {}
    for row in (row for table in TABLES for row in breaks(table)):
        ways.setdefault(row.code, set()).add(tuple(row.also))
    for found in IN_TESTS.values():
        ways.update({code: {()} for code in found})
    return ways


def test_the_codes_are_found_in_the_source() -> None:
    assert len(codes()) > 110
    assert {"state.no_end", "yaml.tag", "unused.role", "refusal.unknown", "type"} <= codes()


def test_every_rule_has_a_programme_that_breaks_exactly_it() -> None:
    ways = broken()
    assert codes() - ways.keys() == set()
    assert {code for code, also in ways.items() if () not in also} == NEVER_ALONE.keys()


def test_no_table_names_a_rule_that_is_gone() -> None:
    assert broken().keys() - codes() == set()


@pytest.mark.parametrize("file", IN_TESTS)
def test_a_rule_that_a_test_breaks_stands_there(file: str) -> None:
    text = read(ROOT / file)
    assert [code for code in IN_TESTS[file] if f'"{code}"' not in text] == []
