"""Programmes: what a service promises, as values.

A programme 专项 is read from a folder of text (``luoshi.formats``) and judged by ``check``.
Nothing in this module, and no other Python, knows any one programme by name.

Terms    programme 专项 · case 事项 · field 表单项 · role 角色 · state 状态 · transition 流转
Units    every length of time is a ``Duration`` or a ``Period`` and carries its unit
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from luoshi.kernel.condition import Answers, Condition
from luoshi.kernel.duration import Period
from luoshi.kernel.limit import Clock, Labels, Limit
from luoshi.kernel.provision import (
    CloseKind,
    Extend,
    Hold,
    Need,
    Parts,
    Phase,
    Quiet,
    Suggest,
    TakesTopics,
    Wall,
)

LISTED_LAST = 99
"""Place among the services of a programme that does not say where it stands."""


class FieldType(StrEnum):
    """Kinds of answers."""

    LINE = "line"
    TEXT = "text"
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    CODE = "code"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes-no"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    POINT = "point"
    ADDRESS = "address"
    UNIT = "unit"
    UNITS = "units"
    CASE = "case"
    AREA = "area"
    FILES = "files"


FREE_TEXT = frozenset({FieldType.LINE, FieldType.TEXT, FieldType.NAME, FieldType.ADDRESS})
"""Types into which a person can write anything, also somebody's name."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list. ``parent`` makes the list a tree; ``data`` holds further columns."""

    code: str
    labels: Labels
    parent: str = ""
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Field:
    """One answer that a case may hold.

    Attributes:
        personal: The value is about a person: it never enters a fact, only its salted digest does.
        purpose: Why the value is needed, in words for the person concerned (personal fields only).
        keep: How long the value is kept after the case has ended; then it is really deleted.
        seen_by: Roles that may see the value; empty means everybody who may see the case.
        masked: Shown masked (138****5678); looking at the whole is an act of its own, logged.
        choices: Name of the list from which the answer is taken.
        most: Most characters (texts), entries (choices, files), greatest value (numbers), or
            most days from today (dates).
        least: Fewest characters, entries, the smallest value, or fewest days from today (dates).
        holder: The unit named here is the one that handles the case.
        reviewed: What a person writes or prepares for the public, and therefore not personal.
        also: Other column headers by which an import knows the field.
        credit_code: The line is a 统一社会信用代码: it names an organisation, not a person.
    """

    name: str
    type: FieldType
    labels: Labels
    hint: Labels = field(default_factory=dict)
    personal: bool = False
    purpose: Labels = field(default_factory=dict)
    keep: Period | None = None
    seen_by: frozenset[str] = frozenset()
    masked: bool = False
    choices: str = ""
    most: float | None = None
    least: float | None = None
    holder: bool = False
    reviewed: bool = False
    also: tuple[str, ...] = ()
    credit_code: bool = False


class Relation(StrEnum):
    """How a person in a role must be related to a case to see it and to act on it."""

    ANY = "any"
    OWN_UNIT = "own_unit"
    OWN_AREA = "own_area"
    REQUESTER = "requester"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Role:
    """A part that people play, and its relation to a case."""

    name: str
    labels: Labels
    relation: Relation = Relation.ANY


class StateKind(StrEnum):
    """What a state means for the person who waits."""

    OPEN = "open"
    WAITING = "waiting"
    DONE = "done"
    VOID = "void"

    @property
    def is_end(self) -> bool:
        """Whether nobody waits any more."""
        return self in (StateKind.DONE, StateKind.VOID)


@dataclass(frozen=True, slots=True)
class State:
    """Where a case stands.

    Attributes:
        public: What everybody else is told (``labels`` is for those who work with it).
        turn: Roles whose turn it is; an end state needs none.
        unclocked: Why no clock runs here, in words; empty when one does.
    """

    name: str
    labels: Labels
    public: Labels
    kind: StateKind
    turn: tuple[str, ...] = ()
    unclocked: str = ""


SAME = "same"
"""Target of a transition that leaves the state as it is."""

PREVIOUS = "previous"
"""Target of a transition that goes back to the state the case came from."""

RATING = "rating"
"""What else than clocks can be exempt: the rating that a requester gave."""

START = "start"
"""Source of the transitions that open a case."""


@dataclass(frozen=True, slots=True)
class Transition:
    """A step that somebody may take.

    Attributes:
        source_states: States from which it starts; ``(START,)`` opens a case.
        target: State in which it ends, or ``SAME``.
        by: Roles that may take it.
        needs: Answers it asks for, required or not, in the order of the form.
        sets: Answers it gives by itself.
        when: What must hold.
        at_most: How often it may be taken on one case; ``None`` for no limit.
        not_same_person_as: Transitions whose last doer may not take this one.
        starts, meets, pauses, resumes, stops: What it does to clocks, by clock name.
        continues: Clocks that it starts again with what was left of them in their last round.
        extends: The clock it lengthens.
        numbers: Further numbers that it gives, by name of their pattern; each once to a case.
        raises, lifts: Holds that it puts up, or takes down (the oldest one).
        opens_parts: Child cases that it opens, for joint handling.
        waives: Field with the unit whose part is waived.
        follows: Field with the number of the main case into which this one is merged.
        leaves: Undoes a merger.
        for_followers: Transition taken by the system on every merged case, with the same answers.
        exempts: What no longer counts in an assessment from here on: clocks, or ``rating``.
        counts_again: What was exempt and counts in an assessment again.
        close_kind: How the case was closed, for the figures.
        rests_on: Article or rule it comes from.
    """

    name: str
    labels: Labels
    source_states: tuple[str, ...]
    target: str
    by: tuple[str, ...]
    needs: tuple[Need, ...] = ()
    sets: Mapping[str, object] = field(default_factory=dict)
    when: Condition | None = None
    at_most: int | None = None
    not_same_person_as: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    meets: tuple[str, ...] = ()
    pauses: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    extends: Extend | None = None
    continues: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    raises: tuple[str, ...] = ()
    lifts: tuple[str, ...] = ()
    opens_parts: Parts | None = None
    waives: str = ""
    follows: str = ""
    leaves: bool = False
    for_followers: str = ""
    exempts: tuple[str, ...] = ()
    counts_again: tuple[str, ...] = ()
    rests_on: str = ""
    done_label: Labels = field(default_factory=dict)
    close_kind: str = ""

    @property
    def opens(self) -> bool:
        """Whether it opens a case."""
        return START in self.source_states


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that goes out after a transition: to whom, by which way, in which words."""

    name: str
    on: tuple[str, ...]
    to: str
    by: tuple[str, ...]
    text: Labels


@dataclass(frozen=True, slots=True)
class Publication:
    """What everybody may see, and from which step on.

    Attributes:
        when: What must hold; it always rests on an act by which a person approved the public view.
        show: Fields that the public view holds; none of them personal.
        place: Coarsest-to-finest area level shown, e.g. ``community``; empty shows no place.
        promise: The clock that is the promise 承诺时限 to everybody; empty promises no date.
        hide_counts_below: Cells of public tables with fewer cases are hidden.
    """

    when: Condition | None = None
    show: tuple[str, ...] = ()
    place: str = ""
    promise: str = ""
    hide_counts_below: int = 5


@dataclass(frozen=True, slots=True)
class Programme:
    """Everything one service promises.

    Attributes:
        register_number: Pattern of the number given when a case is opened; ``numbers`` are others.
        listed: Its place among the services that people choose from, 1 first.
        complained_of: Field with the unit that the case is about: the case never goes to it.
        heat: How hot topics are found and ranked 热度参数, as far as it is not by default.
    """

    id: str
    version: str
    in_force: date
    labels: Labels
    owner: Labels
    source: str
    calendar: str
    register_number: str
    fields: Mapping[str, Field]
    lists: Mapping[str, Mapping[str, Choice]]
    roles: Mapping[str, Role]
    states: Mapping[str, State]
    transitions: Mapping[str, Transition]
    clocks: Mapping[str, Clock]
    publication: Publication = Publication()
    notices: tuple[Notice, ...] = ()
    about: Labels = field(default_factory=dict)
    listed: int = LISTED_LAST
    numbers: Mapping[str, str] = field(default_factory=dict)
    holds: Mapping[str, Hold] = field(default_factory=dict)
    phases: tuple[Phase, ...] = ()
    close_kinds: Mapping[str, CloseKind] = field(default_factory=dict)
    wall: Wall | None = None
    complained_of: str = ""
    quiet: Quiet | None = None
    suggest: Suggest = field(default_factory=Suggest)
    heat: Mapping[str, float] = field(default_factory=dict)
    takes_topics: TakesTopics | None = None

    @property
    def opening(self) -> tuple[Transition, ...]:
        """Transitions that open a case."""
        return tuple(step for step in self.transitions.values() if step.opens)

    def from_state(self, state: str) -> Iterator[Transition]:
        """Yield the transitions that start from *state*, in the order of the file."""
        return (step for step in self.transitions.values() if state in step.source_states)

    def targets_of(self, transition: Transition, state: str) -> tuple[str, ...]:
        """Return every state in which *transition*, taken in *state*, can end."""
        if transition.target == SAME:
            return (state,)
        if transition.target != PREVIOUS:
            return (transition.target,)
        return tuple(
            dict.fromkeys(
                source
                for step in self.transitions.values()
                if step.target == state
                for source in step.source_states
                if source != START
            )
        )

    def target_of(self, transition: Transition, state: str) -> str:
        """Return the state in which *transition* ends; going back, the likeliest one."""
        return next(iter(self.targets_of(transition, state)), state)

    def phase_of(self, state: str) -> int:
        """Return the place of the phase of *state*, from 0; -1 when it belongs to none."""
        return next((n for n, phase in enumerate(self.phases) if state in phase.states), -1)

    @property
    def holder_field(self) -> str:
        """Name of the field that names the handling unit 承办单位; empty when there is none."""
        return next((f.name for f in self.fields.values() if f.holder), "")

    def seeks_holder(self, state: str) -> bool:
        """Return whether a handling unit is looked for in *state*: whoever had it has it no more.

        So it is where a step names one, and no role of a unit has the turn.
        """
        known = self.states.get(state)
        turn = (self.roles[role] for role in known.turn) if known else ()
        return not any(role.relation is Relation.OWN_UNIT for role in turn) and any(
            need.required and need.field == self.holder_field
            for step in self.from_state(state)
            for need in step.needs
        )

    @property
    def title_field(self) -> str:
        """Name of the field that lists show as the title: the first line of text; or empty."""
        return next((f.name for f in self.fields.values() if f.type is FieldType.LINE), "")

    def field_of(self, kind: FieldType) -> str:
        """Return the name of the first field of *kind*; empty when there is none."""
        return next((f.name for f in self.fields.values() if f.type is kind), "")

    def limit_for(self, clock: str, day: date, values: Mapping[str, object]) -> Limit | None:
        """Return the rule of *clock* for a case with such answers that starts it on *day*."""
        return self.clocks[clock].limit_on(day, Answers(values))


def label(labels: Labels, language: str) -> str:
    """Return the words in *language*, else in Chinese, else whatever there is."""
    return labels.get(language) or labels.get("zh-Hans") or next(iter(labels.values()), "")
