"""Personal data in a text, found so that it can be hidden before anything is published.

A suggestion to the person who approves the public view: they can hide more and show more.

Terms    redaction 脱敏 · personal information 个人信息 (PIPL art. 4)
Units    positions are code points of the original text
Not here masking in lists for staff (``138****5678``): that is the store's, by role
"""

import re
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Final

from luoshi.insight.text.folding import simplified
from luoshi.insight.triage.addresses import addresses
from luoshi.insight.triage.names import names
from luoshi.insight.triage.numbers import numbers
from luoshi.insight.triage.span import Span, apart

LABELS: Final = {
    "phone": "〔电话〕",
    "id_number": "〔证件号〕",
    "plate": "〔车牌〕",
    "name": "〔姓名〕",
    "address": "〔门牌〕",
    "bank_card": "〔账号〕",
    "account": "〔网络账号〕",
    "email": "〔邮箱〕",
}
"""Kind of personal datum → what stands in its place in a text in Chinese."""
ENGLISH_LABELS: Final = {
    "phone": "[telephone]",
    "id_number": "[identity number]",
    "plate": "[number plate]",
    "name": "[name]",
    "address": "[door]",
    "bank_card": "[account]",
    "account": "[online account]",
    "email": "[e-mail]",
}
"""The same for a text in English."""

_HAN, _LATIN = re.compile("[\u4e00-\u9fff]"), re.compile("[A-Za-z]{2}")


_ROUNDS = 8
"""An address once hidden may show the next one to be an address too: look again, so often."""


def personal_spans(text: str) -> tuple[Span, ...]:
    """Return what in *text* points at a person, in order, none overlapping.

    Kinds: ``phone``, ``id_number``, ``plate``, ``name``, ``address`` (to the door),
    ``bank_card``, ``account`` (WeChat, QQ …), ``email``.

    Example:
        >>> [span.kind for span in personal_spans("我叫王小明，电话 138 0013 8000。")]
        ['name', 'phone']
    """
    plain = simplified(text)
    return apart([*numbers(plain), *names(plain), *addresses(plain)])


@dataclass(frozen=True, slots=True)
class Hidden:
    """What was hidden in a text, and what stands there now."""

    stand_in: str
    words: str


def redact(text: str) -> str:
    """Return *text* with every personal span replaced by a word that says what stood there.

    Redacting twice changes nothing more.

    Example:
        >>> redact("我叫王小明，电话 138 0013 8000。")
        '我叫〔姓名〕，电话 〔电话〕。'
    """
    return _redacted(text)[0]


def hidden_in(text: str) -> tuple[Hidden, ...]:
    """Return what ``redact`` hides in *text*, in order: a person may put back what is nobody's.

    Example:
        >>> [(one.stand_in, one.words) for one in hidden_in("我叫王小明。")]
        [('〔姓名〕', '王小明')]
    """
    runs = groupby(zip(*_redacted(text), strict=True), key=itemgetter(1))
    found = [(origin, "".join(sign for sign, _ in run)) for origin, run in runs]
    return tuple(
        Hidden(said, text[start:end]) for (start, end), said in found if said != text[start:end]
    )


_Origins = list[tuple[int, int]]
"""For each sign of a redacted text, which part of the original it stands for."""


def _redacted(text: str) -> tuple[str, _Origins]:
    said, origins = text, [(at, at + 1) for at in range(len(text))]
    for _ in range(_ROUNDS):
        hidden, origins = _hidden(said, origins)
        if hidden == said:
            break
        said = hidden
    return said, origins


def _hidden(text: str, origins: _Origins) -> tuple[str, _Origins]:
    pieces: list[str] = []
    kept: _Origins = []
    at = 0
    labels = LABELS if _HAN.search(text) or not _LATIN.search(text) else ENGLISH_LABELS
    for span in personal_spans(text):
        label = labels[span.kind]
        whole = (origins[span.start][0], origins[span.end - 1][1])
        pieces += [text[at : span.start], label]
        kept += [*origins[at : span.start], *[whole] * len(label)]
        at = span.end
    return "".join([*pieces, text[at:]]), [*kept, *origins[at:]]
