"""Spans: pieces of a text, by position.

Units    positions are code points, start included, end excluded, as in ``text[start:end]``
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """One piece of a text and what it is."""

    start: int
    end: int
    kind: str

    def of(self, text: str) -> str:
        """Return the words of this span in *text*."""
        return text[self.start : self.end]


def apart(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return *spans* in order, those that overlap made one under the kind of the longest."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            merged[-1] = _joined(merged[-1], span)
        else:
            merged.append(span)
    return tuple(merged)


def _joined(one: Span, other: Span) -> Span:
    longest = max(one, other, key=lambda span: (span.end - span.start, -span.start))
    return Span(min(one.start, other.start), max(one.end, other.end), longest.kind)
