"""The engine that ``DATABASES`` names; Django looks for it in a module of this name.

Terms    round trip 往返
"""

from __future__ import annotations

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL, as Django knows it."""

    def is_usable(self) -> bool:
        """Return whether the kept connection can still be used.

        A server that went away has closed the socket, which can be seen without asking it. Only
        after an error, or when something unasked has arrived, is a statement sent.
        """
        raw = self.connection
        if raw is None or raw.closed:
            return False
        if self.errors_occurred or _has_news(raw.fileno()):
            return bool(super().is_usable())
        return True


def _has_news(socket: int) -> bool:
    """Return whether there is something to read: an end, or a message."""
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))
