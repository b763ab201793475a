"""Urgency: words that a human must see at once (紧急情形).

Luoshi is no emergency service. Where a message speaks of danger to life now, the advice is to hand
over to those who are, and to show the message to a person before anything else. The words are
rules, not learned: each can be read, tried and contested.

Terms    hand over 转接 · police 110 · ambulance 120 · fire brigade 119 · gas company 燃气抢修
Units    positions are code points
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from luoshi.insight.text.folding import levelled

MOST_CHARACTERS = 20_000
"""Characters of a message that are read; the rest is read by people, as everything is."""


@dataclass(frozen=True, slots=True)
class UrgentSign:
    """One sign of urgency in a text.

    Attributes:
        kind: ``life``, ``gas``, ``fire``, ``child``, ``violence``, ``electric``, ``collapse``,
            ``flood``, ``traffic`` or ``poison``.
        start: Where the words begin.
        end: Where they end.
        words: The words themselves, as written.
        numbers: Whom to hand over to, as telephone numbers.
        advice: Language → one or two sentences for the person at the desk.
    """

    kind: str
    start: int
    end: int
    words: str
    numbers: tuple[str, ...]
    advice: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: str
    numbers: tuple[str, ...]
    advice: Mapping[str, str]
    said: re.Pattern[str]
    unless: re.Pattern[str]


def urgency(text: str) -> tuple[UrgentSign, ...]:
    """Return the signs of urgency in *text*, in order; none when there are none.

    A sign is dropped where the words right around it say that nothing is happening: a drill, a
    question about rules, something long past.

    Example:
        >>> [(sign.kind, sign.numbers) for sign in urgency("楼道里有很浓的燃气味！")]
        [('gas', ('119',))]
    """
    level = levelled(text[:MOST_CHARACTERS])
    signs = [
        UrgentSign(
            rule.kind, *found.span(), text[found.start() : found.end()], rule.numbers, rule.advice
        )
        for rule in _rules()
        for found in rule.said.finditer(level)
        if not rule.unless.search(_around(level, *found.span()))
    ]
    return tuple(sorted(signs, key=lambda sign: (sign.start, sign.kind)))


def _around(level: str, start: int, end: int) -> str:
    """Return the clause a sign stands in, a dozen characters to either side at most."""
    before = re.split(r"[。!?;\n]", level[max(0, start - 12) : start])[-1]
    after = re.split(r"[。!?;\n]", level[end : end + 12])[0]
    return before + level[start:end] + after


@cache
def _rules() -> tuple[_Rule, ...]:
    table = json.loads(files(__package__).joinpath("urgency.json").read_text("utf-8"))
    harmless = "|".join(table["harmless"])
    return tuple(
        _Rule(
            rule["kind"],
            tuple(rule["numbers"]),
            rule["advice"],
            re.compile("|".join(rule["said"])),
            re.compile("|".join([harmless, *rule.get("unless", [])])),
        )
        for rule in table["rules"]
    )
