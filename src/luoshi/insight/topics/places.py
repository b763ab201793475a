"""Where a text speaks of a place: windows before the words that places end with.

No list of places is needed: a pair of characters counts as part of a place name if most of its
occurrences in the period stand in such a window (see ``luoshi.insight.topics.vectors``).
"""

import re

import numpy as np
from numpy.typing import NDArray

_LONG_ENDINGS = (
    *("小区", "社区", "街道", "大道", "公园", "广场", "集团", "公司", "学校", "中学"),
    *("小学", "学院", "大学", "医院", "幼儿园", "家园", "花园", "新城", "国际", "之城"),
    *("楼盘", "项目", "工地", "市场", "车站", "地铁", "大厦", "胡同"),
)
_SHORT = "路巷村乡镇街苑院园城湾府郡里庄桥湖山江组线"
_ENDINGS = (*_LONG_ENDINGS, *_SHORT)
_STAGE = "[0-9一二三四五六七八九十]{1,2}(?:期|栋|幢|号楼)"
_PEOPLE = ("业主", "开发商", "物业")
"""What follows the name of an estate that has no ending of its own: 某某天地3期, 某某天地业主."""
_NAMING = "(?:(?![在的映于至到有])[\u4e00-\u9fffa-z0-9])"
"""A character of a name: what stands before 在, 于 or 反映 is none of it."""
_WINDOW = re.compile(
    f"{_NAMING}{{2,5}}?(?:{'|'.join((*_ENDINGS, _STAGE, *_PEOPLE))})(?:小区|社区)?"
)

_ENDED = re.compile(f".+(?:{'|'.join(_ENDINGS)})")
_NOT_INSIDE = re.compile(
    "[的了是与及但据被把请我您在往]|投诉|反映|举报|关于|咨询|问问|建议|希望|涉嫌|附近|旁边|距离"
    "|位于|何时|为何|什么|是否|如何|怎么|[条段]路$"
    "|^(?:街道|社区|小区|大道|项目|楼盘|工地|配套|普惠|公办|民办|公立|私立|安置|周边|周围|所有"
    "|全[省市县区]|一[所个家]|[各该某属区性这那给])"
)
_GOES_ON = re.compile(".+(?:小区|社区|街道|大道|地铁|公司|学校|中学|小学|医院|幼儿园|大厦).")
"""Endings that stand inside no name, as 国际 does in 国际花都."""


def windows(plain: str) -> NDArray[np.int32]:
    """For each character the number of the window it stands in; 0 outside of all."""
    inside = np.zeros(len(plain), np.int32)
    for number, found in enumerate(_WINDOW.finditer(plain), start=1):
        inside[found.start() : found.end()] = number
    return inside


def ends_like_a_place(phrase: str) -> bool:
    """Whether *phrase*, levelled, ends with a word that places or bodies end with."""
    return _ENDED.fullmatch(phrase) is not None


def goes_on_behind_a_place(phrase: str) -> bool:
    """Whether *phrase*, levelled, says more than a place: 某某小区门口设."""
    return _GOES_ON.match(phrase) is not None


def may_be_a_name(phrase: str) -> bool:
    """Whether *phrase*, levelled, has no word inside that names have not."""
    return _NOT_INSIDE.search(phrase) is None
