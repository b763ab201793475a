"""Tables: whatever people and systems send is read, or named; what goes out is harmless."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from datetime import datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from luoshi.formats import encodings
from luoshi.formats.cells import defused, undefused
from luoshi.formats.encodings import bytes_kept, encoding_of
from luoshi.formats.tables import TableInvalid, TableRow, read_table, write_csv
from luoshi.formats.workbooks import write_xlsx

HEAD = "标题,内容\n"
NINE = datetime.fromisoformat("2026-03-06 09:30")
ROW = "路灯不亮,人民路口的路灯坏了三天\n"


def written(folder: Path, data: bytes, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def rows(path: Path) -> list[TableRow]:
    with read_table(path) as table:
        return list(table.rows)


def book(path: Path, *lines: list[object], **others: list[list[object]]) -> Path:
    """Write a workbook: *lines* on its first sheet, *others* by the names of their sheets."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "说明"
    for title, rows_there in {"": lines, **others}.items():
        sheet = made.create_sheet(title) if title else sheet
        for line in rows_there:
            sheet.append(line)
    made.save(path)
    return path


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_the_encoding_is_recognised(tmp_path: Path, encoding: str, told: str) -> None:
    path = written(tmp_path, (HEAD + ROW * 3).encode(encoding))
    with read_table(path) as table:
        assert table.encoding == told
        assert table.columns == ("标题", "内容")
        assert [row.cells["标题"] for row in table.rows] == ["路灯不亮"] * 3


TRADITIONAL = (
    ("公車站牌", "公車站的站牌倒了，壓在人行道上，行人要繞到馬路上走。"),
    ("水溝蓋", "巷口的水溝蓋不見了，晚上看不清楚，怕有人跌倒受傷。"),
    ("噪音", "樓下工地每天清晨五點就開始施工，附近居民無法休息。"),
    ("路燈", "國小後門的路燈閃個不停，請派人來檢查線路。"),
)
SIMPLIFIED = (
    ("公交站牌", "公交站的站牌倒了，压在人行道上，行人要绕到马路上走。"),
    ("井盖", "巷口的井盖不见了，晚上看不清楚，怕有人跌倒受伤。"),
    ("噪音", "楼下工地每天清晨五点就开始施工，附近居民无法休息。"),
    ("路灯", "小学后门的路灯闪个不停，请派人来检查线路。"),
)


@pytest.mark.parametrize(
    ("lines", "encoding", "told"),
    [
        (TRADITIONAL, "cp950", "cp950"),
        (TRADITIONAL, "gb18030", "gb18030"),
        (SIMPLIFIED, "gb18030", "gb18030"),
    ],
)
@pytest.mark.parametrize("times", [1, 200])
def test_traditional_signs_are_read_in_whichever_way_they_were_written(
    tmp_path: Path, lines: tuple[tuple[str, str], ...], encoding: str, told: str, times: int
) -> None:
    text = "".join(f"{one},{two}\n" for one, two in [("標題", "內容"), *lines * times])
    with read_table(written(tmp_path, text.encode(encoding))) as table:
        assert table.encoding == told
        assert [tuple(row.cells.values()) for row in table.rows] == [*lines * times]


def test_bytes_that_are_no_pairs_are_not_taken_for_big5() -> None:
    assert encoding_of(b"caf\xe9,\xe8\n" * 5) == "gb18030"


def test_a_few_damaged_bytes_do_not_make_another_encoding(tmp_path: Path) -> None:
    lines = [HEAD.encode(), *[ROW.encode()] * 40, b"\xff\xfe\xe8,\xb7\n", *[ROW.encode()] * 40]
    found = rows(written(tmp_path, b"".join(lines)))
    assert encoding_of(b"".join(lines)) == "utf-8"
    assert [row.number for row in found if row.cells["标题"] != "路灯不亮"] == [42]
    assert found[40].cells["标题"] == "\udcff\udcfe\udce8"


def test_text_cut_off_in_the_middle_of_a_sign_is_still_utf_8() -> None:
    whole = (ROW * 30_000).encode()
    assert [encoding_of(whole[:size]) for size in range(900_000, 900_004)] == ["utf-8"] * 4


@pytest.mark.parametrize("mark", [",", ";", "\t", "，"])
def test_the_mark_between_cells_is_recognised(tmp_path: Path, mark: str) -> None:
    path = written(tmp_path, (HEAD + ROW).replace(",", mark).encode())
    assert rows(path)[0].cells == {"标题": "路灯不亮", "内容": "人民路口的路灯坏了三天"}


def test_packed_tables_are_known_by_their_bytes_not_their_name(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress((HEAD + ROW).encode()), "t.csv")
    assert len(rows(path)) == 1


def test_a_packed_table_that_breaks_off_says_where(tmp_path: Path) -> None:
    packed = gzip.compress((HEAD + ROW * 200_000).encode(), 1)
    path = written(tmp_path, packed[: len(packed) - 50], "t.csv.gz")
    with pytest.raises(TableInvalid, match=r"breaks off after row \d{5,}"):
        rows(path)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no header"),
        (b"\n\n", "no header"),
        (b",,\nx,y,z\n", "no header"),
        ("标题,内容,标题\n".encode(), "columns twice: 标题"),
        (b'"never closed\n' + b"x" * 50, "header cannot be read"),
        (b"\x1f\x8bnot gzip at all", "cannot be read"),
        (b"PK\x03\x04 not a zip at all", "no workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "old workbook"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    with pytest.raises(TableInvalid, match=reason):
        read_table(written(tmp_path, data))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(TableInvalid, match="cannot be read"):
        read_table(tmp_path / "nothing.csv")


def test_junk_called_xlsx_is_told(tmp_path: Path) -> None:
    with pytest.raises(TableInvalid, match="no workbook"):
        read_table(written(tmp_path, b"junk", "t.xlsx"))


def test_a_row_that_cannot_be_read_stops_nobody(tmp_path: Path) -> None:
    text = HEAD + ROW + "one\n" + "a,b,c\n" + '"bad"x,y\n' + HEAD + ",\n\n" + "x,y,\n" + ROW
    found = rows(written(tmp_path, text.encode()))
    assert [(row.number, row.problem) for row in found] == [
        (2, ""),
        (3, "1 cells for 2 columns"),
        (4, "3 cells for 2 columns"),
        (5, "',' expected after '\"'"),
        (6, "the header again"),
        (9, ""),
        (10, ""),
    ]
    assert found[2].raw == ("a", "b", "c")


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_rows(tmp_path: Path) -> None:
    found = rows(written(tmp_path, (HEAD + ROW + '路灯,"没有关' + "\n" + ROW * 3).encode()))
    assert found[0].problem == ""
    assert found[-1].problem == "unexpected end of data"


def test_a_cell_of_two_million_signs_is_read_and_one_of_six_is_named(tmp_path: Path) -> None:
    found = rows(written(tmp_path, (HEAD + f"a,{'大' * 2_000_000}\n").encode()))
    assert len(found[0].cells["内容"]) == 2_000_000
    found = rows(written(tmp_path, (HEAD + f"a,{'x' * 6_000_000}\n" + ROW).encode()))
    assert "field larger" in found[0].problem
    assert found[-1].problem == ""


def test_halves_of_signs_are_none_again_when_they_were_written() -> None:
    for text in ("a\udcffb", "a\ud800b", "\udfff\udcff"):
        out = (
            bytes_kept(text).encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
        )
        assert len(out) == len(text)
        assert not out.isprintable()
    assert bytes_kept("路灯😀") == "路灯😀"


def test_a_line_without_end_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encodings, "MOST_LINE", 1000)
    path = written(tmp_path, gzip.compress(HEAD.encode() + b"x" * 1_000_000), "t.csv.gz")
    with pytest.raises(TableInvalid, match="longer than any table"):
        rows(path)


def test_the_report_of_an_import_is_read_as_the_table_it_is_about(tmp_path: Path) -> None:
    text = "row,reason,标题,内容\n7,subject field.missing,'=1+1,''@x\n"
    path = written(tmp_path, text.encode())
    with read_table(path) as table:
        assert table.columns == ("标题", "内容")
        (row,) = table.rows
    assert row == TableRow(2, {"标题": "=1+1", "内容": "'@x"}, "", ("=1+1", "'@x"))


class TestWorkbooks:
    def test_cells_become_text(self, tmp_path: Path) -> None:
        cells = [
            midnight := datetime.fromisoformat("2026-03-06"),
            NINE,
            midnight.date(),
            time(9, 30),
        ]
        path = book(tmp_path / "t.xlsx", list("abcdefgh"), [*cells, 15400001234, 2.5, True, None])
        assert rows(path)[0].raw == (
            "2026-03-06", "2026-03-06T09:30:00", "2026-03-06", "09:30:00",
            "15400001234", "2.5", "True", "",
        )  # fmt: skip

    def test_empty_rows_are_passed_over_and_numbers_are_kept(self, tmp_path: Path) -> None:
        path = book(tmp_path / "t.xlsx", ["a", "b"], [None, None], ["x"], [1, 2, 3])
        found = rows(path)
        assert [(row.number, row.raw) for row in found] == [(3, ("x", "")), (4, ("1", "2", "3"))]
        assert found[1].problem == "3 cells for 2 columns"

    def test_a_title_above_the_header_is_passed_over(self, tmp_path: Path) -> None:
        titles = ["2025年3月留言汇总表"], [None, "制表：样例科"], [None]
        path = book(tmp_path / "t.xlsx", *titles, ["a", "b", "c"], [1, 2, 3], ["x"])
        assert [row.raw for row in rows(path)] == [("1", "2", "3"), ("x", "", "")]
        assert [row.problem for row in rows(path)] == ["", ""]

    def test_the_one_sheet_that_has_the_columns_is_read(self, tmp_path: Path) -> None:
        data = [["a", "b"], ["x", "y"]]
        path = book(tmp_path / "t.xlsx", ["填表说明"], 数据=data, 选项=[["p", "q"], [1, 2]])
        with read_table(path, {"a", "b"}.issubset) as table:
            assert [row.raw for row in table.rows] == [("x", "y")]
            said = "the sheet '数据' was read; the workbook also has '说明', '选项'."
            assert table.note.startswith(said)
        with read_table(path, ("p", "q").__eq__) as table:
            assert [row.cells for row in table.rows] == [{"p": "1", "q": "2"}]

    @pytest.mark.parametrize(
        "others",
        [{"二": [["a"], [1]], "三": [["a"], [2]]}, {"二": [["b"], [1]]}, {"二": []}],
        ids=["two have them", "none has them", "empty"],
    )
    def test_where_no_one_sheet_is_meant_the_first_is_read_and_told(
        self, tmp_path: Path, others: dict[str, list[list[object]]]
    ) -> None:
        path = book(tmp_path / "t.xlsx", ["c"], ["x"], **others)
        with read_table(path, {"a"}.issubset) as table:
            assert table.columns == ("c",)
        with pytest.raises(TableInvalid) as told, table:
            raise TableInvalid(file="t.xlsx", reason="has no column a")
        [note] = told.value.__notes__
        assert "the sheet '说明' was read" in note
        assert all(repr(name) in note for name in others)

    def test_an_empty_sheet_before_the_table_is_passed_over(self, tmp_path: Path) -> None:
        path = book(tmp_path / "t.xlsx", 数据=[["a", "b"], ["x", "y"]])
        assert [row.raw for row in rows(path)] == [("x", "y")]
        both = book(tmp_path / "t.xlsx", 二=[["a", "b"]], 三=[["a", "b"]])
        with pytest.raises(TableInvalid, match="no header") as told:
            rows(both)
        assert "make it the first" in told.value.__notes__[0]

    def test_formulas_are_looked_for_on_the_sheet_that_is_read(self, tmp_path: Path) -> None:
        path = book(tmp_path / "t.xlsx", 数据=[["a", "b"], ["x", "=1+1"]])
        assert [row.problem[:21] for row in rows(path)] == ["the formula in cell 2"]

    def test_one_sheet_needs_no_word(self, tmp_path: Path) -> None:
        with read_table(book(tmp_path / "t.xlsx", ["a", "b"], [1, 2])) as table:
            assert table.note == ""

    def test_a_table_of_one_column_begins_with_its_header(self, tmp_path: Path) -> None:
        path = book(tmp_path / "t.xlsx", ["subject"], ["路灯"], ["井盖"])
        assert [row.raw for row in rows(path)] == [("路灯",), ("井盖",)]

    def test_a_formula_without_a_value_is_no_empty_cell(self, tmp_path: Path) -> None:
        path = book(tmp_path / "t.xlsx", ["a", "b"], ["x", "=1+1"], ["y", "plain"])
        assert [row.problem[:21] for row in rows(path)] == ["the formula in cell 2", ""]

    def test_a_formula_with_a_value_is_its_value(self, tmp_path: Path) -> None:
        path = with_value(book(tmp_path / "t.xlsx", ["a", "b"], ["x", "=1+1"]), b"=1+1", b"2")
        assert rows(path) == [TableRow(2, {"a": "x", "b": "2"}, "", ("x", "2"))]

    def test_an_error_in_a_cell_is_named(self, tmp_path: Path) -> None:
        path = book(tmp_path / "t.xlsx", ["a", "b"], ["x", "#REF!"])
        assert rows(path)[0].problem == "cell 2 holds the error #REF!"

    def test_a_bomb_is_refused_before_it_is_unpacked(self, tmp_path: Path) -> None:
        path = tmp_path / "bomb.xlsx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/worksheets/sheet1.xml", b"<" * 60_000_000)
        assert path.stat().st_size < 100_000
        with pytest.raises(TableInvalid, match="unpacks to more"):
            read_table(path)

    def test_a_zip_that_is_no_workbook_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "t.xlsx"
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("hello.txt", b"hello")
        with pytest.raises(TableInvalid, match="no workbook"):
            read_table(path)

    def test_broken_xml_inside_is_told(self, tmp_path: Path) -> None:
        path = book(tmp_path / "t.xlsx", ["a", "b"], ["x", "y"])
        with pytest.raises(TableInvalid, match=r"damaged|no workbook|no header"):
            rows(replaced(path, b"</row>", b"<<"))

    def test_a_claimed_size_does_not_matter(self, tmp_path: Path) -> None:
        path = book(tmp_path / "t.xlsx", ["a", "b"], ["x", "y"])
        path = replaced(path, b'ref="A1:B2"', b'ref="A1:XFD1048576"')
        assert len(rows(path)) == 1

    def test_signs_that_xml_cannot_hold_are_left_out(self, tmp_path: Path) -> None:
        path = tmp_path / "t.xlsx"
        assert write_xlsx(path, ["a"], [["路\x00灯\ud800\u3000\n亮"]]) == 1
        assert rows(path)[0].raw == ("路灯\u3000\n亮",)


def replaced(path: Path, old: bytes, new: bytes) -> Path:
    """Change the bytes of the first sheet of a workbook."""
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    name = "xl/worksheets/sheet1.xml"
    assert old in parts[name]
    parts[name] = parts[name].replace(old, new)
    with zipfile.ZipFile(path, "w") as packed:
        for part, data in parts.items():
            packed.writestr(part, data)
    return path


def with_value(path: Path, formula: bytes, value: bytes) -> Path:
    """Give a formula the value that a spreadsheet would have stored with it."""
    plain = formula.lstrip(b"=")
    for empty in (b"<v></v>", b"<v />", b"<v/>"):
        try:
            return replaced(
                path,
                b"<f>" + plain + b"</f>" + empty,
                b"<f>" + plain + b"</f><v>" + value + b"</v>",
            )
        except AssertionError:
            continue
    pytest.fail("the workbook is written otherwise than this test knows")


FORMULAS = ["=1+1", "+86 154", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "''=1"]


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_formula_is_defused_and_comes_back(cell: str) -> None:
    assert defused(cell) == f"'{cell}"
    assert undefused(f"'{cell}") == cell


@given(st.text())
def test_defusing_loses_nothing(cell: str) -> None:
    out = defused(cell)
    assert isinstance(out, str)
    assert undefused(out) == cell
    assert not out.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_numbers_and_instants_are_written_as_they_are() -> None:
    out = io.StringIO()
    rows = [[-3, None, NINE], ["-3", "=1", "x"]]
    assert write_csv(out, ["a", "=b", "c"], rows) == 2
    assert list(csv.reader(io.StringIO(out.getvalue()))) == [
        ["a", "'=b", "c"],
        ["-3", "", "2026-03-06 09:30:00"],
        ["'-3", "'=1", "x"],
    ]


def test_workbooks_are_defused_too(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_xlsx(path, ["=a"], [[cell] for cell in FORMULAS])
    sheet = load_workbook(path).worksheets[0]
    assert {cell.data_type for (cell,) in sheet.iter_rows()} == {"s"}
    assert all(str(cell.value).startswith("'") for (cell,) in sheet.iter_rows())
