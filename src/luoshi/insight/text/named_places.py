"""Places that a Chinese text names, as short keys: two names of one place have the same key.

A key is the two characters before the word that places end with, and that word: what stands before
them is often no part of the name.
"""

import re
import zlib
from collections.abc import Iterator
from typing import Final

_LONG = (
    "大道|公园|广场|集团|公司|学校|中学|小学|学院|大学|医院|家园|花园|新城|国际|之城|市场|车站"
    "|大厦|胡同"
)
_KEY_SHORT = "路巷街村乡镇苑院园城湾府郡里庄桥湖江组线"
_BARE = "小区|社区|楼盘|项目|街道|物业"
_KEY = re.compile(
    f"(?=([\u4e00-\u9fff]{{2}}(?:{_LONG}|[{_KEY_SHORT}])))|(?=([\u4e00-\u9fff]{{2}})(?:{_BARE}))"
)
_NO_NAME: Final = frozenset(
    "的在区临沿小是了和与及到从对请我们有被把于这那个等为市县一二三四五六七八九十"
)
"""Characters that do not stand right before the ending of a name: 临街, 小区 are no names."""


def place_keys(plain: str) -> set[int]:
    """Short keys of the places named in *plain*, a levelled text, hashed.

    Example:
        >>> place_keys("投诉东湖花园的物业") == place_keys("我是东湖花园业主")
        True
    """
    return {zlib.crc32(key.encode()) for key in _keys(plain)}


def _keys(plain: str) -> Iterator[str]:
    for found in _KEY.finditer(plain):
        key = found.group(1) or found.group(2)
        if not _NO_NAME & set(key[:2]):
            yield key
