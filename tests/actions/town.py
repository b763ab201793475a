"""A town with programmes whose cases are bound to each other, and what people do there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from tests.small_city import Watch, found_city, staff

from luoshi.actions.acts import Outcome, Request, act, register
from luoshi.kernel.access import Actor
from luoshi.store import models
from luoshi.store.directory import forget_directory
from luoshi.store.programmes import forget_programmes
from luoshi.store.queries import case_numbered

CLERK, HEAD = staff("clerk"), staff("head")
WORDS = {"what": "路口的护栏倒了，挡住半条路。"}


@pytest.fixture
def folder(tmp_path: Path, settings: LazySettings) -> Path:
    """A folder with the two bound programmes, and nothing else."""
    folder = tmp_path / "programmes"
    shutil.copytree(Path(__file__).parent / "bound", folder)
    settings.LUOSHI = replace(settings.LUOSHI, programmes=folder)
    return folder


@pytest.fixture
def town(db: None, watch: Watch, folder: Path) -> Iterator[None]:
    """The small city with the bound programmes, rolled back afterwards."""
    found_city()
    yield
    forget_directory()
    forget_programmes()


@pytest.fixture
def lasting_town(transactional_db: None, watch: Watch, folder: Path) -> Iterator[None]:
    """The same, committed."""
    found_city()
    yield
    forget_directory()
    forget_programmes()


def job(**more: object) -> Outcome:
    return register("job", Request("open", {**WORDS, **more}), CLERK)


def taken(case: str, step: str, actor: Actor, **answers: object) -> Outcome:
    return act(Request(step, answers, case=case), actor)


def at_work(unit: str = "roads", **more: object) -> str:
    case = job(**more).case.id
    taken(case, "begin", CLERK, unit=unit)
    return case


def seen(case: str, now: datetime) -> Outcome:
    number = models.CaseRow.objects.get(id=case).number
    view = case_numbered(number, CLERK, now)
    return Outcome(view.case, number, view.timeline[-1].fact)


def parts_of(case: str) -> list[str]:
    return [
        str(key)
        for key in models.CaseRow.objects.filter(part_of=case).values_list("id", flat=True)
    ]


class Collector:
    """Takes every message and keeps the addresses."""

    def __init__(self) -> None:
        self.addresses: list[str] = []

    def __call__(self, _key: str, _by: str, address: str, _text: str) -> None:
        self.addresses.append(address)
