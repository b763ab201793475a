"""Addresses as people write them, brought to one spelling: the same house has the same key.

Full width, traditional characters, Chinese or Arabic figures, a district before it or not, a room
or "opposite" behind it, the roads of a crossing in either order, "Street" or "St" make no
difference.

Terms    road 路 · lane 弄 · number 号 · building 号楼 · crossing 路口 · district 区县
"""

import re
from typing import Final

from luoshi.insight.text.folding import levelled

MOST_READ: Final = 200
"""Characters of an address that are read."""
_DIGITS: Final = {"〇": 0} | {sign: at for at, sign in enumerate("零一二三四五六七八九")}
_UNITS: Final = {"十": 10, "百": 100, "千": 1000}
_FIGURE = re.compile("十?[零〇一二三四五六七八九][零〇一二三四五六七八九十百千]*|十")
_SIGN = re.compile(r"[^\w&/、-]+|_")
_AROUND = re.compile(
    "[\u4e00-\u9fff]{2,8}?(?:省|自治区|市(?![场政中民])|(?<![小社园校厂景库])区(?!政)"
    "|县(?![城政])|旗(?!舰)|街道|镇(?!政)|乡(?!政))(?=[\u4e00-\u9fff0-9]{2,}[0-9路街道巷弄里村号])"
)
_HAN = re.compile("[\u4e00-\u9fff]")
NAMED: Final = 3
"""Characters from which an address names a place: "23号" or "学校" is anywhere."""
_COUNTY: Final = "区县旗"
_DOOR = re.compile(r"(.*?[0-9]+(?:-[0-9]+)?号)(?![楼院路街线大])")
_ROAD: Final = ".{1,7}?(?:路|街|道|巷|胡同)"
_CROSSING = re.compile(
    f"({_ROAD})[与和跟、&/]({_ROAD})(?:的?(?:交叉路?口|交汇处|交界处|路口|口))?"
)
_BESIDE = re.compile("(?:附近|旁边|旁|门口|门前|斜?对面|斜?对过|处)+$")
_SHORT: Final = {
    "street": "st", "avenue": "ave", "road": "rd", "boulevard": "blvd", "drive": "dr",
    "lane": "ln", "square": "sq", "place": "pl", "court": "ct", "terrace": "ter",
    "highway": "hwy", "parkway": "pkwy", "north": "n", "south": "s", "east": "e", "west": "w",
    "and": "", "at": "", "intersection": "", "corner": "", "of": "", "the": "", "no": "",
}  # fmt: skip


def address_key(address: str) -> tuple[str, str]:
    """Return one spelling of *address*, and the district written before it if there is one.

    Example:
        >>> address_key("海州市东城区幸福路十二号３单元")
        ('幸福路12号', '东城区')
        >>> address_key("幸福路12号旁边")
        ('幸福路12号', '')
        >>> address_key("Elm Street and 2nd Avenue") == address_key("2nd Ave & Elm St")
        True
    """
    plain = levelled(address[:MOST_READ]).replace("#", "号")
    if not _HAN.search(plain):
        words = (_SHORT.get(word, word) for word in re.findall(r"\w+(?:-\w+)?", plain))
        return " ".join(sorted({word for word in words if word})), ""
    return _chinese(_SIGN.sub("", _FIGURE.sub(_figure, plain)))


def _chinese(plain: str) -> tuple[str, str]:
    district = ""
    while around := _AROUND.match(plain):
        name, plain = around.group(), plain[around.end() :]
        district = name if name[-1] in _COUNTY else district
    plain = _BESIDE.sub("", plain)
    if len(_HAN.findall(plain)) < NAMED:
        return "", district
    if door := _DOOR.match(plain):
        return door.group(1), district
    if crossing := _CROSSING.fullmatch(plain):
        return "&".join(sorted(crossing.groups())), district
    return plain, district


def _figure(found: re.Match[str]) -> str:
    """Return a Chinese figure in Arabic digits: 十二 is 12, 一百零五 is 105, 八一 is 81."""
    signs = found.group()
    if not _UNITS.keys() & set(signs):
        return "".join(str(_DIGITS[sign]) for sign in signs)
    value, digit = 0, 0
    for sign in signs:
        if sign in _UNITS:
            value, digit = value + (digit or 1) * _UNITS[sign], 0
        else:
            digit = _DIGITS[sign]
    return str(value + digit)
