"""Letters: how a message leaves the house. Each way is a connector; each connector has its fake.

A connector takes an address and a text and either sends it or raises ``NotSent``. It may be called
twice with the same key (after a crash): one that can, drops the second copy.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Protocol, TextIO


class NotSent(Exception):
    """The message did not go out this time; it is tried again later."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message with everything needed to send it."""

    key: str
    by: str
    address: str
    text: str


class Way(Protocol):
    """A way out of the house, such as SMS or mail."""

    def send(self, letter: Outgoing) -> None:
        """Send *letter*.

        Raises:
            NotSent: Not this time.
        """


@dataclass
class Console:
    """The fake of every way: prints what would have gone out, addresses masked."""

    out: TextIO = field(default_factory=lambda: sys.stdout)

    def send(self, letter: Outgoing) -> None:
        """Print *letter*; the address is shortened, since consoles are read by others."""
        address = f"{letter.address[:3]}…{letter.address[-2:]}"
        print(f"[{letter.by}] {address}: {letter.text}", file=self.out, flush=True)


@dataclass
class Collected:
    """Another fake, for tests: keeps what was sent, and fails when told to."""

    sent: list[Outgoing] = field(default_factory=list)
    failing: bool = False

    def send(self, letter: Outgoing) -> None:
        """Keep *letter*, or raise ``NotSent`` while ``failing``."""
        if self.failing:
            raise NotSent("told to fail")
        self.sent.append(letter)


def to_console(key: str, by: str, address: str, text: str) -> None:
    """Send by the console's fake, whatever is configured."""
    Console().send(Outgoing(key, by, address, text))
