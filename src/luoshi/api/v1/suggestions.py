"""Suggestions: what the machine notices about a message or a case. A person decides.

Category (when this installation has trained a model: ``LUOSHI_HOME/triage.model``), signs of
urgency, places named, personal data to hide, what to look at in a reply, and
words for the public view.

Terms    suggestion 建议 · confidence 置信度 · redaction 脱敏
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, StringConstraints

from luoshi.actions import clock
from luoshi.api.v1 import shapes
from luoshi.api.v1.door import caller_in, reading
from luoshi.api.v1.words import words
from luoshi.insight.reply.hint import HINTS
from luoshi.insight.reply.review import hints
from luoshi.insight.text.language import detect_language
from luoshi.insight.triage.model import Model
from luoshi.insight.triage.personal import personal_spans, redact
from luoshi.insight.triage.places import Gazetteer, Place, places
from luoshi.insight.triage.urgency import urgency
from luoshi.kernel.access import Sight
from luoshi.kernel.answers import Wrong, clean_text
from luoshi.kernel.errors import FieldProblem, FieldsRefused
from luoshi.kernel.programme import FREE_TEXT, FieldType
from luoshi.store.directory import Directory, directory
from luoshi.store.queries import case_numbered
from luoshi.store.sight import CaseView

router = Router(tags=["suggestions"])
of_cases = Router(tags=["suggestions"])
MODEL = "triage.model"
PUBLIC = "public_"
MOST_SIGNS = 20_000
Text = Annotated[str, StringConstraints(max_length=MOST_SIGNS)]


class Message(shapes.Body):
    """A message that is looked at, and nothing of it is kept."""

    subject: Text = ""
    content: Text = ""
    reply: Text = ""


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
    category: Category | None
    urgency: list[Urgent]
    places: list[Named]
    personal: list[Span]
    redacted: str
    reply: list[HintTold]
    public: dict[str, str] = {}


@router.post("", auth=reading, response=Suggestions)
def suggest(request: HttpRequest, body: Message) -> dict[str, Any]:
    """What the machine notices about a message. Nothing is kept. Scope: `read`."""
    given = {"subject": body.subject, "content": body.content, "reply": body.reply}
    return suggested(**{name: _clean(name, text) for name, text in given.items()})


@of_cases.get("/{number}/suggestions", auth=reading, response=Suggestions)
def suggest_for_case(request: HttpRequest, number: shapes.Number) -> dict[str, Any]:
    """What the machine notices about a case, from what you may see whole. Scope: `read`."""
    view = case_numbered(number, caller_in(request).actor, clock.now())
    content = _whole(view, view.programme.field_of(FieldType.TEXT))
    told = suggested(_whole(view, view.programme.title_field), content, "")
    return told | {"public": proposed(view)}


def suggested(subject: str, content: str, reply: str) -> dict[str, Any]:
    """Return what is noticed about a message, and about the *reply* to it if there is one."""
    text = f"{subject}\n{content}"
    found = places(text, _gazetteer(directory()))
    return {
        "language": detect_language(text),
        "category": _category(subject, content),
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
    found = {}
    for need in (need for step in view.allowed for need in step.needs):
        rule = view.programme.fields[need.field]
        text = _whole(view, rule.name.removeprefix(PUBLIC))
        if rule.reviewed and rule.type in FREE_TEXT and rule.name.startswith(PUBLIC) and text:
            found[rule.name] = redact(text)[: int(rule.most or MOST_SIGNS)]
    return found


def _whole(view: CaseView, name: str) -> str:
    answer = view.answers.get(name)
    is_whole = answer is not None and answer.sight is Sight.WHOLE
    return str(answer.value) if is_whole and answer and isinstance(answer.value, str) else ""


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
        "advice": sign.advice,
    }


def _hint(one: Any) -> dict[str, str]:
    return {
        "code": one.code,
        "message": words(HINTS[one.code]),
        "severity": one.severity,
        "sentence": one.sentence,
    }


_known: list[tuple[Directory, Gazetteer]] = []
"""The names of the areas, with the directory they were taken from."""


def _gazetteer(known: Directory) -> Gazetteer:
    """Return the names of the areas, made anew when the directory is another one."""
    for held, names in _known[:]:
        if held is known:
            return names
    areas = known.areas.values()
    entries = (Place(one.labels["zh-Hans"], (*one.path, one.code)) for one in areas)
    made = Gazetteer(tuple(entries))
    _known[:] = [(known, made)]
    return made


def _category(subject: str, content: str) -> dict[str, Any] | None:
    model = _model()
    if model is None:
        return None
    one = model.suggest(subject, content)
    return {
        "category": one.category,
        "confidence": one.confidence,
        "unknown": one.unknown,
        "reasons": [{"word": word, "weight": weight} for word, weight in one.reasons],
        "alternatives": [
            {"category": code, "confidence": share} for code, share in one.alternatives
        ],
    }


def _model() -> Model | None:
    path = Path(settings.LUOSHI.home) / MODEL
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _loaded(path, changed)


@lru_cache(maxsize=1)
def _loaded(path: Path, _changed: int) -> Model:
    return Model.load(path)
