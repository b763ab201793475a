"""Events: what programs are told of, and how it is signed (Standard Webhooks 1.0).

An event says that something happened to a case; it carries no personal value, and of the others
what the receiver may see. Types begin with ``case.`` for those who work with cases, and with
``public.`` for everybody.

Terms    event 事件 · signature 签名
Units    instants are UTC text; ``webhook-timestamp`` counts seconds since 1970
"""

from __future__ import annotations

import base64
import hmac
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from hashlib import sha256
from typing import Any

from luoshi.kernel.fact import Fact, Json, canonical, instant
from luoshi.kernel.programme import Programme

CASE = "case."
SYSTEM = "case.system."
SECRET_MARK = "whsec_"  # noqa: S105  a prefix, not a secret


@dataclass(frozen=True, slots=True)
class SystemEvent:
    """An event of every programme, with its words."""

    type: str
    zh: str
    en: str


SYSTEM_EVENTS = (
    SystemEvent("case.system.rung", "时限提醒已发出", "A clock is running out, or has run out"),
    SystemEvent("case.system.followed", "有相同诉求并入", "Another case was merged into this one"),
    SystemEvent("case.system.unfollowed", "并入的诉求已拆出", "A merged case was taken out again"),
    SystemEvent("case.system.move", "改用新版规则", "Moved to another version of the programme"),
    SystemEvent("case.system.move_back", "恢复原版规则", "Moved back to the version before"),
)
PUBLISHED = SystemEvent("public.published", "已公开", "A case was published")
CHANGED = SystemEvent("public.changed", "公开内容有变化", "A published case changed")
REMOVED = SystemEvent("public.removed", "已撤下公开", "A case is no longer published")
TEST = "luoshi.test"
"""Type of what is sent when somebody tries whether a receiver answers; its data are empty."""

PUBLIC_EVENTS = (PUBLISHED, CHANGED, REMOVED)


@dataclass(frozen=True, slots=True)
class ClockTold:
    """What an act did to one clock."""

    clock: str = field(metadata={"says": "name of the clock in the programme"})
    does: str = field(
        metadata={"says": "`start`, `meet`, `pause`, `resume`, `stop`, `extend` or `rung`"}
    )
    due: str | None = field(
        metadata={
            "says": "instant before which it must have happened; for a day, 00:00 of the next"
        }
    )


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """The data of a ``case.`` event: one fact, as far as the subscriber may see it."""

    number: str = field(metadata={"says": "register number of the case"})
    programme: str = field(metadata={"says": "id of the programme"})
    version: str = field(metadata={"says": "version of the programme that the case follows"})
    seq: int = field(metadata={"says": "1 for the act that opened the case, then 2, 3, …"})
    act: str = field(metadata={"says": "name of the transition"})
    source: str = field(metadata={"says": "state before; empty when the case was opened"})
    state: str = field(metadata={"says": "state after"})
    kind: str = field(metadata={"says": "`open`, `waiting`, `done` or `void`"})
    values: Mapping[str, Json] = field(
        metadata={"says": "answers given in this act that are not personal and may be seen"}
    )
    clocks: tuple[ClockTold, ...] = field(metadata={"says": "what the act did to clocks"})


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """The data of a ``public.`` event: the approved view as it is when the event leaves.

    Of a case that is no longer published nothing but number and programme is told.
    """

    number: str = field(metadata={"says": "register number of the case"})
    programme: str = field(metadata={"says": "id of the programme"})
    seq: int = field(metadata={"says": "place of the fact in the history of the case"})
    state: str | None = field(default=None, metadata={"says": "state of the case"})
    opened: str | None = field(default=None, metadata={"says": "when it was registered"})
    promised: str | None = field(
        default=None,
        metadata={"says": "by when a result is promised; the end of a day is its last second"},
    )
    fulfilled: str | None = field(
        default=None, metadata={"says": "when the result was there, in time or not"}
    )
    category: str | None = field(default=None, metadata={"says": "code of its category"})
    place: str | None = field(
        default=None, metadata={"says": "code of its area, as coarse as published"}
    )
    values: Mapping[str, Json] | None = field(
        default=None, metadata={"says": "the published answers"}
    )


def type_of(act: str) -> str:
    """Return the type of the event that a fact of the kind *act* is.

    Example:
        >>> type_of("route"), type_of("@rung")
        ('case.route', 'case.system.rung')
    """
    return CASE + act.replace("@", "system.")


def case_event(
    programme: Programme, fact: Fact, number: str, values: Mapping[str, Json]
) -> CaseEvent:
    """Return what is told of *fact*; *values* are those that the subscriber may see."""
    return CaseEvent(
        number=number,
        programme=fact.programme,
        version=fact.version,
        seq=fact.seq,
        act=fact.act,
        source=fact.source,
        state=fact.target,
        kind=programme.states[fact.target].kind.value,
        values=dict(values),
        clocks=tuple(
            ClockTold(one.clock, one.does, instant(one.due) if one.due else None)
            for one in fact.clocks
        ),
    )


def payload(kind: str, at: datetime, data: CaseEvent | PublicEvent) -> bytes:
    """Return the body of a request: type, timestamp and data, as canonical JSON."""
    return canonical({"type": kind, "timestamp": instant(at), "data": asdict(data)})


def trial_payload(at: datetime) -> bytes:
    """Return the body of a request that only tries whether it arrives."""
    return canonical({"type": TEST, "timestamp": instant(at), "data": {}})


def secret_text(secret: bytes) -> str:
    """Return *secret* as receivers are given it: ``whsec_`` and Base64."""
    return SECRET_MARK + base64.b64encode(secret).decode()


def signed_headers(
    key: str, at: datetime, content: bytes, secrets: tuple[bytes, ...]
) -> dict[str, str]:
    """Return the three headers of Standard Webhooks, signed with every secret still good."""
    seconds = str(int(at.timestamp()))
    message = b".".join((key.encode(), seconds.encode(), content))
    signatures = (hmac.new(secret, message, sha256).digest() for secret in secrets)
    return {
        "webhook-id": key,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(
            f"v1,{base64.b64encode(one).decode()}" for one in signatures
        ),
    }


def catalogue(programmes: Mapping[str, Programme]) -> Iterator[dict[str, str]]:
    """Yield every type of event of *programmes*: what it is called, and who is told."""
    for name, programme in programmes.items():
        for step in programme.transitions.values():
            yield {
                "type": type_of(step.name),
                "programme": name,
                "zh-Hans": step.labels.get("zh-Hans", ""),
                "en": step.labels.get("en", ""),
            }
    for one in (*SYSTEM_EVENTS, *PUBLIC_EVENTS):
        yield {"type": one.type, "programme": "", "zh-Hans": one.zh, "en": one.en}


def schema_of(kind: type) -> dict[str, Any]:
    """Return the JSON Schema of an event's data, made from the class that it is."""
    hints = typing.get_type_hints(kind)
    return {
        "type": "object",
        "description": (kind.__doc__ or "").strip().splitlines()[0],
        "properties": {
            one.name: _schema(hints[one.name]) | {"description": one.metadata["says"]}
            for one in fields(kind)
        },
        "required": [one.name for one in fields(kind)],
        "additionalProperties": False,
    }


WORDS = {str: "string", int: "integer", types.NoneType: "null"}


def _schema(hint: Any) -> dict[str, Any]:  # noqa: ANN401  a type hint may be anything
    if hint in WORDS:
        return {"type": WORDS[hint]}
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if origin is types.UnionType:
        return {"type": [_schema(one)["type"] for one in inside]}
    if origin is tuple:
        return {"type": "array", "items": schema_of(inside[0])}
    return {"type": "object"}
