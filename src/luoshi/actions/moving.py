"""Moving open cases to another version of their programme: looked at first, done in bulk, undone.

Terms    move 迁移 · run 批次 · dry run 预演
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from django.db import transaction

from luoshi.actions import clock
from luoshi.actions.writing import appended
from luoshi.kernel.case import Case
from luoshi.kernel.errors import LuoshiError
from luoshi.kernel.fact import Doer
from luoshi.kernel.programme import Programme
from luoshi.kernel.transition import Decision
from luoshi.kernel.versions import MOVED, Move, moved_to, target_state
from luoshi.store import records
from luoshi.store.keys import new_key
from luoshi.store.programmes import programme_of
from luoshi.store.statement import cursor

BATCH = 500
RUN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class StatesUnmapped(LuoshiError):
    """Cases stand in states that the new version does not have."""

    code = "versions.states_unmapped"
    template = (
        "{count} case(s) stand in {states}, which {version} does not have; say where they go "
        "with --map old=new"
    )


class RunUnknown(LuoshiError):
    """No case was moved in a run with this key."""

    code = "versions.run_unknown"
    template = "no case was moved in a run {run!r}; `luoshi migrate-cases … --go` prints its key"


class VersionsAlike(LuoshiError):
    """Cases can only be moved to another version of the programme that they are under."""

    code = "versions.alike"
    template = (
        "cases under {old} cannot be moved to {new}; name another version of the same programme "
        "with --from and --to"
    )


@dataclass
class Plan:
    """What a move would do, or has done.

    Attributes:
        states: How many cases go from which state to which; an empty target means nowhere.
        moved: Cases moved so far; ``passed`` were acted on meanwhile and are left alone (undo).
    """

    run: str
    states: Counter[tuple[str, str]] = field(default_factory=Counter)
    moved: int = 0
    passed: int = 0

    @property
    def homeless(self) -> dict[str, int]:
        """States without a place to go, with how many cases stand in them."""
        return {old: count for (old, new), count in self.states.items() if not new}


def planned(old: Programme, new: Programme, mapping: Mapping[str, str]) -> Plan:
    """Return what moving every open case from *old* to *new* would do; nothing is changed.

    Raises:
        VersionsAlike: They are one version, or of two programmes.
    """
    if old.id != new.id or old.version == new.version:
        raise VersionsAlike(old=f"{old.id} {old.version}", new=f"{new.id} {new.version}")
    plan = Plan(run=new_key())
    with cursor() as run:
        run.execute(
            "SELECT state, count(*) FROM luoshi_case WHERE programme = %s AND version = %s "
            "AND kind IN ('open', 'waiting') GROUP BY state",
            (old.id, old.version),
        )
        for state, count in run.fetchall():
            plan.states[state, target_state(new, state, mapping)] = count
    return plan


def move_all(
    old: Programme, new: Programme, mapping: Mapping[str, str], by: str
) -> Iterator[Plan]:
    """Move every open case from *old* to *new*; yield the plan first, and after each batch.

    Raises:
        StatesUnmapped: Some cases would have nowhere to go; none is moved then.
        VersionsAlike: As ``planned``.
    """
    plan = planned(old, new, mapping)
    if plan.homeless:
        raise StatesUnmapped(
            count=sum(plan.homeless.values()),
            states=", ".join(sorted(plan.homeless)),
            version=new.version,
        )
    yield plan  # whoever breaks it off knows the key of the run by which to take it back
    while keys := _open_under(old):
        for key in keys:
            _move_one(key, plan, new, mapping, by)
        yield plan


def _open_under(old: Programme) -> list[str]:
    with cursor() as run:
        run.execute(
            "SELECT id FROM luoshi_case WHERE programme = %s AND version = %s "
            "AND kind IN ('open', 'waiting') LIMIT %s",
            (old.id, old.version, BATCH),
        )
        return [str(key) for (key,) in run.fetchall()]


@transaction.atomic
def _move_one(key: str, plan: Plan, new: Programme, mapping: Mapping[str, str], by: str) -> None:
    held = records.locked(key)
    if held is None:
        return
    case = held.case
    if case.version == new.version:
        return
    state = target_state(new, case.state, mapping)
    _write(held, case, Move(plan.run, new.version, state), new, by)
    plan.moved += 1


def _write(held: records.Locked, case: Case, move: Move, new: Programme, by: str) -> None:
    act = str(uuid5(UUID(move.run), f"{case.id} {'back' if move.back else 'there'}"))
    fact = moved_to(case, move, new, act, Doer(id=by, role="administrator"), clock.now())
    appended(new, held, Decision(fact), letters=[])


def move_back(run_key: str, by: str) -> Iterator[Plan]:
    """Undo the move *run_key*, for every case on which nobody has acted since.

    Raises:
        RunUnknown: No case was moved in such a run.
    """
    plan = Plan(run=run_key)
    keys = _moved_in(run_key)
    if not keys:
        raise RunUnknown(run=run_key)
    for start in range(0, len(keys), BATCH):
        for key in keys[start : start + BATCH]:
            _back_one(key, plan, by)
        yield plan


def _moved_in(run_key: str) -> list[str]:
    if not RUN.fullmatch(run_key):
        return []
    with cursor() as run:
        run.execute(
            "SELECT case_id FROM luoshi_fact WHERE act = %s AND body LIKE %s ORDER BY case_id",
            (MOVED, f'%"run":"{run_key}"%'),
        )
        return [str(key) for (key,) in run.fetchall()]


@transaction.atomic
def _back_one(key: str, plan: Plan, by: str) -> None:
    held = records.locked(key)
    if held is None:
        return
    last = held.facts[-1]
    effect = next((e for e in last.effects if e.get("run") == plan.run), None)
    if last.act != MOVED or effect is None:
        plan.passed += 1
        return
    version, state = str(effect["version"]), str(effect["state"])
    case = held.case
    old = programme_of(case.programme, version)
    _write(held, case, Move(plan.run, version, state, back=True), old, by)
    plan.moved += 1
