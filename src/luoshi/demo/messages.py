"""Messages of residents: what somebody writes or says, in their own length and mood.

About one in twelve is English, one in twelve gives away personal data that has to be redacted
before anything is published. Those told on the telephone are in an operator's words.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from luoshi.demo.city import City
from luoshi.demo.matters import Matter, new_matter, report_slots
from luoshi.demo.people import PHONE_SERIES
from luoshi.demo.plane import Spot
from luoshi.demo.tables import rows
from luoshi.demo.wording import Problem, closest, phrases, said, spun

ENGLISH_SHARE, PERSONAL_SHARE, SECRET_SHARE, LOCATED_SHARE = 0.085, 0.08, 0.03, 0.8

_CHANNELS = ("phone", "wechat", "app", "web", "mail", "counter")
_CHANNEL_WEIGHTS = (42, 22, 16, 14, 3, 3)
_LENGTHS = ("line", "short", "medium", "long")
_LENGTH_WEIGHTS = (16, 34, 34, 16)
_SUBJECT_MOST = 60


@dataclass(frozen=True, slots=True)
class DemoMessage:
    """One message as it reaches the hotline, and the truth that a test may compare with.

    Attributes:
        subject: At most 60 signs.
        content: The text.
        kind: consult, help, complain, report or suggest.
        category: The right code of the taxonomy (truth; the resident does not give it).
        urgency: normal or urgent (truth).
        channel: How it came.
        language: zh-Hans or en.
        grid: Code of the grid (truth).
        point: Where, when the resident said so on a map.
        address: Where, in words.
        name: What the resident wants to be called, or "".
        phone: A number of the invented series, or "".
        secret: The resident asked for it to be kept secret.
        personal: Personal strings that stand in subject or content (truth).
        matter: The occurrence behind it; equal for duplicates (truth).
        slots: Names and numbers used in the text, for those who answer it.
    """

    subject: str
    content: str
    kind: str
    category: str
    urgency: str
    channel: str
    language: str
    grid: str
    point: Spot | None
    address: str
    name: str
    phone: str
    secret: bool
    personal: tuple[str, ...]
    matter: Matter = field(repr=False)
    slots: Mapping[str, str] = field(repr=False)


def message(rng: random.Random, city: City) -> DemoMessage:
    """Return a message about a matter that nobody reported before."""
    return report(rng, new_matter(rng, city))


def cluster(
    rng: random.Random, city: City, size: int, problems: tuple[Problem, ...]
) -> list[DemoMessage]:
    """Return *size* reports of one matter, each in its own words.

    Args:
        rng: Source of chance.
        city: Where.
        size: How many people report it, usually 3 to 15.
        problems: What it may be; choose those whose ``cluster`` is true.
    """
    matter = new_matter(rng, city, rng.choice(problems))
    return [report(rng, matter) for _ in range(size)]


def report(rng: random.Random, matter: Matter) -> DemoMessage:
    """Return what one more person says about a matter."""
    problem = matter.problem
    english = bool(problem.en) and _happens(rng, ENGLISH_SHARE * 1.8)
    channel = rng.choices(_CHANNELS, _CHANNEL_WEIGHTS)[0]
    slots = report_slots(rng, matter, english=english) | _person(rng)
    write = _english if english else _chinese
    subject, content, personal = write(rng, problem, slots, channel)
    secret = problem.kind == "report" and _happens(rng, SECRET_SHARE * 5)
    gives_name = not secret and _happens(rng, 0.72)
    return DemoMessage(
        subject=subject[:_SUBJECT_MOST],
        content=content,
        kind=problem.kind,
        category=problem.category,
        urgency=problem.urgency,
        channel=channel,
        language="en" if english else "zh-Hans",
        grid=matter.grid,
        point=_nearby(rng, matter.point) if _happens(rng, LOCATED_SHARE) else None,
        address=_address(slots, english=english),
        name=_called(rng, slots, english=english) if gives_name else "",
        phone=slots["phone"] if _happens(rng, 0.9) or channel == "phone" else "",
        secret=secret,
        personal=personal,
        matter=matter,
        slots=slots,
    )


def told_as(
    message: DemoMessage, subject: str, content: str, grid: str, urgency: str
) -> DemoMessage:
    """Return *message* by the same person about something else, told on the telephone."""
    return replace(
        message,
        subject=subject,
        content=content,
        kind="help",
        channel="phone",
        language="zh-Hans",
        urgency=urgency,
        grid=grid,
        point=None,
        address="",
        personal=(),
        secret=False,
    )


def _person(rng: random.Random) -> dict[str, str]:
    """Return the details of somebody who does not exist."""
    family, given = rng.choice(rows("surnames")), rng.choice(rows("given"))
    return {
        "surname": family["zh"],
        "name": family["zh"] + given["zh"],
        "name_en": f"{given['en']} {family['en']}",
        "phone": f"{PHONE_SERIES}{rng.randint(1000, 9999)}",
        "door": f"{rng.randint(1, 4)}单元{rng.randint(2, 18)}0{rng.randint(1, 4)}",
        "title": rng.choice(("先生", "女士")),
    }


def _called(rng: random.Random, slots: Mapping[str, str], *, english: bool) -> str:
    if english:
        return slots["name_en"]
    return slots["surname"] + slots["title"] if _happens(rng, 0.6) else slots["name"]


def _address(slots: Mapping[str, str], *, english: bool) -> str:
    if english:
        return f"{slots['estate']}, {slots['road']}, {slots['town']}"
    return f"{slots['town']}{slots['road']}{slots['estate']}附近"


def _nearby(rng: random.Random, point: Spot) -> Spot:
    """Return where a person pins the matter: within about thirty metres."""
    return round(point[0] + rng.gauss(0, 1.2e-4), 6), round(point[1] + rng.gauss(0, 1e-4), 6)


def _english(
    rng: random.Random, problem: Problem, slots: Mapping[str, str], _channel: str
) -> tuple[str, str, tuple[str, ...]]:
    """Write in English: all sentences, or only the first two."""
    own = phrases("message")
    sentences = problem.en if _happens(rng, 0.7) else problem.en[:2]
    body = " ".join(said(sentence, rng, slots) for sentence in sentences)
    text = rng.choice(own["en_greet"]) + body + rng.choice(own["en_thanks"])
    return said(problem.en_subject, rng, slots), text, ()


def _chinese(
    rng: random.Random, problem: Problem, slots: Mapping[str, str], channel: str
) -> tuple[str, str, tuple[str, ...]]:
    """Write in Chinese, at some length; on the telephone an operator writes it down."""
    core = rng.choice(problem.core)
    subject = said(closest(problem.subject, core, rng), rng, slots)
    length = rng.choices(_LENGTHS, _LENGTH_WEIGHTS)[0]
    parts = [spun(text, rng) for text in _SHAPES[length](rng, problem, core)]
    with_personal = length in ("medium", "long") and _happens(rng, PERSONAL_SHARE * 2)
    if with_personal:
        parts.insert(-1, spun(rng.choice(phrases("message")["personal"]), rng))
    text = "".join(part.format_map(slots) for part in parts)
    personal = tuple(slots[key] for key in ("name", "phone", "door") if slots[key] in text)
    written = _noted(text) if channel == "phone" else _typed(rng, text)
    return subject, written, personal


def _line(rng: random.Random, problem: Problem, core: str) -> list[str]:
    return [core if _happens(rng, 0.6) else core + rng.choice(problem.ask)]


def _short(rng: random.Random, problem: Problem, core: str) -> list[str]:
    more = rng.choice((problem.detail, problem.ask))
    return [core, rng.choice(more)]


def _medium(rng: random.Random, problem: Problem, core: str) -> list[str]:
    own = phrases("message")
    opening = [rng.choice(own["greet"])] if _happens(rng, 0.6) else []
    ending = [rng.choice(own["thanks"])] if _happens(rng, 0.5) else []
    return [*opening, core, rng.choice(problem.detail), rng.choice(problem.ask), *ending]


def _long(rng: random.Random, problem: Problem, core: str) -> list[str]:
    own = phrases("message")
    details = rng.sample(problem.detail, min(len(problem.detail), rng.randint(2, 3)))
    middle = [core, *details, rng.choice(own["history"]), rng.choice(own["mood"])]
    if _happens(rng, 0.3):
        middle.insert(1, "\n")
    return [
        rng.choice(own["greet"]),
        rng.choice(own["intro"]),
        *middle,
        rng.choice(problem.ask),
        rng.choice(own["thanks"]),
    ]


_SHAPES: dict[str, Callable[[random.Random, Problem, str], list[str]]] = {
    "line": _line,
    "short": _short,
    "medium": _medium,
    "long": _long,
}


def _noted(text: str) -> str:
    """Turn what a caller said into an operator's note: third person, no greeting."""
    for greeting in phrases("message")["greet"]:
        text = text.removeprefix(greeting)
    for thanks in phrases("message")["thanks"]:
        text = text.removesuffix(thanks)
    for ours in ("我们", "我"):
        text = text.replace(ours, "来电人")
    return f"来电人反映：{text.strip('，')}"


def _typed(rng: random.Random, text: str) -> str:
    """Type a text as people do: some shout, some leave out full stops, some mix up 的 and 得."""
    habits = {
        "plain": text,
        "shouted": text.replace("。", "！"),
        "unmarked": text.replace("。", " ").replace("，", " ").strip(),
        "misspelt": text.replace("得", "的"),
        "trailing": text.replace("。", "……", 1),
    }
    return habits[rng.choices(tuple(habits), (76, 6, 7, 6, 5))[0]]


def _happens(rng: random.Random, share: float) -> bool:
    """Say whether something that happens in a *share* of cases happens this time."""
    return rng.random() < share
