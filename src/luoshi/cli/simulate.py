"""``luoshi simulate``: play the scenarios of a programme, then lives drawn at random."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Annotated

import typer

from luoshi.cli.folders import CALENDARS, Calendars
from luoshi.cli.options import AsJson

if TYPE_CHECKING:
    from luoshi.kernel.calendar import Calendar
    from luoshi.kernel.history import History
    from luoshi.kernel.programme import Programme

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of the programme.")]
Histories = Annotated[int, typer.Option(min=0, max=10_000_000, help="How many random lives.")]
Seed = Annotated[int, typer.Option(help="The same seed draws the same lives again.")]

FIRST_WRONGS = 20
"""How many of the things that went wrong are told."""


@dataclass(slots=True)
class Tally:
    """What came of all histories."""

    scenarios: int = 0
    histories: int = 0
    facts: int = 0
    taken: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, number: int, history: History) -> None:
        """Count *history*, the one of this *number*."""
        self.histories += 1
        self.facts += len(history.facts)
        self.taken.update(fact.act for fact in history.facts)
        self.refused.update(history.refused)
        if history.facts:
            self.ended[history.facts[-1].target] += 1
        if history.wrong:
            steps = " → ".join(fact.act for fact in history.facts)
            self.wrong.append(f"history {number}: {history.wrong} ({steps})")


def simulate(
    folder: Folder,
    *,
    histories: Histories = 1000,
    seed: Seed = 1,
    calendars: Calendars = CALENDARS,
    as_json: AsJson = False,
) -> None:
    """Play the scenarios, then random legal histories, and hold them to every rule.

    Exit status 1 when something happened that must never happen.

    Example: luoshi simulate programmes/hotline --histories 200
    """
    from luoshi.formats.calendars import load_calendar
    from luoshi.formats.programmes import load_programme

    programme = load_programme(folder)
    calendar = load_calendar(calendars / f"{programme.calendar}.yaml")
    tally = Tally()
    _play_scenarios(folder, programme, calendar, tally)
    for number, history in _drawn(programme, calendar, histories, seed):
        tally.add(number, history)
    document = _document(programme, tally, seed)
    typer.echo(json.dumps(document, ensure_ascii=False) if as_json else _told(document))
    raise typer.Exit(1 if tally.wrong else 0)


def _play_scenarios(folder: Path, programme: Programme, calendar: Calendar, tally: Tally) -> None:
    from luoshi.formats.scenarios import problems_of_scenarios, read_scenarios

    tally.scenarios = len(read_scenarios(folder, programme, calendar).scenarios)
    tally.wrong += [str(found) for found in problems_of_scenarios(folder, programme, calendar)]


def _drawn(
    programme: Programme, calendar: Calendar, histories: int, seed: int
) -> Iterator[tuple[int, History]]:
    """Yield random histories with their numbers; tell how far it is, where somebody looks."""
    from rich.console import Console
    from rich.progress import track

    from luoshi.kernel.history import Player

    chance = Random(seed).random  # noqa: S311  what is drawn must be drawn again, not be secret
    player = Player(programme, calendar, lambda below: int(chance() * below))
    console = Console(stderr=True)
    numbers = track(
        range(1, histories + 1), "Simulating", console=console, disable=not console.is_terminal
    )
    for number in numbers:
        yield number, player.history()


def _document(programme: Programme, tally: Tally, seed: int) -> dict[str, object]:
    return {
        "programme": programme.id,
        "scenarios": tally.scenarios,
        "histories": tally.histories,
        "seed": seed,
        "facts": tally.facts,
        "transitions": {name: tally.taken[name] for name in programme.transitions},
        "states": dict(tally.ended.most_common()),
        "refused": dict(tally.refused.most_common()),
        "wrong": len(tally.wrong),
        "first": tally.wrong[:FIRST_WRONGS],
    }


def _told(document: dict[str, object]) -> str:
    counts = "{programme}: {scenarios} scenarios, {histories} histories, {facts} facts"
    lines = [counts.format(**document)]
    for key in ("transitions", "states", "refused"):
        counted = document[key]
        assert isinstance(counted, dict)  # noqa: S101  as _document makes it
        lines.append(f"{key}: " + ", ".join(f"{name} {times}" for name, times in counted.items()))
    lines.append(f"wrong: {document['wrong']}")
    first = document["first"]
    assert isinstance(first, list)  # noqa: S101  as _document makes it
    return "\n".join([*lines, *first])
