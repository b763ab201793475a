"""Doubts: what has the form of a name and is none, where nothing announces a person.

Estates, shops and villages are called like people (桑麻家园, 满福来超市), and some surnames are
words of every day: the road behind its name (麦浪路|青禾花园), the car that was hit (把车|砸了).

Terms    estate 小区 · firm 企业 · surname that is a word 多义姓
Units    positions in text that is ``folded``
"""

import re
from typing import Final

from luoshi.insight.triage.name_forms import HAN, surname_length
from luoshi.insight.triage.span import Span
from luoshi.insight.triage.surnames import GIVEN, GIVEN_ALONE

WORDS: Final = frozenset("路车字查管商强时连平印盖柴惠满步容位门井")
"""Surnames that are mostly something else, unless a name follows that parents choose."""

_MONEY = re.compile(r"(?<=[的把将些块元])钱")

ROADS: Final = frozenset("路道")
_ROAD = re.compile(rf"(?![和与跟及是由被给向对叫让找]){HAN}$")
"""The end of what a road is called; not what stands between a person and another."""

DISTANT: Final = frozenset("千万百")
"""What stands before 里 in a given name (万里); any other 里 is a neighbourhood."""

KINDS: Final = (
    "花园|公园|小区|社区|村|镇|乡|大厦|广场|超市|酒店|宾馆|集团|公司"
    "|学校|学院|小学|中学|大学|幼儿园|医院|诊所"
)
"""Kinds of places and firms, as their names end."""

_CALLED = re.compile(
    rf"{KINDS}|家园|新区|新村|山庄|街道|大楼|商场|商城|饭店|饭馆|餐厅|药店|市场|酒楼|火锅|有限|里(?!面)"
    rf"|{HAN}{{1,6}}?有限(?:责任)?公司"
)
"""What a place or a firm goes on with behind its own name."""


def is_doubtful(plain: str, span: Span) -> bool:
    """Return whether *span* is more likely a place, a firm or a verb than a name."""
    words, start = span.of(plain), span.start
    surname = surname_length(words)
    given = words[surname:]
    return bool(surname and given) and (
        ((words[0] in WORDS or _MONEY.match(plain, start)) and not _is_chosen(given))
        or (words[0] in ROADS and _ROAD.search(plain, max(0, start - 1), start) is not None)
        or (given[-1] == "里" and given[0] not in DISTANT)
        or is_called_so(plain, span)
    )


def is_called_so(plain: str, span: Span) -> bool:
    """Return whether *span* is what a place or a firm is called, or a verb said twice (查一查)."""
    words = span.of(plain)
    said_twice = len(words) == len("查一查") and words[0] == words[-1]
    return said_twice or _CALLED.match(plain, span.end) is not None


def _is_chosen(given: str) -> bool:
    """Return whether parents choose the signs of *given*."""
    return given in GIVEN_ALONE if len(given) == 1 else GIVEN.issuperset(given)
