"""A small city, and a browser without JavaScript."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from tests.small_city import found_city


@pytest.fixture
def city(db: None) -> None:
    """Two grids, two units, the hotline."""
    cache.clear()
    found_city()


@pytest.fixture
def browser(city: None) -> Client:
    """A resident's browser that reads English."""
    return Client(headers={"accept-language": "en"})
