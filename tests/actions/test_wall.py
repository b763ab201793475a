"""The wall: who reported is kept apart."""

from __future__ import annotations

import pytest
from tests.actions.lamp import verified
from tests.actions.town import (
    CLERK,
    HEAD,
    WORDS,
    Collector,
    at_work,
    job,
    taken,
)
from tests.small_city import ROADS, Watch

from luoshi.actions import outbox, wall
from luoshi.actions.acts import Request, register
from luoshi.kernel.access import ANYBODY
from luoshi.kernel.errors import (
    CaseNotFound,
    FieldsRefused,
    NotYours,
    SamePerson,
)
from luoshi.store import models
from luoshi.store.queries import case_followed, case_numbered


@pytest.mark.usefixtures("town")
class TestWall:
    """Who reported is kept apart, and seen by two people together, once."""

    def test_behind_the_wall_nobody_sees_who_reported(self, watch: Watch) -> None:
        case = register(
            "job",
            Request("open", {**WORDS, "who": "张三", "phone": "15400000001", "secret": True}),
            ANYBODY,
        )
        view = case_numbered(case.number, CLERK, watch.now)
        assert view.answers["who"].value is None
        assert not models.PersonalValue.objects.filter(field__in=["who", "phone"]).exists()
        mine = case_followed(case.number, case.code, watch.now)
        assert mine.answers["who"].value == "张三"
        assert verified().ok

    def test_without_secrecy_nothing_is_walled_off(self, watch: Watch) -> None:
        case = job(who="张三")
        assert case_numbered(case.number, CLERK, watch.now).answers["who"].value == "张三"

    def test_one_asks_another_grants_and_the_first_looks_once(self) -> None:
        case = job(who="张三", secret=True).case.id
        asked = wall.ask(case, HEAD, "需要当面核实举报内容")
        with pytest.raises(CaseNotFound):
            wall.look(str(asked.id), HEAD)
        with pytest.raises(SamePerson):
            wall.decide(str(asked.id), HEAD, grant=True)
        wall.decide(str(asked.id), CLERK, grant=True)
        with pytest.raises(CaseNotFound):
            wall.look(str(asked.id), CLERK)

        assert wall.look(str(asked.id), HEAD) == {"who": "张三"}
        with pytest.raises(CaseNotFound):
            wall.look(str(asked.id), HEAD)

    def test_a_look_not_taken_in_a_day_is_over(self, watch: Watch) -> None:
        asked = wall.ask(job(who="张三", secret=True).case.id, HEAD, "需要当面核实举报内容")
        wall.decide(str(asked.id), CLERK, grant=True)
        watch.forward(hours=24)
        with pytest.raises(CaseNotFound):
            wall.look(str(asked.id), HEAD)

    def test_refused_is_refused_and_a_reason_is_needed(self) -> None:
        case = job(who="张三", secret=True).case.id
        with pytest.raises(FieldsRefused):
            wall.ask(case, HEAD, "看看")
        with pytest.raises(NotYours):
            wall.ask(case, CLERK, "需要当面核实举报内容")
        asked = wall.ask(case, HEAD, "需要当面核实举报内容")
        wall.decide(str(asked.id), CLERK, grant=False)
        wall.decide(str(asked.id), CLERK, grant=True)
        with pytest.raises(CaseNotFound):
            wall.look(str(asked.id), HEAD)

    def test_the_reporter_is_told_the_result_all_the_same(self) -> None:
        case = at_work(phone="15400000001", secret=True)
        taken(case, "finish", ROADS, reply="护栏已经扶正。")
        collector = Collector()
        outbox.deliver(collector)
        assert collector.addresses == ["15400000001"]
