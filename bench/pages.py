"""What the house itself costs: a page through all of our settings against a bare one."""

from __future__ import annotations

from collections.abc import Iterator

from bench.figure import Figure
from bench.site import BARE, OURS, get, home, rates, serving


def figures() -> Iterator[Figure]:
    """Measure ``/healthz`` (one statement, all middleware) against a bare view (one statement)."""
    with home() as made, serving(made, OURS) as ours, serving(made, BARE) as bare:
        found = rates({ours: get("/healthz"), bare: get("/")})
    yield Figure(
        work="answer a request through all middleware, one statement",
        value=found[ours], unit="/s",
        against="bare Django view, one statement", limit=found[bare],
        target=0.5,
    )  # fmt: skip
