"""Topic boards: the worker finds the hot topics of a period, and keeps what staff look at.

A page asks for a period; the worker finds its topics, and finds them anew once an hour while
somebody looks. What is kept is redacted and holds no requester.

Terms    hot topic 热点问题 · board 看板 · heat 热度
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.db import Error, connection

from luoshi.actions import clock
from luoshi.actions.suggested import is_on
from luoshi.actions.suggesting import text_fields
from luoshi.insight.topics import Message, Parameters, Topic, hot_topics
from luoshi.insight.topics.message import ParameterRefused
from luoshi.insight.topics.period import Period
from luoshi.insight.triage.personal import redact
from luoshi.kernel.programme import FieldType, Programme
from luoshi.store.matters import Matter, opened_between
from luoshi.store.models import TopicBoard
from luoshi.store.programmes import calendar_of, offered
from luoshi.store.queries import Scope
from luoshi.store.statement import cursor
from luoshi.store.topic_boards import Behind, Found, Term, written

MOST_CASES = 20_000
"""Cases of a period that are looked at, the latest ones (20 s of a processor)."""
MOST_TOPICS = 30
FRESH = timedelta(hours=1)
WANTED = timedelta(days=7)
"""How long a board is kept after somebody last looked."""
MOST_BOARDS = 60
"""Periods kept of one programme, those asked for last."""
DAYS = 30
IDLE_SECONDS = 3.0
LOCK = 0x6C756F_746F  # one worker looks for topics, the others go on
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)

log = structlog.get_logger("luoshi.topics")


def run(stop: threading.Event) -> None:
    """Find what is asked for, until *stop* is set; if it is set already, once."""
    try:
        while True:
            try:
                found = find_wanted()
            except Error as reason:
                log.warning("topics put off", reason=type(reason).__name__)
                connection.close()
                found = 0
            if (stop.is_set() and not found) or (not found and stop.wait(IDLE_SECONDS)):
                return
    finally:
        connection.close()


def ask(programme: Programme, period: Period) -> None:
    """Note that somebody looks at *period*; the worker keeps it current from now on."""
    period, now = within_reach(period), clock.now()
    kept, is_new = TopicBoard.objects.get_or_create(
        programme=programme.id, first=period.first, last=period.last, defaults={"wanted": now}
    )
    if is_new:
        latest_asked = TopicBoard.objects.filter(programme=programme.id).order_by("-wanted", "-pk")
        TopicBoard.objects.filter(
            pk__in=list(latest_asked.values_list("pk", flat=True)[MOST_BOARDS:])
        ).delete()
    elif now - kept.wanted > FRESH:
        TopicBoard.objects.filter(pk=kept.pk).update(wanted=now)


def within_reach(period: Period) -> Period:
    """Return *period* without what lies outside of any register."""
    return Period(
        min(max(period.first, FIRST_DAY), LAST_DAY), min(max(period.last, FIRST_DAY), LAST_DAY)
    )


def latest(programme: Programme) -> Period:
    """Return the last thirty days, today included."""
    today = clock.now().astimezone(calendar_of(programme).zone).date()
    return Period(today - timedelta(days=DAYS - 1), today)


def find_wanted() -> int:
    """Find the topics of one board that waits; return how many were found anew: 0 or 1."""
    with cursor() as run_:
        run_.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,))
        if run_.fetchone() != (True,):
            return 0
        try:
            return _find_wanted()
        finally:
            run_.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))


def _find_wanted() -> int:
    now = clock.now()
    TopicBoard.objects.filter(wanted__lt=now - WANTED).delete()
    watched = {name: one for name, one in offered().items() if is_on(name, "topics")}
    for programme in watched.values():
        last = latest(programme)
        TopicBoard.objects.get_or_create(
            programme=programme.id, first=last.first, last=last.last, defaults={"wanted": now}
        )
    waiting = TopicBoard.objects.filter(programme__in=watched)
    kept = waiting.filter(made=None).order_by("-wanted").first() or (
        waiting.filter(made__lt=now - FRESH).order_by("made").first()
    )
    if kept is None:
        return 0
    _keep(kept, watched[kept.programme], now)
    return 1


def _keep(kept: TopicBoard, programme: Programme, now: datetime) -> None:
    period = Period(kept.first, kept.last)
    matters = _matters(programme, period)
    topics = found_among(programme, matters[:MOST_CASES])
    TopicBoard.objects.filter(pk=kept.pk).update(
        made=now,
        looked_at=len(matters[:MOST_CASES]),
        is_cut=len(matters) > MOST_CASES,
        topics=[written(one) for one in topics],
    )
    log.info("topics found", programme=programme.id, cases=len(matters), topics=len(topics))


def _matters(programme: Programme, period: Period) -> list[Matter]:
    zone = calendar_of(programme).zone
    window = (
        datetime.combine(period.first, time.min, zone),
        datetime.combine(period.last + timedelta(days=1), time.min, zone),
    )
    everything = Scope(whole=(programme.id,))
    return opened_between(everything, programme.id, window, list(_uses(programme)), MOST_CASES + 1)


def found_among(programme: Programme, matters: Sequence[Matter]) -> list[Found]:
    """Return the hot topics among *matters*, redacted, as the programme says they are ranked."""
    zone = calendar_of(programme).zone
    known = {one.number: one for one in matters}
    messages = [_message(programme, one, zone) for one in matters]
    topics = hot_topics(messages, parameters_of(programme)).topics
    return [_found(one, known) for one in topics[:MOST_TOPICS]]


def parameters_of(programme: Programme) -> Parameters:
    """Return what the programme says of heat; what holds by default if it cannot be meant."""
    try:
        return Parameters.of(programme.heat)
    except ParameterRefused as refused:
        log.warning("heat not as the programme says", programme=programme.id, reason=str(refused))
        return Parameters()


def _uses(programme: Programme) -> dict[str, str]:
    """Return the fields that are read, and what each is for."""
    title, details = text_fields(programme)
    caller = programme.field_of(FieldType.PHONE) or programme.field_of(FieldType.NAME)
    address = programme.field_of(FieldType.ADDRESS)
    named = {title: "subject", details: "details", caller: "requester", address: "place"}
    return {name: use for name, use in named.items() if name}


def _message(programme: Programme, matter: Matter, zone: ZoneInfo) -> Message:
    texts = {use: matter.texts.get(name, "") for name, use in _uses(programme).items()}
    return Message(
        id=matter.number,
        requester=texts.get("requester", ""),
        subject=texts.get("subject", ""),
        at=matter.opened.astimezone(zone).replace(tzinfo=None),
        details=texts.get("details", ""),
        place=texts.get("place", ""),
    )


def _found(topic: Topic, known: Mapping[str, Matter]) -> Found:
    numbers = _numbered(message.requester or message.id for message in topic.messages)
    return Found(
        name=topic.name,
        heat=topic.heat,
        terms=tuple(Term(*astuple(part)) for part in topic.parts),
        place=topic.place,
        description=topic.description,
        behind=tuple(
            Behind(
                case=known[message.id].id,
                number=message.id,
                title=redact(message.subject),
                opened=message.at.date(),
                area=known[message.id].area,
                who=numbers[message.requester or message.id],
            )
            for message in topic.messages
        ),
    )


def _numbered(requesters: Iterable[str]) -> dict[str, int]:
    return {one: number for number, one in enumerate(dict.fromkeys(requesters))}
