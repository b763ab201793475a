"""Reference: the page of the language of programmes, made from the grammar that reads the files.

``python -m luoshi.formats.reference`` writes the page and the JSON Schemas into the repository; a
test holds them to what the grammar says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from luoshi.formats.grammar.forms import Form, Key
from luoshi.formats.grammar.reading import Schema
from luoshi.formats.programme_parts.clocks import CLOCK, LIMIT_RULE, RUNG, STAGE, WARN
from luoshi.formats.programme_parts.conditions import SORTS
from luoshi.formats.programme_parts.fields import FIELD
from luoshi.formats.programme_parts.lists import IN_FILE
from luoshi.formats.programme_parts.outward import NOTICE, PUBLISH
from luoshi.formats.programme_parts.people import ROLE, STATE
from luoshi.formats.programme_parts.provisions import (
    CLOSE_KIND,
    HOLD,
    PHASE,
    QUIET,
    WALL,
)
from luoshi.formats.programme_parts.scenario import SCENARIO, STEP, THEN
from luoshi.formats.programme_parts.suggesting import HEAT, SUGGEST, TAKES_TOPICS
from luoshi.formats.programme_parts.transitions import CONDITIONAL, EXTEND, PARTS, TRANSITION
from luoshi.formats.programme_parts.whole import PROGRAMME
from luoshi.formats.schema import programme_schema, scenarios_schema

ROOT = Path(__file__).resolve().parents[3]
Chapter = tuple[str, str, Form]

LISTS = """By name. A list is written out, code by code, as `{zh-Hans: …, en: …}`, with `parent`
where it is a tree. Or it names a file, with the columns `code`, `parent`, `zh-Hans`, `en` and any
others, which are kept as data."""

CHAPTERS: tuple[Chapter, ...] = (
    ("programme.yaml", "The sections of the file, in this order.", PROGRAMME),
    ("lists", LISTS, IN_FILE),
    ("fields", "By name: the answers that a case may hold.", FIELD),
    ("roles", "By name: parts that people play.", ROLE),
    ("states", "By name: where a case may stand.", STATE),
    ("transitions", "By name: steps that somebody may take.", TRANSITION),
    ("needs and asks", "A field by its name, or this.", CONDITIONAL),
    ("extends", "The clock that a transition lengthens.", EXTEND),
    ("opens_parts", "Joint handling: one child case for each unit.", PARTS),
    ("clocks", "By name: limits that somebody has to keep, and windows.", CLOCK),
    ("limits", "The rules of a clock; the first that applies counts.", LIMIT_RULE),
    ("stages", "By name: several targets of one limit.", STAGE),
    ("warn", "When the light of a clock turns yellow.", WARN),
    ("ladder", "By name: one of share, before and after says when.", RUNG),
    ("holds", "By name: what is put up and has to be lifted.", HOLD),
    ("phases", "By name, in order: stages of a case.", PHASE),
    ("close_kinds", "By name: how a case can be closed.", CLOSE_KIND),
    ("wall", "What is kept in a store of its own.", WALL),
    ("quiet", "When nobody is woken.", QUIET),
    ("suggest", "What the machine may suggest; a person decides.", SUGGEST),
    (
        "heat",
        "How hot topics are found and ranked; in brackets what holds if nothing is said.",
        HEAT,
    ),
    ("takes_topics", "Where a hot topic becomes a case of its own.", TAKES_TOPICS),
    ("publish", "What everybody may see.", PUBLISH),
    ("notices", "By name: messages that go out.", NOTICE),
)
SCENARIO_CHAPTERS: tuple[Chapter, ...] = (
    ("scenarios.yaml", "A list of scenarios, each of this form.", SCENARIO),
    ("steps", "What is done in a scenario.", STEP),
    ("then", "What holds at its end; what is not said is not looked at.", THEN),
)

INTRODUCTION = """# The format of programmes

<!-- Made by `python -m luoshi.formats.reference` from the grammar; do not edit. -->

A programme is a folder: `programme.yaml`, `scenarios.yaml`, lists as CSV files, and a README with
the sources. `luoshi check` reads it, proves it sound and plays its scenarios. Editors that know
JSON Schema can use `programmes/_format/programme.schema.json`.

The files are YAML 1.2 in UTF-8, without anchors, aliases and tags. Names are small letters, digits
and underscores. Labels are `{zh-Hans: …, en: …}`, and both are needed. Lengths of time carry their
unit: `2 urgent hours` (紧急工作时), `4 office hours` (工作时), `5 working days` (工作日),
`15 calendar days` (自然日). Where a list is taken, one thing may stand alone, without brackets.
"""

CONDITIONS = """## Conditions

A condition is structure, never code. It is one of these:
"""


def reference_page() -> str:
    """Return the reference page of the language, as Markdown."""
    lines = [
        INTRODUCTION,
        *_chapters(CHAPTERS),
        CONDITIONS,
        *(line for form in SORTS.values() for line in (*_table(form), "")),
        *_chapters(SCENARIO_CHAPTERS),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _chapters(chapters: tuple[Chapter, ...]) -> Iterator[str]:
    for title, says, form in chapters:
        yield f"## {title}\n\n{says}\n"
        yield from _table(form)
        yield ""


def _table(form: Form) -> Iterator[str]:
    yield "| key | needed | value | says |"
    yield "|---|---|---|---|"
    for name, rule in form.keys.items():
        yield f"| `{name}` | {'yes' if rule.needed else ''} | {_value(rule)} | {rule.says} |"


def _value(rule: Key) -> str:
    """Return what a key takes, in words."""
    words, default = _in_words(rule.kind.schema()), rule.default
    if isinstance(default, bool):
        return f"{words}; `{str(default).lower()}` if not said"
    if isinstance(default, str | int) and default != "" and not rule.needed:
        return f"{words}; `{default}` if not said"
    return words


def _in_words(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in schema["enum"])
    if "anyOf" in schema:
        return _either(schema["anyOf"])
    if "patternProperties" in schema and not schema.get("properties"):
        (of,) = schema["patternProperties"].values()
        return f"by name: {_in_words(of)}"
    return _plain(schema)


def _either(ways: list[Mapping[str, Any]]) -> str:
    """Return several ways in words; one thing or a list of such things is one way."""
    of_list = [way["items"] for way in ways if way.get("type") == "array"]
    words = [_in_words(way) for way in ways if way.get("type") != "array"]
    return " or ".join(dict.fromkeys(words)) + (", or a list" if of_list else "")


def _plain(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type")
    if kind == "array":
        return f"list of {_in_words(schema['items'])}"
    if kind in ("integer", "number"):
        return f"number {_bounds(schema)}".strip()
    return _text(schema) if kind == "string" else PLAIN.get(str(kind), "any value")


PLAIN = {"object": "mapping, see below", "boolean": "`true` or `false`"}


def _text(schema: Mapping[str, Any]) -> str:
    if "examples" in schema:
        return " or ".join(f"`{one}`" for one in schema["examples"])
    if schema.get("format") == "date":
        return "`2026-10-01`"
    if "description" in schema:
        return str(schema["description"]).rstrip(".").replace("Name of", "name of")
    return "name" if "pattern" in schema else "text"


def _bounds(schema: Mapping[str, Any]) -> str:
    least, most = schema["minimum"], schema["maximum"]
    return f"{least:g} to {most:g}" if abs(most) < NO_BOUND else ""


NO_BOUND = 1e9


def files() -> dict[str, str]:
    """Return the files made from the grammar: what is in them, by path in the repository."""
    return {
        "programmes/_format/programme.schema.json": _json(programme_schema()),
        "programmes/_format/scenarios.schema.json": _json(scenarios_schema()),
        "docs/reference/programme-format.md": reference_page(),
    }


def _json(schema: Schema) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def write() -> None:
    """Write the files into the repository."""
    for name, text in files().items():
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
