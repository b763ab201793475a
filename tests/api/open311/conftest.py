"""Fixtures: the small city, a clock that the test winds, a client of the door and its key."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from PIL import Image
from tests.small_city import INSIDE, MONDAY, OPERATOR, PUBLISHER, Watch, found_city

from luoshi.actions.acts import Request, act
from luoshi.actions.keys import add_key
from luoshi.api.open311.admission import forget_rates
from luoshi.config.open311 import door_of
from luoshi.formats.open311 import stamp
from luoshi.store.applications import forget_applications
from luoshi.store.directory import forget_directory
from luoshi.store.models import CaseRow, PersonalValue

BASE = "/open311/v2"
LAMP = "hotline.roads.streetlight"
WORDS = "The lamp is dark\nIn front of the school since Friday."


@dataclass
class Open311:
    """A client that speaks both forms."""

    key: str
    client: Client
    base: str = BASE

    def get(self, path: str, **given: Any) -> HttpResponse:
        return self.client.get(f"{self.base}/{path}", given)

    def json(self, path: str, **given: Any) -> Any:
        answer = self.get(f"{path}.json", **given)
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)

    def xml(self, path: str, **given: Any) -> ET.Element:
        answer = self.get(f"{path}.xml", **given)
        assert answer.status_code == 200, answer.content
        return parsed(answer.content)

    def send(self, path: str = "requests", suffix: str = "json", **given: Any) -> HttpResponse:
        headers = given.pop("headers", None)
        form = {"api_key": self.key, **given}
        return self.client.post(f"{self.base}/{path}.{suffix}", form, headers=headers)

    def report(self, **given: Any) -> HttpResponse:
        """Report a dark lamp at a point of the city."""
        form = {
            "service_code": LAMP,
            "description": WORDS,
            "lat": INSIDE["lat"],
            "long": INSIDE["lon"],
            **given,
        }
        return self.send(**{name: value for name, value in form.items() if value is not None})

    def number(self, **given: Any) -> str:
        """Report a dark lamp; return the number."""
        return str(told(self.report(**given))[0]["service_request_id"])


def parsed(text: bytes) -> ET.Element:
    """Return the root of one of our own answers."""
    return ET.fromstring(text)  # noqa: S314


def told(answer: HttpResponse, status: int = 200) -> Any:
    """Return what a JSON answer says."""
    assert answer.status_code == status, answer.content.decode()
    return json.loads(answer.content)


def errors(answer: HttpResponse, status: int) -> str:
    """Return the descriptions of a JSON answer that refuses, one a line."""
    found = told(answer, status)
    assert isinstance(found, list)
    assert {one["code"] for one in found} == {str(status)}
    return "\n".join(one["description"] for one in found)


def publish(number: str, subject: str = "Street light", reply: str = "It burns again.") -> None:
    """Answer the case with that number on the spot, and publish it."""
    case = str(CaseRow.objects.get(number=number).id)
    act(Request("answer_on_spot", {"reply": "The lamps burn again."}, case), OPERATOR)
    words = {"public_subject": subject, "public_reply": reply}
    act(Request("publish", words, case), PUBLISHER)


def said(number: str) -> dict[str, Any]:
    """Return the latest personal answers of the case with that number."""
    case = CaseRow.objects.get(number=number)
    rows = PersonalValue.objects.filter(case=case).order_by("seq")
    return {row.field: json.loads(row.value or "null") for row in rows}


def published_at(open311: Open311, watch: Watch, *days: int) -> list[str]:
    """Report and publish one case on each of these days after Monday; return their numbers."""
    found = []
    for day in days:
        watch.now = MONDAY + timedelta(days=day)
        found.append(open311.number())
        publish(found[-1], f"Lamp of day {day}")
    return found


def numbers(rows: Any) -> list[str]:
    """Return the numbers of these requests, in their order."""
    return [one["service_request_id"] for one in rows]


def photo(colour: str = "red") -> io.BytesIO:
    """Return a small photograph as a file."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, "JPEG")
    file.seek(0)
    file.name = "photo.jpg"
    return file


def update_of(number: str, **given: Any) -> dict[str, Any]:
    """Return the form of an update."""
    return {
        "service_request_id": number,
        "update_id": "17",
        "status": "OPEN",
        "updated_datetime": stamp(MONDAY),
        "description": "The next lamp is dark, too.",
        **given,
    }


def forget() -> None:
    """Let nothing of the test before be remembered."""
    cache.clear()
    forget_applications()
    forget_rates()
    forget_directory()


@pytest.fixture
def city(db: None, watch: Watch) -> Iterator[None]:
    forget()
    found_city()
    yield
    forget()


@pytest.fixture
def open311(city: None) -> Open311:
    """A client with a key that may post, which reads English."""
    return Open311(add_key("Town app"), Client(headers={"accept-language": "en"}))


@pytest.fixture
def setting(settings: LazySettings) -> Callable[[str, str], None]:
    """Return what changes settings of the door."""
    environ = {}

    def change(name: str, value: str) -> None:
        environ[f"LUOSHI_OPEN311_{name}"] = value
        settings.LUOSHI_OPEN311 = door_of(environ)

    return change
