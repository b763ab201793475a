"""Bearer tokens of the city's identity server, verified with the keys it publishes."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from tests.api.v1.conftest import Api, Watch, account

from luoshi.api.v1 import oidc

AUDIENCE = "luoshi"


@dataclass
class Server:
    """An identity server on this machine: its address, its keys, and how often it was asked."""

    address: str = ""
    asked: list[str] = field(default_factory=list)
    keys: dict[str, Any] = field(default_factory=dict)

    def token(self, key: str = "one", algorithm: str = "ES256", **claims: Any) -> str:
        return jwt.encode(claims, self.keys[key], algorithm, headers={"kid": key})

    def document(self, path: str) -> dict[str, Any]:
        self.asked.append(path)
        if path == oidc.WELL_KNOWN:
            return {"jwks_uri": f"{self.address}/keys"}
        found = [jwt.algorithms.ECAlgorithm.to_jwk(self.keys["one"].public_key(), as_dict=True)]
        return {"keys": [key | {"kid": "one", "alg": "ES256", "use": "sig"} for key in found]}


@pytest.fixture
def server() -> Iterator[Server]:
    known = Server(keys={"one": ec.generate_private_key(ec.SECP256R1())})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(known.document(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    listening = HTTPServer(("127.0.0.1", 0), Handler)
    known.address = f"http://127.0.0.1:{listening.server_port}"
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    oidc.forget_keys()
    yield known
    listening.shutdown()
    listening.server_close()
    thread.join()
    oidc.forget_keys()


@pytest.fixture
def trusted(server: Server, city: None, monkeypatch: pytest.MonkeyPatch) -> Server:
    told = replace(settings.LUOSHI, oidc_issuer=server.address, oidc_audience=AUDIENCE)
    monkeypatch.setattr(settings, "LUOSHI", told)
    return server


@pytest.fixture
def claims(trusted: Server, watch: Watch) -> Callable[..., dict[str, Any]]:
    """Return the claims of a good token, changed as asked; ``None`` takes one away."""
    account("supervisor", name="zhang.example")

    def of(**changed: Any) -> dict[str, Any]:
        good = {
            "iss": trusted.address,
            "aud": AUDIENCE,
            "exp": int(watch.now.timestamp()) + 600,
            "preferred_username": "zhang.example",
            "scope": "openid luoshi:read",
        }
        return {name: value for name, value in (good | changed).items() if value is not None}

    return of


def test_a_good_token_acts_as_the_account_it_names(
    trusted: Server, claims: Callable[..., dict[str, Any]]
) -> None:
    api = Api(trusted.token(**claims()))
    api.get("/cases")
    api.get("/cases")
    assert trusted.asked == [oidc.WELL_KNOWN, "/keys"], "the keys are asked for once"
    assert api.get("/exports/cases", 403)["code"] == "auth.scope"


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": 1},
        {"exp": None},
        {"exp": "soon"},
        {"nbf": 4_000_000_000},
        {"aud": "somebody-else"},
        {"aud": None},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"preferred_username": None},
        {"preferred_username": "nobody-here"},
        {"preferred_username": "zhang\0"},
        {"preferred_username": ["zhang.example"]},
    ],
    ids=str,
)
def test_a_token_that_is_not_good_is_refused(
    changed: dict[str, Any], trusted: Server, claims: Callable[..., dict[str, Any]]
) -> None:
    told = Api(trusted.token(**claims(**changed))).get("/cases", 401)
    assert told["code"] == "auth.invalid"


@pytest.mark.parametrize("scope", ["openid", "read", "luoshi:everything", None, ["luoshi:act"]])
def test_a_token_is_good_for_its_scopes_alone(
    scope: Any, trusted: Server, claims: Callable[..., dict[str, Any]]
) -> None:
    told = Api(trusted.token(**claims(scope=scope))).get("/cases", 403)
    assert told["code"] == "auth.scope"


def test_a_token_signed_by_somebody_else_is_refused(
    trusted: Server, claims: Callable[..., dict[str, Any]]
) -> None:
    public = trusted.keys["one"].public_key()
    text = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    made_by_others = (
        jwt.encode(claims(), ec.generate_private_key(ec.SECP256R1()), "ES256", {"kid": "one"}),
        jwt.encode(claims(), text.hex(), "HS256", {"kid": "one"}),
        jwt.encode(claims(), None, "none", {"kid": "one"}),
    )
    for token in made_by_others:
        assert Api(token).get("/cases", 401)["code"] == "auth.invalid"


def test_an_unknown_key_does_not_make_us_ask_again_and_again(
    trusted: Server, claims: Callable[..., dict[str, Any]]
) -> None:
    trusted.keys["two"] = rsa.generate_private_key(65537, 2048)
    for _ in range(5):
        Api(trusted.token("two", "RS256", **claims())).get("/cases", 401)
    assert len(trusted.asked) == 2


def test_without_an_issuer_no_such_token_is_taken(server: Server, city: None) -> None:
    token = server.token(iss=server.address, aud=AUDIENCE, exp=4_000_000_000)
    assert Api(token).get("/cases", 401)["code"] == "auth.invalid"
    assert server.asked == []


def test_a_server_that_does_not_answer_refuses(
    trusted: Server, claims: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = replace(settings.LUOSHI, oidc_issuer="http://127.0.0.1:9")
    monkeypatch.setattr(settings, "LUOSHI", silent)
    token = trusted.token(**claims(iss="http://127.0.0.1:9"))
    assert Api(token).get("/cases", 401)["code"] == "auth.invalid"
