"""Pages for when something is wrong: readable in two languages, and without a trace."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from luoshi.config.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500"]

PROBLEMS: dict[str, Exception] = {
    "bad": SuspiciousOperation("odd"),
    "forbidden": PermissionDenied("no"),
    "broken": ZeroDivisionError("secret detail"),
    "gone": OperationalError("secret host"),
}


def fail(_request: HttpRequest, kind: str) -> HttpResponse:
    raise PROBLEMS[kind]


urlpatterns = [*urlpatterns, path("fail/<kind>", fail)]


@pytest.mark.parametrize(
    ("address", "status", "chinese", "english"),
    [
        ("/fail/bad", 400, "无法处理", "could not be read"),
        ("/fail/forbidden", 403, "不能打开", "cannot do this"),
        ("/no-such-page", 404, "没有找到", "no such page"),
        ("/fail/broken", 500, "系统出错了", "went wrong"),
        ("/fail/gone", 503, "暂时无法使用", "not available"),
    ],
)
@override_settings(ROOT_URLCONF="tests.config.test_failures")
def test_a_failure_is_told_in_both_languages_and_without_details(
    address: str, status: int, chinese: str, english: str
) -> None:
    answer = Client(raise_request_exception=False).get(address)
    page = answer.content.decode()
    assert answer.status_code == status
    assert chinese in page
    assert english in page
    assert "secret" not in page
    assert "Content-Security-Policy" in answer.headers
    assert '<link rel="icon" href="/static/look/mark.svg' in page


@override_settings(ROOT_URLCONF="tests.config.test_failures")
def test_a_missing_database_asks_to_come_back() -> None:
    answer = Client(raise_request_exception=False).get("/fail/gone")
    assert answer.headers["Retry-After"] == "30"


def test_a_stale_form_is_told_to_reload() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"login": "x", "password": "y"})
    assert answer.status_code == 403
    assert "刷新" in answer.content.decode()


@pytest.mark.django_db
def test_it_says_that_it_is_well(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_it_says_that_it_is_not_well_when_the_database_is_gone(client: Client) -> None:
    def refuse(*_words: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(refuse):
        answer = client.get("/healthz")
    assert answer.status_code == 503
