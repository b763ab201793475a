"""Personal data in a text, found so that it can be hidden before anything is published.

A suggestion to the person who approves the public view: they can hide more and show more.

Terms    redaction 脱敏 · personal information 个人信息 (PIPL art. 4)
Units    positions are code points of the original text
Not here masking in lists for staff (``138****5678``): that is the store's, by role
"""

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
"""Kind of personal datum → what stands in its place (zh-Hans, the public's language)."""


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


def redact(text: str) -> str:
    """Return *text* with every personal span replaced by a word that says what stood there.

    Redacting twice changes nothing more.

    Example:
        >>> redact("我叫王小明，电话 138 0013 8000。")
        '我叫〔姓名〕，电话 〔电话〕。'
    """
    for _ in range(_ROUNDS):
        hidden = _hidden(text)
        if hidden == text:
            break
        text = hidden
    return text


def _hidden(text: str) -> str:
    pieces, at = [], 0
    for span in personal_spans(text):
        pieces += [text[at : span.start], LABELS[span.kind]]
        at = span.end
    return "".join([*pieces, text[at:]])
