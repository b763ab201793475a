"""Is it well? For load balancers and for whoever starts it."""

from functools import lru_cache

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from luoshi.store.programmes import calendars, offered
from luoshi.store.running import is_migrated

TEXT = "text/plain; charset=utf-8"


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  Django passes it
    """Answer 200 ``ok`` when the database answers, 503 otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type=TEXT)


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  Django passes it
    """Answer 200 ``ready`` when people can be sent here.

    The database answers, its tables are those of this version, and programmes and calendars can be
    read; 503 with the reason otherwise. A load balancer asks this, a supervisor ``healthz``.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if not _is_migrated():
        return _not_yet("the tables are not those of this version; run `luoshi init`")
    try:
        offered()
        calendars()
    except Exception as reason:  # noqa: BLE001  whatever it is, nobody can be served
        return _not_yet(f"programmes or calendars cannot be read ({type(reason).__name__})")
    return HttpResponse("ready\n", content_type=TEXT)


def _not_yet(why: str) -> HttpResponse:
    return HttpResponse(f"{why}\n", status=503, content_type=TEXT)


@lru_cache(maxsize=1)
def _once_migrated() -> bool:
    """Remember a yes: tables do not go back to an older version while a process runs."""
    if not is_migrated():
        raise LookupError
    return True


def _is_migrated() -> bool:
    try:
        return _once_migrated()
    except LookupError:
        return False
