"""What is written: as the framework would write it, only faster."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from ninja.responses import NinjaJSONEncoder
from tests.api.v1.conftest import Api
from tests.api.v1.fitting import assert_fits

from luoshi.api.v1.written import text, written
from luoshi.kernel.access import Sight

AT = datetime(2026, 3, 9, 1, 0, 0, 123456, UTC)


@pytest.mark.parametrize(
    "value",
    [
        AT,
        AT.replace(microsecond=0),
        AT.replace(microsecond=999),
        AT.astimezone(timezone(timedelta(hours=8))),
        date(2026, 3, 9),
        Decimal("1.50"),
        UUID(int=7),
        Sight.MASKED,
        2**70,
        -(2**64),
        1.5,
        "路灯\u2028<&>",
        {"a": [None, True, {"b": AT}]},
    ],
    ids=str,
)
def test_it_says_what_the_framework_says(value: object) -> None:
    assert json.loads(text(value)) == json.loads(NinjaJSONEncoder().encode(value))


def test_the_tag_stands_in_the_header() -> None:
    assert written({}, '"3"').headers["ETag"] == '"3"'
    assert "ETag" not in written({}).headers


def test_an_answer_with_more_than_its_shape_is_noticed(program: Callable[..., Api]) -> None:
    api: Api = program("supervisor")
    answer = api.send("GET", "/worklists")
    told = answer.json()
    told["data"][0]["mark"] = 1
    answer.content = json.dumps(told).encode()
    with pytest.raises(AssertionError):
        assert_fits("GET", "/worklists", answer)
