"""Codes of places: which are well formed, and what they say.

Terms    division code 行政区划代码 · statistical division code 统计用区划代码 · grid 网格 ·
         cell grid 单元网格
Units    codes are text; leading zeros count
Source   GB/T 2260 (6 digits); statistical division codes (9 and 12 digits, levels end in zeros);
         city-management cell grids (15 digits)
Not here whether a code is in force on a day (divisions change every year: that is a matter of the
         list, not of the code's form); codes of organisations (``kernel.credit_code``)

A division code has no check digit: "well formed" is all that can be said without the list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from luoshi.kernel.errors import LuoshiError

LEVELS = ("province", "city", "county", "town", "community")
"""Levels of a division code, highest first: 省 市 县 乡 村."""

_PROVINCE_RANGES = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
PROVINCES = frozenset(str(n) for first, last in _PROVINCE_RANGES for n in range(first, last + 1))
DEMONSTRATION = "99"
"""Prefix of invented divisions; no province has it, so a demonstration is never mistaken."""

_WIDTHS = (2, 4, 6, 9, 12)
_GRID_KINDS = {"J": "basic", "Z": "dedicated", "W": "micro"}


class CodeInvalid(LuoshiError):
    """A code is not well formed."""

    code = "code.invalid"
    template = "{value!r} is no {kind}: {reason}"


class DivisionInvalid(CodeInvalid):
    """A division code is not well formed."""

    code = "code.division_invalid"


class GridInvalid(CodeInvalid):
    """A grid code is not well formed."""

    code = "code.grid_invalid"


@dataclass(frozen=True, slots=True)
class Division:
    """A division code taken apart.

    Attributes:
        code: The code filled up to 12 digits.
        level: One of ``LEVELS``.
        demonstration: The code belongs to an invented place.
    """

    code: str
    level: str
    demonstration: bool = False

    @property
    def short(self) -> str:
        """The code without the zeros that only fill it up."""
        return self.code[: _WIDTHS[LEVELS.index(self.level)]]

    @property
    def parent(self) -> str:
        """The 12-digit code one level up, or "" for a province."""
        depth = LEVELS.index(self.level)
        return self.code[: _WIDTHS[depth - 1]].ljust(12, "0") if depth else ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A governance grid code taken apart: 12 digits of the community, a kind, a sequence."""

    code: str
    community: str
    kind: str
    sequence: int

    @property
    def cell(self) -> str:
        """The 15-digit code of a city-management cell grid in the same place."""
        return f"{self.community}{self.sequence:03d}"


def division(value: str, *, demonstration: bool = False) -> Division:
    """Take a division code of 2, 4, 6, 9 or 12 digits apart.

    Args:
        value: The code; zeros at the end may be written or left out.
        demonstration: Also take codes of invented places (prefix 99).

    Raises:
        DivisionInvalid: Not digits, of another length, or of no province.
    """
    if not re.fullmatch(r"[0-9]+", value) or len(value) not in _WIDTHS:
        raise _no_division(value, "it must have 2, 4, 6, 9 or 12 digits")
    invented = value[:2] == DEMONSTRATION
    if value[:2] not in PROVINCES and not (invented and demonstration):
        raise _no_division(value, f"no province has the number {value[:2]}")
    full = value.ljust(12, "0")
    return Division(full, _level(full), invented)


def grid(value: str, *, demonstration: bool = False) -> Grid:
    """Take a governance grid code apart: 12 digits, J basic, Z dedicated or W micro, 3 digits.

    Raises:
        GridInvalid: Of another form, sequence 000, or not below a community.
    """
    found = re.fullmatch(r"([0-9]{12})([JZW])([0-9]{3})", value)
    if found is None or found[3] == "000":
        raise _no_grid(value, "expected 12 digits, one of J Z W, and 001 to 999")
    try:
        level = division(found[1], demonstration=demonstration).level
    except DivisionInvalid as error:
        raise _no_grid(value, str(error)) from error
    if level != "community":
        raise _no_grid(value, "a grid belongs to exactly one village or community")
    return Grid(value, found[1], _GRID_KINDS[found[2]], int(found[3]))


def town_kind(code: str) -> str:
    """Say what a town-level code stands for: subdistrict 街道, town 镇, township 乡, or similar.

    Raises:
        DivisionInvalid: *code* has no town part.
    """
    if len(code) not in _WIDTHS[3:] or int(code[6:9]) == 0:
        raise _no_division(code, "it names no town")
    number = int(code[6:9])
    bounds = ((100, "subdistrict"), (200, "town"), (400, "township"))
    return next((kind for bound, kind in bounds if number < bound), "similar")


def _level(full: str) -> str:
    """Return the level of a 12-digit code: the last part that is not all zeros.

    Only the county part may be zero above a part that is not: a few cities have towns directly.
    """
    starts = (0, *_WIDTHS[:-1])
    parts = [full[start:end] for start, end in zip(starts, _WIDTHS, strict=True)]
    filled = [bool(int(part)) for part in parts]
    depth = max(i for i, is_filled in enumerate(filled) if is_filled)
    if not all(is_filled for i, is_filled in enumerate(filled[:depth]) if LEVELS[i] != "county"):
        raise _no_division(full, "a level in the middle is zero")
    return LEVELS[depth]


def _no_division(value: str, reason: str) -> DivisionInvalid:
    return DivisionInvalid(value=value, kind="division code", reason=reason)


def _no_grid(value: str, reason: str) -> GridInvalid:
    return GridInvalid(value=value, kind="grid code", reason=reason)
