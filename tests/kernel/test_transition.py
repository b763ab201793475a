"""Transitions: the same question has the same answer; a refusal says why and leaves no trace."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kernel.people import (
    CALENDAR,
    CASE,
    CLERK,
    DAY,
    HEAD,
    MONDAY,
    SYSTEM,
    Life,
    act,
    begun,
    lamps,
    staff,
    works,
)

from luoshi.kernel.access import Actor, requester_of
from luoshi.kernel.case import Case, Part, applied, fold
from luoshi.kernel.errors import (
    CaseNotFound,
    ConditionUnmet,
    FieldsRefused,
    HeldBack,
    InterestConflict,
    NotYours,
    Refused,
    SamePerson,
    Stale,
    TooOften,
    TransitionUnknown,
    WrongState,
)
from luoshi.kernel.fact import body, read, seal
from luoshi.kernel.obstacles import allowed, lacking_for, target_of
from luoshi.kernel.provision import Need, Parts
from luoshi.kernel.seen import Seen
from luoshi.kernel.transition import Command, decide

FITTER = staff("fitter", "", "roads")
FINISH = {"proof": ["photo"], "again": "2026-06-01"}


def names(life: Life, actor: Actor) -> list[str]:
    return [step.name for step in allowed(life.programme, life.case, actor, life.now)]


def lamp_sent(kind: str = "dark") -> Life:
    life = Life(lamps())
    life.take("report", CLERK, what="坏了", kind=kind, area="east")
    life.take("send", CLERK, unit="roads")
    return life


WISHES = st.lists(
    st.tuples(
        st.sampled_from([*works().transitions, "nothing"]),
        st.sampled_from([CLERK, HEAD, SYSTEM, staff("clerk", "other"), Actor("nobody")]),
        st.fixed_dictionaries({}, optional={
            "unit": st.sampled_from(["roads", "lamps", "\0"]),
            "helpers": st.just(["lamps", "parks"]), "helper": st.just("lamps"),
            "main": st.just(act(77)), "what": st.text(max_size=5), "day": st.just("2026-03-20"),
            "proof": st.just(["p"]), "again": st.just("2026-06-01"), "risk": st.integers(0, 6),
            "secret": st.booleans(), "who": st.just("张三"), "about": st.just("lamps"),
        }),
        st.integers(0, 90),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=60)
@given(WISHES)
def test_whatever_is_tried_the_fold_is_the_case_and_a_refusal_leaves_no_trace(
    wishes: list[tuple[str, Actor, dict[str, object], int]],
) -> None:
    life = Life(works())
    life.take("open", CLERK, what="塔吊", day="2026-03-20")
    for step, actor, answers, hours in wishes:
        life.forward(hours * DAY / 24)
        before = deepcopy(life.case)
        try:
            first = life.decided(step, actor, **answers)
        except Refused as reason:
            kind = type(reason)
            assert life.case == before
            with pytest.raises(kind):
                life.decided(step, actor, **answers)
            continue
        assert first == life.decided(step, actor, **answers)
        assert life.case == before
        assert step in names(life, actor)
        life.take(step, actor, **answers)
        facts = [decision.fact for decision in life.decisions]
        assert fold(facts) == life.case
        assert fold(read(body(fact)) for fact in facts) == life.case


def test_a_personal_answer_is_in_no_fact() -> None:
    decision = Life(works()).decided("open", CLERK, what="塔吊太响", day="2026-03-20", who="张三")
    assert "塔吊".encode() not in body(decision.fact)
    assert "张三".encode() not in body(decision.fact)
    assert decision.fact.values == {"day": "2026-03-20"}
    for private in decision.private:
        assert decision.fact.sealed[private.field] == seal(private.value, private.salt)
    assert [one.walled for one in decision.private] == [False, False]


def test_who_reported_goes_behind_the_wall_when_asked_for() -> None:
    answers = {"what": "塔吊", "day": "2026-03-20", "who": "张三", "secret": True}
    decision = Life(works()).decided("open", CLERK, **answers)
    assert {one.field: one.walled for one in decision.private} == {"what": False, "who": True}


class TestRefusals:
    def test_who_may_not_see_a_case_learns_nothing(self) -> None:
        life = lamp_sent()
        for step in ("mend", "nothing"):
            with pytest.raises(CaseNotFound):
                life.decided(step, staff("fitter", "", "lamps"))

    def test_an_unknown_step(self) -> None:
        with pytest.raises(TransitionUnknown, match="allowed now: lengthen"):
            lamp_sent().decided("nothing", CLERK)

    def test_a_step_from_elsewhere(self) -> None:
        with pytest.raises(WrongState, match="while the case is 'mending'; allowed now: lengthen"):
            lamp_sent().decided("send", CLERK)
        life = Life(works())
        life.take("open", CLERK, what="塔吊", day="2026-03-20")
        with pytest.raises(WrongState, match="'new'; allowed now: nothing"):
            life.decided("watch", HEAD)
        with pytest.raises(WrongState, match="'start'"):
            Life(lamps()).decided("mend", CLERK)

    def test_a_step_of_others(self) -> None:
        with pytest.raises(NotYours, match="'mend' is for fitter; you may now: lengthen"):
            lamp_sent().decided("mend", CLERK)

    def test_the_same_person(self) -> None:
        life = lamp_sent()
        both = replace(FITTER, id=CLERK.id)
        with pytest.raises(SamePerson, match="somebody other than the person who did 'send'"):
            life.decided("mend", both)
        assert names(life, both) == ["park"]
        assert names(life, FITTER) == ["park", "mend"]

    def test_too_often(self) -> None:
        life = lamp_sent()
        life.take("lengthen", CLERK, days=1)
        with pytest.raises(TooOften, match=r"1 time\(s\) and was done 1 time\(s\)"):
            life.decided("lengthen", CLERK, days=1)
        assert "lengthen" not in names(life, CLERK)

    def test_a_condition(self) -> None:
        life = lamp_sent("broken")
        life.take("mend", FITTER)
        life.forward(16 * DAY)
        with pytest.raises(ConditionUnmet, match="not so: clock redo is running"):
            life.decided("again", requester_of(CASE))
        assert names(life, requester_of(CASE)) == []

    def test_answers_all_at_once(self) -> None:
        with pytest.raises(FieldsRefused) as refused:
            Life(lamps()).decided("report", CLERK, kind="no", area="a/b", days=3, what="")
        assert {(one.field, one.code) for one in refused.value.problems} == {
            ("days", "field.not_asked"), ("kind", "choice.unknown"), ("area", "area.unknown"),
            ("what", "field.missing"),
        }  # fmt: skip

    def test_an_old_page(self) -> None:
        life = lamp_sent()
        command = Command(act(9), CASE, "park", seen=1)
        with pytest.raises(Stale, match=r"step 2 \(you saw step 1\)"):
            decide(life.programme, life.case, command, FITTER, life.now, CALENDAR)

    def test_a_hold(self) -> None:
        life = begun()
        life.take("watch", HEAD)
        with pytest.raises(HeldBack, match="while 'watch' is up"):
            life.decided("finish", CLERK, **FINISH)
        assert "finish" not in names(life, CLERK)
        life.take("unwatch", HEAD)
        assert life.take("finish", CLERK, **FINISH).close_kind == "solved"

    def test_a_hold_that_is_not_up_cannot_be_lifted(self) -> None:
        with pytest.raises(ConditionUnmet, match="there is no watch to lift"):
            begun().decided("unwatch", HEAD)

    def test_an_interest(self) -> None:
        life = Life(works())
        life.take("open", CLERK, what="塔吊", day="2026-03-20", about="roads")
        with pytest.raises(InterestConflict, match="about 'roads'"):
            life.decided("begin", CLERK, unit="roads")
        assert life.take("begin", CLERK, unit="lamps").state == "work"

    def test_a_phase_that_is_not_complete(self) -> None:
        life = Life(works())
        life.take("open", CLERK, what="塔吊", day="2026-03-20", secret=True)
        with pytest.raises(FieldsRefused, match=r"helper: field\.missing"):
            life.decided("begin", CLERK, unit="roads")
        assert lacking_for(works(), 1, Seen(life.case, {"secret": False}, MONDAY)) == ()


def test_what_a_step_sets_is_not_asked_for() -> None:
    life = lamp_sent()
    life.take("mend", FITTER)
    with pytest.raises(FieldsRefused, match=r"shown: field\.not_asked"):
        life.decided("show", CLERK, public="修好了", shown=False)
    assert life.take("show", CLERK, public="修好了").values["shown"] is True
    broken = replace(life.programme.transitions["show"], sets={"shown": [1]})
    steps = {**life.programme.transitions, "show": broken}
    life.programme = replace(life.programme, transitions=steps)
    with pytest.raises(TypeError, match="not a plain value"):
        life.decided("show", CLERK, public="修好了")


def test_a_condition_on_an_answer_of_the_step_itself_excludes_nothing_yet() -> None:
    life = lamp_sent()
    asked = ("when: {clock: mend, is: running}", "when: {field: days, at_most: 2}")
    life.programme = lamps(asked)
    assert "lengthen" in names(life, CLERK)
    with pytest.raises(ConditionUnmet, match="days is between None and 2"):
        life.decided("lengthen", CLERK, days=3)


def test_going_back_is_to_where_the_case_came_from() -> None:
    life = begun()
    life.take("park", HEAD)
    assert life.take("unpark", HEAD).state == "work"


class TestFolding:
    def test_facts_out_of_order_are_no_case(self) -> None:
        facts = [decision.fact for decision in begun().decisions]
        for wrong in ([], facts[1:], facts[::-1], [facts[0], facts[0]]):
            with pytest.raises(ValueError, match=r"does not"):
                fold(wrong)
        for changed in ({"case": act(9)}, {"source": "done"}, {"seq": 7}):
            with pytest.raises(ValueError, match="does not follow"):
                fold([facts[0], replace(facts[1], **changed)])  # type: ignore[arg-type]

    @pytest.mark.parametrize(("effect", "name", "value"), [
        ({"does": "part_of", "case": act(8)}, "part_of", act(8)),
        ({"does": "followed", "case": act(8)}, "followers", (act(8),)),
        ({"does": "close", "kind": "solved"}, "close_kind", "solved"),
        ({"does": "moved", "run": "r"}, "state", "work"),
    ])  # fmt: skip
    def test_effects_of_other_cases_are_folded(
        self, effect: dict[str, str], name: str, value: object
    ) -> None:
        life = begun()
        last = life.decisions[-1].fact
        after = replace(last, seq=3, source="work", clocks=(), effects=(effect,))
        case: Case = applied(life.case, after)
        assert getattr(case, name) == value
        left = replace(after, seq=4, effects=({"does": "unfollowed", "case": act(8)},))
        assert applied(case, left).followers == ()

    def test_a_part_that_went_to_another_unit_is_theirs(self) -> None:
        life = begun()
        life.take("join", CLERK, helpers=["lamps", "parks"])
        assert life.case is not None
        first, second = life.case.open_parts
        effect = {"does": "move_part", "case": first, "unit": "roads"}
        last = life.decisions[-1].fact
        moved = replace(last, seq=4, source="work", clocks=(), effects=(effect,))
        case = applied(life.case, moved)
        assert case.parts == {first: Part("roads"), second: Part("parks")}


def test_back_leads_to_the_likeliest_state_where_the_former_is_no_more() -> None:
    life = begun()
    life.take("park", HEAD)
    assert life.case is not None
    back = life.programme.transitions["unpark"]
    assert target_of(life.programme, back, life.case) == "work"
    dropped = replace(life.case, came_from={"parked": "of an earlier version"})
    assert target_of(life.programme, back, dropped) == "work"
    assert target_of(life.programme, back, replace(life.case, came_from={})) == "parked"


def test_a_step_that_opens_can_be_taken_once_where_once_is_allowed() -> None:
    once = replace(works().transitions["open"], at_most=1)
    life = Life(replace(works(), transitions={**works().transitions, "open": once}))
    assert life.take("open", CLERK, what="塔吊", day="2026-03-20").seq == 1


@pytest.mark.parametrize("field", ["helpers", "helper"])
def test_no_part_goes_to_the_unit_that_is_complained_of(field: str) -> None:
    life = begun(about="lamps")
    join = life.programme.transitions["join"]
    parts = Parts("lamp", field)
    steps = {"join": replace(join, needs=(Need(field),), opens_parts=parts)}
    life.programme = replace(life.programme, transitions={**life.programme.transitions, **steps})
    many = field == "helpers"
    with pytest.raises(InterestConflict, match="lamps"):
        life.decided("join", CLERK, **{field: ["parks", "lamps"] if many else "lamps"})
    assert life.decided("join", CLERK, **{field: ["parks"] if many else "parks"}).parts


def test_what_a_phase_needs_is_asked_when_it_is_entered_and_not_again() -> None:
    life = begun()
    first, second = life.programme.phases
    needs = replace(second, needs=(*second.needs, Need("proof")))
    life.programme = replace(life.programme, phases=(first, needs))
    assert life.take("watch", HEAD).state == "work"
    late = Life(life.programme)
    late.take("open", CLERK, what="塔吊", day="2026-03-20")
    with pytest.raises(FieldsRefused, match=r"proof: field\.missing"):
        late.decided("begin", CLERK, unit="roads")


def test_steps_are_offered_while_there_is_something_for_them() -> None:
    life = begun()
    assert not {"unwatch", "waive"} & set(names(life, HEAD))
    life.take("watch", HEAD)
    assert "unwatch" in names(life, HEAD)
    assert "waive" not in names(life, HEAD)
    life.take("join", CLERK, helpers=["lamps"])
    assert {"unwatch", "waive"} <= set(names(life, HEAD))

    other = Life(works())
    other.take("open", CLERK, what="塔吊", day="2026-03-20")
    assert "merge" in names(other, CLERK)
    assert other.case is not None
    led = replace(other.case, followers=(act(8),))
    assert "merge" not in [one.name for one in allowed(works(), led, CLERK, other.now)]
    other.take("merge", CLERK, main=act(8))
    assert "part" in names(other, HEAD)
    alone = replace(other.case, follows="")
    assert "part" not in [one.name for one in allowed(works(), alone, HEAD, other.now)]
