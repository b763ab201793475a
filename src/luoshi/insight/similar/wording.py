"""How alike two short texts are worded: shared characters, each counted by how rare it is.

On question pairs of a customer service this beat every other lexical measure tried (bigrams,
tf-idf cosine, edit distance, latent semantics); see ``docs/explanation/same-matter.md``.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from luoshi.insight.similar.features import plain

_UNIT = re.compile(r"[a-z0-9]+|[^\W_]")


class Wording:
    """Likeness of texts, with the rarity of characters learnt from *texts* (no labels needed).

    Args:
        texts: Texts of the same kind as those compared; with none, every character counts alike.

    Example:
        >>> Wording().likeness("路灯不亮", "路灯坏了")
        0.3333333333333333
    """

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._seen: Counter[str] = Counter()
        self._texts = 0
        for text in texts:
            self._seen.update(units(text))
            self._texts += 1

    def rarity(self, unit: str) -> float:
        """Smoothed inverse document frequency, natural logarithm; 1 with no texts learnt."""
        return 1.0 + math.log((1 + self._texts) / (1 + self._seen[unit]))

    def likeness(self, one: str, other: str) -> float:
        """Rarity of what both contain over rarity of what either contains (0..1)."""
        mine, theirs = units(one), units(other)
        either = math.fsum(self.rarity(unit) for unit in mine | theirs)
        both = math.fsum(self.rarity(unit) for unit in mine & theirs)
        return both / either if either else 0.0


def units(text: str) -> frozenset[str]:
    """Chinese characters one by one, other words and numbers whole."""
    return frozenset(_UNIT.findall(plain(text)))


@cache
def _untaught() -> Wording:
    return Wording()


def alike(one: str, other: str) -> float:
    """Likeness of two texts when nothing is known of the rest (0..1)."""
    return _untaught().likeness(one, other)
