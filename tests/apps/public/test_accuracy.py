from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from tests.small_city import MONDAY, found_city

from luoshi.apps.public.accuracy import KINDS
from luoshi.insight.share import interval
from luoshi.store import models
from luoshi.store.directory import forget_directory
from luoshi.store.keys import new_key
from luoshi.store.programmes import offered


@pytest.fixture
def city(db: None) -> Iterator[None]:
    cache.clear()
    found_city()
    yield
    forget_directory()


def decided(category: str, kept: int, of: int, kind: str = "category") -> None:
    for at in range(of):
        models.SuggestionRow.objects.create(
            case=new_key(), act=new_key(), programme="hotline", step="route", kind=kind,
            field="category", value=category, offered=MONDAY, kept=at < kept, category=category,
            role="dispatcher", unit="lamps", decided=MONDAY, chosen=category,
        )  # fmt: skip


def rows(page: str) -> list[list[str]]:
    found = re.findall(r"<tr>(.*?)</tr>", page, re.S)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in found]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells]


def test_everybody_sees_how_often_suggestions_were_kept(city: None) -> None:
    decided("roads.streetlight", 8, 10)
    decided("roads.pothole", 9, 10)
    decided("labour.wages", 5, 10)
    page = Client().get("/public/accuracy/", headers={"accept-language": "en"}).content.decode()

    table = [row for row in rows(page) if row[0] != "Category"]
    assert ["all", "30", "73 %", "56 to 86 %"] in table
    assert ["Roads and public works", "20", "85 %", "64 to 95 %"] in table
    assert ["Work and social insurance", "10", "50 %", "24 to 76 %"] in table


def test_what_was_kept_and_then_corrected_is_not_counted_as_kept(city: None) -> None:
    decided("roads.streetlight", 8, 10)
    kept = models.SuggestionRow.objects.filter(kept=True).values("pk")[:3]
    models.SuggestionRow.objects.filter(pk__in=kept).update(corrected=MONDAY)
    page = Client().get("/public/accuracy/", headers={"accept-language": "en"}).content.decode()
    assert ["all", "10", "50 %", "24 to 76 %"] in rows(page)


def test_small_cells_are_hidden_and_cannot_be_computed(city: None) -> None:
    decided("roads.streetlight", 8, 10)
    decided("labour.wages", 2, 3)
    page = Client().get("/public/accuracy/", headers={"accept-language": "en"}).content.decode()
    assert [row[0] for row in rows(page)] == ["Category", "all"]
    # with only one hidden the total would give it away
    assert "Too few decisions to show: Roads and public works, Work and social insurance<" in page


def test_each_kind_says_what_it_means_to_be_kept(city: None) -> None:
    for kind in KINDS:
        decided("roads.streetlight", 3, 10, kind)
    page = Client().get("/public/accuracy/", headers={"accept-language": "en"}).content.decode()
    told = re.findall(r"<h3>([^<]*)</h3><p>Kept: ([^<]*)</p>", page)
    assert len(dict(told)) == len(KINDS)
    assert "emergency line" in dict(told)["Words of danger shown"]


def test_categories_stand_in_the_order_of_the_programme(city: None) -> None:
    for category in ("labour.wages", "", "gone.category", "roads.streetlight", "utilities.gas"):
        decided(category, 5, 10)
    page = Client().get("/public/accuracy/", headers={"accept-language": "en"}).content.decode()
    entries = offered()["hotline"].lists["category"]
    tops = [one.labels["en"] for one in entries.values() if not one.parent]
    named = [row[0] for row in rows(page) if row[0] in tops]
    assert len(named) == 3
    assert named == sorted(named, key=tops.index)
    assert rows(page)[-1][:2] == ["without a category", "20"]


def test_few_decisions_are_not_shown_at_all(city: None) -> None:
    decided("roads.streetlight", 2, 4)
    page = Client().get("/public/accuracy/").content.decode()
    assert not rows(page)


def test_nothing_about_a_person_is_shown(city: None) -> None:
    decided("roads.streetlight", 8, 10)
    page = Client().get("/public/accuracy/", headers={"accept-language": "en"}).content.decode()
    assert "dispatcher" not in page.casefold()
    assert "lamps" not in page.casefold()


@pytest.mark.parametrize(
    ("kept", "of", "low", "high"),
    [(0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (50, 100, 0.404, 0.596)],
)
def test_the_interval_is_wilson_s(kept: int, of: int, low: float, high: float) -> None:
    assert interval(kept, of) == pytest.approx((low, high), abs=0.001)


@pytest.mark.parametrize(("kept", "of"), [(1, 0), (3, 2), (-1, 2)])
def test_what_is_no_share_is_refused(kept: int, of: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        interval(kept, of)
