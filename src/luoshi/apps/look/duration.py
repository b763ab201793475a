"""Lengths of time in words that say which hours and days count.

Terms    紧急工作时 continuous hours · 工作时 office hours · 工作日 working days
         · 自然日 calendar days
"""

from __future__ import annotations

from django.utils.translation import gettext, ngettext

from luoshi.kernel.duration import Duration, DurationInvalid, Unit
from luoshi.kernel.timing import UNTIL


def duration_words(length: Duration) -> str:
    """Return *length* in words: ``5 working days``, ``24 hours, nights and holidays included``."""
    if length.minutes:
        return _minutes(length)
    n = length.amount
    match length.unit:
        case Unit.WORK_DAY:
            told = ngettext("%(n)s working day", "%(n)s working days", n)
        case Unit.NATURAL_DAY:
            told = ngettext("%(n)s calendar day", "%(n)s calendar days", n)
        case Unit.WORK_HOUR:
            told = ngettext("%(n)s office hour", "%(n)s office hours", n)
        case Unit.URGENT_HOUR:
            told = ngettext("%(n)s hour, day and night", "%(n)s hours, day and night", n)
    return told % {"n": n}


def limit_words(text: str) -> str:
    """Return a limit as a clock keeps it (``5 working days``, ``until 2026-11-30``) in words."""
    if text.startswith(UNTIL):
        return gettext("until %(day)s") % {"day": text.removeprefix(UNTIL).strip()}
    try:
        return duration_words(Duration.parse(text))
    except DurationInvalid:
        return text


def _minutes(length: Duration) -> str:
    n = length.total_minutes
    if length.unit is Unit.WORK_HOUR:
        told = ngettext("%(n)s minute of office time", "%(n)s minutes of office time", n)
    else:
        told = ngettext("%(n)s minute, day and night", "%(n)s minutes, day and night", n)
    return told % {"n": n}
