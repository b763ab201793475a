"""Page by page, what changed since, and what lies near."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from requests.utils import parse_header_links
from tests.api.open311.conftest import (
    BASE,
    Open311,
    Watch,
    errors,
    numbers,
    publish,
    published_at,
    told,
)
from tests.small_city import MONDAY

from luoshi.formats.open311 import stamp


def test_e22_pages_count_from_one_and_are_empty_past_the_end(
    open311: Open311, watch: Watch
) -> None:
    found = published_at(open311, watch, 0, 1, 2, 3, 4)[::-1]
    assert numbers(open311.json("requests", page_size=2)) == found[:2]
    assert numbers(open311.json("requests", page_size=2, page=2)) == found[2:4]
    assert numbers(open311.json("requests", page_size=2, page=3)) == found[4:]
    assert open311.json("requests", page_size=2, page=4) == []


def test_e22_headers_say_where_one_is(open311: Open311, watch: Watch) -> None:
    published_at(open311, watch, 0, 1, 2)
    answer = open311.get("requests.json", page_size=2, api_key="secret")
    assert answer["X-Result-Count"] == "3"
    assert answer["X-Page-Count"] == "2"
    assert answer["X-Page-Size"] == "2"
    assert "secret" not in answer["X-Next-Page-URL"]
    assert "X-Previous-Page-URL" not in answer
    second = open311.get("requests.json", page_size=2, page=2)
    assert "page=1" in second["X-Previous-Page-URL"]
    assert "X-Next-Page-URL" not in second
    assert "X-Page-Size" not in open311.get("requests.json")
    beyond = open311.get("requests.json", page_size=2, page=50)
    assert "page=2" in beyond["X-Previous-Page-URL"], "from beyond the end one step leads back"


def test_e22_the_pages_beside_are_links_that_every_client_reads(
    open311: Open311, watch: Watch
) -> None:
    found = published_at(open311, watch, 0, 1, 2, 3, 4)[::-1]
    second = open311.get("requests.json", page_size=2, page=2)
    links = {one["rel"]: one["url"] for one in parse_header_links(second["Link"])}
    assert links == {"next": second["X-Next-Page-URL"], "prev": second["X-Previous-Page-URL"]}
    assert numbers(told(open311.client.get(links["next"]))) == found[4:]
    assert numbers(told(open311.client.get(links["prev"]))) == found[:2]
    assert "Link" in second["Access-Control-Expose-Headers"].split(", ")
    assert "Link" not in open311.get("requests.json", page_size=50)


def test_e22_the_next_page_stands_still_while_others_are_published(
    open311: Open311, watch: Watch
) -> None:
    found = published_at(open311, watch, 0, 1, 2, 3)[::-1]
    first = open311.get("requests.json", page_size=2)
    published_at(open311, watch, 4, 5)
    following = urlsplit(first["X-Next-Page-URL"])
    assert following.path == f"{BASE}/requests.json"
    rest = told(open311.client.get(following.path, parse_qs(following.query)))
    assert numbers(told(first)) + numbers(rest) == found


@pytest.mark.parametrize(
    "wrong",
    [{"page": "0"}, {"page": "-1"}, {"page_size": "1001"}, {"page_size": "many"},
     {"page": "9999", "page_size": "1000"}, {"after": "nowhere"}, {"after": "2026_1"}],
)  # fmt: skip
def test_e22_a_page_that_cannot_be_is_400(open311: Open311, wrong: dict[str, str]) -> None:
    assert errors(open311.get("requests.json", **wrong), 400)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"page_size": "1001"}, "page_size: Please write a number from 1 to 1000 (number.range)"),
     ({"lat": "1", "long": "1", "radius": "1e9"}, "radius: Please write a number from 0 to"),
     ({"lat": "35.5"}, "long: Please fill this in (field.missing)")],
)  # fmt: skip
def test_e27_what_is_wrong_is_said_with_its_bounds(
    open311: Open311, wrong: dict[str, str], said: str
) -> None:
    told = open311.get("requests.json", locale="en", **wrong)
    assert errors(told, 400).startswith(said)


def test_e27_what_changed_since(open311: Open311, watch: Watch) -> None:
    old = open311.number()
    watch.forward(days=120)
    [new] = published_at(open311, watch, 125)
    publish(old)
    since = stamp(MONDAY + timedelta(days=124))
    assert sorted(numbers(open311.json("requests", updated_after=since))) == sorted([old, new])
    late = stamp(watch.now + timedelta(hours=1))
    assert open311.json("requests", updated_after=late) == []
    assert open311.json("requests", updated_before=since) == []


def test_e27_by_box_and_by_circle(open311: Open311, watch: Watch) -> None:
    found = published_at(open311, watch, 0)
    assert numbers(open311.json("requests", bbox="122.50,35.50,122.52,35.52")) == found
    assert open311.json("requests", bbox="122.60,35.50,122.62,35.52") == []
    near = {"lat": 35.51, "long": 122.515}
    assert numbers(open311.json("requests", **near)) == found, "500 metres without a radius"
    assert open311.json("requests", **near, radius=400) == []
    assert numbers(open311.json("requests", **near, radius=460)) == found


@pytest.mark.parametrize(
    "wrong",
    [{"bbox": "1,2,3"}, {"bbox": "a,b,c,d"}, {"bbox": "3,2,1,4"}, {"bbox": "1,95,2,99"},
     {"lat": "95", "long": "1"}, {"lat": "1", "long": "1", "radius": "nan"},
     {"lat": "1", "long": "1", "radius": "-1"}],
)  # fmt: skip
def test_e27_what_is_no_box_is_400(open311: Open311, wrong: dict[str, str]) -> None:
    assert errors(open311.get("requests.json", **wrong), 400)
