"""Examples: messages whose category is known, from history or from the taxonomy itself.

Terms    history 历史工单 · label 标注 · correction 人工更正 · cold start 冷启动
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from luoshi.insight.text.folding import levelled
from luoshi.insight.text.words import carrying, content_words
from luoshi.insight.triage.taxonomy import Category, Taxonomy

MOST_CHARACTERS = 20_000
"""Characters of one message that are read: what follows changes no category."""

EXPLANATION = 0.3
"""How much a piece of the taxonomy's own text counts; a message counts 1."""


@dataclass(frozen=True, slots=True)
class Example:
    """One message and its category.

    Attributes:
        label: Code of the category.
        words: The words that carry meaning, in order, levelled.
        worth: How much it counts against others.
    """

    label: str
    words: tuple[str, ...]
    worth: float = 1.0


def message_words(subject: str, details: str) -> list[str]:
    """Return the words of a message that carry meaning, those of the subject first."""
    return content_words(subject[:MOST_CHARACTERS]) + content_words(details[:MOST_CHARACTERS])


def example(label: str, subject: str, details: str) -> Example:
    """Return the example of a message as people wrote it."""
    return Example(label, tuple(message_words(subject, details)))


def segmented_example(label: str, tokens: str) -> Example:
    """Return the example of a message of which only the words are left, set apart by spaces."""
    return Example(label, tuple(carrying([levelled(word) for word in tokens.split()])))


def explained(taxonomy: Taxonomy) -> Iterator[Example]:
    """Yield examples made of the names and descriptions of the leaves of *taxonomy*.

    Each leaf gives its names, each clause of its description, and all of them together with the
    names above it. Beside messages of people they count for little, and still help.
    """
    for leaf in taxonomy.leaves():
        above = [taxonomy.by_code[code] for code in taxonomy.above(leaf.code)]
        for text in _explanations(leaf, above):
            words = content_words(text)
            if words:
                yield Example(leaf.code, tuple(words), EXPLANATION)


def _explanations(leaf: Category, above: Iterable[Category]) -> Iterator[str]:
    clauses = [clause for clause in re.split(r"[，,。；;、]", leaf.description) if clause.strip()]
    yield from leaf.names
    yield from clauses
    higher = [name for category in above for name in (*category.names, category.description)]
    yield "，".join([*leaf.names, *clauses])
    yield "，".join([*leaf.names, *clauses, *higher])
