"""Answers: what the parameters of a new request say, by the type of the field they fill.

No programme is known by name here: ``description`` goes to the first text that is asked, ``phone``
to the first telephone number, and so on.

Terms    parameter 参数 · field 表单项 · attribute 附加问题
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from urllib.parse import urlsplit

from luoshi.api.open311.asking import Ask
from luoshi.api.open311.catalogue import fields_of
from luoshi.api.open311.refusals import Problem, Stop
from luoshi.api.open311.services import Service
from luoshi.formats.open311 import ParameterWrong, attributes_in, degrees, instant_in
from luoshi.kernel.answers import MOST
from luoshi.kernel.programme import Field, FieldType
from luoshi.store.directory import directory
from luoshi.store.programmes import calendar_of

MOST_DESCRIPTION = 4_000
MOST_URL = 2_000
MOST_URLS = 9
CALLED = {
    FieldType.LINE: "description",
    FieldType.TEXT: "description",
    FieldType.POINT: "lat, long",
    FieldType.ADDRESS: "address_string",
    FieldType.NAME: "first_name, last_name",
    FieldType.PHONE: "phone",
    FieldType.EMAIL: "email",
    FieldType.CODE: "service_code",
    FieldType.FILES: "media",
}
"""What clients call the first field of a type."""

LISTS = (FieldType.CHOICES, FieldType.UNITS)


def called(service: Service) -> dict[str, str]:
    """Return the parameter by which each field is given, where it has one of its own."""
    names = {service.first(kind): parameter for kind, parameter in CALLED.items()}
    return {name: parameter for name, parameter in names.items() if name}


def answers_in(ask: Ask, service: Service) -> dict[str, object]:
    """Return the answers of a new request, all but its files.

    Raises:
        Stop: 400, the place is missing, or something cannot be understood.
        ParameterWrong: A number or date is none.
    """
    description = ask.one("description")
    if len(description) > MOST_DESCRIPTION:
        data = {"most": MOST_DESCRIPTION, "length": len(description)}
        raise Stop(400, Problem("text.too_long", "description", data))
    given = _attributes(ask, service)
    given |= _placed(ask, service, given)
    given |= _said(ask, service, description)
    given |= _contact(ask, service)
    category = service.first(FieldType.CODE)
    return given | ({category: service.category} if category and service.category else {})


def _said(ask: Ask, service: Service, description: str) -> dict[str, object]:
    """The description fills the text; its first line the subject."""
    line, text = service.first(FieldType.LINE), service.first(FieldType.TEXT)
    said: dict[str, object] = {}
    if line and description:
        first = description.splitlines()[0].strip()
        said[line] = first[: int(service.asked[line].most or MOST[FieldType.LINE])]
    if text:
        said[text] = "\n".join([description, *_beside(ask, service)]).strip()
    return said


def _beside(ask: Ask, service: Service) -> list[str]:
    """Lines for what has no field of its own: an address in words, addresses of pictures."""
    lines = []
    if ask.one("address_string") and not service.first(FieldType.ADDRESS):
        lines.append(ask.one("address_string"))
    return lines + [f"{url}" for url in _urls(ask)]


def _urls(ask: Ask) -> list[str]:
    """Return the addresses of pictures. They are kept as text and never fetched.

    Raises:
        Stop: 400, one is no address of the web.
    """
    found = ask.all("media_url", "media_url[]")[:MOST_URLS]
    if not all(_is_of_web(url) for url in found):
        raise Stop(400, Problem("url.invalid", "media_url"))
    return found


def _is_of_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and len(url) <= MOST_URL


def _placed(ask: Ask, service: Service, given: Mapping[str, object]) -> dict[str, object]:
    """Return the place in whichever of its three forms was given."""
    lat = degrees("lat", ask.one("lat"), 180)
    long = degrees("long", ask.one("long", "lon"), 180)
    if (lat is None) != (long is None):
        raise Stop(400, Problem("place.half", "lat, long"))
    words, code = ask.one("address_string"), ask.one("address_id")
    point, area = service.first(FieldType.POINT), service.first(FieldType.AREA)
    address = service.first(FieldType.ADDRESS)
    if lat is None and not words and not code and not given.get(area) and (point or address):
        raise Stop(400, Problem("place.missing", "lat, long, address_string, address_id"))
    placed: dict[str, object] = {}
    if point and lat is not None:
        placed[point] = {"lon": long, "lat": lat}
    if area and code in directory().areas:
        placed[area] = code
    if area and point in placed:
        placed[area] = None  # follows from the point, more exactly
    return placed | ({address: words} if address and words else {})


def _contact(ask: Ask, service: Service) -> dict[str, object]:
    name = _name(ask.one("first_name"), ask.one("last_name"))
    given = {
        service.first(FieldType.EMAIL): ask.one("email"),
        service.first(FieldType.PHONE): ask.one("phone"),
        service.first(FieldType.NAME): name,
    }
    return {field: value for field, value in given.items() if field and value}


def _name(first: str, last: str) -> str:
    """Return a whole name; one in Chinese begins with the family name, without a blank."""
    if first and last and not (first + last).isascii():
        return f"{last}{first}"
    return f"{first} {last}".strip()


def _attributes(ask: Ask, service: Service) -> dict[str, object]:
    """Return the answers to attributes.

    Those that are not asked for are let be: clients send what other cities ask.
    """
    given = attributes_in(ask.form.lists())
    zone = calendar_of(service.programme).zone
    return {
        field.name: _answer(field, given[field.name], zone)
        for field in fields_of(service)
        if given.get(field.name)
    }


def _answer(field: Field, values: list[str], zone: tzinfo) -> object:
    if field.type in LISTS:
        return values
    if field.type in (FieldType.DATE, FieldType.MOMENT):
        try:
            at = instant_in(field.name, values[0], zone)
        except ParameterWrong as wrong:
            raise Stop(400, Problem(wrong.code, f"attribute[{field.name}]")) from None
        if at and field.type is FieldType.DATE:
            return at.astimezone(zone).date().isoformat()
        return at
    if len(values) > 1:
        raise Stop(400, Problem("choice.too_many", f"attribute[{field.name}]", {"most": 1}))
    return values[0]
