"""Sentences of a text with their place; the points a request asks; the body of an answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from luoshi.insight.text.folding import levelled
from luoshi.insight.text.words import content_words

MOST_READ: Final = 20_000
"""Characters of a text that are read."""
MOST_POINTS: Final = 8
"""Points of a request that are looked for; the first ones."""
MOST_RECEIPT: Final = 400
"""Characters from the beginning within which the receipt of the message is acknowledged."""
LEAST_WORDS: Final = 3
"""Words that carry meaning in a sentence that counts as a point."""
SAME_POINT: Final = 0.6
"""Share of words from which a sentence asks what was asked before."""
_SENTENCE = re.compile(r"[^。！？!?；;\n]{0,200}?如下[:：]|[^。！？!?；;\n]+[。！？!?；;\n]*")
_ASKS = re.compile(
    "[？?]|请问|咨询|为什么|为何|何时|什么时候|多久|是否|能否|可否|能不能|怎么办|如何|希望|要求|建议|"
    "请(?:求|尽快|有关|相关|政府|领导|给|帮|解决|处理|彻查|查|核实|加|增|设|把|予)|恳请|"
    "望.{0,6}(?:解决|处理|重视|回复|答复)|^(?:投诉|反映|举报|强烈)"
)
_RHETORIC = re.compile(
    "难道|说法|管一管|管管|谢谢|为人民|良心|到底是谁|怎么想|回复我|给.{0,4}(?:答复|回复)$"
)
_RECEIVED = re.compile(
    "收悉|回复如下|答复如下|情况如下|回复为|留言已|来信已|您(?:在|于).{0,40}留言"
)
_THANKS = re.compile("感谢|谢谢|此复|特此|祝您|敬礼|理解与支持|监督")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A piece of a text: what it says and where it stands."""

    text: str
    start: int
    end: int

    @property
    def span(self) -> tuple[int, int]:
        """Start and end (excluded)."""
        return self.start, self.end


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of the part of *text* that is read, blanks around them cut off."""
    for found in _SENTENCE.finditer(text[:MOST_READ]):
        said = found.group()
        begin = found.start() + len(said) - len(said.lstrip())
        if said.strip():
            yield Sentence(said.strip(), begin, begin + len(said.strip()))


def points(request: str) -> list[Sentence]:
    """The sentences of *request* that ask for something, those that ask the same only once."""
    asked: list[tuple[Sentence, frozenset[str]]] = []
    for sentence in sentences(request):
        told = meaning(sentence.text)
        if _is_point(sentence.text, told) and not any(
            len(told & known) >= SAME_POINT * len(told) for _, known in asked
        ):
            asked.append((sentence, told))
        if len(asked) == MOST_POINTS:
            break
    return [sentence for sentence, _ in asked]


def body(reply: str) -> list[Sentence]:
    """The sentences of *reply* that say something: not the receipt, not the thanks."""
    return [
        sentence
        for sentence in sentences(reply)
        if not _THANKS.search(sentence.text) and not _is_receipt(sentence)
    ]


def meaning(text: str) -> frozenset[str]:
    """The words of *text* that carry meaning."""
    return frozenset(content_words(text))


def _is_point(text: str, told: frozenset[str]) -> bool:
    """Whether a sentence asks for something that can be answered."""
    plain = levelled(text)
    long = sum(len(word) > 1 for word in told)
    return long >= LEAST_WORDS and bool(_ASKS.search(plain)) and not _RHETORIC.search(plain)


def _is_receipt(sentence: Sentence) -> bool:
    return bool(_RECEIVED.search(sentence.text)) and sentence.start < MOST_RECEIPT
