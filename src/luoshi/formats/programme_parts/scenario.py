"""The form of ``scenarios.yaml``: what a scenario may say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from luoshi.formats.grammar.forms import Form, Key, Several, Table
from luoshi.formats.grammar.reading import Reading, Schema
from luoshi.formats.grammar.values import Flag, Name, Number, Text, Value, Word, misfit
from luoshi.formats.yaml_file import Node
from luoshi.kernel.scenario import Ended, Who

WHO = re.compile(r"([a-z][a-z0-9_]*)(?:@([\w.\-]+))?(?::([\w.\-]+))?")
CLOCK = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?(?:#[0-9]+)?")


@dataclass(frozen=True, slots=True)
class AnyValue:
    """Any value that JSON can hold: an answer as a form would send it."""

    def read(self, node: Node, reading: Reading, path: str) -> object:
        match node.value:
            case dict():
                return {key: self.read(one, reading, path) for key, one in node.value.items()}
            case list():
                return [self.read(one, reading, path) for one in node.value]
        return node.value

    def schema(self) -> Schema:
        return {}


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and a time: ``2026-02-14T09:30``."""

    def read(self, node: Node, reading: Reading, path: str) -> object:
        try:
            if isinstance(node.value, str) and "T" in node.value:
                return datetime.fromisoformat(node.value).isoformat()
        except ValueError:
            pass
        said = f"{node.text!r} is no moment; write it as 2026-02-14T09:30"
        return reading.wrong("date.invalid", said, path, node.line)

    def schema(self) -> Schema:
        return {"type": "string", "format": "date-time", "examples": ["2026-02-14T09:30"]}


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts: ``role``, ``role@unit`` or ``role@unit:person``."""

    def read(self, node: Node, reading: Reading, path: str) -> object:
        found = WHO.fullmatch(node.value) if isinstance(node.value, str) else None
        if found is None:
            return misfit(node, "role, role@unit or role@unit:person", reading, path)
        return Who(found[1], found[2] or "", found[3] or "")

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{WHO.pattern}$"}


NOBODY = Who("")
NEVER = "1949-10-01T00:00"

STEP = Form(
    {
        "at": Key(Moment(), "When it is done.", needed=True, default=NEVER),
        "by": Key(Person(), "Who does it: role, role@unit or role@unit:person.", default=NOBODY),
        "do": Key(Name("transition"), "The transition.", default=""),
        "with": Key(Table(AnyValue()), "Answers, by field.", default={}),
        "refused": Key(Text(80), "Code of the refusal that is expected.", default=""),
        "fields": Key(Several(Name("field")), "Fields that the refusal names.", default=()),
        "times": Key(
            Number(1, 1000), "How often in a row; a refusal is expected of the last.", default=1
        ),
        "tick": Key(
            Flag(),
            "In place of by and do: the system climbs every rung that has come due by then.",
            default=False,
        ),
        "part": Key(
            Text(80),
            "In place of by and do: the unit whose part of joint handling is over then.",
            default="",
        ),
        "how": Key(Word(Ended), "How that part ended.", default=Ended.DONE),
    }
)

THEN = Form(
    {
        "at": Key(Moment(), "Instant of looking; that of the last step unless said."),
        "state": Key(Name("state"), "State of the case.", default=""),
        "due": Key(Table(Moment(), names=CLOCK), "Due instants, by clock.", default={}),
        "light": Key(Table(Text(10), names=CLOCK), "green, yellow or red, by clock.", default={}),
        "clocks": Key(
            Table(Text(10), names=CLOCK),
            "running, overdue, paused, met, late, stopped or absent, by clock.",
            default={},
        ),
        "provisional": Key(
            Several(Text(80)), "Exactly the clocks due on a day whose year is not announced yet."
        ),
        "count": Key(Table(Number(0, 1000)), "How often transitions were taken.", default={}),
        "values": Key(Table(Value()), "Answers that are not personal.", default={}),
        "climbed": Key(
            Table(Several(Name("rung")), names=CLOCK),
            "Exactly the rungs of its ladder that were climbed, by clock.",
            default={},
        ),
        "exempt": Key(
            Several(Text(80)), "Exactly what does not count in an assessment: clocks, or rating."
        ),
        "published": Key(Flag(), "Whether everybody may see the case."),
    }
)

SCENARIO = Form(
    {
        "name": Key(Text(200), "What it shows, as a sentence.", needed=True, default=""),
        "after": Key(Text(200), "Name of the scenario, above, that it goes on from.", default=""),
        "steps": Key(Several(STEP, alone=False), "What is done.", needed=True, default=()),
        "then": Key(THEN, "What holds then.", default={}),
    }
)

SCENARIOS = Several(SCENARIO, alone=False)
