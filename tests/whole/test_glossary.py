"""The glossary and the code use the same words."""

from __future__ import annotations

import re
from functools import cache

import pytest
from tests.whole.tree import ROOT, read, texts

ROW = re.compile(
    r"^\| (?P<zh>[^|]+) \| (?P<en>[^|]+) \| (?P<code>[^|]+) \| (?P<meaning>[^|]+) \|$"
)


def rows() -> list[dict[str, str]]:
    lines = read(ROOT / "docs/glossary.md").splitlines()
    found = [match.groupdict() for line in lines if (match := ROW.match(line))]
    return [row for row in found if row["zh"] not in {"中文", "---"}]


@cache
def code_words() -> frozenset[str]:
    files = texts("src/luoshi", "programmes", "calendars")
    chosen = [path for path in files if path.suffix in {".py", ".yaml"}]
    return frozenset(word for path in chosen for word in re.findall(r"\w+", read(path)))


def test_it_holds_the_words_of_the_house() -> None:
    assert len(rows()) >= 80


def test_every_code_word_exists() -> None:
    for row in rows():
        word = re.fullmatch(r"`(\w+)`|—", row["code"])
        assert word, row
        assert word.group(1) in code_words() | {None}, row


@pytest.mark.parametrize("column", ["zh", "en"])
def test_no_word_is_explained_twice(column: str) -> None:
    words = [row[column] for row in rows()]
    assert sorted(word for word in set(words) if words.count(word) > 1) == []


def test_chinese_is_chinese_and_english_is_not() -> None:
    for row in rows():
        assert re.search(r"[\u4e00-\u9fff]", row["zh"]), row
        assert not re.search(r"[\u4e00-\u9fff]", row["en"]), row
