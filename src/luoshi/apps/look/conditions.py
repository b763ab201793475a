"""Conditions in words of the page's language: ``Urgency: Urgent``.

Terms    condition 条件
"""

from __future__ import annotations

from django.utils.translation import gettext, ngettext

from luoshi.apps.look.answers import answer_words
from luoshi.apps.look.language import words
from luoshi.kernel.condition import (
    All,
    Any,
    ClockIs,
    Condition,
    CountIs,
    Drawn,
    FieldGiven,
    FieldIs,
    FieldWithin,
    Held,
    Not,
    PartsDone,
)
from luoshi.kernel.limit import ClockKind
from luoshi.kernel.programme import Programme


def condition_words(programme: Programme, condition: Condition) -> str:
    """Return *condition* as people read it."""
    match condition:
        case All(parts):
            return gettext(" and ").join(condition_words(programme, part) for part in parts)
        case Any(parts):
            return gettext(" or ").join(condition_words(programme, part) for part in parts)
        case Not(part):
            inner = condition_words(programme, part)
            return gettext("not so: %(condition)s") % {"condition": inner}
        case FieldIs() | FieldWithin() | FieldGiven():
            return _answer_condition(programme, condition)
        case _:
            return _course_condition(programme, condition)


def _answer_condition(programme: Programme, condition: FieldIs | FieldWithin | FieldGiven) -> str:
    """Return a condition on an answer in words."""
    field = programme.fields[condition.field]
    what = words(field.labels)
    match condition:
        case FieldIs(_, values):
            told = gettext(" or ").join(answer_words(programme, field, value) for value in values)
            return gettext("%(what)s: %(answer)s") % {"what": what, "answer": told}
        case FieldGiven(_, given):
            told = gettext("%(what)s is given") if given else gettext("%(what)s is not given")
            return told % {"what": what}
        case FieldWithin(_, least, most):
            limits = [f"≥ {least:g}" if least is not None else ""]
            limits.append(f"≤ {most:g}" if most is not None else "")
            return f"{what} {' '.join(limit for limit in limits if limit)}"


def _course_condition(
    programme: Programme, condition: ClockIs | CountIs | Held | PartsDone | Drawn
) -> str:
    """Return a condition on the course of a case in words."""
    match condition:
        case ClockIs(name, states):
            return clock_words(programme, name, *sorted(states))
        case CountIs():
            return _count_words(programme, condition)
        case Held(name, is_up):
            told = gettext("%(what)s is up") if is_up else gettext("%(what)s is not up")
            return told % {"what": words(programme.holds[name].labels)}
        case PartsDone(is_done):
            return gettext("every part is done") if is_done else gettext("a part is still open")
        case Drawn(_, share):
            return gettext("drawn for a check (%(share)s%% of all)") % {
                "share": f"{share:.0%}"[:-1]
            }


def clock_words(programme: Programme, name: str, *states: str) -> str:
    """Return that a clock is in one of *states*."""
    rule = programme.clocks[name]
    known = CLOCKS | WINDOWS if rule.kind is ClockKind.WINDOW else CLOCKS
    told = gettext(" or ").join(known[state]() for state in states)
    return gettext("%(what)s: %(answer)s") % {"what": words(rule.labels), "answer": told}


def _count_words(programme: Programme, condition: CountIs) -> str:
    step = words(programme.transitions[condition.transition].labels)
    most, least = condition.at_most, condition.at_least
    if most is not None:
        told = ngettext("%(step)s at most %(n)s time", "%(step)s at most %(n)s times", most)
        return told % {"step": step, "n": most}
    told = ngettext("%(step)s at least %(n)s time", "%(step)s at least %(n)s times", least)
    return told % {"step": step, "n": least}


CLOCKS = {
    "absent": lambda: gettext("not started"),
    "running": lambda: gettext("running"),
    "overdue": lambda: gettext("overdue"),
    "paused": lambda: gettext("paused"),
    "met": lambda: gettext("kept in time"),
    "late": lambda: gettext("done late"),
    "stopped": lambda: gettext("stopped"),
}

WINDOWS = {"running": lambda: gettext("not over"), "overdue": lambda: gettext("over")}
"""A time within which something is possible: nobody is late when it has passed."""
