"""What was promised, in words: a date where there is one, and nothing where none was named.

Terms    promise 承诺时限
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.timezone import localtime
from django.utils.translation import gettext

from luoshi.apps.look.language import date_words, due_words, moment_words
from luoshi.kernel.publication import Promise


def promise_words(promise: Promise, now: datetime) -> str:
    """Return when a result can be expected, or when it was there; empty where none is promised."""
    if promise.by is None:
        return ""
    if promise.fulfilled is not None:
        return _fulfilled(promise.by, promise.fulfilled)
    if now >= promise.by:
        told = gettext("A result was promised by %(when)s. It is late, and still being worked on.")
    else:
        told = gettext("You can expect a result by %(when)s.")
    return told % {"when": due_words(promise.by, now)}


def _fulfilled(by: datetime, there: datetime) -> str:
    """Set the two instants beside each other: as days, where the promise was the end of one."""
    told = gettext("A result was promised for %(last)s at the latest, and was there on %(there)s.")
    if localtime(by).time() == time():
        last = by - timedelta(microseconds=1)
        return told % {"last": date_words(last), "there": date_words(there)}
    return told % {"last": moment_words(by), "there": moment_words(there)}
