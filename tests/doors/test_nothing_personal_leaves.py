"""Nothing personal leaves by any door, to anybody who has no right to it.

Marks are planted in cases of every programme, through real acts; then everybody walks through
every door that the site's own configuration knows, and reads every feed, file, event, letter and
log.
"""

from __future__ import annotations

import io
import json
import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client
from tests.doors.addresses import CHANGES, ROUTES, Case, Ground, addresses
from tests.doors.planting import (
    EXIF_MARK,
    FILE_MARK,
    SOUGHT,
    Gardener,
    Planted,
    marks_in,
    roles,
    staffed,
)
from tests.small_city import MONDAY, found_city

from luoshi.actions import clock
from luoshi.actions.deliveries import deliver
from luoshi.actions.keys import add_key
from luoshi.actions.open_data import offer
from luoshi.actions.outbox import deliver as send_letters
from luoshi.actions.webhooks import subscribe
from luoshi.config.logs import rules
from luoshi.connectors.letters import Collected as Letters
from luoshi.connectors.letters import Outgoing
from luoshi.connectors.posting import Collected as Posted
from luoshi.kernel.access import Actor, Sight
from luoshi.kernel.errors import CaseNotFound
from luoshi.kernel.programme import FieldType, Relation
from luoshi.store import exports, models
from luoshi.store.bound import bound_to
from luoshi.store.directory import actor_of, forget_directory
from luoshi.store.programmes import offered, programme_of
from luoshi.store.sight import case_seen
from luoshi.store.signed_accounts import token_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
ROLES = roles()
BEYOND = " elsewhere"
NOBODY, NO_POST = "nobody", "no post"
VIEWERS = [
    NOBODY,
    NO_POST,
    *sorted(ROLES),
    *sorted(
        role + BEYOND
        for role, kind in ROLES.items()
        if kind in (Relation.OWN_UNIT, Relation.OWN_AREA)
    ),
]
NOW = MONDAY.replace(hour=9)


@dataclass(frozen=True)
class City:
    """The city with what was planted, and everybody who looks at it."""

    planted: Planted
    cases: tuple[Case, ...]
    accounts: dict[str, models.Account]
    ground: Ground
    posted: Posted
    letters: Letters
    log: io.StringIO

    def browser(self, viewer: str) -> Client:
        """Return a browser of *viewer*."""
        found = Client(headers={"accept-language": "en"}, raise_request_exception=False)
        if viewer != NOBODY:
            found.force_login(self.accounts[viewer])
        return found

    def ground_of(self, viewer: str) -> Ground:
        """Return what addresses hold for *viewer*: the calendar is their own."""
        if viewer == NOBODY:
            return self.ground
        return replace(self.ground, token=token_for(self.accounts[viewer], "calendar"))


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[City]:
    """Plant everything once; nothing of it stays."""
    from django.db import transaction  # noqa: PLC0415  the database comes first

    log, handler = io.StringIO(), None
    patch = pytest.MonkeyPatch()
    fast = replace(django_settings.LUOSHI, api_rate=10**9, api_rate_public=10**9)
    patch.setattr(django_settings, "LUOSHI", fast)
    folder = Path(django_settings.LUOSHI.home) / "open-data"
    with django_db_blocker.unblock(), transaction.atomic():
        cache.clear()
        handler = _listening(log)
        try:
            yield _planted(log, folder)
        finally:
            logging.getLogger().removeHandler(handler)
            shutil.rmtree(folder, ignore_errors=True)
            transaction.set_rollback(True)
    patch.undo()
    forget_directory()
    cache.clear()


def _listening(log: io.StringIO) -> logging.Handler:
    """Write everything that is logged, as it is written where Luoshi runs, to *log*."""
    form = rules("json")["formatters"]["line"]
    handler = logging.StreamHandler(log)
    handler.setFormatter(form["()"](**{k: v for k, v in form.items() if k != "()"}))
    logging.getLogger().addHandler(handler)
    return handler


def _planted(log: io.StringIO, folder: Path) -> City:
    found_city()
    posts = {Relation.OWN_UNIT: ("roads", ""), Relation.OWN_AREA: ("", "9911")}
    away = {Relation.OWN_UNIT: ("lamps", ""), Relation.OWN_AREA: ("", "9912")}
    accounts = {
        role: staffed(role, role, *posts.get(kind, ("", ""))) for role, kind in ROLES.items()
    }
    subscribe("public", "https://open.example/")
    for role in ROLES:
        subscribe(role, f"https://{role.replace('_', '-')}.example/", role)
    accounts |= {
        role + BEYOND: staffed(role + BEYOND, role, *away[kind])
        for role, kind in ROLES.items()
        if kind in away
    }
    planted = Gardener(accounts).plant()
    accounts[NO_POST] = models.Account.objects.create_user(NO_POST, None, name="无岗位")
    posted, letters = Posted(), Letters()

    def send(key: str, by: str, address: str, text: str) -> None:
        letters.send(Outgoing(key, by, address, text))

    with clock.at(NOW):
        while deliver(posted, 200):
            pass
        while send_letters(send).sent:
            pass
        offer(folder, NOW)
    return City(planted, _cases(planted), accounts, _ground(folder), posted, letters, log)


def _cases(planted: Planted) -> tuple[Case, ...]:
    """Return the case of each programme that went furthest, and one behind a wall."""
    rows = models.CaseRow.objects.filter(id__in=planted.cases).order_by("step", "id")
    walled = models.WalledValue.objects.values_list("case_id", flat=True)[:1]
    furthest = {row.programme: row for row in rows}
    behind = {f"{row.programme} walled": row for row in rows if row.id in set(walled)}
    chosen = {row.id: row for row in (furthest | behind).values()}
    return tuple(_case(row) for row in chosen.values())


def _case(row: models.CaseRow) -> Case:
    programme = programme_of(row.programme, row.version)
    keys = models.Attachment.objects.filter(case=row.id).values_list("id", flat=True)
    masked = [rule.name for rule in programme.fields.values() if rule.masked]
    steps = [one.name for one in programme.from_state(row.state)]
    return Case(
        id=str(row.id),
        number=row.number,
        programme=row.programme,
        keys=tuple(str(key) for key in keys[:3]) or (str(row.id),),
        fields=tuple(masked[:2]) or ("phone",),
        steps=tuple(steps[:3]) or ("nothing",),
    )


def _ground(folder: Path) -> Ground:
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    files = [one["path"] for one in described["resources"]]
    return Ground(
        programmes=tuple(offered()),
        services=("hotline", "hotline.roads.streetlight"),
        files=("datapackage.json", "catalog.jsonld", "dictionary.csv", *files),
        token="none.at-all",  # good for nobody
        subscriptions=tuple(
            str(key) for key in models.Subscription.objects.values_list("id", flat=True)[:2]
        ),
        sought=SOUGHT,
        lists=tuple((one.id, name) for one in offered().values() for name in one.lists),
    )


def may_read(city: City, viewer: str) -> set[str]:
    """Return the marks that *viewer* has a right to read: what programmes show them whole."""
    if viewer == NOBODY:
        return set()
    actor = actor_of(city.accounts[viewer])
    found: set[str] = set()
    for case in city.planted.cases:
        found |= _whole(case, actor)
    return found


def _whole(case: str, actor: Actor) -> set[str]:
    try:
        view = case_seen(case, actor, NOW)
    except CaseNotFound:
        return set()
    answers = [*view.answers.values(), *(one for e in view.timeline for one in e.answers)]
    read = [str(one.value) for one in answers if one.sight is Sight.WHOLE]
    bound = bound_to(view.case, actor, NOW).values()
    read += [text for one in bound for _, text in one.reported]  # whoever sees the whole reads it
    return {mark for text in read for mark in marks_in(text)}


def _text(answer: Any) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    return content.decode(errors="replace") + str(dict(answer.items()))


def walked(city: City, viewer: str) -> Iterator[tuple[str, str, int, str]]:
    """Yield name, address, status and text of everything that *viewer* can ask for."""
    browser = city.browser(viewer)
    with clock.at(NOW):
        for name, _, address in addresses(city.ground_of(viewer), city.cases):
            answer = browser.get(address)
            yield name, address, answer.status_code, _text(answer)


def test_every_programme_has_a_case_that_went_some_way(city: City) -> None:
    programmes = {case.programme for case in city.cases}
    assert programmes >= set(offered()) - {"task-part", "enterprise-appeal-assist"}
    taken = city.planted.taken
    assert {programme for programme, steps in taken.items() if steps} >= programmes - {"task-part"}
    assert sum(map(len, taken.values())) > 80
    assert models.PublicRow.objects.count() >= 3


def test_marks_were_planted_in_every_programme_and_can_be_found(city: City) -> None:
    everything = " ".join(models.PersonalValue.objects.values_list("value", flat=True))
    planted = {int(mark[2:4]) for mark in marks_in(everything) if mark.startswith("QZ")}
    names = sorted(offered())
    by_people = [one for one in offered().values() if any(
        one.roles[role].relation is not Relation.SYSTEM for s in one.opening for role in s.by
    )]  # fmt: skip
    assert {names[one] for one in planted} >= {one.id for one in by_people if any(
        rule.personal and rule.type is FieldType.TEXT for rule in one.fields.values()
    )}  # fmt: skip


@pytest.mark.parametrize("viewer", VIEWERS)
def test_nobody_reads_what_they_have_no_right_to(city: City, viewer: str) -> None:
    rightful = may_read(city, viewer)
    found, seen = [], set()
    for name, address, status, text in walked(city, viewer):
        assert status != 500, address
        seen.add(name)
        wrong = marks_in(text) - rightful
        codes = [code for code in city.planted.codes if code in text]
        if wrong or codes:
            found.append((address, sorted(wrong), codes))
    assert found == []
    assert seen == {name for name, _ in ROUTES} - CHANGES, "every door was tried"


def test_somebody_reads_what_they_have_a_right_to(city: City) -> None:
    """Otherwise the walk would prove nothing."""
    read = {mark for _, _, _, text in walked(city, "supervisor") for mark in marks_in(text)}
    assert len(read & may_read(city, "supervisor")) >= 5


def test_who_reported_is_read_by_nobody_at_any_desk(city: City) -> None:
    walled = {str(one) for one in models.WalledValue.objects.values_list("case_id", flat=True)}
    assert walled, "the case of a report stands behind its wall"
    hotline = offered()["hotline"]
    names = set(hotline.wall.fields) if hotline.wall else set()
    assert names
    for account in city.accounts.values():
        for case in walled:
            try:
                view = case_seen(case, actor_of(account), NOW)
            except CaseNotFound:
                continue
            shown = {name for name in names & set(view.answers)
                     if view.answers[name].sight is Sight.WHOLE
                     and view.answers[name].value is not None}  # fmt: skip
            assert shown == set(), account.username


def test_an_application_reads_how_its_cases_stand_and_no_mark(city: City) -> None:
    key = add_key("Door walker")
    browser = Client(headers={"x-api-key": key})
    with clock.at(NOW):
        for name, _, address in addresses(city.ground, city.cases):
            if name.startswith("open311:"):
                assert marks_in(_text(browser.get(address))) == set(), address


def test_wrong_addresses_and_forms_repeat_nothing(city: City) -> None:
    browser = city.browser("operator")
    said = {"answers": {"subject": FILE_MARK}, "subject": FILE_MARK, "number": FILE_MARK}
    with clock.at(NOW):
        for name, _, address in addresses(city.ground_of("operator"), city.cases[:1]):
            answer = browser.post(address, {"x": "1"})
            wrong = marks_in(_text(answer)) - may_read(city, "operator")
            assert answer.status_code != 500, address
            assert wrong == set(), (name, address)
        for address in ("/api/v1/follow", "/api/v1/nothing", "/nothing", "/api/v1/suggestions?x"):
            answer = browser.post(address, said, content_type="application/json")
            assert FILE_MARK not in _text(answer), address


def test_events_tell_no_mark_to_anybody(city: City) -> None:
    assert len(city.posted.posted) > 100
    receivers = {url for url, _, _ in city.posted.posted}
    assert "https://open.example/" in receivers
    assert len(receivers) > 5
    for url, headers, content in city.posted.posted:
        assert marks_in(content.decode() + str(headers)) == set(), url


def test_letters_say_a_number_and_no_mark(city: City) -> None:
    assert city.letters.sent
    for letter in city.letters.sent:
        assert marks_in(letter.text) == set(), letter.text
        assert not [code for code in city.planted.codes if code in letter.text]


def test_open_data_holds_no_mark_in_any_form(city: City) -> None:
    folder = Path(django_settings.LUOSHI.home) / "open-data"
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".csv", ".geojson", ".parquet", ".json", ".jsonld"}
    for path in files:
        text = path.read_bytes().decode(errors="replace")
        if path.suffix == ".parquet":
            text += str(pq.read_table(path).to_pylist())
        assert marks_in(text) == set(), path.name


def test_exports_hold_no_mark_unless_they_are_asked_for(city: City) -> None:
    found = 0
    for programme in offered().values():
        rows = [row.cells for row in exports.exported(programme, personal=False)]
        assert marks_in(str(rows)) == set(), programme.id
        found += len(rows)
    assert found


def test_no_file_keeps_its_name_or_what_the_camera_wrote(city: City) -> None:
    from luoshi.actions.files import open_file  # noqa: PLC0415

    rows = list(models.Attachment.objects.all())
    assert rows
    for row in rows:
        with open_file(row) as kept:
            content = kept.read()
        assert EXIF_MARK.encode() not in content
        assert b"Exif" not in content
    columns = [str(list(models.Attachment.objects.values()))]
    assert FILE_MARK not in columns[0]


def test_the_log_of_all_this_names_nobody(city: City) -> None:
    logging.getLogger("luoshi.test").warning("telephone 15400019999 is masked on its way out")
    text = city.log.getvalue()
    assert "is masked on its way out" in text
    assert "15400019999" not in text
    assert marks_in(text) == set()
    assert not [code for code in city.planted.codes if code in text]
    for line in text.splitlines():
        json.loads(line)
