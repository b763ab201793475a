"""Company: vectors of words, learned from the words that stand near them (词向量).

Words that keep the same company mean alike: 社保 and 养老金, 地铁 and 轻轨. So a message is near
others with which it shares no word. Nothing but the messages themselves is learned from, and
they need no category.

Terms    company: the words within five places of a word, nearer ones counting for more
         word vector 词向量 · positive pointwise mutual information (PPMI) 正点互信息
Shapes   V words × D numbers
Source   O. Levy and Y. Goldberg, "Neural word embedding as implicit matrix factorization" (2014)
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.linalg import svds

from luoshi.insight.triage.arrays import Counts, Floats
from luoshi.insight.triage.grams import Grams, words_of
from luoshi.insight.triage.vocabulary import Vocabulary

WIDTH: Final = 150
"""Numbers of a word vector, D."""

MOST_VECTORS: Final = 30_000
"""Words that have a vector at most: those that most messages hold."""

_MOST_READ = 20_000
"""Messages whose company is counted at most, spread evenly over all."""

_LEAST_MESSAGES, _LEAST_VECTORS = 1000, 1000
"""With fewer messages, or fewer words, company is chance."""

_LEAST_SHARED = 3
"""In how many messages a word must stand."""

_NEAR = 5
_COMMON = 0.75
"""Power that makes rare company count for less than its rarity says."""


def vectors_of(messages: Sequence[Sequence[str]]) -> tuple[Vocabulary, Floats]:
    """Return the words of *messages* worth a vector, and their vectors: direction times rarity.

    Both are empty where the messages are too few to tell.
    """
    step = -(-len(messages) // _MOST_READ) or 1
    read = messages[::step]
    words = words_of(read)
    vocabulary, seen = _shared(words, len(read))
    if len(read) < _LEAST_MESSAGES or len(vocabulary) < _LEAST_VECTORS:
        return Vocabulary.of(np.zeros(0, np.uint64)), np.zeros((0, WIDTH), np.float32)
    company = _company(vocabulary.find(words.code), words.message, len(vocabulary))
    rarity = np.log(len(read) / seen).astype(np.float32)
    return vocabulary, _directions(_surprise(company)) * rarity[:, None]


def _shared(words: Grams, messages: int) -> tuple[Vocabulary, Counts]:
    """Return the words that several messages share, and how many messages hold each."""
    code, place = np.unique(words.code, return_inverse=True)
    pairs = np.unique(place * messages + words.message)
    seen = np.bincount(pairs // max(1, messages), minlength=code.size)
    often = np.sort(seen)[::-1]
    least = max(_LEAST_SHARED, int(often[MOST_VECTORS]) + 1 if often.size > MOST_VECTORS else 0)
    return Vocabulary.of(code[seen >= least]), seen[seen >= least]


def _company(index: Counts, message: Counts, width: int) -> csr_array:
    """Return V × V: how often two known words stand near each other, by nearness."""
    known = index >= 0
    index, message = index[known].astype(np.int32), message[known]
    total = csr_array((width, width), dtype=np.float32)
    for apart in range(1, _NEAR + 1):
        same = message[:-apart] == message[apart:]
        pairs = (index[:-apart][same], index[apart:][same])
        weight = np.full(pairs[0].size, 1 / apart, np.float32)
        total += csr_array((weight, pairs), shape=(width, width))
    return csr_array(total + total.T)


def _surprise(company: csr_array) -> csr_array:
    """Return by how much more often than by chance words keep company, as logarithms above 0."""
    mass = np.maximum(np.asarray(company.sum(axis=1), np.float64), 1e-9)
    common = mass**_COMMON
    common /= common.sum()
    row = np.repeat(np.arange(mass.size), np.diff(company.indptr))
    values = np.log(company.data / (mass[row] * common[company.indices]))
    kept = np.maximum(values, 0).astype(np.float32)
    surprise = csr_array((kept, company.indices, company.indptr), company.shape)
    surprise.eliminate_zeros()
    return surprise


def _directions(surprise: csr_array) -> Floats:
    """Return the best V × D account of *surprise*, each row brought to length 1."""
    left, strength, _ = svds(surprise, WIDTH, v0=np.ones(surprise.shape[0], np.float32))
    vectors = left * np.sqrt(strength)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.ascontiguousarray(vectors / np.maximum(lengths, 1e-9), np.float32)
