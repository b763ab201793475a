"""Diagrams: every state and every way between them, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.programmes.sample import lamp

from luoshi.formats.diagram import mermaid
from luoshi.formats.programmes import load_programme
from luoshi.kernel.programme import Programme


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    return load_programme(lamp(tmp_path))


def test_it_draws_every_state_and_every_way(programme: Programme) -> None:
    lines = [line.strip() for line in mermaid(programme, "en").splitlines()]
    assert lines[0] == "stateDiagram-v2"
    assert 'state "Mending" as mending' in lines
    assert "[*] --> new: Report" in lines
    assert "new --> mending: Send" in lines
    assert "mending: Lengthen" in lines
    assert "mended --> [*]" in lines


def test_it_speaks_chinese(programme: Programme) -> None:
    assert 'state "维修中" as mending' in mermaid(programme)


def test_labels_cannot_break_out_of_it(programme: Programme) -> None:
    evil = 'a"; click x\n%%{init}: <b>'
    state = replace(programme.states["new"], labels={"en": evil})
    drawn = mermaid(replace(programme, states={**programme.states, "new": state}), "en")
    assert re.search(r'state "[^"\n;<]*" as new\n', drawn)
