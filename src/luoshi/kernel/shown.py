"""Shown: which rules of a programme its scenarios show, and which they do not.

Terms    scenario 情景 · coverage 覆盖
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from luoshi.kernel.errors import CaseNotFound, HeldBack, InterestConflict
from luoshi.kernel.playing import Played
from luoshi.kernel.programme import Programme, Relation

OWN = (Relation.OWN_UNIT, Relation.OWN_AREA)
"""Relations by which some people see a case and others do not."""


def uncovered(programme: Programme, played: Iterable[Played]) -> Iterator[tuple[str, str]]:
    """Yield what no scenario shows: the place in the programme, and what is missing.

    Every transition is taken in some scenario, every rule of a transition refuses in some, and
    each general refusal (wrong state, not yours, answers missing, not to be seen) is shown once.
    """
    all_played = list(played)
    taken = frozenset[str]().union(*(one.taken for one in all_played))
    refused = frozenset[tuple[str, str]]().union(*(one.refused for one in all_played))
    for step in programme.transitions.values():
        place = f"transitions.{step.name}"
        if step.name not in taken:
            yield place, f"no scenario takes {step.name!r}; write one that does"
        for key, rule, code in (
            ("when", step.when, "transition.condition"),
            ("at_most", step.at_most, "transition.too_often"),
            ("not_same_person_as", step.not_same_person_as, "transition.same_person"),
        ):
            if rule and (step.name, code) not in refused:
                yield f"{place}.{key}", f"no scenario shows {step.name!r} refused with {code}"
    yield from _provisions_unseen(programme, refused)
    for code in ("transition.wrong_state", "transition.not_yours", "fields.refused"):
        if code not in {found for _, found in refused}:
            yield "transitions", f"no scenario shows a step refused with {code}; write one"


def _provisions_unseen(
    programme: Programme, refused: frozenset[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Yield the holds, the rule on interests and the closed doors that no scenario shows."""
    for hold in programme.holds.values():
        if hold.blocks and not any((step, HeldBack.code) in refused for step in hold.blocks):
            said = f"no scenario shows a step refused with {HeldBack.code} for {hold.name!r}"
            yield f"holds.{hold.name}.blocks", said
    shown = {code for _, code in refused}
    if programme.complained_of and InterestConflict.code not in shown:
        yield "complained_of", f"no scenario shows a step refused with {InterestConflict.code}"
    own = any(role.relation in OWN for role in programme.roles.values())
    if own and CaseNotFound.code not in shown:
        yield "roles", f"no scenario shows somebody refused with {CaseNotFound.code}; write one"
