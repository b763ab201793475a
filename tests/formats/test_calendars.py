"""Calendar files: the one that is shipped, and everything that can be wrong with one."""

from __future__ import annotations

import csv
from datetime import date, time
from pathlib import Path

import pytest
from tests.shared_data import shared_path

from luoshi.formats.calendars import CALENDAR, CalendarInvalid, load_calendar
from luoshi.kernel.calendar import Notice

SHIPPED = Path(__file__).parents[2] / "calendars" / "cn.yaml"
GOOD = """\
name: town
zone: Asia/Shanghai
office_hours:
  - begins: 06-01
    windows: [08:00-11:30, 15:00-18:00]
  - begins: 10-01
    windows: 09:00-17:00
years:
  2025:
    notices:
      - title: First notice
        url: https://example.org/1
    holidays:
      - name: New year
        off: [2024-12-31..2025-01-01]
        worked: [2024-12-28]
  2026:
    notices:
      - title: Second notice
        url: https://example.org/2
    holidays:
      - name: New year
        off: 2026-01-01
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "town.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_calendar_is_what_its_file_says(tmp_path: Path) -> None:
    town = load_calendar(written(tmp_path, GOOD))

    assert (town.name, str(town.zone)) == ("town", "Asia/Shanghai")
    assert (town.first, town.last) == (date(2025, 1, 1), date(2026, 12, 31))
    assert town.rest_days == {date(2024, 12, 31), date(2025, 1, 1), date(2026, 1, 1)}
    assert town.work_days == {date(2024, 12, 28)}
    assert town.office.on(date(2026, 1, 5)) == ((time(9), time(17)),)
    assert town.office.on(date(2026, 6, 1))[1] == (time(15), time(18))
    assert town.notices[2026] == (Notice("Second notice", "https://example.org/2"),)


@pytest.mark.parametrize(
    ("right", "wrong", "code", "line"),
    [
        pytest.param("name: town", "name: 1", "type", 1, id="name that is none"),
        pytest.param("name: town", "nome: town", "key.unknown", 1, id="unknown entry"),
        pytest.param("zone: Asia/Shanghai\n", "", "key.missing", 1, id="no zone"),
        pytest.param("Asia/Shanghai", "Asia/Nowhere", "calendar.value", 2, id="unknown zone"),
        pytest.param("Asia/Shanghai", "../../etc/passwd", "calendar.value", 2, id="zone as path"),
        pytest.param("06-01", "06-31", "calendar.value", 4, id="season that never begins"),
        pytest.param("06-01", "June", "calendar.value", 4, id="season in words"),
        pytest.param("10-01", "05-01", "calendar.value", 4, id="seasons out of order"),
        pytest.param("09:00-17:00", "17:00-09:00", "calendar.value", 6, id="closes first"),
        pytest.param("09:00-17:00", "09:00-25:00", "calendar.value", 7, id="no such hour"),
        pytest.param("15:00-18:00", "11:00-18:00", "calendar.value", 4, id="windows overlap"),
        pytest.param("https://example.org/1", "archive", "calendar.value", 12, id="no address"),
        pytest.param("2026-01-01", "2026-02-30", "calendar.value", 23, id="no such day"),
        pytest.param("2026-01-01", "1 January", "calendar.value", 23, id="day in words"),
        pytest.param("off: 2026-01-01", "off: {}", "type", 23, id="days that are none"),
        pytest.param(
            "2026-01-01", "2026-01-05..2026-01-01", "calendar.value", 23, id="run backwards"
        ),
        pytest.param(
            "2026-01-01", "2026-01-01..2026-12-31", "calendar.value", 23, id="run of a year"
        ),
        pytest.param("2026-01-01", "2025-03-03", "calendar.other_year", 23, id="wrong year"),
        pytest.param("2026-01-01", "2027-01-01", "calendar.other_year", 23, id="next year"),
        pytest.param(
            "2026-01-01", "2024-12-28", "calendar.contradiction", 23, id="off and worked"
        ),
        pytest.param(
            "2026-01-01", "[2026-01-01, 2026-01-01]", "calendar.contradiction", 23, id="twice"
        ),
        pytest.param("2024-12-28", "2024-12-30", "calendar.worked_anyway", 16, id="worked anyway"),
        pytest.param("  2026:\n", "  2027:\n", "calendar.gap", 8, id="a year is missing"),
        pytest.param("  2026:\n", "  26:\n", "name.invalid", 17, id="no year"),
        pytest.param("  2026:\n", "  2025:\n", "yaml.duplicate_key", 17, id="year twice"),
        pytest.param("years:\n", "years: {}\nrest:\n", "calendar.no_year", 8, id="no years"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    tmp_path: Path, right: str, wrong: str, code: str, line: int
) -> None:
    assert right in GOOD
    with pytest.raises(CalendarInvalid) as refusal:
        load_calendar(written(tmp_path, GOOD.replace(right, wrong)))

    found = [(p.code, p.file, p.line) for p in refusal.value.problems]
    assert (code, "town.yaml", line) in found
    assert all(problem.message for problem in refusal.value.problems)


@pytest.mark.parametrize(
    ("cut", "code"),
    [
        pytest.param("holidays", "calendar.no_holidays", id="no holidays"),
        pytest.param("notices", "calendar.no_notices", id="no notice"),
    ],
)
def test_a_year_without_its_notice_is_refused(tmp_path: Path, cut: str, code: str) -> None:
    start = GOOD.rindex(f"    {cut}:")
    rest = GOOD[start + 1 :].partition("\n    holidays")
    text = GOOD[:start] + (rest[1][1:] + rest[2] if cut == "notices" else "")

    with pytest.raises(CalendarInvalid) as refusal:
        load_calendar(written(tmp_path, text))

    assert [(p.code, p.line) for p in refusal.value.problems] == [(code, 17)]


def test_every_problem_is_said_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("Asia/Shanghai", "Nowhere").replace("06-01", "13-01")
    text = text.replace("2024-12-28", "2024-12-30").replace("2026-01-01", "2025-01-01")

    with pytest.raises(CalendarInvalid) as refusal:
        load_calendar(written(tmp_path, text))

    assert [problem.line for problem in refusal.value.problems] == [2, 4, 16, 23]
    assert refusal.value.code == "calendar.invalid"
    assert "4 problem(s)" in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("- a\n- list\n", id="a list"),
        pytest.param("name: [unclosed", id="no YAML"),
        pytest.param("a: &x [1]\nb: *x\n", id="aliases"),
    ],
)
def test_what_is_no_calendar_at_all_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(CalendarInvalid):
        load_calendar(written(tmp_path, text))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CalendarInvalid, match="cannot be read"):
        load_calendar(tmp_path / "none.yaml")


def test_the_grammar_has_a_schema() -> None:
    schema = CALENDAR.schema()

    assert schema["required"] == ["name", "zone", "office_hours", "years"]


def test_the_shipped_calendar_has_the_notices_of_every_year() -> None:
    cn = load_calendar(SHIPPED)

    assert sorted(cn.notices) == list(range(2007, cn.last.year + 1))
    assert len(cn.notices[2020]) == 2
    assert all("gov.cn/" in notice.url for year in cn.notices.values() for notice in year)


def test_the_shipped_notices_are_those_of_the_published_data() -> None:
    path = shared_path("china-holidays", "holiday_cn_all_years.csv")
    with path.open(encoding="utf-8") as lines:
        expected = {
            int(row["file_year"]): set(row["paper_url"].split("|"))
            for row in csv.DictReader(lines)
        }

    shipped = load_calendar(SHIPPED).notices

    known = {year: {n.url for n in notices} for year, notices in shipped.items()}

    assert {year: known.get(year) for year in expected} == expected
