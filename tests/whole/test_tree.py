"""What must hold for every file of the repository."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from statistics import median, quantiles

from tests.whole.tree import ROOT, name, read, texts

MOST_LINES = 400
EMPTY_NAMES = {"utils", "util", "common", "helpers", "helper", "manager", "misc"}
MACHINE_PATH = re.compile(r"(?<![\w.<])/(?:root|work|home|Users|mnt)/\w+")
DOWNLOAD = re.compile(
    r"(?:pypi|registry|files)\.[\w.-]*(?:org|com|net|cn)/|--(?:extra-)?index-url"
)
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=\"|javascript:")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def offences(pattern: re.Pattern[str], paths: list[Path]) -> dict[str, list[str]]:
    """Return what *pattern* finds, by the name of the file."""
    found = {name(path): pattern.findall(read(path)) for path in paths}
    return {file: hits for file, hits in found.items() if hits}


def test_no_file_of_the_source_is_too_long() -> None:
    made_by_django = "src/luoshi/store/migrations/"
    long = {
        name(path): count
        for path in texts("src/")
        if path.suffix in {".py", ".html", ".css", ".js"}
        and not name(path).startswith(made_by_django)
        and (count := len(read(path).splitlines())) > MOST_LINES
    }
    assert long == {}


def test_functions_are_small() -> None:
    lengths = [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for path in texts("src/")
        if path.suffix == ".py"
        for node in ast.walk(ast.parse(read(path)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert median(lengths) <= 12
    assert quantiles(lengths, n=10)[-1] <= 32


def test_modules_are_named_by_their_subject() -> None:
    assert [name(path) for path in texts("src/") if path.stem in EMPTY_NAMES] == []


def test_no_file_names_a_machine_or_a_place_to_download_from() -> None:
    assert offences(MACHINE_PATH, texts()) == {}
    assert offences(DOWNLOAD, [path for path in texts() if path != Path(__file__)]) == {}


def test_no_template_needs_a_looser_policy_than_ours() -> None:
    pages = [path for path in texts("src/luoshi/") if path.suffix == ".html"]
    assert offences(INLINE, pages) == {}


def test_links_between_pages_lead_somewhere() -> None:
    dead = {
        name(path): link
        for path in texts()
        if path.suffix == ".md"
        for link in LINK.findall(read(path))
        if not (path.parent / link).exists()
    }
    assert dead == {}


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(?:TODO|FIXME|XXX)\b")
    own = Path(__file__)
    assert [name(path) for path in texts() if path != own and later.search(read(path))] == []


def test_the_root_holds_what_newcomers_look_for() -> None:
    for wanted in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"):
        assert (ROOT / wanted).is_file(), wanted
