"""Register numbers 登记编号: the name of a case that people read to each other on the telephone.

A pattern is text with parts in braces: ``{yyyy} {yy} {MM} {dd}`` (day of registration in the zone
of the programme's calendar), ``{seq:5}`` (running number, at least that many digits) and
``{check}`` (one digit that catches a mistyped or swapped digit: Luhn over the digits before it).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

PART = re.compile(r"\{([a-zA-Z]+)(?::(\d+))?\}")
DATE_PARTS: dict[str, Callable[[date], str]] = {
    "yyyy": lambda day: f"{day.year:04}",
    "yy": lambda day: f"{day.year % 100:02}",
    "MM": lambda day: f"{day.month:02}",
    "dd": lambda day: f"{day.day:02}",
}


@dataclass(frozen=True, slots=True)
class NumberPattern:
    """How numbers are written. ``parse`` refuses a pattern that could give one number twice."""

    text: str

    @classmethod
    def parse(cls, text: str) -> NumberPattern:
        """Return the pattern.

        Raises:
            ValueError: An unknown part, no ``{seq}`` or more than one, or a part out of place.
        """
        names = [match[1] for match in PART.finditer(text)]
        unknown = [name for name in names if name not in {*DATE_PARTS, "seq", "check"}]
        if unknown or "{" in PART.sub("", text) or "}" in PART.sub("", text):
            raise ValueError(
                f"unknown part in number pattern {text!r}: {unknown or 'stray brace'}"
            )
        if names.count("seq") != 1:
            raise ValueError(f"number pattern {text!r} needs {{seq}} exactly once")
        if "check" in names and names[-1] != "check":
            raise ValueError(f"{{check}} must come last in number pattern {text!r}")
        return cls(text)

    def scope(self, day: date) -> str:
        """Return the part within which running numbers count: a new scope starts again at 1."""
        return PART.sub(lambda m: DATE_PARTS[m[1]](day) if m[1] in DATE_PARTS else "#", self.text)

    def render(self, day: date, seq: int) -> str:
        """Return the number of the *seq*-th case registered in the scope of *day*."""

        def part(match: re.Match[str]) -> str:
            if match[1] in DATE_PARTS:
                return DATE_PARTS[match[1]](day)
            return f"{seq:0{int(match[2] or 1)}}" if match[1] == "seq" else "\0"

        plain = PART.sub(part, self.text)
        return plain.replace("\0", check_digit(plain.rstrip("\0")))


def check_digit(text: str) -> str:
    """Return the Luhn digit over the digits of *text*.

    Example:
        >>> check_digit("7992739871")
        '3'
    """
    total = 0
    for place, digit in enumerate(reversed([int(sign) for sign in text if sign.isdigit()])):
        doubled = digit * 2 if place % 2 == 0 else digit
        total += sum(divmod(doubled, 10))
    return str(-total % 10)
