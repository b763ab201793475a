"""Attached: files of a case that is only being written, and files that no answer names.

Terms    attachment 附件
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from luoshi.kernel.duration import Period
from luoshi.kernel.fact import Fact, read
from luoshi.kernel.programme import FieldType
from luoshi.store.keys import is_key
from luoshi.store.models import Attachment
from luoshi.store.programmes import offered
from luoshi.store.statement import cursor

SHORTEST_MONTH = 28
ZERO = "00000000-0000-0000-0000-000000000000"


def attachment_of(case: str, key: str) -> Attachment | None:
    """Return the file *key* of *case*; ``None`` when there is none, or it has been deleted."""
    if not (is_key(case) and is_key(key)):
        return None
    return Attachment.objects.filter(id=key, case=case, deleted=None).first()


UNNAMED = """
WITH looked AS (
  SELECT id, id::text AS key, "case" FROM luoshi_attachment
  WHERE deleted IS NULL AND added < %(before)s AND id > %(after)s::uuid ORDER BY id LIMIT %(most)s)
SELECT key, EXISTS (
    SELECT FROM luoshi_fact f WHERE f.case_id = looked."case" AND strpos(f.body, key) > 0
    UNION ALL
    SELECT FROM luoshi_personal p WHERE p.case_id = looked."case" AND strpos(p.value, key) > 0
    UNION ALL
    SELECT FROM luoshi_walled w WHERE w.case_id = looked."case" AND strpos(w.value, key) > 0)
FROM looked ORDER BY looked.id
"""


def unnamed(before: datetime, most: int) -> Iterator[list[str]]:
    """Yield, in pieces, the keys of files that no answer of their case names.

    That is so of a file whose answer has been deleted, and of one that came and was never used,
    for a case that was never registered, for example.

    Args:
        before: Only files that were added before this instant.
        most: How many files are looked at in one piece.
    """
    after = ZERO
    while True:
        with cursor() as run:
            run.execute(UNNAMED, {"before": before, "after": after, "most": most})
            rows = run.fetchall()
        yield [key for key, is_named in rows if not is_named]
        if len(rows) < most:
            return
        after = rows[-1][0]


NAMED_BY_FACTS = """
SELECT a.id::text, c.moved, f.body FROM luoshi_case c
JOIN luoshi_attachment a ON a."case" = c.id AND a.deleted IS NULL
JOIN luoshi_fact f ON f.case_id = c.id AND strpos(f.body, a.id::text) > 0
WHERE c.programme = %s AND c.kind IN ('done', 'void') AND c.moved < %s
"""


def outlived(now: datetime) -> list[str]:
    """Return the keys of files whose time is over by the programme that is offered now.

    Under an older version their field was not personal, so facts name them: with a key, which says
    nothing once the file has gone.
    """
    found: set[str] = set()
    for programme in offered().values():
        kept = {
            field.name: field.keep
            for field in programme.fields.values()
            if field.type is FieldType.FILES and field.personal and field.keep
        }
        if kept:
            with cursor() as run:
                run.execute(NAMED_BY_FACTS, (programme.id, now - _at_least(kept.values())))
                found.update(
                    key
                    for key, moved, body in run.fetchall()
                    if _is_over(read(body), key, kept, moved, now)
                )
    return sorted(found)


def _at_least(periods: Iterable[Period]) -> timedelta:
    """Return a length that none of *periods* falls short of."""
    return timedelta(days=min(SHORTEST_MONTH * one.months + one.days for one in periods))


def _is_over(
    fact: Fact, key: str, kept: Mapping[str, Period], moved: datetime, now: datetime
) -> bool:
    """Return whether *key* was given in *fact* to a field whose time has passed."""
    given = (name for name in kept if key in (fact.values.get(name) or ()))  # type: ignore[operator]
    return any(kept[name].after(moved.date()) < now.date() for name in given)


def forgotten(key: str) -> bool:
    """Delete what the table knows of the file *key*; return whether it was there."""
    return bool(Attachment.objects.filter(id=key).delete()[0])
