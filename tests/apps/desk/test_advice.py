from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from tests.apps.desk.conftest import SAID, Desk, hidden, taken
from tests.small_city import DISPATCHER, INSIDE, LAMPS, MONDAY, OPERATOR

from luoshi.actions import acts, similarity, suggested
from luoshi.actions.similarity import forget_index
from luoshi.actions.suggesting import forget_histories
from luoshi.store import models
from luoshi.store.programmes import offered

Someone = Callable[..., Desk]
Opened = Callable[..., acts.Outcome]

URGENT = {"subject": "楼道有燃气味", "content": "五楼楼道里有很浓的燃气味，邻居都下楼了。"}


@pytest.fixture(autouse=True)
def _nothing_held(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(similarity, "FIRST_BUDGET", 60.0)  # whoever else keeps the machine busy
    forget_histories()
    forget_index()
    yield
    forget_index()


def chips(page: str, field: str) -> dict[str, str]:
    """Return the suggestions beside *field*: what they fill in, and their words."""
    found = re.findall(rf'data-take="{field}" data-value="([^"]*)">(.*?)</button>', page, re.S)
    return {value: re.sub(r"<[^>]+>", "", text).strip() for value, text in found}


def token(page: str) -> str:
    found = re.search(r'name="suggested" value="([^"]*)"', page)
    return found.group(1) if found else ""


def test_a_category_is_suggested_beside_the_field_and_recorded_with_the_choice(
    desk: Someone, opened: Opened
) -> None:
    operator, number = desk("operator"), opened().number
    page = operator.get(f"/desk/case/{number}/do/classify/")

    assert list(chips(page, "category")) == ["roads.streetlight"]
    assert re.search(r"Street light \d\d %", chips(page, "category")["roads.streetlight"])
    says = re.search(r'aria-describedby="(\S+) (\S+)" data-take="category"', page)
    assert says is not None, "voices say that it is a suggestion, and why"
    assert f'id="{says[1]}">Suggested; you decide<' in page
    assert f'id="{says[2]}">because of: ' in page

    operator.take(
        number,
        "classify",
        category="roads.pothole",
        suggested=token(page),
        act=hidden(page)["act"],
    )

    row = models.SuggestionRow.objects.get()
    assert (row.value, row.chosen, row.kept) == ("roads.streetlight", "roads.pothole", False)
    assert row.role == "operator"


def test_the_unit_is_suggested_with_what_it_rests_on(desk: Someone, opened: Opened) -> None:
    for _ in range(2):
        taken(
            opened(place=INSIDE).case.id,
            "route",
            DISPATCHER,
            unit="lamps",
            category="roads.streetlight",
        )
    page = desk("dispatcher").get(f"/desk/case/{opened(place=INSIDE).number}/do/route/")

    assert list(chips(page, "unit")) == ["lamps"]
    assert "such cases here: 2 taken on, 0 sent back" in page


def test_a_unit_that_is_complained_of_is_never_suggested(desk: Someone, opened: Opened) -> None:
    for _ in range(2):
        taken(opened().case.id, "route", DISPATCHER, unit="lamps", category="roads.streetlight")
    case = opened()
    taken(case.case.id, "classify", OPERATOR, about_unit="lamps")
    page = desk("dispatcher").get(f"/desk/case/{case.number}/do/route/")
    assert chips(page, "unit") == {}


def test_while_one_writes_a_registration_the_suggestions_follow(desk: Someone) -> None:
    operator = desk("operator")
    sent = hidden(operator.get("/desk/new/hotline/")) | SAID
    answer = operator.client.post(
        "/desk/new/hotline/advice/", sent, headers={"hx-request": "true"}
    )
    page = answer.content.decode()
    assert list(chips(page, "category")) == ["roads.streetlight"]

    given = sent | {"category": "roads.streetlight", "suggested": token(page)}
    assert operator.client.post("/desk/new/hotline/", given).status_code == 302
    assert [row.kept for row in models.SuggestionRow.objects.all()] == [True]


@pytest.mark.parametrize("spoil", ["", "x", "another act"])
def test_a_form_that_was_tampered_with_acts_and_records_nothing(
    desk: Someone, opened: Opened, spoil: str
) -> None:
    operator = desk("operator")
    first, second = opened().number, opened().number
    page = operator.get(f"/desk/case/{first}/do/classify/")
    said = token(page) if spoil == "another act" else spoil
    number = second if spoil == "another act" else first
    operator.take(number, "classify", category="roads.streetlight", suggested=said)
    assert not models.SuggestionRow.objects.exists()


def test_danger_is_told_at_once_with_whom_to_call(desk: Someone, opened: Opened) -> None:
    case = opened(**URGENT)
    page = desk("operator").get(f"/desk/case/{case.number}/")
    assert 'role="alert"' in page
    assert 'href="tel:119"' in page
    assert f"/desk/case/{case.number}/do/forward_emergency/" in page

    taken(case.case.id, "forward_emergency", OPERATOR, line="119")
    assert 'href="tel:119"' not in desk("operator").get(f"/desk/case/{case.number}/")


def test_switched_off_the_forms_are_as_they_were(
    desk: Someone, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = opened(**URGENT)
    changed = dict(offered())
    changed["hotline"] = replace(changed["hotline"], suggest=suggested.OFF)
    monkeypatch.setattr(suggested, "offered_programmes", lambda: changed)
    operator = desk("operator")

    pages = [
        operator.get(f"/desk/case/{case.number}/do/classify/"),
        operator.get(f"/desk/case/{case.number}/"),
        operator.get("/desk/new/hotline/"),
    ]
    for sign in ("data-take", "tel:119", 'id="advice"', 'id="similar"', 'name="suggested"'):
        assert not any(sign in page for page in pages), sign


# --- the same matter ----------------------------------------------------------------------------


def same(page: str) -> list[str]:
    return re.findall(r'id="same-(\d+)"', page)


def merging(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(key|token)" value="([^"]*)"', page))


def test_the_same_matter_is_found_merged_in_one_step_and_taken_apart_again(
    desk: Someone, opened: Opened
) -> None:
    one, two, three = (opened(place=INSIDE) for _ in range(3))
    opened(subject="学校门口没有红绿灯", content="小学东门过马路很危险，希望装红绿灯。")
    operator, dispatcher = desk("operator"), desk("dispatcher")

    page = operator.get(f"/desk/case/{three.number}/similar/")
    assert set(same(page)) == {one.number, two.number}
    chosen = merging(page) | {"number": [two.number], "main": one.number}
    answer = operator.client.post(f"/desk/case/{three.number}/merge/", chosen)

    assert answer.status_code == 302
    follows = dict(models.CaseRow.objects.values_list("number", "follows"))
    assert {str(follows[two.number]), str(follows[three.number])} == {one.case.id}
    kept = dict(models.SuggestionRow.objects.values_list("value", "kept"))
    assert kept == {one.case.id: True, two.case.id: True}

    page = dispatcher.get(f"/desk/case/{one.number}/similar/")
    assert re.search(
        rf"{two.number}/\">{SAID['subject']}</a> <span class=\"soft\">{two.number}<", page
    )
    apart = merging(page) | {"number": [two.number, three.number], "reason": "不是同一件事"}
    answer = dispatcher.client.post(f"/desk/case/{one.number}/apart/", apart)
    assert answer.status_code == 302
    assert not models.CaseRow.objects.exclude(follows=None).exists()


def test_a_merger_sent_twice_is_done_once_and_one_refused_changes_nothing(
    desk: Someone, opened: Opened
) -> None:
    one, two, three = (opened(place=INSIDE) for _ in range(3))
    operator = desk("operator")
    page = operator.get(f"/desk/case/{two.number}/similar/")
    chosen = merging(page) | {"main": one.number, "number": []}
    for _ in range(2):
        assert operator.client.post(f"/desk/case/{two.number}/merge/", chosen).status_code == 302
    assert models.FactRow.objects.filter(act="merge").count() == 1

    page = operator.get(f"/desk/case/{three.number}/similar/")
    taken(three.case.id, "decline", OPERATOR, ground="settled", reason="已经处理完毕")
    assert operator.client.post(
        f"/desk/case/{three.number}/merge/", merging(page) | {"main": one.number}
    ).status_code in (404, 422)
    assert models.FactRow.objects.filter(act="merge").count() == 1


def test_what_can_no_longer_be_merged_into_another_can_still_be_the_main_case(
    desk: Someone, opened: Opened
) -> None:
    one, two = opened(place=INSIDE), opened(place=INSIDE)
    ready(one.case.id)
    taken(one.case.id, "escalate", LAMPS, reason="涉及几个部门，请市政府办公室研究。")
    operator, address = desk("operator"), f"/desk/case/{two.number}/merge/"
    page = operator.get(f"/desk/case/{two.number}/similar/")
    assert "others can be merged into it, not it into another" in page

    ticked = merging(page) | {"number": [one.number], "main": two.number}
    refused = operator.client.post(address, ticked)
    assert refused.status_code == 422
    assert f"{one.number} cannot be merged into another request now" in refused.content.decode()
    assert operator.client.post(address, ticked | {"main": one.number}).status_code == 302


def ticked(page: str) -> list[str]:
    return re.findall(r'id="(?:same|apart)-(\d+)"[^>]* checked>', page)


def test_what_was_ticked_and_written_comes_back_with_a_refusal(
    desk: Someone, opened: Opened
) -> None:
    one, two, three = (opened(place=INSIDE) for _ in range(3))
    taken(two.case.id, "decline", OPERATOR, ground="settled", reason="已经处理完毕")
    dispatcher = desk("dispatcher")
    address = f"/desk/case/{one.number}"
    wrong = {"number": [two.number, three.number], "main": one.number}
    sent = merging(dispatcher.get(f"{address}/similar/")) | wrong
    refused = dispatcher.client.post(f"{address}/merge/", sent)
    assert refused.status_code == 422
    assert ticked(refused.content.decode()) == [three.number]

    four = opened(place=INSIDE)
    both = {"number": [three.number, four.number], "main": one.number}
    sent = merging(dispatcher.get(f"{address}/similar/")) | both
    done = dispatcher.client.post(f"{address}/merge/", sent, follow=True).content.decode()
    assert f"Merged into this case: {three.number}, {four.number}." in done
    assert ticked(done) == [three.number, four.number]

    sent = merging(done) | {"number": [four.number], "reason": "错"}
    refused = dispatcher.client.post(f"{address}/apart/", sent)
    assert refused.status_code == 422
    assert ticked(refused.content.decode()) == [four.number], "more would be parted than was meant"
    assert re.search(r'name="reason"[^>]*>\s*错</textarea>', refused.content.decode())

    sent |= {"reason": "不是同一件事"}
    done = dispatcher.client.post(f"{address}/apart/", sent, follow=True).content.decode()
    assert f"No longer merged into this case: {four.number}." in done


def test_a_case_to_tick_is_named_by_its_title(desk: Someone, opened: Opened) -> None:
    one, two = opened(place=INSIDE), opened(place=INSIDE)
    page = desk("operator").get(f"/desk/case/{two.number}/similar/")
    names = re.search(rf'id="same-{one.number}" aria-labelledby="(\S+) (\S+)"', page)
    assert names is not None
    assert re.search(rf'id="{names[1]}"[^>]*>{SAID["subject"]}<', page)
    assert re.search(rf'id="{names[2]}">likely \d\d %', page)


def test_what_was_answered_is_shown_and_cannot_be_ticked(desk: Someone, opened: Opened) -> None:
    one, two = opened(place=INSIDE), opened(place=INSIDE)
    ready(one.case.id)
    taken(one.case.id, "answer", LAMPS, reply="路灯已经修好，请放心。")
    page = desk("operator").get(f"/desk/case/{two.number}/similar/")
    assert f'href="/desk/case/{one.number}/"' in page
    assert "can no longer be merged" in page
    assert same(page) == []
    assert "None of them can be merged any more" in page


def test_only_cases_that_one_may_see_are_proposed_and_only_to_those_who_merge(
    desk: Someone, opened: Opened
) -> None:
    one, two = opened(place=INSIDE), opened(place=INSIDE)
    taken(one.case.id, "route", DISPATCHER, unit="roads", category="roads.streetlight")
    handler = desk("handler", "roads")
    assert 'id="similar"' not in handler.get(f"/desk/case/{one.number}/")
    assert handler.client.get(f"/desk/case/{one.number}/similar/").status_code == 404
    assert same(desk("operator").get(f"/desk/case/{two.number}/similar/")) == [one.number]


# --- before an answer is sent -------------------------------------------------------------------

THIN = "您的留言已收悉。我们会尽快处理。"
BETTER = (
    "您好！接到您的反映后，路灯所于2026年3月10日到东门外现场核查，灯杆电缆破损，当日已更换并恢复照明。"
    "如仍不亮，请拨打路灯所值班电话0536-5550123。感谢您的监督。"
)


def ready(case: str) -> None:
    """Bring a case to where it can be answered."""
    taken(case, "route", DISPATCHER, unit="lamps", category="roads.streetlight")
    taken(case, "receive", LAMPS)
    taken(case, "contact", LAMPS, contacted_at=MONDAY.isoformat())


def noticed(page: str) -> str:
    found = re.search(r'name="noticed" value="([^"]+)"', page)
    return found.group(1) if found else ""


@pytest.mark.parametrize(("second", "chosen"), [(BETTER, "changed"), (THIN, "sent")])
def test_a_thin_answer_is_shown_again_with_hints_and_goes_out_when_sent_once_more(
    desk: Someone, opened: Opened, second: str, chosen: str
) -> None:
    case = opened()
    ready(case.case.id)
    handler, address = desk("handler", "lamps"), f"/desk/case/{case.number}/do/answer/"
    page = handler.get(address)
    sent = hidden(page) | {"reply": THIN}
    answer = handler.client.post(address, sent)
    page = answer.content.decode()

    assert answer.status_code == 200
    assert "received or passed on" in page
    assert "<q>我们会尽快处理。</q>" in page  # a promise without a day
    assert "Send anyway" in page
    assert THIN in page
    assert not models.FactRow.objects.filter(act="answer").exists()

    again = sent | {"reply": second, "noticed": noticed(page)}
    assert handler.client.post(address, again).status_code == 302
    row = models.SuggestionRow.objects.get(kind="hint", value="reply.only_forwarded")
    assert (row.chosen, row.kept) == (chosen, chosen == "changed")


def test_an_answer_can_be_looked_through_before_it_is_sent(desk: Someone, opened: Opened) -> None:
    case = opened()
    ready(case.case.id)
    handler, address = desk("handler", "lamps"), f"/desk/case/{case.number}/do/answer/"
    sent = hidden(handler.get(address)) | {"reply": THIN}
    page = handler.client.post(f"{address}hints/", sent).content.decode()
    assert "received or passed on" in page

    assert handler.client.post(address, sent | {"noticed": noticed(page)}).status_code == 302


def test_what_was_not_shown_yet_is_shown_before_a_mended_answer_goes_out(
    desk: Someone, opened: Opened
) -> None:
    case = opened()
    ready(case.case.id)
    handler, address = desk("handler", "lamps"), f"/desk/case/{case.number}/do/answer/"
    sent = hidden(handler.get(address)) | {"reply": THIN}
    page = handler.client.post(f"{address}hints/", sent).content.decode()
    assert "personal data" not in page

    leaking = sent | {"reply": f"{BETTER}报修人王小明，身份证110105194912310021。"}
    held = handler.client.post(address, leaking | {"noticed": noticed(page)})
    assert held.status_code == 200
    assert "personal data" in held.content.decode()
    assert not models.FactRow.objects.filter(act="answer").exists()

    page = held.content.decode()
    page = handler.client.post(
        f"{address}hints/", sent | {"reply": BETTER, "noticed": noticed(page)}
    ).content.decode()
    assert "personal data" not in page
    mended = sent | {"reply": BETTER, "noticed": noticed(page)}
    assert handler.client.post(address, mended).status_code == 302
    kept = dict(models.SuggestionRow.objects.filter(kind="hint").values_list("value", "kept"))
    assert kept["reply.personal"] is True, "what was heeded on the way is recorded, too"


def test_an_answer_copied_from_another_case_of_the_unit_is_noticed(
    desk: Someone, opened: Opened
) -> None:
    first, second = opened(), opened()
    handler = desk("handler", "lamps")
    pages = {}
    for case in (first, second):
        ready(case.case.id)
        address = f"/desk/case/{case.number}/do/answer/"
        sent = hidden(handler.get(address)) | {"reply": BETTER}
        pages[case.number] = handler.client.post(f"{address}hints/", sent).content.decode()
        handler.client.post(address, sent | {"noticed": noticed(pages[case.number])})

    assert models.FactRow.objects.filter(act="answer").count() == 2
    assert "Nearly the same as the answer to another case" not in pages[first.number]
    assert "Nearly the same as the answer to another case" in pages[second.number]
    assert first.number not in pages[second.number]


def test_hints_speak_of_a_text_and_hold_no_score(desk: Someone, opened: Opened) -> None:
    case = opened()
    ready(case.case.id)
    handler, address = desk("handler", "lamps"), f"/desk/case/{case.number}/do/answer/"
    page = handler.client.post(address, hidden(handler.get(address)) | {"reply": THIN})
    told = re.search(r'<div class="noticed".*?</div>', page.content.decode(), re.S)
    assert told is not None
    assert not re.search(r"\d+ ?(%|/ ?\d+|points)|score|rating", told.group(), re.IGNORECASE)


def test_where_and_when_another_case_was_reported_is_told_in_words(
    desk: Someone, opened: Opened
) -> None:
    near, beyond = INSIDE | {"lon": 122.5051}, INSIDE | {"lon": 122.515}
    one, two, far = (opened(place=place) for place in (INSIDE, near, beyond))
    page = desk("operator").get(f"/desk/case/{one.number}/similar/")
    told = dict(re.findall(r'<p class="similar-why".*?>(\d+) · (.*?)</p>', page))
    assert "in the same grid" in told[two.number]
    assert "9 metres apart" in told[two.number]
    assert "reported within half a day" in told[two.number]
    assert "in different grids" in told[far.number]
    assert re.search(r"likely \d+ %", page)


def test_what_is_closed_is_shown_and_cannot_be_ticked(desk: Someone, opened: Opened) -> None:
    one, two = opened(place=INSIDE), opened(place=INSIDE)
    taken(one.case.id, "answer_on_spot", OPERATOR, reply="路灯所已经修好，请放心。")
    page = desk("operator").get(f"/desk/case/{two.number}/similar/")
    assert f'href="/desk/case/{one.number}/"' in page
    assert same(page) == []
    assert "Merge those ticked" not in page


def test_the_area_that_a_message_names_stands_beside_the_field_and_is_recorded(
    desk: Someone,
) -> None:
    operator = desk("operator")
    sent = hidden(operator.get("/desk/new/hotline/")) | SAID | {"content": "第9911号的路灯坏了"}
    answer = operator.client.post("/desk/new/hotline/advice/", sent)
    page = answer.content.decode()
    assert list(chips(page, "area")) == ["9911"]
    assert "named in it: 第9911号" in page

    given = sent | {"area": "9912", "suggested": token(page)}
    assert operator.client.post("/desk/new/hotline/", given).status_code == 302
    row = models.SuggestionRow.objects.get(kind="area")
    assert (row.value, row.chosen, row.kept, row.reasons) == ("9911", "9912", False, [])


def test_an_area_that_is_taken_stays_on_the_screen_and_is_recorded_as_kept(desk: Someone) -> None:
    operator = desk("operator")
    sent = hidden(operator.get("/desk/new/hotline/")) | SAID | {"content": "第9911号的路灯坏了"}
    taken_over = sent | {"area": "9911"}
    page = operator.client.post("/desk/new/hotline/advice/", taken_over).content.decode()
    assert list(chips(page, "area")) == ["9911"]

    operator.client.post("/desk/new/hotline/", taken_over | {"suggested": token(page)})
    row = models.SuggestionRow.objects.get(kind="area")
    assert (row.value, row.chosen, row.kept) == ("9911", "9911", True)


def test_no_area_is_suggested_where_the_point_on_the_map_says_it(desk: Someone) -> None:
    operator = desk("operator")
    sent = hidden(operator.get("/desk/new/hotline/")) | SAID | {"content": "第9911号的路灯坏了"}
    point = {f"place.{axis}": str(INSIDE[axis]) for axis in ("lon", "lat")}
    page = operator.client.post("/desk/new/hotline/advice/", sent | point).content.decode()
    assert chips(page, "area") == {}
