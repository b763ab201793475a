"""Judging: how good suggestions are, held against the categories that people have given.

Terms    macro-F1 宏平均F1 · precision 准确率 · recall 召回率 · confusion 混淆
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np

from luoshi.insight.triage.calibration import calibration_error
from luoshi.insight.triage.model import Suggestion

Kind = TypeVar("Kind", bound=Hashable)
"""A category: its code, or its number in a model."""


@dataclass(frozen=True, slots=True)
class CategoryJudged(Generic[Kind]):
    """How one category fares.

    Attributes:
        messages: How many people put there.
        suggested: How many the model would put there.
        right: How many of both are the same messages.
    """

    kind: Kind
    messages: int
    suggested: int
    right: int

    @property
    def precision(self) -> float:
        """Which share of what is suggested is right, 0 to 1."""
        return self.right / max(1, self.suggested)

    @property
    def recall(self) -> float:
        """Which share of what belongs there is found, 0 to 1."""
        return self.right / max(1, self.messages)

    @property
    def f1(self) -> float:
        """The harmonic mean of both, 0 to 1."""
        return 2 * self.right / max(1, self.messages + self.suggested)


@dataclass
class Judgement:
    """What has been judged so far. Only counts are kept, so that a million messages are no matter.

    A category above the right one in a tree is not the right one.
    """

    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    confidence: list[float] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    unknown: list[bool] = field(default_factory=list)

    def add(self, label: str, suggestion: Suggestion) -> bool:
        """Hold *suggestion* against *label*; return whether it is right."""
        is_right = suggestion.category == label
        self.pairs[label, suggestion.category] += 1
        self.confidence.append(suggestion.confidence)
        self.right.append(is_right)
        self.unknown.append(suggestion.unknown)
        return is_right

    @property
    def accuracy(self) -> float:
        """Which share is right, 0 to 1, also of what the model says it does not know."""
        return _share(self.right)

    @property
    def left_to_people(self) -> float:
        """For which share the model says that it does not know, 0 to 1."""
        return _share(self.unknown)

    @property
    def accuracy_when_told(self) -> float:
        """Which share is right of what is suggested without "I do not know", 0 to 1."""
        return _share([r for r, u in zip(self.right, self.unknown, strict=True) if not u])

    @property
    def calibration_error(self) -> float:
        """How far confidence and truth are apart, on average (expected calibration error)."""
        return calibration_error(np.array(self.confidence), np.array(self.right, np.float64))

    def confusions(self, most: int) -> list[tuple[str, str, int]]:
        """Return what is most often taken for what: people's category, the model's, how often."""
        wrong = Counter({pair: n for pair, n in self.pairs.items() if pair[0] != pair[1]})
        return [(*pair, count) for pair, count in wrong.most_common(most)]


def judged_by_category(pairs: Mapping[tuple[Kind, Kind], int]) -> list[CategoryJudged[Kind]]:
    """Return how each category fares that people gave, the most frequent first.

    Args:
        pairs: How often people gave the first category and the model the second.
    """
    given, suggested = Counter[Kind](), Counter[Kind]()
    for (label, category), count in pairs.items():
        given[label] += count
        suggested[category] += count
    return [
        CategoryJudged(kind, count, suggested[kind], pairs.get((kind, kind), 0))
        for kind, count in given.most_common()
    ]


def macro_f1(pairs: Mapping[tuple[Kind, Kind], int]) -> float:
    """Return the mean F1 of the categories that people gave, 0 to 1."""
    scores = [one.f1 for one in judged_by_category(pairs)]
    return sum(scores) / max(1, len(scores))


def _share(of: Sequence[bool]) -> float:
    return sum(of) / len(of) if of else 0.0
