"""Addresses that only take what is sent: whoever merely comes by is led to the page behind it.

People come by when they press Enter in the address bar, change the language of an answer, or sign
in again after their session was over while they were sending.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

View = Callable[..., HttpResponseBase]


def posted(page: str, *names: str) -> Callable[[View], View]:
    """Let a view be called for POST alone; GET leads to *page*.

    Args:
        page: Name of the route, as ``desk:case``.
        names: Parts of the address that both have, as ``number``.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if request.method in ("GET", "HEAD"):
                return redirect(reverse(page, kwargs={name: kwargs[name] for name in names}))
            if request.method != "POST":
                return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
            return view(request, *args, **kwargs)

        return guarded

    return guard
