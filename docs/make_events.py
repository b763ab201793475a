"""Write docs/reference/events.md: every type of event, and the shape of its data.

.venv/bin/python docs/make_events.py
"""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path

from luoshi.formats.events import (
    PUBLIC_EVENTS,
    SYSTEM_EVENTS,
    CaseEvent,
    PublicEvent,
    SystemEvent,
    schema_of,
    type_of,
)
from luoshi.formats.programmes import load_programmes

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "events.md"
HEAD = """\
# Events

Written by `docs/make_events.py`; a test compares. Other programs are told of what happens by
[webhooks](../howto/subscribe-to-events.md), one event for each fact. An installation lists its own
types at `/api/webhooks/events.json`, with JSON Schema.

Every request is a `POST` of one JSON document with `type`, `timestamp` and `data`, and carries the
headers `webhook-id`, `webhook-timestamp` and `webhook-signature` of Standard Webhooks. Nothing in
it is personal, and nobody is named in it. Instants are UTC. A test that somebody sends from the
screen has the type `luoshi.test` and empty data.
"""
CLOCKS = """\
Each of `clocks` has `clock` (its name), `does` (`start`, `meet`, `pause`, `resume`, `stop`,
`extend` or `rung`) and `due`.
"""
REMOVED = """\
Of a case that was taken down only `number`, `programme` and `seq` are told; the rest is `null`.
"""


def page() -> str:
    """Return the page as it should be."""
    parts = [
        HEAD,
        _shape("Data of `case.` events", CaseEvent),
        CLOCKS,
        _shape("Data of `public.` events", PublicEvent),
        REMOVED,
        _table("For everybody", PUBLIC_EVENTS),
        _table("For those who work with cases, in every programme", SYSTEM_EVENTS),
    ]
    for name, programme in sorted(load_programmes(ROOT / "programmes").items()):
        steps = [
            SystemEvent(type_of(one.name), one.labels.get("zh-Hans", ""), one.labels.get("en", ""))
            for one in programme.transitions.values()
        ]
        parts.append(_table(f"In the programme `{name}`", steps))
    return "\n".join(parts)


def _shape(title: str, kind: type[CaseEvent] | type[PublicEvent]) -> str:
    schema = schema_of(kind)["properties"]
    rows = [
        f"| `{one.name}` | {_type(schema[one.name]['type'])} | {one.metadata['says']} |"
        for one in fields(kind)
    ]
    return "\n".join([f"## {title}", "", "| name | type | says |", "|---|---|---|", *rows, ""])


def _type(said: str | list[str]) -> str:
    return said if isinstance(said, str) else " or ".join(said)


def _table(title: str, events: tuple[SystemEvent, ...] | list[SystemEvent]) -> str:
    rows = [f"| `{one.type}` | {one.zh} | {one.en} |" for one in events]
    return "\n".join([f"## {title}", "", "| type | 中文 | English |", "|---|---|---|", *rows, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stderr.write(f"{PAGE}\n")
