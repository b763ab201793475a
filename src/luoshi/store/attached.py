"""Attached: a file of a case that is only being written, for the person who writes it."""

from __future__ import annotations

from luoshi.store.keys import is_key
from luoshi.store.models import Attachment


def attachment_of(case: str, key: str) -> Attachment | None:
    """Return the file *key* of *case*; ``None`` when there is none, or it has been deleted."""
    if not (is_key(case) and is_key(key)):
        return None
    return Attachment.objects.filter(id=key, case=case, deleted=None).first()
