"""How fast somebody sends things in is counted for a minute, and for each client alone."""

from __future__ import annotations

import pytest

from luoshi.actions import paces
from luoshi.actions.paces import Pace


class Stopwatch:
    """Seconds that pass when the test says so."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Stopwatch:
    watch = Stopwatch()
    monkeypatch.setattr(paces, "monotonic", watch)
    return watch


def test_a_minute_begins_with_the_first_and_holds_so_many(watch: Stopwatch) -> None:
    pace = Pace()
    assert [pace.wait("a", 2) for _ in range(3)] == [0, 0, 60]
    watch.now += 59.9
    assert pace.wait("a", 2) == 1
    assert pace.wait("b", 2) == 0
    watch.now += 0.2
    assert pace.wait("a", 2) == 0


def test_nobody_is_remembered_without_end(
    watch: Stopwatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paces, "MOST_HELD", 2)
    pace = Pace()
    for who in "abcd":
        assert pace.wait(who, 1) == 0
    assert len(pace._minutes) == 1
    pace.forget()
    assert pace.wait("d", 1) == 0
