"""Discovery: where the doors are, in which forms they speak, and whom to ask for a key.

Terms    endpoint 接口地址 · changeset 变更时刻
"""

from __future__ import annotations

from luoshi.api.open311.asking import Ask, Told, answering
from luoshi.formats.open311 import Suffix

CHANGED = "2026-11-19T00:00:00Z"
"""When what this door does was changed last; a new day with every change of its answers."""

PAGE = "/open311/v2/"
"""For people: how to begin, and where a key comes from."""

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
ENDPOINTS = (("production", "/open311/v2/"), ("test", "/open311/test/v2/"))
"""On the second one everything is checked and nothing is registered."""


@answering("GET", "HEAD")
def discovery(ask: Ask) -> Told:
    """GET discovery."""
    value = {
        "changeset": CHANGED,
        "contact": ask.door.contact,
        "key_service": f"{ask.door.contact} {ask.request.build_absolute_uri(PAGE)}",
        "endpoints": [_endpoint(ask, kind, path) for kind, path in ENDPOINTS],
    }
    return Told("discovery", value)


def _endpoint(ask: Ask, kind: str, path: str) -> dict[str, object]:
    return {
        "specification": SPECIFICATION,
        "url": ask.request.build_absolute_uri(path),
        "changeset": CHANGED,
        "type": kind,
        "formats": [suffix.media_type for suffix in Suffix],
    }
