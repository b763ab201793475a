"""People change posts, leave and come back; what they did stays theirs."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from tests.actions.lamp import handled, routed, taken

from luoshi.actions import staffing
from luoshi.actions.administrators import administrators, make_administrator
from luoshi.actions.organisation import NewAccount, NewPost, add_staff
from luoshi.actions.posts import Vacancy, vacancies
from luoshi.actions.staffing import (
    AccountClosed,
    AccountNotClosed,
    AccountUnknown,
    PostsRefused,
    change_posts,
    close_account,
    open_account,
    renew_password,
)
from luoshi.actions.tokens import TokenUnknown, add_token
from luoshi.actions.webhooks import subscribe
from luoshi.kernel.errors import LuoshiError
from luoshi.store.directory import actor_of
from luoshi.store.models import Account, FactRow
from luoshi.store.people import HeldPost, members, names_of, posts_of
from luoshi.store.subscriptions import subscriptions
from luoshi.store.tokens import tokens

LI, WANG = "li.example", "wang.example"
ROADS, LAMPS, CITY = (HeldPost("handler", unit) for unit in ("roads", "lamps", "city"))
PAGE = "/desk/"


@pytest.fixture(autouse=True)
def _people(city: None) -> None:
    add_staff([NewAccount(LI, "样例甲")], [NewPost(LI, "handler", "roads")], "first of all")
    add_staff([NewAccount(WANG, "样例乙")], [NewPost(WANG, "handler", "lamps")], "first of all")


def account(username: str) -> Account:
    return Account.objects.get(username=username)


def browser(username: str) -> Client:
    found = Client()
    found.force_login(account(username))
    assert found.get(PAGE).status_code == 200
    return found


def may_sign_in(username: str, password: str) -> bool:
    return Client().login(username=username, password=password)


def calendar(signed_in: Client) -> str:
    return (
        signed_in.get("/api/deadlines/").content.decode().strip().removeprefix("http://testserver")
    )


class TestPosts:
    def test_they_come_and_go_at_once(self) -> None:
        case = routed()
        changed = change_posts(LI, give=[LAMPS], take=[ROADS])
        assert changed.posts == (LAMPS,)
        assert changed.vacant == (Vacancy(ROADS, 1),)
        with pytest.raises(LuoshiError):
            taken(case, "receive", actor_of(account(LI)))
        change_posts(WANG, give=[CITY])
        taken(case, "receive", actor_of(account(WANG)))

    def test_a_post_that_somebody_above_holds_is_not_vacant(self) -> None:
        change_posts(WANG, give=[CITY])
        assert change_posts(LI, take=[ROADS]).vacant == ()

    def test_looking_first_changes_nothing(self) -> None:
        seen = change_posts(LI, give=[LAMPS], take=[ROADS], dry_run=True)
        assert (seen.posts, seen.vacant) == ((LAMPS,), (Vacancy(ROADS, 0),))
        assert posts_of(account(LI)) == [ROADS]

    @pytest.mark.parametrize(
        ("give", "take", "why"),
        [
            ([HeldPost("juggler")], [], "juggler: no programme has a role 'juggler'"),
            ([HeldPost("handler", "moon")], [], "handler:moon: there is no unit 'moon'"),
            ([HeldPost("handler", "", "mars")], [], "handler::mars: there is no area 'mars'"),
            ([ROADS], [], "handler:roads is held already"),
            ([LAMPS], [CITY], "handler:city is not held"),
        ],
    )
    def test_what_cannot_be_is_refused_whole(
        self, give: list[HeldPost], take: list[HeldPost], why: str
    ) -> None:
        with pytest.raises(PostsRefused, match=why):
            change_posts(LI, give, take)
        assert posts_of(account(LI)) == [ROADS]

    def test_one_given_twice_is_held_once(self) -> None:
        assert change_posts(LI, give=[LAMPS, LAMPS]).posts == (LAMPS, ROADS)


class TestClosing:
    def test_everything_that_opened_a_door_is_shut(self) -> None:
        make_administrator(LI)
        signed_in = browser(LI)
        address = calendar(signed_in)
        token = add_token(LI, "figures")
        subscribe("works", "https://receiver.example/events", LI)
        closed = close_account(LI)
        assert (closed.posts, closed.tokens, closed.subscriptions) == (
            (ROADS,), ("figures",), ("works",),
        )  # fmt: skip
        assert signed_in.get(PAGE).status_code == 302
        assert Client().get(address).status_code == 404
        shown = {"Authorization": f"Bearer {token}"}
        assert Client().get("/api/v1/cases", headers=shown).status_code == 401
        assert not may_sign_in(LI, "first of all")
        assert administrators() == []
        (webhook,) = subscriptions()
        assert (bool(webhook.ended), webhook.why) == (True, "account closed")
        with pytest.raises(TokenUnknown):
            add_token(LI, "again")

    def test_what_they_did_stays_and_under_their_name(self) -> None:
        case = routed()
        li = account(LI)
        taken(case, "receive", actor_of(li))
        before = list(FactRow.objects.order_by("seq").values_list("body", "hash"))
        close_account(LI)
        assert list(FactRow.objects.order_by("seq").values_list("body", "hash")) == before
        assert names_of([str(li.id)]) == {str(li.id): "样例甲"}

    def test_others_stay_as_they_are(self) -> None:
        other = browser(WANG)
        token = add_token(WANG, "figures")
        subscribe("public", "https://receiver.example/events")
        close_account(LI)
        assert other.get(PAGE).status_code == 200
        assert [one.revoked for one in tokens()] == [None]
        shown = {"Authorization": f"Bearer {token}"}
        assert Client().get("/api/v1/cases", headers=shown).status_code == 200
        assert subscriptions()[0].ended is None

    def test_cases_wait_for_whoever_holds_the_post_and_a_vacancy_is_told(self) -> None:
        handled()
        assert vacancies() == []
        assert close_account(LI, dry_run=True).vacant == (Vacancy(ROADS, 1),)
        assert account(LI).is_active
        assert vacancies() == []
        close_account(LI)
        assert vacancies() == [Vacancy(ROADS, 1)]
        change_posts(WANG, give=[CITY])
        assert vacancies() == []

    def test_a_role_for_everybody_is_vacant_when_its_last_holder_goes(self) -> None:
        routed()
        change_posts(WANG, give=[HeldPost("dispatcher")])
        change_posts(LI, give=[HeldPost("dispatcher")])
        assert close_account(WANG).vacant == (Vacancy(LAMPS, 0),)
        assert Vacancy(HeldPost("dispatcher"), 0) in close_account(LI).vacant


class TestOpening:
    def test_the_person_is_back_and_nothing_else(self) -> None:
        signed_in = browser(LI)
        address = calendar(signed_in)
        token = add_token(LI, "figures")
        make_administrator(LI)
        close_account(LI)
        password = open_account(LI, [LAMPS])
        assert may_sign_in(LI, password)
        assert posts_of(account(LI)) == [LAMPS]
        assert signed_in.get(PAGE).status_code == 302
        assert Client().get(address).status_code == 404
        shown = {"Authorization": f"Bearer {token}"}
        assert Client().get("/api/v1/cases", headers=shown).status_code == 401
        assert administrators() == []

    def test_with_a_wrong_post_it_stays_closed(self) -> None:
        close_account(LI)
        with pytest.raises(PostsRefused):
            open_account(LI, [HeldPost("juggler")])
        assert not account(LI).is_active


def test_a_new_first_password_signs_out_everywhere() -> None:
    signed_in = browser(LI)
    password = renew_password(LI)
    assert signed_in.get(PAGE).status_code == 302
    assert may_sign_in(LI, password)
    assert not may_sign_in(LI, "first of all")
    assert renew_password(LI) != password


def test_who_is_not_there_or_as_asked_is_refused() -> None:
    for unknown in ("nobody.example", "li\0", ""):
        with pytest.raises(AccountUnknown):
            close_account(unknown)
    with pytest.raises(AccountNotClosed):
        open_account(LI)
    close_account(LI)
    for act in (close_account, renew_password, change_posts):
        with pytest.raises(AccountClosed):
            act(LI)


def test_who_acts_for_one_unit_needs_one() -> None:
    with pytest.raises(PostsRefused) as refused:
        change_posts(LI, give=[HeldPost("handler")])
    assert "'handler' acts for one unit: name it" in str(refused.value)
    change_posts(LI, give=[HeldPost("operator")])
    assert HeldPost("operator") in posts_of(account(LI))


def test_the_lists_tell_who_works_here_and_who_did() -> None:
    get_user_model().objects.create_user("idle.example", name="样例丁")
    close_account(WANG)
    assert [(one.username, one.posts) for one in members()] == [
        ("idle.example", ()),
        (LI, (ROADS,)),
    ]
    assert [(one.username, one.name, one.posts) for one in members(closed=True)] == [
        (WANG, "样例乙", ())
    ]


def test_posts_are_read_as_they_are_written() -> None:
    for post in (
        HeldPost("a"),
        HeldPost("a", "b"),
        HeldPost("a", "", "c"),
        HeldPost("a", "b", "c"),
    ):
        assert HeldPost.read(str(post)) == post
    assert HeldPost.read("a:b:c:d") is None


def test_passwords_are_long_and_differ() -> None:
    made = {staffing.first_password() for _ in range(50)}
    assert len(made) == 50
    assert min(map(len, made)) >= 16
