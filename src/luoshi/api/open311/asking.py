"""Asking: one request at this door, and the answer in the form its address ends in.

Every view gets an ``Ask`` and returns a ``Told``; what it refuses becomes the errors of the
standard, in the same form.

Terms    jurisdiction 辖区 · suffix 后缀
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps

import structlog
from django.core.exceptions import BadRequest, SuspiciousOperation, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from luoshi.api.open311.door import Door, door
from luoshi.api.open311.refusals import Problem, Stop, errors_out, missing
from luoshi.formats.forms import TooManyFields, form_in
from luoshi.formats.open311 import ParameterWrong, Suffix, written
from luoshi.kernel.programme import Programme, label
from luoshi.store.applications import Application, application_with
from luoshi.store.programmes import offered

log = structlog.get_logger(__name__)
READ = ("GET", "HEAD")
FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 500
MOST_PARAMETER = 20_000
MOST_BODY = 200_000_000
"""Bytes of a form with its files: nine of the largest, and some words."""

DAY = "86400"
EXPOSED = "Link, X-Result-Count, X-Page-Count, X-Page-Size, X-Next-Page-URL, X-Previous-Page-URL"


@dataclass(frozen=True)
class Told:
    """What a view has to say."""

    root: str
    value: object
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ask:
    """One request, with its parameters: those of the form, and after them those of the address."""

    request: HttpRequest
    suffix: Suffix
    door: Door
    language: str
    is_test: bool = False

    def one(self, *names: str) -> str:
        """Return the first of the parameters *names* that is not empty; else nothing."""
        for known in self._known:
            for name in names:
                if name in known:
                    return known[name]
        return ""

    def all(self, *names: str) -> list[str]:
        """Return every value of the parameters *names* that is not empty."""
        values = (v for given in self._given for n in names for v in given.getlist(n))
        return [value.strip() for value in values if value.strip()]

    @cached_property
    def form(self) -> MultiValueDict[str, str]:
        """The form that was posted; one without files is read by our own, faster reader."""
        if not self.is_plain:
            return self.request.POST
        try:
            return MultiValueDict(form_in(self.request.body, MOST_FIELDS))
        except TooManyFields:
            raise TooManyFieldsSent from None

    @cached_property
    def is_plain(self) -> bool:
        """Whether the form can hold no files."""
        has_charset = self.request.encoding not in (None, "utf-8")
        return self.request.content_type == FORM and not has_charset

    @cached_property
    def _known(self) -> list[dict[str, str]]:
        """The last value of each parameter, of those that say something."""
        return [
            {
                name: text[:MOST_PARAMETER]
                for name in given
                if (text := given.get(name, "").strip())
            }
            for given in self._given
        ]

    @cached_property
    def _given(self) -> list[MultiValueDict[str, str]]:
        posted = [self.form] if self.request.method == "POST" else []
        return [*posted, self.request.GET]

    def words(self, labels: Mapping[str, str] | None) -> str:
        """Return the words of *labels* in the language of the answer."""
        return label(labels, self.language) if labels else ""

    def programmes(self) -> Mapping[str, Programme]:
        """Return the programmes of the jurisdiction that is asked.

        Raises:
            Stop: It is unknown (404), or must be named and is not (400).
        """
        return self._programmes

    @cached_property
    def is_extended(self) -> bool:
        """Whether more is wanted than the standard has."""
        return self.one("extensions").lower() == "true"

    @cached_property
    def _programmes(self) -> Mapping[str, Programme]:
        if not self.door.has_several:
            only = next(iter(self.door.jurisdictions.values()), None)
            return {k: v for k, v in offered().items() if only is None or k in only}
        name = self.one("jurisdiction_id")
        if not name:
            raise missing("jurisdiction_id")
        if name not in self.door.jurisdictions:
            raise Stop(404, Problem("jurisdiction.unknown", "jurisdiction_id"))
        return {k: v for k, v in offered().items() if k in self.door.jurisdictions[name]}

    @property
    def has_key(self) -> bool:
        """Whether a key is shown: what is answered then is for nobody else."""
        meta = self.request.META
        return "HTTP_X_API_KEY" in meta or "api_key" in meta.get("QUERY_STRING", "")

    def application(self) -> Application | None:
        """Return who shows a key that is good; a wrong one is no one's."""
        return application_with(self.one("api_key") or self.request.META.get("HTTP_X_API_KEY", ""))


View = Callable[..., Told]


def answering(*methods: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """Make a view of the site from one that takes an ``Ask``; refuse methods not named."""

    def decorated(view: View) -> Callable[..., HttpResponse]:
        @csrf_exempt  # nothing that a browser holds is used: the key comes in the form
        @wraps(view)
        def answered(request: HttpRequest, suffix: str, **words: object) -> HttpResponse:
            is_test = bool(words.pop("test", None))
            form = Suffix(suffix.lower())
            ask = Ask(request, form, door(), _language(request), is_test)
            if request.method == "OPTIONS":
                return _asked_first(methods)
            try:
                _refuse_unread(request, methods)
                told = _told(view, ask, words)
            except Stop as stop:
                found = errors_out(stop.status, stop.problems, ask.language)
                told = Told("errors", found, stop.headers)
                return _response(ask, told, stop.status)
            return _response(ask, told, 200)

        return answered

    return decorated


def _asked_first(methods: tuple[str, ...]) -> HttpResponse:
    """Tell a browser, which asks before it lets a page ask, that any page may read here.

    Sending in needs a key, which does not belong into a page: it is not allowed to one.
    """
    return HttpResponse(
        status=204,
        headers={
            "Allow": ", ".join((*methods, "OPTIONS")),
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": ", ".join(READ),
            "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
            "Access-Control-Max-Age": DAY,
        },
    )


def _refuse_unread(request: HttpRequest, methods: tuple[str, ...]) -> None:
    """Refuse what need not be read at all."""
    if request.method not in methods:
        allowed = ", ".join((*methods, "OPTIONS"))
        raise Stop(405, Problem("method.refused"), headers={"Allow": allowed})
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length[:12]) > MOST_BODY:
        raise Stop(413, Problem("file.too_big"))


def _told(view: View, ask: Ask, words: Mapping[str, object]) -> Told:
    try:
        return view(ask, **words)
    except ParameterWrong as wrong:
        raise Stop(400, Problem(wrong.code, wrong.name, wrong.data)) from None
    except (BadRequest, SuspiciousOperation, MultiPartParserError) as wrong:
        log.warning("form refused", path=ask.request.path, reason=str(wrong))
        raise Stop(400, Problem("form.broken")) from None


def _language(request: HttpRequest) -> str:
    try:
        wanted = request.GET.get("locale", "").lower()
    except SuspiciousOperation:  # an address of thousands of parameters: refused further on
        wanted = ""
    return "en" if (wanted or get_language() or "").startswith("en") else "zh-Hans"


def _response(ask: Ask, told: Told, status: int) -> HttpResponse:
    charset = "" if ask.door.has_plain_types else "; charset=utf-8"
    body = written(told.root, told.value, ask.suffix)
    response = HttpResponse(body, content_type=f"{ask.suffix.media_type}{charset}", status=status)
    is_private = ask.request.method == "POST" or ask.has_key
    response.headers["Cache-Control"] = "no-store" if is_private else "no-cache"
    if not is_private and ask.request.method in READ:
        response = _unless_known(ask.request, response)
    for name, value in told.headers.items():
        response.headers[name] = value
    if ask.request.method in READ:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
    response.headers["Content-Language"] = ask.language
    return response


def _unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return *response*, or 304 to whoever has it; what goes beside it is told to both."""
    set_response_etag(response)
    tag = response.headers["ETag"]
    return get_conditional_response(request, tag, response=response) or response
