"""Attached: files of a case that is only being written, and files that no answer names.

Terms    attachment 附件
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from luoshi.store.keys import is_key
from luoshi.store.models import Attachment
from luoshi.store.statement import cursor

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


def forgotten(key: str) -> bool:
    """Delete what the table knows of the file *key*; return whether it was there."""
    return bool(Attachment.objects.filter(id=key).delete()[0])
