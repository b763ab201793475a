"""Personal names where a text gives them away (姓名): 我叫…, 本人….

A name is looked for only beside a word that announces one, because most signs that can be
a surname are also ordinary words. Some announcements are strong (我叫, 姓名：) and take what
follows; others are weak (本人, 我是, 业主) and want a surname and an end right behind the name.

Terms    surname 姓 · given name 名 · announcement 引导词
Units    patterns are applied to ``folded`` text, which keeps every position
Not here surnames alone (张先生): they point at nobody
"""

import re
from collections.abc import Iterator

from luoshi.insight.text.words import tagged
from luoshi.insight.triage.span import Span
from luoshi.insight.triage.surnames import (
    COMPOUND_SURNAMES,
    KINSHIP_ENDINGS,
    NEVER_IN_A_NAME,
    NOT_GIVEN,
    NOT_NAMES,
    PERSON_ENDINGS,
    PLACE_ENDINGS,
    RARELY_IN_A_NAME,
    SURNAMES,
)

_HAN = r"[\u3400-\u9fff]"
_GO_ON = (
    r"家住|现住|住在|住|系|是|今年|现年|现在|现|在|来自|男|女|性别|电话|手机|电联|联系"
    r"|身份证|身份|身高|因|想|要|有|我|对|于|从|自|退休|属|籍贯|毕业|已|曾|的|了|向|把|被|给|和"
    r"|与|及|跟|为|出生|生于|原|户籍|户口|也|就|同志|先生|女士|老师|等|反映|反应|投诉|举报|咨询|请|未|没|一家|一直|作为"
    r"|由|先后|年龄|岁|不|说|称|常年|长期|本|以|到|去|所|之|名下|单位|地址|车牌|拒|跑|欠|打|都|均|还|却|联名"
)
_ENDS = re.compile(rf"(?:{_GO_ON}|[^\u3400-\u9fff]|$)")
_RUN = re.compile(rf"{_HAN}+")
_FREE_NAME = re.compile(rf"(?:(?!{_GO_ON}){_HAN}){{2,4}}(?={_GO_ON}|[^\u3400-\u9fff]|$)")
_STRONG = re.compile(
    r"(?:我叫做?|我的名字叫?是?|本人叫|本人名叫|名字是|名字叫|(?<!别)名叫|姓名(?:[:是为叫 ]|$)"
    r"|我姓名"
    r"|户主姓名|真实姓名|(?:联系人|反映人|投诉人|举报人|申请人|求助人|诉求人|来信人|写信人|署名|落款|签名"
    r"|当事人|委托人|代表人|负责人|户主|收件人|申诉人|落款人|写信人|经办人|患者|死者|学生|法人|法定代表人|此致敬礼)[:])"
    r"[:是为叫 \"“”‘’(（]{0,3}"
)
_WEAK = re.compile(
    r"(?:姓名|本人是?|(?<!不)我是|我名|我爸爸?|我妈妈?|我爷爷|我奶奶|我老公|我老婆|我哥哥?|我弟弟?|我姐姐?"
    r"|我妹妹?|父亲|母亲|丈夫|妻子|儿子|女儿|孩子|老伴|爱人|村民|业主|户主|房东|租客|邻居|同事|工友|患者|病人"
    r"|学生|老人|法人|法人代表|法定代表人|负责人|包工头|老板|经理|书记|村主任|村支书|村长|队长|组长|校长|联系人"
    r"|申请人|反映人|投诉人|举报人|当事人|受害人|受害者|代表|叫|联系|找)[:是为叫 ,，(（“\"]{0,2}"
)
_FULL = 3
"""Signs of a full name that needs nobody to announce it; shorter ones are ordinary words."""

_TITLE = re.compile(
    r"(?:先生|女士|小姐|同志|老师|大爷|大妈|大姐|大哥|大叔|阿姨|师傅|医生|护士|警官"
    r"|同学|老人|夫妇|夫妻|一家|家的|家里|家门口)"
)
_DOTTED = re.compile(
    rf"(?:我叫|本人|姓名|名叫|叫|我是|业主|患者)[:是为 ]{{0,2}}"
    rf"(?P<name>{_HAN}{{1,8}}(?:[·•・]{_HAN}{{1,8}}){{1,3}}?)(?={_GO_ON}|(?!{_HAN}|[·•・]))"
)
_LATIN = re.compile(
    r"(?:[Mm]y name is|I am called|我叫|英文名)[: ]{0,2}"
    r"(?P<name>[A-Z][a-z]{1,20}(?: [A-Z][a-z]{1,20}){0,3})"
)
_ALONE = rf"(?P<name>{_HAN}{{2,4}})"
_BESIDE_SOMETHING = (
    re.compile(
        rf"(?<!{_HAN}){_ALONE}(?=[ :,，(（]{{0,3}}(?:手机号?|电话|联系电话|联系方式|[Tt]el)?"
        r"[:是 ]{0,3}"
        r"1[3-9][\d ]{2})"
    ),
    re.compile(rf"(?<=\d{{4}})[ ,，(（]{{0,2}}{_ALONE}(?!{_HAN})"),
    re.compile(
        rf"(?<=[。！!？?;,，\s]){_ALONE}[ ]{{0,3}}"
        r"(?:\d{2,4}[年./-]\d{1,2}[月./-]\d{1,2}日?[ ]?)?[。.]?$"
    ),
)
"""A name that stands alone before a telephone, after one, or as the signature at the end."""


def names(plain: str) -> Iterator[Span]:
    """Yield every name that *plain*, a text already ``folded`` and simplified, gives away."""
    for found in _STRONG.finditer(plain):
        yield from _taken(plain, found.end(), _strong_length(plain, found.end()))
    for found in _WEAK.finditer(plain):
        yield from _taken(plain, found.end(), _weak_length(plain, found.end()))
    for found in _TITLE.finditer(plain):
        yield from _before(plain, found.start())
    yield from _standing_out(plain)
    yield from _segmented(plain)


def _standing_out(plain: str) -> Iterator[Span]:
    """Yield the names that need no announcement: their form or their neighbours tell."""
    for pattern in (_DOTTED, _LATIN):
        for found in pattern.finditer(plain):
            yield Span(*found.span("name"), "name")
    for pattern in _BESIDE_SOMETHING:
        for found in pattern.finditer(plain):
            if _is_name(found["name"]):
                yield Span(*found.span("name"), "name")


def _segmented(plain: str) -> Iterator[Span]:
    """Yield what the segmenter takes for a name: full ones, and any behind a word for a person."""
    before, person = "", False
    for start, word, tag in tagged(plain):
        if word in " :是叫系(":
            continue
        pair = before + word if before in SURNAMES else ""
        if _tells_a_person(before) and plain[start - 1] == ":" and _is_name(word):
            yield Span(start, start + len(word), "name")
        elif person and _is_name(pair):
            yield Span(start - len(before), start + len(word), "name")
        elif _looks_like_a_name(word, tag, before):
            yield Span(start, start + len(word), "name")
        before, person = word, _tells_a_person(before) or (person and word == "、")


def _tells_a_person(word: str) -> bool:
    return word == "同学" or (
        word[-1:] in PERSON_ENDINGS and (len(word) > 1 or word in {"人", "户", "员"})
    )


def _looks_like_a_name(word: str, tag: str, before: str) -> bool:
    if not tag.startswith("nr"):
        return False
    if not _tells_a_person(before):
        return len(word) == _FULL and word[-1] not in PLACE_ENDINGS and _is_name(word)
    of_kin = before[-1] in KINSHIP_ENDINGS and len(word) in {3, 4}
    return _is_name(word) or (of_kin and _is_given(word))


def _is_given(words: str) -> bool:
    return _RUN.fullmatch(words) is not None and not (
        NEVER_IN_A_NAME.union(RARELY_IN_A_NAME).intersection(words)
    )


def _taken(plain: str, start: int, length: int) -> Iterator[Span]:
    """Yield the name of *length* at *start*, and those listed behind it (甲、乙和丙)."""
    while length:
        yield Span(start, start + length, "name")
        start += length + 1
        listed = plain[start - 1 : start] in {"、", "和", "与", "及"}
        length = _weak_length(plain, start) if listed else 0


def _surname_length(words: str) -> int:
    if words[:2] in COMPOUND_SURNAMES:
        return 2
    return 1 if words[:1] in SURNAMES else 0


def _strong_length(plain: str, start: int) -> int:
    """Return how many signs from *start* are the name that was just announced."""
    run = _RUN.match(plain, start, start + 6)
    words = run.group() if run else ""
    surname = _surname_length(words)
    if surname and len(words) in {surname + 1, surname + 2}:
        return len(words)
    if surname:
        return _open_ended(plain, start, surname)
    free = _FREE_NAME.match(plain, start)
    return len(free.group()) if free else 0


def _open_ended(plain: str, start: int, surname: int) -> int:
    """Return the length of a name whose end the text does not mark."""
    given = plain[start + surname : start + surname + 2].ljust(2)
    first, second = given[0], given[1]
    if first in NEVER_IN_A_NAME or not _RUN.match(first):
        return 0
    ended = _ENDS.match(plain, start + surname + 1) is not None
    return surname + (1 if ended or second in NEVER_IN_A_NAME else 2)


def _weak_length(plain: str, start: int) -> int:
    """Return the length of a name at *start* that ends there beyond doubt, else 0."""
    surname = _surname_length(plain[start : start + 2])
    for given in (2, 1):
        end = start + surname + given
        if surname and _ENDS.match(plain, end) and _is_name(plain[start:end]):
            return surname + given
    return 0


def _is_name(words: str) -> bool:
    surname = _surname_length(words)
    given = words[surname:]
    return (
        surname > 0
        and 1 <= len(given) <= 2  # noqa: PLR2004 - given names have one sign or two
        and _is_given(given)
        and given not in NOT_GIVEN
        and not words.startswith(NOT_NAMES)
    )


def _before(plain: str, end: int) -> Iterator[Span]:
    """Yield the full name that stands right before a form of address."""
    for length in (4, 3, 2):
        words = plain[max(0, end - length) : end]
        compound = length == 4  # noqa: PLR2004 - a compound surname and two signs
        if (
            len(words) == length
            and _is_name(words)
            and compound == (words[:2] in COMPOUND_SURNAMES)
        ):
            if words[-1] not in "学校院班级科" and not _is_surname_alone(words):
                yield Span(end - length, end, "name")
            return


def _is_surname_alone(words: str) -> bool:
    """Tell whether the two signs are a verb or preposition and a surname (感谢王老师)."""
    return words[0] in "谢和向于从时应能对都但由来任何同" and words[1:] in SURNAMES
