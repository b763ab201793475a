"""What goes around every answer: rules for browsers, and a calm page without a database."""

from __future__ import annotations

import errno
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.messages.storage import default_storage
from django.contrib.messages.storage.base import BaseStorage
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from luoshi.config.failures import unavailable

GONE = (InterfaceError, OperationalError, psycopg.InterfaceError, psycopg.OperationalError)
Answer = Callable[[HttpRequest], HttpResponse]


def content_policy(tiles: str, sign_in: str = "") -> str:
    """Return the policy: everything from here; map tiles from the address configured.

    A form may lead to the sign-in server of the house, where there is one.
    """
    images = ["'self'", "data:", "blob:"]
    if tiles:
        images.append(_origin(tiles))
    rules = {
        "default-src": "'self'",
        "img-src": " ".join(images),
        "style-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": f"'self' {_origin(sign_in)}".strip(),
        "frame-ancestors": "'none'",
        "worker-src": "'self'",
        "manifest-src": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _origin(address: str) -> str:
    return urlsplit(address)._replace(path="", query="", fragment="").geturl()


class BrowserRules:
    """Say what a page may load and use; nothing may come from elsewhere."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.headers = {
            "Content-Security-Policy": content_policy(
                settings.LUOSHI.tiles, settings.LUOSHI_DOORS.sign_in.url
            ),
            "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the rules to the answer, unless the view has set its own."""
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        return response


READ_ANYWHERE = ("/public/feed.", "/public/open-data/", "/api/webhooks/")
"""Doors of published data that pages of others may read from a browser (CORS).

Open311 answers for itself; nothing behind these depends on who is signed in.
"""

PREFLIGHT = {
    "Allow": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class ReadAnywhere:
    """Let the pages of others read published data, and answer their browsers' question first."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer OPTIONS at these doors; say of what is read there that anybody may."""
        if not request.path.startswith(READ_ANYWHERE):
            return self.get_response(request)
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=PREFLIGHT)
        response = self.get_response(request)
        if request.method in ("GET", "HEAD"):
            response.headers["Access-Control-Allow-Origin"] = "*"
        return response


class Language:
    """Speak the language that the browser asks for, or that was chosen.

    Django's own middleware looks at every address for a language, twice; here none has one.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Choose the language before the view is called, and name it in the answer."""
        language = translation.get_language_from_request(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language() or language)
        return response


class Messages(MessageMiddleware):
    """Keep messages for the next page; nothing is made ready for who has none to write or read."""

    def process_request(self, request: HttpRequest) -> None:
        """Let the messages be looked for when somebody needs them."""
        request._messages = SimpleLazyObject(partial(_messages, request))  # type: ignore[attr-defined]

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Write down what was said, if anything was."""
        if getattr(request, "luoshi_has_messages", False):
            return super().process_response(request, response)
        return response


def _messages(request: HttpRequest) -> BaseStorage:
    request.luoshi_has_messages = True  # type: ignore[attr-defined]
    return default_storage(request)


class DatabaseGone:
    """Answer 503 with a readable page when the database does not answer, or the disk is full."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; middleware below may need the database as well."""
        try:
            return self.get_response(request)
        except (*GONE, OSError) as reason:
            if not _is_ours_to_explain(reason):
                raise
            return unavailable(request, reason)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a view's loss of database or disk into the page; leave other mistakes alone."""
        if _is_ours_to_explain(exception):
            return unavailable(request, exception)
        return None


def _is_ours_to_explain(exception: Exception) -> bool:
    """Return whether the database does not answer, or the disk for files is full."""
    if isinstance(exception, GONE):
        return True
    return isinstance(exception, OSError) and exception.errno in (errno.ENOSPC, errno.EDQUOT)
