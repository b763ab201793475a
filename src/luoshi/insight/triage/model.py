"""The model: suggests a category for a message, with its confidence and its reasons.

A suggestion is advice. It says how sure it is, which words decided, what else it might be, and
that it does not know when a wrong suggestion would cost more than asking a person.

Terms    suggestion 建议 · confidence 置信度 · unknown 不确定，请人工判断 · reason 依据
Not here learning from nothing (``training.train``); files (``model_file``)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from luoshi.insight.triage.arrays import Counts, Floats
from luoshi.insight.triage.calibration import Calibration
from luoshi.insight.triage.counting import counted
from luoshi.insight.triage.examples import Example, message_words
from luoshi.insight.triage.grams import grams_of
from luoshi.insight.triage.learning import learned
from luoshi.insight.triage.linear import Linear
from luoshi.insight.triage.reasons import Scored, strongest
from luoshi.insight.triage.sense import NO_SENSE, Sense
from luoshi.insight.triage.taxonomy import Taxonomy
from luoshi.insight.triage.vocabulary import Vocabulary

_BATCH = 128
_ALTERNATIVES = 3
_ENOUGH_TO_SEE = 200
_ENOUGH_TO_GO_BY = 6
_LEAST_KNOWN = 0.2
"""Share of a message's grams that must be known; below it the model has not met such text."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the model suggests for one message.

    Attributes:
        category: Code of the category; the likeliest one even when ``unknown``, "" when there is
            nothing to go by.
        confidence: Probability that it is right, 0 to 1.
        unknown: A person should choose without being led.
        reasons: The words that spoke for it and how strongly, strongest first.
        alternatives: The next categories and their probabilities.
    """

    category: str
    confidence: float
    unknown: bool
    reasons: tuple[tuple[str, float], ...] = ()
    alternatives: tuple[tuple[str, float], ...] = ()


NOTHING = Suggestion("", 0.0, unknown=True)


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model. A value: learning returns another one."""

    labels: tuple[str, ...]
    vocabulary: Vocabulary
    linear: Linear
    calibration: Calibration
    threshold: float
    taxonomy: Taxonomy = field(default_factory=Taxonomy)
    card: dict[str, object] = field(default_factory=dict)
    sense: Sense = NO_SENSE

    def suggest(self, subject: str, details: str = "") -> Suggestion:
        """Return the suggestion for one message."""
        return self.suggest_many([(subject, details)])[0]

    def suggest_many(self, messages: Iterable[tuple[str, str]]) -> list[Suggestion]:
        """Return a suggestion for each of *messages*, (subject, details), in order."""
        words = [message_words(subject, details) for subject, details in messages]
        return self.suggest_words(words)

    def suggest_words(self, messages: Sequence[Sequence[str]]) -> list[Suggestion]:
        """Return a suggestion for each message, given as the words that carry meaning."""
        batches = range(0, len(messages), _BATCH)
        return [
            suggestion
            for first in batches
            for suggestion in self._batch(messages[first : first + _BATCH])
        ]

    def confidences(self, messages: Sequence[Sequence[str]]) -> Floats:
        """Return M × K probabilities of all ``labels`` for *messages*, given as words."""
        return self._believed(self._scored(messages))

    def learn(self, corrections: Sequence[Example]) -> "Model":
        """Return the model that has also learned what people chose in *corrections*.

        Each correction moves the weights until the message is suggested rightly; grams never met
        before are added. Labels the model does not have are left out: they need training anew.
        """
        known = [one for one in corrections if one.label in self.labels and one.words]
        if not known:
            return self
        labels = np.array([self.labels.index(one.label) for one in known])
        words = [one.words for one in known]
        near = self.sense.near(words)
        vocabulary, linear = learned(self.vocabulary, self.linear, words, near, labels)
        count = int(str(self.card.get("corrections", 0))) + len(known)
        card = {**self.card, "corrections": count}
        return replace(self, vocabulary=vocabulary, linear=linear, card=card)

    def _scored(self, messages: Sequence[Sequence[str]]) -> Scored:
        grams = grams_of(messages)
        index = self.vocabulary.find(grams.code)
        counts = counted(grams, index, len(messages))
        near = self.sense.near(messages)
        return Scored(messages, grams, index, counts, self.linear.parts(counts), near)

    def _believed(self, scored: Scored) -> Floats:
        scores = self.linear.scores(scored.parts, scored.near)
        return self.calibration.confidences(scores * _evidence(scored.messages)[:, None])

    def _batch(self, messages: Sequence[Sequence[str]]) -> list[Suggestion]:
        scored = self._scored(messages)
        confidences = self._believed(scored)
        order = np.argsort(-confidences, axis=1)
        known = _known_shares(scored)
        told = strongest(scored, self.linear, order[:, 0], order[:, 1])
        return [
            self._suggestion(*row) if _speaks(words) else NOTHING
            for words, *row in zip(messages, confidences, order, known, told, strict=True)
        ]

    def _suggestion(
        self, confidences: Floats, order: Counts, known: float, told: tuple[tuple[str, float], ...]
    ) -> Suggestion:
        if known == 0:
            return NOTHING
        likeliest = order[: _ALTERNATIVES + 1].tolist()
        best, *others = [(self.labels[at], float(confidences[at])) for at in likeliest]
        category, confidence = self._deepest_sure(confidences, *best)
        unknown = bool(confidence < self.threshold or known < _LEAST_KNOWN)
        return Suggestion(category, confidence, unknown, told, tuple(others))

    def _deepest_sure(
        self, confidences: Floats, category: str, confidence: float
    ) -> tuple[str, float]:
        """Return *category*, or the nearest one above it that is sure enough, if any is."""
        if confidence >= self.threshold:
            return category, confidence
        for above in self.taxonomy.above(category):
            under = [
                at
                for at, label in enumerate(self.labels)
                if label == above or above in self.taxonomy.above(label)
            ]
            together = float(confidences[under].sum())
            if together >= self.threshold:
                return above, together
        return category, confidence


def _evidence(messages: Sequence[Sequence[str]]) -> Floats:
    """Return how far the scores of each message are believed: one or two words are little."""
    words = np.array([len(words) for words in messages], np.float32)
    return np.minimum(1.0, (words + 2) / _ENOUGH_TO_GO_BY)


def _speaks(words: Sequence[str]) -> bool:
    """Tell whether there is more than digits and signs in *words*."""
    return any(character.isalpha() for word in words[:_ENOUGH_TO_SEE] for character in word)


def _known_shares(scored: Scored) -> Floats:
    """Return for each message which share of its words and characters is known.

    Any two texts in Latin letters share letters and pairs of them: there, runs of four have to be
    known. Of other texts longer runs are rare.
    """
    grams, messages = scored.grams, scored.messages
    latin = np.array(["".join(words).isascii() for words in messages], bool)
    telling = np.where(latin[grams.message], grams.width == 4, grams.width <= 2)  # noqa: PLR2004
    of = grams.message[telling]
    known = np.bincount(of, scored.index[telling] >= 0, minlength=len(messages))
    found = np.bincount(of, minlength=len(messages))
    return np.asarray(known / np.maximum(1, found), np.float32)
