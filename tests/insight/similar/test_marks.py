"""The targets on real marks of a city's staff."""

import pytest
from bench.insight_similar import in_precinct, marks
from tests.shared_data import shared_path


@pytest.mark.slow
def test_staff_find_the_master_among_five_and_can_trust_the_flag() -> None:
    found = marks(shared_path("boston311").parent, of_all=False)
    assert found["marked, master opened before"] > 150
    assert found["recall@5"] >= 0.85
    assert found["flag names the master"] >= 0.9
    assert found["flagged"] >= 40


@pytest.mark.slow
def test_where_only_the_precinct_is_known_the_master_is_mostly_found() -> None:
    found = marks(shared_path("boston311").parent, of_all=False, seen=in_precinct)
    assert found["recall@5"] >= 0.8  # 0.40 when nothing is known of where
    assert found["flagged"] == 0 or found["flag names the master"] >= 0.9
