"""Addresses of the API, each behind ``around``; what is none of them is a problem, not a page."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, re_path

from luoshi.api.v1.around import around
from luoshi.api.v1.errors import PathUnknown
from luoshi.api.v1.problems import problem
from luoshi.api.v1.site import api


def unknown(request: HttpRequest) -> HttpResponse:
    """Say that there is nothing here."""
    return problem(PathUnknown())


app_name = "api"
urlpatterns = [
    URLPattern(
        one.pattern,
        around(unknown if one.name == "api-root" else one.callback),
        one.default_args,
        one.name,
    )
    for one in api.urls[0]
    if isinstance(one, URLPattern)
]
urlpatterns.append(re_path(r"", around(unknown), name="unknown"))
