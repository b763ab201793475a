"""Keys that repeat a request, and tags that say which step of a case was seen.

A request with the same ``Idempotency-Key`` is the same act: it is done once and answered again.
The ``ETag`` of a case is its step; ``If-Match`` makes an act fail when somebody was faster.

Terms    idempotency key 幂等键 · entity tag 版本标识
Source   RFC 9110 (ETag, If-Match); Idempotency-Key: IETF httpapi draft
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.http import HttpRequest

from luoshi.api.v1.caller import Caller
from luoshi.api.v1.errors import invalid
from luoshi.store.keys import is_key, new_key

SPACE = UUID("5d0f6e5c-3c63-5c0b-8f39-5f0e5f6ad3b1")
KEY = re.compile(r"[\x21-\x7e]{1,200}")
TAG = re.compile(r'"([0-9]{1,9})"')


@dataclass(frozen=True, slots=True)
class Sent:
    """What the headers of a request that acts say.

    Attributes:
        seen: The step that the caller saw last (``If-Match``); ``None`` when it does not matter.
        key: Stands for the ``Idempotency-Key`` of this caller; empty when none was sent.
    """

    seen: int | None
    key: str

    def act(self, what: str) -> str:
        """Return the key of the act *what*: the same one when it is sent again."""
        return str(uuid5(SPACE, f"{what}\n{self.key}")) if self.key else new_key()


def sent(request: HttpRequest, caller: Caller) -> Sent:
    """Return what the headers of *request* say.

    Raises:
        RequestInvalid: A header is none of what is asked for.
    """
    return Sent(_seen(request), _key(request, caller))


def _key(request: HttpRequest, caller: Caller) -> str:
    """Of somebody unknown it must be a UUID: nobody meets the act of somebody else by chance."""
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return ""
    if not KEY.fullmatch(given) or not (caller.is_known or is_key(given)):
        kind = "1 to 200 visible signs" if caller.is_known else "a UUID, in small letters"
        raise invalid("header.Idempotency-Key", f"this must be {kind}")
    return f"{caller.key if caller.is_known else 'anybody'}\n{given}"


def _seen(request: HttpRequest) -> int | None:
    given = request.headers.get("If-Match", "*").strip()
    if given == "*":
        return None
    found = TAG.fullmatch(given)
    if found is None:
        raise invalid("header.If-Match", 'this must be the ETag of a case, like "3"')
    return int(found[1])


def tag_of(step: int) -> str:
    """Return the entity tag of a case at *step*."""
    return f'"{step}"'
