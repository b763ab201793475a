"""Fixtures: the small city, and the hotline in it on a working Monday morning."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.actions.town import folder, lasting_town, town
from tests.small_city import Watch, found_city

from luoshi.store.directory import forget_directory

__all__ = ["Watch", "city", "folder", "lasting_city", "lasting_town", "town"]


@pytest.fixture
def city(db: None, watch: Watch) -> Iterator[None]:
    """The small city, in a transaction that is rolled back."""
    found_city()
    yield
    forget_directory()


@pytest.fixture
def lasting_city(transactional_db: None, watch: Watch) -> Iterator[None]:
    """The small city, committed: for tests with several connections."""
    found_city()
    yield
    forget_directory()
