"""Scenario files: ``scenarios.yaml`` beside a programme, the department's own examples.

Each is played by ``kernel.playing`` when the programme is checked. Times without a zone are in
that of the programme's calendar.

Terms    scenario 情景 · step 步骤
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from luoshi.formats.grammar.reading import WRONG, Reading, nearest
from luoshi.formats.programme_parts.scenario import SCENARIOS
from luoshi.formats.yaml_file import read_yaml
from luoshi.kernel.calendar import Calendar
from luoshi.kernel.clock import Light
from luoshi.kernel.condition import CLOCK_STATES
from luoshi.kernel.errors import Problem, Refused
from luoshi.kernel.playing import run_scenarios
from luoshi.kernel.programme import RATING, Programme
from luoshi.kernel.scenario import Expected, Scenario, Step, instant_of
from luoshi.kernel.shown import uncovered

FILE = "scenarios.yaml"


REFUSALS = frozenset(
    {"calendar.not_covered", "case.not_found", "fields.refused"}
    | {refusal.code for refusal in Refused.__subclasses__()}
)


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """What a scenario file says, and the problems in it.

    Attributes:
        reading: Knows on which line everything stands; ``None`` when the file cannot be read.
    """

    scenarios: tuple[Scenario, ...]
    problems: tuple[Problem, ...]
    reading: Reading | None = None


def read_scenarios(folder: Path, programme: Programme, calendar: Calendar) -> ScenarioFile:
    """Return the scenarios in *folder*, with everything that is the matter with their text."""
    file = f"{folder.name}/{FILE}"
    node, problems = read_yaml(folder / FILE, file)
    if node is None:
        return ScenarioFile((), tuple(problems))
    reading = Reading(file, folder, problems)
    read = SCENARIOS.read(node, reading, "scenarios")
    if read is WRONG or not isinstance(read, tuple):
        return ScenarioFile((), tuple(reading.problems), reading)
    scenarios = tuple(
        _scenario(one, f"scenarios[{index}]", calendar) for index, one in enumerate(read)
    )
    reading.problems += [reading.located(found) for found in _misnamed(scenarios, programme)]
    return ScenarioFile(scenarios, tuple(reading.problems), reading)


def problems_of_scenarios(
    folder: Path, programme: Programme, calendar: Calendar
) -> tuple[Problem, ...]:
    """Return everything that is the matter with the scenarios of a sound programme.

    Their text, what comes out otherwise than they say, and what none of them shows.
    """
    file = read_scenarios(folder, programme, calendar)
    if file.problems or file.reading is None:
        return file.problems
    played = run_scenarios(programme, file.scenarios, calendar)
    return tuple(
        file.reading.located(Problem("scenario.mismatch", wrong.message, wrong.path))
        for one in played.values()
        for wrong in one.mismatches
    ) + tuple(
        Problem("scenario.uncovered", said, place, file.reading.file, 1)
        for place, said in uncovered(programme, played.values())
    )


def _scenario(read: Mapping[str, Any], path: str, calendar: Calendar) -> Scenario:
    steps = tuple(
        _step(one, f"{path}.steps[{index}]", calendar) for index, one in enumerate(read["steps"])
    )
    return Scenario(read["name"], steps, read["after"], _expected(read["then"], calendar), path)


def _step(read: Mapping[str, Any], path: str, calendar: Calendar) -> Step:
    return Step(
        at=instant_of(read["at"], calendar),
        by=read["by"],
        do=read["do"],
        answers=read["with"],
        refused=read["refused"],
        fields=read["fields"],
        times=read["times"],
        tick=read["tick"],
        part=read["part"],
        how=read["how"],
        path=path,
    )


def _expected(read: Mapping[str, Any], calendar: Calendar) -> Expected:
    if not read:
        return Expected()
    due = {clock: instant_of(at, calendar) for clock, at in read["due"].items()}
    at = instant_of(read["at"], calendar) if read["at"] else None
    return replace(Expected(**{**read, "due": due}), at=at)


def _misnamed(scenarios: Iterable[Scenario], programme: Programme) -> Iterator[Problem]:
    """Yield a problem for every name in the scenarios that means nothing."""
    names: list[str] = []
    for scenario in scenarios:
        if scenario.name in names:
            said = f"another scenario is called {scenario.name!r} too; name it otherwise"
            yield Problem("scenario.twice", said, f"{scenario.path}.name")
        if scenario.after and scenario.after not in names:
            said = (
                f"no scenario above is called {scenario.after!r}; {nearest(scenario.after, names)}"
            )
            yield Problem("scenario.after", said, f"{scenario.path}.after")
        names.append(scenario.name)
        for step in scenario.steps:
            yield from _misnamed_in_step(step, programme)
        yield from _misnamed_then(scenario, programme)


def _misnamed_in_step(step: Step, programme: Programme) -> Iterator[Problem]:
    said = [bool(step.do and step.by.role), step.tick, bool(step.part)]
    if said.count(True) != 1 or (not said[0] and (step.do or step.by.role)):
        words = "says nothing, or several things; write by and do, or tick, or part"
        yield Problem("scenario.step", words, step.path)
        return
    if not step.do:
        return
    if step.by.role not in programme.roles:
        yield _unknown("role", step.by.role, programme.roles, f"{step.path}.by")
    if step.do not in programme.transitions and step.refused != "transition.unknown":
        yield _unknown("transition", step.do, programme.transitions, f"{step.path}.do")
    if step.refused and step.refused not in REFUSALS:
        yield _unknown("refusal", step.refused, REFUSALS, f"{step.path}.refused")


def _misnamed_then(scenario: Scenario, programme: Programme) -> Iterator[Problem]:
    for kind, key, words, known in _named_then(scenario.then, programme):
        for word in words:
            if re.split(r"[.#]", word)[0] not in known:
                yield _unknown(kind, word, known, f"{scenario.path}.then.{key}")


def _named_then(
    then: Expected, programme: Programme
) -> Iterator[tuple[str, str, Iterable[str], Collection[str]]]:
    """Yield what sort of words stands under which key, the words and the known ones."""
    yield "state", "state", filter(None, [then.state]), programme.states
    yield "clock", "due", then.due, programme.clocks
    yield "clock", "light", then.light, programme.clocks
    yield "clock", "clocks", then.clocks, programme.clocks
    yield "clock", "climbed", then.climbed, programme.clocks
    yield "clock", "exempt", then.exempt or (), {*programme.clocks, RATING}
    rungs = {rung.name for clock in programme.clocks.values() for rung in clock.ladder}
    yield "rung", "climbed", chain.from_iterable(then.climbed.values()), rungs
    yield "word", "light", then.light.values(), [light.value for light in Light]
    yield "word", "clocks", then.clocks.values(), CLOCK_STATES
    yield "transition", "count", then.count, programme.transitions
    yield "field", "values", then.values, programme.fields


def _unknown(kind: str, word: str, known: Iterable[str], path: str) -> Problem:
    return Problem(
        f"{kind}.unknown", f"{kind} {word!r} is not defined; {nearest(word, known)}", path
    )
