"""Hints: a code, the sentence concerned, how sure; and the words for each code."""

from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["must", "check", "note"]
"""``must``: do not send it so · ``check``: probably something is missing · ``note``: a thought."""
Of = Literal["request", "reply"]


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing to look at before the answer is sent.

    Attributes:
        code: One of ``HINTS``.
        sentence: The sentence concerned, as written; empty if the whole answer is meant.
        span: Where it stands in the text it is from: start, end (excluded).
        severity: How much it matters.
        of: Which text the sentence is from.
        other: For a copy: the position in ``others``.
    """

    code: str
    sentence: str
    span: tuple[int, int]
    severity: Severity
    of: Of = "reply"
    other: int | None = None


HINTS: Final[dict[str, dict[str, str]]] = {
    "reply.empty": {
        "zh-Hans": "答复没有内容。",
        "en": "The answer is empty.",
    },
    "reply.only_forwarded": {
        "zh-Hans": "只有问候、收悉或转办，没有说明查到什么、做了什么。",
        "en": "It greets, was received or passed on, and does not say what was found or done.",
    },
    "reply.point_not_answered": {
        "zh-Hans": "诉求问到这一点，答复里没有出现相同的用词：答到了吗？",
        "en": "The request asks this, and the answer has none of its words: is it answered?",
    },
    "reply.no_action": {
        "zh-Hans": "没有写明做了什么（核实、处理或解释）。",
        "en": "It does not say what was done: looked into, settled or explained.",
    },
    "reply.no_unit": {
        "zh-Hans": "没有写明由哪个单位办理。",
        "en": "It does not say which unit acted.",
    },
    "reply.no_date": {
        "zh-Hans": "没有写明什么时候办的，或什么时候办好。",
        "en": "It does not say when it was done, or when it will be.",
    },
    "reply.no_basis": {
        "zh-Hans": "表示不能办理，但没有写明依据（哪部法规、哪一条、哪份文件）。",
        "en": "It says no, and does not say on which law, article or document.",
    },
    "reply.no_contact": {
        "zh-Hans": "没有留下联系电话或联系方式。",
        "en": "It leaves no telephone number or other contact.",
    },
    "reply.vague_promise": {
        "zh-Hans": "承诺没有期限（“尽快”“适时”等）。",
        "en": "A promise without a day (“soon”, “in due course”).",
    },
    "reply.no_courtesy": {
        "zh-Hans": "没有称呼问候，也没有致谢。",
        "en": "There is neither a greeting nor a word of thanks.",
    },
    "reply.harsh": {
        "zh-Hans": "这句话可能让人感到被冒犯。",
        "en": "This sentence may offend.",
    },
    "reply.copy": {
        "zh-Hans": "与另一件的答复几乎一样，请核对是否针对本件。",
        "en": "Nearly the same as the answer to another case: is it about this one?",
    },
    "reply.repeats_request": {
        "zh-Hans": "答复大部分在重复诉求原文。",
        "en": "Most of the answer repeats the request.",
    },
    "reply.personal": {
        "zh-Hans": "可能泄露个人信息，公开前请遮蔽。",
        "en": "This may leak personal data: hide it before it is seen by others.",
    },
    "reply.unfilled": {
        "zh-Hans": "模板中的空没有填写。",
        "en": "A blank of the template was not filled in.",
    },
    "reply.cut_off": {
        "zh-Hans": "结尾像是没有写完。",
        "en": "The end seems to be missing.",
    },
}
"""Code → language → words for people."""


def words_for(code: str, language: str = "zh-Hans") -> str:
    """The words for *code*; in Chinese if there are none in *language*."""
    words = HINTS[code]
    return words.get(language, words["zh-Hans"])
