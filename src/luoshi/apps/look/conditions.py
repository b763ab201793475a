"""Conditions in words of the page's language: ``Urgency: Urgent``.

Terms    condition 条件
"""

from __future__ import annotations

from django.utils.translation import gettext, ngettext

from luoshi.apps.look.answers import answer_words
from luoshi.apps.look.language import words
from luoshi.kernel.condition import All, Any, ClockIs, Condition, CountIs, FieldGiven, FieldIs, Not
from luoshi.kernel.programme import Programme


def condition_words(programme: Programme, condition: Condition) -> str:
    """Return *condition* as people read it."""
    match condition:
        case FieldIs(name, values):
            field = programme.fields[name]
            told = gettext(" or ").join(answer_words(programme, field, value) for value in values)
            return gettext("%(what)s: %(answer)s") % {"what": words(field.labels), "answer": told}
        case FieldGiven(name, given):
            told = gettext("%(what)s is given") if given else gettext("%(what)s is not given")
            return told % {"what": words(programme.fields[name].labels)}
        case ClockIs(name, states):
            told = gettext(" or ").join(CLOCKS[state]() for state in sorted(states))
            clock = words(programme.clocks[name].labels)
            return gettext("%(what)s: %(answer)s") % {"what": clock, "answer": told}
        case CountIs():
            return _count_words(programme, condition)
        case All(parts):
            return gettext(" and ").join(condition_words(programme, part) for part in parts)
        case Any(parts):
            return gettext(" or ").join(condition_words(programme, part) for part in parts)
        case Not(part):
            return gettext("not so: %(condition)s") % {
                "condition": condition_words(programme, part)
            }


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
