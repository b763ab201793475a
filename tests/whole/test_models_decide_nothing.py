"""No action is taken by a model alone: models suggest, people act."""

from __future__ import annotations

import ast
import inspect
import re

import pytest
from tests.small_city import DISPATCHER, OPERATOR, found_city
from tests.whole.tree import name, read, texts

from luoshi.actions import acts, learning, merging, model_registry, similarity, suggesting
from luoshi.actions.suggested import Suggested
from luoshi.kernel.access import Actor
from luoshi.store import models
from luoshi.store.programmes import programme_of

WRITES = re.compile(r"luoshi\.(actions\.(acts|writing|binding|bulk|merging)|store\.records)\b")
"""Doors through which a case is opened or moved on."""

MODEL_USERS = (suggesting, model_registry, similarity, learning)


def imported(path_text: str) -> set[str]:
    """Return the modules that a module imports, ``from a import b`` as ``a`` and ``a.b``."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path_text)):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return found


def test_nothing_in_insight_can_write_or_knows_a_case() -> None:
    insight = [path for path in texts("src/luoshi/insight/") if path.suffix == ".py"]
    assert len(insight) > 40
    for path in insight:
        outside = {each for each in imported(read(path)) if each.startswith("luoshi.")}
        allowed = ("luoshi.insight", "luoshi.kernel.errors")
        assert all(each.startswith(allowed) for each in outside), name(path)


@pytest.mark.parametrize("module", MODEL_USERS, ids=lambda module: module.__name__)
def test_what_asks_a_model_has_no_door_to_a_case(module: object) -> None:
    source = inspect.getsource(module)  # type: ignore[arg-type]
    assert not [each for each in imported(source) if WRITES.match(each)]


def test_whoever_asks_a_model_and_acts_does_so_for_a_person() -> None:
    """A module that knows suggestions and acts is a view, which is called with a person."""
    asks = re.compile(r"luoshi\.(insight|actions\.(suggesting|similarity|model_registry))\b")
    for path in (path for path in texts("src/luoshi/") if path.suffix == ".py"):
        found = imported(read(path))
        if any(map(asks.match, found)) and any(map(WRITES.match, found)):
            assert name(path).startswith(("src/luoshi/apps/", "src/luoshi/demo/")), name(path)
            assert "Actor" in read(path) or "demo" in name(path), name(path)


def test_every_act_takes_the_person_who_decides() -> None:
    for function in (acts.act, acts.register, merging.merge, merging.take_apart):
        (actor,) = [
            each
            for each in inspect.signature(function).parameters.values()
            if each.name == "actor"
        ]
        assert actor.annotation in (Actor, "Actor")
        assert actor.default is inspect.Parameter.empty


@pytest.mark.parametrize("sure", [0.51, 0.999999, 1.0])
def test_however_sure_a_model_is_the_case_stays_where_people_left_it(
    db: None, sure: float
) -> None:
    found_city()
    said = {"subject": "楼道燃气味很浓", "content": "有人被困，快来人。路灯也不亮。"}
    offers = (
        Suggested("category", "category", "utilities.gas", acts.clock.now(), sure),
        Suggested("unit", "unit", "roads", acts.clock.now(), sure),
        Suggested("urgency", "forward_emergency", "gas", acts.clock.now()),
    )
    one, two = (
        acts.register("hotline", acts.Request("register", said, suggested=offers), OPERATOR)
        for _ in range(2)
    )

    programme = programme_of("hotline")
    suggesting.offered_category(programme, said["subject"], said["content"])
    suggesting.offered_units(programme, "utilities.gas", "")
    suggesting.urgent_signs(programme, said["subject"], said["content"])

    for row in models.CaseRow.objects.all():
        assert (row.state, row.unit, row.category, row.step) == ("accepted", "", "", 1)
    assert not models.CaseRow.objects.exclude(follows=None).exists()
    assert not models.PublicRow.objects.exists()

    acts.act(
        acts.Request(
            "route", {"unit": "lamps", "category": "roads.streetlight"}, case=one.case.id,
            suggested=offers,
        ),
        DISPATCHER,
    )  # fmt: skip
    assert two.case.state == "accepted"
    doers = set(models.FactRow.objects.values_list("doer", flat=True))
    assert doers == {OPERATOR.id, DISPATCHER.id}
    row = models.CaseRow.objects.get(id=one.case.id)
    assert (row.unit, row.category) == ("lamps", "roads.streetlight")
