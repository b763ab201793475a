"""YAML files: what is read, what is refused, and on which line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.formats import yaml_events
from luoshi.formats.yaml_events import NotPlain, events_of_plain
from luoshi.formats.yaml_file import (
    DEEPEST,
    LARGEST_FILE,
    Node,
    _Builder,
    _built,
    _explained,
    plain,
    read_yaml,
    tree_of,
)

SHIPPED = Path(__file__).parents[2] / "programmes"


def bare(node: Node) -> object:
    """Return *node* without its lines."""
    if isinstance(node.value, dict):
        return {key: bare(one) for key, one in node.value.items()}
    if isinstance(node.value, list):
        return [bare(one) for one in node.value]
    return node.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on: off", {"on": "off"}),
        ("no: yes", {"no": "yes"}),
        ("at: 12:30", {"at": "12:30"}),
        ("day: 2026-02-14", {"day": "2026-02-14"}),
        ("version: 2026.10", {"version": 2026.1}),
        ('version: "2026.10"', {"version": "2026.10"}),
        ("[1, -2, 3.5, true, null, ~, word]", [1, -2, 3.5, True, None, None, "word"]),
        ('"110": police', {"110": "police"}),
        ("110: police", {"110": "police"}),
        ("text: |\n  two\n  lines\n", {"text": "two\nlines\n"}),
        ("﻿id: bom".encode().decode("utf-8-sig"), {"id": "bom"}),
    ],
)
def test_words_stay_words(text: str, value: object) -> None:
    node, problems = tree_of(text, "file")
    assert problems == []
    assert node is not None
    assert bare(node) == value


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        pytest.param("a: 1\nb: 2\na: 3\n", "yaml.duplicate_key", 3, id="key given twice"),
        pytest.param("a: {b: 1, c: 2, b: 3}\n", "yaml.duplicate_key", 1, id="twice within"),
        pytest.param("a: &x 1\n", "yaml.anchor", 1, id="anchor"),
        pytest.param("a: 1\nb: *x\n", "yaml.alias", 2, id="alias"),
        pytest.param("a: !!python/object:os.system 1\n", "yaml.tag", 1, id="tag"),
        pytest.param("a: 1\n---\nb: 2\n", "yaml.documents", 2, id="two documents"),
        pytest.param("a: 1\n[b, c]: 2\n", "yaml.key", 2, id="a list as key"),
        pytest.param("a: 1\n b: 2\n", "yaml.syntax", 2, id="indentation"),
        pytest.param('a: "open\n', "yaml.syntax", 2, id="quote never closed"),
        pytest.param("a: \0\n", "yaml.syntax", 1, id="control character"),
        pytest.param('a: "\\UFFFFFFFF"\n', "yaml.syntax", 1, id="no such character"),
        pytest.param('a: "\\ud800"\n', "yaml.sign", 1, id="half a character"),
        pytest.param("a: 1\nb: x\u202ey\n", "yaml.sign", 2, id="text turned around"),
        pytest.param("", "yaml.empty", 1, id="empty"),
        pytest.param("# nothing\n", "yaml.empty", 1, id="only a remark"),
        pytest.param("- a\n" * 60_001, "yaml.too_many", 60_000, id="too many"),
        pytest.param("a: " + "[" * 5000, "yaml.too_deep", 1, id="deep"),
    ],
)
def test_what_is_refused_names_its_line(text: str, code: str, line: int) -> None:
    _, problems = tree_of(text, "some/file.yaml")
    assert (code, line) in {(one.code, one.line) for one in problems}, problems
    assert {one.file for one in problems} == {"some/file.yaml"}


def test_a_bomb_of_aliases_is_refused_before_it_goes_off() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
    )
    node, problems = tree_of(bomb, "bomb.yaml")
    assert node is not None
    assert "yaml.alias" in {one.code for one in problems}
    assert len(str(bare(node))) < 10_000


def test_depth_up_to_the_limit_is_read() -> None:
    node, problems = tree_of("[" * DEEPEST + "]" * DEEPEST, "deep.yaml")
    assert node is not None
    assert problems == []


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        pytest.param("a: 路灯\nb: 坏了\n".encode("gb18030"), "file.encoding", 1, id="GB18030"),
        pytest.param("a: 1\nb: ä\n".encode("latin-1"), "file.encoding", 2, id="Latin-1"),
        pytest.param(b"a" * (LARGEST_FILE + 1), "file.too_large", 0, id="too large"),
    ],
)
def test_files_that_cannot_be_text_are_refused(
    tmp_path: Path, content: bytes, code: str, line: int
) -> None:
    (tmp_path / "x.yaml").write_bytes(content)
    node, problems = read_yaml(tmp_path / "x.yaml", "x.yaml")
    assert node is None
    assert [(one.code, one.line) for one in problems] == [(code, line)]


def test_a_file_that_is_not_there_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    node, problems = read_yaml(tmp_path / "none.yaml", "none.yaml")
    assert node is None
    assert [one.code for one in problems] == ["file.unreadable"]


@given(st.text(max_size=300))
def test_no_text_makes_it_crash(text: str) -> None:
    node, problems = tree_of(text, "any.yaml")
    assert node is not None or problems


@given(st.text(alphabet="ab:- \n[]{}&*!|>'\"#%?,", max_size=60))
def test_no_signs_of_yaml_make_it_crash(text: str) -> None:
    node, problems = tree_of(text, "any.yaml")
    assert node is not None or problems


@given(st.integers(-(10**17), 10**17) | st.booleans())
def test_plain_values_are_read_as_they_are_written(value: object) -> None:
    assert plain(str(value).lower() if isinstance(value, bool) else str(value)) == value


PIECES = st.sampled_from(
    [
        *" \n:-?,[]{}#!|>'\"%@~=\\/.<*&\t",
        *(
            "\n  ",
            "\n- ",
            "\n    ",
            ": ",
            "- ",
            "a",
            "b: ",
            "{a: b}",
            "[a, b]",
            " # c",
            "|-\n",
            ">\n",
        ),
        *("路灯", "\u2028", "\x85", "---", "...", "''", '\\"', "? ", "<<: ", "null", "1.5"),
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_the_fast_parser_reads_what_the_other_reads_or_leaves_it_to_it(text: str) -> None:
    try:
        quickly = _built(_Builder("file"), events_of_plain(text))
    except NotPlain:
        return
    assert quickly == _explained(text, "file")


@pytest.mark.parametrize(
    "path", sorted(SHIPPED.rglob("*.yaml")), ids=lambda path: path.parent.name
)
def test_what_is_shipped_is_read_by_both_alike(path: Path) -> None:
    text = path.read_text("utf-8")
    assert tree_of(text, "file") == _explained(text, "file")


def test_without_the_fast_parser_nothing_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: {b: [1, two]}\n"
    quickly = tree_of(text, "file")
    monkeypatch.setattr(yaml_events, "PARSER", None)
    assert tree_of(text, "file") == quickly
