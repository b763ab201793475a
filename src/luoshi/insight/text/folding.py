"""Folding: one spelling for what looks the same, without moving a single character.

Every function here returns a text of the *same length* as it was given, so that a place found in
the folded text is the same place in the original.

Terms    full width 全角 · traditional characters 繁体字 · simplified characters 简体字
Units    positions are code points, as in ``str``
Source   single characters of the OpenCC table ``TSCharacters`` (Apache-2.0), see traditional.json
Not here splitting into words (``insight.text.words``)
"""

import json
import unicodedata
from functools import cache
from importlib.resources import files

_WIDE_FIRST, _WIDE_LAST, _WIDE_SHIFT = 0xFF01, 0xFF5E, 0xFEE0


class _Plain(dict[int, str]):
    """Code point to its plain form, worked out the first time it is met."""

    def __missing__(self, point: int) -> str:
        self[point] = plain = _plain(point)
        return plain


class _Simple(dict[int, str]):
    """Code point to its plain, simplified form."""

    def __missing__(self, point: int) -> str:
        plain = _PLAIN[point]
        self[point] = simple = simplified_characters().get(plain, plain)
        return simple


class _Level(dict[int, str]):
    """Code point to its plain, simplified, lower-case form."""

    def __missing__(self, point: int) -> str:
        lower = _SIMPLE[point].lower()
        self[point] = level = lower if len(lower) == 1 else _SIMPLE[point]
        return level


def _plain(point: int) -> str:
    character = chr(point)
    if point < 0x80:  # noqa: PLR2004 - the end of ASCII
        return character if character.isprintable() else " "
    if _WIDE_FIRST <= point <= _WIDE_LAST:
        return chr(point - _WIDE_SHIFT)
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(character) in {"Zs", "Zl", "Zp", "Cf", "Cc", "Cs"}:
        return " "
    normal = unicodedata.normalize("NFKC", character)
    return normal if len(normal) == 1 else character


_PLAIN, _SIMPLE, _LEVEL = _Plain(), _Simple(), _Level()


def folded(text: str) -> str:
    """Return *text* with plain digits, Latin letters, punctuation and spaces; same length.

    Example:
        >>> folded("电话：１３８")
        '电话:138'
    """
    return text.translate(_PLAIN)


def simplified(text: str) -> str:
    """Return *text* folded and in simplified characters; same length.

    Example:
        >>> simplified("電話：１３８，Ａ座")
        '电话:138,A座'
    """
    return text.translate(_SIMPLE)


def levelled(text: str) -> str:
    """Return *text* folded, in simplified characters and lower case; same length.

    Example:
        >>> levelled("電話Ａ座")
        '电话a座'
    """
    return text.translate(_LEVEL)


@cache
def simplified_characters() -> dict[str, str]:
    """Return traditional character → simplified character, for those that differ."""
    table = json.loads(files(__package__).joinpath("traditional.json").read_text("utf-8"))
    return dict(zip(table["traditional"], table["simplified"], strict=True))
