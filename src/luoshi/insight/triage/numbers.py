"""Personal numbers: telephones, documents, plates, cards, accounts (个人号码).

Digits may be full width, circled, Chinese (一三八…) or set apart by spaces and dashes: people
write them so, some to slip through a filter, most because it is easier to read.

Terms    mobile 手机号 · landline 座机 · identity number 身份证号 · plate 车牌号 · bank card 银行卡
Units    patterns are applied to ``folded`` text, which keeps every position
Source   identity number: GB 11643 (18 digits) and its 15-digit forerunner; mobile ``1[3-9]`` and
         nine digits (MIIT numbering plan); plate: GA 36, new-energy plates six signs
Not here whether the check digit of an identity number is right: a mistyped one is personal too
"""

import re
from collections.abc import Iterator

from luoshi.insight.triage.span import Span

_CHINESE_DIGITS = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_GAP = r"[ \-–—_.·]{0,2}"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"

_ID_18 = r"[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
_ID_SPACED = (
    r"[1-9]\d{5}[ \-]{1,2}(?:18|19|20)\d\d[ \-]{0,2}(?:0[1-9]|1[0-2])[ \-]{0,2}"
    r"(?:0[1-9]|[12]\d|3[01])[ \-]{0,2}\d{3}[\dXx]"
)
_ID_GROUPS = r"[1-9]\d{3}[ \-]\d{4}[ \-]\d{4}[ \-]\d{4}[ \-]\d[\dXx]"
_ID_15 = r"[1-9]\d{5}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}"
_MOBILE = (
    rf"(?:(?:\+|00)?86{_GAP})?"
    rf"(?:1[3-9]\d{{9}}|1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}"
    rf"|1[3-9]\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{4}}"
    rf"|1[3-9]\d{_GAP}\d{{3}}{_GAP}\d{{5}}|1[3-9]\d{_GAP}\d{{8}}"
    r"|1 ?[3-9](?: \d){9}|1-?[3-9](?:-\d){9})"
)
_EXTENSION = r"(?:[ ,]{0,2}(?:-|转|分机|ext\.?)[:号 ]{0,2}\d{1,5})?"
_LANDLINE = (
    rf"(?:\+?86[ \-])?\(?0?\d{{2,3}}\)?[ \-—–]{{1,2}}[2-9]\d{{2,3}}[ \-]?\d{{4}}{_EXTENSION}"
)
_LANDLINE_WHOLE = rf"\(?0\d{{2,3}}\)?[2-9]\d{{2,3}}[ \-]?\d{{4}}{_EXTENSION}"
_TELEPHONE = (
    r"(?:电话|座机|固话|小灵通|致电|拨打|打给|来电|联系方式|联系|热线|传真|电联|[Tt][Ee][Ll])"
)

_LETTERS_AND_DIGITS = r"(?P<value>(?=[A-Za-z_\-]{0,20}\d)[A-Za-z][A-Za-z0-9_\-]{4,24})"
_SHORT_NUMBER = rf"(?P<value>[2-9]\d{{2,3}}[ \-]?\d{{4}}{_EXTENSION})(?![\d元万年])"

_IS = r"[:是为 ]{0,3}"
_PAPERS = (
    r"(?:[Pp]assport|护照|通行证|军官证|社保卡|社保|医保卡|证件|驾驶证|残疾证)(?:号码|卡号|号)?"
)
_NETWORK = (
    r"(?:微信|威信|薇信|微 信|[Vv]信|[Vv][Xx]|[Ww][Xx]|[Ww]e[Cc]hat|[Qq][Qq]|扣扣|抖音|快手"
    r"|支付宝)(?:号码|账号|号|ID)?"
)
_LETTER_OR_DIGIT = "A-HJ-NP-Za-hj-np-z0-9"
_PLATE = (
    rf"(?:WJ|[{_PROVINCES}])[A-Za-z][ ·•.\-:]{{0,2}}(?=[A-Za-z0-9]{{0,5}}\d)"
    rf"[{_LETTER_OR_DIGIT}]{{4,5}}[{_LETTER_OR_DIGIT}挂学警港澳领](?![A-Za-z0-9])"
)
_PLATE_SPACED = (
    rf"[{_PROVINCES}] ?[A-Za-z](?: ?[·•.\-])? ?(?=(?:[A-Za-z]? ?[·•\-]?){{0,3}}\d)"
    rf"[{_LETTER_OR_DIGIT}]{{1,2}}[ \-]?[{_LETTER_OR_DIGIT}]{{3,4}}"
    rf"(?:[{_LETTER_OR_DIGIT}](?![A-Za-z0-9])|[挂学警港澳领])?(?![A-Za-z0-9])"
)
_PLATE_PART = (
    r"车(?:牌|号)(?:号码|号)?(?:[:是为 ]|尾号|后.位){0,3}"
    r"(?P<value>[A-Za-z]?[ ·•.\-]?(?=[A-Za-z]*\d)[A-Za-z0-9]{3,6})(?![A-Za-z0-9])"
)
_CARD = r"(?<!\d)(?:62|4\d|5[1-5])\d{2}(?:[ \-]?\d{4}){3}(?:[ \-]?\d{1,3})?(?!\d)"
_NUMBERS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("id_number", rf"(?<!\d)(?:{_ID_18}|{_ID_SPACED}|{_ID_GROUPS})(?!\d)"),
        ("id_number", rf"(?<!\d){_ID_15}(?!\d)"),
        ("id_number", rf"(?:身份证|证件)(?:号码|号)?{_IS}(?P<value>\d[\d* ]{{4,19}}[\dXx])"),
        ("id_number", rf"{_PAPERS}{_IS}(?P<value>[A-Za-z]{{0,2}}\d{{6,20}}[A-Za-z]?)"),
        ("phone", rf"(?<!\d){_MOBILE}(?!\d)"),
        ("phone", rf"(?<![\d.])(?=\(?0|\+?86){_LANDLINE}(?!\d)"),
        ("phone", rf"(?<!\d){_LANDLINE_WHOLE}(?!\d)"),
        (
            "phone",
            rf"{_TELEPHONE}[^\d\n]{{0,6}}{_SHORT_NUMBER}",
        ),
        (
            "id_number",
            r"(?:身份证|证件)[^\d\n]{0,6}(?:后|末|尾)[^\d\n]{0,3}(?P<value>\d{3,5}[\dXx])(?!\d)",
        ),
        ("plate", _PLATE),
        ("plate", _PLATE_SPACED),
        ("plate", _PLATE_PART),
        ("bank_card", _CARD),
        ("bank_card", rf"(?:卡号|[账帐]号|[账帐]户){_IS}(?P<value>\d(?:[ \-]?\d){{9,22}})"),
        ("email", r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}"),
        ("account", rf"(?:账号|真号|小号|号码|号){_IS}{_LETTERS_AND_DIGITS}"),
        ("account", r"(?<![A-Za-z0-9_])wxid_[A-Za-z0-9]{6,24}"),
        ("account", r"加了?[我你他她]了?(?P<value>[A-Za-z][A-Za-z0-9_\-]{5,24})"),
        ("phone", r"(?<!\d)(?:\+|00)?(?:852|853|886)[ \-]\d{4}[ \-]?\d{4,5}(?!\d)"),
        ("account", rf"{_NETWORK}{_IS}(?P<value>[A-Za-z0-9][A-Za-z0-9_\-]{{4,24}})"),
    )
)
_ANY_DIGIT = r"\d零〇一二三四五六七八九幺"
_SPOKEN_MOBILE = re.compile(rf"(?<![{_ANY_DIGIT}])[1一幺][ \-]?(?:[{_ANY_DIGIT}][ \-]?){{10}}")


def numbers(plain: str) -> Iterator[Span]:
    """Yield every personal number in *plain*, a text already ``folded``."""
    for kind, pattern in _NUMBERS:
        for found in pattern.finditer(plain):
            group = "value" if "value" in pattern.groupindex else 0
            yield Span(*found.span(group), kind)
    yield from _spoken(plain)


def _spoken(plain: str) -> Iterator[Span]:
    """Yield mobile numbers written with Chinese digits, mixed ones too."""
    for found in _SPOKEN_MOBILE.finditer(plain):
        digits = re.sub(r"\D", "", found.group().translate(_CHINESE_DIGITS))
        written = found.group().rstrip(" -")
        if re.fullmatch(r"1[3-9]\d{9}", digits):
            yield Span(found.start(), found.start() + len(written), "phone")
