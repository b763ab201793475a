"""Answering: what people write into the form of a step, as the programme asks for it.

In answers that are given: ``@unit`` is the competent unit, ``@another`` one that is not,
``@units`` one or two that help, ``@helper`` the first of those that still work on a part, ``@+30``
the day in 30 days (or the one that was set before), ``@-3`` the one 3 days ago, and ``@more 20``
about 20 more than before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from luoshi.actions import clock
from luoshi.actions.files import add_file
from luoshi.demo.papers import paper
from luoshi.demo.people import PHONE_SERIES
from luoshi.demo.photos import photo
from luoshi.demo.services.affair import Affair
from luoshi.demo.wording import said
from luoshi.kernel.access import Actor
from luoshi.kernel.credit_code import check_sign
from luoshi.kernel.programme import Field, FieldType, Transition
from luoshi.kernel.seen import Seen

_OPTIONAL = 0.6
"""Share of the answers nobody has to give that are given, where there is something to say."""

_ALWAYS = (FieldType.AREA, FieldType.POINT)
"""Types of answers that are given wherever they are asked for: whose it is depends on them."""

_AFTERWARDS = ("evidence", "inspection_photos", "site_photos")
"""Fields whose photographs show the place after the work."""


def answers_of(
    affair: Affair, step: Transition, given: Mapping[str, object], by: Actor
) -> dict[str, object]:
    """Return the answers to a step: those *given*, those of the topic, and fitting others."""
    answers: dict[str, object] = {}
    fields = affair.programme.fields
    for need in step.needs:
        seen = Seen(affair.case if affair.begun else None, answers, clock.now())
        if need.when is not None and not need.when.holds(seen):
            continue
        rule = fields[need.field]
        found = _known(affair, step.name, rule, given)
        if found is None and (need.required or rule.type in _ALWAYS):
            found = _BY_TYPE[rule.type](affair, rule, by)
        if found is not None:
            answers[need.field] = _meant(affair, rule, found)
    return answers


def _known(affair: Affair, step: str, field: Field, given: Mapping[str, object]) -> object:
    """Return what the story says about a field, if anything."""
    if field.name in given:
        return given[field.name]
    say = affair.script.say
    state = f"in {affair.case.state}.{field.name}" if affair.begun else ""
    for where in (f"{step}.{field.name}", state):
        if where in say:
            return affair.rng.choice(say[where])
    if field.name in affair.topic:
        return affair.topic[field.name]
    if field.name in say and affair.rng.random() < _share(affair, step, field.name):
        return affair.rng.choice(say[field.name])
    return None


def _share(affair: Affair, step: str, field: str) -> float:
    needs = affair.programme.transitions[step].needs
    return 1 if any(need.required and need.field == field for need in needs) else _OPTIONAL


def _meant(affair: Affair, field: Field, found: object) -> object:
    """Fill what an answer stands for."""
    if not isinstance(found, str):
        return found
    if found.startswith(("@+", "@-")):
        return _day(affair, field, int(found[1:]))
    if found.startswith("@more "):
        return _more(affair, field, int(found.removeprefix("@more ")))
    if found in _STANDS_FOR:
        return _STANDS_FOR[found](affair)
    return said(found, affair.rng, affair.slots)


def _day(affair: Affair, field: Field, ahead: int) -> str:
    """Return the day in so many days; one that was set before and is still to come stays."""
    today = clock.now().astimezone(affair.stage.rhythm.calendar.zone).date()
    before = str(affair.case.values.get(field.name, "")) if affair.begun else ""
    return before if before > today.isoformat() else (today + timedelta(days=ahead)).isoformat()


def _more(affair: Affair, field: Field, usual: int) -> int:
    """Return somewhat more than was answered before, and never quite all."""
    before = affair.case.values.get(field.name, 0)
    most = int(0.96 * field.most) if field.most else 1_000_000
    return min(int(str(before)) + int(usual * affair.rng.uniform(0.5, 1.5)), most)


_STANDS_FOR: Mapping[str, Callable[[Affair], object]] = {
    "@unit": lambda affair: affair.unit.code,
    "@another": lambda affair: affair.another_unit(),
    "@units": lambda affair: affair.helpers(),
    "@helper": lambda affair: affair.case.parts[affair.case.open_parts[0]].unit,
}


def _unit(affair: Affair, _: Field, __: Actor) -> object:
    return affair.unit.code


def _files(affair: Affair, field: Field, by: Actor) -> object:
    now = clock.now().astimezone(affair.stage.rhythm.calendar.zone)
    if field.name in affair.script.papers:
        made = paper(field.name, now)
    else:
        kind, mended = affair.look, field.name in _AFTERWARDS
        made = photo(kind, affair.rng.getrandbits(24), now, affair.area.code[-7:], mended=mended)
    return [str(add_file(affair.key, made, "", by).id)]


def _moment(affair: Affair, _: Field, __: Actor) -> object:
    ago = timedelta(minutes=affair.rng.randint(2, 25))
    return max(clock.now() - ago, affair.case.moved) if affair.begun else clock.now() - ago


def _line(affair: Affair, field: Field, _: Actor) -> object:
    if not field.credit_code:
        raise KeyError(f"{affair.script.programme}: nothing to say for {field.name}")
    first = f"91990100MA{affair.rng.randrange(10_000_000):07}"
    return first + check_sign(first)


def _point(affair: Affair, _: Field, __: Actor) -> object:
    lon, lat = affair.point
    return {"lon": lon, "lat": lat}


def _nothing(affair: Affair, field: Field, _: Actor) -> object:
    raise KeyError(f"{affair.script.programme}: nothing to say for {field.name}")


_BY_TYPE: Mapping[FieldType, Callable[[Affair, Field, Actor], object]] = {
    **dict.fromkeys(FieldType, _nothing),
    FieldType.UNIT: _unit,
    FieldType.UNITS: lambda affair, _, __: affair.helpers(),
    FieldType.FILES: _files,
    FieldType.MOMENT: _moment,
    FieldType.LINE: _line,
    FieldType.POINT: _point,
    FieldType.AREA: lambda affair, _, __: affair.area.code,
    FieldType.YES_NO: lambda _, __, ___: True,
    FieldType.PHONE: lambda affair, _, __: f"{PHONE_SERIES}{affair.rng.randrange(10_000):04}",
}
"""How a field is answered about which the story says nothing."""
