"""Addresses to the door: a building with its room, a house in a village, where somebody lives.

An address down to the community 社区 or estate 小区 may be published, the door may not
(so the product's rule on masking). "Lift of block 5 broken" is a place of work to be done and no
address; "block 5, room 1203" is one.

Terms    block 栋、号楼 · stairway 单元 · room 室 · house number 门牌号 · household group 组
Units    patterns are applied to ``folded`` text, which keeps every position
"""

import re
from collections.abc import Iterator

from luoshi.insight.triage.span import Span

_N = r"[0-9零〇一二三四五六七八九十百A-Za-z]{1,5}"
_SEP = r"[ 、\-—–#]{0,2}"
_BLOCK = rf"(?:(?:[A-Za-z东西南北中]|{_N}期)区)?{_N}(?:号楼|号院|栋|幢|座|楼座|#楼|#|号公寓|期)"
_STAIR = rf"(?:{_N}|[东西中南北甲乙丙丁])(?:单元|门栋|门洞|梯|门(?=[0-9]{{3}}))"
_CN = "[一二三四五六七八九十]"
_FLOOR = rf"{_N}(?:层|楼)"
_ROOM = (
    rf"(?:地下(?:室|{_N}室)|{_N}(?:号房|号室|室|房|号(?![院线路]|楼(?![下上道梯前后里])))|[0-9]{{2,4}}户(?!型)"
    r"|(?<![0-9])[0-9]{3,4}(?![0-9年月日元号米%余多m平个人户])"
    r"|[一二三四五六七八九][零〇一二三四五六七八九]{2,3}(?![一二三四五六七八九十百千万元年]))"
)
_HOUSE = rf"{_N}(?:号附{_N}号|号之{_N}|号)"

_SIDE = r"[东西南北中左右]户"
_PART = rf"(?:{_BLOCK}|{_STAIR}|{_FLOOR})"
_DOORS = (
    rf"(?:{_PART}{_SEP}){{1,4}}(?:{_SIDE}|{_ROOM}(?:{_SEP}{_ROOM})?)",
    rf"(?:{_BLOCK}{_SEP}){{0,2}}{_STAIR}{_SEP}{_FLOOR}",
    rf"{_N}号院{_SEP}{_N}号楼",
    rf"(?:第?{_N})(?:排|街坊|条){_SEP}{_HOUSE}(?![线路车楼])",
    r"(?<![0-9.\-/年])[0-9]{1,3}[-—–#][0-9]{1,2}[-—–#][0-9]{3,4}(?![0-9\-/])",
    rf"(?:第?{_N}(?:村民小组|小组|组|队|社)){_SEP}{_HOUSE}(?![线路车])",
    rf"(?<=[村屯庄寨湾坪冲巷弄里坊]){_SEP}{_HOUSE}(?![线路车楼]|门(?![口前牌]))",
    rf"(?<=胡同){_SEP}{_HOUSE}",
    rf"{_HOUSE}{_SEP}(?:{_PART}{_SEP}){{0,3}}[0-9]{{3,4}}室",
    r"(?<![0-9])[0-9]{3,4}(?:室|房(?![屋间价产租]))",
)
_LIVES = re.compile(
    r"(?:家住|我住在?|(?:(?<=[ ,。:;])|^)住(?!房|户|宅|院|建|改|校|宿)|住在|住址|现住|居住在"
    r"|居住地址?|家庭地址|家庭住址|详细地址|通讯地址|收货地址|联系地址|地址|"
    r"户籍地址?|户籍所在地|户口所在地|门牌号码?|我家在|我家是|家在|送到|老宅|老家|老房子|出租屋"
    r"|租住地|抵押物在|房子在|租住在?|暂住)[:是为在于 ]{0,3}"
    rf"[^。！？;\n]{{0,30}}?(?P<door>{_N}号(?:附{_N}号|院(?!{_N}))?(?![楼院线路0-9])"
    rf"|{_N}号{_N}号楼|(?:{_N}号院?{_SEP})?(?:{_PART}{_SEP}){{1,4}}"
    rf"(?:{_SIDE}|{_ROOM}|{_PART}))"
)
_DOOR = re.compile("|".join(f"(?:{door})" for door in _DOORS))


def addresses(plain: str) -> Iterator[Span]:
    """Yield every address to the door in *plain*, a text already ``folded``."""
    for found in _DOOR.finditer(plain):
        yield Span(*found.span(), "address")
    for found in _LIVES.finditer(plain):
        yield Span(*found.span("door"), "address")
