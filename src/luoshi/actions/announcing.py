"""Announcing: note, with the act, that the public is to be told of it.

What colleagues are told of is noted by the statement that writes the fact (``store.insertion``).

Terms    announce 通知
"""

from __future__ import annotations

from luoshi.formats.events import CHANGED, PUBLISHED, REMOVED
from luoshi.kernel.case import Case
from luoshi.kernel.programme import Programme
from luoshi.kernel.publication import is_published, public_values
from luoshi.store.statement import cursor

TOLD = """
INSERT INTO luoshi_delivery (id, subscription_id, "case", seq, type, made, next_try)
SELECT gen_random_uuid(), id, %(case)s, %(seq)s, %(type)s::text, %(at)s, %(at)s
FROM luoshi_subscription
WHERE ended IS NULL AND account_id IS NULL
  AND (programmes = '{}' OR %(programme)s = ANY(programmes))
  AND (types = '{}' OR %(type)s::text = ANY(types))
"""


def announce_public(programme: Programme, before: Case | None, after: Case) -> None:
    """Note for the subscriptions of the public what everybody can now see of a case."""
    kind = public_change(programme, before, after)
    if not kind:
        return
    with cursor() as run:
        run.execute(
            TOLD,
            {
                "case": after.id,
                "seq": after.seq,
                "type": kind,
                "at": after.moved,
                "programme": after.programme,
            },
            prepare=True,
        )


def public_change(programme: Programme, before: Case | None, after: Case) -> str:
    """Return the type of public event that lies between two states of a case; or nothing."""
    was = before is not None and is_published(programme, before)
    if not is_published(programme, after):
        return REMOVED.type if was else ""
    if before is None or not was:
        return PUBLISHED.type
    shown = public_values(programme, before) != public_values(programme, after)
    return CHANGED.type if shown or before.state != after.state else ""
