"""One city for all tests of the demonstration: building it is cheap, but not free."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from luoshi.demo.city import City, build_city
from luoshi.kernel.answers import checked
from luoshi.kernel.programme import Field, FieldType


@pytest.fixture(scope="session")
def city() -> City:
    return build_city()


def called(number: str) -> object:
    """Return a telephone number as a form keeps it; it refuses what nobody could dial."""
    phone = Field("phone", FieldType.PHONE, {})
    return checked(phone, number, {}, datetime(2026, 1, 1, tzinfo=UTC))
