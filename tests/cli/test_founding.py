"""``luoshi import areas | units | staff``: a place is founded from files, whole or not at all."""

from __future__ import annotations

import csv
import json
import stat
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from typer.testing import CliRunner

from luoshi.actions.founding import OrganisationInvalid
from luoshi.cli import founding
from luoshi.cli.app import app
from luoshi.store import models
from luoshi.store.directory import actor_of, directory, forget_directory

Luoshi = Callable[..., str]
UNITS = """code,parent,kind,name_zh,name_en,phone
roads,city,department,道路局,Roads,0536-8123456
city,,city,样例市,,
"""
STAFF = """username,name,email,role,unit,area
li.example,样例甲,li@city.example,handler,roads,
li.example,,,dispatcher,,99
wang.example,样例乙,,operator,city,
"""


@pytest.fixture
def luoshi(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Luoshi]:
    """Run a command on an installation in which nothing is yet; the database is there."""
    monkeypatch.setattr(founding, "installation", nullcontext)
    monkeypatch.setattr(founding, "migrate", list)
    forget_directory()
    run = CliRunner().invoke
    yield lambda *words: run(app, [str(word) for word in words], catch_exceptions=False).output
    forget_directory()


def feature(code: str, parent: str, level: str, west: float, width: float) -> dict[str, object]:
    east = west + width
    ring = [[west, 35.5], [east, 35.5], [east, 35.6], [west, 35.6], [west, 35.5]]
    said = {"code": code, "parent": parent, "level": level, "name_zh": f"区{code}", "name_en": ""}
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": said, "geometry": geometry}


def outlines(folder: Path, *features: dict[str, object]) -> Path:
    file = folder / "areas.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return file


def table(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


@pytest.fixture
def areas(tmp_path: Path) -> Path:
    return outlines(
        tmp_path,
        feature("991", "99", "grid", 122.5, 0.1),
        feature("99", "", "city", 122.5, 0.2),
        feature("992", "99", "grid", 122.6, 0.1),
    )


def refused(luoshi: Luoshi, *words: str | Path) -> str:
    with pytest.raises(OrganisationInvalid) as refusal:
        luoshi("import", *words)
    return "\n".join(refusal.value.problems)


def test_a_place_is_founded_and_its_people_can_work(
    luoshi: Luoshi, areas: Path, tmp_path: Path
) -> None:
    assert "3 areas taken in, 0 known already" in luoshi("import", "areas", areas)
    units = table(tmp_path, "units.csv", UNITS)
    assert "2 units taken in, 0 known already" in luoshi("import", "units", units)
    staff = table(tmp_path, "staff.csv", STAFF)
    assert "2 accounts taken in, 0 known already" in luoshi("import", "staff", staff)

    known = directory()
    assert known.area_at(122.65, 35.55) == "992"
    assert known.units["roads"].path == ("city",)
    assert known.units["city"].labels == {"zh-Hans": "样例市", "en": "样例市"}
    li = actor_of(models.Account.objects.get(username="li.example"))
    handler, dispatcher = li.posts
    assert (handler.role, handler.unit) == ("handler", "roads")
    assert dispatcher.areas == {"99", "991", "992"}


def test_each_account_has_a_first_password_that_only_its_keeper_can_read(
    luoshi: Luoshi, areas: Path, tmp_path: Path
) -> None:
    luoshi("import", "areas", areas)
    luoshi("import", "units", table(tmp_path, "units.csv", UNITS))
    out = tmp_path / "first.csv"
    luoshi("import", "staff", table(tmp_path, "staff.csv", STAFF), "--passwords", out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with out.open(encoding="utf-8", newline="") as file:
        told = {row["username"]: row["password"] for row in csv.DictReader(file)}
    assert told.keys() == {"li.example", "wang.example"}
    assert len({*told.values()}) == 2
    for username, password in told.items():
        assert models.Account.objects.get(username=username).check_password(password)


def test_what_is_known_is_left_alone_and_what_is_new_is_added(
    luoshi: Luoshi, areas: Path, tmp_path: Path
) -> None:
    luoshi("import", "areas", areas)
    again = outlines(
        tmp_path,
        feature("993", "992", "grid", 122.6, 0.05),
        feature("99", "", "county", 122.0, 0.9),
    )
    assert "1 areas taken in, 1 known already" in luoshi("import", "areas", again)
    assert models.Area.objects.get(code="99").level == "city"
    assert models.Area.objects.get(code="993").path == "/99/992/993/"
    units = table(tmp_path, "units.csv", UNITS)
    luoshi("import", "units", units)
    assert "0 units taken in, 2 known already" in luoshi("import", "units", units)
    staff = table(tmp_path, "staff.csv", STAFF)
    luoshi("import", "staff", staff)
    told = luoshi("import", "staff", staff, "--passwords", tmp_path / "none.csv")
    assert "0 accounts taken in, 2 known already" in told
    assert not (tmp_path / "none.csv").exists()
    assert models.Post.objects.count() == 3


def test_every_mistake_in_areas_is_told_and_nothing_is_taken_in(
    luoshi: Luoshi, tmp_path: Path
) -> None:
    nameless = feature("995", "99", "village", 122.7, 0.1)
    nameless["properties"]["name_zh"] = " "  # type: ignore[index]
    file = outlines(
        tmp_path,
        feature("99", "", "city", 122.5, 0.2),
        feature("99", "", "city", 122.5, 0.2),
        feature("a/b", "99", "grid", 122.5, 0.1),
        feature("380000", "99", "grid", 122.5, 0.1),
        feature("370702002000J001", "99", "grid", 122.5, 0.1),
        feature("37-own", "lost", "grid", 122.5, 0.1),
        nameless,
    )
    told = refused(luoshi, "areas", file)
    assert "features[1] 99: 99 stands above already" in told
    assert "features[2] a/b: code 'a/b' must have" in told
    assert "features[3] 380000: '380000' is no division code" in told
    assert "features[4] 370702002000J001: '370702002000J001' is no grid code" in told
    assert "37-own: no 'lost' above it" in told
    assert "features[6] 995: level is one of" in told
    assert "features[6] 995: name_zh is missing" in told
    assert not models.Area.objects.exists()


def test_areas_that_lie_above_each_other_are_refused(luoshi: Luoshi, tmp_path: Path) -> None:
    file = outlines(
        tmp_path, feature("a", "b", "city", 122.5, 0.2), feature("b", "a", "city", 122.5, 0.2)
    )
    assert refused(luoshi, "areas", file).count("above it") == 2


def test_every_mistake_in_staff_is_told_and_no_password_is_left(
    luoshi: Luoshi, tmp_path: Path
) -> None:
    text = (
        "username,name,email,role,unit,area\n"
        "Li Example,样例甲,,handler,,\n"
        "nobody,,,handler,,\n"
        "wang.example,样例乙,,juggler,moon,mars\n"
        "wang.example,样例丙,,handler,,\n"
    )
    told = refused(luoshi, "staff", table(tmp_path, "staff.csv", text))
    assert "row 2: username has small letters" in told
    assert "row 3: name is missing" in told
    assert "row 4: no programme has a role 'juggler'" in told
    assert "row 4: there is no unit 'moon'" in told
    assert "row 4: there is no area 'mars'" in told
    assert "row 5: wang.example is called 样例乙 above" in told
    assert not models.Account.objects.exists()
    assert [file.name for file in tmp_path.glob("*.passwords.csv")] == []


def test_a_missing_column_is_told_once_and_not_in_every_row(
    luoshi: Luoshi, tmp_path: Path
) -> None:
    units = table(tmp_path, "units.csv", "代码,name_zh\nroads,道路局\nlamps,路灯所\n")
    with pytest.raises(OrganisationInvalid) as refused:
        luoshi("import", "units", units)
    assert refused.value.problems == (
        "there is no code; it has: 代码, name_zh. Rename what holds it",
    )
    staff = table(tmp_path, "staff.csv", "username,姓名\nli.example,样例甲\n")
    with pytest.raises(OrganisationInvalid, match="no name, role; it has: username, 姓名"):
        luoshi("import", "staff", staff)
    odd = feature("99", "", "city", 120, 1)
    odd["properties"] = {"adcode": 990000, "name": "样例市"}
    with pytest.raises(OrganisationInvalid, match="there is no code, level, name_zh; it has: adc"):
        luoshi("import", "areas", outlines(tmp_path, odd))


def test_an_address_of_mail_that_is_none_is_told(luoshi: Luoshi, tmp_path: Path) -> None:
    luoshi("import", "units", table(tmp_path, "units.csv", UNITS))
    wrong = STAFF.replace("li@city.example", "li at city")
    with pytest.raises(OrganisationInvalid, match="email 'li at city' should look like"):
        luoshi("import", "staff", table(tmp_path, "staff.csv", wrong))


def test_passwords_never_overwrite_a_file(luoshi: Luoshi, tmp_path: Path) -> None:
    staff = table(tmp_path, "staff.csv", STAFF)
    kept = table(tmp_path, "staff.csv.passwords.csv", "mine")
    assert "is there already" in luoshi("import", "staff", staff)
    assert not models.Account.objects.exists()
    assert kept.read_text("utf-8") == "mine"
