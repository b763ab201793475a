from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from tests.actions.conftest import Watch
from tests.small_city import DISPATCHER, OPERATOR

from luoshi.actions import acts, clock, learning
from luoshi.actions.model_registry import model_of, own_model
from luoshi.actions.suggested import Suggested
from luoshi.actions.suggesting import offered_category
from luoshi.store.programmes import programme_of

SUBJECT, CONTENT = "牛拉拉桥头又乱了", "牛拉拉桥头早上挤满了卖牛拉拉的，车过不去。"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "LUOSHI", replace(settings.LUOSHI, home=tmp_path))
    learning._looked.clear()
    return tmp_path


def corrected(chosen: str) -> str:
    said = {"subject": SUBJECT, "content": CONTENT}
    case = acts.register("hotline", acts.Request("register", said), OPERATOR).case.id
    offer = Suggested("category", "category", "roads.pothole", clock.now(), 0.6)
    answers = {"unit": "roads", "category": chosen}
    acts.act(acts.Request("route", answers, case=case, suggested=(offer,)), DISPATCHER)
    return case


def test_what_people_chose_instead_is_learned_once(city: None, home: Path, watch: Watch) -> None:
    programme = programme_of("hotline")
    before = model_of("hotline")
    assert before is not None
    assert before.model is not None
    assert before.model.suggest(SUBJECT, CONTENT).category != "cityscape.vendors"
    for _ in range(3):
        corrected("cityscape.vendors")

    assert learning.learn(programme) == 3
    assert learning.learn(programme) == 0

    offer = offered_category(programme, SUBJECT, CONTENT)
    assert offer is not None
    assert offer.said.value == "cityscape.vendors"
    assert offer.said.model != before.digest
    assert not list(own_model("hotline").parent.glob("*.part"))
    assert "牛拉拉".encode() not in own_model("hotline").read_bytes()


def test_what_stands_in_the_end_is_learned_and_learned_again_when_corrected(
    city: None, home: Path, watch: Watch
) -> None:
    programme = programme_of("hotline")
    cases = [corrected("roads.pothole") for _ in range(3)]  # kept, and wrong
    assert learning.learn(programme) == 0
    for chosen in ("roads.streetlight", "cityscape.vendors"):
        watch.forward(days=1)
        for case in cases:
            acts.act(acts.Request("recall", SLIP, case=case), DISPATCHER)
            answers = {"unit": "roads", "category": chosen}
            acts.act(acts.Request("reroute", answers, case=case), DISPATCHER)
        assert learning.learn(programme) == 3
    offer = offered_category(programme, SUBJECT, CONTENT)
    assert offer is not None
    assert offer.said.value == "cityscape.vendors"


SLIP = {"reason": "手误选错了分类"}


def test_models_learn_at_night_once(city: None, home: Path, watch: Watch) -> None:
    corrected("cityscape.vendors")
    assert learning.learn_tonight() == []  # it is nine in the morning
    watch.now += timedelta(hours=17)
    assert learning.learn_tonight() == ["hotline"]
    corrected("cityscape.vendors")
    assert learning.learn_tonight() == []
    watch.now += timedelta(days=1)
    assert learning.learn_tonight() == ["hotline"]


def test_what_was_kept_or_deleted_teaches_nothing(city: None, home: Path) -> None:
    corrected("roads.pothole")
    assert learning.learn(programme_of("hotline")) == 0
