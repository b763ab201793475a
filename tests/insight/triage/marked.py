"""Reads example messages in which {kind|words} marks a personal datum."""

import re
from pathlib import Path

from luoshi.insight.triage.span import Span

HERE = Path(__file__).parent
_MARK = re.compile(r"\{(\w+)\|([^}]*)\}")


def lines(name: str) -> list[str]:
    """Return the messages of a file beside this one, comments left out."""
    text = (HERE / name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def unmarked(line: str) -> tuple[str, tuple[Span, ...]]:
    """Return the message without its marks, and what they marked."""
    spans, text, at = [], "", 0
    for mark in _MARK.finditer(line):
        text += line[at : mark.start()]
        spans.append(Span(len(text), len(text) + len(mark[2]), mark[1]))
        text, at = text + mark[2], mark.end()
    return text + line[at:], tuple(spans)
