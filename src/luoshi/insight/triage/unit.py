"""Unit (承办单位): who has answered for such matters here before?

From category × area × the units' own record of what they settled and what they sent back as not
theirs. Only units are counted, never a person, and the suggestion is shown with its counts.

Terms    unit 承办单位 · area 区域 · sent back 退单 · settled 办结
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_BELIEF = 3.0
"""How many cases of the wider level one level down is worth: small numbers lean on wider ones."""


@dataclass(frozen=True, slots=True)
class Routed:
    """One past case, as far as routing goes.

    Attributes:
        category: Code of the category.
        area: Codes of the areas it lay in, widest first (city, county, town …).
        unit: Code of the unit it was routed to.
        kept: The unit took it on; False when it sent it back as not its own.
    """

    category: str
    area: tuple[str, ...]
    unit: str
    kept: bool = True


@dataclass(frozen=True, slots=True)
class UnitSuggestion:
    """One unit suggested, with what it rests on.

    Attributes:
        unit: Code of the unit.
        confidence: Share of such cases it took on, small numbers drawn towards wider ones; 0 to 1.
        kept: Cases of this category in this area that it took on.
        returned: Those it sent back.
        reason: One sentence in Chinese.
    """

    unit: str
    confidence: float
    kept: int
    returned: int
    reason: str


def suggest_unit(
    category: str, area: Sequence[str], history: Iterable[Routed], most: int = 3
) -> tuple[UnitSuggestion, ...]:
    """Return the units that have taken on such cases here, likeliest first; none without history.

    Args:
        category: Code of the category.
        area: Codes of the areas the matter lies in, widest first.
        history: Past cases; those of other categories are passed over.
        most: How many units to return at most.
    """
    past = [one for one in history if one.category == category]
    belief = _shares(past, {})
    for depth in range(len(area)):
        here = [one for one in past if one.area[: depth + 1] == tuple(area[: depth + 1])]
        belief = _shares(here, belief)
        past = here or past
    ranked = sorted(belief.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    return tuple(_told(unit, share, past) for unit, share in ranked if share > 0)


def _shares(cases: Sequence[Routed], wider: dict[str, float]) -> dict[str, float]:
    """Return each unit's share of *cases*, drawn towards its share in the *wider* area."""
    weight = _BELIEF if wider else 0.0
    units = {one.unit for one in cases} | wider.keys()
    total = sum(one.kept for one in cases) + weight
    if not total:
        return wider
    return {
        unit: max(0.0, _net(cases, unit) + weight * wider.get(unit, 0.0)) / total for unit in units
    }


def _net(cases: Sequence[Routed], unit: str) -> float:
    """Return the cases *unit* took on, less those it sent back."""
    return sum(1.0 if one.kept else -1.0 for one in cases if one.unit == unit)


def _told(unit: str, share: float, here: Sequence[Routed]) -> UnitSuggestion:
    kept = sum(one.unit == unit and one.kept for one in here)
    returned = sum(one.unit == unit and not one.kept for one in here)
    reason = f"同类事项在该区域由其承办{kept}件，退回{returned}件"
    return UnitSuggestion(unit, min(1.0, share), kept, returned, reason)
