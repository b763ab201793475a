"""Consequences: what follows from a transition besides the new state and the clocks.

Holds go up and come down, parts of joint handling are opened and waived, a case is merged into
another and leaves it again, a late mark is exempted or counts again, a case is closed in a certain
way. Each is an effect written into the fact; ``case.fold`` knows what it means.

Terms    hold 督办、挂起 · part 协办件 · merger 合并 · exemption 剔除
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from luoshi.kernel.case import Case
from luoshi.kernel.errors import ConditionUnmet, FieldProblem, FieldsRefused
from luoshi.kernel.fact import Json, derived_key
from luoshi.kernel.programme import Transition

Effect = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class PartOrder:
    """A child case that has to be opened with the step.

    Attributes:
        case: Its key, derived from the act, so that the step sent again opens nothing twice.
        carries: Names of the answers it is opened with, taken from the case.
    """

    case: str
    programme: str
    unit: str
    carries: tuple[str, ...]


def effects_of(
    transition: Transition,
    case: Case | None,
    act: str,
    answers: Mapping[str, Json],
    *,
    ends: bool = False,
) -> tuple[Effect, ...]:
    """Return what follows from *transition*.

    Args:
        transition: The step.
        case: The case before it; ``None`` for one that is opened.
        act: Key of the act.
        answers: The checked answers.
        ends: The case comes to an end: parts that are still open end with it.

    Raises:
        ConditionUnmet: There is nothing to lift, to waive, to leave or to count again.
        FieldsRefused: A case cannot follow itself, or one that follows another.
    """
    return (
        *({"does": "raise", "hold": name} for name in transition.raises),
        *_lifted(transition, case),
        *(
            {"does": "open_part", "case": order.case, "unit": order.unit}
            for order in parts_of(transition, case, act, answers)
        ),
        *_waived(transition, case, answers),
        *_ended_parts(case if ends else None),
        *_merged(transition, case, answers),
        *({"does": "exempt", "what": name} for name in transition.exempts),
        *_counted_again(transition, case),
        *([{"does": "close", "kind": transition.close_kind}] if transition.close_kind else []),
    )


def parts_of(
    transition: Transition, case: Case | None, act: str, answers: Mapping[str, Json]
) -> tuple[PartOrder, ...]:
    """Return the child cases that *transition* opens: one for each unit without an open part."""
    rule = transition.opens_parts
    if rule is None:
        return ()
    named = answers.get(rule.units)
    busy = {part.unit for part in case.parts.values() if part.state == "open"} if case else set()
    units = named if isinstance(named, list) else [named] if named else []
    return tuple(
        PartOrder(derived_key(act, f"part {unit}"), rule.programme, str(unit), rule.carries)
        for unit in dict.fromkeys(units)
        if unit not in busy
    )


def _lifted(transition: Transition, case: Case | None) -> Iterator[Effect]:
    for name in transition.lifts:
        if case is None or not case.holds.get(name):
            raise ConditionUnmet(
                transition=transition.name, reason=f"there is no {name} to lift", allowed=""
            )
        yield {"does": "lift", "hold": name}


def _waived(
    transition: Transition, case: Case | None, answers: Mapping[str, Json]
) -> Iterator[Effect]:
    if not transition.waives or case is None:
        return
    unit = answers.get(transition.waives)
    open_ones = [key for key in case.open_parts if case.parts[key].unit == unit]
    if not open_ones:
        raise ConditionUnmet(
            transition=transition.name, reason=f"{unit} has no open part", allowed=""
        )
    yield {"does": "end_part", "case": open_ones[0], "how": "waived"}


def _counted_again(transition: Transition, case: Case | None) -> Iterator[Effect]:
    for name in transition.counts_again:
        if case is None or name not in case.exempt:
            raise ConditionUnmet(
                transition=transition.name, reason=f"{name} is not exempt", allowed=""
            )
        yield {"does": "count_again", "what": name}


def _ended_parts(case: Case | None) -> Iterator[Effect]:
    for key in case.open_parts if case else ():
        yield {"does": "end_part", "case": key, "how": "void"}


def _merged(
    transition: Transition, case: Case | None, answers: Mapping[str, Json]
) -> Iterator[Effect]:
    if transition.follows and case is not None:
        main = answers.get(transition.follows)
        if main == case.id or case.followers:
            raise FieldsRefused([FieldProblem(transition.follows, "case.follows_itself")])
        yield {"does": "follow", "case": main}
    if transition.leaves:
        if case is None or not case.follows:
            raise ConditionUnmet(
                transition=transition.name, reason="the case is not merged", allowed=""
            )
        yield {"does": "leave"}
