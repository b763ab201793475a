"""Acts: one transaction each, a refusal leaves no trace, a resend changes nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction
from tests.actions.conftest import Watch
from tests.actions.lamp import WORDS, at_once, handled, opened, routed, taken, verified
from tests.small_city import (
    CALLER,
    DISPATCHER,
    INSIDE,
    LAMPS,
    OPERATOR,
    OUTSIDE,
    RESIDENT,
    ROADS,
    SUPERVISOR,
    staff,
)

from luoshi.actions.acts import Outcome, Request, act, act_numbered, query_code, register
from luoshi.kernel.access import requester_of
from luoshi.kernel.errors import (
    CaseNotFound,
    FieldsRefused,
    NotYours,
    ResentDifferent,
    SamePerson,
    Stale,
)
from luoshi.kernel.programme import Programme
from luoshi.store import models
from luoshi.store.queries import case_followed, case_numbered


def problems_of(refused: FieldsRefused) -> dict[str, str]:
    return {one.field: one.code for one in refused.problems}


@pytest.mark.usefixtures("city")
class TestOneAct:
    """What one act does."""

    def test_registering_gives_a_number_a_code_and_starts_the_clock(self) -> None:
        first, second = opened(), opened()

        assert first.number == "20260309000012"
        assert second.number == "20260309000020"
        assert first.code != second.code
        assert first.case.state == "accepted"
        assert first.case.clocks["dispatch"].state == "running"

    def test_a_point_gives_the_grid_it_lies_in(self) -> None:
        assert opened(place=INSIDE).case.values["area"] == "9911"

    def test_every_wrong_answer_is_named_at_once(self) -> None:
        with pytest.raises(FieldsRefused) as refused:
            opened(place=OUTSIDE, phone="123", kind="nonsense", subject="")

        assert problems_of(refused.value) == {
            "subject": "field.missing",
            "kind": "choice.unknown",
            "place": "point.outside",
            "phone": "phone.invalid",
        }

    def test_swapped_coordinates_are_called_swapped(self) -> None:
        with pytest.raises(FieldsRefused) as refused:
            opened(place={"lon": 35.505, "lat": 122.505})

        assert problems_of(refused.value) == {"place": "point.order"}

    def test_a_refusal_leaves_nothing_behind_and_gives_its_number_back(self) -> None:
        opened()
        with pytest.raises(FieldsRefused):
            opened(phone="no")

        assert models.CaseRow.objects.count() == 1
        assert models.FactRow.objects.count() == 1
        assert opened().number == "20260309000020"

    def test_no_personal_value_enters_a_fact(self) -> None:
        opened(name="张三", address="人民路一号")
        body = models.FactRow.objects.get().body

        for secret in ("张三", "15400001234", "人民路", "路灯不亮"):
            assert secret not in body
        assert models.PersonalValue.objects.filter(field="name", value='"张三"').exists()

    def test_a_unit_that_does_not_exist_is_refused(self) -> None:
        case = opened()
        with pytest.raises(FieldsRefused) as refused:
            taken(case, "route", DISPATCHER, unit="nowhere", category="roads.pothole")

        assert problems_of(refused.value) == {"unit": "unit.unknown"}

    def test_the_journey_to_the_end_leaves_every_table_equal_to_the_fold(
        self, watch: Watch
    ) -> None:
        case = handled()
        watch.forward(hours=1)
        taken(case, "contact", ROADS, contacted_at="2026-03-09T09:30")
        watch.forward(hours=20)
        taken(case, "answer", ROADS, reply="三月九日已更换灯具，恢复照明。")
        taken(case, "call_back", CALLER, solved="solved", satisfied="satisfied")
        closed = taken(case, "close", CALLER)

        assert closed.case.state == "closed"
        assert closed.case.clocks["answer"].state == "met"
        report = verified()
        assert report.ok, report.differences
        assert (report.cases, report.facts) == (1, 7)


@pytest.mark.usefixtures("city")
class TestRights:
    """Who may do and see what."""

    def test_an_actor_without_rights_cannot_learn_that_the_case_exists(self) -> None:
        case = routed()
        nothing: dict[str, str] = {}
        for who in (LAMPS, staff("nobody"), requester_of("01900000-0000-7000-8000-000000000000")):
            with pytest.raises(CaseNotFound) as hidden:
                act(Request("receive", {}, case=case.case.id), who)
            with pytest.raises(CaseNotFound) as absent:
                act(Request("receive", {}), who)
            assert (str(hidden.value), hidden.value.data) == (str(absent.value), nothing)
            with pytest.raises(CaseNotFound):
                act(Request("register", dict(WORDS), case=case.case.id), who)
            with pytest.raises(CaseNotFound):
                case_numbered(case.number, who, case.case.opened)

    def test_who_answered_may_not_call_back(self) -> None:
        both = replace(ROADS, posts=(*ROADS.posts, *CALLER.posts))
        case = handled()
        taken(case, "contact", ROADS, contacted_at="2026-03-09T08:30")
        taken(case, "answer", both, reply="三月九日已更换灯具。")
        with pytest.raises(SamePerson):
            taken(case, "call_back", both, solved="solved", satisfied="satisfied")

    def test_a_handler_may_not_grant_the_time_they_asked_for(self) -> None:
        both = replace(ROADS, posts=(*ROADS.posts, *SUPERVISOR.posts))
        case = handled()
        taken(case, "ask_extension", both, extension_days=5, reason="需要定制灯具")
        with pytest.raises(SamePerson):
            taken(case, "grant_extension", both, extension_days=5)

    def test_a_role_that_sees_but_may_not_act_is_told_so(self) -> None:
        with pytest.raises(NotYours) as refused:
            taken(opened(), "route", CALLER, unit="roads")
        assert "operator" in str(refused.value)

    def test_by_its_number_a_case_is_locked_read_and_moved_at_once(self) -> None:
        case = routed()
        asked: list[tuple[str, str]] = []

        def receive(programme: Programme, key: str) -> Request:
            asked.append((programme.id, key))
            return Request("receive", case=key)

        for number, who in ((case.number, LAMPS), ("20260309999999", ROADS), ("\x00", ROADS)):
            with pytest.raises(CaseNotFound):
                act_numbered(number, receive, who)
        outcome = act_numbered(case.number, receive, ROADS)

        assert outcome is not None
        assert (outcome.fact.act, outcome.fact.seq, outcome.number) == ("receive", 3, case.number)
        assert asked[-1] == ("hotline", case.case.id)
        assert verified().ok

    def test_by_its_number_nothing_is_done_that_needs_a_look_or_other_cases(self) -> None:
        case, other = routed(), opened()
        for asked in (
            None,
            Request("receive", act="no key", case=case.case.id),
            Request("urge", {"note": other.case.id}, case=case.case.id),
        ):
            assert act_numbered(case.number, lambda *_, asked=asked: asked, SUPERVISOR) is None
        assert models.FactRow.objects.filter(case=case.case.id).count() == 2

    def test_number_and_code_open_the_case_and_nothing_else_does(self) -> None:
        case = opened()
        now = case.case.opened
        assert case_followed(case.number, case.code.lower(), now).title == "路灯不亮"
        for number, code in ((case.number, "AAAAAAAA"), ("20260309999999", case.code)):
            with pytest.raises(CaseNotFound):
                case_followed(number, code, now)

    def test_contacts_are_masked_for_staff_and_whole_for_their_owner(self) -> None:
        case = routed()
        now = case.case.opened
        mine = case_followed(case.number, opened_code(case), now)
        theirs = case_numbered(case.number, ROADS, now)
        supervisors = case_numbered(case.number, SUPERVISOR, now)

        assert mine.answers["phone"].value == "15400001234"
        assert theirs.answers["phone"].value == "154****1234"
        assert "phone" not in supervisors.answers


def opened_code(case: Outcome) -> str:
    return query_code(case.case.id)


@pytest.mark.usefixtures("city")
class TestResend:
    """The line broke; the phone sends again."""

    def test_the_same_report_sent_again_is_the_same_case_with_the_same_code(self) -> None:
        request = Request("register", WORDS)
        first = register("hotline", request, RESIDENT)
        again = register("hotline", request, RESIDENT)

        assert again.resent
        assert (again.number, again.code) == (first.number, first.code)
        assert models.FactRow.objects.count() == 1

    def test_another_report_under_the_same_key_is_refused_and_the_first_stands(self) -> None:
        request = Request("register", WORDS)
        register("hotline", request, RESIDENT)
        for other in (
            replace(request, answers={**WORDS, "content": "别的事情，别的地方。"}),
            replace(request, act=Request("register").act),
        ):
            with pytest.raises(ResentDifferent):
                register("hotline", other, RESIDENT)
        assert models.FactRow.objects.count() == 1

    def test_a_step_sent_again_is_answered_like_the_first_time(self) -> None:
        case = opened()
        request = Request("add", {"addition": "今天又看了一次，还是不亮。"}, case=case.case.id)
        who = requester_of(case.case.id)
        first, again = act(request, who), act(request, who)

        assert again.resent
        assert again.fact == first.fact
        assert models.FactRow.objects.count() == 2

    def test_a_key_that_is_no_key_is_refused(self) -> None:
        with pytest.raises(FieldsRefused):
            register("hotline", Request("register", WORDS, case="1; DROP TABLE"), RESIDENT)


@pytest.mark.usefixtures("city")
def test_who_looks_at_an_old_page_is_told_what_changed() -> None:
    case = routed()
    with pytest.raises(Stale) as refused:
        act(Request("receive", {}, case=case.case.id, seen=1), ROADS)

    assert refused.value.data == {"seen": 1, "now": 2, "changed": "dispatched"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("路灯\x00不亮", id="NUL"),
        pytest.param("路灯\ud800不亮", id="lone surrogate"),
        pytest.param("路灯\x1b[31m不亮", id="escape"),
        pytest.param("路" * 2_000_000, id="two million characters"),
        pytest.param(["路灯"], id="a list"),
        pytest.param({"x": 1}, id="a mapping"),
    ],
)
@pytest.mark.usefixtures("city")
def test_hostile_text_is_refused_and_nothing_is_kept(text: object) -> None:
    with pytest.raises(FieldsRefused) as refused:
        opened(content=text)

    assert set(problems_of(refused.value)) == {"content"}
    assert not models.CaseRow.objects.exists()


@pytest.mark.usefixtures("city")
def test_marks_that_turn_text_round_are_dropped() -> None:
    case = opened(subject="\u202eabc\u202c路灯\u2066不亮\u2069")
    view = case_followed(case.number, opened_code(case), case.case.opened)
    assert view.title == "abc路灯不亮"


@pytest.mark.usefixtures("city")
class TestAppendOnly:
    """The database itself refuses to change history."""

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE luoshi_fact SET act = 'other'",
            "DELETE FROM luoshi_fact",
            "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE luoshi_fact",
            "SET session_replication_role = replica; DELETE FROM luoshi_fact",
        ],
    )
    def test_facts_cannot_be_changed_or_removed(self, statement: str) -> None:
        opened()
        with (
            pytest.raises(DatabaseError, match="only ever appended"),
            transaction.atomic(),
            connection.cursor() as run,
        ):
            run.execute(statement)
        assert models.FactRow.objects.count() == 1


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE luoshi_case SET state = 'closed'", "state"),
        ("UPDATE luoshi_case SET number = '1'", "number"),
        ("UPDATE luoshi_case SET head = '\\x00'", "missing"),
        ("UPDATE luoshi_clock SET due = due + interval '1 day'", "clock"),
        ("DELETE FROM luoshi_clock", "clock"),
        ("UPDATE luoshi_personal SET value = '\"x\"' WHERE field = 'phone'", "phone"),
        ("DELETE FROM luoshi_personal WHERE field = 'phone'", "phone"),
        (
            (
                "ALTER TABLE luoshi_fact DISABLE TRIGGER ALL; "
                "UPDATE luoshi_fact SET body = replace(body, 'register', 'regisTer')"
            ),
            "hash",
        ),
        (
            "ALTER TABLE luoshi_fact DISABLE TRIGGER ALL; UPDATE luoshi_fact SET act = 'other'",
            "columns",
        ),
    ],
)
@pytest.mark.usefixtures("city")
def test_verify_finds_what_was_changed_behind_its_back(statement: str, what: str) -> None:
    opened()
    assert verified().ok
    with connection.cursor() as run:
        run.execute("SET CONSTRAINTS ALL IMMEDIATE")
        run.execute(statement)

    report = verified()
    assert not report.ok
    assert any(what in one.what for one in report.differences), report.differences


@pytest.mark.usefixtures("lasting_city")
class TestAtOnce:
    """Two people, one case, one moment."""

    def test_of_two_handlers_one_wins_and_the_other_is_told_what_changed(self) -> None:
        case = routed()
        second = staff("handler", "roads", name="another")
        outcomes = at_once(
            *(
                lambda who=who: act(Request("receive", {}, case=case.case.id, seen=2), who)
                for who in (ROADS, second)
            )
        )

        won = [one for one in outcomes if isinstance(one, Outcome)]
        lost = [one for one in outcomes if isinstance(one, Stale)]
        assert (len(won), len(lost)) == (1, 1)
        assert lost[0].data["changed"] == "handling"
        assert verified().ok

    def test_the_same_report_sent_twice_at_one_moment_is_one_case(self) -> None:
        request = Request("register", WORDS)
        outcomes = at_once(*(lambda: register("hotline", request, RESIDENT) for _ in range(4)))

        assert {one.number for one in outcomes if isinstance(one, Outcome)} == {"20260309000012"}
        assert models.CaseRow.objects.count() == 1
        assert sorted(one.resent for one in outcomes if isinstance(one, Outcome)) == [
            False,
            True,
            True,
            True,
        ]

    def test_numbers_given_at_one_moment_have_no_gap_and_no_double(self) -> None:
        at_once(*(lambda: [opened() for _ in range(5)] for _ in range(4)))

        numbers = sorted(models.CaseRow.objects.values_list("number", flat=True))
        assert [int(number[8:13]) for number in numbers] == list(range(1, 21))


@pytest.mark.usefixtures("city")
def test_operator_registers_for_somebody_and_answers_on_the_spot() -> None:
    case = register("hotline", Request("register", {**WORDS, "channel": "phone"}), OPERATOR)
    done = taken(case, "answer_on_spot", OPERATOR, reply="办事大厅周一至周五八点半开门。")

    assert done.case.state == "answered_on_spot"
    assert done.case.clocks["dispatch"].state == "met"
    assert case.fact.doer.role == "operator"
