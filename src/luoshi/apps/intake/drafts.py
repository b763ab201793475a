"""Drafts: a report that is being written, kept on our side until it is sent.

Nothing of it stands in an address. The key of the case is made when the report begins, so that
sending twice is the same case.

Terms    draft 草稿
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from luoshi.store.keys import new_key

HELD = "drafts"
SENT = "sent"


@dataclass
class Draft:
    """What has been answered so far."""

    case: str = field(default_factory=new_key)
    answers: dict[str, Any] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)


def draft_of(request: HttpRequest, programme: str) -> Draft | None:
    """Return the draft for *programme* in this session."""
    held = request.session.get(HELD, {}).get(programme)
    return Draft(**held) if held else None


def keep(request: HttpRequest, programme: str, draft: Draft) -> None:
    """Keep *draft* in the session."""
    held = {"case": draft.case, "answers": draft.answers, "pages": draft.pages}
    request.session[HELD] = {**request.session.get(HELD, {}), programme: held}


def sent(request: HttpRequest, programme: str, number: str, code: str) -> None:
    """Forget the draft, and keep what the person must be shown."""
    held = dict(request.session.get(HELD, {}))
    held.pop(programme, None)
    request.session[HELD] = held
    request.session[SENT] = {**request.session.get(SENT, {}), programme: [number, code]}


def sent_of(request: HttpRequest, programme: str) -> tuple[str, str] | None:
    """Return number and query code of what was sent last in this session."""
    found = request.session.get(SENT, {}).get(programme)
    return (str(found[0]), str(found[1])) if found else None
