"""The entrance to a followed case: number and query code, remembered in the session.

Wrong codes are counted per client and per number for one hour, so that nobody can try many. The
limit per number is wide: guessing must not lock out the person whose matter it is, and the code
has 8 of 31 signs.

Terms    query code 查询码 · register number 登记编号
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from luoshi.actions import clock
from luoshi.kernel.access import requester_of
from luoshi.kernel.errors import CaseNotFound
from luoshi.store.guesses import count_guess, guesses, window_end
from luoshi.store.queries import case_followed
from luoshi.store.sight import CaseView, case_seen

HELD = "followed"
MOST_HELD = 20
PER_CLIENT = 20
PER_NUMBER = 200


class TooManyGuesses(Exception):
    """Too many wrong codes in this hour; ``until`` says when the next try is possible."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(str(until))


def let_in(request: HttpRequest, number: str, code: str) -> CaseView:
    """Return the case that *number* and *code* open, and remember it.

    Raises:
        CaseNotFound: The two do not belong together.
        TooManyGuesses: Too many were tried in this hour.
    """
    now = clock.now()
    limits = {f"client {client_of(request)}": PER_CLIENT, f"number {number[:60]}": PER_NUMBER}
    for who, most in limits.items():
        if guesses(settings.SECRET_KEY, who, now) >= most:
            raise TooManyGuesses(window_end(now))
    try:
        view = case_followed(number, code, now)
    except CaseNotFound:
        for who in limits:
            count_guess(settings.SECRET_KEY, who, now)
        raise
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
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.IS_PUBLIC else ""
    return (forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", ""))[:60]
