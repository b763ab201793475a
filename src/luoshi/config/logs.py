"""What is written down about running: one line for each thing, readable or as JSON.

Nobody is named in it. Luoshi's own code logs codes and counts; whatever else a library may put
into a line (a value in a database error, an address that was asked for) is masked on its way out.

Terms    structured log 结构化日志
"""

from __future__ import annotations

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

PERSONAL = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"  # mobile telephones
    r"|(?<!\d)\d{17}[\dXx](?!\d)"  # identity numbers
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # mail
)
DETAIL = re.compile(r"(?:DETAIL|CONTEXT|QUERY|STATEMENT):.*")
"""What PostgreSQL says, to the end of the line, when it repeats the values of a row."""

Event = MutableMapping[str, Any]


def masked(text: str) -> str:
    """Return *text* without what could lead to a person.

    Example:
        >>> masked("no route to 13812345678 <wang@example.cn>")
        'no route to *** <***>'
    """
    return PERSONAL.sub("***", DETAIL.sub("", text))


def without_people(logger: object, method: str, event: Event) -> Event:  # noqa: ARG001  structlog
    """Mask every text of a log line, also those inside lists and traces."""
    return {name: _clean(value) for name, value in event.items()}


def _clean(value: object) -> object:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, int | float | bool | None | logging.LogRecord):
        return value
    if isinstance(value, dict):
        return {name: _clean(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(one) for one in value]
    return masked(str(value))


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


def configure() -> None:
    """Let structlog hand its events to ``logging``, where everything is written alike."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def rules(style: str) -> dict[str, Any]:
    """Return Django's LOGGING; *style* is ``json`` or ``text``."""
    last: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.processors.LogfmtRenderer(
            key_order=["timestamp", "level", "logger", "event"], drop_missing=True
        )
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [*SHARED, structlog.stdlib.ExtraAdder(allow=("status_code",))],
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            without_people,
            last,
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {"luoshi": {"level": "INFO"}},
    }
