"""A route that is to go says so, a year ahead at least."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from ninja import NinjaAPI

from luoshi.api.v1.deprecation import going

OLD = NinjaAPI(urls_namespace="deprecation-test", docs_url=None, openapi_url=None)


@OLD.get("/old")
@going(date(2027, 1, 1), date(2028, 1, 1), "/api/v1/new")
def old(request: HttpRequest) -> dict[str, bool]:
    """An old route."""
    return {"ok": True}


def test_every_answer_says_since_when_until_when_and_what_instead() -> None:
    view = next(one.callback for one in OLD.urls[0] if one.name == "old")
    answer = view(RequestFactory().get("/old"))
    assert answer.status_code == 200
    assert answer["Deprecation"] == "@1798761600"
    assert answer["Sunset"] == "Sat, 01 Jan 2028 00:00:00 GMT"
    assert answer["Link"] == '</api/v1/new>; rel="successor-version"'


def test_the_description_says_so() -> None:
    found = OLD.get_openapi_schema(path_prefix="")["paths"]
    assert [path["get"]["deprecated"] for path in found.values()] == [True]


def test_nothing_goes_within_a_year() -> None:
    with pytest.raises(ValueError, match="a year"):
        going(date(2027, 1, 1), date(2027, 12, 31), "/api/v1/new")
