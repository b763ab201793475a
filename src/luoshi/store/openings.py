"""Openings: how cases were opened, for whoever brings the same ones in again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from luoshi.kernel.fact import Fact, read
from luoshi.store.records import BOTH
from luoshi.store.statement import cursor


@dataclass(frozen=True, slots=True)
class Opened:
    """The fact that opened a case, and the personal answers given with it."""

    fact: Fact
    personal: Mapping[str, tuple[object, bytes] | None]


def first_facts(cases: Sequence[str]) -> dict[str, Opened]:
    """Return how each of *cases* was opened; those that do not exist are left out."""
    with cursor() as run:
        run.execute(
            "SELECT case_id, body FROM luoshi_fact WHERE case_id = ANY(%s::uuid[]) AND seq = 1",
            (list(cases),),
        )
        facts = {str(case): read(text) for case, text in run.fetchall()}
        run.execute(
            f"SELECT case_id, field, value, salt FROM {BOTH} p "
            "WHERE case_id = ANY(%s::uuid[]) AND seq = 1",
            (list(facts),),
        )
        kept: dict[str, dict[str, tuple[object, bytes] | None]] = {case: {} for case in facts}
        for case, name, value, salt in run.fetchall():
            kept[str(case)][name] = None if value is None else (json.loads(value), bytes(salt))
    return {case: Opened(fact, kept[case]) for case, fact in facts.items()}
