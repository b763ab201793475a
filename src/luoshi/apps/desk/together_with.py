"""Together: cases that may be about the same matter, merged by a person in one step, and apart.

Terms    same matter 重复诉求 · merge 并案 · take apart 拆分
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from luoshi.actions import clock
from luoshi.actions.alike import alike as found_alike
from luoshi.actions.merging import merge, take_apart
from luoshi.actions.suggested import Suggested, is_on
from luoshi.apps.desk import words
from luoshi.apps.desk.evidence import why
from luoshi.apps.desk.questions import Form, answers, form_of, typed
from luoshi.apps.desk.refusals import sentence_of, wrong_answers
from luoshi.apps.look.language import listed
from luoshi.apps.look.posted import posted
from luoshi.apps.look.staff import staff
from luoshi.insight.similar import Candidate
from luoshi.kernel.access import Actor
from luoshi.kernel.errors import CaseNotFound, Refused, TransitionUnknown
from luoshi.kernel.fact import instant, moment
from luoshi.kernel.programme import StateKind, Transition
from luoshi.kernel.seen import Seen
from luoshi.store.bound import bound_to
from luoshi.store.keys import is_key, new_key
from luoshi.store.programmes import calendar_of, offered
from luoshi.store.queries import case_numbered
from luoshi.store.rows import Row
from luoshi.store.sight import CaseView

SALT = "luoshi.similar"


@dataclass(frozen=True, slots=True)
class Alike:
    """A case that may be the same matter, with what the two share."""

    id: str
    number: str
    title: str
    state: str
    opened: str
    where: str
    percent: int
    likely: bool
    can_merge: bool
    leads: bool
    follows: bool
    why: tuple[str, ...]
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """What a person had ticked and written when it was refused; it comes back as it was.

    Attributes:
        ticked: Numbers of the cases to merge.
        main: Number of the case to carry on as.
        parting: Numbers of the cases to take apart; ``None`` for all, as the page begins.
        given: Answers to the questions about taking apart.
    """

    ticked: frozenset[str] = frozenset()
    main: str = ""
    parting: frozenset[str] | None = None
    given: Mapping[str, object] = field(default_factory=dict)

    def parts(self, number: str) -> bool:
        """Whether the merger of that case is to be undone."""
        return self.parting is None or number in self.parting


NOTHING = Sent()
"""Nothing was sent yet: the page as it begins."""


def may_merge(view: CaseView) -> bool:
    """Whether the person who sees *view* plays a role that merges such cases."""
    is_open = not view.programme.states[view.case.state].kind.is_end
    is_theirs = bool(_merging(view))
    return is_open and is_theirs and not view.case.follows and is_on(view.programme.id, "similar")


def _merging(view: CaseView) -> list[Transition]:
    """Return the steps by which the role of this person merges such cases."""
    steps = view.programme.transitions.values()
    return [one for one in steps if one.follows and view.post.role in one.by]


def _leads(view: CaseView, programme: str, state: str) -> bool:
    """Whether a case in that state can be the main case of such cases as *view*."""
    known = view.programme.states.get(state)
    return programme == view.programme.id and known is not None and known.kind is StateKind.OPEN


def _follows(view: CaseView, programme: str, state: str) -> bool:
    """Whether this person could merge a case in that state into such a one as *view*."""
    sources = {name for step in _merging(view) for name in step.source_states}
    return programme == view.programme.id and state in sources


@require_GET
@staff
def similar(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show cases that may be the same matter, and those that were merged into this one."""
    view = _seen(number, actor)
    return _answered(request, actor, view)


def _seen(number: str, actor: Actor) -> CaseView:
    view = case_numbered(number, actor, clock.now())
    if not may_merge(view):
        raise CaseNotFound
    return view


@staff
@posted("desk:case", "number")
def merged(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Merge the chosen cases with this one, into the one that is named as the main case."""
    view = case_numbered(number, actor, clock.now())
    if not is_on(view.programme.id, "similar"):
        raise CaseNotFound
    ticked = request.POST.getlist("number")
    main = request.POST.get("main") or number
    wanted = [one for one in (number, *ticked) if one != main]
    key = request.POST.get("key", "")
    try:
        merge(main, wanted, key, actor, _shown(request.POST, view, {*ticked, main}))
    except CaseNotFound:
        raise
    except Refused as refused:
        sentence = sentence_of(refused, view.programme)
        if not ticked:
            sentence = gettext("Tick the cases that are the same matter.")
        elif isinstance(refused, TransitionUnknown):
            stays = case_numbered(str(refused.data["transition"]), actor, clock.now())
            sentence = _stays_sentence(stays)
        sent = Sent(frozenset(ticked), main)
        return _answered(request, actor, view, sentence=sentence, sent=sent)
    told = gettext("Merged into this case: %(numbers)s. Its answer goes to them, too.")
    messages.success(request, told % {"numbers": listed(wanted)})
    return redirect("desk:similar", main)


def _stays_sentence(view: CaseView) -> str:
    """Say why *view* was not merged, and what can be done instead."""
    told = gettext(
        "%(number)s cannot be merged into another request now; its state is: %(state)s. "
        "Carry on as that one instead, or leave it out."
    )
    state = words.say(view.programme.states[view.case.state].labels)
    return told % {"number": view.number, "state": state}


@staff
@posted("desk:case", "number")
def parted(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Take the chosen cases out of the merger again."""
    view = _seen(number, actor)
    step = _leaving(view)
    given = typed(view.programme, step, request.POST) if step else {}
    ticked = request.POST.getlist("number")
    asked = answers(view.programme, given, calendar_of(view.programme).zone)
    try:
        take_apart(ticked, asked, request.POST.get("key", ""), actor)
    except CaseNotFound:
        raise
    except Refused as refused:
        wrong = wrong_answers(refused)
        sentence = sentence_of(refused, view.programme)
        sent = Sent(parting=frozenset(ticked), given=given)
        return _answered(request, actor, view, wrong, sentence, sent)
    told = gettext("No longer merged into this case: %(numbers)s.")
    messages.success(request, told % {"numbers": listed(ticked)})
    return redirect("desk:similar", number)


def _leaving(view: CaseView) -> Transition | None:
    """Return the step by which a merger is undone, if this person's role takes it."""
    steps = view.programme.transitions.values()
    return next((one for one in steps if one.leaves and view.post.role in one.by), None)


def _answered(
    request: HttpRequest,
    actor: Actor,
    view: CaseView,
    errors: dict[str, str] | None = None,
    sentence: str = "",
    sent: Sent = NOTHING,
) -> HttpResponse:
    alike = [_told(view, one, row) for one, row in found_alike(view, actor)]
    leaving = _leaving(view)
    bound = bound_to(view.case, actor, view.now)
    followers = [bound[key] for key in view.case.followers if key in bound]
    seen = [(one, sent.parts(one.number)) for one in followers if one.visible]
    context = {
        "number": view.number,
        "title": view.title,
        "alike": alike,
        "mains": [*_itself(view), *_open_ones(alike)],
        "can_merge": any(one.can_merge for one in alike),
        "key": new_key(),
        "token": _signed(view, alike),
        "followers": seen,
        "leaving": leaving,
        "undoers": _undoers(view),
        "form": _form(view, leaving, sent.given).told(errors or {}) if leaving else None,
        "sentence": sentence,
        "sent": sent,
    }
    part = "desk/parts/similar.html" if request.headers.get("HX-Request") else "desk/similar.html"
    return render(request, part, context, status=422 if sentence or errors else 200)


def _itself(view: CaseView) -> list[tuple[str, str]]:
    leads = _leads(view, view.programme.id, view.case.state)
    return [(view.number, gettext("this case"))] if leads else []


def _open_ones(alike: Sequence[Alike]) -> list[tuple[str, str]]:
    """Return those that may carry on: what cannot be merged is only shown."""
    return [(one.number, "") for one in alike if one.leads and one.can_merge]


def _undoers(view: CaseView) -> str:
    """Return which roles can undo a merger, in words."""
    steps = [one for one in view.programme.transitions.values() if one.leaves]
    names = dict.fromkeys(role for step in steps for role in step.by)
    return gettext(" or ").join(words.say(view.programme.roles[name].labels) for name in names)


def _form(view: CaseView, leaving: Transition, given: Mapping[str, object]) -> Form:
    zone = calendar_of(view.programme).zone
    return form_of(view.programme, leaving, Seen(view.case, {}, view.now), given, zone)


def _told(view: CaseView, one: Candidate, row: Row) -> Alike:
    programme = offered().get(row.programme, view.programme)
    state = programme.states.get(row.state)
    own, other = (view.programme.id, view.case.state), (row.programme, row.state)
    leads, follows = _leads(view, *other), _follows(view, *other)
    can_merge = (leads and _follows(view, *own)) or (follows and _leads(view, *own))
    return Alike(
        id=one.id,
        number=row.number,
        title=row.title,
        state=words.say(state.labels) if state else row.state,
        opened=words.when(row.opened, calendar_of(programme), view.now),
        where=words.area_name(row.area) if row.area else "",
        percent=min(99, round(100 * one.probability)),
        likely=one.likely,
        can_merge=can_merge,
        leads=leads,
        follows=follows,
        why=tuple(filter(None, map(why, one.evidence))),
        shared=next((e.shared for e in one.evidence if e.kind == "text"), ()),
    )


def _signed(view: CaseView, alike: Sequence[Alike]) -> str:
    rows = [[one.id, one.number, one.percent / 100] for one in alike]
    return signing.dumps([view.case.id, instant(clock.now()), rows], salt=SALT, compress=True)


def _shown(sent: QueryDict, view: CaseView, together: set[str]) -> tuple[Suggested, ...]:
    """Return what had been proposed on the page, with what the person made of each."""
    try:
        of, at, rows = signing.loads(sent.get("token", ""), salt=SALT)
    except signing.BadSignature:
        return ()
    if of != view.case.id or not is_key(of):
        return ()
    return tuple(
        Suggested("similar", "", key, moment(at), sure, chosen=_made_of(number, together))
        for key, number, sure in rows
    )


def _made_of(number: str, together: set[str]) -> str:
    return "merged" if number in together else "left"
