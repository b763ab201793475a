"""The JSON Schemas and the reference page say what the grammar reads."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import jsonschema
import pytest
from tests.programmes.sample import HERE, LAMP, lamp

from luoshi.formats.grammar.reading import Reading
from luoshi.formats.programme_parts.whole import PROGRAMME
from luoshi.formats.programmes import read_programme
from luoshi.formats.reference import files
from luoshi.formats.schema import programme_schema, scenarios_schema
from luoshi.formats.yaml_file import Node, tree_of

ROOT = HERE.parents[1]
PROGRAMMES = sorted(path.parent for path in (ROOT / "programmes").glob("*/programme.yaml"))


def bare(node: Node) -> object:
    """Return *node* without its lines."""
    if isinstance(node.value, dict):
        return {key: bare(one) for key, one in node.value.items()}
    if isinstance(node.value, list):
        return [bare(one) for one in node.value]
    return node.value


def document(text: str) -> Node:
    node, problems = tree_of(text, "x.yaml")
    assert node is not None
    assert problems == []
    return node


@pytest.mark.parametrize("name", files())
def test_the_files_in_the_repository_are_what_the_grammar_makes(name: str) -> None:
    assert (ROOT / name).read_text("utf-8") == files()[name], (
        "run: python -m luoshi.formats.reference"
    )


@pytest.mark.parametrize("schema", [programme_schema(), scenarios_schema()])
def test_they_are_json_schemas(schema: dict[str, object]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize("folder", PROGRAMMES, ids=lambda folder: folder.name)
@pytest.mark.parametrize(
    ("file", "schema"),
    [("programme.yaml", programme_schema()), ("scenarios.yaml", scenarios_schema())],
)
def test_shipped_files_keep_to_them(folder: Path, file: str, schema: dict[str, object]) -> None:
    read = bare(document((folder / file).read_text("utf-8")))
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(read)) == []


def mutated(node: Node, chance: Random) -> None:
    """Change one thing somewhere in *node*: remove it, rename it, or put something else there."""
    while isinstance(node.value, dict | list) and node.value:
        if isinstance(node.value, dict):
            key = chance.choice(list(node.value))
            if chance.random() < 0.3:
                entry = node.value.pop(key)
                if chance.random() < 0.5:
                    node.value[key + "x"] = entry
                return
            node = node.value[key]
        else:
            node = chance.choice(node.value)
        if chance.random() < 0.1:
            break
    node.value = chance.choice([None, 7, -1, "x y", "", True, {}, [], {"a": Node("b", 1)}])
    node.text = str(node.value)


@pytest.mark.parametrize("seed", range(150))
def test_whatever_the_schema_refuses_the_reader_refuses(tmp_path: Path, seed: int) -> None:
    node = document(LAMP)
    mutated(node, Random(seed))
    validator = jsonschema.Draft202012Validator(programme_schema())
    refused = list(validator.iter_errors(bare(node)))
    reading = Reading("x.yaml", tmp_path)
    PROGRAMME.read(node, reading, "")
    judged_later = all("is a required property" in error.message for error in refused)
    assert reading.problems or not refused or judged_later, refused


def test_what_the_schema_needs_is_needed(tmp_path: Path) -> None:
    for key in programme_schema()["required"]:  # type: ignore[attr-defined]
        lines, skipping = [], False
        for line in LAMP.splitlines():
            if not line.startswith((" ", "#")) and line:
                skipping = line.startswith(f"{key}:")
            if not skipping:
                lines.append(line)
        folder = lamp(tmp_path, text="\n".join(lines) + "\n")
        assert read_programme(folder).problems, key
