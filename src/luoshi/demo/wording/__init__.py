"""The wording of the demonstration: problems, phrases, and how one text becomes many.

Texts hold two signs. ``[a|b]`` stands for one of several wordings, chosen afresh each time;
``{slot}`` stands for a name or a number, the same throughout one message.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
_PROBLEM_FILES = ("streets", "homes", "living", "services")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that residents report, and what units find, do and say about it.

    Attributes:
        id: Readable name, unique.
        category: Code of the hotline's taxonomy.
        kind: consult, help, complain, report or suggest.
        weight: How often it comes up, compared with the others.
        urgency: normal or urgent.
        cluster: Many people may report the same occurrence.
        rural: Comes up in villages only.
        subject, core, detail, ask: What residents write.
        found, done, explain, basis: What the unit writes.
        en_subject, en: An English wording, or "".
    """

    id: str
    category: str
    kind: str
    weight: int
    subject: tuple[str, ...]
    core: tuple[str, ...]
    detail: tuple[str, ...]
    ask: tuple[str, ...]
    found: tuple[str, ...]
    done: tuple[str, ...]
    explain: str
    basis: str
    urgency: str = "normal"
    cluster: bool = False
    rural: bool = False
    en_subject: str = ""
    en: tuple[str, ...] = ()

    @property
    def is_urban_only(self) -> bool:
        """Whether the wording speaks of buildings and their managers, which no village has."""
        texts = "".join((*self.subject, *self.core, *self.detail, *self.ask))
        return any(word in texts for word in ("{building}", "物业", "小区", "业主", "上千户"))


@cache
def problems() -> tuple[Problem, ...]:
    """Return every problem, in the order of the files."""
    return tuple(_problem(entry) for name in _PROBLEM_FILES for entry in _toml(name)["problem"])


@cache
def phrases(section: str) -> Mapping[str, tuple[str, ...]]:
    """Return the phrases of one section of ``phrases.toml``, by name."""
    return {name: tuple(texts) for name, texts in _toml("phrases")[section].items()}


@cache
def pairs() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return what can be said in both languages, by slot: (Chinese, English)."""
    section = _toml("phrases")["pairs"]
    return {name: tuple((zh, en) for zh, en in found) for name, found in section.items()}


@cache
def special(kind: str) -> tuple[Mapping[str, str], ...]:
    """Return the matters that are declined ("decline") or are emergencies ("emergency")."""
    return tuple(_toml("declined")[kind])


def spun(text: str, rng: random.Random) -> str:
    """Replace every ``[a|b]`` in *text* by one of its wordings."""
    return _CHOICE.sub(lambda found: rng.choice(found[1].split("|")), text)


def said(text: str, rng: random.Random, slots: Mapping[str, str]) -> str:
    """Return *text* with its wordings chosen and its slots filled.

    Raises:
        KeyError: A slot has no value (a mistake in a wording file).
    """
    return spun(text, rng).format_map(slots)


def closest(options: Sequence[str], text: str, rng: random.Random) -> str:
    """Return the option that shares most with *text*; by chance among those about as close.

    So a subject fits the sentence below it, and what was found fits what was reported.
    """
    wanted = _pieces(text)
    scores = [len(_pieces(option) & wanted) for option in options]
    best = max(scores)
    return rng.choice(
        [o for o, score in zip(options, scores, strict=True) if score >= 0.75 * best]
    )


def _pieces(text: str) -> set[str]:
    """Return the pairs of neighbouring signs in a text; a slot counts as one strong piece."""
    slots = re.findall(r"\{\w+\}", text)
    plain = re.sub(r"\{\w+\}|[\[\]|，。、！？]", " ", text)
    found = {plain[i : i + 2] for i in range(len(plain) - 1) if " " not in plain[i : i + 2]}
    return found | {f"{slot}{i}" for slot in slots for i in range(2)}


def _problem(entry: dict[str, Any]) -> Problem:
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
    return Problem(**fields)


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
