"""What a programme for findings of inspections must not be able to hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from luoshi.formats.programmes import load_programme
from luoshi.kernel.programme import FieldType, Programme, Relation

ROOT = Path(__file__).resolve().parents[2]
ABOUT_PEOPLE = {FieldType.NAME, FieldType.PHONE, FieldType.EMAIL, FieldType.ADDRESS}
WRITTEN = {FieldType.LINE, FieldType.TEXT}


@pytest.fixture(scope="module")
def findings() -> Programme:
    return load_programme(ROOT / "programmes" / "rectification")


def test_no_field_is_about_a_person(findings: Programme) -> None:
    assert [f.name for f in findings.fields.values() if f.personal] == []
    assert [f.name for f in findings.fields.values() if f.type in ABOUT_PEOPLE] == []


def test_every_free_text_is_wording_for_the_public(findings: Programme) -> None:
    written = [f for f in findings.fields.values() if f.type in WRITTEN]
    assert written
    assert [f.name for f in written if not f.reviewed] == []


def test_nothing_is_kept_for_the_eyes_of_a_few(findings: Programme) -> None:
    """Secret material would need a field that only some may see, or a wall: there is neither."""
    assert findings.wall is None
    assert [f.name for f in findings.fields.values() if f.seen_by or f.masked] == []


def test_nobody_from_outside_has_a_part_in_it(findings: Programme) -> None:
    relations = {role.relation for role in findings.roles.values()}
    assert Relation.REQUESTER not in relations


def test_no_word_can_be_written_before_a_second_person_has_cleared_the_item(
    findings: Programme,
) -> None:
    (opening,) = findings.opening
    entering = [opening, *findings.from_state(opening.target)]
    asked = {need.field for step in entering for need in step.needs}
    assert [name for name in asked if findings.fields[name].type in WRITTEN] == []
    assert all(
        opening.name in step.not_same_person_as for step in findings.from_state(opening.target)
    )


@pytest.mark.parametrize("step", ["sign_plan", "sign_report", "accept_on_site", "sign_review"])
def test_nobody_signs_what_they_did_themselves(findings: Programme, step: str) -> None:
    assert findings.transitions[step].not_same_person_as


def test_the_readme_says_what_is_refused() -> None:
    readme = (ROOT / "programmes/rectification/README.md").read_text("utf-8")
    assert "## What is refused" in readme
    for word in ("clues", "secrets", "named persons"):
        assert word in readme
