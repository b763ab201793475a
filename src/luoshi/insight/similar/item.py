"""What goes into the index of open matters, and what comes out of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Item:
    """A matter (事项) as the index sees it.

    Attributes:
        id: Key of the case; unique within an index.
        text: Subject and description. Only the first 4 000 characters are read.
        at: When it was reported; aware, or naive throughout one index; ``None`` when unknown.
        point: (longitude, latitude) in degrees, CGCS2000 or WGS-84; ``None`` when unknown.
        category: Code of the category, ``None`` when not yet chosen.
        address: Written address, if it is kept apart from the text.
        area: Codes of the areas around it, the widest first, as far as they are known: county,
            subdistrict, community. Counts where one of two matters has no real point.
    """

    id: str
    text: str
    at: datetime | None
    point: tuple[float, float] | None = None
    category: str | None = None
    address: str = ""
    area: tuple[str, ...] = ()


EvidenceKind = Literal[
    "text", "meaning", "place", "address", "area", "apart", "elsewhere", "category", "time"
]


AGAINST: Final[frozenset[EvidenceKind]] = frozenset({"apart", "elsewhere"})
"""What speaks against two matters being one."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that two matters share, in words a person can check.

    Attributes:
        kind: ``text`` (shared wording), ``meaning`` (the same in other words), ``place``
            (distance), ``address`` (the same rare address), ``area`` (both in one area),
            ``apart`` (in different areas), ``elsewhere`` (their subjects name different places),
            ``category`` or ``time``. See ``AGAINST``.
        value: Share of the wording (0..1), metres, levels of areas that hold both, or days
            between the two reports; else 1.0.
        shared: For ``text``: the fragments both contain, rarest first. Not redacted: for staff.
            For ``meaning``: the plainest words for what both mean.
            For ``area`` and ``apart``: the codes of the areas that hold both, the widest first.
    """

    kind: EvidenceKind
    value: float
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open or recent matter that may be the same.

    Attributes:
        id: Key of the case found.
        probability: That staff would mark the two as one matter (0..1).
        likely: Certain enough for the automatic flag 疑似重复; never merged without a person.
        evidence: What they share, strongest first.
    """

    id: str
    probability: float
    likely: bool
    evidence: tuple[Evidence, ...]
