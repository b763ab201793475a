"""A version that was taken up once can always be read, whatever is checked later."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.small_city import found_city

from luoshi.formats.programmes import load_programme
from luoshi.kernel.errors import ProgrammeInvalid
from luoshi.store.models import ProgrammeVersion
from luoshi.store.programmes import forget_programmes, programme_of

pytestmark = pytest.mark.django_db


def _kept_as(version: str, text: str) -> None:
    kept = ProgrammeVersion.objects.get(programme="hotline")
    ProgrammeVersion.objects.create(
        programme="hotline",
        version=version,
        digest=version,
        files=kept.files | {"programme.yaml": text},
        taken_up=kept.taken_up,
    )
    forget_programmes()


def _text() -> str:
    return str(ProgrammeVersion.objects.get(programme="hotline").files["programme.yaml"])


def test_a_check_that_came_later_leaves_old_cases_their_rules(tmp_path: Path) -> None:
    found_city()
    text = _text().replace("kind: void, labels", "kind: void, turn: [operator], labels")
    assert text != _text()
    folder = tmp_path / "hotline"
    folder.mkdir()
    for name, content in ProgrammeVersion.objects.get(programme="hotline").files.items():
        (folder / name).write_text(content, encoding="utf-8")
    (folder / "programme.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ProgrammeInvalid):
        load_programme(folder)

    _kept_as("2019.1", text)
    assert programme_of("hotline", "2019.1").transitions.keys() >= {"register", "answer"}


def test_a_kept_text_that_nobody_can_read_is_said_to_be_so() -> None:
    found_city()
    _kept_as("2019.2", "id: [hotline")
    with pytest.raises(ProgrammeInvalid):
        programme_of("hotline", "2019.2")
