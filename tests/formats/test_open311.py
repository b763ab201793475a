"""Open311 as text: both forms say the same, whatever is in them."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.formats import open311
from luoshi.formats.open311 import ParameterWrong, Suffix, instant_in, written

EAST = timezone(timedelta(hours=8))
TEXT = st.text()


@given(TEXT, TEXT)
def test_any_text_is_well_formed_in_both_forms(one: str, two: str) -> None:
    value = [{"service_code": one, "service_name": two, "groups": [one, two]}]
    encodable = one.encode("utf-8", "ignore") == one.encode("utf-8", "surrogatepass")
    if encodable and two.encode("utf-8", "ignore") == two.encode("utf-8", "surrogatepass"):
        assert json.loads(written("services", value, Suffix.JSON)) == value
    root = ET.fromstring(written("services", value, Suffix.XML))  # noqa: S314
    assert [group.tag for group in root.findall("service/groups/group")] == ["group", "group"]
    plain = open311.NOT_IN_XML.sub("", one)
    if "\r" not in plain:
        assert (root.findtext("service/service_code") or "") == plain


def test_a_list_without_entries_is_an_empty_parent() -> None:
    assert written("services", [], Suffix.XML).endswith(b"<services />")
    assert written("services", [], Suffix.JSON) == b"[]"


def test_what_is_unknown_has_no_form() -> None:
    with pytest.raises(TypeError):
        written("services", [object()], Suffix.JSON)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-03-09T01:00:00Z", 1),
        ("2026-03-09T09:00:00+08:00", 1),
        ("2026-03-09T09:00:00 08:00", 1),
        ("2026-03-09T09:00:00", 1),
        ("2026-03-09 09:00:00", 1),
        ("2026-03-10", 16),
    ],
)
def test_instants_come_in_many_shapes(text: str, hour: int) -> None:
    found = instant_in("start_date", text, EAST)
    assert found == datetime(2026, 3, 9, hour, tzinfo=UTC)


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-12:00", "0001-01-01", "now", "2026-02-30"])
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ParameterWrong) as wrong:
        instant_in("start_date", text, EAST)
    assert wrong.value.name == "start_date"
    assert wrong.value.code == "date.invalid"


@given(st.text(max_size=60))
def test_no_parameter_breaks_the_readers(text: str) -> None:
    for read in (
        open311.box_in,
        lambda one: open311.whole("page", one, 1, 10),
        lambda one: open311.degrees("lat", one, 90),
        lambda one: instant_in("start_date", one, EAST),
    ):
        with suppress(ParameterWrong):
            read(text)
    assert len(open311.listed(text)) <= open311.MOST_PLACES
