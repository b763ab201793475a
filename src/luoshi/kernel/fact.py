"""Facts: who did what to which case, when, under which version of which programme.

A fact is appended and never edited. It holds no personal value: of those it knows only a salted
digest (``sealed``), so that deleting the value later leaves the chain of hashes whole.

Terms    fact 事实 · seal 封存 · chain 链
Units    instants are aware and written in UTC with microseconds; hashes are SHA-256, 32 bytes
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from hmac import digest as hmac_digest
from json.encoder import encode_basestring as _quoted
from typing import Any

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]

GENESIS = bytes(32)
"""What the first fact of a case is chained to."""


@dataclass(frozen=True, slots=True)
class Doer:
    """Who did it: a person in a post, the requester, or the system itself."""

    id: str
    role: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ClockEffect:
    """What an act did to one clock.

    Attributes:
        does: ``start``, ``meet``, ``pause``, ``resume``, ``stop`` or ``extend``.
        due: Instant at which the clock is now due (start, resume, extend).
        warn: Instant from which its light is yellow.
        provisional: The limit runs past the last announced year of the calendar.
        limit: The rule in words ("5 working days"); ``rests_on`` says which article.
        kind: ``duty`` or ``window``.
        unmoved: Where calendar days were counted, when counting ended, before a rest day moved it.
        rungs: Instants at which somebody is told, by name of the rung.
    """

    clock: str
    does: str
    due: datetime | None = None
    warn: datetime | None = None
    provisional: bool = False
    limit: str = ""
    rests_on: str = ""
    kind: str = "duty"
    unmoved: datetime | None = None
    rungs: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened to one case.

    Attributes:
        id: UUID of the act, made by the sender; the same act sent again has the same id.
        seq: 1 for the act that opened the case, then 2, 3, …
        act: Name of the transition.
        source, target: State before ("" when the case was opened by it) and after.
        values: Answers that are not personal.
        sealed: Digest of each personal answer, by field.
        numbers: Numbers given to the case by this act, by name of their pattern.
        effects: What else followed: holds, parts, mergers, exemptions (see ``consequences``).
    """

    id: str
    case: str
    seq: int
    act: str
    at: datetime
    doer: Doer
    programme: str
    version: str
    source: str
    target: str
    values: Mapping[str, Json] = field(default_factory=dict)
    sealed: Mapping[str, str] = field(default_factory=dict)
    clocks: tuple[ClockEffect, ...] = ()
    numbers: Mapping[str, str] = field(default_factory=dict)
    effects: tuple[Mapping[str, Json], ...] = ()


def instant(moment: datetime) -> str:
    """Return *moment* as UTC text of fixed width, so that text order is time order."""
    return moment.astimezone(UTC).isoformat("T", "microseconds")[:-6] + "Z"


def moment(text: str) -> datetime:
    """Return the instant that ``instant`` wrote."""
    return datetime.fromisoformat(text)


def canonical(value: object) -> bytes:
    """Return *value* as the one JSON text that everybody hashes: sorted keys, no spaces, UTF-8."""
    return _CANONICAL(value).encode()


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def body(fact: Fact) -> bytes:
    """Return the bytes of *fact* that are stored and hashed: ``canonical`` of what it says."""
    before, after = body_around(fact)
    return f"{before}{_CANONICAL(dict(fact.numbers))}{after}".encode()


def body_around(fact: Fact) -> tuple[str, str]:
    """Return the text of *fact* before and after its numbers, which may be known last.

    The text is put together here, key by key in their order: that takes half the time.
    """
    doer, clocks = fact.doer, ",".join(map(_effect_out, fact.clocks))
    before = (
        f'{{"act":{_quoted(fact.act)},"at":"{instant(fact.at)}",'
        f'"by":[{_quoted(doer.id)},{_quoted(doer.role)},{_quoted(doer.unit)}],'
        f'"case":{_quoted(fact.case)},"clocks":[{clocks}],'
        f'"effects":{_list_out(fact.effects)},"from":{_quoted(fact.source)},'
        f'"id":{_quoted(fact.id)},"numbers":'
    )
    return before, (
        f',"programme":[{_quoted(fact.programme)},{_quoted(fact.version)}],'
        f'"sealed":{_CANONICAL(dict(fact.sealed))},"seq":{fact.seq},'
        f'"to":{_quoted(fact.target)},"values":{_CANONICAL(dict(fact.values))}}}'
    )


def _list_out(effects: tuple[Mapping[str, Json], ...]) -> str:
    return _CANONICAL([dict(effect) for effect in effects]) if effects else "[]"


def read(text: bytes | str) -> Fact:
    """Return the fact that ``body`` wrote.

    Raises:
        ValueError, KeyError: The text is not a fact (the store was tampered with).
    """
    raw = json.loads(text)
    return Fact(
        id=raw["id"],
        case=raw["case"],
        seq=raw["seq"],
        act=raw["act"],
        at=moment(raw["at"]),
        doer=Doer(*raw["by"]),
        programme=raw["programme"][0],
        version=raw["programme"][1],
        source=raw["from"],
        target=raw["to"],
        values=raw["values"],
        sealed=raw["sealed"],
        clocks=tuple(_effect_in(effect) for effect in raw["clocks"]),
        numbers=raw["numbers"],
        effects=tuple(raw["effects"]),
    )


def chain(previous: bytes, text: bytes) -> bytes:
    """Return the hash of a fact: SHA-256 over the hash before it and its own bytes."""
    return sha256(previous + text).digest()


def derived_key(act: str, words: str) -> str:
    """Return the key (UUIDv8) of something that follows from *act*: always the same one."""
    digits = sha256(f"{act}\n{words}".encode()).hexdigest()
    variant = "89ab"[int(digits[16], 16) % 4]
    return f"{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"


def salt_for(secret: bytes, act: str, name: str) -> bytes:
    """Return the salt of one answer, derived so that no two answers share one.

    Args:
        secret: Random bytes made for this act and forgotten after it.
        act: Identifier of the act.
        name: Field.
    """
    return hmac_digest(secret, f"{act}/{name}".encode(), "sha256")[:16]


def seal(value: object, salt: bytes) -> str:
    """Return the digest that stands for a personal value in a fact."""
    return sha256(salt + canonical(value)).hexdigest()


def _effect_out(effect: ClockEffect) -> str:
    """Return the canonical text of *effect*."""
    out = f'{{"clock":{_quoted(effect.clock)},"does":{_quoted(effect.does)}'
    rungs = ",".join(f'[{_quoted(name)},"{instant(at)}"]' for name, at in effect.rungs)
    ladder = f',"rungs":[{rungs}]' if rungs else ""
    unmoved = f',"unmoved":"{instant(effect.unmoved)}"' if effect.unmoved is not None else ""
    if effect.due is None:
        return f"{out}{ladder}{unmoved}}}"
    provisional = "true" if effect.provisional else "false"
    return (
        f'{out},"due":"{instant(effect.due)}","kind":{_quoted(effect.kind)},'
        f'"limit":{_quoted(effect.limit)},"provisional":{provisional},'
        f'"rests_on":{_quoted(effect.rests_on)}{ladder}{unmoved},'
        f'"warn":"{instant(effect.warn or effect.due)}"}}'
    )


def _effect_in(raw: Mapping[str, Any]) -> ClockEffect:
    if "due" not in raw:
        return ClockEffect(clock=raw["clock"], does=raw["does"], rungs=_rungs_in(raw))
    return ClockEffect(
        clock=raw["clock"],
        does=raw["does"],
        due=moment(raw["due"]),
        warn=moment(raw["warn"]),
        provisional=bool(raw["provisional"]),
        limit=raw["limit"],
        rests_on=raw["rests_on"],
        kind=raw["kind"],
        unmoved=moment(raw["unmoved"]) if "unmoved" in raw else None,
        rungs=_rungs_in(raw),
    )


def _rungs_in(raw: Mapping[str, Any]) -> tuple[tuple[str, datetime], ...]:
    return tuple((name, moment(at)) for name, at in raw.get("rungs", ()))
