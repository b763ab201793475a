"""Following: a requester's own case, opened by number and query code, on pages and by the API.

Wrong codes are counted per client and per number for one hour, wherever they were tried, so that
nobody can try many. The limit per number is wide: guessing must not lock out the person whose
matter it is, and the code has 8 of 31 signs.

Terms    follow 查询进度 · query code 查询码 · register number 登记编号
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from ipaddress import IPv6Address, IPv6Network
from math import ceil

from django.conf import settings

from luoshi.actions import clock
from luoshi.kernel.errors import CaseNotFound, Refused
from luoshi.store.guesses import count_guess, guesses, window_end
from luoshi.store.queries import case_followed
from luoshi.store.sight import CaseView

PER_CLIENT, PER_NUMBER = 20, 200
"""Wrong codes within an hour."""

MOST_ADDRESS = 60
NETWORK_BITS = 64


class CodesExceeded(Refused):
    """Too many wrong query codes were tried within an hour; ``until`` ends the hour."""

    code = "code.too_many"
    template = "too many wrong query codes were tried; wait {seconds} seconds"

    def __init__(self, until: datetime, now: datetime) -> None:
        self.until = until
        super().__init__(seconds=ceil((until - now).total_seconds()))


def follow(number: str, code: str, client: str) -> CaseView:
    """Return the case that *number* and *code* open, as its requester sees it.

    Args:
        number: Register number.
        code: Query code.
        client: Address of whoever tries (``client_address``).

    Raises:
        Refused: ``CaseNotFound`` when the two do not belong together, ``CodesExceeded``.
    """
    now = clock.now()
    limits = {f"client {client}": PER_CLIENT, f"number {number[:MOST_ADDRESS]}": PER_NUMBER}
    for who, most in limits.items():
        if guesses(settings.SECRET_KEY, who, now) >= most:
            raise CodesExceeded(window_end(now), now)
    try:
        return case_followed(number, code, now)
    except CaseNotFound:
        for who in limits:
            count_guess(settings.SECRET_KEY, who, now)
        raise


def client_address(headers: Mapping[str, str], remote: str) -> str:
    """Return the address a request came from; behind a proxy, what the proxy says it was.

    Of IPv6 it is the network of 64 bits: whoever has one address there has all of them.
    """
    forwarded = headers.get("X-Forwarded-For", "") if settings.IS_PUBLIC else ""
    found = (forwarded.rpartition(",")[2].strip() or remote)[:MOST_ADDRESS]
    return _network(found) if ":" in found else found


def _network(address: str) -> str:
    """Return the network that an IPv6 address lies in; an IPv4 address that it stands for."""
    try:
        found = IPv6Address(address.partition("%")[0])
    except ValueError:  # with a port, or made up: it is counted as it is
        return address
    return str(found.ipv4_mapped or IPv6Network((found, NETWORK_BITS), strict=False))
