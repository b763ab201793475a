"""Turns: whose move it is, and which cases stand in the lists of a member of staff.

Terms    my turn 轮到我 · near due 临期 · worklist 工作列表
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from luoshi.kernel.access import Actor
from luoshi.kernel.programme import Programme, Relation, Role
from luoshi.store.programmes import calendar_of, offered
from luoshi.store.queries import scope_of

OUTSIDE = (Relation.REQUESTER, Relation.SYSTEM)
"""Relations that nobody at a desk holds by a post."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The states in which it is somebody's turn, and the units whose cases are meant."""

    states: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


def posts_held(actor: Actor) -> list[tuple[Programme, Role]]:
    """Return the roles that *actor* plays by a post, with the programme of each."""
    held = dict.fromkeys(post.role for post in actor.posts)
    return [
        (programme, programme.roles[name])
        for programme in offered().values()
        for name in held
        if name in programme.roles and programme.roles[name].relation not in OUTSIDE
    ]


def turn_of(actor: Actor, programme: str = "", role: str = "") -> Turn:
    """Return whose turn 'mine' means: of all roles of *actor*, or of the *role* chosen.

    Somebody who plays a part for everybody and one for a unit sees the two apart: otherwise the
    cases of other units would stand in the list as theirs.
    """
    held = roles_in_turn(actor, programme)
    chosen = [one for one in held if one.name == role] or held
    whole = [one for one in chosen if one.relation is not Relation.OWN_UNIT]
    names = {one.name for one in whole or chosen}
    states = {state for known in _programmes(programme) for state in waiting_for(known, names)}
    units = () if whole else scope_of(actor).units
    return Turn(tuple(sorted(states)), tuple(units))


def waiting_for(programme: Programme, roles: Iterable[str]) -> Iterator[str]:
    """Yield the states of *programme* in which it is the turn of one of *roles*.

    A merged case waits for its main case: whoever may take it out again has no work with it.
    """
    names = set(roles)
    merged = {step.target for step in programme.transitions.values() if step.follows}
    for state in programme.states.values():
        if names & set(state.turn) and state.name not in merged:
            yield state.name


def roles_in_turn(actor: Actor, programme: str = "") -> list[Role]:
    """Return the roles of *actor* that some state waits for, in the order of the programmes."""
    found: dict[str, Role] = {}
    for one, role in posts_held(actor):
        waits = any(role.name in state.turn for state in one.states.values())
        if waits and programme in ("", one.id):
            found.setdefault(role.name, role)
    return list(found.values())


def near_due(actor: Actor, now: datetime) -> datetime:
    """Return the instant before which a clock is near due: the end of the next working day."""
    programmes = [one for one, _ in posts_held(actor)] or list(offered().values())
    calendar = calendar_of(programmes[0])
    day = calendar.working_day_after(calendar.day_of(now), 1)
    return calendar.opens(day + timedelta(days=1)) + timedelta(microseconds=1)


def _programmes(chosen: str) -> Iterable[Programme]:
    return [one for one in offered().values() if chosen in ("", one.id)]
