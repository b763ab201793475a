"""The door of the boards: whose boards somebody may see."""

from __future__ import annotations

from luoshi.kernel.access import Actor
from luoshi.kernel.programme import Programme
from luoshi.store.turns import posts_held


def programmes_of(actor: Actor) -> list[Programme]:
    """Return the programmes in which *actor* holds a post."""
    return list({programme.id: programme for programme, _ in posts_held(actor)}.values())
