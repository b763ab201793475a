"""Checking some answers before all are there, by the rules that will judge the whole.

Terms    problem 错误
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from luoshi.actions import clock
from luoshi.actions.arrivals import arrived
from luoshi.actions.files import MOST_BYTES, add_file
from luoshi.apps.intake.offers import Offer
from luoshi.kernel.access import ANYBODY
from luoshi.kernel.answers import Wrong, checked, missing, problem
from luoshi.kernel.errors import FieldProblem, Refused
from luoshi.kernel.programme import Field, FieldType, Programme
from luoshi.store.directory import directory

MOST_FILES = 9


def checked_some(
    offer: Offer, names: Iterable[str], case: str, raw: Mapping[str, object]
) -> tuple[dict[str, object], list[FieldProblem]]:
    """Return the answers to *names* in their one shape, and what is wrong with them."""
    programme, now = offer.programme, clock.now()
    answers: dict[str, object] = {}
    problems: list[FieldProblem] = []
    for name in names:
        rule = programme.fields[name]
        try:
            answers[name] = checked(rule, raw.get(name), programme.lists, now)
        except Wrong as wrong:
            problems.append(problem(rule, wrong))
            continue
        if answers[name] is None and name in offer.required:
            problems.append(missing(rule))
    if not problems:
        problems = arrived(programme, offer.transition.name, case, answers)[1]
    return answers, problems


def without_doubled_place(
    programme: Programme, answers: Mapping[str, object]
) -> dict[str, object]:
    """Return *answers* without an area where a point says it more exactly."""
    area, point = programme.field_of(FieldType.AREA), programme.field_of(FieldType.POINT)
    doubled = bool(answers.get(point)) and bool(answers.get(area))
    return {name: value for name, value in answers.items() if not (doubled and name == area)}


def located(programme: Programme, answers: Mapping[str, object]) -> dict[str, object]:
    """Return *answers* with the area that follows from the point, as it will be registered."""
    area, point = programme.field_of(FieldType.AREA), programme.field_of(FieldType.POINT)
    given = answers.get(point)
    if not area or not isinstance(given, Mapping):
        return dict(answers)
    found = directory().area_at(float(str(given["lon"])), float(str(given["lat"])))
    return {**answers, area: found}


def receive(
    request: HttpRequest,
    programme: Programme,
    names: Iterable[str],
    case: str,
    answers: dict[str, object],
) -> list[FieldProblem]:
    """Keep the files sent for the fields *names*; add their keys to *answers*; return problems.

    A form sends new files as ``name.new`` beside the keys of those it sent before; programs may
    send them as ``name``.
    """
    problems: list[FieldProblem] = []
    for name in names if request.FILES else ():
        files = [*request.FILES.getlist(f"{name}.new"), *request.FILES.getlist(name)]
        there = answers.get(name)
        rule = programme.fields[name]
        if rule.type is FieldType.FILES and files and isinstance(there, list):
            keys, wrong = _received(rule, case, files, len(there))
            answers[name] = [*there, *keys]
            problems += wrong
    return problems


def _received(
    rule: Field, case: str, files: Iterable[UploadedFile[Any]], already: int
) -> tuple[list[str], list[FieldProblem]]:
    keys: list[str] = []
    most = int(rule.most or MOST_FILES)
    for file in files:
        if already + len(keys) >= most:
            return keys, [FieldProblem(rule.name, "files.too_many", {"most": most})]
        if (file.size or 0) > MOST_BYTES:
            return keys, [FieldProblem(rule.name, "file.too_big")]
        try:
            keys.append(str(add_file(case, file.read(), file.name or "", ANYBODY).id))
        except Refused as refused:
            return keys, [FieldProblem(rule.name, refused.code, refused.data)]
    return keys, []
