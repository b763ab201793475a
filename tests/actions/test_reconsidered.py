"""What was suggested and kept, and then corrected by somebody, counts as kept no more."""

from __future__ import annotations

import pytest
from tests.actions.lamp import opened, taken
from tests.small_city import DISPATCHER, LAMPS, OPERATOR, Watch

from luoshi.actions import clock
from luoshi.actions.acts import Outcome, Request, act, register
from luoshi.actions.merging import merge, take_apart
from luoshi.actions.suggested import Suggested
from luoshi.kernel.access import requester_of
from luoshi.store.keys import new_key
from luoshi.store.models import SuggestionRow
from luoshi.store.suggestions import measured

pytestmark = pytest.mark.usefixtures("city")

SAID = {"subject": "路灯不亮", "content": "东门外第三根灯杆不亮。", "area": "9911"}
SLIP = {"reason": "手误选错了单位"}


def shown(kind: str, value: str, chosen: str = "") -> Suggested:
    field = "" if kind == "similar" else kind
    return Suggested(kind, field, value, clock.now(), 0.9, chosen=chosen)


def registered(suggested: str, **answers: str) -> Outcome:
    """Register a case by telephone, with a category suggested."""
    offers = (shown("category", suggested),)
    return register("hotline", Request("register", SAID | answers, suggested=offers), OPERATOR)


def kept(kind: str) -> tuple[int, int]:
    """Return how many suggestions of that kind were kept for good, of how many."""
    found = [one for one in measured() if one.kind == kind]
    return sum(one.kept for one in found), sum(one.offered for one in found)


def test_a_category_that_was_corrected_counts_as_kept_until_it_is_put_back(watch: Watch) -> None:
    case = registered("roads.streetlight", category="roads.streetlight")
    assert kept("category") == (1, 1)
    watch.forward(days=1)
    taken(case, "classify", DISPATCHER, category="roads.pothole")
    assert kept("category") == (0, 1)
    assert SuggestionRow.objects.get().corrected == watch.now
    taken(case, "classify", DISPATCHER, category="roads.streetlight")
    assert kept("category") == (1, 1)
    assert SuggestionRow.objects.get().kept  # what was decided at first stays on record


def test_a_narrower_category_within_the_suggested_one_corrects_nothing() -> None:
    case = registered("roads", category="roads.streetlight")
    taken(case, "classify", DISPATCHER, category="roads.pothole")
    taken(case, "classify", DISPATCHER, urgency="urgent")
    assert kept("category") == (1, 1)


def test_what_was_chosen_instead_stays_unkept_though_the_suggestion_was_right() -> None:
    case = registered("roads.streetlight", category="roads.pothole")
    taken(case, "classify", DISPATCHER, category="roads.streetlight")
    assert kept("category") == (0, 1)


def test_an_area_is_corrected_like_a_category() -> None:
    offers = (shown("area", "9911"),)
    request = Request("register", SAID, suggested=offers)
    case = register("hotline", request, OPERATOR)
    assert kept("area") == (1, 1)
    taken(case, "classify", DISPATCHER, area="9912")
    assert kept("area") == (0, 1)


def test_a_unit_that_sent_the_case_back_or_was_a_slip_counts_once_another_has_it() -> None:
    for back, by in (("return", LAMPS), ("recall", DISPATCHER)):
        SuggestionRow.objects.all().delete()
        case = opened()
        to_unit(case, "route", "lamps", category="roads.streetlight")
        taken(case, back, by, **SLIP)
        assert kept("unit") == (1, 1)  # nobody has decided otherwise yet
        to_unit(case, "reroute", "roads")
        assert kept("unit") == (0, 2)


def to_unit(case: Outcome, step: str, unit: str, **more: str) -> None:
    """Route a case for which the lamps unit is suggested."""
    answers = {"unit": unit, **more}
    request = Request(step, answers, case=case.case.id, suggested=(shown("unit", "lamps"),))
    act(request, DISPATCHER)


def test_only_staff_and_only_another_answer_correct() -> None:
    case = registered("roads.streetlight", category="roads.streetlight")
    taken(case, "add", requester_of(case.case.id), addition="昨晚仍然不亮。")
    taken(case, "classify", DISPATCHER, category="roads.streetlight")
    taken(case, "route", DISPATCHER, unit="lamps")
    taken(case, "withdraw", requester_of(case.case.id))
    assert kept("category") == (1, 1)


def test_a_proposal_is_kept_no_more_when_the_merger_is_undone() -> None:
    main, one, other = opened(), opened(), opened()
    proposed = (shown("similar", one.case.id, "merged"), shown("similar", other.case.id, "merged"))
    merge(main.number, [one.number, other.number], new_key(), DISPATCHER, proposed)
    assert kept("similar") == (2, 2)
    take_apart([other.number], {"reason": "不是同一件事"}, new_key(), DISPATCHER)
    assert kept("similar") == (1, 2)
    assert SuggestionRow.objects.get(value=one.case.id).corrected is None


def test_a_proposal_made_on_the_page_of_the_follower_is_undone_with_it() -> None:
    main, one = opened(), opened()
    proposed = (shown("similar", main.case.id, "merged"), shown("similar", new_key(), "left"))
    merge(main.number, [one.number], new_key(), DISPATCHER, proposed)
    assert kept("similar") == (1, 2)
    take_apart([one.number], {"reason": "不是同一件事"}, new_key(), DISPATCHER)
    assert kept("similar") == (0, 2)


def test_a_merged_case_that_is_withdrawn_was_not_merged_by_mistake() -> None:
    main, one = opened(), opened()
    merge(main.number, [one.number], new_key(), DISPATCHER,
          (shown("similar", main.case.id, "merged"),))  # fmt: skip
    taken(one, "withdraw_merged", OPERATOR)
    assert kept("similar") == (1, 1)
