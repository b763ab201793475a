"""The entrance to a followed case: number and query code, remembered in the session.

Wrong codes are counted where the API counts them too (``actions.following``).

Terms    query code 查询码 · register number 登记编号
"""

from __future__ import annotations

from django.http import HttpRequest

from luoshi.actions import clock
from luoshi.actions.following import client_address, follow
from luoshi.kernel.access import requester_of
from luoshi.kernel.errors import CaseNotFound
from luoshi.store.sight import CaseView, case_seen

HELD = "followed"
MOST_HELD = 20


def let_in(request: HttpRequest, number: str, code: str) -> CaseView:
    """Return the case that *number* and *code* open, and remember it.

    Raises:
        CaseNotFound: The two do not belong together.
        CodesExceeded: Too many were tried in this hour.
    """
    view = follow(number, code, client_of(request))
    remember(request, view.number, view.case.id)
    return view


def remember(request: HttpRequest, number: str, case: str) -> None:
    """Let this session follow the case *number* from now on."""
    held = {**request.session.get(HELD, {}), number: case}
    request.session[HELD] = dict(list(held.items())[-MOST_HELD:])


def followed(request: HttpRequest) -> dict[str, str]:
    """Return the cases that this session follows: number to key."""
    return dict(request.session.get(HELD, {}))


def forget(request: HttpRequest) -> None:
    """Follow nothing any more, and write nothing any more."""
    request.session.flush()


def followed_case(request: HttpRequest, number: str) -> CaseView:
    """Return the case *number* as its requester sees it.

    Raises:
        CaseNotFound: This session has not shown its query code.
    """
    key = followed(request).get(number)
    if key is None:
        raise CaseNotFound
    return case_seen(key, requester_of(key), clock.now())


def client_of(request: HttpRequest) -> str:
    """Return the address the request came from; behind a proxy, what the proxy says it was."""
    return client_address(request.headers, request.META.get("REMOTE_ADDR", ""))
