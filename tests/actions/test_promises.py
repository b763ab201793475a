"""What everybody is told of a promise follows the clock of the case, step by step."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from tests.actions.lamp import PUBLIC, handled, opened, published, taken, verified
from tests.small_city import (
    DISPATCHER,
    OPERATOR,
    PUBLISHER,
    SUPERVISOR,
    Watch,
)

from luoshi.actions.acts import Outcome
from luoshi.kernel.access import requester_of
from luoshi.store.models import PublicRow

pytestmark = pytest.mark.usefixtures("city")


def told() -> tuple[datetime | None, datetime | None]:
    """Return what the public view promises; whatever it is, it follows from the facts."""
    assert verified().ok
    return PublicRow.objects.values_list("promised", "fulfilled").get()


def reopened(case: Outcome) -> Outcome:
    taken(case, "ask_reopen", requester_of(case.case.id), reason="灯又不亮了。")
    return taken(case, "reopen", SUPERVISOR)


def test_what_is_not_published_is_promised_to_nobody_else() -> None:
    handled()
    assert not PublicRow.objects.exists()
    assert verified().ok


def test_a_promise_that_was_fulfilled_stays_with_its_day(watch: Watch) -> None:
    clock = published().case.clocks["answer"]
    assert told() == (clock.due, watch.now)


def test_a_case_that_is_worked_on_again_is_promised_anew(watch: Watch) -> None:
    case = published()
    first, _ = told()
    watch.forward(days=7)
    clock = reopened(case).case.clocks["answer"]
    assert told() == (clock.due, None)
    assert first is not None
    assert clock.due > first


def test_a_paused_clock_has_no_date_and_a_resumed_one_a_later_one(watch: Watch) -> None:
    main, case = opened(), published()
    before = reopened(case).case.clocks["answer"].due
    taken(case, "merge", DISPATCHER, main_case=main.number)
    assert told() == (None, None)
    watch.forward(days=7)
    after = taken(case, "unmerge", DISPATCHER, reason="不是同一件事。").case.clocks["answer"].due
    assert after > before
    assert told() == (after, None)


def test_a_case_answered_on_the_spot_was_promised_nothing() -> None:
    case = opened()
    taken(case, "answer_on_spot", OPERATOR, reply="这盏灯今天已经修好了。")
    taken(case, "publish", PUBLISHER, **PUBLIC)
    assert told() == (None, None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE luoshi_public SET promised = promised + interval '1 day'",
        "UPDATE luoshi_public SET fulfilled = NULL",
    ],
)
def test_a_promise_that_was_changed_behind_its_back_is_found(statement: str) -> None:
    published()
    with connection.cursor() as run:
        run.execute(statement)
    (found,) = verified().differences
    assert found.what.startswith("the public view says Promise")
