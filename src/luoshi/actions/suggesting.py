"""Suggesting: a category and a unit for the person who decides, with confidence and reasons.

Everything here only reads. What a person makes of it is an act of theirs, like any other.

Terms    category 分类 · unit 承办单位 · reason 依据 · catalogue 派单目录
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from luoshi.actions import clock
from luoshi.actions.model_registry import model_of
from luoshi.actions.suggested import Suggested, is_on
from luoshi.insight.triage.model import Suggestion
from luoshi.insight.triage.unit import Routed, UnitSuggestion, suggest_unit
from luoshi.insight.triage.urgency import UrgentSign, urgency
from luoshi.kernel.programme import Choice, FieldType, Programme, Relation, Transition
from luoshi.store.directory import directory
from luoshi.store.suggestions import Taken, routed, steps_since_routing

FRESH_SECONDS = 600.0
"""How long a history of routing is gone by before it is read again."""
UNITS = 3
CATALOGUE_CASES = 3
"""As many past cases the catalogue's word weighs, where there is little history."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A suggestion with what the screen says of it.

    Attributes:
        said: What is recorded if the person acts.
        reasons: Words of the message that decided, for the person who reads the message anyway.
        kept, returned: For a unit: such cases that it took on, and sent back.
        by_catalogue: For a unit: the catalogue names it.
    """

    said: Suggested
    reasons: tuple[str, ...] = ()
    kept: int = 0
    returned: int = 0
    by_catalogue: bool = False

    @property
    def percent(self) -> int | None:
        """Confidence in percent, never more than 99: nothing here is certain."""
        sure = self.said.confidence
        return None if sure is None else min(99, round(100 * sure))


def text_fields(programme: Programme) -> tuple[str, str]:
    """Return the fields with the title and the description of the matter."""
    asked = [need.field for step in programme.opening for need in step.needs]
    texts = [name for name in asked if programme.fields[name].type is FieldType.TEXT]
    return programme.title_field, next(iter(texts), "")


def noticed_category(
    programme: Programme, subject: str, details: str
) -> tuple[Suggestion, str] | None:
    """Return what the programme's model makes of a message, and the digest of the model.

    ``None`` when there is no model, the switch is off, or the category is no longer in the list.
    """
    field = programme.field_of(FieldType.CODE)
    held = model_of(programme.id) if field and is_on(programme.id, "category") else None
    if held is None or held.model is None:
        return None
    found = held.model.suggest(subject, details)
    entries = programme.lists.get(programme.fields[field].choices, {})
    return (found, held.digest) if found.category in entries else None


def offered_category(programme: Programme, subject: str, details: str) -> Offer | None:
    """Return the category that the programme's model suggests; ``None`` when it does not know."""
    noticed = noticed_category(programme, subject, details)
    if noticed is None or noticed[0].unknown:
        return None
    found, digest = noticed
    field = programme.field_of(FieldType.CODE)
    entries = programme.lists.get(programme.fields[field].choices, {})
    said = Suggested(
        kind="category",
        field=field,
        value=found.category,
        offered=clock.now(),
        confidence=round(found.confidence, 4),
        model=digest,
        reasons=_taxonomy_words(found, entries.values()),
    )
    return Offer(said, tuple(word for word, _ in found.reasons))


def _taxonomy_words(found: Suggestion, entries: Iterable[Choice]) -> tuple[tuple[str, float], ...]:
    """Keep the reasons that stand in the words of the taxonomy: nobody's own words are stored."""
    texts = [text for one in entries for text in (*one.labels.values(), *one.data.values())]
    return tuple((word, weight) for word, weight in found.reasons if _stands_in(word, texts))


def _stands_in(word: str, texts: Sequence[str]) -> bool:
    return any(word in text.casefold() for text in texts)


def offered_units(
    programme: Programme, category: str, area: str, never: Sequence[str] = ()
) -> tuple[Offer, ...]:
    """Return the units that took on such cases here, likeliest first; only units are counted.

    Args:
        programme: Whose history is gone by, with its catalogue.
        category: Category of the case; without one nothing is suggested.
        area: Code of its area; may be empty.
        never: Units that cannot be meant, such as the one complained of.
    """
    if not (category and programme.holder_field and is_on(programme.id, "unit")):
        return ()
    known = directory().units
    named = _catalogued(programme, category)
    path = _path(area)
    past = [one for one in _history(programme) if one.unit in known and one.unit not in never]
    real = {one.unit: one for one in suggest_unit(category, path, past, len(known))}
    if named in known and named not in never:
        past += [Routed(category, (), named)] * CATALOGUE_CASES
    found = suggest_unit(category, path, past, UNITS)
    return tuple(
        _unit_offer(programme, one, real.get(one.unit), is_named=one.unit == named)
        for one in found
    )


def _unit_offer(
    programme: Programme, found: UnitSuggestion, real: UnitSuggestion | None, *, is_named: bool
) -> Offer:
    """Return *found* as it is shown: it rests on *real* cases, not on the catalogue's word."""
    kept, returned = (real.kept, real.returned) if real else (0, 0)
    return Offer(
        Suggested(
            kind="unit",
            field=programme.holder_field,
            value=found.unit,
            offered=clock.now(),
            confidence=round(found.confidence, 4) if kept else None,
        ),
        kept=kept,
        returned=returned,
        by_catalogue=is_named,
    )


def _catalogued(programme: Programme, category: str) -> str:
    """Return the unit that the catalogue 派单目录 names for *category*."""
    field = programme.fields.get(programme.field_of(FieldType.CODE))
    entry = programme.lists.get(field.choices, {}).get(category) if field else None
    return entry.data.get("unit", "") if entry else ""


def _path(area: str) -> tuple[str, ...]:
    place = directory().areas.get(area)
    return (*place.path, area) if place else ()


_lock = Lock()
_histories: dict[str, tuple[float, list[Routed]]] = {}


def _history(programme: Programme) -> list[Routed]:
    with _lock:
        at, known = _histories.get(programme.id, (0.0, []))
        if programme.id not in _histories or monotonic() - at > FRESH_SECONDS:
            known = _read(programme)
            _histories[programme.id] = (monotonic(), known)
        return list(known)


def forget_histories() -> None:
    """Read the history of routing again at the next question."""
    with _lock:
        _histories.clear()


def _read(programme: Programme) -> list[Routed]:
    rows = routed(programme.id)
    back = {name for name in programme.states if programme.seeks_holder(name)}
    since = steps_since_routing(
        [row.case for row in rows if row.state in back], programme.holder_field
    )
    told = ((row, _is_kept(programme, since.get(row.case), back)) for row in rows)
    return [
        Routed(row.category, _path(row.area), row.unit, kept=is_kept)
        for row, is_kept in told
        if is_kept is not None
    ]


def _is_kept(programme: Programme, since: Sequence[Taken] | None, back: Set[str]) -> bool | None:
    """Did the unit take on a case for which another unit is looked for now (*since* routing)?

    ``None``: it never had a say, for whoever routed the case took it back 撤回. One that is
    looked for again after the unit has answered was not sent back by it.
    """
    if since is None:
        return True
    roles = programme.roles
    own = [
        step
        for step in since
        if step.role in roles and roles[step.role].relation is Relation.OWN_UNIT
    ]
    return own[-1].state not in back if own else None


def urgent_signs(programme: Programme, subject: str, details: str) -> tuple[UrgentSign, ...]:
    """Return words of danger that a person must see at once; each kind once."""
    if not is_on(programme.id, "urgency"):
        return ()
    found = urgency(f"{subject}\n{details}")
    return tuple({sign.kind: sign for sign in reversed(found)}.values())[::-1]


def said_of(sign: UrgentSign, hands_over: str) -> Suggested:
    """Return what is recorded of *sign* beside the next step; *hands_over* names the right one."""
    return Suggested("urgency", hands_over, sign.kind, clock.now())


LINES = frozenset({"110", "119", "120", "122"})


def handing_over(programme: Programme, steps: Sequence[Transition]) -> Transition | None:
    """Return the step among *steps* that hands a case to an emergency line, if there is one."""
    return next((step for step in steps if _names_a_line(programme, step)), None)


def _names_a_line(programme: Programme, step: Transition) -> bool:
    return any(
        len(LINES & programme.lists.get(programme.fields[need.field].choices, {}).keys()) > 1
        for need in step.needs
        if need.required
    )
