"""Cases over the API: lists, one case, registering, steps, following."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.api.v1.conftest import SAID, Api, Watch, routed, taken
from tests.small_city import LAMPS

from luoshi.actions import acts, similarity, suggesting
from luoshi.store import models
from luoshi.store.keys import new_key
from luoshi.store.programmes import offered

Program = Callable[..., Api]
Opened = Callable[..., acts.Outcome]


def test_a_list_is_read_page_by_page_with_the_columns_wanted(
    program: Program, opened: Opened
) -> None:
    numbers = {opened().number for _ in range(5)}
    api = program("supervisor")
    found, after, pages = [], "", 0
    while True:
        page = api.get(f"/cases?limit=2&fields=number,due&after={after}")
        assert all(set(row) == {"number", "due"} for row in page["data"])
        found += [row["number"] for row in page["data"]]
        pages, after = pages + 1, page["next"]
        if not after:
            break
    assert (sorted(found), pages) == (sorted(numbers), 3)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("?programme=hotline", 2),
        ("?programme=no-such", 0),
        ("?unit=lamps", 1),
        ("?unit=city", 1),
        ("?unit=nowhere", 0),
        ("?category=roads.streetlight", 1),
        ("?state=dispatched", 1),
        ("?state=closed", 0),
        ("?kind=ended", 0),
        ("?area=991", 2),
        ("?area=9912", 0),
        ("?due_before=2020-01-01T00:00:00Z", 0),
    ],
)
def test_a_list_is_narrowed_down(query: str, count: int, program: Program, opened: Opened) -> None:
    opened()
    assert routed(opened()).case.state == "dispatched"
    assert len(program("supervisor").get(f"/cases{query}")["data"]) == count


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?after=nonsense", "query.after"),
        ("?fields=number,phone", "query.fields"),
        ("?limit=0", "query.limit"),
        ("?limit=many", "query.limit"),
        ("?unit=%00", "query.unit"),
        ("?due_before=2026-03-09T09:00:00", "query.due_before"),
        ("?kind=all", "query.kind"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    query: str, field: str, program: Program
) -> None:
    told = program("supervisor").get(f"/cases{query}", 422)
    assert told["code"] == "request.invalid"
    assert [one["field"] for one in told["problems"]] == [field]


def test_a_case_is_told_with_its_steps_clocks_and_forms(program: Program, opened: Opened) -> None:
    outcome = routed(opened())
    api = program("handler", "lamps")
    answer = api.send("GET", f"/cases/{outcome.number}")
    told = answer.json()
    assert answer["ETag"] == '"2"'
    assert answer["Cache-Control"] == "no-store"
    assert told["title"] == SAID["subject"]
    assert told["state"] == {
        "name": "dispatched", "label": "Routed, to be received", "kind": "open",
    }  # fmt: skip
    assert [one["transition"] for one in told["timeline"]] == ["register", "route"]
    assert {one["name"] for one in told["clocks"]} >= {"receive"}
    assert told["answers"]["phone"] == {
        "value": "139****0000", "sight": "masked", "deleted": False,
    }  # fmt: skip
    steps = api.get(f"/cases/{outcome.number}/transitions")
    assert [one["name"] for one in steps["data"]] == told["allowed"]
    assert "receive" in told["allowed"]


def test_labels_are_in_the_language_asked_for(program: Program, opened: Opened) -> None:
    number, api = routed(opened()).number, program("handler", "lamps")
    chinese = api.get(f"/cases/{number}", Accept_Language="zh-CN,zh;q=0.9")
    assert chinese["state"]["label"] != api.get(f"/cases/{number}")["state"]["label"]
    assert api.get("/cases/1", 404, Accept_Language="zh")["title"].startswith("查不到")


def test_a_step_is_taken_and_its_form_says_what_it_asks_for(
    program: Program, opened: Opened
) -> None:
    number, api = opened().number, program("dispatcher")
    form = api.get(f"/cases/{number}/transitions/route")["form"]
    assert form["required"] == ["unit"]
    assert "roads.streetlight" in form["properties"]["category"]["enum"]
    path = f"/cases/{number}/transitions/route"
    answers = {"unit": "lamps", "category": "roads.streetlight"}
    done = api.post(path, {"answers": answers}, If_Match='"1"')
    assert (done["state"], done["step"], done["resent"]) == ("dispatched", 2, False)


def test_a_case_with_a_key_of_its_own_is_safe_to_send_again(resident: Api) -> None:
    body = {"answers": SAID, "case": new_key()}
    first = resident.post("/programmes/hotline/cases", body, 201)
    again = resident.post("/programmes/hotline/cases", body, 200)
    assert (again["number"], again["code"]) == (first["number"], first["code"])
    assert (first["resent"], again["resent"]) == (False, True)
    other = body | {"answers": {**SAID, "content": "另一件事，与前面的不同。"}}
    refused = resident.post("/programmes/hotline/cases", other, 409)
    assert refused["code"] == "case.resent_different"
    assert models.CaseRow.objects.count() == 1


def test_answers_that_are_wrong_are_named_one_by_one(program: Program, opened: Opened) -> None:
    path = f"/cases/{opened().number}/transitions/route"
    told = program("dispatcher").post(path, {"answers": {"unit": "moon", "colour": "red"}}, 422)
    assert told["code"] == "fields.refused"
    found = {one["field"]: one["code"] for one in told["problems"]}
    assert found == {
        "unit": "unit.unknown", "category": "field.missing", "colour": "field.not_asked",
    }  # fmt: skip
    [missing] = [one for one in told["problems"] if one["code"] == "field.missing"]
    assert missing["message"] == "Please choose", "a category is chosen, not filled in"


@pytest.mark.parametrize(
    ("role", "unit", "step", "status", "code"),
    [
        ("caller_back", "", "route", 403, "transition.not_yours"),
        ("dispatcher", "", "close", 409, "transition.wrong_state"),
        ("dispatcher", "", "no_such", 404, "transition.unknown"),
        ("handler", "roads", "route", 404, "case.not_found"),
        ("handler", "roads", "register", 404, "case.not_found"),
    ],
)
def test_a_step_that_cannot_be_taken_says_why(
    role: str, unit: str, step: str, status: int, code: str, program: Program, opened: Opened
) -> None:
    number = opened().number
    told = program(role, unit).post(f"/cases/{number}/transitions/{step}", {}, status)
    assert told["code"] == code
    assert told["type"] == f"urn:luoshi:problem:{code}"


def test_who_was_slower_is_told_what_has_changed(program: Program, opened: Opened) -> None:
    outcome = opened()
    routed(outcome)
    api = program("dispatcher")
    path = f"/cases/{outcome.number}/transitions/route"
    answers = {"unit": "roads", "category": "roads.streetlight"}
    answer = api.send("POST", path, {"answers": answers}, If_Match='"1"')
    told = answer.json()
    assert (answer.status_code, answer["ETag"], told["code"]) == (412, '"2"', "case.stale")
    assert answer["Content-Type"] == "application/problem+json"
    assert [one["transition"] for one in told["changes"]] == ["route"]


@pytest.mark.parametrize("tag", ["3", 'W/"3"', '"x"', '"1", "2"', '"9999999999"', '"١"'])
def test_a_tag_that_is_none_is_refused(tag: str, program: Program, opened: Opened) -> None:
    path = f"/cases/{opened().number}/transitions/route"
    told = program("dispatcher").post(path, {}, 422, If_Match=tag)
    assert told["problems"][0]["field"] == "header.If-Match"


def test_the_same_key_is_the_same_act(program: Program, opened: Opened, watch: Watch) -> None:
    path = f"/cases/{opened().number}/transitions/route"
    api = program("dispatcher")
    body = {"answers": {"unit": "lamps", "category": "roads.streetlight"}}
    first = api.post(path, body, Idempotency_Key="order-7")
    watch.forward(minutes=5)
    again = api.post(path, body, Idempotency_Key="order-7")
    assert again == first | {"resent": True}
    other = {"answers": body["answers"] | {"unit": "roads"}}
    assert api.post(path, other, 409, Idempotency_Key="order-7")["code"] == "case.resent_different"
    stranger = program("dispatcher").post(path, body, 409, Idempotency_Key="order-7")
    assert stranger["code"] == "transition.wrong_state"


def test_registering_twice_with_a_key_opens_one_case(program: Program) -> None:
    api = program("operator")
    first = api.post("/programmes/hotline/cases", {"answers": SAID}, 201, Idempotency_Key="a1")
    again = api.post("/programmes/hotline/cases", {"answers": SAID}, 200, Idempotency_Key="a1")
    assert again == first | {"resent": True}
    assert len(program("supervisor").get("/cases")["data"]) == 1


def test_a_resident_registers_follows_and_acts_without_an_account(
    resident: Api, opened: Opened
) -> None:
    key = new_key()
    path = "/programmes/hotline/cases"
    made = resident.post(path, {"answers": SAID}, 201, Idempotency_Key=key)
    assert resident.post(path, {"answers": SAID}, 200, Idempotency_Key=key)["code"] == made["code"]
    shown = {"number": made["number"], "code": made["code"]}
    told = resident.post("/follow", shown)
    assert told["answers"]["phone"]["value"] == SAID["phone"]
    steps = resident.post("/follow/transitions", shown)
    assert "withdraw" in [one["name"] for one in steps["data"]]
    done = resident.post("/follow/transitions/withdraw", shown, If_Match='"1"')
    assert done["step"] == 2


def test_a_requester_is_told_of_roles_and_never_of_persons(
    resident: Api, program: Program
) -> None:
    made = resident.post("/programmes/hotline/cases", {"answers": SAID}, 201)
    program("dispatcher").post(
        f"/cases/{made['number']}/transitions/route",
        {"answers": {"unit": "lamps", "category": "roads.streetlight"}},
    )
    told = resident.post("/follow", {"number": made["number"], "code": made["code"]})
    assert [one["by"]["role"] for one in told["timeline"]] == ["requester", "dispatcher"]
    assert {one["by"]["name"] for one in told["timeline"]} == {""}
    assert "dispatcher样例" not in str(told)


def test_a_key_of_somebody_unknown_must_be_one_that_nobody_meets_by_chance(
    resident: Api,
) -> None:
    path = "/programmes/hotline/cases"
    told = resident.post(path, {"answers": SAID}, 422, Idempotency_Key="1")
    assert told["problems"][0]["field"] == "header.Idempotency-Key"


def test_wrong_codes_open_nothing_and_are_counted(resident: Api, opened: Opened) -> None:
    outcome = opened()
    for _ in range(20):
        wrong = {"number": outcome.number, "code": "22222222"}
        assert resident.post("/follow", wrong, 404)["code"] == "case.not_found"
    right = {"number": outcome.number, "code": outcome.code}
    answer = resident.send("POST", "/follow", right)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3600


def test_a_merger_is_a_step_and_is_marked_as_one(program: Program, opened: Opened) -> None:
    main, other = opened(), opened()
    api = program("dispatcher")
    steps = api.get(f"/cases/{other.number}/transitions")["data"]
    name = next(one["name"] for one in steps if one["is_merger"])
    field = next(
        name for one in steps if one["is_merger"]
        for name, shape in one["form"]["properties"].items()
        if shape.get("x-codes") == "the number of a case"
    )  # fmt: skip
    api.post(f"/cases/{other.number}/transitions/{name}", {"answers": {field: main.number}})
    assert api.get(f"/cases/{other.number}")["is_merged"] is True


def test_looking_at_a_masked_answer_is_written_down(program: Program, opened: Opened) -> None:
    outcome = routed(opened())
    api = program("handler", "lamps")
    path = f"/cases/{outcome.number}/unmaskings"
    shown = api.post(path, {"field": "phone", "reason": "要打电话约时间"}, 201)
    assert shown == {"field": "phone", "value": SAID["phone"]}
    looks = api.get(f"/cases/{outcome.number}")["looks"]
    assert [(one["field"], one["reason"]) for one in looks] == [("phone", "要打电话约时间")]
    assert api.post(path, {"field": "phone", "reason": ""}, 422)["code"] == "fields.refused"
    stranger = program("handler", "roads")
    assert stranger.post(path, {"field": "phone", "reason": ""}, 404)["code"] == "case.not_found"


def test_what_waits_for_me_is_a_list_of_its_own(program: Program, opened: Opened) -> None:
    opened()
    mine = routed(opened())
    lamps = program("handler", "lamps")
    assert [row["number"] for row in lamps.get("/worklists/mine")["data"]] == [mine.number]
    assert program("handler", "roads").get("/worklists/mine")["data"] == []
    counts = {one["name"]: one["count"] for one in lamps.get("/worklists")["data"]}
    assert (counts["mine"], counts["open"]) == (1, 1)
    taken(mine.case.id, "receive", LAMPS)
    assert lamps.get("/worklists/ended")["data"] == []


def test_what_was_written_is_found(program: Program, opened: Opened) -> None:
    outcome = opened()
    api = program("supervisor")
    found = api.get("/search?q=灯杆&fields=number")["data"]
    assert found == [{"number": outcome.number}]
    assert api.get(f"/search?q={outcome.number}")["data"][0]["title"] == SAID["subject"]
    assert api.get("/search?q=13900000000")["data"] == []


def test_exports_hold_what_lists_show(program: Program, opened: Opened) -> None:
    outcome = opened(subject="=1+1 路灯")
    api = program("supervisor")
    table = b"".join(api.send("GET", "/exports/cases").streaming_content).decode("utf-8-sig")
    assert outcome.number in table
    assert "'=1+1 路灯" in table
    assert SAID["phone"] not in table
    lines = b"".join(api.send("GET", "/exports/cases?format=ndjson").streaming_content)
    assert lines.decode().count("\n") == 1
    assert program("handler", "roads").send("GET", "/exports/cases").getvalue().count(b"\n") == 1


def test_the_machine_suggests_and_keeps_nothing(program: Program, opened: Opened) -> None:
    api = program("operator")
    body = {"subject": "燃气味", "content": "楼道里有很浓的燃气味！我叫王小明，电话 13800138000。"}
    told = api.post("/suggestions", body)
    assert [one["kind"] for one in told["urgency"]] == ["gas"]
    assert "13800138000" not in told["redacted"]
    assert told["language"] == "zh-Hans"
    assert told["programme"] == "hotline", "the first that suggests categories"
    of_case = api.get(f"/cases/{opened().number}/suggestions")
    assert of_case["redacted"].startswith(SAID["subject"])
    assert not models.SuggestionRow.objects.exists()


def test_suggestions_are_those_of_the_desk(program: Program, opened: Opened) -> None:
    api, hotline = program("dispatcher"), offered()["hotline"]
    subject, content = "路灯不亮", "东门外第三根灯杆的路灯连续三晚不亮。"
    told = api.post(
        "/suggestions",
        {"subject": subject, "content": content, "programme": "hotline"},
    )
    at_desk = suggesting.offered_category(hotline, subject, content)
    assert at_desk is not None
    assert told["category"]["category"] == at_desk.said.value == "roads.streetlight"
    assert told["category"]["confidence"] == pytest.approx(at_desk.said.confidence, abs=1e-4)
    units = suggesting.offered_units(hotline, at_desk.said.value, "")
    assert [one["unit"] for one in told["units"]] == [one.said.value for one in units]
    other = api.post("/suggestions", {"subject": subject, "programme": "task"})
    assert (other["category"], other["units"]) == (None, []), "it is switched off there"
    problem = api.post("/suggestions", {"programme": "nothing"}, 422)
    assert problem["code"] == "request.invalid"


def test_a_case_is_compared_with_those_one_may_see(
    program: Program, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(similarity, "FIRST_BUDGET", 60.0)  # whoever else keeps the machine busy
    similarity.forget_index()
    first, second = opened(), opened()
    [found] = program("dispatcher").get(f"/cases/{first.number}/suggestions")["similar"]
    assert found["number"] == second.number
    assert found["title"] == SAID["subject"]
    assert 0 < found["confidence"] <= 1
    routed(first)
    [mine] = [program("handler", "lamps").get(f"/cases/{first.number}/suggestions")]
    assert mine["similar"] == [], "the other one is nobody's of this unit"
    similarity.forget_index()


@pytest.mark.parametrize(
    "path",
    ["/programmes", "/programmes/hotline", "/programmes/hotline/lists/category", "/areas",
     "/areas/991", "/areas/at?lon=122.505&lat=35.505", "/units", "/units/lamps"],
)  # fmt: skip
def test_what_seldom_changes_is_not_sent_again(program: Program, resident: Api, path: str) -> None:
    first = resident.send("GET", path)
    assert first["Cache-Control"] == "private, no-cache"
    again = resident.send("GET", path, If_None_Match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == first["Cache-Control"]
    assert again["RateLimit-Limit"] == first["RateLimit-Limit"]
    other = resident.send("GET", path, If_None_Match=first["ETag"], Accept_Language="zh-CN")
    assert other.status_code == 200, "another language is another answer"
    staff = program("handler", "lamps").send("GET", path, If_None_Match='"another"')
    assert staff.status_code == 200


def test_a_case_is_kept_nowhere_and_always_told_anew(program: Program, opened: Opened) -> None:
    """Time passes in it, and who asks sees more or less: its step alone says nothing of that."""
    path = f"/cases/{opened().number}"
    first = program("dispatcher").send("GET", path)
    assert first["Cache-Control"] == "no-store"
    again = program("dispatcher").send("GET", path, If_None_Match=first["ETag"])
    assert again.status_code == 200


def test_programmes_places_and_units_are_public(resident: Api) -> None:
    titles = {one["id"]: one["is_open"] for one in resident.get("/programmes")["data"]}
    assert titles["hotline"] is True
    told = resident.get("/programmes/hotline")
    assert told["opening"][0]["form"]["properties"]["subject"]["type"] == "string"
    assert (told["states"], told["transitions"]) == ([], [])
    entries = resident.get("/programmes/hotline/lists/category")["data"]
    assert "roads.streetlight" in [one["code"] for one in entries]
    point = "lon=122.505&lat=35.505"
    assert resident.get(f"/areas/at?{point}")["code"] == "9911"
    outside = resident.get("/areas/at?lon=0&lat=0", 404)
    assert outside["code"] == "area.none_at_point"
    assert outside["title"] == "No area of this city lies at this point"
    assert resident.get("/areas/nowhere", 404)["code"] == "path.unknown"
    assert [one["code"] for one in resident.get("/areas?parent=991")["data"]] == ["9911", "9912"]
    assert resident.get("/units?limit=1") == {
        "data": [resident.get("/units/city")], "next": "city",
    }  # fmt: skip


def test_staff_see_the_inside_of_a_programme(program: Program) -> None:
    told = program("operator").get("/programmes/hotline")
    assert {one["name"] for one in told["states"]} >= {"dispatched", "closed"}
    assert {one["code"] for one in told["roles"]} >= {"operator", "handler"}
