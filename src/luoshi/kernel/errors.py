"""Every way in which Luoshi says no.

Three kinds never mix: a *definition* that is broken (``ProgrammeInvalid``,
``CalendarNotCovered``), an *act* that is refused (``Refused`` and its children), and a bug (any
other exception).

``code`` is a promise to programs: it is stable, documented in ``docs/reference/errors.md`` and the
key of the translated sentence. ``template`` is the English sentence for people: it says what to
do. ``data`` holds the facts of the refusal; they are never personal values.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar


class LuoshiError(Exception):
    """Base of every error that Luoshi raises on purpose.

    Args:
        data: Facts named in ``template``; available as ``error.data`` for translation.
    """

    code: ClassVar[str] = "error"
    template: ClassVar[str] = "{reason}"

    def __init__(self, **data: object) -> None:
        self.data = data
        super().__init__(self.template.format(**data))


class CalendarNotCovered(LuoshiError):
    """A day lies outside the years whose working days have been announced."""

    code = "calendar.not_covered"
    template = "{day} is outside the published calendar {calendar} ({first} to {last})"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a definition: where it is, what it is, and a way out."""

    code: str
    message: str
    path: str = ""
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return " ".join(part for part in (where and f"{where}:", self.path, self.message) if part)


class ProgrammeInvalid(LuoshiError):
    """A programme is not sound; carries every problem found, not only the first."""

    code = "programme.invalid"
    template = "{programme}: {count} problem(s)\n{listing}"

    def __init__(self, programme: str, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        listing = "\n".join(str(problem) for problem in self.problems)
        super().__init__(programme=programme, count=len(self.problems), listing=listing)


class Refused(LuoshiError):
    """An act that the programme, or the right of the actor, does not allow; nothing is changed."""

    code = "refused"


class CaseNotFound(Refused):
    """There is no such case, or the actor may not know that there is: the two look the same."""

    code = "case.not_found"
    template = "there is no such case; check the number, or ask who may see it"

    def __init__(self) -> None:
        super().__init__()


class TransitionUnknown(Refused):
    """The programme has no transition of this name."""

    code = "transition.unknown"
    template = "this programme has no step {transition!r}; allowed now: {allowed}"


class WrongState(Refused):
    """The transition does not start from the state in which the case is."""

    code = "transition.wrong_state"
    template = "cannot {transition!r} while the case is {state!r}; allowed now: {allowed}"


class NotYours(Refused):
    """The actor holds no role that may take this transition on this case."""

    code = "transition.not_yours"
    template = "{transition!r} is for {roles}; you may now: {allowed}"


class SamePerson(Refused):
    """Separation of duties: who did one step may not do the other."""

    code = "transition.same_person"
    template = "{transition!r} must be done by somebody other than the person who did {other!r}"


class TooOften(Refused):
    """The transition has been taken as often as the programme allows."""

    code = "transition.too_often"
    template = "{transition!r} is allowed {at_most} time(s) and was done {done} time(s)"


class ConditionUnmet(Refused):
    """What the programme asks for before this transition does not hold."""

    code = "transition.condition"
    template = "cannot {transition!r} now: {reason}; allowed now: {allowed}"


class HeldBack(Refused):
    """Something is up that has to be lifted first, such as supervision."""

    code = "transition.held"
    template = "cannot {transition!r} while {hold!r} is up; it has to be lifted first"


class InterestConflict(Refused):
    """The unit that the case complains of may not be given the case."""

    code = "transition.interest"
    template = "the case is about {unit!r}: it cannot be routed there, nor below or above it"


class Stale(Refused):
    """Somebody else acted first: the case is no longer as the actor last saw it."""

    code = "case.stale"
    template = "the case has moved on to step {now} (you saw step {seen}): {changed}; look again"


class ResentDifferent(Refused):
    """The same identifier was sent before with another content; the first one stands."""

    code = "case.resent_different"
    template = "{id} was received before with another content; nothing was changed"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one answer: a stable code, and what its sentence is filled with."""

    field: str
    code: str
    data: Mapping[str, object] = dataclasses.field(default_factory=dict)


class FieldsRefused(Refused):
    """One or more answers are missing or wrong; all of them are named."""

    code = "fields.refused"
    template = "{listing}"

    def __init__(self, problems: Iterable[FieldProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(listing="; ".join(f"{p.field}: {p.code}" for p in self.problems))
