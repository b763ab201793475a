"""Sketches: what a sketch accepts, the fold accepts and folds to the same; the rest it doubts."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from random import Random
from typing import Any

import pytest
from tests.kernel.people import CALENDAR, CLERK, HOUR, Life, lamps, staff, works
from tests.kernel.test_opening import NAMES, programme

from luoshi.kernel.case import Case, fold
from luoshi.kernel.fact import Fact, body, read
from luoshi.kernel.history import Player
from luoshi.kernel.sketch import Doubt, Sketch

FAULTS = (Doubt, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
CASE = (
    *("id", "programme", "version", "state", "seq", "opened", "moved", "values", "sealed"),
    *("numbers", "counts", "part_of", "follows"),
)
CLOCK = (
    *("kind", "state", "started", "due", "warn", "ended", "paused", "provisional", "limit"),
    *("rests_on", "extended"),
)
JUNK: tuple[Any, ...] = (
    None, "", "x", 0, 3, [], {}, "start", "meet", "pause", "resume", "rung", "extend", "stop",
    "2026-03-09T01:00:00.000000Z", "2020-01-01T00:00:00.000000Z", "2026-03-09", [["a", "b"]],
    [{"does": "leave"}], [{"does": "close"}], [{"does": "lift", "hold": "h"}],
    [{"does": "part_of", "case": "c"}, {"does": "follow", "case": "d"}], [{"does": "end_part"}],
    [{"does": "exempt", "what": "w"}, {"does": "moved"}], [{"does": "nothing"}],
    [{"does": "open_part", "case": "c", "unit": "u"}, {"does": "move_part", "case": "c"}],
)  # fmt: skip


@cache
def histories(name: str) -> list[tuple[Fact, ...]]:
    player = Player(programme(name), CALENDAR, Random(name).randrange)
    return [facts for facts in (player.history().facts for _ in range(25)) if facts]


def sketched(raws: list[dict[str, Any]]) -> Sketch:
    sketch = Sketch(raws[0])
    for raw in raws[1:]:
        sketch.take(raw)
    return sketch


def told(case: Case | Sketch) -> dict[str, object]:
    clocks, parts = case.clocks, case.parts.items()
    return {name: getattr(case, name) for name in CASE} | {
        "parts": {key: part if isinstance(part, str) else part.state for key, part in parts},
        "clocks": {
            name: clock.row if isinstance(case, Sketch) else row(clock)
            for name, clock in clocks.items()
        },
    }


def row(clock: Any) -> tuple[object, ...]:
    rung = clock.next_rung
    return (*(getattr(clock, name) for name in CLOCK), rung and rung[1])


@pytest.mark.parametrize("name", NAMES)
def test_a_sketch_says_what_the_fold_says(name: str) -> None:
    for facts in histories(name):
        raws = [json.loads(body(fact)) for fact in facts]
        assert told(sketched(raws)) == told(fold(facts))


def spots(raw: Any) -> list[tuple[Any, Any]]:
    """Return every place in *raw* where something else could stand."""
    pairs = list(raw.items()) if isinstance(raw, dict) else list(enumerate(raw))
    below = [spot for _, part in pairs if isinstance(part, dict | list) for spot in spots(part)]
    return [(raw, key) for key, _ in pairs] + below


@pytest.mark.parametrize("name", NAMES)
def test_what_was_forged_is_doubted_or_folds_alike(name: str) -> None:
    random = Random(name)
    doubted = accepted = 0
    for facts in histories(name):
        raws = [json.loads(body(fact)) for fact in facts]
        for _ in range(40):
            forged = deepcopy(raws)
            at = random.choice(spots(random.choice(forged)))
            if random.random() < 0.3 and isinstance(at[0], dict):
                del at[0][at[1]]
            else:
                at[0][at[1]] = deepcopy(random.choice(JUNK))
            try:
                sketch = sketched(forged)
            except FAULTS:
                doubted += 1
                continue
            accepted += 1
            assert told(sketch) == told(fold(read(json.dumps(raw)) for raw in forged))
    assert doubted > 10
    assert accepted > 10


@pytest.mark.parametrize(("field", "does"), [
    ("clock", "meet"), ("raised", "x"), ("draw", "x"),
])  # fmt: skip
def test_what_only_the_fold_knows_is_doubted(field: str, does: str) -> None:
    sketch = sketched([json.loads(body(histories("lamp")[0][0]))])
    with pytest.raises(Doubt):
        getattr(sketch, field)(does)
    assert sketch.count(sketch.state) == 0
    assert sketch.value("nobody asked") is None


def test_samples_have_restarts_and_pauses() -> None:
    """The histories above are worth something only if these happen in them."""
    does = {
        effect.does
        for name in NAMES
        for facts in histories(name)
        for fact in facts
        for effect in fact.clocks
    }
    assert {"start", "meet", "stop", "pause", "resume", "extend"} <= does
    assert any(
        "#" in key for name in NAMES for facts in histories(name) for key in fold(facts).clocks
    )
    assert lamps() is not works()


def parked_and_resumed() -> list[dict[str, Any]]:
    """Return the facts of a lamp whose clock was paused, and ran on an hour later."""
    life = Life(lamps())
    life.take("report", CLERK, what="坏了", kind="dark", area="east")
    life.take("send", CLERK, unit="roads")
    life.take("park", staff("fitter", "", "roads"))
    life.forward(HOUR)
    life.take("resume", CLERK)
    return [json.loads(body(decision.fact)) for decision in life.decisions]


def effect(raw: dict[str, Any], does: str) -> dict[str, Any]:
    (found,) = (one for one in raw["clocks"] if one["does"] == does)
    return found


def test_a_pause_says_nothing_of_the_end_and_comes_before_it_is_over() -> None:
    raws = parked_and_resumed()
    assert sketched(raws).clocks["mend"].state == "running"
    with_due = deepcopy(raws)
    effect(with_due[2], "pause")["due"] = "2026-03-09T01:00:00.000000Z"
    with pytest.raises(Doubt):
        sketched(with_due)
    backwards = deepcopy(raws)
    backwards[3]["at"] = "2026-03-09T00:59:00.000000Z"
    with pytest.raises(Doubt):
        sketched(backwards)


def test_a_pause_may_end_at_the_instant_it_began() -> None:
    raws = parked_and_resumed()
    raws[3]["at"] = raws[2]["at"]
    assert told(sketched(raws)) == told(fold(read(json.dumps(raw)) for raw in raws))


def wound(**effect: object) -> list[dict[str, Any]]:
    """Return the facts of a lamp whose clock then has *effect* upon it."""
    raws = parked_and_resumed()[:2]
    again = {**deepcopy(raws[1]), "seq": 3, "from": "mending", "id": raws[1]["id"][:-1] + "9"}
    return [*raws, {**again, "act": "@rung", "clocks": [{"clock": "mend", **effect}]}]


@pytest.mark.parametrize("does", ["meet", "stop", "rung"])
def test_what_moves_no_end_names_none(does: str) -> None:
    raws = wound(does=does, rungs=[["late", "2026-03-09T01:00:00.000000Z"]])
    assert told(sketched(raws)) == told(fold(read(json.dumps(raw)) for raw in raws))
    raws[2]["clocks"][0]["due"] = "2026-03-09T01:00:00.000000Z"
    with pytest.raises(Doubt):
        sketched(raws)


def test_a_condition_sees_the_latest_answer_or_its_digest() -> None:
    raw = json.loads(body(histories("lamp")[0][0]))
    raw["values"], raw["sealed"] = {"kind": "dark"}, {"phone": "digest", "kind": "older"}
    sketch = sketched([raw])
    assert (sketch.value("kind"), sketch.value("phone")) == ("dark", "digest")


def test_parts_are_open_until_they_end() -> None:
    raw = json.loads(body(histories("lamp")[0][0]))
    opened = [{"does": "open_part", "case": key, "unit": "roads"} for key in ("a", "b")]
    moved = {"does": "move_part", "case": "a", "unit": "lamps"}
    ended = [{"does": "end_part", "case": key, "how": "done"} for key in ("a", "b")]
    for effects, still_open in (
        (opened, 2), ([*opened, moved], 2), ([*opened, ended[0]], 1), (opened + ended, 0),
    ):  # fmt: skip
        raw["effects"] = effects
        sketch = sketched([raw])
        assert sketch.open_parts() == still_open
        assert told(sketch) == told(fold([read(json.dumps(raw))]))


@pytest.mark.parametrize("does", ["end_part", "move_part"])
def test_a_part_that_was_never_opened_is_doubted(does: str) -> None:
    raw = json.loads(body(histories("lamp")[0][0]))
    raw["effects"] = [{"does": does, "case": "a", "unit": "lamps", "how": "done"}]
    with pytest.raises(Doubt):
        sketched([raw])


def test_the_histories_have_parts() -> None:
    does = {
        effect["does"]
        for name in NAMES
        for facts in histories(name)
        for fact in facts
        for effect in fact.effects
    }
    assert {"open_part", "end_part"} <= does
