"""Schemathesis tries every route with what its description allows, and with what it does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
import schemathesis
from django.conf import settings as django
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis import checks
from schemathesis.specs.openapi import checks as openapi_checks
from tests.api.v1.conftest import account

from luoshi.actions.tokens import add_token
from luoshi.api.v1.snapshot import text
from luoshi.config.wsgi import application
from luoshi.store.tokens import SCOPES

EXAMPLES = 15
schema = schemathesis.openapi.from_dict(json.loads(text()))
schema.app = application
CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.negative_data_rejection,
]
"""All but those that cannot know what a programme asks for: answers of the right shape may still
be refused, and most of what a route names (a case, a file) does not exist."""


@pytest.fixture
def _kept_connection() -> Iterator[None]:
    """Let no request close the connection whose transaction the test undoes."""
    ends = (request_started, request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)


@pytest.fixture
def token(city: None, _kept_connection: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the token of somebody who sees everything and may ask as often as they like."""
    known = replace(django.LUOSHI, api_rate=1_000_000, api_rate_public=1_000_000)
    monkeypatch.setattr(django, "LUOSHI", known)
    return add_token(account("supervisor").username, "test", SCOPES)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_route_is_as_it_is_described(case: schemathesis.Case, token: str) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)
