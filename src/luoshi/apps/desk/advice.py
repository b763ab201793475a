"""Advice: what is suggested beside the fields of a form, and what of it is recorded.

A suggestion is a button that fills in a field, and nothing more. What stood on the screen travels
in the form, signed and bound to the case and the act, and is recorded when the person acts.

Terms    suggestion 建议 · chip 建议按钮 · danger 紧急情形
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.http import QueryDict
from django.utils.translation import gettext

from luoshi.actions.placing import offered_area
from luoshi.actions.suggested import Suggested, above, around, is_on
from luoshi.actions.suggesting import (
    Offer,
    handing_over,
    offered_category,
    offered_units,
    said_of,
    text_fields,
    urgent_signs,
)
from luoshi.apps.desk import words
from luoshi.apps.look.language import listed
from luoshi.insight.triage.urgency import UrgentSign
from luoshi.kernel.access import Sight
from luoshi.kernel.fact import instant, moment
from luoshi.kernel.programme import FieldType, Programme, Transition
from luoshi.store.directory import directory
from luoshi.store.sight import CaseView

SALT = "luoshi.suggested"
MOST_SIGNED = 8_000
"""Characters of what a form may carry; ours are far shorter."""
LEVELS = 3
"""Levels of an area that a suggestion names."""
REASONS = 4
"""Words that a screen gives as reasons."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One suggestion beside a field."""

    field: str
    value: str
    label: str
    percent: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Danger:
    """Words of danger, whom to call, and the step that hands the case over, if there is one."""

    said: str
    numbers: tuple[str, ...]
    advice: str


@dataclass(frozen=True, slots=True)
class Advice:
    """Everything that is suggested on one form.

    Attributes:
        fields: Fields beside which something may be suggested.
        token: What is suggested, signed; empty when nothing is.
        hands_over: Name of the step that hands over to an emergency line; empty when there is none
            to take now.
    """

    fields: tuple[str, ...] = ()
    chips: Mapping[str, tuple[Chip, ...]] | None = None
    dangers: tuple[Danger, ...] = ()
    hands_over: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """What a form is about, as far as it is known by now.

    Attributes:
        known_category, known_area: As the case or the point on the map says it, whatever the form
            is answered with: what is known already is not suggested.
    """

    programme: Programme
    step: Transition
    case: str
    act: str
    subject: str = ""
    details: str = ""
    category: str = ""
    area: str = ""
    address: str = ""
    complained_of: str = ""
    known_category: str = ""
    known_area: str = ""


def matter_of_case(
    view: CaseView, step: Transition, act: str, given: Mapping[str, object]
) -> Matter:
    """Return the matter of a case, with what has been typed into the form of *step*."""
    programme = view.programme
    subject, details = (read(view, name) for name in text_fields(programme))
    known = str(view.case.values.get(programme.field_of(FieldType.CODE)) or "")
    return Matter(
        programme=programme,
        step=step,
        case=view.case.id,
        act=act,
        subject=subject,
        details=details,
        category=str(given.get(programme.field_of(FieldType.CODE)) or known),
        area=_area(programme, {**view.case.values, **_filled(given)}),
        address=read(view, programme.field_of(FieldType.ADDRESS)),
        complained_of=str(view.case.values.get(programme.complained_of) or ""),
        known_category=known,
        known_area=_pointed_at(programme, given) or _area(programme, view.case.values),
    )


def matter_of_form(
    programme: Programme, step: Transition, case: str, act: str, given: Mapping[str, object]
) -> Matter:
    """Return the matter of a case that is being registered, from what was typed so far."""
    subject, details = (str(given.get(name) or "") for name in text_fields(programme))
    return Matter(
        programme=programme,
        step=step,
        case=case,
        act=act,
        subject=subject,
        details=details,
        category=str(given.get(programme.field_of(FieldType.CODE)) or ""),
        area=_area(programme, given),
        address=str(given.get(programme.field_of(FieldType.ADDRESS)) or ""),
        known_area=_pointed_at(programme, given),
    )


def _filled(given: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in given.items() if value}


def read(view: CaseView, name: str) -> str:
    """Return an answer that this person may read whole; empty when there is none."""
    answer = view.answers.get(name)
    is_read = answer is not None and answer.sight is Sight.WHOLE and isinstance(answer.value, str)
    return str(answer.value) if answer and is_read else ""


def _area(programme: Programme, values: Mapping[str, object]) -> str:
    given = str(values.get(programme.field_of(FieldType.AREA)) or "")
    return given or _pointed_at(programme, values)


def _pointed_at(programme: Programme, values: Mapping[str, object]) -> str:
    """Return the area in which the point lies; empty when there is no point in an area."""
    point = values.get(programme.field_of(FieldType.POINT))
    if not isinstance(point, Mapping):
        return ""
    try:
        return directory().area_at(float(point["lon"]), float(point["lat"])) or ""
    except (KeyError, TypeError, ValueError):
        return ""


def advice_on(matter: Matter, allowed: Iterable[Transition] = ()) -> Advice:
    """Return what is suggested for *matter*; *allowed* are the steps that may be taken now."""
    asked = {need.field for need in matter.step.needs}
    offers = [*_categories(matter, asked), *_units(matter, asked), *_areas(matter, asked)]
    signs = urgent_signs(matter.programme, matter.subject, matter.details)
    over = handing_over(matter.programme, tuple(matter.programme.transitions.values()))
    here = handing_over(matter.programme, list(allowed))
    said = [offers_of[0].said for offers_of in _by_field(offers).values()]
    said += [said_of(sign, over.name) for sign in signs if over is not None]
    return Advice(
        fields=_suggestible(matter.programme, asked),
        chips={
            name: tuple(_chip(matter, one) for one in of) for name, of in _by_field(offers).items()
        },
        dangers=tuple(danger_of(sign) for sign in signs),
        hands_over=here.name if here else "",
        token=_signed(matter, said) if said else "",
    )


def _suggestible(programme: Programme, asked: set[str]) -> tuple[str, ...]:
    fields = {
        "category": programme.field_of(FieldType.CODE),
        "unit": programme.holder_field,
        "area": programme.field_of(FieldType.AREA),
    }
    return tuple(n for kind, n in fields.items() if n in asked and is_on(programme.id, kind))


def _by_field(offers: Iterable[Offer]) -> dict[str, list[Offer]]:
    found: dict[str, list[Offer]] = {}
    for one in offers:
        found.setdefault(one.said.field, []).append(one)
    return found


def _categories(matter: Matter, asked: set[str]) -> list[Offer]:
    if matter.programme.field_of(FieldType.CODE) not in asked:
        return []
    offer = offered_category(matter.programme, matter.subject, matter.details)
    known = matter.known_category
    if offer is None or offer.said.value in (known, *above(matter.programme, known)):
        return []
    return [offer]


def _units(matter: Matter, asked: set[str]) -> list[Offer]:
    if matter.programme.holder_field not in asked:
        return []
    category = matter.category
    if not category:
        offer = offered_category(matter.programme, matter.subject, matter.details)
        category = offer.said.value if offer else ""
    never = [matter.complained_of] if matter.complained_of else []
    return list(offered_units(matter.programme, category, matter.area, never))


def _areas(matter: Matter, asked: set[str]) -> list[Offer]:
    if matter.programme.field_of(FieldType.AREA) not in asked:
        return []
    texts = matter.subject, matter.details, matter.address
    offer = offered_area(matter.programme, *texts)
    if offer is None or offer.said.value in (matter.known_area, *around(matter.known_area)):
        return []
    return [offer]


def _chip(matter: Matter, offer: Offer) -> Chip:
    said = offer.said
    if said.kind == "unit":
        label = words.unit_name(said.value)
        return Chip(said.field, said.value, label, offer.percent, _why_unit(offer, matter.area))
    if said.kind == "area":
        named = gettext("named in it: %(words)s") % {"words": listed(offer.reasons[:REASONS])}
        label = words.area_name(said.value, LEVELS)
        return Chip(said.field, said.value, label, offer.percent, named)
    field = matter.programme.fields[said.field]
    entries = matter.programme.lists[field.choices]
    path = [*reversed(above(matter.programme, said.value)), said.value]
    label = " › ".join(words.say(entries[code].labels) for code in path)
    return Chip(said.field, said.value, label, offer.percent, _why_words(offer))


def _why_words(offer: Offer) -> str:
    if not offer.reasons:
        return ""
    return gettext("because of: %(words)s") % {"words": listed(offer.reasons[:REASONS])}


def _why_unit(offer: Offer, area: str) -> str:
    parts = []
    if offer.kept or offer.returned:
        told = gettext("such cases: %(kept)d taken on, %(returned)d sent back")
        if area:
            told = gettext("such cases here: %(kept)d taken on, %(returned)d sent back")
        parts.append(told % {"kept": offer.kept, "returned": offer.returned})
    if offer.by_catalogue:
        parts.append(gettext("the catalogue names it"))
    return "; ".join(parts)


def dangers_of_case(view: CaseView) -> Advice:
    """Return the words of danger in a case that can still be handed over, whoever may do so."""
    if handing_over(view.programme, list(view.programme.from_state(view.case.state))) is None:
        return Advice()
    here = handing_over(view.programme, view.allowed)
    signs = urgent_signs(view.programme, *(read(view, n) for n in text_fields(view.programme)))
    return Advice(
        dangers=tuple(danger_of(sign) for sign in signs), hands_over=here.name if here else ""
    )


def danger_of(sign: UrgentSign) -> Danger:
    """Return *sign* as the screen says it."""
    return Danger(sign.words, sign.numbers, words.say(sign.advice))


def _signed(matter: Matter, said: Iterable[Suggested]) -> str:
    rows = [_written(one) for one in said]
    return signing.dumps([matter.case, matter.act, rows], salt=SALT, compress=True)


def _written(one: Suggested) -> list[object]:
    reasons = [list(reason) for reason in one.reasons]
    at = instant(one.offered)
    return [one.kind, one.field, one.value, at, one.confidence, one.model, reasons]


def suggested_in(sent: QueryDict, case: str, act: str) -> tuple[Suggested, ...]:
    """Return what had been suggested on the form that was sent; nothing if it is not ours."""
    token = sent.get("suggested", "")
    if not token or len(token) > MOST_SIGNED:
        return ()
    try:
        of, by, rows = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return ()
    return tuple(_read(*row) for row in rows) if (of, by) == (case, act) else ()


def _read(
    kind: str,
    field: str,
    value: str,
    at: str,
    confidence: float | None,
    model: str,
    reasons: list[tuple[str, float]],
) -> Suggested:
    offered: datetime = moment(at)
    told = tuple((word, weight) for word, weight in reasons)
    return Suggested(kind, field, value, offered, confidence, model, told)
