"""Who may use which route: every role on every route, and nobody learns of what is not theirs.

The routes are taken from the router: one without an entry here fails.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from tests import small_city
from tests.api.v1.conftest import SAID, Api, account
from tests.small_city import DISPATCHER, MONDAY, OPERATOR

from luoshi.actions import acts, clock
from luoshi.actions.tokens import add_token
from luoshi.api.v1.site import api
from luoshi.kernel.programme import Relation
from luoshi.store.directory import forget_directory
from luoshi.store.keys import new_key
from luoshi.store.programmes import offered
from luoshi.store.tokens import SCOPES

pytestmark = pytest.mark.django_db  # asks for the test database; the city is made once
NOBODY, NO_POST = "nobody", "no post"
NUMBER, KEY = "{number}", new_key()
OUTSIDE = {"requester", "system"}
ROLES = sorted(set(offered()["hotline"].roles) - OUTSIDE)
FOREIGN = sorted(
    {
        role.name
        for programme in offered().values()
        for role in programme.roles.values()
        if role.relation not in (Relation.REQUESTER, Relation.SYSTEM)
    }
    - set(ROLES)
)
"""Roles of other programmes: colleagues, to whom a case of the hotline is none."""

STRANGER = "handler of another unit"


@dataclass(frozen=True)
class Route:
    """How a route is tried, and what staff who see the case are answered.

    Attributes:
        scope: What its door asks for; empty: everybody may come in.
        staff: Status for members of staff who may see the case.
        stranger: Status for those who may not; the same as for a case that does not exist.
        nobody: Status for somebody without an account, where the door is open.
    """

    path: str
    scope: str = ""
    body: Any = None
    staff: tuple[int, ...] = (200,)
    stranger: int = 0
    nobody: int = 200


ROUTES: dict[str, Route] = {
    "list_cases": Route("/cases", "read"),
    "read_case": Route(f"/cases/{NUMBER}", "read", stranger=404),
    "list_transitions": Route(f"/cases/{NUMBER}/transitions", "read", stranger=404),
    "read_transition": Route(
        f"/cases/{NUMBER}/transitions/receive", "read", staff=(200, 404), stranger=404
    ),
    "take_transition": Route(
        f"/cases/{NUMBER}/transitions/no_such_step", "act", {}, staff=(404,), stranger=404
    ),
    "read_file": Route(f"/cases/{NUMBER}/files/{KEY}", "read", staff=(404,), stranger=404),
    "look": Route(
        f"/cases/{NUMBER}/unmaskings", "act", {"field": "phone", "reason": "回电话"},
        staff=(201, 409), stranger=404,
    ),
    "suggest_for_case": Route(f"/cases/{NUMBER}/suggestions", "read", stranger=404),
    "list_worklists": Route("/worklists", "read"),
    "read_worklist": Route("/worklists/mine", "read"),
    "suggest": Route("/suggestions", "read", {"subject": "路灯不亮"}),
    "search": Route("/search?q=路灯", "read"),
    "export_cases": Route("/exports/cases", "export"),
    "list_programmes": Route("/programmes"),
    "read_programme": Route("/programmes/hotline"),
    "read_list": Route("/programmes/hotline/lists/kind"),
    "register": Route("/programmes/hotline/cases", "", {"answers": SAID}, (201,), nobody=201),
    "list_areas": Route("/areas"),
    "area_at": Route("/areas/at?lon=122.505&lat=35.505"),
    "read_area": Route("/areas/991"),
    "list_units": Route("/units"),
    "read_unit": Route("/units/lamps"),
    "begin_upload": Route(
        "/uploads", "", {"size": 9, "sha256": "0" * 64, "number": NUMBER}, (201,), 404, 404
    ),
    "read_upload": Route(f"/uploads/{KEY}", staff=(404,), nobody=404),
    "append_piece": Route(f"/uploads/{KEY}", "", "x", staff=(404,), nobody=404),
    "drop_upload": Route(f"/uploads/{KEY}", staff=(404,), nobody=404),
    "follow": Route("/follow", "", {"number": NUMBER, "code": "22222222"}, (404,), nobody=404),
    "followed_transitions": Route(
        "/follow/transitions", "", {"number": NUMBER, "code": "22222222"}, (404,), nobody=404
    ),
    "take_followed_transition": Route(
        "/follow/transitions/rate", "", {"number": NUMBER, "code": "22222222"}, (404,), nobody=404
    ),
    "followed_file": Route(
        f"/follow/files/{KEY}", "", {"number": NUMBER, "code": "22222222"}, (404,), nobody=404
    ),
}  # fmt: skip


def operations() -> Iterator[tuple[str, str, str, str]]:
    """Yield name, method, path and scope of every route that the router knows."""
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for one in view.operations:
                scope = one.auth_callbacks[0].scope
                for method in one.methods:
                    yield one.view_func.__name__, method, router.prefix + path, scope


METHODS = {name: method for name, method, _, _ in operations()}


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """One case of the lamp unit, and a program for everybody: made once, changed by nobody."""
    from django.db import transaction  # noqa: PLC0415  the database comes first

    def fixed() -> datetime:
        return MONDAY

    patch = pytest.MonkeyPatch()
    patch.setattr(clock, "now", fixed)
    with django_db_blocker.unblock(), transaction.atomic():
        small_city.found_city()
        asked = acts.Request("register", SAID)
        made = acts.register("hotline", asked, OPERATOR)
        route = {"unit": "lamps", "category": "roads.streetlight"}
        acts.act(acts.Request("route", route, case=made.case.id), DISPATCHER)
        yield {"number": made.number, "programs": _programs()}
        transaction.set_rollback(True)
    patch.undo()
    forget_directory()


def _programs() -> dict[str, Api]:
    units = {"handler": "lamps"}
    found = {NOBODY: Api(), NO_POST: _program("")}
    found |= {role: _program(role, units.get(role, "")) for role in (*ROLES, *FOREIGN)}
    return found | {STRANGER: _program("handler", "roads")}


def _program(role: str, unit: str = "", scopes: tuple[str, ...] = SCOPES) -> Api:
    return Api(add_token(account(role, unit).username, "test", scopes))


@pytest.fixture
def tried(city: dict[str, Any], django_db_blocker: Any) -> Iterator[Any]:
    """Return what tries a route as somebody; what it changes is undone."""
    from django.db import transaction  # noqa: PLC0415

    with django_db_blocker.unblock(), transaction.atomic():

        def send(name: str, who: str | Api, number: str = "") -> Any:
            route = ROUTES[name]
            program = city["programs"][who] if isinstance(who, str) else who
            text = json.dumps([route.path, route.body]).replace(NUMBER, number or city["number"])
            path, body = json.loads(text)
            more = {"Upload_Offset": "0"} if name == "append_piece" else {}
            return program.send(METHODS[name], path, body, **more)

        yield send
        transaction.set_rollback(True)


def test_every_route_has_an_entry_and_every_entry_a_route() -> None:
    assert {name for name, _, _, _ in operations()} == set(ROUTES)
    assert len(list(operations())) == len(ROUTES), "two routes of one name"


def test_the_doors_are_those_that_were_reviewed() -> None:
    assert {name: scope for name, _, _, scope in operations()} == {
        name: route.scope for name, route in ROUTES.items()
    }


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted(ROUTES))
def test_every_role_on_every_route(name: str, role: str, tried: Any) -> None:
    answer = tried(name, role)
    assert answer.status_code in ROUTES[name].staff, answer.getvalue()[:300]


def _undone(tried: Any, name: str, role: str) -> int:
    """Return the status; wrong query codes are not counted against the next one."""
    from django.db import transaction  # noqa: PLC0415

    with transaction.atomic():
        status: int = tried(name, role).status_code
        transaction.set_rollback(True)
    return status


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_every_role_of_every_other_programme_on_every_route(name: str, tried: Any) -> None:
    route = ROUTES[name]
    expected = (route.stranger,) if route.stranger else route.staff
    answered = {role: _undone(tried, name, role) for role in FOREIGN}
    assert len(answered) > 10
    assert {role: got for role, got in answered.items() if got not in expected} == {}


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_who_has_no_account_gets_no_further_than_the_public(name: str, tried: Any) -> None:
    answer = tried(name, NOBODY)
    assert answer.status_code == (401 if ROUTES[name].scope else ROUTES[name].nobody)
    if answer.status_code == 401:
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert answer.json()["code"] == "auth.missing"


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_an_account_without_a_post_is_nobody_s_colleague(name: str, tried: Any) -> None:
    answer = tried(name, NO_POST)
    assert answer.status_code == (403 if ROUTES[name].scope else ROUTES[name].nobody)
    if answer.status_code == 403:
        assert answer.json()["code"] == "auth.no_post"


@pytest.mark.parametrize("name", sorted(name for name, one in ROUTES.items() if one.stranger))
def test_another_unit_cannot_tell_a_case_from_none(name: str, tried: Any) -> None:
    there, none = tried(name, STRANGER), tried(name, STRANGER, "2026030999999")
    assert (there.status_code, none.status_code) == (404, 404)
    assert there.json() == none.json()
    assert there.json()["code"] == "case.not_found"


@pytest.mark.parametrize("name", sorted(name for name, one in ROUTES.items() if one.scope))
def test_a_token_made_for_something_else_opens_nothing(name: str, tried: Any) -> None:
    scope = ROUTES[name].scope
    others = tuple(one for one in SCOPES if one != scope)
    answer = tried(name, _program("supervisor", scopes=others))
    assert answer.status_code == 403
    assert (answer.json()["code"], answer.json()["facts"]["scope"]) == ("auth.scope", scope)


def test_what_is_not_mine_is_in_no_list(city: dict[str, Any], tried: Any) -> None:
    for name in ("list_cases", "read_worklist", "search", "export_cases"):
        answer = tried(name, STRANGER)
        assert answer.status_code == 200
        assert city["number"] not in answer.getvalue().decode(), name
        seen = tried(name.replace("read_worklist", "list_cases"), "supervisor")
        assert city["number"] in seen.getvalue().decode()
