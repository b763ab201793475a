"""Learning: once a night, the models learn what people chose instead of what was suggested.

A model that has learned is a new file below ``LUOSHI_HOME/models``, put in place by a rename;
whoever holds the old one reads the new one at the next question. Texts are read for learning and
kept nowhere: a model holds numbers alone.

Terms    correction 人工更正 · model 模型
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from luoshi.actions import clock
from luoshi.actions.model_registry import model_of, own_model
from luoshi.actions.suggested import is_on
from luoshi.actions.suggesting import text_fields
from luoshi.insight.triage.examples import Example, example
from luoshi.insight.triage.model_file import save_model
from luoshi.kernel.fact import instant, moment
from luoshi.kernel.programme import Programme
from luoshi.store.matters import texts_of
from luoshi.store.programmes import calendar_of, offered
from luoshi.store.statement import cursor
from luoshi.store.suggestions import Correction, corrections

NIGHT = range(1, 5)
"""Hours of the day, in the zone of the programme's calendar, in which models learn."""
MOST = 500
"""Corrections of one night; after some hundreds a model should be trained anew."""
PAUSE = timedelta(hours=12)
LOCK = 0x6C756F_6C72  # one worker learns, the others go on
FIRST = datetime(2000, 1, 1, tzinfo=UTC)
UNTIL = "learned_until"
"""Where the card of a model says up to which decision it has learned."""

log = structlog.get_logger("luoshi.learning")

_looked: dict[str, datetime] = {}


def learn_tonight() -> list[str]:
    """Learn, for every programme whose night it is; return those whose model has changed."""
    now = clock.now()
    return [name for name, one in offered().items() if _is_due(one, now) and learn(one) > 0]


def _is_due(programme: Programme, now: datetime) -> bool:
    if now.astimezone(calendar_of(programme).zone).hour not in NIGHT:
        return False
    last = _looked.get(programme.id)
    if last is not None and now - last < PAUSE:
        return False
    _looked[programme.id] = now
    return is_on(programme.id, "category")


def learn(programme: Programme) -> int:
    """Let the model of *programme* learn what it has not learned yet; return how many decisions.

    Nothing happens without a model, or while another worker is at it.
    """
    held = model_of(programme.id)
    if held is None or held.model is None:
        return 0
    with cursor() as run:
        run.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,))
        if run.fetchone() != (True,):
            return 0
        try:
            return _learned(programme)
        finally:
            run.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))


def _learned(programme: Programme) -> int:
    held = model_of(programme.id)
    if held is None or held.model is None:
        return 0
    since = moment(str(held.model.card.get(UNTIL) or instant(FIRST)))
    found = corrections(programme.id, since, MOST)
    if not found:
        return 0
    model = held.model.learn(list(_examples(programme, found)))
    card = {**model.card, UNTIL: instant(found[-1].decided)}
    target = own_model(programme.id)
    _folder(target.parent)
    save_model(replace(model, card=card), target)
    log.info("learned", programme=programme.id, corrections=len(found))
    return len(found)


def _folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _examples(programme: Programme, found: list[Correction]) -> Iterator[Example]:
    subject, details = text_fields(programme)
    texts = texts_of([one.case for one in found], [name for name in (subject, details) if name])
    for one in found:
        said = texts.get(one.case)
        if said:  # what has been deleted since teaches nothing
            yield example(one.category, said.get(subject, ""), said.get(details, ""))
