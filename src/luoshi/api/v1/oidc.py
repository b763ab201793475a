"""OIDC: a bearer token of the city's own identity server, verified with its published keys.

Off unless ``LUOSHI_OIDC_ISSUER`` and ``LUOSHI_OIDC_AUDIENCE`` are set. The claim
``LUOSHI_OIDC_CLAIM`` names the account; accounts are made by an administrator, never by a token.
What the token may be used for stands in its ``scope``: ``luoshi:read luoshi:act luoshi:export``.

Terms    issuer 签发方 · claim 声明 · key set 密钥集 (JWKS)
Source   RFC 7519 (JWT), RFC 7517 (JWK), RFC 8725 (only algorithms with a public key)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Any, Protocol
from urllib.request import Request, urlopen

import jwt
import structlog

from luoshi.store.tokens import SCOPES

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
PREFIX = "luoshi:"
SLACK_SECONDS = 30
"""How far two clocks may differ."""

FRESH_SECONDS = 3600.0
AGAIN_SECONDS = 60.0
"""How soon the keys are asked for again when a token names an unknown one."""

TIMEOUT_SECONDS = 5.0
MOST_BYTES = 500_000
MOST_TOKEN = 8_000
WELL_KNOWN = "/.well-known/openid-configuration"

log = structlog.get_logger(__name__)


class Configured(Protocol):
    """What the environment says about the identity server."""

    @property
    def oidc_issuer(self) -> str:
        """Address of the server, as it stands in its tokens; empty: none."""

    @property
    def oidc_audience(self) -> str:
        """For whom the tokens must be made."""

    @property
    def oidc_claim(self) -> str:
        """Which claim holds the name of the account."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a token speaks for, and what it may be used for."""

    username: str
    scopes: frozenset[str]


@dataclass
class Keys:
    """The published keys of one server, fetched when needed and not more often."""

    issuer: str
    lock: Lock = field(default_factory=Lock)
    held: dict[str, Any] = field(default_factory=dict)
    fetched: float = -FRESH_SECONDS

    def named(self, name: str) -> Any | None:
        """Return the key *name*; ``None`` when the server publishes none of that name."""
        with self.lock:
            age = monotonic() - self.fetched
            if age >= FRESH_SECONDS or (name not in self.held and age >= AGAIN_SECONDS):
                self._fetch()
            return self.held.get(name)

    def _fetch(self) -> None:
        self.fetched = monotonic()
        try:
            place = _json(self.issuer.rstrip("/") + WELL_KNOWN)["jwks_uri"]
            found = jwt.PyJWKSet.from_dict(_json(place))
        except (OSError, ValueError, KeyError, TypeError, jwt.PyJWTError) as reason:
            log.warning("keys of the identity server not read", reason=str(reason))
            return
        self.held = {key.key_id: key for key in found.keys if key.key_id}


_servers: dict[str, Keys] = {}


def forget_keys() -> None:
    """Ask for the keys again at the next token."""
    _servers.clear()


def _json(address: str) -> dict[str, Any]:
    if not address.startswith(("https://", "http://")):
        raise ValueError(f"not a web address: {address[:60]}")
    asked = Request(address, headers={"Accept": "application/json"})  # noqa: S310  checked above
    with urlopen(asked, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
        found = json.loads(answer.read(MOST_BYTES))
    if not isinstance(found, dict):
        raise TypeError("not a JSON object")
    return found


def identity(text: str, configured: Configured, now: datetime) -> Identity | None:
    """Return whom the token *text* speaks for; ``None`` when it is not good, or none is taken."""
    if not (configured.oidc_issuer and configured.oidc_audience) or len(text) > MOST_TOKEN:
        return None
    try:
        claims = _claims(text, configured)
    except (jwt.PyJWTError, ValueError) as reason:
        log.info("token refused", reason=str(reason))
        return None
    username = claims.get(configured.oidc_claim)
    if not _is_timely(claims, now) or not isinstance(username, str) or not username:
        return None
    return Identity(username, _scopes(claims))


def _claims(text: str, configured: Configured) -> dict[str, Any]:
    name = jwt.get_unverified_header(text).get("kid", "")
    issuer = configured.oidc_issuer
    key = _servers.setdefault(issuer, Keys(issuer)).named(str(name))
    if key is None:
        raise jwt.InvalidKeyError(f"no key {str(name)[:60]!r}")
    found: dict[str, Any] = jwt.decode(
        text,
        key,
        algorithms=list(ALGORITHMS),
        audience=configured.oidc_audience,
        issuer=issuer,
        # what time it is, is an argument: see _is_timely
        options={"require": ["exp", "iss", "aud"], "verify_exp": False, "verify_nbf": False,
                 "verify_iat": False},
    )  # fmt: skip
    return found


def _is_timely(claims: Mapping[str, Any], now: datetime) -> bool:
    at = now.timestamp()
    ends, begins = claims.get("exp"), claims.get("nbf", 0)
    if not isinstance(ends, int | float) or not isinstance(begins, int | float):
        return False
    return begins - SLACK_SECONDS <= at < ends + SLACK_SECONDS


def _scopes(claims: Mapping[str, Any]) -> frozenset[str]:
    given = claims.get("scope", "")
    words = given.split() if isinstance(given, str) else given if isinstance(given, list) else []
    named = {str(word).removeprefix(PREFIX) for word in words if str(word).startswith(PREFIX)}
    return frozenset(named & set(SCOPES))
