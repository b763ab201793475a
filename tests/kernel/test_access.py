"""Access: who sees which case and which answer; every yes and no has its reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.kernel.people import CASE, CLERK, MONDAY, SYSTEM, Life, lamps, staff, works

from luoshi.kernel.access import (
    ANYBODY,
    Actor,
    Post,
    Sight,
    holder_of,
    masked,
    may_see,
    may_take,
    requester_of,
    sight_of,
)
from luoshi.kernel.case import Case
from luoshi.kernel.programme import Programme

NARROW = ("kind: {type: choice,", "kind: {type: choice, seen_by: [fitter, requester],")


def sent() -> Case:
    """Return a case of the lamps that lies in the east and is with the roads unit."""
    life = Life(lamps(), MONDAY)
    life.take("report", CLERK, what="坏了", kind="dark", area="east")
    return life.take("send", CLERK, unit="roads")


EAST, WEST = staff("clerk", "c", "", "east"), staff("clerk", "c", "", "west")
ROADS, LAMPS = staff("fitter", "f", "roads"), staff("fitter", "f", "lamps")
NOBODY = Actor("nobody")
STRANGER = staff("mayor", "m", "roads", "east")
BOTH = Actor("b", (*WEST.posts, *ROADS.posts))


@pytest.mark.parametrize(("actor", "role"), [
    (EAST, "clerk"), (WEST, ""), (ROADS, "fitter"), (LAMPS, ""), (BOTH, "fitter"),
    (requester_of(CASE), "requester"), (requester_of("another"), ""), (ANYBODY, ""),
    (NOBODY, ""), (STRANGER, ""), (SYSTEM, "machine"),
])  # fmt: skip
def test_a_case_is_seen_by_who_stands_in_a_relation_to_it(actor: Actor, role: str) -> None:
    verdict = may_see(lamps(), sent(), actor)
    assert bool(verdict) is verdict.allowed is (role != "")
    assert verdict.reason
    assert (verdict.post.role if verdict.post else "") == role


@pytest.mark.parametrize("actor", [ANYBODY, EAST, ROADS, NOBODY])
def test_anybody_may_report(actor: Actor) -> None:
    assert may_take(lamps(), None, lamps().transitions["report"], actor)


def test_a_case_that_only_staff_may_open_is_opened_by_no_one_else() -> None:
    opening = works().transitions["open"]
    assert may_take(works(), None, opening, CLERK).reason == "as clerk"
    for actor in (ANYBODY, ROADS, SYSTEM):
        assert may_take(works(), None, opening, actor).reason == "this step is for clerk"


@pytest.mark.parametrize(("step", "actor", "may"), [
    ("mend", ROADS, True), ("mend", LAMPS, False), ("mend", EAST, False), ("mend", BOTH, True),
    ("lengthen", EAST, True), ("lengthen", WEST, False), ("resume", SYSTEM, True),
    ("again", requester_of(CASE), True), ("again", requester_of("another"), False),
    ("again", ANYBODY, False),
])  # fmt: skip
def test_a_step_is_taken_by_who_may(step: str, actor: Actor, may: bool) -> None:  # noqa: FBT001
    verdict = may_take(lamps(), sent(), lamps().transitions[step], actor)
    assert verdict.allowed is may
    assert verdict.reason


def test_who_handles_a_case_is_whom_it_was_sent_to() -> None:
    assert holder_of(lamps(), sent()) == "roads"
    life = Life(lamps(), MONDAY)
    assert holder_of(lamps(), life.take("report", CLERK, what="坏了", kind="dark")) == ""
    assert not may_see(lamps(), life.case, staff("fitter", "f", "lamps"))  # type: ignore[arg-type]


def test_an_empty_unit_is_nobodys() -> None:
    life = Life(lamps(), MONDAY)
    case = life.take("report", CLERK, what="坏了", kind="dark")
    assert not may_see(lamps(), case, Actor("f", (Post("fitter"),)))


@pytest.mark.parametrize(("actor", "sight"), [
    (requester_of(CASE), Sight.WHOLE), (EAST, Sight.MASKED), (ROADS, Sight.MASKED),
])  # fmt: skip
def test_a_contact_is_masked_for_all_but_its_owner(actor: Actor, sight: Sight) -> None:
    assert sight_of(masking(), "what", sent(), actor) is sight


@pytest.mark.parametrize(("actor", "sight"), [
    (requester_of(CASE), Sight.WHOLE), (ROADS, Sight.WHOLE), (EAST, Sight.HIDDEN),
    (LAMPS, Sight.HIDDEN), (BOTH, Sight.WHOLE),
])  # fmt: skip
def test_an_answer_is_hidden_from_who_has_no_use_for_it(actor: Actor, sight: Sight) -> None:
    assert sight_of(lamps(NARROW), "kind", sent(), actor) is sight


def masking() -> Programme:
    programme = lamps()
    fields = {**programme.fields, "what": replace(programme.fields["what"], masked=True)}
    return replace(programme, fields=fields)


@pytest.mark.parametrize(("value", "shown"), [
    ("15400001234", "154****1234"), ("张三丰", "张**"), ("张三", "张*"), ("李", "*"), ("", ""),
    ("1234567", "123****4567"), ("123456", "1*****"),
])  # fmt: skip
def test_a_masked_value_hides_its_middle(value: str, shown: str) -> None:
    assert masked(value) == shown
