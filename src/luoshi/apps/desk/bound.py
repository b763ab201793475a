"""Bound: the parts, the main case and the followers of a case, as its page lists them.

Terms    part 协办件 · main case 主件 · follower 并入件 · hold 督办
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from luoshi.apps.desk import words
from luoshi.kernel.access import Actor
from luoshi.store.bound import Bound, bound_to
from luoshi.store.programmes import calendar_of
from luoshi.store.sight import CaseView


@dataclass(frozen=True, slots=True)
class Line:
    """One case that is bound to the one on the page.

    Attributes:
        number: Its number; empty where this person may not open it.
        due: By when it has to be done; empty when nothing runs.
        reported: What was reported when it was done: the label and the words.
    """

    number: str
    state: str
    kind: str
    unit: str
    due: str = ""
    reported: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class BoundPage:
    """What the page says about cases that belong together.

    Attributes:
        hidden: How many followers there are that this person may not open.
    """

    parts: tuple[Line, ...] = ()
    followers: tuple[Line, ...] = ()
    hidden: int = 0
    main: Line | None = None
    whole: Line | None = None

    @property
    def is_empty(self) -> bool:
        """Is the case bound to none?"""
        return not (self.parts or self.followers or self.hidden or self.main or self.whole)


def bound_page(view: CaseView, actor: Actor) -> BoundPage:
    """Return the cases that the one in *view* is bound to."""
    case = view.case
    found = bound_to(case, actor, view.now)
    followers = list(_lines(view, (found[key] for key in case.followers if key in found)))
    return BoundPage(
        parts=tuple(_lines(view, (found[key] for key in case.parts if key in found))),
        followers=tuple(line for line in followers if line.number),
        hidden=len(case.followers) - sum(bool(line.number) for line in followers),
        main=_one(view, found.get(case.follows)),
        whole=_one(view, found.get(case.part_of)),
    )


def _one(view: CaseView, bound: Bound | None) -> Line | None:
    return next(_lines(view, [bound]), None) if bound else None


def _lines(view: CaseView, found: Iterable[Bound]) -> Iterator[Line]:
    calendar = calendar_of(view.programme)
    for one in found:
        state = one.programme.states.get(one.state)
        yield Line(
            number=one.number if one.visible else "",
            state=words.say(state.labels) if state else one.state,
            kind=state.kind.value if state else "",
            unit=words.unit_name(one.unit) if one.unit else "",
            due=words.until(one.due, calendar, view.now) if one.due else "",
            reported=tuple((words.say(field.labels), text) for field, text in one.reported),
        )


def holds_up(view: CaseView) -> list[str]:
    """Return what is put up on the case and not lifted yet, in words."""
    up = (name for name, acts in view.case.holds.items() if acts)
    holds = view.programme.holds
    return [words.say(holds[name].labels) if name in holds else name for name in up]
