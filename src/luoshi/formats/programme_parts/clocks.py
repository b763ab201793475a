"""Section ``clocks``: limits that somebody has to keep, and windows in which something is open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from luoshi.formats.grammar.forms import Form, Key, Several, Table
from luoshi.formats.grammar.values import (
    LIMIT,
    LIMIT_OR_NONE,
    Day,
    Labels,
    Name,
    Number,
    Text,
    Word,
)
from luoshi.formats.programme_parts.conditions import CONDITION
from luoshi.kernel.duration import Duration
from luoshi.kernel.limit import UNLIMITED, Clock, ClockKind, Limit, Rung, Stage, Warn

ONE_DAY = Duration.parse("1 working day")


def _stage(name: str, read: Mapping[str, Any]) -> Stage:
    return Stage(name=name, labels=read["labels"], within=read["within"])


STAGE = Form(
    {
        "labels": Key(
            Labels(), "What the target is called.", needed=True, default={}, judged_later=True
        ),
        "within": Key(LIMIT, "How long, with its unit.", needed=True, stand_in=ONE_DAY),
    }
)


def _limit(read: Mapping[str, Any]) -> Limit:
    is_unlimited = read["within"] == UNLIMITED
    return Limit(
        in_force=read["in_force"],
        source=read["source"],
        within=None if is_unlimited else read["within"],
        stages=tuple(read["stages"].values()),
        until=read["until"],
        unlimited=is_unlimited,
        when=read["when"],
    )


LIMIT_RULE = Form(
    {
        "in_force": Key(
            Day(), "First day on which the rule holds.", needed=True, stand_in=date(1949, 10, 1)
        ),
        "within": Key(
            LIMIT_OR_NONE,
            "How long, with its unit; or that nothing limits it: then the clock is not started.",
            stand_in=ONE_DAY,
        ),
        "stages": Key(
            Table(STAGE, _stage),
            "Several targets, each counted from the same start, instead of within.",
            default={},
        ),
        "until": Key(
            Name("field"), "Date field at the end of whose day it expires, instead.", default=""
        ),
        "when": Key(CONDITION, "Cases for which the rule is made; without it, all others."),
        "source": Key(
            Text(),
            "Who says so: rule and article as 中文 · English, one text for both, or local.",
            needed=True,
            default="",
            judged_later=True,
        ),
    },
    _limit,
)


def _warn(read: Mapping[str, Any]) -> Warn:
    left = read["left"]
    share = read["share"] if read["share"] is not None or left else Warn().share
    return Warn(share=None if left else share, left=left)


WARN = Form(
    {
        "share": Key(Number(0.01, 1, fraction=True), "Share of the limit that is used: 0.8."),
        "left": Key(LIMIT, "Time that remains: 1 working day."),
    },
    _warn,
)

RUNG = Form(
    {
        "share": Key(Number(0.01, 1, fraction=True), "At this share of the limit: 0.8."),
        "before": Key(LIMIT, "This long before it is due."),
        "after": Key(LIMIT, "This long after it was due."),
        "tell": Key(Several(Name("role")), "Roles that are told.", default=()),
        "notice": Key(Name("notice"), "The notice they are told by.", default=""),
        "do": Key(Name("transition"), "Step that the system takes, if it can.", default=""),
    }
)


def _rung(name: str, read: Mapping[str, Any]) -> Rung:
    return Rung(
        name=name,
        share=read["share"],
        before=read["before"],
        after=read["after"],
        tell=read["tell"],
        notice=read["notice"],
        do=read["do"],
    )


CLOCK = Form(
    {
        "labels": Key(
            Labels(), "What the limit is called.", needed=True, default={}, judged_later=True
        ),
        "kind": Key(
            Word(ClockKind), "A duty can be late; a window merely closes.", default=ClockKind.DUTY
        ),
        "warn": Key(
            WARN,
            "From when on the light is yellow; at 0.8 of the limit if not said.",
            default=Warn(),
        ),
        "most_extension": Key(LIMIT, "Longest that an extension may add."),
        "ladder": Key(
            Table(RUNG, _rung), "Who is told, or what happens, as the clock runs on.", default={}
        ),
        "limits": Key(
            Several(LIMIT_RULE),
            "Dated rules; the first that applies counts, the newest day first.",
            needed=True,
            default=(),
        ),
    }
)


def clock_of(name: str, read: Mapping[str, Any]) -> Clock:
    """Return the clock *name*."""
    return Clock(
        name=name,
        labels=read["labels"],
        limits=read["limits"],
        kind=read["kind"],
        warn=read["warn"],
        most_extension=read["most_extension"],
        ladder=tuple(read["ladder"].values()),
    )


CLOCKS = Table(CLOCK, clock_of)
