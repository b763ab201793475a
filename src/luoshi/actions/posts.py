"""Posts: what can be wrong with one, and which of them nobody holds any more.

Cases belong to units and roles, never to a person: when somebody goes, their cases wait for
whoever holds the same post. Where nobody does, whoever runs the installation must be told.

Terms    post 岗位 · vacancy 空岗 · turn 轮到
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from luoshi.actions.organisation import Standing, standing
from luoshi.kernel import access
from luoshi.kernel.programme import Relation, Role
from luoshi.store.directory import actor_with, directory
from luoshi.store.models import Area, Post, Unit
from luoshi.store.people import HeldPost
from luoshi.store.programmes import offered
from luoshi.store.turns import OUTSIDE, waiting_for


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A post that nobody holds who may sign in, and how many open cases wait for it."""

    post: HeldPost
    cases: int


def judge_of_posts() -> Callable[[HeldPost], list[str]]:
    """Return what says what is wrong with a post: something unknown, or a place left open.

    Who acts for the own unit, or the own area, and has none would see nothing at all.
    """
    roles = {name for programme in offered().values() for name in programme.roles}
    units = {"", *Unit.objects.values_list("code", flat=True)}
    areas = {"", *Area.objects.values_list("code", flat=True)}

    def problems(post: HeldPost) -> list[str]:
        said = {
            f"no programme has a role {post.role!r}": post.role in roles,
            f"there is no unit {post.unit!r}": post.unit in units,
            f"there is no area {post.area!r}": post.area in areas,
            f"who holds {post.role!r} acts for one unit: name it": post.unit
            or not _acts_within(Relation.OWN_UNIT, post.role),
            f"who holds {post.role!r} acts in one area: name it": post.area
            or not _acts_within(Relation.OWN_AREA, post.role),
        }
        return [problem for problem, is_right in said.items() if not is_right]

    return problems


def _acts_within(relation: Relation, role: str) -> bool:
    """Return whether the role *role* means this relation wherever it means anything."""
    found = _roles(role)
    return bool(found) and all(one.relation is relation for one in found)


def vacancies() -> list[Vacancy]:
    """Return the posts that open cases wait for and that nobody holds, by role, unit and area."""
    held, found = _held(), Counter[HeldPost]()
    for role, group in _waiting():
        if not _is_held(role, group.unit, group.area, held):
            found[_post_for(role, group)] += group.count
    return [Vacancy(post, found[post]) for post in sorted(found)]


def left_vacant(ended: Iterable[HeldPost]) -> list[Vacancy]:
    """Return those of the *ended* posts that nobody holds now, with the cases that wait."""
    held, waiting = _held(), vacancies()
    return [
        Vacancy(post, sum(one.cases for one in waiting if _is_within(one.post, post)))
        for post in sorted(set(ended))
        if any(not _is_held(role, post.unit, post.area, held) for role in _roles(post.role))
    ]


def _roles(name: str) -> list[Role]:
    """Return what programmes mean by the role *name*."""
    found = (programme.roles.get(name) for programme in offered().values())
    return [role for role in found if role and role.relation not in OUTSIDE]


def _held() -> tuple[access.Post, ...]:
    """Return every post that is held by somebody who may sign in."""
    rows = Post.objects.filter(account__is_active=True).values_list("role", "unit_id", "area_id")
    return actor_with("", {(role, unit or "", area or "") for role, unit, area in rows}).posts


def _waiting() -> Iterator[tuple[Role, Standing]]:
    """Yield where open cases stand with each role whose turn it is there and that is a post."""
    known = offered()
    for group in standing():
        if programme := known.get(group.programme):
            for role in programme.roles.values():
                is_turn = group.state in waiting_for(programme, (role.name,))
                if is_turn and role.relation not in OUTSIDE:
                    yield role, group


def _is_held(role: Role, unit: str, area: str, posts: Sequence[access.Post]) -> bool:
    """Return whether somebody with one of *posts* stands in the relation that *role* asks for."""
    of_role = [post for post in posts if post.role == role.name]
    if role.relation is Relation.OWN_UNIT:
        return any(unit in post.units for post in of_role)
    if role.relation is Relation.OWN_AREA:
        return any(area in post.areas for post in of_role)
    return bool(of_role)


def _post_for(role: Role, group: Standing) -> HeldPost:
    if role.relation is Relation.OWN_UNIT:
        return HeldPost(role.name, group.unit)
    return HeldPost(role.name, area=group.area if role.relation is Relation.OWN_AREA else "")


def _is_within(narrow: HeldPost, wide: HeldPost) -> bool:
    """Return whether the unit and the area of *narrow* lie in those of *wide*."""
    known = directory()
    return (
        narrow.role == wide.role
        and (not narrow.unit or narrow.unit in known.below_unit.get(wide.unit, ()))
        and (not narrow.area or narrow.area in known.below_area.get(wide.area, ()))
    )
