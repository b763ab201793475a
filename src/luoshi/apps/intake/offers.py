"""Offers: the programmes under which anybody may open a case, and what they ask of a resident.

Terms    offer 可受理的专项 · opening transition 登记
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.http import Http404

from luoshi.apps.look.questions import asked_by, required_by
from luoshi.kernel.access import ANYBODY, may_take
from luoshi.kernel.programme import FieldType, Programme, Relation, Transition
from luoshi.store.programmes import offered, remembered

NAMING = frozenset({FieldType.NAME, FieldType.PHONE, FieldType.EMAIL})
"""Types of fields that tell who reports."""


@dataclass(frozen=True)
class Offer:
    """One programme with the transition by which a resident opens a case."""

    programme: Programme
    transition: Transition

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """Names of the fields a resident is asked for: those a requester may see, too."""
        requesters = _requesters(self.programme)
        return tuple(
            name
            for name in asked_by(self.transition)
            if not self.programme.fields[name].seen_by
            or self.programme.fields[name].seen_by & requesters
        )

    @cached_property
    def required(self) -> frozenset[str]:
        """Names of the fields that must be given."""
        return required_by(self.transition)

    @cached_property
    def may_be_anonymous(self) -> bool:
        """Whether nothing that must be given tells who reports, person or enterprise."""
        asked = (self.programme.fields[name] for name in self.required)
        return not any(one.credit_code or one.type in NAMING for one in asked)


def offers() -> Iterator[Offer]:
    """Yield what is offered to residents, in the order in which the programmes want it."""
    for programme in sorted(offered().values(), key=lambda one: one.listed):
        offer = _offer(programme)
        if offer is not None:
            yield offer


@remembered
def _offer(programme: Programme) -> Offer | None:
    may = (one for one in programme.opening if may_take(programme, None, one, ANYBODY))
    step = next(may, None)
    return Offer(programme, step) if step else None


def offer_of(programme: str) -> Offer:
    """Return the offer of that programme.

    Raises:
        Http404: There is no such programme, or it is not for residents to open.
    """
    known = offered().get(programme)
    found = _offer(known) if known else None
    if found is None:
        raise Http404
    return found


def _requesters(programme: Programme) -> frozenset[str]:
    return frozenset(
        role.name for role in programme.roles.values() if role.relation is Relation.REQUESTER
    )
