"""Schema: the grammar of programmes as JSON Schema, published in ``programmes/_format/``.

A test holds the files to what the grammar says. To write them and the reference page again:
``python -m luoshi.formats.reference``.

Source   JSON Schema, draft 2020-12
"""

from __future__ import annotations

from luoshi.formats.grammar.reading import Schema
from luoshi.formats.grammar.values import LABELS_SCHEMA
from luoshi.formats.programme_parts.conditions import condition_schema
from luoshi.formats.programme_parts.scenario import SCENARIOS
from luoshi.formats.programme_parts.whole import PROGRAMME

DRAFT = "https://json-schema.org/draft/2020-12/schema"
MADE = "Made from the grammar that reads the files; do not edit."


def programme_schema() -> Schema:
    """Return the JSON Schema of ``programme.yaml``."""
    return {
        "$schema": DRAFT,
        "title": "Luoshi programme",
        "description": f"What a service promises. {MADE}",
        **PROGRAMME.schema(),
        "$defs": {"labels": LABELS_SCHEMA, "condition": condition_schema()},
    }


def scenarios_schema() -> Schema:
    """Return the JSON Schema of ``scenarios.yaml``."""
    return {
        "$schema": DRAFT,
        "title": "Luoshi scenarios",
        "description": f"Examples of a programme, run as tests. {MADE}",
        **SCENARIOS.schema(),
    }
