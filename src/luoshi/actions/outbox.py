"""The outbox: sends what acts have announced, after they are committed, at least once.

Several workers may run: each takes messages that no other one holds. A message that cannot be sent
is tried again, later each time; after ``MOST_TRIES`` it stays, marked, for a person to look at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from django.conf import settings
from django.db import Error, transaction
from django.utils.module_loading import import_string

from luoshi.actions import clock
from luoshi.kernel.case import Case, fold
from luoshi.kernel.fact import read
from luoshi.kernel.programme import FieldType, Notice, Programme, Relation, label
from luoshi.store import models, records
from luoshi.store.programmes import programme_of

BATCH = 50
MOST_TRIES = 12
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)

log = structlog.get_logger("luoshi.outbox")


class Send(Protocol):
    """Sends one message; raises when it did not go out."""

    def __call__(self, key: str, by: str, address: str, text: str) -> None:
        """Send *text* to *address* by the way *by*; *key* is the same for every copy."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one round of the worker did."""

    sent: int = 0
    failed: int = 0
    nowhere: int = 0


def way_out() -> Send:
    """Return the sender that ``LUOSHI_SEND`` names; by default the console's fake."""
    send: Send = import_string(settings.LUOSHI_SEND)
    return send


def deliver(send: Send, limit: int = BATCH) -> Sent:
    """Send up to *limit* messages that are due, each in a transaction of its own."""
    sent = failed = nowhere = 0
    for _ in range(limit):
        outcome = _deliver_one(send)
        if outcome is None:
            break
        sent += outcome == "sent"
        failed += outcome == "failed"
        nowhere += outcome == "nowhere"
    return Sent(sent, failed, nowhere)


@transaction.atomic
def _deliver_one(send: Send) -> str | None:
    now = clock.now()
    message = (
        models.Message.objects.select_for_update(skip_locked=True)
        .filter(sent=None, next_try__lte=now, tries__lt=MOST_TRIES)
        .order_by("next_try", "id")
        .first()
    )
    if message is None:
        return None
    try:
        letters = written(message)
        for address, text in letters:
            send(message.key, message.by, address, text)
    except Error:
        raise  # the database is gone, and with it this transaction
    except Exception as reason:  # noqa: BLE001  whatever a connector raises, the message is kept
        return _postpone(message, now, type(reason).__name__)
    return _settle(message, now, "sent" if letters else "nowhere")


def _settle(message: models.Message, now: datetime, outcome: str) -> str:
    message.sent, message.outcome, message.tries = now, outcome, message.tries + 1
    message.save(update_fields=["sent", "outcome", "tries"])
    return outcome


def _postpone(message: models.Message, now: datetime, reason: str) -> str:
    message.tries += 1
    message.next_try = now + min(FIRST_WAIT * 2 ** (message.tries - 1), LONGEST_WAIT)
    message.outcome = reason[:200]
    message.save(update_fields=["tries", "next_try", "outcome"])
    log.warning("not sent", key=message.key, tries=message.tries, reason=reason)
    return "failed"


def written(message: models.Message) -> list[tuple[str, str]]:
    """Return addresses and texts of *message*, looked up now: nothing personal waits here.

    Who is told is the unit that had the case when the message was made: what is taken back from
    one unit and sent to another before the worker comes round is told to each of them.
    """
    found = _case_of(message)
    if found is None:
        return []
    number, case = found
    programme = programme_of(case.programme, case.version)
    notice = next((one for one in programme.notices if one.name == message.notice), None)
    if notice is None or message.to not in programme.roles:
        return []
    if _is_requester(programme, message.to):
        addresses = _own_address(programme, str(message.case), message.by)
    else:
        addresses = _staff_addresses(programme, message.to, case.values, message.by)
    return [(address, told(notice, number, language)) for address, language in addresses]


def _case_of(message: models.Message) -> tuple[str, Case] | None:
    """Return number and case after the act that *message* tells of, which its key begins with.

    They are read without a lock: nobody waits for a message to be sent.
    """
    rows = models.FactRow.objects.filter(case=message.case).order_by("seq")
    found = list(rows.values_list("case__number", "body"))
    if not found:
        return None
    facts = [read(body) for _, body in found]
    act = message.key.partition("/")[0]
    told = next((fact.seq for fact in facts if fact.id == act), len(facts))
    return found[0][0], fold(facts[:told])


def told(notice: Notice, number: str, language: str) -> str:
    """Return the words of *notice* about the case *number*."""
    return label(notice.text, language).replace("{number}", number)


def _is_requester(programme: Programme, role: str) -> bool:
    return programme.roles[role].relation is Relation.REQUESTER


def _own_address(programme: Programme, case: str, by: str) -> list[tuple[str, str]]:
    kind = FieldType.PHONE if by == "sms" else FieldType.EMAIL
    value = records.latest_personal(case, programme.field_of(kind))
    return [(str(value), "zh-Hans")] if value else []


def _staff_addresses(
    programme: Programme, role: str, values: Mapping[str, object], by: str
) -> list[tuple[str, str]]:
    if by != "mail":
        return []
    posts = models.Post.objects.filter(role=role, account__is_active=True).exclude(
        account__email=""
    )
    if programme.roles[role].relation is Relation.OWN_UNIT:
        posts = posts.filter(unit_id=str(values.get(programme.holder_field) or ""))
    found = posts.values_list("account__email", "account__language").distinct()
    return [(email, "en" if language == "en" else "zh-Hans") for email, language in found]
