"""Telling: what one event says to one subscription, with what its account may see now."""

from __future__ import annotations

from collections.abc import Mapping

from luoshi.formats.events import REMOVED, PublicEvent, case_event, payload
from luoshi.kernel.access import ANYBODY, Actor, Sight, may_see, sight_of
from luoshi.kernel.case import Case, fold
from luoshi.kernel.fact import Fact, Json, instant, read
from luoshi.kernel.programme import Programme
from luoshi.store.directory import actor_of
from luoshi.store.models import CaseRow, Delivery, FactRow, PublicRow
from luoshi.store.programmes import programme_of, promised_by


def told(delivery: Delivery) -> bytes | None:
    """Return the body of *delivery*; ``None`` when there is nothing to be told (any more)."""
    account = delivery.subscription.account
    if account is None:
        return _told_public(delivery)
    return _told_staff(delivery, actor_of(account)) if account.is_active else None


def _told_staff(delivery: Delivery, actor: Actor) -> bytes | None:
    number, facts = _history(delivery)
    if not facts:
        return None
    fact, case = facts[-1], fold(facts)
    programme = programme_of(fact.programme, fact.version)
    if not may_see(programme, case, actor):
        return None
    values = permitted(programme, case, fact, actor)
    return payload(delivery.type, fact.at, case_event(programme, fact, number, values))


def permitted(
    programme: Programme, case: Case, fact: Fact, actor: Actor = ANYBODY
) -> Mapping[str, Json]:
    """Return the answers given in *fact* that are not personal and that *actor* sees whole."""
    return {
        name: value
        for name, value in fact.values.items()
        if name in programme.fields
        and not programme.fields[name].personal
        and sight_of(programme, name, case, actor) is Sight.WHOLE
    }


def _history(delivery: Delivery) -> tuple[str, list[Fact]]:
    """Return the number of the case and its facts up to the one that is told."""
    rows = FactRow.objects.filter(case=delivery.case, seq__lte=delivery.seq).order_by("seq")
    found = list(rows.values_list("case__number", "body"))
    return (found[0][0], [read(body) for _, body in found]) if found else ("", [])


def _told_public(delivery: Delivery) -> bytes | None:
    row = PublicRow.objects.filter(case=delivery.case).first()
    if delivery.type == REMOVED.type:
        number, facts = _history(delivery)
        return _removed(delivery, number, facts[-1]) if facts and row is None else None
    if row is None:
        return None
    data = PublicEvent(
        number=row.number,
        programme=row.programme,
        seq=delivery.seq,
        state=row.state,
        opened=instant(row.opened),
        promised=_promised(row),
        fulfilled=instant(row.fulfilled) if row.fulfilled else None,
        category=row.category,
        place=row.place,
        values=row.view.get("values", {}),
    )
    return payload(delivery.type, delivery.made, data)


def _promised(row: PublicRow) -> str | None:
    if row.promised is None:
        return None
    version = CaseRow.objects.values_list("version", flat=True).get(id=row.case)
    told = promised_by(programme_of(row.programme, version), row.promised)
    return instant(told) if told else None


def _removed(delivery: Delivery, number: str, fact: Fact) -> bytes:
    data = PublicEvent(number, fact.programme, delivery.seq)
    return payload(delivery.type, delivery.made, data)
