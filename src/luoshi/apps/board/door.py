"""The door of the boards: that of every screen for staff, and whose boards somebody may see."""

from __future__ import annotations

from luoshi.apps.look.staff import staff
from luoshi.kernel.access import Actor
from luoshi.kernel.programme import Programme
from luoshi.store.turns import posts_held

__all__ = ["programmes_of", "staff"]


def programmes_of(actor: Actor) -> list[Programme]:
    """Return the programmes in which *actor* holds a post."""
    return list({programme.id: programme for programme, _ in posts_held(actor)}.values())
