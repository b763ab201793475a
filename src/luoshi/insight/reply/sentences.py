"""Sentences of a text with their place; the points a request asks; the body of an answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from luoshi.insight.reply import signs
from luoshi.insight.text.folding import levelled
from luoshi.insight.text.words import content_words

MOST_READ: Final = 20_000
"""Characters of a text that are read."""
MOST_POINTS: Final = 8
"""Points of a request that are looked for; the first ones."""
MOST_RECEIPT: Final = 400
"""Characters from the beginning within which the receipt of the message is acknowledged."""
MOST_OF_A_POINT: Final = 120
"""Characters above which a sentence tells a story rather than asks."""
LEAST_WORDS: Final = 3
"""Words that carry meaning in a sentence that counts as a point."""
SAME_POINT: Final = 0.6
"""Share of words from which a sentence asks what was asked before."""
_SENTENCE = re.compile(r"[^。！？!?；;\n]{0,200}?如下[:：]|[^。！？!?；;\n]+[。！？!?；;\n]*")
_ASKS = re.compile(
    "[？?]|请问|咨询|何时|什么时候|多久|是否|能否|可否|能不能|怎么办|如何|希望|要求|建议|"
    "请(?:求|尽快|有关|相关|政府|领导|给|帮|解决|处理|彻查|查|核实|加|增|设|把|予)|恳请|"
    "望.{0,6}(?:解决|处理|重视|回复|答复)|^(?:投诉|反映|举报|强烈)"
)
_RHETORIC = re.compile(
    "难道|说法|管一管|管管|谢谢|为人民|良心|到底|究竟|怎么想|回复我|给.{0,4}(?:答复|回复)$|凭什么|怎么(?:可以|能|就|会|还|这么)"
    "|岂|何在|何用|有何|谁(?:来|给|敢|能)|做主|公道|打扰|忍无可忍|不了了之|公平|是不是.{0,12}[?？]$"
)
_NARRATED = re.compile(
    "(?:业主|家长|村民|居民|我们?|客人|开发商|物业|公司|学校|老师)(?:都|又|也|多次|曾)?要求|要求(?:我|业主|家长|村民|必须|先)"
)
"""What somebody asked of somebody else is told, not asked."""
_BEFORE = re.compile(
    "(?:曾|已经|上次|去年|之前|此前|年前|前不久|多次|听从|通过)[^，。；,;]{0,12}"
    "(?:咨询|反映|投诉|举报|建议|要求)|(?:咨询|反映|投诉|举报)(?:过|了(?!解))"
)
"""What was asked at another time is told …"""
_NOW = re.compile("[？?]|请|希望|恳|盼|望|能否|可否|能不能|是否|何时|怎么|如何|多久|什么时候")
"""… unless the sentence asks as well."""
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
    """The sentences of *request* that ask for something, those that ask the same only once.

    The subject, its first line, is one only where the details ask nothing: answers repeat it.
    """
    subject, _, details = request[:MOST_READ].partition("\n")
    has_details = bool(details.strip())
    asked = list(_asking(sentences(request), from_=len(subject) if has_details else 0))
    return asked or list(_asking(sentences(subject), from_=0))


def _asking(of: Iterator[Sentence], from_: int) -> Iterator[Sentence]:
    known: list[frozenset[str]] = []
    for sentence in of:
        told = meaning(sentence.text)
        is_new = not any(len(told & other) >= SAME_POINT * len(told) for other in known)
        if sentence.end > from_ and _is_point(sentence.text, told) and is_new:
            known.append(told)
            yield sentence
        if len(known) == MOST_POINTS:
            return


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
    named = sum(len(word) > 1 and not signs.PLEAS.fullmatch(word) for word in told)
    told_of = _NARRATED.search(plain) or (_BEFORE.search(plain) and not _NOW.search(plain))
    asks = _ASKS.search(plain) and not (_RHETORIC.search(plain) or told_of)
    return named >= LEAST_WORDS and len(text) <= MOST_OF_A_POINT and bool(asks)


def _is_receipt(sentence: Sentence) -> bool:
    return bool(_RECEIVED.search(sentence.text)) and sentence.start < MOST_RECEIPT
