"""``luoshi import cases``: good rows are in, bad rows are named, and nothing is in twice."""

from __future__ import annotations

import csv
import gzip
import json
import re
import stat
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from tests.cli.conftest import Luoshi
from tests.shared_data import shared_path

from luoshi.cli.failures import told
from luoshi.formats.columns import ColumnsUnclear
from luoshi.formats.coordinates import gcj02_from_wgs84
from luoshi.formats.tables import TableInvalid
from luoshi.store import models

HEAD = ("id", "标题", "内容", "电话", "时间")


def good(number: int) -> list[str]:
    return [
        f"S{number}",
        "路灯不亮",
        f"第 {number} 盏路灯坏了三天。",
        "15400001234",
        "2026-03-06 09:30",
    ]


def written(path: Path, rows: Iterable[Sequence[object]], head: Sequence[str] = HEAD) -> Path:
    with path.open("w", encoding="utf-8", newline="", errors="surrogateescape") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def imported(luoshi: Luoshi, path: Path, *options: object, programme: str = "hotline") -> Any:
    """Import *path* and return the document, with the exit status in it."""
    done = luoshi("import", "cases", path, "--programme", programme, "--json", *options)
    return {**json.loads(done.stdout), "status": done.exit_code}


def counts(document: dict[str, Any]) -> tuple[int, int, int, int]:
    return tuple(document[key] for key in ("registered", "already", "broken", "status"))  # type: ignore[return-value]


def report(document: dict[str, Any]) -> list[list[str]]:
    path = Path(document["report"])
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        return list(csv.reader(file))


def is_verified(luoshi: Luoshi) -> bool:
    return bool(luoshi("verify", "--json").exit_code == 0)


BAD = {
    "empty subject": ["", "没有标题", "", ""],
    "empty content": ["路灯", "", "", ""],
    "subject too long": ["长" * 61, "太长", "", ""],
    "two million signs": ["路灯", "大" * 2_000_000, "", ""],
    "no telephone": ["路灯", "电话不对", "12345", ""],
    "nul": ["路\0灯", "有空字符", "", ""],
    "half a sign": ["路灯", "坏\udcff字节", "", ""],
    "no time": ["路灯", "时间不对", "", "昨天"],
    "the future": ["路灯", "将来", "", "2999-01-01"],
    "before the calendar": ["路灯", "很久以前", "", "2006-12-31 10:00"],
    "the year one": ["路灯", "公元元年", "", "0001-01-01"],
    "one cell short": ["路灯", "少一格", ""],
    "one cell more": ["路灯", "多一格", "", "", "x"],
}


def bad(number: int, cells: list[str]) -> list[str]:
    return [f"S{number}", *cells]


@pytest.fixture
def bad_day(tmp_path: Path) -> tuple[Path, dict[int, list[str]]]:
    """Ten thousand rows, 37 of them broken, and these by their row number."""
    kinds = list(BAD.values())
    broken = {
        number: bad(number, kinds[place % len(kinds)])
        for place, number in enumerate(range(100, 100 + 37 * 250, 250))
    }
    rows = [broken.get(number) or good(number) for number in range(2, 10_002)]
    return written(tmp_path / "bad day.csv", rows), broken


@pytest.mark.slow
def test_a_bad_day_is_survived_and_mended_in_the_file(
    luoshi: Luoshi, bad_day: tuple[Path, dict[int, list[str]]]
) -> None:
    path, broken = bad_day
    first = imported(luoshi, path)
    assert counts(first) == (9_963, 0, 37, 1)
    assert models.CaseRow.objects.count() == 9_963
    head, *told = report(first)
    assert head == ["row", "reason", *HEAD]
    assert [int(row[0]) for row in told] == sorted(broken)
    assert all(row[1] for row in told)
    assert stat.S_IMODE(Path(first["report"]).stat().st_mode) == 0o600
    written(path, [good(number) for number in range(2, 10_002)])
    assert counts(imported(luoshi, path)) == (37, 9_963, 0, 0)
    assert is_verified(luoshi)


def test_the_report_itself_is_mended_and_imported(luoshi: Luoshi, tmp_path: Path) -> None:
    rows = [good(1), *(bad(number, cells) for number, cells in enumerate(BAD.values(), 2))]
    first = imported(luoshi, written(tmp_path / "t.csv", rows))
    assert counts(first) == (1, 0, len(BAD), 1)
    head, *told = report(first)
    again = imported(luoshi, Path(first["report"]), "--report", tmp_path / "again.csv")
    assert counts(again) == (0, 0, len(BAD), 1)
    assert [row[2:] for row in report(again)[1:]] == [row[2:] for row in told]
    mended = [[*row[:2], *good(int(row[2][1:]))] for row in told]
    done = imported(luoshi, written(tmp_path / "mended.csv", mended, head))
    assert counts(done) == (len(BAD), 0, 0, 0)
    assert done["ignored"] == []
    assert counts(imported(luoshi, tmp_path / "t.csv"))[:2] == (0, 1)
    assert is_verified(luoshi)


def test_a_reason_is_a_code_for_programs_and_a_sentence_for_people(
    luoshi: Luoshi, tmp_path: Path
) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("number,subject,content\n1,路灯,\n2,路灯,不亮\n2,路灯,又不亮\n", "utf-8")
    options = ("--programme", "hotline", "--map", "@id=number")
    assert luoshi("import", "cases", path, *options).exit_code == 1
    with path.with_name("calls.csv.broken.csv").open(encoding="utf-8-sig", newline="") as file:
        _, missing, other = csv.reader(file)
    assert missing[1] == "content field.missing: 请填写 · Please fill this in"
    assert other[1].startswith("case.resent_different (id 2): 之前已收到同一编号的不同内容")


def test_an_answer_to_choose_is_asked_for_as_in_the_forms(luoshi: Luoshi, tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", [["1", "", ""]], ("id", "served_by", "subject"))
    document = imported(luoshi, path, programme="service-rating")
    assert "served_by field.missing: 请选择 · Please choose" in report(document)[1][1]


@pytest.mark.parametrize(("kind", "reason"), [
    ("empty subject", "subject field.missing"),
    ("empty content", "content field.missing"),
    ("subject too long", "subject text.too_long (most 60, length 61)"),
    ("two million signs", "content text.too_long (most 10000, length 2000000)"),
    ("no telephone", "phone phone.invalid"),
    ("nul", "subject text.control"),
    ("half a sign", "content text.control"),
    ("no time", "time row.unreadable"),
    ("the future", "time date.future"),
    ("before the calendar", "time date.too_early (first 2007-01-01)"),
    ("the year one", "time row.unreadable"),
    ("one cell short", "4 cells for 5 columns"),
    ("one cell more", "6 cells for 5 columns"),
])  # fmt: skip
def test_each_broken_row_says_why(luoshi: Luoshi, tmp_path: Path, kind: str, reason: str) -> None:
    document = imported(luoshi, written(tmp_path / "t.csv", [bad(1, BAD[kind])]))
    assert counts(document) == (0, 0, 1, 1)
    assert reason in report(document)[1][1]


def test_everything_that_is_wrong_with_a_row_is_told(luoshi: Luoshi, tmp_path: Path) -> None:
    document = imported(luoshi, written(tmp_path / "t.csv", [["S1", "", "", "12", "昨天"]]))
    told = report(document)[1][1]
    assert re.findall(r"[a-z_]+ (?:row|phone|field)\.[a-z]+", told) == [
        "time row.unreadable", "phone phone.invalid",
        "subject field.missing", "content field.missing",
    ]  # fmt: skip


def test_the_document_has_these_keys(luoshi: Luoshi, tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", [[*good(1), "x"]], (*HEAD, "别的"))
    document = imported(luoshi, path)
    assert document == {
        "registered": 1, "already": 0, "broken": 0, "rows": 1,
        "columns": {
            "subject": "标题", "content": "内容", "phone": "电话", "source_id": "id",
            "@id": "id", "@time": "时间",
        },
        "ignored": ["别的"], "report": "", "status": 0,
    }  # fmt: skip
    told = luoshi("import", "cases", path, "--programme", "hotline")
    assert told.stdout == (
        "0 registered, 1 known already, 0 broken\ncolumns not used: 别的 (see --map)\n"
    )


def test_a_row_sent_again_with_other_content_is_reported(luoshi: Luoshi, tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", [good(1), ["S1", "路灯亮了", "修好了", "", ""]])
    first = imported(luoshi, path)
    assert counts(first) == (1, 0, 1, 1)
    assert "case.resent_different" in report(first)[1][1]
    second = imported(luoshi, written(path, [["S1", "路灯亮了", "修好了", "", ""]]))
    assert counts(second) == (0, 0, 1, 1)


def test_the_same_row_twice_in_one_file_is_one_case(luoshi: Luoshi, tmp_path: Path) -> None:
    assert counts(imported(luoshi, written(tmp_path / "t.csv", [good(1), good(1)]))) == (
        1,
        1,
        0,
        0,
    )


def test_rows_without_a_number_are_known_by_their_content(luoshi: Luoshi, tmp_path: Path) -> None:
    rows = [good(number)[1:] for number in (1, 2, 3)]
    path = written(tmp_path / "t.csv", rows, HEAD[1:])
    assert counts(imported(luoshi, path)) == (3, 0, 0, 0)
    written(path, [*rows, good(4)[1:]], HEAD[1:])
    assert counts(imported(luoshi, path)) == (1, 3, 0, 0)


def test_numbers_at_the_source_may_hold_anything(luoshi: Luoshi, tmp_path: Path) -> None:
    rows = [[name, *good(1)[1:]] for name in ("a\udcff", "路 灯", "'--", "x" * 80)]
    document = imported(luoshi, written(tmp_path / "t.csv", rows))
    assert counts(document) == (3, 0, 1, 1)
    assert "id text.control" in report(document)[1][1]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_the_encoding_of_the_file_does_not_matter(
    luoshi: Luoshi, tmp_path: Path, encoding: str
) -> None:
    path = written(tmp_path / "t.csv", [good(1), good(2)])
    assert counts(imported(luoshi, path)) == (2, 0, 0, 0)
    path.write_text(path.read_text("utf-8"), encoding)
    assert counts(imported(luoshi, path)) == (0, 2, 0, 0)


def test_a_workbook_is_the_same_table(luoshi: Luoshi, tmp_path: Path) -> None:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(HEAD)
    sheet.append([*good(1)[:3], 15400001234, "2026-03-06 09:30"])
    sheet.append([*good(2)[:3], "=15400001234", "2026-03-06 09:30"])
    made.save(tmp_path / "t.xlsx")
    document = imported(luoshi, tmp_path / "t.xlsx")
    assert counts(document) == (1, 0, 1, 1)
    assert "formula in cell 4" in report(document)[1][1]
    assert counts(imported(luoshi, written(tmp_path / "t.csv", [good(1)]))) == (0, 1, 0, 0)


def test_the_sheet_that_has_the_columns_is_read_and_named(luoshi: Luoshi, tmp_path: Path) -> None:
    made = Workbook()
    assert made.active is not None
    made.active.title = "填表说明"
    made.active.append(["请在第二张表填写"])
    sheet = made.create_sheet("留言")
    for row in (HEAD, good(1), ["S2", "", "没有标题", "", ""]):
        sheet.append(row)
    made.save(tmp_path / "t.xlsx")
    done = luoshi("import", "cases", tmp_path / "t.xlsx", "--programme", "hotline", "--json")
    document = json.loads(done.stdout)
    assert (document["registered"], document["broken"]) == (1, 1)
    assert "the sheet '留言' was read; the workbook also has '填表说明'" in done.stderr
    assert [row[2:4] for row in report(document)[1:]] == [["S2", ""]]


def test_where_no_sheet_has_the_columns_they_are_named(luoshi: Luoshi, tmp_path: Path) -> None:
    made = Workbook()
    assert made.active is not None
    made.active.append(["请在第二张表填写"])
    made.create_sheet("留言").append(["甲", "乙"])
    made.save(tmp_path / "t.xlsx")
    with pytest.raises(ColumnsUnclear) as refused:
        luoshi("import", "cases", tmp_path / "t.xlsx", "--programme", "hotline")
    _, note = told(refused.value).splitlines()
    assert note.startswith("the sheet 'Sheet' was read; the workbook also has '留言'. If")


@pytest.mark.parametrize("written_time", [
    "2026-03-06 09:30", "2026/3/6 9:30", "2026.3.6 9:30:00", "2026年3月6日 9时30分",
    "2026-3-6 9:30", "2026-03-06T01:30:00Z", "2026-03-06T09:30:00+08:00", "2026年3月6日9：30",
])  # fmt: skip
def test_times_are_read_as_people_write_them(
    luoshi: Luoshi, tmp_path: Path, written_time: str
) -> None:
    imported(luoshi, written(tmp_path / "t.csv", [[*good(1)[:4], written_time]]))
    assert models.CaseRow.objects.get().opened.isoformat() == "2026-03-06T01:30:00+00:00"


def test_an_empty_time_and_received_now_mean_now(luoshi: Luoshi, tmp_path: Path) -> None:
    imported(luoshi, written(tmp_path / "a.csv", [[*good(1)[:4], ""]]))
    imported(luoshi, written(tmp_path / "b.csv", [good(2)]), "--received", "now")
    opened = models.CaseRow.objects.values_list("opened", flat=True)
    assert all(at.date().isoformat() > "2026-03-06" for at in opened)


class TestPoints:
    SPOT = (122.505, 35.505)

    def point(self) -> tuple[float, float]:
        row = models.CaseRow.objects.get()
        assert row.area == "9911"
        assert row.lon is not None
        assert row.lat is not None
        return round(row.lon, 6), round(row.lat, 6)

    @pytest.mark.parametrize("head", [("lon", "lat"), ("经度", "纬度"), ("LNG", "Latitude")])
    def test_two_columns_are_a_point(
        self, luoshi: Luoshi, tmp_path: Path, head: tuple[str, str]
    ) -> None:
        path = written(tmp_path / "t.csv", [[*good(1), *self.SPOT]], (*HEAD, *head))
        assert counts(imported(luoshi, path)) == (1, 0, 0, 0)
        assert self.point() == self.SPOT
        assert counts(imported(luoshi, path)) == (0, 1, 0, 0)

    @pytest.mark.parametrize("text", ["122.505,35.505", "122.505 35.505", "（122.505，35.505）"])
    def test_one_column_is_a_point(self, luoshi: Luoshi, tmp_path: Path, text: str) -> None:
        imported(luoshi, written(tmp_path / "t.csv", [[*good(1), text]], (*HEAD, "地图位置")))
        assert self.point() == self.SPOT

    def test_the_declared_frame_is_converted_once(self, luoshi: Luoshi, tmp_path: Path) -> None:
        shifted = gcj02_from_wgs84(*self.SPOT)
        assert shifted != self.SPOT
        path = written(tmp_path / "t.csv", [[*good(1), *shifted]], (*HEAD, "lon", "lat"))
        imported(luoshi, path, "--frame", "GCJ-02")
        assert self.point() == self.SPOT

    def test_columns_of_any_name_are_mapped(self, luoshi: Luoshi, tmp_path: Path) -> None:
        path = written(tmp_path / "t.csv", [[*good(1), *self.SPOT]], (*HEAD, "x", "y"))
        imported(luoshi, path, "--map", "@lon=x", "--map", "@lat=y")
        assert self.point() == self.SPOT

    @pytest.mark.parametrize(("lon", "lat", "reason"), [
        ("35.505", "122.505", "place point.order"),
        ("122.505", "", "place point.invalid"),
        ("nan", "35", "place point.invalid"),
        ("北", "南", "place point.invalid"),
        ("181", "35", "place point.invalid"),
        ("110", "30", "place point.outside"),
    ])  # fmt: skip
    def test_what_is_no_point_here_is_broken(
        self, luoshi: Luoshi, tmp_path: Path, lon: str, lat: str, reason: str
    ) -> None:
        path = written(tmp_path / "t.csv", [[*good(1), lon, lat]], (*HEAD, "lon", "lat"))
        assert reason in report(imported(luoshi, path))[1][1]

    def test_half_a_point_is_refused(self, luoshi: Luoshi, tmp_path: Path) -> None:
        path = written(tmp_path / "t.csv", [[*good(1), "122"]], (*HEAD, "lon"))
        with pytest.raises(Exception, match="lat has no column"):
            imported(luoshi, path)

    def test_a_row_without_a_point_has_none(self, luoshi: Luoshi, tmp_path: Path) -> None:
        path = written(tmp_path / "t.csv", [[*good(1), "", ""]], (*HEAD, "lon", "lat"))
        assert counts(imported(luoshi, path)) == (1, 0, 0, 0)
        assert models.CaseRow.objects.get().lon is None


class TestWrongUse:
    def refused(self, luoshi: Luoshi, path: Path, *options: object) -> str:
        done = luoshi("import", "cases", path, "--programme", "hotline", *options)
        assert done.exit_code == 2
        return done.stderr

    def test_of_options(self, luoshi: Luoshi, tmp_path: Path) -> None:
        path = written(tmp_path / "t.csv", [good(1)])
        assert "field=column" in self.refused(luoshi, path, "--map", "subject")
        assert "'file' or 'now'" in self.refused(luoshi, path, "--received", "later")
        assert "that is read" in self.refused(luoshi, path, "--report", path)
        assert path.read_text("utf-8").startswith("id,")

    @pytest.mark.parametrize(("options", "reason"), [
        (["--map", "nothing=标题"], "'nothing' is no field"),
        (["--map", "subject=nothing"], "no column 'nothing'"),
        (["--map", "subject="], "no column for subject"),
        (["--frame", "mars"], "not a known coordinate frame"),
    ])  # fmt: skip
    def test_of_columns(
        self, luoshi: Luoshi, tmp_path: Path, options: list[str], reason: str
    ) -> None:
        with pytest.raises(Exception, match=reason):
            imported(luoshi, written(tmp_path / "t.csv", [good(1)]), *options)

    def test_a_file_without_a_header(self, luoshi: Luoshi, tmp_path: Path) -> None:
        with pytest.raises(Exception, match="no column for subject, content"):
            imported(luoshi, written(tmp_path / "t.csv", [good(2)], good(1)))

    def test_what_was_read_before_a_file_breaks_off_is_in(
        self, luoshi: Luoshi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("luoshi.actions.bulk.BATCH", 100)
        whole = written(tmp_path / "t.csv", [good(number) for number in range(3000)]).read_bytes()
        packed = gzip.compress(whole, 1)
        path = tmp_path / "t.csv.gz"
        path.write_bytes(packed[: len(packed) * 3 // 4])
        with pytest.raises(TableInvalid, match="breaks off"):
            imported(luoshi, path)
        path.write_bytes(packed)
        document = imported(luoshi, path)
        assert document["registered"] + document["already"] == 3000
        assert is_verified(luoshi)


@pytest.mark.slow
def test_a_real_mailbox_is_registered_in_seconds_and_only_once(luoshi: Luoshi) -> None:
    path = shared_path("messages", "period_4326.csv.gz")
    began = time.process_time()
    assert counts(imported(luoshi, path)) == (4_326, 0, 0, 0)
    assert time.process_time() - began < 20
    assert counts(imported(luoshi, path)) == (0, 4_326, 0, 0)
    assert is_verified(luoshi)
