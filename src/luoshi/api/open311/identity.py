"""Identity: the same request sent twice is one case.

A client says which request it is by the header ``Idempotency-Key`` or by its own number of it. One
that only says for whom it asks (``account_id``) is taken to repeat itself when the same account
says the same words about the same place on the same day.

Terms    resend 重发 · idempotency 幂等
"""

from __future__ import annotations

import hmac
import json
from hashlib import sha256
from uuid import UUID

from django.conf import settings

from luoshi.actions import clock
from luoshi.api.open311.asking import Ask
from luoshi.formats.open311 import attributes_in
from luoshi.store.applications import Application
from luoshi.store.keys import new_key

MOST = 200
SAME = ("service_code", "description", "lat", "long", "address_string", "address_id")


def case_key(ask: Ask, application: Application) -> str:
    """Return the key of the case that this request opens, or has opened before."""
    words = _words(ask)
    return derived_key(application, *words) if words else new_key()


def _words(ask: Ask) -> tuple[str, ...]:
    header = ask.request.META.get("HTTP_IDEMPOTENCY_KEY", "").strip()[:MOST]
    if header:
        return "header", header
    own = attributes_in(ask.form.lists()).get(ask.door.client_id) if ask.door.client_id else None
    if own:
        return "client", own[0][:MOST]
    account = ask.one("account_id")[:MOST]
    if account:
        said = json.dumps([ask.one(name) for name in SAME])
        return "account", account, clock.now().date().isoformat(), said
    return ()


def derived_key(application: Application, *words: str) -> str:
    """Return a key that follows from *words*, and that nobody but this installation can guess."""
    said = json.dumps([application.id, *words]).encode()
    digest = hmac.new(settings.SECRET_KEY.encode(), b"open311 " + said, sha256).digest()
    return str(UUID(bytes=digest[:16], version=5))
