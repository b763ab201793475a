"""Merging: several cases about one matter into one of them, in one step, and apart again.

Each case takes the step that its programme provides for following another one, as the person who
decides: what may not be done to one of them is not done to any. Nobody merges but a person.

Terms    merge 并案 · main case 主件 · take apart 拆分
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID, uuid5

from django.db import transaction

from luoshi.actions import clock
from luoshi.actions.acts import act
from luoshi.actions.suggested import Suggested
from luoshi.actions.writing import Outcome, Request
from luoshi.kernel.access import Actor
from luoshi.kernel.errors import FieldProblem, FieldsRefused, TransitionUnknown
from luoshi.kernel.programme import Transition
from luoshi.store.keys import is_key
from luoshi.store.queries import case_numbered
from luoshi.store.sight import CaseView

MOST = 50
"""Cases that are merged at once."""


@transaction.atomic
def merge(
    main: str,
    numbers: Sequence[str],
    key: str,
    actor: Actor,
    shown: tuple[Suggested, ...] = (),
) -> list[Outcome]:
    """Merge the cases *numbers* into the case *main*: all of them, or none.

    Args:
        main: Register number of the case that is carried on.
        numbers: Register numbers of those that follow it.
        key: Key of this decision; sent again, it changes nothing.
        actor: The person who decides.
        shown: What had been suggested to them.

    Raises:
        Refused: One of the steps is not allowed, or a case cannot be found by this person.
    """
    case_numbered(main, actor, clock.now())
    outcomes: list[Outcome] = []
    for number in _few(numbers, main):
        view = case_numbered(number, actor, clock.now())
        step = _step(view, _act(key, view), lambda one: bool(one.follows))
        said = () if outcomes else shown
        request = Request(
            step.name,
            {step.follows: main},
            case=view.case.id,
            act=_act(key, view),
            suggested=said,
        )
        outcomes.append(act(request, actor))
    return outcomes


@transaction.atomic
def take_apart(
    numbers: Sequence[str], answers: Mapping[str, object], key: str, actor: Actor
) -> list[Outcome]:
    """Undo the merger of the cases *numbers*: each goes its own way again, all or none.

    Raises:
        Refused: As for ``merge``.
    """
    outcomes = []
    for number in _few(numbers):
        view = case_numbered(number, actor, clock.now())
        step = _step(view, _act(key, view), lambda one: one.leaves)
        request = Request(step.name, answers, case=view.case.id, act=_act(key, view))
        outcomes.append(act(request, actor))
    return outcomes


def _few(numbers: Sequence[str], main: str = "") -> list[str]:
    few = [number for number in dict.fromkeys(numbers) if number != main]
    if not few or len(few) > MOST:
        raise FieldsRefused([FieldProblem("number", "field.missing")])
    return sorted(few)


def _act(key: str, view: CaseView) -> str:
    if not is_key(key):
        raise FieldsRefused([FieldProblem("id", "id.invalid")])
    return str(uuid5(UUID(key), view.case.id))


def _step(view: CaseView, key: str, fits: Callable[[Transition], bool]) -> Transition:
    """Return the step by which *view* is merged or taken apart; the one taken, when sent again."""
    taken = [entry.fact.act for entry in view.timeline if entry.fact.id == key]
    known = view.programme.transitions
    found = [known[name] for name in taken if name in known]
    found += [one for one in view.allowed if fits(one)]
    if not found:
        allowed = ", ".join(one.name for one in view.allowed)
        raise TransitionUnknown(transition=view.number, allowed=allowed)
    return found[0]
