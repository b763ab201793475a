"""One city for all tests of the demonstration: building it is cheap, but not free."""

from __future__ import annotations

import pytest

from luoshi.demo.city import City, build_city


@pytest.fixture(scope="session")
def city() -> City:
    return build_city()
