"""Conditions: which questions of a form are asked, as the answers given in it change.

What the case already says is settled here; what depends on an answer of the same form is left over
and handed to the page, which shows and hides. The kernel judges again when the form comes back.
"""

from __future__ import annotations

from collections.abc import Iterable

from luoshi.kernel.condition import All, Any, Condition, FieldGiven, FieldIs, Not
from luoshi.kernel.provision import Need
from luoshi.kernel.seen import Seen

Rest = bool | dict[str, object]
"""Always, never, or a structure of ``any``, ``all``, ``not``, ``is`` and ``given``."""


def asked_when(needs: Iterable[Need], name: str, asked: set[str], seen: Seen) -> Rest:
    """Return when the field *name* is asked for."""
    return _any(_left(need, asked, seen) for need in needs if need.field == name)


def required_when(needs: Iterable[Need], name: str, asked: set[str], seen: Seen) -> Rest:
    """Return when the field *name* has to be answered."""
    mine = (need for need in needs if need.field == name and need.required)
    return _any(_left(need, asked - {name}, seen) for need in mine)


def _left(need: Need, asked: set[str], seen: Seen) -> Rest:
    return True if need.when is None else left_over(need.when, asked, seen)


def left_over(condition: Condition, asked: set[str], seen: Seen) -> Rest:
    """Return what of *condition* still depends on the answers to *asked*."""
    match condition:
        case All(parts):
            return _all(left_over(part, asked, seen) for part in parts)
        case Any(parts):
            return _any(left_over(part, asked, seen) for part in parts)
        case Not(part):
            inner = left_over(part, asked, seen)
            return not inner if isinstance(inner, bool) else {"not": inner}
        case FieldIs(field, values) if field in asked:
            return {"field": field, "is": [str(value) for value in values]}
        case FieldGiven(field, given) if field in asked:
            return {"field": field, "given": given}
    return condition.holds(seen)


def _any(parts: Iterable[Rest]) -> Rest:
    rest: list[Rest] = []
    for part in parts:
        if part is True:
            return True
        if part is not False:
            rest.append(part)
    return {"any": rest} if rest else False


def _all(parts: Iterable[Rest]) -> Rest:
    rest: list[Rest] = []
    for part in parts:
        if part is False:
            return False
        if part is not True:
            rest.append(part)
    return {"all": rest} if rest else True
