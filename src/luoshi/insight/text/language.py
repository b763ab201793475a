"""Languages: in which language is a message written?

Terms    language of the text 语种 · simplified 简体 · traditional 繁体
Source   codes are BCP 47 (RFC 5646); ``und`` undetermined, ``zxx`` no linguistic content
"""

import re
from typing import Literal

from luoshi.insight.text.folding import folded, simplified_characters

Language = Literal["zh-Hans", "zh-Hant", "en", "und", "zxx"]

_HAN = re.compile(r"[\u3400-\u9fff]")
_KANA_HANGUL = re.compile(r"[\u3041-\u30ff\uac00-\ud7af]")
_WORD = re.compile(r"[A-Za-z]{2,}")
_LETTER = re.compile(r"[^\W\d_]")
_SAMPLE = 4000
"""Characters looked at: the first page tells the language."""
_TRADITIONAL_SHARE = 0.04
_ENGLISH = frozenset(
    re.findall(
        "[a-z]+",
        "the and to of in is are was for on at it this that with have has not be we my our from "
        "please no there he she they you your by as can will near street road water when",
    )
)


def detect_language(text: str) -> Language:
    """Return the language of *text*, as a BCP 47 code.

    Chinese is told from its characters, and its script from those that only one script has.
    A text in a Latin alphabet counts as English when common English words carry it.

    Returns:
        ``zh-Hans``, ``zh-Hant``, ``en``, ``und`` (another language, or too little to tell) or
        ``zxx`` (no words at all: empty, digits, emoji).

    Example:
        >>> detect_language("路灯坏了三天"), detect_language("The lamp is out")
        ('zh-Hans', 'en')
    """
    sample = folded(text[:_SAMPLE])
    if _LETTER.search(sample) is None:
        return "zxx"
    han, words = len(_HAN.findall(sample)), _WORD.findall(sample)
    if len(_KANA_HANGUL.findall(sample)) > han // 4:
        return "und"
    if han >= len(words):
        return _script(sample, han)
    return "en" if _is_english(words) else "und"


def _script(sample: str, han: int) -> Language:
    table = simplified_characters()
    traditional = sum(character in table for character in sample)
    return "zh-Hant" if traditional > _TRADITIONAL_SHARE * han else "zh-Hans"


def _is_english(words: list[str]) -> bool:
    known = sum(word.lower() in _ENGLISH for word in words)
    return known * 8 >= len(words)
