"""Programmes that rest on each other: they fit together, and where they do not it is told."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tests.programmes.sample import HERE

from luoshi.formats.judgement import MANY, judged
from luoshi.formats.programmes import load_programmes
from luoshi.kernel.checks.between import problems_between
from luoshi.kernel.condition import FieldGiven
from luoshi.kernel.programme import FieldType, Programme
from luoshi.kernel.provision import Need, Parts

ROOT = HERE.parents[1]

FOUND = load_programmes(ROOT / "programmes")
TASK, PART = FOUND["task"], FOUND["task-part"]


def problems(task: Programme = TASK, part: Programme = PART) -> set[tuple[str, str]]:
    """Return code and place of what is the matter between a task and its parts."""
    found = problems_between(task, {task.id: task, part.id: part})
    return {(one.code, one.path.removeprefix("transitions.break_down.")) for one in found}


def step(programme: Programme, name: str, **changes: object) -> Programme:
    """Return *programme* with another step of that name."""
    changed = replace(programme.transitions[name], **changes)  # type: ignore[arg-type]
    return replace(programme, transitions={**programme.transitions, name: changed})


def carrying(*names: str) -> Programme:
    """Return the task, carrying these answers over to its parts."""
    parts = Parts(PART.id, "part_units", names)
    return step(TASK, "break_down", opens_parts=parts)


@pytest.mark.parametrize("name", ["enterprise-appeal", "hotline", "task"])
def test_what_is_shipped_fits_together(name: str) -> None:
    assert any(one.opens_parts for one in FOUND[name].transitions.values())
    assert problems_between(FOUND[name], FOUND) == ()


def test_a_part_is_opened_by_the_system_with_what_is_carried() -> None:
    staff = step(PART, "assign", by=("handler",))
    assert problems(part=staff) == {("part.not_system", "opens_parts")}
    assert problems(carrying("title", "due_day")) == {("part.not_carried", "opens_parts.carries")}
    asked = PART.transitions["assign"].needs
    not_always = (*asked, Need("light", required=False), Need("note", when=FieldGiven("light")))
    assert problems(part=step(PART, "assign", needs=not_always)) == set()
    always = (*asked, Need("light"))
    assert problems(part=step(PART, "assign", needs=always)) == {
        ("part.not_carried", "opens_parts.carries")
    }


def test_what_is_carried_arrives() -> None:
    names = ("title", "task", "due_day", "unit")
    assert problems(carrying(*names[:3], "nowhere")) == {
        ("part.in_vain", "opens_parts.carries[3]")
    }
    day = replace(PART.fields["due_day"], type=FieldType.MOMENT)
    other = replace(PART, fields={**PART.fields, "due_day": day})
    assert problems(part=other) == {("part.type", "opens_parts.carries[2]")}


def test_what_is_personal_stays_personal_in_a_part() -> None:
    field = replace(PART.fields["title"], personal=False, keep=None)
    other = replace(PART, fields={**PART.fields, "title": field})
    assert problems(part=other) == {("part.not_personal", "opens_parts.carries[0]")}


def test_the_system_can_end_a_part_that_is_waived_wherever_it_stands() -> None:
    expected = {("part.not_voidable", "opens_parts")}
    for change in (
        {"source_states": ("assigned",)},
        {"by": ("handler",)},
        {"target": "done"},
        {"needs": (Need("note"),)},
        {"when": FieldGiven("note")},
    ):
        assert problems(part=step(PART, "waive", **change)) == expected, change
    assert problems(part=step(PART, "waive", needs=(Need("note", required=False),))) == set()
    never = step(TASK, "waive_part", waives="")
    assert problems(never, step(PART, "waive", by=("handler",))) == set()


def test_many_are_judged_beside_each_other_and_told_in_order(tmp_path: Path) -> None:
    for number in range(MANY + 3):
        folder = tmp_path / f"p{number:02}"
        shutil.copytree(ROOT / "programmes" / "task-part", folder)
        text = (folder / "programme.yaml").read_text("utf-8")
        mended = text.replace("id: task-part", f"id: p{number:02}")
        (folder / "programme.yaml").write_text(mended, encoding="utf-8")
    (tmp_path / "p03" / "programme.yaml").write_text("luoshi: 1\n", encoding="utf-8")
    judgement = judged(tmp_path, ROOT / "calendars")
    assert judgement.programmes == [f"p{number:02}" for number in range(MANY + 3)]
    assert {one.file for one in judgement.problems} == {"p03/programme.yaml"}


def test_judgement_looks_between_programmes_that_are_sound(tmp_path: Path) -> None:
    for name in ("task", "task-part"):
        shutil.copytree(ROOT / "programmes" / name, tmp_path / name)
    assert judged(tmp_path, ROOT / "calendars").problems == []
    shutil.rmtree(tmp_path / "task-part")
    (lost,) = judged(tmp_path, ROOT / "calendars").problems
    text = (tmp_path / "task" / "programme.yaml").read_text("utf-8")
    line = text[: text.index("opens_parts:")].count("\n") + 1
    assert (lost.code, lost.file, lost.line) == ("part.unknown", "task/programme.yaml", line)
    assert judged(tmp_path / "task", ROOT / "calendars").problems == []  # nobody else is known
    broken = text.replace("kind: done", "kind: finished")
    (tmp_path / "task" / "programme.yaml").write_text(broken, encoding="utf-8")
    found = judged(tmp_path, ROOT / "calendars").problems
    assert found
    assert "part.unknown" not in {one.code for one in found}  # one thing after the other
