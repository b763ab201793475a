"""Suggestions: what the machine notices about a message or a case. A person decides.

What the desk suggests beside its forms, from the same models and histories, as far as the
programme has switched it on: category, unit, signs of urgency, similar cases. Besides: places
named, personal data to hide, what to look at in a reply, and words for the public view.

Terms    suggestion 建议 · confidence 置信度 · redaction 脱敏
"""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, StringConstraints

from luoshi.actions import clock
from luoshi.actions.alike import alike, whole
from luoshi.actions.placing import gazetteer
from luoshi.actions.suggested import is_on
from luoshi.actions.suggesting import Offer, noticed_category, offered_units, text_fields
from luoshi.api.v1 import shapes
from luoshi.api.v1.door import caller_in, reading
from luoshi.api.v1.errors import invalid
from luoshi.api.v1.listed import title_told
from luoshi.api.v1.words import place_name, words
from luoshi.insight.reply.hint import HINTS
from luoshi.insight.reply.review import hints
from luoshi.insight.similar import AGAINST, Candidate
from luoshi.insight.text.language import detect_language
from luoshi.insight.triage.model import Suggestion
from luoshi.insight.triage.personal import personal_spans, redact
from luoshi.insight.triage.places import places
from luoshi.insight.triage.urgency import urgency
from luoshi.kernel.access import Actor
from luoshi.kernel.answers import Wrong, clean_text
from luoshi.kernel.errors import FieldProblem, FieldsRefused
from luoshi.kernel.programme import FREE_TEXT, FieldType, Programme
from luoshi.store.directory import directory
from luoshi.store.programmes import offered
from luoshi.store.queries import case_numbered
from luoshi.store.rows import Row
from luoshi.store.sight import CaseView

router = Router(tags=["suggestions"])
of_cases = Router(tags=["suggestions"])
PUBLIC = "public_"
MOST_SIGNS = 20_000
Text = Annotated[str, StringConstraints(max_length=MOST_SIGNS)]


class Message(shapes.Body):
    """A message that is looked at, and nothing of it is kept."""

    subject: Text = ""
    content: Text = ""
    reply: Text = ""
    programme: shapes.Code = ""
    category: shapes.Code = ""
    area: shapes.Code = ""


class Sure(BaseModel):
    """A category with the probability that it is right."""

    category: str
    confidence: float


class Reason(BaseModel):
    """A word that spoke for the category, and how strongly."""

    word: str
    weight: float


class Category(Sure):
    """The category suggested; ``unknown``: choose without being led."""

    unknown: bool
    reasons: list[Reason]
    alternatives: list[Sure]


class UnitSuggested(BaseModel):
    """A unit that took on such cases here; no ``confidence`` where only the catalogue speaks.

    ``kept`` and ``returned`` count its past cases of this kind.
    """

    unit: str
    label: str
    confidence: float | None
    kept: int
    returned: int
    by_catalogue: bool


class Alike(BaseModel):
    """A case that may be about the same matter, and what the two share."""

    number: str
    title: str
    confidence: float
    likely: bool
    shares: list[str]


class Span(BaseModel):
    """A piece of the text: subject, a line break, content. ``end`` is excluded."""

    start: int
    end: int
    kind: str


class Urgent(Span):
    """A sign that a person must see this at once."""

    words: str
    numbers: list[str]
    advice: str


class Named(BaseModel):
    """A place that is named, and the codes of the areas it may be, widest first."""

    words: str
    areas: list[str]


class HintTold(BaseModel):
    """Something to look at before the reply is sent."""

    code: str
    message: str
    severity: str
    sentence: str


class Suggestions(BaseModel):
    """What the machine noticed. ``public``: proposed words for fields that the public sees."""

    language: str
    programme: str
    category: Category | None
    units: list[UnitSuggested]
    similar: list[Alike]
    urgency: list[Urgent]
    places: list[Named]
    personal: list[Span]
    redacted: str
    reply: list[HintTold]
    public: dict[str, str] = {}


@router.post("", auth=reading, response=Suggestions)
def suggest(request: HttpRequest, body: Message) -> dict[str, Any]:
    """What the machine notices about a message. Nothing is kept. Scope: `read`.

    `programme` says whose models and histories are asked; without one, the first that suggests
    categories. `category` and `area`, where they are known, make the unit surer.
    """
    given = {"subject": body.subject, "content": body.content, "reply": body.reply}
    subject, content, reply = (_clean(name, text) for name, text in given.items())
    programme = _programme(body.programme)
    told = suggested(subject, content, reply) | {"programme": programme.id if programme else ""}
    if programme is None:
        return told
    return told | advised(programme, subject, content, body.category, body.area)


@of_cases.get("/{number}/suggestions", auth=reading, response=Suggestions)
def suggest_for_case(request: HttpRequest, number: shapes.Number) -> dict[str, Any]:
    """What the machine notices about a case, from what you may see whole. Scope: `read`."""
    actor = caller_in(request).actor
    view = case_numbered(number, actor, clock.now())
    programme, values = view.programme, view.case.values
    subject, content = (whole(view, name) for name in text_fields(programme))
    category = str(values.get(programme.field_of(FieldType.CODE)) or "")
    area = str(values.get(programme.field_of(FieldType.AREA)) or "")
    never = str(values.get(programme.complained_of) or "") if programme.complained_of else ""
    return (
        suggested(subject, content, "")
        | advised(programme, subject, content, category, area, never)
        | {
            "programme": programme.id,
            "similar": [_alike(one, row, actor) for one, row in alike(view, actor)],
            "public": proposed(view),
        }
    )


def advised(
    programme: Programme, subject: str, content: str, category: str, area: str, never: str = ""
) -> dict[str, Any]:
    """Return what the desk would suggest beside its fields; only units are counted, not people."""
    noticed = noticed_category(programme, subject, content)
    known = category or (noticed[0].category if noticed and not noticed[0].unknown else "")
    units = offered_units(programme, known, area, [never] if never else ())
    return {
        "category": _category(noticed[0]) if noticed else None,
        "units": [_unit(offer) for offer in units],
    }


def suggested(subject: str, content: str, reply: str) -> dict[str, Any]:
    """Return what is noticed about a message, and about the *reply* to it if there is one."""
    text = f"{subject}\n{content}"
    found = places(text, gazetteer())
    return {
        "programme": "",
        "language": detect_language(text),
        "category": None,
        "units": [],
        "similar": [],
        "urgency": [_urgent(sign) for sign in urgency(text)],
        "places": [
            {"words": one.words, "areas": [*one.places[0].area]} for one in found if one.places
        ],
        "personal": [
            {"start": span.start, "end": span.end, "kind": span.kind}
            for span in personal_spans(text)
        ],
        "redacted": redact(text),
        "reply": [_hint(one) for one in hints(text, reply)] if reply else [],
    }


def proposed(view: CaseView) -> dict[str, str]:
    """Return redacted words for the fields by which steps allowed now speak to the public."""
    found: dict[str, str] = {}
    if not is_on(view.programme.id, "redaction"):
        return found
    for need in (need for step in view.allowed for need in step.needs):
        rule = view.programme.fields[need.field]
        text = whole(view, rule.name.removeprefix(PUBLIC))
        if rule.reviewed and rule.type in FREE_TEXT and rule.name.startswith(PUBLIC) and text:
            found[rule.name] = redact(text)[: int(rule.most or MOST_SIGNS)]
    return found


def _programme(wanted: str) -> Programme | None:
    """Return the programme asked for, or the first one that suggests categories.

    Raises:
        Refused: There is no programme *wanted*.
    """
    known = offered()
    if wanted and wanted not in known:
        raise invalid("body.programme", "there is no such programme")
    if wanted:
        return known[wanted]
    return next((one for one in known.values() if is_on(one.id, "category")), None)


def _alike(one: Candidate, row: Row, actor: Actor) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": title_told(row, actor),
        "confidence": round(one.probability, 4),
        "likely": one.likely,
        "shares": [evidence.kind for evidence in one.evidence if evidence.kind not in AGAINST],
    }


def _unit(offer: Offer) -> dict[str, Any]:
    return {
        "unit": offer.said.value,
        "label": place_name(directory().units, offer.said.value),
        "confidence": offer.said.confidence,
        "kept": offer.kept,
        "returned": offer.returned,
        "by_catalogue": offer.by_catalogue,
    }


def _clean(name: str, text: str) -> str:
    try:
        return clean_text(text)
    except Wrong as wrong:
        raise FieldsRefused([FieldProblem(name, wrong.code, wrong.data)]) from None


def _urgent(sign: Any) -> dict[str, Any]:
    return {
        "start": sign.start,
        "end": sign.end,
        "kind": sign.kind,
        "words": sign.words,
        "numbers": list(sign.numbers),
        "advice": words(sign.advice),
    }


def _hint(one: Any) -> dict[str, str]:
    return {
        "code": one.code,
        "message": words(HINTS[one.code]),
        "severity": one.severity,
        "sentence": one.sentence,
    }


def _category(one: Suggestion) -> dict[str, Any]:
    return {
        "category": one.category,
        "confidence": one.confidence,
        "unknown": one.unknown,
        "reasons": [{"word": word, "weight": weight} for word, weight in one.reasons],
        "alternatives": [
            {"category": code, "confidence": share} for code, share in one.alternatives
        ],
    }
