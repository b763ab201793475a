"""Addresses of Open311. The base may be written with or without a slash at its end, or two."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt

from luoshi.api.open311.catalogue import definition, services
from luoshi.api.open311.discovery import discovery
from luoshi.api.open311.listing import request, requests
from luoshi.api.open311.posting import token
from luoshi.api.open311.refusals import Problem, errors_out
from luoshi.api.open311.updates import updates
from luoshi.api.open311.welcome import welcome
from luoshi.formats.open311 import Suffix, written

app_name = "open311"
BASE = r"^(?P<test>test/)?v2/*"
END = r"\.(?P<suffix>xml|json)\Z"
CODE = r"(?P<{}>[^/]{{1,200}}?)"


@csrf_exempt
def unknown(request: HttpRequest) -> HttpResponse:
    """Answer 404: there is no such address; the suffix alone chooses the form of an answer."""
    suffix = Suffix.JSON if request.path.endswith(".json") else Suffix.XML
    errors = errors_out(404, [Problem("suffix.unknown")], "en")
    body = written("errors", errors, suffix)
    return HttpResponse(body, status=404, content_type=f"{suffix.media_type}; charset=utf-8")


urlpatterns: list[URLPattern] = [
    re_path(rf"{BASE}requests{END}", requests, name="requests"),
    re_path(rf"^discovery{END}", discovery, name="discovery"),
    re_path(rf"{BASE}discovery{END}", discovery, name="discovery-here"),
    re_path(rf"{BASE}services{END}", services, name="services"),
    re_path(rf"{BASE}services/{CODE.format('code')}{END}", definition, name="definition"),
    re_path(rf"{BASE}requests/{CODE.format('number')}{END}", request, name="request"),
    re_path(rf"{BASE}tokens/{CODE.format('token')}{END}", token, name="token"),
    re_path(rf"{BASE}servicerequestupdates{END}", updates, name="updates"),
    re_path(r"^(?:(?:test/)?v2/*)?(?:discovery\.html)?\Z", welcome, name="welcome"),
    re_path(r"", unknown, name="unknown"),
]
