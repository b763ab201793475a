"""Open data: what is exported validates, and is what the public may see: that, and no more."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import frictionless
import pyarrow.parquet as pq
import pytest
import rdflib
from tests.actions.conftest import Watch
from tests.apps.public.published_cases import publish, publish_answered
from tests.small_city import MONDAY, PUBLISHER

from luoshi.actions import clock, nightly
from luoshi.actions.acts import Request, act
from luoshi.actions.open_columns import columns_of, row_of
from luoshi.actions.open_data import is_due, offer
from luoshi.formats.cells import undefused
from luoshi.formats.open_data import Column
from luoshi.store.models import CaseRow, PublicRow
from luoshi.store.programmes import calendars, offered
from luoshi.store.public_queries import Sought, published

SECRETS = ("13812345678", "Secret words", "Mr Wang", "9911", "122.505")
DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path, city: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "open"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def cases(folder: Path) -> dict[str, dict[str, str]]:
    found = [row for path in folder.glob("hotline/cases-*.csv") for row in rows(path)]
    return {row["id"]: row for row in found}


def key_of(number: str) -> str:
    return str(CaseRow.objects.get(number=number).id)


def take_down(number: str) -> None:
    act(Request("unpublish", {"reason": "A name was in it"}, key_of(number)), PUBLISHER)


def test_what_is_exported_is_the_public_view_in_every_format(folder: Path) -> None:
    publish(7)
    done = offer(folder, MONDAY)
    assert done.cases == 7
    by_csv = cases(folder)
    by_parquet = {
        row["id"]: row for row in pq.read_table(folder / "hotline/cases-2026.parquet").to_pylist()
    }
    features = json.loads((folder / "hotline/cases-2026.geojson").read_text())["features"]
    by_geojson = {one["id"]: one for one in features}
    views = {view.number: view for view in published(Sought(), limit=100).rows}
    assert set(by_csv) == set(by_parquet) == set(by_geojson) == set(views)
    for number, view in views.items():
        row, typed, drawn = by_csv[number], by_parquet[number], by_geojson[number]["properties"]
        told = (view.category, view.place, view.state)
        assert (row["category"], row["place"], row["state"]) == told
        assert (typed["category"], typed["place"], typed["state"]) == told
        assert (typed["opened"], typed["published"]) == (view.opened, view.published)
        assert datetime.fromisoformat(row["opened"]) == view.opened
        for name in ("public_subject", "public_reply"):
            assert undefused(row[f"answer_{name}"]) == view.values[name]
            assert typed[f"answer_{name}"] == drawn[f"answer_{name}"] == view.values[name]
        own = PublicRow.objects.get(number=number)
        assert by_geojson[number]["geometry"]["coordinates"] == [own.lon, own.lat]


def test_what_was_promised_stands_beside_when_it_was_there(folder: Path) -> None:
    (silent,) = publish(1)
    number = publish_answered(0, urgency="urgent")
    offer(folder, MONDAY)
    due, done = MONDAY + DAY, MONDAY
    row, other = cases(folder)[number], cases(folder)[silent]
    assert [datetime.fromisoformat(row[name]) for name in ("promised", "fulfilled")] == [due, done]
    assert (other["promised"], other["fulfilled"]) == ("", "")
    table = pq.read_table(folder / "hotline/cases-2026.parquet").to_pylist()
    typed = {one["id"]: (one["promised"], one["fulfilled"]) for one in table}
    assert typed == {number: (due, done), silent: (None, None)}


def test_a_whole_day_that_was_promised_ends_in_its_last_second(folder: Path) -> None:
    """As on the pages and in Open311: who shows the day alone shows the right one."""
    number = publish_answered(0)
    offer(folder, MONDAY)
    told = datetime.fromisoformat(cases(folder)[number]["promised"])
    zone = next(iter(calendars().values())).zone
    assert told == datetime(2026, 3, 16, 23, 59, 59, tzinfo=zone)


def test_a_new_column_reaches_years_in_which_nothing_changed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (number,) = publish(1)
    offer(folder, MONDAY)
    assert "more" not in cases(folder)[number]
    more = Column("more", "string", "更多", "More")
    for name, with_more in (
        ("columns_of", lambda programme: (*columns_of(programme), more)),
        ("row_of", lambda programme, case: {**row_of(programme, case), "more": "x"}),
    ):
        monkeypatch.setattr(f"luoshi.actions.open_data.{name}", with_more)
    assert offer(folder, MONDAY + DAY).changed == 0
    assert cases(folder)[number]["more"] == "x"


def test_what_is_exported_validates(folder: Path) -> None:
    gone, *_ = publish(6)
    offer(folder, MONDAY)
    publish(1, "cityscape.rubbish")
    take_down(gone)
    offer(folder, MONDAY + DAY)
    package = frictionless.Package(folder / "datapackage.json")
    tables = [one for one in package.resources if one.format == "csv"]
    assert len(tables) >= 3
    for one in tables:
        report = one.validate()
        assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])
    described = json.loads((folder / "datapackage.json").read_text())
    assert list(frictionless.Package.metadata_validate(described)) == []
    files = {one["path"] for one in described["resources"]}
    assert files == {path.relative_to(folder).as_posix() for path in folder.glob("*/*")}


def test_a_file_of_somebody_else_is_left_alone(folder: Path) -> None:
    publish(1)
    kept = [folder / "letters/cases-old.csv", folder / "letters/cases-2025.csv"]
    kept += [folder / "letters/changes-mine.csv"]
    (folder / "letters").mkdir(parents=True)
    for path in kept:
        path.write_text("mine")
    stale = folder / "hotline/changes-20200100T000000Z.csv"
    stale.parent.mkdir()
    for night in range(40):  # more than are kept
        stale.with_name(f"changes-2020010{night // 10}T00000{night % 10}Z.csv").write_text("id\n")
    offer(folder, MONDAY)
    offer(folder, MONDAY + DAY)
    assert [path.read_text() for path in kept] == ["mine"] * 3
    assert not stale.exists()


def publishers(graph: rdflib.Graph, what: rdflib.term.Node) -> set[str]:
    """Return the names of who publishes *what*, in every language."""
    agent = graph.value(what, rdflib.DCTERMS.publisher)
    return {str(name) for name in graph.objects(agent, rdflib.FOAF.name)}


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # inside rdflib
def test_the_catalogue_is_dcat(folder: Path) -> None:
    publish(1)
    offer(folder, MONDAY, "https://luoshi.example/public/open-data/", "https://licence.example/")
    graph = rdflib.Graph().parse(folder / "catalog.jsonld", format="json-ld")
    dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")
    terms = rdflib.DCTERMS
    (catalog,) = graph.subjects(rdflib.RDF.type, dcat.Catalog)
    for needed in (terms.title, terms.description, terms.publisher, dcat.dataset):
        assert list(graph.objects(catalog, needed)), needed
    assert publishers(graph, catalog) == {"市", "City"}, "the unit at the top"
    for dataset in graph.subjects(rdflib.RDF.type, dcat.Dataset):
        owner = offered()[str(graph.value(dataset, terms.identifier))].owner
        assert publishers(graph, dataset) == set(owner.values())
        languages = {title.language for title in graph.objects(dataset, terms.title)}
        assert languages == {"zh-Hans", "en"}
        assert list(graph.objects(dataset, terms.description))
        for file in graph.objects(dataset, dcat.distribution):
            assert list(graph.objects(file, dcat.accessURL))
            assert list(graph.objects(file, dcat.downloadURL))
            assert list(graph.objects(file, terms.license))


def test_nothing_that_was_not_approved_is_in_any_file(folder: Path) -> None:
    publish(7)
    offer(folder, MONDAY)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".csv", ".geojson", ".parquet"}
    for path in files:
        is_packed = path.suffix == ".parquet"
        text = str(pq.read_table(path).to_pylist()) if is_packed else path.read_text("utf-8")
        assert [secret for secret in SECRETS if secret in text] == [], path


def test_small_counts_are_hidden_and_not_given_away(folder: Path) -> None:
    publish(6, "roads.streetlight")
    publish(2, "cityscape.rubbish")
    offer(folder, MONDAY)
    counted = {
        row["code"]: row["received"]
        for row in rows(folder / "hotline/counts.csv")
        if row["by"] == "category"
    }
    assert counted["cityscape"] == ""
    assert counted["roads"] == ""  # or the total would tell the other one
    publish(7, "environment.noise")
    offer(folder, MONDAY + DAY)
    told = {row["code"]: row["received"] for row in rows(folder / "hotline/counts.csv")}
    assert told["cityscape"] == ""
    assert sum(value == "" for value in told.values()) != 1


def test_a_second_export_writes_what_changed_and_an_increment(folder: Path) -> None:
    numbers = publish(3)
    first = offer(folder, MONDAY)
    assert (first.changed, list(folder.glob("hotline/changes-*"))) == (0, [])
    assert offer(folder, MONDAY + DAY).unchanged == 3
    (added,) = publish(1)
    take_down(numbers[0])
    second = offer(folder, MONDAY + 2 * DAY)
    assert second.changed == 2
    (increment,) = folder.glob("hotline/changes-*.csv")
    told = {row["id"]: row for row in rows(increment)}
    assert {key: row["change"] for key, row in told.items()} == {
        added: "added",
        numbers[0]: "removed",
    }
    assert told[numbers[0]]["answer_public_subject"] == ""
    assert told[added]["answer_public_subject"] == "Street light 0"
    assert set(cases(folder)) == {*numbers[1:], added}


def test_increments_one_after_the_other_give_what_is_published(folder: Path) -> None:
    state: dict[str, dict[str, str]] = {}
    numbers = publish(4)
    offer(folder, MONDAY)
    state = cases(folder)
    for night in range(1, 5):
        numbers += publish(2)
        take_down(numbers[night * 2 - 1])
        offer(folder, MONDAY + night * DAY)
    for path in sorted(folder.glob("hotline/changes-*.csv")):
        for row in rows(path):
            if row.pop("change") == "removed":
                state.pop(row["id"], None)
            else:
                state[row["id"]] = row
    assert state == cases(folder)


def test_what_was_taken_down_stands_in_no_file_any_more(folder: Path) -> None:
    publish(2)
    offer(folder, MONDAY)
    (late,) = publish(1, "cityscape.rubbish")
    PublicRow.objects.filter(number=late).update(
        view={"values": {"public_subject": "QZXV"}, "steps": []}
    )
    offer(folder, MONDAY + DAY)
    assert any("QZXV" in path.read_text() for path in folder.glob("hotline/changes-*"))
    take_down(late)
    offer(folder, MONDAY + 2 * DAY)
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix != ".parquet":
            assert "QZXV" not in path.read_text(), path


def test_when_everything_is_taken_down_the_year_s_files_go_too(folder: Path) -> None:
    (number,) = publish(1)
    offer(folder, MONDAY)
    take_down(number)
    assert offer(folder, MONDAY + DAY).changed == 1
    assert list(folder.glob("hotline/cases-*")) == []


def test_formulas_are_defused_for_spreadsheets_and_whole_for_programs(folder: Path) -> None:
    (number,) = publish(1)
    PublicRow.objects.update(
        view={"values": {"public_subject": "=HYPERLINK(1)"}, "steps": []}, published=clock.now()
    )
    offer(folder, MONDAY)
    assert cases(folder)[number]["answer_public_subject"] == "'=HYPERLINK(1)"
    (typed,) = pq.read_table(folder / "hotline/cases-2026.parquet").to_pylist()
    assert typed["answer_public_subject"] == "=HYPERLINK(1)"


def test_every_column_and_code_is_in_the_dictionary_in_both_languages(folder: Path) -> None:
    publish(1)
    offer(folder, MONDAY)
    words = rows(folder / "dictionary.csv")
    columns = {row["column"] for row in words if row["file"] == "hotline/cases-*"}
    (row,) = cases(folder).values()
    assert set(row) <= columns
    assert all(one["zh-Hans"] and one["en"] for one in words)
    codes = {(one["column"], one["type"]) for one in words}
    assert ("category", row["category"]) in codes
    assert ("place", row["place"]) in codes
    assert ("state", row["state"]) in codes


@pytest.mark.usefixtures("city")
def test_the_night_s_export_is_made_once(
    tmp_path: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, zone = tmp_path / "open", calendars()["cn"].zone
    before_two = datetime(2026, 3, 9, 17, 59, tzinfo=UTC)
    assert not is_due(folder, before_two, zone)
    watch.now = before_two + timedelta(minutes=2)
    monkeypatch.setattr(nightly, "_folder", lambda: folder)
    assert nightly.tonight() is not None
    assert nightly.tonight() is None
    watch.forward(hours=24)
    assert nightly.tonight() is not None
