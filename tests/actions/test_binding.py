"""Cases bound to each other, and what happens by itself: parts, mergers, holds, ladders."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.actions.lamp import at_once, verified
from tests.actions.town import (
    CLERK,
    HEAD,
    WORDS,
    Collector,
    at_work,
    job,
    parts_of,
    seen,
    taken,
)
from tests.small_city import LAMPS, ROADS, Watch, staff

from luoshi.actions import outbox
from luoshi.actions.acts import Outcome, Request, act, register
from luoshi.actions.climbing import climb
from luoshi.kernel.access import ANYBODY
from luoshi.kernel.errors import (
    CaseNotFound,
    ConditionUnmet,
    FieldsRefused,
    HeldBack,
    InterestConflict,
    WrongState,
)
from luoshi.store import models
from luoshi.store.queries import case_followed, case_numbered


@pytest.mark.usefixtures("town")
class TestParts:
    """Joint handling: the lead answers when every part is done or waived."""

    def test_each_unit_named_gets_a_case_of_its_own_with_what_it_needs_to_know(self) -> None:
        case = at_work(place="9911")
        taken(case, "join", CLERK, helpers=["lamps", "city"])

        rows = models.CaseRow.objects.filter(part_of=case).order_by("unit")
        assert [(row.programme, row.unit, row.state, row.area) for row in rows] == [
            ("aid", "city", "given", "9911"),
            ("aid", "lamps", "given", "9911"),
        ]
        part = case_numbered(rows[1].number, LAMPS, rows[1].opened)
        assert part.answers["what"].value == WORDS["what"]
        with pytest.raises(CaseNotFound):
            case_numbered(models.CaseRow.objects.get(id=case).number, LAMPS, rows[1].opened)

    def test_the_lead_cannot_finish_before_the_parts(self) -> None:
        case = at_work()
        taken(case, "join", CLERK, helpers=["lamps", "city"])
        first, second = parts_of(case)
        units = {str(row.id): row.unit for row in models.CaseRow.objects.filter(part_of=case)}
        with pytest.raises(ConditionUnmet):
            taken(case, "finish", ROADS, reply="护栏已经扶正并加固。")
        taken(first, "finish", staff("handler", units[first]))
        with pytest.raises(ConditionUnmet):
            taken(case, "finish", ROADS, reply="护栏已经扶正并加固。")
        taken(case, "waive", HEAD, helper=units[second])

        done = taken(case, "finish", ROADS, reply="护栏已经扶正并加固。")
        assert {part.state for part in done.case.parts.values()} == {"done", "waived"}
        assert models.CaseRow.objects.get(id=second).state == "waived"
        assert verified().ok

    def test_a_unit_with_an_open_part_is_not_asked_twice(self) -> None:
        case = at_work()
        taken(case, "join", CLERK, helpers=["lamps"])
        taken(case, "join", CLERK, helpers=["lamps", "city"])
        assert models.CaseRow.objects.filter(part_of=case).count() == 2

    def test_joining_sent_again_opens_nothing_twice(self) -> None:
        request = Request("join", {"helpers": ["lamps"]}, case=at_work())
        assert not act(request, CLERK).resent
        assert act(request, CLERK).resent
        assert models.CaseRow.objects.count() == 2

    def test_a_unit_without_a_part_cannot_be_waived(self) -> None:
        with pytest.raises(ConditionUnmet):
            taken(at_work(), "waive", HEAD, helper="lamps")


@pytest.mark.usefixtures("town")
class TestMerging:
    """Several people, one matter: one case is worked on, everybody is answered."""

    def test_every_follower_gets_the_answer_of_the_main_case(self, watch: Watch) -> None:
        main = at_work(phone="15400000001")
        follower = register("job", Request("open", {**WORDS, "phone": "15400000002"}), ANYBODY)
        number = models.CaseRow.objects.get(id=main).number
        merged = taken(follower.case.id, "merge", CLERK, main=number)
        assert merged.case.follows == main
        assert seen(main, watch.now).case.followers == (follower.case.id,)

        taken(main, "finish", ROADS, reply="护栏已经扶正并加固。")
        theirs = case_followed(follower.number, follower.code, watch.now)
        assert theirs.case.state == "done"
        assert theirs.answers["reply"].value == "护栏已经扶正并加固。"
        assert theirs.case.numbers["closing"] != seen(main, watch.now).case.numbers["closing"]
        assert verified().ok
        told = outbox.deliver(Collector())
        assert told.sent == 2

    def test_a_merger_can_be_undone_and_the_clock_runs_on(self, watch: Watch) -> None:
        main, other = at_work(), at_work()
        watch.forward(hours=2)
        taken(other, "merge", CLERK, main=main)
        watch.forward(hours=5)
        parted = taken(other, "part", CLERK)

        assert parted.case.state == "work"
        assert parted.case.follows == ""
        assert parted.case.clocks["work"].due == watch.now + timedelta(hours=8)
        assert seen(main, watch.now).case.followers == ()
        with pytest.raises(WrongState):
            taken(other, "part", CLERK)
        assert verified().ok

    def test_a_case_cannot_follow_itself_nor_a_follower_nor_nothing(self) -> None:
        main, other, third = at_work(), at_work(), at_work()
        taken(other, "merge", CLERK, main=main)
        for case, target in ((main, main), (third, other), (third, "J9999"), (main, third)):
            with pytest.raises(FieldsRefused):
                taken(case, "merge", CLERK, main=target)


@pytest.mark.usefixtures("lasting_town")
def test_merging_crosswise_at_one_moment_blocks_nobody_for_ever() -> None:
    one, two = at_work(), at_work()
    outcomes = at_once(
        lambda: taken(one, "merge", CLERK, main=two), lambda: taken(two, "merge", CLERK, main=one)
    )

    assert sum(isinstance(outcome, Outcome) for outcome in outcomes) == 1
    assert verified().ok


@pytest.mark.usefixtures("town")
class TestHoldsAndExemptions:
    """Supervision blocks the end; an upheld appeal exempts, the fact stays."""

    def test_finishing_waits_until_supervision_is_lifted(self) -> None:
        case = at_work()
        taken(case, "watch", HEAD)
        taken(case, "watch", HEAD)
        for _ in range(2):
            with pytest.raises(HeldBack):
                taken(case, "finish", ROADS, reply="护栏已经扶正。")
            taken(case, "unwatch", HEAD)
        assert taken(case, "finish", ROADS, reply="护栏已经扶正。").case.state == "done"
        with pytest.raises(ConditionUnmet):
            taken(at_work(), "unwatch", HEAD)

    def test_the_unit_complained_of_never_gets_the_case(self) -> None:
        case = job(about="roads").case.id
        with pytest.raises(InterestConflict):
            taken(case, "begin", CLERK, unit="roads")
        assert taken(case, "begin", CLERK, unit="lamps").case.state == "work"

    def test_an_upheld_appeal_exempts_and_the_late_mark_stays(self, watch: Watch) -> None:
        case = at_work()
        watch.forward(hours=11)
        taken(case, "finish", ROADS, reply="护栏已经扶正。")
        upheld = taken(case, "uphold", HEAD).case

        assert upheld.exempt == {"work"}
        assert upheld.clocks["work"].was_late
        assert upheld.close_kind == "solved"


@pytest.mark.usefixtures("town")
class TestLadder:
    """Who is told as a clock runs on: each exactly once, also after a week without a worker."""

    def test_nothing_is_due_before_its_time(self, watch: Watch) -> None:
        at_work()
        watch.forward(hours=7.9)
        assert climb(watch.now) == 0

    def test_each_rung_is_climbed_once_in_order_with_what_it_asks_for(self, watch: Watch) -> None:
        case = at_work()
        watch.forward(hours=8)
        assert (climb(watch.now), climb(watch.now)) == (1, 0)
        watch.forward(hours=2)
        assert (climb(watch.now), climb(watch.now)) == (1, 0)
        watch.forward(hours=2)
        assert (climb(watch.now), climb(watch.now)) == (1, 0)

        facts = models.FactRow.objects.filter(case=case).order_by("seq")
        assert [fact.act for fact in facts] == ["open", "begin", "@rung", "@rung", "urge", "@rung"]
        told = models.Message.objects.order_by("id").values_list("to", flat=True)
        assert list(told) == ["handler", "head", "head", "head", "clerk"]
        assert verified().ok

    def test_after_a_week_without_a_worker_all_are_climbed_and_none_twice(
        self, watch: Watch
    ) -> None:
        for _ in range(3):
            at_work()
        watch.forward(days=7)
        assert climb(watch.now) == 9
        assert climb(watch.now) == 0
        assert verified().ok

    def test_a_finished_case_climbs_no_more(self, watch: Watch) -> None:
        case = at_work()
        taken(case, "finish", ROADS, reply="护栏已经扶正。")
        watch.forward(days=1)
        assert climb(watch.now) == 0

    def test_messages_of_the_night_wait_for_the_morning(self, watch: Watch) -> None:
        watch.forward(hours=8)  # 17:00
        at_work()
        watch.forward(hours=8)  # 01:00
        climb(watch.now)
        message = models.Message.objects.get()
        assert message.next_try - message.made == timedelta(hours=6, minutes=30)

    def test_a_parked_case_goes_on_by_itself_on_its_day(self, watch: Watch) -> None:
        case = at_work()
        watch.forward(hours=1)
        taken(case, "park", HEAD, back="2026-03-11")
        watch.forward(days=2)
        assert climb(watch.now) == 0
        watch.forward(hours=15)
        assert climb(watch.now) == 1

        row = models.CaseRow.objects.get(id=case)
        assert row.state == "work"
        assert row.due == watch.now + timedelta(hours=9)
        assert verified().ok


@pytest.mark.usefixtures("lasting_town")
def test_two_workers_climb_every_rung_once(watch: Watch) -> None:
    for _ in range(4):
        at_work()
    watch.forward(days=1)
    climbed = at_once(*(lambda: climb(watch.now) for _ in range(3)))

    assert sum(int(str(count)) for count in climbed) == 12
    assert models.FactRow.objects.filter(act="@rung").count() == 12
    assert verified().ok
