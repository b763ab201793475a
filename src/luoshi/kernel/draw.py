"""Draw: random answers that a form would accept, from the rule of the field.

Terms    draw 抽取 · answer 填报值
Not here where chance comes from: ``Dice`` is given it
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from luoshi.kernel.credit_code import check_sign
from luoshi.kernel.programme import Field, FieldType

Pick = Callable[[int], int]
"""Draws a whole number from 0 up to, not including, its argument."""

Thing = TypeVar("Thing")

UNITS = ("unit-1", "unit-2", "unit-3")
CASES = ("00000000-0000-7000-8000-00000000000a", "00000000-0000-7000-8000-00000000000b")
AREAS = ("area-1", "area-2")
WORDS = "路灯不亮请尽快修复学校门口井盖响动噪声扰民收到已经处理完毕感谢反映情况属实"
PEOPLE = ("王样", "李例", "张试用")
FEW = 3
SHORT = 30


@dataclass(frozen=True, slots=True)
class Dice:
    """Chance, with the lists of a programme to choose from."""

    pick: Pick
    choices: Mapping[str, tuple[str, ...]]

    def one_in(self, chances: int) -> bool:
        """Return true once in so many times."""
        return self.pick(chances) == 0

    def of(self, things: tuple[Thing, ...]) -> Thing:
        """Return one of *things*."""
        return things[self.pick(len(things))]

    def answer(self, rule: Field, now: datetime) -> object:
        """Return an answer that *rule* accepts at *now*."""
        return ANSWERS[rule.type](self, rule, now)

    def several(self, rule: Field, things: tuple[str, ...]) -> list[str]:
        """Return one or a few of *things*."""
        most = int(min(rule.most or FEW, FEW))
        return [self.of(things) for _ in range(1 + self.pick(most))]


def _words(dice: Dice, rule: Field, _: datetime) -> object:
    least = int(rule.least or 1)
    most = max(int(min(rule.most or SHORT, SHORT)), least)
    start = dice.pick(len(WORDS))
    length = least + dice.pick(most - least + 1)
    return (WORDS[start:] + WORDS * (1 + length // len(WORDS)))[:length]


def _number(dice: Dice, rule: Field, _: datetime) -> object:
    least = int(rule.least or 0)
    most = int(rule.most) if rule.most is not None else least + 100
    return least + dice.pick(most - least + 1)


def _line(dice: Dice, rule: Field, now: datetime) -> object:
    if not rule.credit_code:
        return _words(dice, rule, now)
    first = f"91990100{dice.pick(1_000_000_000):09}"
    return first + check_sign(first)


def _day(dice: Dice, rule: Field, now: datetime) -> object:
    if rule.least is None:
        return (now - timedelta(days=dice.pick(SHORT) + 1)).date().isoformat()
    room = int(min(rule.most - rule.least, SHORT)) if rule.most is not None else SHORT
    ahead = int(rule.least) + 1 + dice.pick(max(room - 1, 1))
    return (now + timedelta(days=ahead)).date().isoformat()


def _moment(dice: Dice, _: Field, now: datetime) -> object:
    return (now - timedelta(minutes=dice.pick(600))).isoformat()


def _point(dice: Dice, _: Field, __: datetime) -> object:
    return {"lon": 119 + dice.pick(1000) / 1000, "lat": 36 + dice.pick(1000) / 1000}


def _phone(dice: Dice, _: Field, __: datetime) -> object:
    return f"1380000{dice.pick(10_000):04}"


def _email(dice: Dice, _: Field, __: datetime) -> object:
    return f"somebody{dice.pick(100)}@example.org"


ANSWERS: Mapping[FieldType, Callable[[Dice, Field, datetime], object]] = {
    FieldType.LINE: _line,
    FieldType.TEXT: _words,
    FieldType.ADDRESS: _words,
    FieldType.NAME: lambda dice, _, __: dice.of(PEOPLE),
    FieldType.PHONE: _phone,
    FieldType.EMAIL: _email,
    FieldType.CODE: lambda dice, rule, _: dice.of(dice.choices[rule.choices]),
    FieldType.CHOICE: lambda dice, rule, _: dice.of(dice.choices[rule.choices]),
    FieldType.CHOICES: lambda dice, rule, _: dice.several(rule, dice.choices[rule.choices]),
    FieldType.YES_NO: lambda dice, _, __: dice.one_in(2),
    FieldType.NUMBER: _number,
    FieldType.DATE: _day,
    FieldType.MOMENT: _moment,
    FieldType.POINT: _point,
    FieldType.UNITS: lambda dice, rule, _: dice.several(rule, UNITS),
    FieldType.CASE: lambda dice, _, __: dice.of(CASES),
    FieldType.UNIT: lambda dice, _, __: dice.of(UNITS),
    FieldType.AREA: lambda dice, _, __: dice.of(AREAS),
    FieldType.FILES: lambda dice, rule, _: dice.several(rule, ("photo-1", "photo-2", "photo-3")),
}
"""How an answer to each type of field is drawn."""
