"""Retention: what has been kept long enough is really gone, and history is still proved."""

from __future__ import annotations

import io
import re
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.storage import default_storage
from PIL import Image
from tests.actions.conftest import Watch
from tests.actions.lamp import WORDS, opened, taken
from tests.small_city import CALLER, DISPATCHER, OPERATOR, ROADS

from luoshi.actions import housekeeping, worker
from luoshi.actions.acts import Outcome, Request, register
from luoshi.actions.files import add_file
from luoshi.actions.housekeeping import tidy
from luoshi.kernel.access import ANYBODY, requester_of
from luoshi.store import models
from luoshi.store.keys import new_key
from luoshi.store.programmes import forget_programmes, take_up
from luoshi.store.queries import case_numbered
from luoshi.store.search import find
from luoshi.store.verification import Report, verify

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture(autouse=True)
def _nobody_has_looked_at_files_today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "_looked", [])


def work() -> None:
    stop = threading.Event()
    stop.set()
    worker.run(stop, lambda *_: None)


def withdrawn() -> Outcome:
    case = opened(name="张试用")
    return taken(case, "withdraw", requester_of(case.case.id), reason="已经自己修好了")


def held(name: str) -> models.PersonalValue:
    return models.PersonalValue.objects.get(field=name)


def report() -> Report:
    found = Report()
    for _ in verify(found):
        pass
    return found


def test_while_a_case_is_open_nothing_expires(watch: Watch) -> None:
    opened()
    watch.forward(days=366 * 50)
    work()
    assert held("phone").value is not None
    assert held("phone").keep_until is None


def test_each_answer_goes_when_its_own_time_has_come(watch: Watch) -> None:
    case = withdrawn()
    ended = watch.now.date()
    assert held("phone").keep_until == ended.replace(year=ended.year + 2)
    assert held("content").keep_until == ended.replace(year=ended.year + 5)
    watch.now = watch.now.replace(year=ended.year + 2)
    work()
    assert held("phone").value is not None  # on the last day it is still there
    watch.forward(days=1)
    work()
    for name in ("phone", "name"):
        gone = held(name)
        assert (gone.value, gone.salt, gone.grams) == (None, None, None)
        assert gone.deleted == watch.now
    assert held("content").value is not None
    view = case_numbered(case.number, OPERATOR, watch.now)
    assert "phone" not in view.answers or view.answers["phone"].value is None
    assert (report().ok, report().deleted) == (True, 2)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 30, 30)).save(out, "JPEG")
    return out.getvalue()


def with_photograph(settings: LazySettings, folder: Path) -> tuple[Outcome, str, str]:
    """Return a case that has ended, its photograph, and the evidence of its repair."""
    settings.MEDIA_ROOT = str(folder)
    key, photo = new_key(), picture()
    sent = str(add_file(str(key), photo, "door.jpg", ANYBODY).id)
    words = Request("register", {**WORDS, "photos": [sent]}, case=str(key))
    case = register("hotline", words, ANYBODY)
    taken(case, "route", DISPATCHER, unit="roads", category="roads.pothole")
    taken(case, "receive", ROADS)
    proof = str(add_file(str(key), photo, "lamp.jpg", ROADS).id)
    taken(case, "contact", ROADS, contacted_at="2026-03-09T08:30+08:00")
    taken(case, "answer", ROADS, reply="路灯已经修好，今晚恢复照明。", evidence=[proof])
    taken(case, "call_back", CALLER, solved="solved", satisfied="satisfied")
    taken(case, "close", CALLER)
    return case, sent, proof


def files_there() -> set[str]:
    return {str(key) for key in models.Attachment.objects.values_list("id", flat=True)}


def test_a_photograph_goes_with_the_words_it_came_with_and_evidence_stays(
    watch: Watch, settings: LazySettings, tmp_path: Path
) -> None:
    case, sent, proof = with_photograph(settings, tmp_path)
    stored = {key: default_storage.exists(f"files/{key[-2:]}/{key}") for key in (sent, proof)}
    assert all(stored.values())
    assert not models.FactRow.objects.filter(body__contains=sent).exists()
    watch.forward(days=366 * 5)
    tidy(watch.now)
    assert files_there() == {proof}
    assert not default_storage.exists(f"files/{sent[-2:]}/{sent}")
    view = case_numbered(case.number, OPERATOR, watch.now)
    assert view.answers["photos"].value is None
    assert view.answers["evidence"].value == [proof]
    assert report().ok


def test_files_of_older_versions_follow_the_version_that_is_offered(
    watch: Watch, settings: LazySettings, tmp_path: Path
) -> None:
    _, sent, proof = with_photograph(settings, tmp_path)
    folder = tmp_path / "programmes"
    shutil.copytree(settings.LUOSHI.programmes, folder)
    told = folder / "hotline" / "programme.yaml"
    text = re.sub(r'^version: ".*"$', 'version: "later"', told.read_text("utf-8"), flags=re.M)
    files = "evidence: {type: files, "
    how = f"{files}personal: true, keep: 2 years, purpose: {{zh-Hans: 核查, en: Proof}}, "
    told.write_text(text.replace(files, how), "utf-8")
    watch.forward(days=366 * 2)
    tidy(watch.now)
    assert files_there() == {sent, proof}
    settings.LUOSHI = replace(settings.LUOSHI, programmes=folder)
    forget_programmes()
    take_up(watch.now)
    watch.forward(days=1)
    tidy(watch.now)
    assert files_there() == {sent}
    assert not default_storage.exists(f"files/{proof[-2:]}/{proof}")
    assert report().ok
    forget_programmes()


def test_what_is_gone_is_found_no_more(watch: Watch) -> None:
    case = withdrawn()
    assert [row.number for row in find(OPERATOR, "人民路口", watch.now).rows] == [case.number]
    watch.forward(days=366 * 6)
    work()
    assert not models.PersonalValue.objects.exclude(value=None, grams=None, salt=None).exists()
    assert find(OPERATOR, "人民路口", watch.now).rows == ()
    assert [row.number for row in find(OPERATOR, case.number, watch.now).rows] == [case.number]
    assert report().ok


def test_a_case_that_runs_again_keeps_its_answers(watch: Watch) -> None:
    case = opened()
    taken(case, "answer_on_spot", OPERATOR, reply="已经通知维修，今晚修好。")
    assert held("phone").keep_until is not None
    watch.forward(days=1)
    taken(case, "ask_reopen", requester_of(case.case.id), reason="灯还是不亮")
    assert held("phone").keep_until is None
    watch.forward(days=366 * 9)
    work()
    assert held("phone").value is not None
    assert report().ok
