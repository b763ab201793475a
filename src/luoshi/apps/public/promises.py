"""What a service promises: its limits with their sources, in words, from the programme itself.

Terms    promise 承诺 · limit 时限 · source 依据
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from luoshi.actions import clock
from luoshi.apps.look.conditions import condition_words
from luoshi.apps.look.duration import duration_words
from luoshi.apps.look.language import colon, words
from luoshi.apps.look.questions import period_words
from luoshi.kernel.access import ANYBODY, may_take
from luoshi.kernel.limit import Clock, ClockKind, Limit
from luoshi.kernel.programme import Programme
from luoshi.store.programmes import calendar_of, offered


@dataclass(frozen=True, slots=True)
class Rule:
    """One limit in words."""

    when: str
    within: str
    source: str


@dataclass(frozen=True, slots=True)
class Promise:
    """One clock in words; ``is_told`` where everybody is told its date."""

    label: str
    rules: tuple[Rule, ...]
    extension: str
    is_told: bool


@dataclass(frozen=True, slots=True)
class KeptField:
    """One personal answer: what for, and how long."""

    label: str
    purpose: str
    period: str


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """Every programme, with a way to what it promises."""
    return render(request, "public/services.html", {"programmes": list(offered().values())})


@require_safe
def promised(request: HttpRequest, programme: str) -> HttpResponse:
    """What one programme promises."""
    found = offered().get(programme)
    if found is None:
        raise Http404
    context = {
        "programme": found,
        "duties": _promises(found, ClockKind.DUTY),
        "windows": _promises(found, ClockKind.WINDOW),
        "mine": _mine(found),
        "kept": _kept(found),
        "is_open": any(may_take(found, None, step, ANYBODY) for step in found.opening),
        "shown": [words(found.fields[name].labels) for name in found.publication.show],
    }
    return render(request, "public/promised.html", context)


def _promises(programme: Programme, kind: ClockKind) -> list[Promise]:
    return [
        Promise(
            label=words(one.labels),
            rules=_rules(programme, one),
            extension=_extension(one),
            is_told=one.name == programme.publication.promise,
        )
        for one in programme.clocks.values()
        if one.kind is kind
    ]


def _rules(programme: Programme, one: Clock) -> tuple[Rule, ...]:
    """Return the limits in force today, the particular ones first."""
    today = clock.now().astimezone(calendar_of(programme).zone).date()
    known = [limit for limit in one.limits if limit.in_force <= today]
    latest = max((limit.in_force for limit in known), default=None)
    in_force = [limit for limit in known if limit.in_force == latest]
    return tuple(
        Rule(_when(programme, limit), _within(limit), limit.source)
        for limit in sorted(in_force, key=lambda limit: limit.when is None)
    )


def _when(programme: Programme, limit: Limit) -> str:
    return condition_words(programme, limit.when) if limit.when else ""


def _within(limit: Limit) -> str:
    if limit.within is not None:
        return duration_words(limit.within)
    if limit.until:
        return gettext("the day that is set for each case")
    if limit.unlimited:
        return gettext("no limit")
    return "; ".join(
        f"{words(one.labels)}{colon()}{duration_words(one.within)}" for one in limit.stages
    )


def _extension(one: Clock) -> str:
    if one.most_extension is None:
        return ""
    told = gettext("may be extended by at most %(length)s, with approval; you are told why")
    return told % {"length": duration_words(one.most_extension)}


def _mine(programme: Programme) -> list[str]:
    """Return what a requester may do after reporting."""
    requesters = {
        role.name for role in programme.roles.values() if role.relation.value == "requester"
    }
    own = [
        words(step.labels)
        for step in programme.transitions.values()
        if requesters & set(step.by) and not step.opens
    ]
    return list(dict.fromkeys(own))


def _kept(programme: Programme) -> list[KeptField]:
    """Return the personal answers asked of residents."""
    asked = {
        need.field
        for step in programme.opening
        if may_take(programme, None, step, ANYBODY)
        for need in step.needs
    }
    return [
        KeptField(words(one.labels), words(one.purpose), period_words(one.keep))
        for one in programme.fields.values()
        if one.personal and one.keep and one.name in asked
    ]
