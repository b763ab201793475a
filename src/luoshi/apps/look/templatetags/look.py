"""Tags and filters of the shared look: ``{% load look %}``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.conf import settings
from django.utils.html import format_html

from luoshi.apps.look import language
from luoshi.apps.look.duration import limit_words
from luoshi.apps.look.options import Option

register = template.Library()


@register.filter
def words(labels: Mapping[str, str] | None) -> str:
    """``{{ programme.labels|words }}``: the words in the language of the page."""
    return language.words(labels)


@register.filter
def basis(said: str) -> str:
    """``{{ step.rests_on|basis }}``: the article or rule, in the language of the page."""
    return language.basis_words(said)


@register.filter
def tongue(text: object) -> str:
    """``<p{{ reply|tongue }}>``: says in which language something was written, if in another."""
    tag = language.other_language(str(text))
    return format_html(' lang="{}"', tag) if tag else ""


@register.filter
def moment(at: datetime | None) -> str:
    """``{{ fact.at|moment }}``: an instant with its year."""
    return language.moment_words(at) if at else ""


@register.filter
def due(at: datetime | None, now: datetime) -> str:
    """``{{ clock.due|due:now }}``: today, tomorrow, or the day with its name."""
    return language.due_words(at, now) if at else ""


@register.filter
def limit(text: str) -> str:
    """``{{ clock.limit|limit }}``: the length of a limit in words."""
    return limit_words(text)


@register.filter
def day(at: datetime | None) -> str:
    """``{{ row.opened|day }}``: the day of an instant, with its year."""
    return language.date_words(at) if at else ""


@register.filter
def indented(option: Option) -> str:
    """An option of a tree in a plain list, moved in by its depth."""
    return "\u3000" * max(0, option.depth - 1) + option.words


@register.simple_tag
def page_language() -> str:
    """``<html lang="{% page_language %}">``."""
    return language.page_language()


@register.simple_tag
def colon() -> str:
    """``{{ label }}{% colon %}{{ text }}``: the sign of the page's language."""
    return language.colon()


@register.simple_tag
def tiles() -> str:
    """Address of the map tiles; empty when there are none."""
    return str(settings.LUOSHI.tiles)
