"""Problems: every refusal as ``application/problem+json`` (RFC 9457), with its stable code.

Terms    problem 问题 · code 错误代码
Source   RFC 9457, section 3
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import psycopg
import structlog
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.core.serializers.json import DjangoJSONEncoder
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from luoshi.actions.sentences import problem_sentence, refusal_sentence
from luoshi.api.v1.errors import (
    DatabaseGone,
    MethodRefused,
    PathUnknown,
    RequestInvalid,
    RequestTooBig,
    invalid,
)
from luoshi.kernel.errors import FieldProblem, FieldsRefused, LuoshiError

CONTENT_TYPE = "application/problem+json"
TYPE = "urn:luoshi:problem:"
GONE = (InterfaceError, OperationalError, psycopg.InterfaceError, psycopg.OperationalError)
MOST_BYTES = 2_500_000
MOST_PROBLEMS = 50
MOST_DETAIL = 2_000
REFUSED = 409

STATUS: Mapping[str, int] = {
    "auth.missing": 401,
    "auth.invalid": 401,
    "auth.scope": 403,
    "auth.no_post": 403,
    "auth.csrf": 403,
    "rate.exceeded": 429,
    "code.too_many": 429,
    "request.invalid": 422,
    "request.too_big": 413,
    "path.unknown": 404,
    "area.none_at_point": 404,
    "method.refused": 405,
    "database.gone": 503,
    "case.not_found": 404,
    "case.stale": 412,
    "programme.unknown": 404,
    "transition.unknown": 404,
    "transition.not_yours": 403,
    "transition.same_person": 403,
    "fields.refused": 422,
    "file.empty": 422,
    "file.broken": 422,
    "file.too_big": 413,
    "file.kind": 415,
    "upload.unknown": 404,
    "upload.too_long": 422,
    "upload.digest": 422,
    "upload.too_much": 429,
}
"""Status by code; every other refusal is a conflict with how things stand (409)."""

SAID = ("offset", "given", "scope", "seconds", "most", "size", "done", "now", "seen", "allowed")
"""Facts of a refusal that programs may want; none is personal."""

OWN = "Value error, "
"""How pydantic begins a sentence of ours."""

log = structlog.get_logger(__name__)


def status_of(error: LuoshiError) -> int:
    """Return the status with which *error* is told."""
    return STATUS.get(error.code, REFUSED)


def problem(error: LuoshiError, **more: object) -> HttpResponse:
    """Return *error* as a problem, with *more* members."""
    found = error.problems if isinstance(error, FieldsRefused | RequestInvalid) else ()
    body: dict[str, Any] = {
        "type": f"{TYPE}{error.code}",
        "title": refusal_sentence(error),
        "status": status_of(error),
        "code": error.code,
        "detail": str(error)[:MOST_DETAIL],
        "facts": {name: error.data[name] for name in SAID if name in error.data},
        "problems": [_told(one) for one in found[:MOST_PROBLEMS]],
        **more,
    }
    return answer(body)


def answer(body: Mapping[str, Any]) -> HttpResponse:
    """Return the problem *body* as a response."""
    text = json.dumps(body, cls=DjangoJSONEncoder)
    response = HttpResponse(text, status=body["status"], content_type=CONTENT_TYPE)
    seconds = body.get("facts", {}).get("seconds")
    if seconds is not None:
        response.headers["Retry-After"] = str(seconds)
    if body["status"] == 401:  # noqa: PLR2004  RFC 9110, 15.5.2
        response.headers["WWW-Authenticate"] = 'Bearer realm="luoshi"'
    return response


def method_refused(allowed: str) -> HttpResponse:
    """Return that this address takes no other methods than those *allowed*, with commas."""
    response = problem(MethodRefused(allowed=allowed))
    response.headers["Allow"] = allowed
    return response


def _told(one: FieldProblem) -> dict[str, object]:
    reason = one.data.get("reason")
    return {"field": one.field, "code": one.code, "message": reason or problem_sentence(one)}


def understand(api: NinjaAPI) -> None:
    """Let *api* tell every error as a problem."""
    api.add_exception_handler(LuoshiError, _luoshi)
    api.add_exception_handler(ValidationError, _validation)
    api.add_exception_handler(HttpError, _http)
    api.add_exception_handler(Http404, _missing)
    api.add_exception_handler(RequestDataTooBig, _too_big)
    api.add_exception_handler(TooManyFieldsSent, _too_many)
    api.add_exception_handler(RecursionError, _too_deep)
    for gone in GONE:
        api.add_exception_handler(gone, _gone)


def _luoshi(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error)


def _validation(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(RequestInvalid(list(_where(error.errors))[:MOST_PROBLEMS]))


def _where(errors: Iterable[Mapping[str, Any]]) -> Iterable[FieldProblem]:
    for one in errors:
        place = ".".join(str(part) for part in one.get("loc", ()))
        reason = str(one.get("msg", "")).removeprefix(OWN)
        yield FieldProblem(place, "request.invalid", {"reason": reason})


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(invalid("body", "this is not JSON"))


def _missing(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(PathUnknown())


def _too_big(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(RequestTooBig(most=MOST_BYTES))


def _too_many(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(invalid("query", "these are too many parameters"))


def _too_deep(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(invalid("body", "this is nested too deeply"))


def _gone(request: HttpRequest, error: Any) -> HttpResponse:
    log.error("database gone", path=request.path, reason=str(error))
    return problem(DatabaseGone(seconds=30))
