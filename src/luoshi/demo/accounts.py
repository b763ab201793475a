"""Accounts: whom to sign in as, to see each service from every side.

For every role of every service one person, and of several who hold it the one with most to do.

Terms    account 账号 · role 角色 · service 专项
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from luoshi.actions.organisation import Standing
from luoshi.demo.city import City
from luoshi.demo.people import Post
from luoshi.demo.units import upwards
from luoshi.kernel.programme import Programme, Relation, Role
from luoshi.store.turns import waiting_for


@dataclass(frozen=True, slots=True)
class Sample:
    """Somebody to sign in as.

    Attributes:
        service: Id of the programme; empty for what belongs to none.
        role: Id of the role.
        waiting: How many cases wait for them there.
    """

    service: str
    role: str
    username: str
    unit: str
    waiting: int


def samples(
    city: City, programmes: Mapping[str, Programme], standing: Sequence[Standing]
) -> Iterator[Sample]:
    """Yield for every role of every service who holds it and has most to do; then the others."""
    told: set[str] = set()
    for programme in programmes.values():
        if _is_for_parts(programme):
            continue
        here = [one for one in standing if one.programme == programme.id]
        for role in programme.roles.values():
            posts = [post for post in city.staff.posts if post.role == role.name]
            if posts:
                told.add(role.name)
                yield _busiest(city, programme, role, posts, here)
    for post in city.staff.posts:
        if post.role not in told:
            told.add(post.role)
            yield Sample("", post.role, post.username, city.unit_by_code[post.unit].name_zh, 0)


def _is_for_parts(programme: Programme) -> bool:
    """Return whether its cases are opened by the system alone, as parts of others."""
    roles = (programme.roles[name] for step in programme.opening for name in step.by)
    return all(role.relation is Relation.SYSTEM for role in roles)


def _busiest(
    city: City,
    programme: Programme,
    role: Role,
    posts: Sequence[Post],
    standing: Iterable[Standing],
) -> Sample:
    turns = set(waiting_for(programme, [role.name]))
    theirs = [one for one in standing if one.state in turns]
    waiting = {
        post: sum(n.count for n in theirs if _is_theirs(city, role, post, n)) for post in posts
    }
    best = max(posts, key=lambda post: waiting[post])
    unit = city.unit_by_code[best.unit].name_zh
    return Sample(programme.id, role.name, best.username, unit, waiting[best])


def _is_theirs(city: City, role: Role, post: Post, cases: Standing) -> bool:
    match role.relation:
        case Relation.OWN_UNIT:
            return cases.unit == post.unit
        case Relation.OWN_AREA:
            here = city.area_by_code.get(cases.area)
            return here is not None and post.area in {
                one.code for one in upwards(here, city.area_by_code)
            }
        case _:
            return True
