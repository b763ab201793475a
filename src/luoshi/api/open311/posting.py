"""Posting: a new request becomes a case, by the same action as on the screen.

Terms    token 受理凭证 · query code 查询码
"""

from __future__ import annotations

from collections.abc import Mapping

from luoshi.actions import clock
from luoshi.actions.acts import Outcome, Request, register
from luoshi.actions.writing import decided
from luoshi.api.open311.admission import admitted
from luoshi.api.open311.answers import answers_in, called
from luoshi.api.open311.asking import Ask, Told, answering
from luoshi.api.open311.identity import case_key
from luoshi.api.open311.pictures import received
from luoshi.api.open311.refusals import Problem, Stop, missing, problems_of
from luoshi.api.open311.services import Service, service_of
from luoshi.kernel.access import Actor
from luoshi.kernel.errors import FieldsRefused, Refused
from luoshi.kernel.limit import Labels
from luoshi.kernel.programme import FieldType
from luoshi.store.applications import Application, brought
from luoshi.store.records import fact_known, given_with

ROOT = "service_requests"
TEST_ID = "TEST"
NOTICE: Labels = {
    "zh-Hans": "登记编号 {number}，查询码 {code}：凭此可在 {address} 查询进度。",
    "en": "Number {number}, query code {code}: with both, follow it at {address}.",
}
TESTED: Labels = {
    "zh-Hans": "已检查，未登记。",
    "en": "Everything was checked; nothing was registered.",
}


def posted(ask: Ask) -> Told:
    """Open a case, and say its number, or a token, or nothing, as its service promises."""
    ask.programmes()  # the jurisdiction is judged before the key
    application = admitted(ask)
    code = ask.one("service_code")
    if not code:
        raise missing("service_code")
    service = service_of(ask, code)
    answers = answers_in(ask, service)
    if ask.is_test:
        return _rehearsed(ask, service, application, answers)
    case = case_key(ask, application)
    actor = Actor(application.doer)
    answers |= _files(ask, service, case, actor)
    outcome = _registered(service, _wanted(service, case, answers), actor)
    return Told(ROOT, [_out(ask, service, outcome)])


def _wanted(service: Service, case: str, answers: Mapping[str, object]) -> Request:
    given = {name: value for name, value in answers.items() if value not in (None, "", [])}
    return Request(service.transition.name, given, case, case)


def _files(ask: Ask, service: Service, case: str, actor: Actor) -> dict[str, object]:
    """Return the files of this request; one that was sent before has its files already."""
    if ask.is_plain:
        return {}
    field = service.first(FieldType.FILES)
    before = fact_known(case) if ask.request.FILES else None
    if before is not None:
        return given_with(before, [field])
    return received(ask, service, case, actor)


def _registered(service: Service, wanted: Request, actor: Actor) -> Outcome:
    try:
        return register(service.programme.id, wanted, actor)
    except Refused as refused:
        raise _stop(service, refused) from None


def _stop(service: Service, refused: Refused) -> Stop:
    if isinstance(refused, FieldsRefused):
        return Stop(400, *problems_of(refused.problems, called(service)))
    return Stop(400, Problem(refused.code, "", refused.data))


def _rehearsed(
    ask: Ask, service: Service, application: Application, answers: Mapping[str, object]
) -> Told:
    """Judge a request by every rule and register nothing. Files are not looked at."""
    wanted = _wanted(service, case_key(ask, application), answers)
    try:
        decided(service.programme, None, wanted, Actor(application.doer), clock.now())
    except Refused as refused:
        raise _stop(service, refused) from None
    return Told(ROOT, [{"service_request_id": TEST_ID, "service_notice": ask.words(TESTED)}])


def _out(ask: Ask, service: Service, outcome: Outcome) -> dict[str, object]:
    kind = ask.door.kind_of(service.programme.id)
    account = ask.one("account_id") or None
    if kind == "blackbox":
        return {"service_notice": None, "account_id": account}
    if kind == "batch":
        return {"token": outcome.case.id, "service_notice": None, "account_id": account}
    address = ask.request.build_absolute_uri("/follow/")
    notice = ask.words(NOTICE).format(number=outcome.number, code=outcome.code, address=address)
    return {
        "service_request_id": outcome.number,
        "service_notice": notice,
        "account_id": account,
    }


@answering("GET", "HEAD")
def token(ask: Ask, token: str) -> Told:
    """GET the number that belongs to a token; empty as long as nobody has taken the case up."""
    found = brought(token)
    if found is None or found.programme not in ask.programmes():
        raise Stop(404, Problem("token.unknown", "token"))
    kind = ask.door.kind_of(found.programme)
    if kind == "blackbox":
        raise Stop(404, Problem("token.unknown", "token"))
    is_pending = kind == "batch" and found.step == 1
    number = None if is_pending else found.number
    return Told(ROOT, [{"service_request_id": number, "token": found.case}])
