"""Publication: what everybody sees is what a person approved, and nothing about a person."""

from __future__ import annotations

from dataclasses import replace
from statistics import mean

from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.people import CASE, CLERK, DAY, MONDAY, Life, act, lamps, staff, works

from luoshi.kernel.access import requester_of
from luoshi.kernel.condition import FieldIs
from luoshi.kernel.programme import Publication
from luoshi.kernel.publication import (
    Promise,
    is_published,
    promise_of,
    public_photos,
    public_values,
    public_view,
    without_small,
)
from luoshi.kernel.seen import Seen, lot


def mended() -> Life:
    life = Life(lamps())
    life.take("report", CLERK, what="王某门口的灯", kind="dark", area="east")
    life.take("send", CLERK, unit="roads")
    life.take("mend", staff("fitter", "", "roads"))
    return life


MENDED = mended().take("show", CLERK, public="修好了")


def test_a_unit_that_has_a_case_no_more_is_not_told() -> None:
    """Taken back or returned: the field still names it, until another one is routed to."""
    shown = replace(lamps().publication, show=("kind", "unit"))
    programme = replace(lamps(), publication=shown)
    assert public_values(programme, MENDED) == {"kind": "dark", "unit": "roads"}
    back = replace(MENDED, state="new")
    assert programme.seeks_holder(back.state)
    assert public_values(programme, back) == {"kind": "dark"}


def test_a_case_is_published_when_a_person_approved_it() -> None:
    life = mended()
    assert life.case is not None
    assert not is_published(lamps(), life.case)
    assert is_published(lamps(), life.take("show", CLERK, public="修好了"))
    assert not is_published(replace(lamps(), publication=Publication()), life.case)


def test_the_public_view_shows_what_is_listed_and_no_one() -> None:
    life = mended()
    case = life.take("show", CLERK, public="修好了")
    facts = [decision.fact for decision in life.decisions]
    view = public_view(lamps(), case, facts, "L260001", "990")
    assert view.values == {"kind": "dark", "public": "修好了"}
    assert [step.state for step in view.steps] == ["new", "mending", "mended"]
    assert (view.number, view.place, view.opened) == ("L260001", "990", MONDAY)
    assert "王某" not in repr(view)
    assert CLERK.id not in repr(view)
    placeless = replace(lamps(), publication=replace(lamps().publication, place=""))
    assert public_view(placeless, case, facts, "L260001", "990").place == ""


def test_nothing_is_promised_before_a_clock_starts_without_one_or_while_it_is_unsure() -> None:
    life = Life(lamps())
    case = life.take("report", CLERK, what="王某门口的灯", kind="dark", area="east")
    assert promise_of(lamps(), case.clocks) == Promise()
    sent = life.take("send", CLERK, unit="roads")
    assert promise_of(lamps(), sent.clocks) == Promise(sent.clocks["mend"].due)
    unsure = replace(sent.clocks["mend"], provisional=True)
    assert promise_of(lamps(), {"mend": unsure}) == Promise()
    silent = replace(lamps(), publication=replace(lamps().publication, promise=""))
    assert promise_of(silent, sent.clocks) == Promise()


def test_an_extension_moves_the_promise_and_a_pause_leaves_no_date() -> None:
    life, fitter = Life(lamps()), staff("fitter", "", "roads")
    life.take("report", CLERK, what="王某门口的灯", kind="dark", area="east")
    first = promise_of(lamps(), life.take("send", CLERK, unit="roads").clocks)
    second = promise_of(lamps(), life.take("lengthen", CLERK, days=2).clocks)
    assert first.by is not None
    assert second.by == first.by + 2 * DAY
    assert promise_of(lamps(), life.take("park", fitter).clocks) == Promise()
    life.forward(7 * DAY)
    third = promise_of(lamps(), life.take("resume", CLERK).clocks)
    assert third.by == second.by + 7 * DAY


def test_a_promise_that_was_fulfilled_stays_beside_the_day_and_a_new_round_replaces_it() -> None:
    life = Life(lamps())
    life.take("report", CLERK, what="王某门口的灯", kind="dark", area="east")
    due = life.take("send", CLERK, unit="roads").clocks["mend"].due
    life.forward(60 * DAY)
    late = life.take("mend", staff("fitter", "", "roads"))
    assert promise_of(lamps(), late.clocks) == Promise(due, MONDAY + 60 * DAY)
    facts = [decision.fact for decision in life.decisions]
    assert public_view(lamps(), late, facts, "L260001").promise == Promise(due, late.moved)
    again = life.take("again", requester_of(CASE))
    assert promise_of(lamps(), again.clocks) == Promise(again.clocks["mend"].due)


@given(
    st.lists(st.sampled_from([*lamps().fields])),
    st.dictionaries(st.sampled_from([*lamps().fields]), st.text(min_size=1)),
    st.sets(st.sampled_from([*lamps().fields])),
)
def test_no_personal_answer_is_ever_public(
    shown: list[str], values: dict[str, str], personal: set[str]
) -> None:
    fields = {n: replace(f, personal=n in personal) for n, f in lamps().fields.items()}
    rule = Publication(FieldIs("shown", (True,)), tuple(shown))
    case = replace(MENDED, values=values)
    out = public_values(replace(lamps(), fields=fields, publication=rule), case)
    assert not set(out) & personal
    assert set(out) <= set(shown)
    assert all(values[name] == value for name, value in out.items())


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 30), max_size=8), st.integers(1, 10))
def test_no_small_cell_can_be_worked_out_from_the_total(
    counts: dict[str, int], below: int
) -> None:
    out = without_small(counts, below)
    hidden = [name for name, count in out.items() if count is None]
    assert all(out[name] is None for name, count in counts.items() if 0 < count < below)
    if len(hidden) == 1:
        assert not any(count for name, count in counts.items() if name not in hidden)
    assert all(count == counts[name] for name, count in out.items() if count is not None)


def test_the_lot_of_a_case_is_fair_and_always_the_same() -> None:
    lots = [lot(act(number), "check") for number in range(10_000)]
    assert all(0 <= one < 1 for one in lots)
    assert abs(mean(lots) - 0.5) < 0.02
    tenths = [sum(tenth <= one * 10 < tenth + 1 for one in lots) for tenth in range(10)]
    assert all(850 < count < 1150 for count in tenths)
    assert lots[0] == lot(act(0), "check") != lot(act(0), "another")


def test_a_case_that_is_not_open_yet_has_been_through_nothing() -> None:
    seen = Seen(None, {"a": 1}, MONDAY)
    assert (seen.value("a"), seen.value("b"), seen.clock("c")) == (1, None, "absent")
    assert (seen.count("t"), seen.raised("h"), seen.open_parts(), seen.draw("d")) == (0, 0, 0, 1.0)


def test_the_photos_of_what_is_shown_are_shown_in_order_and_no_others() -> None:
    shown = replace(works(), publication=Publication(show=("day", "proof")))
    assert public_photos(shown, {"proof": ["b", "a"], "day": "2026-03-20"}) == ["b", "a"]
    assert public_photos(shown, {"proof": "a word is no list", "day": None}) == []
    assert public_photos(replace(shown, publication=Publication()), {"proof": ["b"]}) == []
