"""What those who work on a matter write: answers, reasons, notes, ratings, and what is published.

An answer says what was found, what was done, by whom and when, on which basis, and whom to ask.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from luoshi.demo.city import City
from luoshi.demo.matters import new_matter, report_slots
from luoshi.demo.messages import DemoMessage
from luoshi.demo.units import Unit
from luoshi.demo.wording import closest, phrases, said, special


@dataclass(frozen=True, slots=True)
class Declined:
    """A message that the hotline cannot take, and what it says instead."""

    subject: str
    content: str
    ground: str
    reason: str
    right_channel: str
    grid: str


@dataclass(frozen=True, slots=True)
class Emergency:
    """A message that goes to an emergency line at once."""

    subject: str
    content: str
    line: str
    note: str
    grid: str


def reply(
    rng: random.Random,
    message: DemoMessage,
    unit: Unit,
    visited: date,
    finished: date,
    *,
    solved: bool = True,
) -> str:
    """Return a unit's answer to a message, to one in English with the gist in English first.

    Args:
        rng: Source of chance.
        message: What is answered.
        unit: Who answers.
        visited: The day the unit looked at it.
        finished: The day it was done.
        solved: False for an answer that explains why not, with a plan.
    """
    own, problem = phrases("reply"), message.matter.problem
    slots = _slots(message, unit) | {"date": _day(visited), "date2": _day(finished)}
    slots |= {"date_en": _day_en(visited), "date2_en": _day_en(finished)}
    seen = closest(problem.found, message.content + message.subject, rng)
    parts = [rng.choice(own["open"]), rng.choice(own["check"]), seen, "。"]
    if solved:
        parts += [rng.choice(own["act"]), closest(problem.done, seen, rng), "。"]
    else:
        parts += [rng.choice(own["cannot"]), rng.choice(own["plan"])]
    parts += [rng.choice(own["basis"]), rng.choice(own["close"])]
    told = "".join(said(part, rng, slots) for part in parts)
    return f"{_gist(rng, slots, solved=solved)}\n{told}" if message.language == "en" else told


def _gist(rng: random.Random, slots: Mapping[str, str], *, solved: bool) -> str:
    names = ("open_en", "check_en", "act_en" if solved else "cannot_en", "close_en")
    return " ".join(said(rng.choice(phrases("reply")[name]), rng, slots) for name in names)


def plan(rng: random.Random, message: DemoMessage, unit: Unit) -> str:
    """Return what comes next when a matter cannot be solved now."""
    return said(rng.choice(phrases("reply")["plan"]), rng, _slots(message, unit))


def public_text(text: str) -> str:
    """Return a text as it may be published: no building, door or mobile number.

    This is the demonstration's own wording, in which such things have known forms; it is no
    redaction of what residents write.
    """
    plain = re.sub(r"\d+单元\d+|\d+号楼(?:\d+楼)?", "", text)
    return re.sub(r"1[3-9]\d{9}", "", plain)


def work_phrase(
    rng: random.Random, name: str, message: DemoMessage, unit: Unit, other: Unit | None = None
) -> str:
    """Return a sentence of those at work: a return reason, a call-back note, a rating.

    Args:
        rng: Source of chance.
        name: A key of the section ``work`` in ``wording/phrases.toml``.
        message: What it is about.
        unit: Who handles it.
        other: Another unit named in the sentence.
    """
    slots = _slots(message, unit) | {"other": (other or unit).name_zh}
    return said(rng.choice(phrases("work")[name]), rng, slots)


def declined(rng: random.Random, city: City) -> Declined:
    """Return a message that cannot be taken, with ground, reason and the right channel."""
    text, slots, grid = _special(rng, city, "decline")
    filled = {key: said(text[key], rng, slots) for key in ("subject", "content", "reason")}
    channel = said(text["right_channel"], rng, slots)
    return Declined(**filled, ground=text["ground"], right_channel=channel, grid=grid)


def emergency(rng: random.Random, city: City) -> Emergency:
    """Return a message that goes to an emergency line at once."""
    text, slots, grid = _special(rng, city, "emergency")
    filled = {key: said(text[key], rng, slots) for key in ("subject", "content", "note")}
    return Emergency(**filled, line=text["line"], grid=grid)


def _special(
    rng: random.Random, city: City, kind: str
) -> tuple[Mapping[str, str], dict[str, str], str]:
    matter = new_matter(rng, city)
    return rng.choice(special(kind)), report_slots(rng, matter), matter.grid


def _slots(message: DemoMessage, unit: Unit) -> dict[str, str]:
    """Return the slots of a message in Chinese, with the unit and the sentences of the problem."""
    problem, names = message.matter.problem, dict(message.slots) | dict(message.matter.names)
    names |= {"subject": message.subject, "basis": problem.basis}
    names |= {"unit": unit.name_zh, "unit_en": unit.name_en, "unit_phone": unit.phone}
    return names | {"explain": problem.explain.format_map(names)}


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _day_en(day: date) -> str:
    return f"{day.day} {day:%B}"
