from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from tests.actions.conftest import Watch
from tests.small_city import CALLER, DISPATCHER, INSIDE, LAMPS, OPERATOR, ROADS, SUPERVISOR

from luoshi.actions import acts, clock, model_registry, suggested
from luoshi.actions.suggested import Suggested
from luoshi.actions.suggesting import (
    forget_histories,
    handing_over,
    offered_category,
    offered_units,
    urgent_signs,
)
from luoshi.kernel.access import Actor, requester_of
from luoshi.kernel.errors import Refused
from luoshi.kernel.provision import Suggest
from luoshi.store import models
from luoshi.store.directory import forget_directory
from luoshi.store.programmes import offered, programme_of
from luoshi.store.suggestions import measured

SUBJECT, CONTENT = "路灯不亮", "东门外第三根灯杆连续三晚不亮，走路看不清。"
SAID = {"subject": SUBJECT, "content": CONTENT}


@pytest.fixture(autouse=True)
def _histories() -> None:
    forget_histories()


def switched(monkeypatch: pytest.MonkeyPatch, **kinds: object) -> None:
    """Offer the hotline with other switches."""
    changed = dict(offered())
    hotline = changed["hotline"]
    changed["hotline"] = replace(hotline, suggest=replace(hotline.suggest, **kinds))
    monkeypatch.setattr(suggested, "offered_programmes", lambda: changed)


def test_a_category_is_offered_with_confidence_model_and_reasons(city: None) -> None:
    offer = offered_category(programme_of("hotline"), SUBJECT, CONTENT)

    assert offer is not None
    assert offer.said.value == "roads.streetlight"
    assert 50 <= (offer.percent or 0) <= 99
    assert offer.reasons
    assert len(offer.said.model) == 32


def test_only_words_of_the_taxonomy_are_kept_as_reasons(city: None) -> None:
    programme = programme_of("hotline")
    offer = offered_category(programme, "东门外曹小样例家门口路灯不亮", "灯杆灯杆不亮漆黑")
    assert offer is not None

    own = "".join(
        text
        for entry in programme.lists["category"].values()
        for text in (*entry.labels.values(), *entry.data.values())
    )
    assert offer.said.reasons
    assert all(word in own for word, _ in offer.said.reasons)
    assert "样例" not in str(offer.said.reasons)


def test_what_the_model_does_not_know_is_not_offered(city: None) -> None:
    assert offered_category(programme_of("hotline"), "12345", "???") is None


def test_switched_off_nothing_is_offered(city: None, monkeypatch: pytest.MonkeyPatch) -> None:
    programme = programme_of("hotline")
    assert offered_units(programme, "roads.streetlight", "") is not None
    switched(monkeypatch, category=False, unit=False, urgency=False)

    assert offered_category(programme, SUBJECT, CONTENT) is None
    assert offered_units(programme, "roads.streetlight", "") == ()
    assert urgent_signs(programme, "着火了", "楼上着火了，有人被困") == ()


def test_without_a_section_everything_is_off_but_what_protects() -> None:
    assert Suggest() == Suggest(
        category=False,
        unit=False,
        area=False,
        urgency=False,
        similar=False,
        topics=False,
        hints=(),
        redaction=True,
    )


def test_a_city_s_own_model_comes_first_and_a_new_file_is_noticed(
    city: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "LUOSHI", replace(settings.LUOSHI, home=tmp_path))
    starter = model_registry.model_of("hotline")
    own = model_registry.own_model("hotline")
    own.parent.mkdir()
    shutil.copy(settings.LUOSHI.models / "hotline.model", own)
    held = model_registry.model_of("hotline")

    assert starter is not None
    assert held is not None
    assert (starter.mark[0], held.mark[0]) == (
        str(settings.LUOSHI.models / "hotline.model"),
        str(own),
    )
    own.write_bytes(b"no model at all")
    assert model_registry.model_of("hotline") is None
    assert model_registry.model_of("nowhere") is None


def route(case: str, unit: str, **more: object) -> acts.Outcome:
    answers = {"unit": unit, "category": "roads.streetlight"}
    return acts.act(acts.Request("route", answers, case=case, **more), DISPATCHER)  # type: ignore[arg-type]


def opened(**more: object) -> acts.Outcome:
    return acts.register(
        "hotline", acts.Request("register", SAID | {"place": INSIDE}, **more), OPERATOR
    )  # type: ignore[arg-type]


def test_the_unit_that_took_such_cases_on_is_offered_and_one_that_sent_it_back_is_not(
    city: None,
) -> None:
    for _ in range(3):
        route(opened().case.id, "lamps")
    back = opened().case.id
    route(back, "roads")
    acts.act(acts.Request("receive", {}, case=back), ROADS)
    acts.act(acts.Request("return", {"reason": "不归我们管"}, case=back), ROADS)

    first, *others = offered_units(programme_of("hotline"), "roads.streetlight", "9911")

    assert (first.said.value, first.kept, first.returned) == ("lamps", 3, 0)
    assert first.said.confidence
    assert [one.said.value for one in others] == []
    assert offered_units(programme_of("hotline"), "roads.streetlight", "9911", ["lamps"]) == ()


def test_a_routing_that_was_taken_back_counts_for_nothing(city: None) -> None:
    for _ in range(2):
        route(opened().case.id, "lamps")
    slip = opened().case.id
    route(slip, "lamps")
    acts.act(acts.Request("recall", {"reason": "手误选错了单位"}, case=slip), DISPATCHER)
    acts.act(acts.Request("classify", {"urgency": "urgent"}, case=slip), OPERATOR)
    assert routings() == [("lamps", 2, 0)]

    acts.act(acts.Request("reroute", {"unit": "lamps"}, case=slip), DISPATCHER)
    assert routings() == [("lamps", 3, 0)]
    acts.act(acts.Request("return", {"reason": "不归我们管"}, case=slip), LAMPS)
    acts.act(acts.Request("classify", {"urgency": "normal"}, case=slip), OPERATOR)
    assert routings() == [("lamps", 2, 1)]


def test_a_case_that_is_reopened_was_not_sent_back(city: None) -> None:
    case = opened().case.id
    route(case, "lamps")
    for step, by, answers in SETTLED:
        acts.act(acts.Request(step, answers, case=case), by)
    asks = acts.Request("ask_reopen", {"reason": "灯又不亮了。"}, case=case)
    acts.act(asks, requester_of(case))
    acts.act(acts.Request("reopen", {}, case=case), SUPERVISOR)
    assert models.CaseRow.objects.get(id=case).state == "returned"
    assert routings() == [("lamps", 1, 0)]


SETTLED: tuple[tuple[str, Actor, dict[str, str]], ...] = (
    ("receive", LAMPS, {}),
    ("contact", LAMPS, {"contacted_at": "2026-03-09T01:00:00Z"}),
    ("answer", LAMPS, {"reply": "路灯已经修复，谢谢您的反映。"}),
    ("call_back", CALLER, {"solved": "solved", "satisfied": "satisfied"}),
    ("close", CALLER, {}),
)


def routings() -> list[tuple[str, int, int]]:
    """Return the units that are suggested, with what each kept and sent back, as of now."""
    forget_histories()
    units = offered_units(programme_of("hotline"), "roads.streetlight", "9911")
    return sorted((one.said.value, one.kept, one.returned) for one in units)


def test_a_unit_that_the_catalogue_names_is_told_with_its_real_cases_everywhere(
    city: None,
) -> None:
    code = "urban-management"
    models.Unit.objects.create(code=code, name_zh="城管局", name_en=code, path=f"/{code}/")
    forget_directory()
    programme = programme_of("hotline")
    (named,) = offered_units(programme, "roads.streetlight", "9911")
    assert (named.kept, named.by_catalogue, named.said.confidence) == (0, True, None)

    for _ in range(2):
        route(opened().case.id, "urban-management")
    forget_histories()
    for area in ("9911", "991", "9912", ""):
        (named,) = offered_units(programme, "roads.streetlight", area)
        assert (named.kept, named.returned, named.by_catalogue) == (2, 0, True), area
        assert named.said.confidence


def shown(**more: object) -> Suggested:
    what = {"kind": "category", "field": "category", "value": "roads.streetlight"}
    return Suggested(**(what | {"offered": clock.now(), "confidence": 0.9} | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "kept"),
    [("roads.streetlight", True), ("roads", True), ("roads.pothole", False)],
)
def test_what_the_person_chose_is_recorded_beside_what_was_suggested(
    city: None,
    value: str,
    kept: bool,  # noqa: FBT001  pytest passes it
) -> None:
    case = opened().case.id
    fact = route(case, "lamps", suggested=(shown(value=value),)).fact

    row = models.SuggestionRow.objects.get()
    assert (str(row.case), str(row.act), row.step) == (case, fact.id, "route")
    assert (row.value, row.chosen, row.kept) == (value, "roads.streetlight", kept)
    assert (row.role, row.unit, row.decided) == ("dispatcher", "", fact.at)
    assert not hasattr(row, "doer")


def test_a_registration_is_recorded_in_the_transaction_of_the_act(
    city: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = SAID | {"category": "roads.pothole"}
    request = acts.Request("register", answers, suggested=(shown(),))
    with monkeypatch.context() as broken:
        broken.setattr("luoshi.actions.acts.record", _fails)
        with pytest.raises(OSError, match="disk"):
            acts.register("hotline", request, OPERATOR)
    assert not models.CaseRow.objects.filter(id=request.case).exists()

    acts.register("hotline", request, OPERATOR)
    again = acts.register("hotline", request, OPERATOR)

    assert again.resent
    assert [row.kept for row in models.SuggestionRow.objects.all()] == [False]


def _fails(*_: object) -> None:
    raise OSError("disk")


def test_nothing_is_recorded_where_nothing_was_decided_or_all_is_switched_off(
    city: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(suggested=(shown(),))  # no category was given
    assert not models.SuggestionRow.objects.exists()
    switched(monkeypatch, category=False)
    route(opened().case.id, "lamps", suggested=(shown(),))
    assert not models.SuggestionRow.objects.exists()


def test_danger_is_shown_and_handing_over_is_what_heeds_it(city: None) -> None:
    programme = programme_of("hotline")
    (sign,) = urgent_signs(programme, "楼道里有很浓的燃气味", "")
    step = handing_over(programme, list(programme.transitions.values()))
    assert sign.numbers == ("119",)
    assert step is not None

    urgent = shown(kind="urgency", field=step.name, value=sign.kind, confidence=None)
    acts.act(
        acts.Request(step.name, {"line": "119"}, case=opened().case.id, suggested=(urgent,)),
        OPERATOR,
    )
    route(opened().case.id, "lamps", suggested=(urgent,))

    rows = models.SuggestionRow.objects.order_by("id")
    assert [(row.value, row.kept) for row in rows] == [("gas", True), ("gas", False)]


def test_measured_is_by_programme_and_category_and_never_by_person(
    city: None, watch: Watch
) -> None:
    for unit in ("lamps", "roads", "lamps"):
        offer = shown(kind="unit", field="unit", value="lamps")
        route(opened().case.id, unit, suggested=(offer,))

    (found,) = measured()
    assert (found.programme, found.kind, found.category) == (
        "hotline",
        "unit",
        "roads.streetlight",
    )
    assert (found.offered, found.kept) == (3, 2)
    assert set(found.__slots__) == {"programme", "kind", "category", "offered", "kept"}


def test_a_suggestion_changes_nothing_about_the_act(city: None) -> None:
    """The same act with and without suggestions gives the same fact, but for keys and numbers."""
    plain, with_it = opened(), opened(suggested=(shown(), shown(kind="unit", field="unit")))
    assert plain.fact.values == with_it.fact.values
    assert plain.fact.doer == with_it.fact.doer
    assert plain.case.state == with_it.case.state
    with pytest.raises(Refused):
        acts.act(acts.Request("route", {}, case=plain.case.id, suggested=(shown(),)), LAMPS)
