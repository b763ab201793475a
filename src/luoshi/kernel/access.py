"""Access: who sees which case, which answers of it, and why.

The defence is that there is no other way to a case: reads ask ``may_see``, acts ask ``may_take``.
Every yes and no carries its reason.

Terms    actor 操作人 · post 岗位 · role 角色 · relation 与事项的关系
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from luoshi.kernel.case import Case
from luoshi.kernel.programme import FieldType, Programme, Relation, Role, Transition


@dataclass(frozen=True, slots=True)
class Post:
    """A role held by a person, for a unit and an area.

    Attributes:
        unit: The unit in whose name the person acts.
        units: Units whose cases are theirs (the unit and those below it).
        areas: Areas whose cases are theirs (the area and those inside it).
    """

    role: str
    unit: str = ""
    units: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. A requester holds no post but the key to ``own_case``."""

    id: str
    posts: tuple[Post, ...] = ()
    own_case: str = ""
    is_system: bool = False


SYSTEM_ACTOR = Actor(id="system", is_system=True)
"""What happens by itself: it takes the steps of roles that are related as ``system``."""

ANYBODY = Actor(id="requester")
"""Somebody who has shown nothing about who they are: may open a case where a requester may."""


def requester_of(case: str) -> Actor:
    """Return the actor who has shown the query code of *case*."""
    return Actor(id="requester", own_case=case)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A yes or a no, with the reason and (for a yes) the post by which."""

    allowed: bool
    reason: str
    post: Post | None = None

    def __bool__(self) -> bool:
        return self.allowed


class Sight(StrEnum):
    """How an answer is shown."""

    WHOLE = "whole"
    MASKED = "masked"
    HIDDEN = "hidden"


REQUESTER = Post(role="requester")
SYSTEM = Post(role="system")


def posts_of(actor: Actor, programme: Programme, case: Case | None) -> tuple[Post, ...]:
    """Return the posts by which *actor* stands in a relation to *case* (or to a new one)."""
    held = [post for post in actor.posts if post.role in programme.roles]
    if actor.is_system:
        held += [
            Post(role=role.name)
            for role in programme.roles.values()
            if role.relation is Relation.SYSTEM
        ]
    if case is None or actor.own_case == case.id:
        held += [
            Post(role=role.name)
            for role in programme.roles.values()
            if role.relation is Relation.REQUESTER
        ]
    return tuple(held)


def holder_of(programme: Programme, case: Case) -> str:
    """Return the code of the unit that handles *case* now; empty when none does."""
    return str(case.values.get(programme.holder_field) or "")


def is_related(programme: Programme, role: Role, post: Post, case: Case) -> bool:
    """Return whether *post* stands, now, in the relation to *case* that *role* asks for."""
    match role.relation:
        case Relation.OWN_UNIT:
            return holder_of(programme, case) in post.units
        case Relation.OWN_AREA:
            return any(
                case.values.get(name) in post.areas
                for name, field in programme.fields.items()
                if field.type is FieldType.AREA
            )
        case _:
            return True


def may_see(programme: Programme, case: Case, actor: Actor) -> Verdict:
    """Return whether *actor* may know of *case* at all."""
    for post in posts_of(actor, programme, case):
        if is_related(programme, programme.roles[post.role], post, case):
            return Verdict(True, f"as {post.role}", post)
    return Verdict(False, "no role of theirs has to do with this case")


def may_take(
    programme: Programme, case: Case | None, transition: Transition, actor: Actor
) -> Verdict:
    """Return whether *actor* holds a role that may take *transition* on *case*."""
    for post in posts_of(actor, programme, case):
        if post.role not in transition.by:
            continue
        if case is None or is_related(programme, programme.roles[post.role], post, case):
            return Verdict(True, f"as {post.role}", post)
    return Verdict(False, f"this step is for {', '.join(transition.by)}")


def sight_of(programme: Programme, field: str, case: Case, actor: Actor) -> Sight:
    """Return how *actor*, who may see *case*, sees the answer to *field*."""
    rule = programme.fields[field]
    posts = [
        post
        for post in posts_of(actor, programme, case)
        if is_related(programme, programme.roles[post.role], post, case)
    ]
    if rule.seen_by and not any(post.role in rule.seen_by for post in posts):
        return Sight.HIDDEN
    own = any(programme.roles[post.role].relation is Relation.REQUESTER for post in posts)
    return Sight.MASKED if rule.masked and not own else Sight.WHOLE


LONG = 7
"""Characters from which on the ends of a value can be shown without giving it away."""


def masked(value: str) -> str:
    """Return *value* with its middle hidden: ``138****5678``, ``张**``.

    Example:
        >>> masked("13812345678"), masked("张三丰"), masked("李")
        ('138****5678', '张**', '*')
    """
    if len(value) >= LONG:
        return f"{value[:3]}****{value[-4:]}"
    return value[:1] + "*" * (len(value) - 1) if len(value) > 1 else "*" * len(value)
