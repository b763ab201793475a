"""What whoever runs Luoshi may say about Open311: jurisdictions, kinds of answers, limits.

What each word means is told in ``docs/reference/settings.md``, and nowhere else; a test holds that
page to what is read here. Whether the programmes named are there is seen at the start, when they
are read.

Terms    jurisdiction 辖区 · programme 专项
"""

from __future__ import annotations

from collections.abc import Mapping

from luoshi.api.open311.door import CONTACT, POSTS_A_MINUTE, Door
from luoshi.config.setting import SettingInvalid, listed, number, switch


def door_of(environ: Mapping[str, str]) -> Door:
    """Return the door that *environ* describes, with defaults for the rest.

    Raises:
        SettingInvalid: Something in it cannot be meant.
    """
    batch = frozenset(listed(environ.get("LUOSHI_OPEN311_BATCH", "")))
    return Door(
        jurisdictions=_jurisdictions(environ.get("LUOSHI_OPEN311_JURISDICTIONS", "")),
        batch=batch,
        blackbox=_blackbox(environ.get("LUOSHI_OPEN311_BLACKBOX", ""), batch),
        is_extended=switch(environ, "LUOSHI_OPEN311_EXTENDED"),
        has_plain_types=switch(environ, "LUOSHI_OPEN311_PLAIN_TYPES"),
        client_id=environ.get("LUOSHI_OPEN311_CLIENT_ID", "").strip(),
        posts_a_minute=number(environ, "LUOSHI_OPEN311_POSTS_A_MINUTE", POSTS_A_MINUTE),
        contact=environ.get("LUOSHI_OPEN311_CONTACT", "").strip() or CONTACT,
    )


def _jurisdictions(words: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for part in filter(str.strip, words.split(";")):
        name, _, programmes = (word.strip() for word in part.partition("="))
        if not name or name in found or not listed(programmes):
            wanted = "write id=programme,programme;id=programme, each id once"
            raise SettingInvalid(name="LUOSHI_OPEN311_JURISDICTIONS", value=words, wanted=wanted)
        found[name] = listed(programmes)
    return found


def _blackbox(words: str, batch: frozenset[str]) -> frozenset[str]:
    found = frozenset(listed(words))
    if found & batch:
        wanted = "name a programme here or in LUOSHI_OPEN311_BATCH, not in both"
        raise SettingInvalid(name="LUOSHI_OPEN311_BLACKBOX", value=words, wanted=wanted)
    return found
