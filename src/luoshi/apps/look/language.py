"""The language of the page: which of a programme's words to show, and how to write a date.

Terms    label 名称 · due date 到期日
Units    instants are aware; they are shown in the time zone of the installation
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from luoshi.kernel.programme import label

CHINESE = "zh-Hans"
ENGLISH = "en"
LOCAL, BETWEEN = "local", " · "
LATIN_WORD = re.compile("[A-Za-z]{3}")


def page_language() -> str:
    """Return the tag of the page's language, as programmes and ``<html lang>`` write it."""
    return ENGLISH if (get_language() or "").startswith("en") else CHINESE


def words(labels: Mapping[str, str] | None) -> str:
    """Return the words of *labels* in the language of the page."""
    return label(labels, page_language()) if labels else ""


def other_language(text: str) -> str:
    """Return the tag of the language of *text* where it is not the page's; empty where it is.

    What people wrote is shown as they wrote it: voices and letters follow this tag.
    """
    is_chinese = any("\u4e00" <= sign <= "\u9fff" for sign in text)
    if is_chinese:
        return CHINESE if page_language() == ENGLISH else ""
    is_english = page_language() == CHINESE and LATIN_WORD.search(text)
    return ENGLISH if is_english else ""


def basis_words(said: str) -> str:
    """Return what a rule rests on (依据) in the language of the page.

    Args:
        said: As the programme says it: ``中文 · English``, one text for all, or ``local``.
    """
    if said == LOCAL:
        return gettext("a setting of this place")
    chinese, _, english = said.partition(BETWEEN)
    return (english or chinese) if page_language() == ENGLISH else chinese


def colon() -> str:
    """Return what stands between a label and what is said of it."""
    return ": " if page_language() == ENGLISH else "："


def listed(items: Iterable[str]) -> str:
    """Return *items* one after the other, with what stands between the items of a list."""
    return (", " if page_language() == ENGLISH else "、").join(items)


def day_words(day: date) -> str:
    """Return a day as people write it: ``11月27日（周五）``, ``Friday 27 November``."""
    return date_format(day, gettext("l j F"))


def date_words(at: datetime) -> str:
    """Return the day of an instant with its year: ``2026年11月20日``."""
    return date_format(localtime(at), gettext("j F Y"))


def moment_words(at: datetime) -> str:
    """Return an instant as people write it, with the year: ``2026年11月20日 16:32``."""
    return date_format(localtime(at), gettext("j F Y, H:i"))


def due_words(due: datetime, now: datetime) -> str:
    """Return a due instant as people say it; midnight is the end of the day before.

    The year is written only when it is another one.
    """
    last = localtime(due) - timedelta(microseconds=1)
    is_whole_day = localtime(due).time() == time()
    day = _day_said(last.date(), localtime(now).date())
    if is_whole_day:
        return gettext("the end of %(day)s") % {"day": day}
    return gettext("%(day)s, %(time)s") % {"day": day, "time": date_format(localtime(due), "H:i")}


def _day_said(day: date, today: date) -> str:
    if day == today:
        return gettext("today")
    if day == today + timedelta(days=1):
        return gettext("tomorrow")
    return date_format(day, gettext("l j F") if day.year == today.year else gettext("l j F Y"))
