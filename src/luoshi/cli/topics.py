"""``luoshi topics``: the hot topics of a period, as the two tables that practice knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from luoshi.cli.installation import installed
from luoshi.cli.tables import said
from luoshi.cli.targets import folder_for_targets, refuse_target, whole
from luoshi.cli.telling import telling

if TYPE_CHECKING:
    from luoshi.insight.topics import Message, Topics
    from luoshi.insight.topics.period import Period

From = Annotated[
    str, typer.Option("--from", help="'cases' (with --programme), or a file: CSV (.gz) or XLSX.")
]
Over = Annotated[
    str,
    typer.Option("--period", help="2025, 2025Q1, 2025-03, 2025-03-01..2025-03-31, or all."),
]
Out = Annotated[
    Path,
    typer.Option(
        "--out", file_okay=False, help="Folder for the two tables; older ones are replaced."
    ),
]
ProgrammeId = Annotated[str, typer.Option("--programme", help="Programme whose cases are read.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", help="NAME=VALUE of the formula of heat; may be given several times."),
]


CASES, ALL = "cases", "all"
TABLES = ("topics.csv", "messages.csv")
TOLD_EVERY, MOST_NAMED = 10_000, 10


def topics(
    source: From, period: Over, out: Out, programme: ProgrammeId = "", settings: Set = None
) -> None:
    """Group the messages of a period by matter and place, and rank the groups by heat.

    Writes topics.csv (热点问题表) and messages.csv (留言明细表). Names and descriptions are taken
    from the messages and redacted; read them before you hand them on.

    Example: luoshi topics --from cases --programme hotline --period 2026-03 --out topics/
    """
    from luoshi.insight.topics import Parameters, hot_topics
    from luoshi.insight.topics.period import period_of

    if programme and source != CASES:
        raise typer.BadParameter("it names the cases of --from cases", param_hint="--programme")
    over, chosen = period_of(period), _numbers(settings or [])
    Parameters.of(chosen)  # what cannot be is said before a million messages are read
    with folder_for_targets(out):
        for name in TABLES:
            refuse_target(out / name, [] if source == CASES else [Path(source)])
        with telling() as told:
            if source == CASES:
                messages, of_programme = _cases(programme, over)
            else:
                messages, of_programme = list(_file(Path(source), over, told)), {}
            told(f"Grouping {len(messages):,} messages: ten seconds for some thousands")
            found = hot_topics(messages, Parameters.of({**of_programme, **chosen}))
        _write(out, found)
    for warning in _warned(len(messages), found, period):
        typer.echo(f"luoshi: {warning}", err=True)
    typer.echo(f"{found.messages} messages, {found.found} topics: {out}")


def _warned(read: int, found: Topics, period: str) -> Iterator[str]:
    """Yield what a reader of the tables would not expect."""
    if not read:
        yield f"no message lies in {period}; look at --from" + (
            "" if period.strip() == ALL else f", or give --period {ALL}"
        )
    if read > found.messages:
        yield (
            f"{read - found.messages} messages bear the number of another and were left out; of "
            "those with one number the last one counts"
        )
    if found.found > len(found.topics):
        yield f"the {len(found.topics)} hottest are written; --set most_topics=N says how many"


def _numbers(settings: Sequence[str]) -> dict[str, float]:
    numbers = {}
    for setting in settings:
        name, _, value = setting.partition("=")
        number = _number(value)
        if number is None or not name.strip():
            raise typer.BadParameter(f"{setting!r} is not NAME=NUMBER", param_hint="--set")
        numbers[name.strip()] = number
    return numbers


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _file(path: Path, over: Period, told: Callable[[str], None]) -> Iterator[Message]:
    from luoshi.cli.mailbox import NEEDED, columns_of, message_of
    from luoshi.formats.headers import headers_of
    from luoshi.formats.tables import read_table

    def fits(columns: Sequence[str]) -> bool:
        return headers_of(columns).keys() >= {*NEEDED}

    unread: list[int] = []
    why = ""
    with said(read_table(path, fits)) as table:
        columns = columns_of(table.columns)
        for count, row in enumerate(table.rows, start=1):
            message = None if row.problem else message_of(row.cells, columns)
            if message is None:
                unread.append(row.number)
                why = why or (row.problem and f"; row {row.number}: {row.problem}")
            elif message.at in over:
                yield message
            if count % TOLD_EVERY == 0:
                told(f"Reading {path.name}: {count:,} rows")
    if unread:
        named = ", ".join(map(str, unread[:MOST_NAMED])) + (" …" if unread[MOST_NAMED:] else "")
        typer.echo(
            f"luoshi: {len(unread)} rows without a number, or a time like 2026-03-06 09:30, were "
            f"left out: {named}{why}",
            err=True,
        )


def _cases(programme: str, over: Period) -> tuple[list[Message], Mapping[str, float]]:
    """The cases of the period, and what the programme says of heat."""
    from luoshi.cli.mailbox import columns_of, message_of

    if not programme:
        raise typer.BadParameter(
            "name the programme whose cases are read", param_hint="--programme"
        )
    with installed():
        from luoshi.store.exports import COLUMNS, columns, exported
        from luoshi.store.programmes import calendar_of, programme_of

        wanted = programme_of(programme)
        zone = calendar_of(wanted).zone
        names = columns(wanted, personal=True)
        known = columns_of(names) | {"requester": "phone" if "phone" in names else "name"}
        found = []
        opened = COLUMNS.index("opened")
        for row in exported(wanted, personal=True):
            local = row.cells[opened].astimezone(zone)  # type: ignore[attr-defined]  # a column's
            told = dict(zip(names, row.cells, strict=True)) | {names[opened]: local}
            cells = {n: str(cell) for n, cell in told.items() if cell}
            message = message_of(cells, known)
            if message is not None and message.at in over:
                found.append(message)
        return found, wanted.heat


def _write(out: Path, found: Topics) -> None:
    from luoshi.formats.tables import write_csv
    from luoshi.insight.topics import message_rows, topic_rows
    from luoshi.insight.topics.tables import MESSAGE_COLUMNS, TOPIC_COLUMNS

    with whole(out / TABLES[0]) as topics_part, whole(out / TABLES[1]) as messages_part:
        for part, columns, rows in (
            (topics_part, TOPIC_COLUMNS, topic_rows(found)),
            (messages_part, MESSAGE_COLUMNS, message_rows(found)),
        ):
            with part.open("w", encoding="utf-8-sig", newline="") as file:
                write_csv(file, columns, rows)
