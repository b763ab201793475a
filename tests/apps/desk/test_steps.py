"""Every step of the hotline that somebody at a desk may take is taken through its form."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path as FilePath

import pytest
from django.conf import LazySettings
from PIL import Image
from tests.apps.desk.conftest import SAID, Desk, Watch, hidden, taken
from tests.small_city import MONDAY

from luoshi.actions import acts, suggested
from luoshi.actions.files import add_file
from luoshi.kernel.access import requester_of
from luoshi.kernel.provision import Suggest
from luoshi.store.models import Message, SuggestionRow
from luoshi.store.programmes import offered
from luoshi.store.queries import case_numbered

REASON = "这件事不属于我们的职责范围。"
REPLY = "已派人到现场检修，更换了灯头，当晚恢复照明。"
Path = list[tuple[str, str, dict[str, object]]]

TO_UNIT: Path = [("operator", "route", {"unit": "lamps", "category": "roads.streetlight"})]
IN_HAND: Path = [*TO_UNIT, ("handler", "receive", {})]
CONTACTED: Path = [*IN_HAND, ("handler", "contact", {"contacted_at": "2026-03-09T09:00"})]
ANSWERED: Path = [*CONTACTED, ("handler", "answer", {"reply": REPLY})]
HEARD: Path = [
    *ANSWERED,
    ("caller_back", "call_back", {"solved": "solved", "satisfied": "satisfied"}),
]
UNSOLVED: Path = [
    *ANSWERED,
    ("caller_back", "call_back", {"solved": "unsolved", "satisfied": "dissatisfied"}),
]
CLOSED: Path = [*HEARD, ("caller_back", "close", {})]
RETURNED: Path = [*TO_UNIT, ("handler", "return", {"reason": REASON})]
SUPERVISED = {"supervision": "overdue", "supervision_level": "listed", "instruction": REASON}
MORE_TIME = {"extension_days": "3", "reason": REASON}
ASKED_MORE: Path = [*IN_HAND, ("handler", "ask_extension", MORE_TIME)]
ASKED_END: Path = [*IN_HAND, ("handler", "ask_termination", {"reason": REASON})]
RAISED: Path = [*IN_HAND, ("handler", "escalate", {"reason": REASON})]
PUBLIC = {"public_subject": "路灯维修", "public_reply": REPLY}
PUBLISHED: Path = [*CLOSED, ("publisher", "publish", PUBLIC)]
REOPEN_ASKED: Path = [*CLOSED, ("requester", "ask_reopen", {"reason": "又坏了，请再看看。"})]

PATHS: dict[str, Path] = {
    "answered on the spot": [("operator", "answer_on_spot", {"reply": REPLY})],
    "declined": [
        (
            "operator",
            "decline",
            {"ground": "legal_channel", "reason": REASON, "right_channel": "市中级人民法院"},
        )
    ],
    "an emergency": [("operator", "forward_emergency", {"line": "119"})],
    "classified": [("dispatcher", "classify", {"urgency": "urgent", "kind": "complain"})],
    "added to and withdrawn": [
        ("operator", "add", {"addition": "东边那盏也不亮。"}),
        ("operator", "withdraw", {}),
    ],
    "returned and routed again": [
        *RETURNED,
        ("dispatcher", "reroute", {"unit": "lamps"}),
    ],
    "routed to the wrong unit": [
        *TO_UNIT,
        ("dispatcher", "recall", {"reason": REASON}),
        ("dispatcher", "reroute", {"unit": "lamps"}),
    ],
    "returned and designated": [*RETURNED, ("dispatcher", "designate", {"unit": "lamps"})],
    "more time granted": [*ASKED_MORE, ("supervisor", "grant_extension", {"extension_days": "2"})],
    "much more time granted": [
        *IN_HAND,
        ("handler", "ask_extension", {"extension_days": "8", "reason": REASON}),
        ("office", "grant_long_extension", {"extension_days": "8"}),
    ],
    "several units": [
        *CONTACTED,
        ("dispatcher", "involve", {"assisting_units": ["roads", "city"]}),
        ("dispatcher", "waive_assistance", {"assisting_unit": "roads", "reason": REASON}),
    ],
    "withdrawn for somebody": [("operator", "withdraw", {})],
    "more time refused": [*ASKED_MORE, ("supervisor", "refuse_extension", {"reason": REASON})],
    "terminated": [*ASKED_END, ("supervisor", "approve_termination", {"reply": REPLY})],
    "not terminated": [*ASKED_END, ("supervisor", "refuse_termination", {"reason": REASON})],
    "settled by the office": [
        *RAISED,
        ("office", "put_before_meeting", {"reason": REASON}),
        ("office", "settle_escalation", {"instruction": REASON}),
    ],
    "urged and supervised": [
        *IN_HAND,
        ("supervisor", "urge", {}),
        ("supervisor", "supervise", SUPERVISED),
        ("handler", "report_on_supervision", {"supervision_report": REPLY}),
        ("supervisor", "lift_supervision", {}),
    ],
    "nobody answered twice": [
        *ANSWERED,
        ("caller_back", "miss_call", {}),
        ("caller_back", "miss_call", {}),
        ("caller_back", "give_up_call", {}),
        ("caller_back", "close_unreached", {}),
    ],
    "done again": [*UNSOLVED, ("caller_back", "redo", {"reason": REASON})],
    "reviewed": [
        *UNSOLVED,
        ("caller_back", "ask_review", {"reason": REASON}),
        ("reviewer", "close_explained", {"explanation": REPLY}),
    ],
    "published and taken down": [*PUBLISHED, ("publisher", "unpublish", {"reason": REASON})],
    "reopened": [*REOPEN_ASKED, ("supervisor", "reopen", {})],
    "not reopened": [*REOPEN_ASKED, ("supervisor", "refuse_reopen", {"reply": REPLY})],
}


def walked(path: Path, case: acts.Outcome, desks: Callable[[str], Desk], watch: Watch) -> None:
    for role, step, answers in path:
        watch.forward(minutes=5)
        if role == "requester":
            taken(case.case.id, step, requester_of(case.case.id), **answers)
        else:
            desks(role).take(case.number, step, **answers)


@pytest.fixture
def desks(desk: Callable[..., Desk]) -> Callable[[str], Desk]:
    """One desk for each role, made when it is first needed."""
    made: dict[str, Desk] = {}

    def of(role: str) -> Desk:
        if role not in made:
            made[role] = desk(role, "lamps" if role == "handler" else "")
        return made[role]

    return of


@pytest.mark.parametrize("name", PATHS)
def test_a_path_is_walked_through_the_forms(
    name: str,
    desks: Callable[[str], Desk],
    opened: Callable[..., acts.Outcome],
    watch: Watch,
) -> None:
    case = opened()
    walked(PATHS[name], case, desks, watch)
    view = case_numbered(case.number, desks("operator").actor, watch.now)
    assert [e.fact.act for e in view.timeline][1:] == [step for _, step, _ in PATHS[name]]
    page = desks("operator").get(f"/desk/case/{case.number}/")
    for _, step, _ in PATHS[name]:
        assert view.programme.transitions[step].labels["en"] in page


ELSEWHERE = {
    *(
        "merge",
        "unmerge",
        "withdraw_merged",
    ),  # with a second case: tests/apps/desk/test_together.py
    *("spot_check", "send_back"),  # when the case is drawn: the same
    # when it was late: the same
    *("ask_exemption", "uphold_exemption", "reject_exemption", "revoke_exemption"),
}


def test_the_paths_take_every_step_of_a_desk() -> None:
    walked_steps = {step for path in PATHS.values() for role, step, _ in path} | ELSEWHERE
    steps = offered()["hotline"].transitions.values()
    by_staff = {s.name for s in steps if not s.opens and set(s.by) - {"requester", "system"}}
    assert by_staff <= walked_steps


def test_an_operator_registers_a_telephone_call_and_is_told_the_code(
    desk: Callable[..., Desk], watch: Watch
) -> None:
    operator = desk("operator")
    sent = hidden(operator.get("/desk/new/hotline/?channel=phone"))
    answer = operator.client.post("/desk/new/hotline/", SAID | sent | {"channel": "phone"})
    assert answer.status_code == 302
    page = operator.get(answer["Location"])
    code = acts.query_code(sent["case"])
    assert code in page
    assert "Answer on the spot" in page
    assert code not in operator.get(answer["Location"]), "the code is shown once"
    view = case_numbered(answer["Location"].split("/")[3], operator.actor, watch.now)
    assert view.case.values["channel"] == "phone"
    assert view.title == SAID["subject"]


def test_registering_says_what_is_missing_and_keeps_what_was_typed(
    desk: Callable[..., Desk],
) -> None:
    operator = desk("operator")
    sent = hidden(operator.get("/desk/new/hotline/"))
    answer = operator.client.post(
        "/desk/new/hotline/", sent | {"subject": "灯不亮", "phone": "12", "content": ""}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "灯不亮" in page
    assert 'href="#q-content"' in page
    assert 'href="#q-phone"' in page
    assert hidden(page)["case"] == sent["case"]


def test_a_registration_sent_twice_is_one_case(desk: Callable[..., Desk]) -> None:
    operator = desk("operator")
    sent = SAID | hidden(operator.get("/desk/new/hotline/"))
    first = operator.client.post("/desk/new/hotline/", sent)
    second = operator.client.post("/desk/new/hotline/", sent)
    assert first["Location"] == second["Location"]


def test_the_form_of_declining_asks_for_the_channel_only_where_it_matters(
    desk: Callable[..., Desk], opened: Callable[..., acts.Outcome]
) -> None:
    operator, case = desk("operator"), opened()
    page = operator.get(f"/desk/case/{case.number}/do/decline/")
    assert "&quot;is&quot;: [&quot;legal_channel&quot;, &quot;petition&quot;]" in page
    sent = operator.form(case.number, "decline") | {"ground": "petition", "reason": REASON}
    answer = operator.client.post(f"/desk/case/{case.number}/do/decline/", sent)
    assert answer.status_code == 422
    assert "The right channel: Please fill this in" in answer.content.decode()
    sent["ground"] = "settled"
    assert operator.client.post(f"/desk/case/{case.number}/do/decline/", sent).status_code == 302


def test_the_public_words_are_proposed_without_what_points_at_a_person(
    desks: Callable[[str], Desk], opened: Callable[..., acts.Outcome], watch: Watch
) -> None:
    case = opened()
    spoken = "我叫王小明的住户来电，已更换灯头，如再熄灭请拨打 138 0013 8000。"
    walked(
        [*CONTACTED, ("handler", "answer", {"reply": spoken}), *CLOSED[-2:]], case, desks, watch
    )
    page = desks("publisher").get(f"/desk/case/{case.number}/do/publish/")
    assert "路灯不亮" in page
    assert "Please read and correct it" in page
    proposed = page.split('name="public_reply"')[1].split("</textarea>")[0]
    assert "已更换灯头" in proposed
    assert "8000" not in proposed
    buttons = re.findall(
        r'data-put-back="public_reply" data-stand-in="(.*?)" data-words="(.*?)"', page
    )
    assert buttons == [("〔姓名〕", "王小明"), ("〔电话〕", "138 0013 8000")]
    assert 'aria-describedby="q-public_reply-hint q-public_reply-proposed ' in page
    shown = {"public_subject": "路灯不亮", "public_reply": "已更换灯头，请拨打 138 0013 8000。"}
    desks("publisher").take(case.number, "publish", **shown)
    row = SuggestionRow.objects.get(kind="redaction")
    assert (row.field, row.value) == ("public_reply", "〔姓名〕〔电话〕")
    assert (row.chosen, row.kept) == ("shown", False)


def test_no_words_are_proposed_where_that_is_switched_off(
    desks: Callable[[str], Desk],
    opened: Callable[..., acts.Outcome],
    watch: Watch,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = opened()
    walked(CLOSED, case, desks, watch)
    monkeypatch.setattr(suggested, "switches", lambda _: Suggest(redaction=False))
    page = desks("publisher").get(f"/desk/case/{case.number}/do/publish/")
    assert "Please read and correct it" not in page
    shown = {"public_subject": "路灯不亮", "public_reply": "已更换灯头，恢复照明。"}
    desks("publisher").take(case.number, "publish", **shown)
    assert not SuggestionRow.objects.filter(kind="redaction").exists()


def test_what_can_be_taken_back_is_offered_once(
    desks: Callable[[str], Desk], opened: Callable[..., acts.Outcome], watch: Watch
) -> None:
    case = opened()
    walked(PUBLISHED, case, desks, watch)
    publisher = desks("publisher")
    first = publisher.get(f"/desk/case/{case.number}/")
    assert "Take it back: Take down" in first
    assert "Take it back" not in publisher.get(f"/desk/case/{case.number}/")


@pytest.mark.parametrize(
    "path", [TO_UNIT, [*RETURNED, ("dispatcher", "reroute", {"unit": "roads"})]]
)
def test_a_routing_can_be_taken_back_at_once(
    path: Path,
    desks: Callable[[str], Desk],
    opened: Callable[..., acts.Outcome],
    watch: Watch,
) -> None:
    case = opened()
    walked(path, case, desks, watch)
    page = desks(path[-1][0]).get(f"/desk/case/{case.number}/")
    assert f'<a href="/desk/case/{case.number}/do/recall/">Take it back: Take back' in page


@pytest.mark.parametrize(
    ("before", "step", "state"),
    [([], "recall_whistle", "at_town"), (["route", "recall"], "recall_later_whistle", "returned")],
)
def test_a_whistle_can_be_taken_back_until_the_unit_reports_in(
    before: list[str],
    step: str,
    state: str,
    desk: Callable[..., Desk],
    settings: LazySettings,
    tmp_path: FilePath,
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    number = at_town(desk)
    town, unit = desk("town_coordinator", area="991"), desk("handler", "lamps")
    for one in (*before, "whistle"):
        town.take(number, one, **GIVEN[one])
    page = town.get(f"/desk/case/{number}/")
    assert f'<a href="/desk/case/{number}/do/{step}/">Take it back: Take back the whistle' in page
    assert page.count("Take back the whistle") == 2  # there, and among the steps; none waits
    assert led_by(unit.get(f"/desk/case/{number}/")) == "report_in"

    town.take(number, step, reason=REASON)
    case = case_numbered(number, town.actor, MONDAY).case
    assert case.state == state
    assert "/do/report_in/" not in unit.get(f"/desk/case/{number}/")
    told = Message.objects.filter(case=case.id, notice="whistle_taken_back")
    assert {(one.to, one.by) for one in told} == {("handler", "mail"), ("handler", "sms")}


GIVEN: dict[str, dict[str, object]] = {
    "route": {"unit": "roads"},
    "recall": {"reason": REASON},
    "whistle": {"unit": "lamps", "reason": REASON},
}


def at_town(desk: Callable[..., Desk]) -> str:
    """Return the number of what a grid worker found, and the village passed to the town."""
    found = {"subject": "路灯杆倾斜", "content": "灯杆歪向路面。", "area": "9911"}
    listed = {"matter": "facilities.cover", "found_by": "patrol"}
    worker = desk("grid_worker", area="9911").actor
    case = acts.register("grid-event", acts.Request("find", found | listed), worker)
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 30, 30)).save(out, "JPEG")
    photos = [str(add_file(case.case.id, out.getvalue(), "spot.jpg", worker).id)]
    taken(case.case.id, "upload", worker, photos=photos, reason=REASON)
    taken(case.case.id, "pass_to_town", desk("village_lead", area="9911").actor)
    return case.number


def test_who_gives_a_case_away_is_told_where_it_went(
    desks: Callable[[str], Desk], opened: Callable[..., acts.Outcome], watch: Watch
) -> None:
    case = opened()
    walked(RETURNED, case, desks, watch)
    walked([("dispatcher", "reroute", {"unit": "roads"})], case, desks, watch)
    handler = desks("handler")
    assert handler.client.get(f"/desk/case/{case.number}/").status_code == 404


def test_the_step_that_the_clock_waits_for_stands_out(
    desks: Callable[[str], Desk], opened: Callable[..., acts.Outcome], watch: Watch
) -> None:
    case = opened()
    walked([*CONTACTED, *RAISED[2:], *PATHS["settled by the office"][-2:]], case, desks, watch)
    page = desks("handler").get(f"/desk/case/{case.number}/")
    assert led_by(page) == "answer"
    assert "/do/ask_termination/" in page


def test_before_the_first_contact_nothing_but_the_contact_stands_out(
    desks: Callable[[str], Desk], opened: Callable[..., acts.Outcome], watch: Watch
) -> None:
    case = opened()
    walked(IN_HAND, case, desks, watch)
    page = desks("handler").get(f"/desk/case/{case.number}/")
    assert led_by(page) == "contact"
    assert "/do/return/" in page


def test_between_agreeing_and_refusing_no_button_stands_out(
    desks: Callable[[str], Desk], opened: Callable[..., acts.Outcome], watch: Watch
) -> None:
    case = opened()
    walked([*CONTACTED, ("handler", "ask_termination", {"reason": REASON})], case, desks, watch)
    page = desks("supervisor").get(f"/desk/case/{case.number}/")
    assert re.findall(r'<a class="btn btn-plain" href="[^"]*/do/(\w+_termination)/"', page)
    assert '<a class="btn btn-primary"' not in page


def led_by(page: str) -> str:
    """Return the step that stands out; it stands above the others."""
    steps = re.findall(r'<a class="btn btn-(\w+)" href="[^"]*/do/(\w+)/"', page)
    assert [kind for kind, _ in steps] == ["primary", *["plain"] * (len(steps) - 1)]
    return str(steps[0][1])


def test_somebody_is_called_what_most_services_call_them(desks: Callable[[str], Desk]) -> None:
    labels = [programme.roles["handler"].labels["en"] for programme in offered().values()
              if "handler" in programme.roles]  # fmt: skip
    page = desks("handler").get("/desk/")
    assert max(labels, key=labels.count) in page


def test_the_page_says_what_a_step_waits_for(
    desks: Callable[[str], Desk], opened: Callable[..., acts.Outcome], watch: Watch
) -> None:
    case = opened()
    walked(IN_HAND, case, desks, watch)
    before = waiting(desks("handler"), case.number)
    assert before == {"Answer": "first: Contact the requester"}
    walked(CONTACTED[-1:], case, desks, watch)
    assert waiting(desks("handler"), case.number) == {}
    watch.now += timedelta(days=9)
    late = waiting(desks("handler"), case.number)
    assert late["Return"] == "May be returned: over"
    assert late["Ask for more time"] == "To be answered: overdue"


def waiting(desk: Desk, number: str) -> dict[str, str]:
    """Return what the page says is not possible now, and why."""
    page = desk.get(f"/desk/case/{number}/")
    told = re.search(r'<details class="waiting".*?</details>', page, flags=re.S)
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", told.group(0)) if told else []
    return dict(found)
