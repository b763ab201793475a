"""Arrivals: what only this installation can know about an answer.

The kernel checks the shape of an answer; here it is checked whether the unit exists, whether the
point lies in the city, whether the file was received. A point also gives the area it lies in.
"""

from __future__ import annotations

from collections.abc import Mapping

from luoshi.actions import clock
from luoshi.kernel.answers import Wrong, checked
from luoshi.kernel.errors import FieldProblem
from luoshi.kernel.programme import Field, FieldType, Programme
from luoshi.store.directory import Directory, directory
from luoshi.store.keys import is_key
from luoshi.store.models import Attachment, CaseRow


def arrived(
    programme: Programme,
    transition: str,
    case: str,
    raw: Mapping[str, object],
    known: Directory | None = None,
) -> tuple[dict[str, object], list[FieldProblem]]:
    """Return the answers with what follows from them, and every problem found.

    Args:
        programme: The programme, in the version of the case.
        transition: Name of the step.
        case: Key of the case.
        raw: The answers, as they came in.
        known: The organisation, where somebody holds it; else it is looked up.
    """
    answers, known = dict(raw), known or directory()
    problems: list[FieldProblem] = []
    step = programme.transitions.get(transition)
    for need in step.needs if step else ():
        field = programme.fields[need.field]
        if field.type is FieldType.CASE and answers.get(field.name):
            problems += _resolved(programme, field, answers)
        elif field.type in CHECKS and answers.get(field.name):
            problems += _found(field, answers, case, known)
    if step and not problems:
        _locate(programme, {need.field for need in step.needs}, answers, known)
    return answers, problems


def _found(
    field: Field, answers: Mapping[str, object], case: str, known: Directory
) -> list[FieldProblem]:
    try:
        value = checked(field, answers[field.name], {}, clock.now())
    except Wrong:
        return []  # the kernel will say so, with everything else it finds
    code = CHECKS[field.type](value, case, known)
    return [FieldProblem(field.name, code)] if code else []


def _resolved(
    programme: Programme, field: Field, answers: dict[str, object]
) -> list[FieldProblem]:
    """Put the key of a case in place of its register number.

    A case that was merged itself, or was answered already, is none to be merged into.
    """
    given = str(answers[field.name]).strip()[:60]
    if not given.isprintable():  # NUL and half characters are no text for the database
        return [FieldProblem(field.name, "case.unknown")]
    wanted = {"id": given} if is_key(given) else {"number": given}
    row = CaseRow.objects.filter(
        programme=programme.id, kind="open", follows=None, **wanted
    ).first()
    if row is None:
        return [FieldProblem(field.name, "case.unknown")]
    answers[field.name] = str(row.id)
    return []


def _units(value: object, _: str, known: Directory) -> str:
    codes = value if isinstance(value, list) else []
    return "" if all(code in known.units for code in codes) else "unit.unknown"


def _unit(value: object, _: str, known: Directory) -> str:
    return "" if value in known.units else "unit.unknown"


def _area(value: object, _: str, known: Directory) -> str:
    return "" if value in known.areas else "area.unknown"


def _point(value: object, _: str, known: Directory) -> str:
    if known.tree is None or not isinstance(value, dict):
        return ""
    if known.area_at(value["lon"], value["lat"]):
        return ""
    swapped = known.area_at(value["lat"], value["lon"])
    return "point.order" if swapped else "point.outside"


def _files(value: object, case: str, _: Directory) -> str:
    ids = value if isinstance(value, list) else []
    if not all(map(is_key, ids)):
        return "files.unknown"
    there = Attachment.objects.filter(id__in=ids, case=case, deleted=None).count()
    return "" if there == len(ids) else "files.unknown"


CHECKS = {
    FieldType.UNIT: _unit,
    FieldType.UNITS: _units,
    FieldType.AREA: _area,
    FieldType.POINT: _point,
    FieldType.FILES: _files,
}


def _locate(
    programme: Programme, asked: set[str], answers: dict[str, object], known: Directory
) -> None:
    area, point = programme.field_of(FieldType.AREA), programme.field_of(FieldType.POINT)
    given = answers.get(point)
    if area not in asked or answers.get(area) or not isinstance(given, Mapping):
        return
    try:
        found = known.area_at(float(str(given["lon"])), float(str(given["lat"])))
    except (KeyError, ValueError):
        return
    if found:
        answers[area] = found
