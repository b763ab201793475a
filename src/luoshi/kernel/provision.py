"""Provisions: the particular things that a programme may provide for.

Terms    joint handling 主办协办 · hold 督办 · phase 阶段 · wall 举报人信息隔离
         · quiet hours 免打扰时段
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from luoshi.kernel.condition import Condition
from luoshi.kernel.limit import Labels


@dataclass(frozen=True, slots=True)
class Need:
    """A field that a transition asks for. ``when`` makes it conditional."""

    field: str
    required: bool = True
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Extend:
    """A transition that lengthens a clock by the number of units given in ``by_field``."""

    clock: str
    by_field: str


@dataclass(frozen=True, slots=True)
class Parts:
    """Joint handling 主办协办: a transition that opens one child case for each unit named.

    Attributes:
        programme: Programme of the child cases, each with clocks of its own.
        units: Field in which the units are named.
        carries: Answers that a child is opened with, taken from the case.
    """

    programme: str
    units: str
    carries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which nobody is woken: a message is held back until they are over.

    Attributes:
        unless: Cases for which people are woken all the same: urgent ones.
    """

    start: time
    end: time
    unless: Condition | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """Something that is put up and has to be lifted again, such as supervision 督办.

    Attributes:
        blocks: Transitions that cannot be taken while it is up.
    """

    name: str
    labels: Labels
    blocks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phase:
    """One of the stages that a case goes through in order, each with what must be there by then.

    Attributes:
        states: States that belong to it.
        needs: Fields, evidence among them, without which it cannot be entered; those of the phases
            before it are needed too.
    """

    name: str
    labels: Labels
    states: tuple[str, ...]
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class CloseKind:
    """How a case can be closed: solved 解决, explained 解释, declined 不予受理, merged 合并.

    Attributes:
        words: Fields that must say why, in the words the requester is told.
        review: Date field by which the matter is looked at again; empty where there is none.
    """

    name: str
    labels: Labels
    words: tuple[str, ...] = ()
    review: str = ""


@dataclass(frozen=True, slots=True)
class Wall:
    """Who reported is kept in a store of its own; two people together may look 举报人信息隔离.

    Attributes:
        when: For which cases; it goes up with the step by which a case becomes one of them.
        fields: What is walled off.
        asked_by, granted_by: Roles that may ask to see it, and that may grant it (another person).
    """

    when: Condition
    fields: tuple[str, ...]
    asked_by: tuple[str, ...]
    granted_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggest:
    """What the machine may suggest to the person who decides 智能建议; nothing unless said.

    Attributes:
        category: The category, beside the field that asks for it.
        unit: The handling unit, beside the field that names it.
        area: The area that a message names, beside the field that asks for it.
        urgency: Words of danger, with the emergency line to hand over to.
        similar: Cases that may be about the same matter, to be merged by a person.
        topics: Hot topics of a period.
        hints: Answers that are looked through before they are sent.
        redaction: Words for the public view, with what points at a person hidden; it protects, so
            it is on unless switched off.
    """

    category: bool = False
    unit: bool = False
    area: bool = False
    urgency: bool = False
    similar: bool = False
    topics: bool = False
    hints: tuple[str, ...] = ()
    redaction: bool = True


@dataclass(frozen=True, slots=True)
class TakesTopics:
    """A hot topic may become a case of this programme 每月一题.

    Attributes:
        title: Field that takes the name of the topic.
        details: Field that takes its description and the numbers of the cases behind it.
    """

    title: str
    details: str
