"""Public views written by an earlier version are given what later ones hold."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from tests.apps.public.published_cases import publish
from tests.small_city import INSIDE, found_city

from luoshi.store.directory import forget_directory
from luoshi.store.models import PublicRow

MIGRATION = import_module("luoshi.store.migrations.0005_public_ranges_and_keys")
ADDED = ("kind", "updated", "lon", "lat")


@pytest.fixture
def city(db: None) -> Iterator[None]:
    found_city()
    yield
    forget_directory()


def migrated() -> None:
    with connection.cursor() as run:
        run.execute(MIGRATION.KINDS)
        run.execute(MIGRATION.POINTS)
    MIGRATION.place(apps, None)


def test_earlier_views_are_as_if_written_now(city: None) -> None:
    publish(2)
    now = list(PublicRow.objects.order_by("number").values(*ADDED))
    assert all(row["kind"] == "done" for row in now)
    assert {(row["lon"], row["lat"]) for row in now} == {(122.51, 35.51)}
    PublicRow.objects.update(kind="open", updated=None, lon=None, lat=None)
    migrated()
    assert list(PublicRow.objects.order_by("number").values(*ADDED)) == now


def test_a_point_that_was_published_stays_the_point(city: None) -> None:
    publish(1)
    row = PublicRow.objects.get()
    row.view["values"]["spot"] = INSIDE
    row.save()
    migrated()
    row.refresh_from_db()
    assert (row.lon, row.lat) == (INSIDE["lon"], INSIDE["lat"])
