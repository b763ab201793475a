"""Housekeeping: what is over goes, all of it, however much there is; what lives on stays."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from tests.actions.conftest import Watch
from tests.actions.lamp import WORDS, opened, taken
from tests.small_city import MONDAY, OPERATOR

from luoshi.actions import files, housekeeping, uploads
from luoshi.actions.acts import Request, register
from luoshi.actions.files import add_file
from luoshi.actions.housekeeping import tidy
from luoshi.kernel.access import ANYBODY, requester_of
from luoshi.kernel.errors import FieldsRefused
from luoshi.store import models
from luoshi.store.keys import new_key

pytestmark = pytest.mark.usefixtures("city")


def session(name: str, hours: float) -> None:
    Session.objects.create(session_key=name, expire_date=MONDAY + timedelta(hours=hours))


def test_values_go_until_none_is_left(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("张试用", "李试用", "王试用"):
        case = opened(name=name)
        taken(case, "withdraw", requester_of(case.case.id), reason="已经自己修好了")
    monkeypatch.setattr(housekeeping, "AT_ONCE", 2)
    assert tidy(watch.now)["values"] == 0
    watch.forward(days=366 * 6)
    held = models.PersonalValue.objects.exclude(value=None)
    kept = held.count()
    assert kept > 2 * housekeeping.AT_ONCE
    assert tidy(watch.now)["values"] == kept
    assert not held.exists()


def test_sessions_that_are_over_go_and_others_stay(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "AT_ONCE", 2)
    for number in range(5):
        session(f"over{number}", -1)
    session("runs", 1)
    assert tidy(watch.now)["sessions"] == 5
    assert [one.session_key for one in Session.objects.all()] == ["runs"]


def test_abandoned_uploads_go_with_their_pieces(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "SWEPT_AT_ONCE", 1)
    piece = b"half of a file"
    paths = []
    for _ in range(3):
        begun = uploads.begin(new_key(), 2 * len(piece), sha256(piece * 2).digest(), OPERATOR.id)
        uploads.append(str(begun.id), OPERATOR.id, 0, piece, OPERATOR)
        paths.append(uploads._path(begun, 0))
    watch.forward(hours=23)
    assert tidy(watch.now)["uploads"] == 0
    assert all(map(default_storage.exists, paths))
    watch.forward(hours=2)
    assert tidy(watch.now)["uploads"] == 3
    assert not models.Upload.objects.exists()
    assert not any(map(default_storage.exists, paths))


def test_a_store_of_files_that_is_away_stops_nothing(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = uploads.begin(new_key(), 8, sha256(b"12345678").digest(), OPERATOR.id)
    uploads.append(str(begun.id), OPERATOR.id, 0, b"1234", OPERATOR)
    watch.forward(days=2)

    def away(_: str) -> None:
        raise OSError("no route to the store")

    with monkeypatch.context() as without:
        without.setattr(default_storage, "delete", away)
        assert tidy(watch.now)["uploads"] == 0
    assert tidy(watch.now)["uploads"] == 1


@pytest.mark.parametrize("number", ["2026\x000001", "\x00", "\ud83d", "20260309\n1"])
def test_a_number_that_is_no_text_names_no_case(number: str) -> None:
    case = opened()
    with pytest.raises(FieldsRefused) as refused:
        taken(case, "merge", OPERATOR, main_case=number)
    assert "case.unknown" in {problem.code for problem in refused.value.problems}


PAPER = b"%PDF-1.7 a paper"


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """An own folder for files; nobody has looked at them today."""
    settings.MEDIA_ROOT = tmp_path
    housekeeping._looked.clear()
    return tmp_path


def reported(case: str, **more: object) -> None:
    register("hotline", Request("register", {**WORDS, **more}, case), OPERATOR)


def held(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def test_a_file_that_no_answer_names_goes_and_one_that_is_named_stays(
    watch: Watch, folder: Path
) -> None:
    case = new_key()
    named, spare = (str(add_file(case, PAPER, "", OPERATOR).id) for _ in range(2))
    never = str(add_file(new_key(), PAPER, "", ANYBODY).id)
    reported(case, photos=[named])
    watch.forward(days=2)
    assert tidy(watch.now)["files"] == 0, "the step that names it may still follow"
    watch.forward(days=2)
    assert tidy(watch.now)["files"] == 2
    assert [str(one.id) for one in models.Attachment.objects.all()] == [named]
    assert held(folder) == 1
    assert not {spare, never} & {path.name for path in folder.rglob("*")}


def test_a_file_goes_with_the_personal_answer_that_named_it(watch: Watch, folder: Path) -> None:
    case = new_key()
    key = str(add_file(case, PAPER, "", OPERATOR).id)
    reported(case, name="张试用")
    answer = models.PersonalValue.objects.filter(case_id=case, field="name")
    assert answer.update(value=json.dumps([key])) == 1
    watch.forward(days=4)
    assert tidy(watch.now)["files"] == 0
    assert answer.update(value=None) == 1
    watch.forward(hours=20)
    assert tidy(watch.now)["files"] == 0, "once a day is enough"
    watch.forward(hours=5)
    assert tidy(watch.now)["files"] == 1
    assert held(folder) == 0


def test_files_are_looked_at_piece_by_piece_and_stay_while_their_store_is_away(
    watch: Watch, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LOOKED_AT", 2)
    for _ in range(5):
        add_file(new_key(), PAPER, "", ANYBODY)
    watch.forward(days=4)
    with monkeypatch.context() as without:

        def away(_: str) -> None:
            raise OSError("no route to the store")

        without.setattr(default_storage, "delete", away)
        assert tidy(watch.now)["files"] == 0
    assert models.Attachment.objects.count() == 5
    assert tidy(watch.now)["files"] == 5
    assert held(folder) == 0
