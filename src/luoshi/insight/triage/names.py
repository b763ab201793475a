"""Personal names where a text gives them away (姓名): 我叫…, 本人….

Most signs that can be a surname are also ordinary words, so a name is looked for beside a word
that announces one. Some announcements are strong (我叫, 姓名：) and take what
follows; others are weak (本人, 我是, 业主) and want a surname and an end right behind the name.
Names that nobody announces are the business of ``names_alone``.

Terms    surname 姓 · given name 名 · announcement 引导词
Units    patterns are applied to ``folded`` text, which keeps every position
Not here surnames alone (张先生): they point at nobody
"""

import re
from collections.abc import Iterator

from luoshi.insight.triage.name_forms import GO_ON, HAN, RUN, is_name, surname_length
from luoshi.insight.triage.names_alone import alone
from luoshi.insight.triage.span import Span
from luoshi.insight.triage.surnames import COMPOUND_SURNAMES, FOREIGN, NEVER_IN_A_NAME, SURNAMES

_ENDS = re.compile(rf"(?:{GO_ON}|[^\u3400-\u9fff]|$)")
_FREE_NAME = re.compile(rf"(?:(?!{GO_ON}){HAN}){{2,4}}(?={GO_ON}|[^\u3400-\u9fff]|$)")
_STRONG = re.compile(
    r"(?:我叫做?|我系|我的名字叫?是?|本人叫|本人名叫|名字是|名字叫|(?<!别)名叫"
    r"|姓名(?:[:是为叫 ]|$)"
    r"|我姓名|户主姓名|真实姓名|(?:开户|户|收款人|持卡人)(?:姓?名)?[:]"
    r"|(?:联系人|反映人|投诉人|举报人|申请人|求助人|诉求人|来信人|写信人|来电人|署名|落款|签名"
    r"|当事人|委托人|代表人|负责人|户主|收件人|收货人|申诉人|落款人|经办人|患者|死者|伤者|学生"
    r"|法人"
    r"|法定代表人|此致敬礼|监护人|报案人|报修人|被告|原告|证人|家长|车主|房主|业主|租户|承租人"
    r"|产权人|借款人|收款方|联络人)[ :】|]{1,2})"
    r"[:是为叫 \"“”‘’(（]{0,3}"
)
_KIN = (
    "父母|爸爸?|妈妈?|爷爷|奶奶|外公|外婆|姥姥|姥爷|老公|老婆|哥哥?|弟弟?|姐姐?|妹妹?|父亲|母亲"
    "|丈夫|妻子"
    "|儿子?|女儿|儿媳|女婿|孙子|孙女|外孙女?|岳父|岳母|公公|婆婆|公爹|大伯|叔叔|舅舅?|姑姑?"
    "|姨妈?|嫂子|侄子|侄女"
    "|爱人|老伴|对象|男友|女友|朋友|同事|同学|邻居|老板|领导|家属|前夫|前妻|堂哥|堂弟|表哥|表弟"
    "|姐夫|妹夫"
)
_WEAK = re.compile(
    rf"(?:姓名|本人是?|(?<!不)我(?:是|名|(?=..{{1,2}}[,(（][男女\\d]))|(?:我|我们|我家|我的|他"
    rf"|她|其)(?:{_KIN})"
    r"|父亲|母亲|丈夫|妻子|儿子|女儿|孩子|老伴|爱人|村民|业主|户主|房东|租客|租户|邻居|同事"
    r"|工友|患者|病人"
    r"|学生|老人|法人|法人代表|法定代表人|负责人|包工头|工头|老板|经理|书记|村主任|村支书|村长"
    r"|队长|组长|校长|联系人"
    r"|申请人|反映人|投诉人|举报人|当事人|受害人|受害者|代表|被告人?|原告|证人|司机|车主|中介"
    r"|保安|会计|主任|家长"
    r"|开户名|户名|产权人|借款人|收款方|父亲|自称|甲方|乙方|收件人|收款人|持证人|经办人|叫|联系"
    r"|找)[:是为叫 ,，(（“\"]{0,2}"
)

_SPACED = re.compile(rf"{HAN} {{1,3}}{HAN}(?!{HAN})")
"""A name of two signs that is spread for the eye (姓名：鲍 春)."""

_FOREIGN_BEFORE = re.compile(rf"[{FOREIGN}]{{3,8}}$")
_TITLE = re.compile(
    r"(?:经理|主任|科长|处长|局长|所长|院长|校长|园长|[镇乡村]长(?!.{1,2}[路街巷])|队长|组长|班长|店长|厂长|书记"
    r"|法官|律师|教练|会计|老板|队员|民警|交警|医师|大夫|小朋友|护士长|主席|家长|先生|女士|小姐|同志|老师|大爷|大妈|大姐|大哥|大叔|阿姨|师傅|医生|护士|警官"
    r"|同学|老人|夫妇|夫妻|一家|家的|家里|家门口)"
)


def names(plain: str) -> Iterator[Span]:
    """Yield every name that *plain*, a text already ``folded`` and simplified, gives away."""
    for found in _STRONG.finditer(plain):
        yield from _taken(plain, found.end(), _strong_length(plain, found.end()))
    for found in _WEAK.finditer(plain):
        yield from _taken(plain, found.end(), _weak_length(plain, found.end()))
    for found in _TITLE.finditer(plain):
        if foreign := _FOREIGN_BEFORE.search(plain, max(0, found.start() - 8), found.start()):
            yield Span(*foreign.span(), "name")
        yield from _before(plain, found.start())
    yield from alone(plain)


def _taken(plain: str, start: int, length: int) -> Iterator[Span]:
    """Yield the name of *length* at *start*, and those listed behind it (甲、乙和丙)."""
    while length:
        yield Span(start, start + length, "name")
        start += length + 1
        listed = plain[start - 1 : start] in {"、", "和", "与", "及"}
        length = _weak_length(plain, start) if listed else 0


def _strong_length(plain: str, start: int) -> int:
    """Return how many signs from *start* are the name that was just announced."""
    spaced = _SPACED.match(plain, start)
    if spaced:
        return len(spaced.group())
    run = RUN.match(plain, start, start + 6)
    words = run.group() if run else ""
    surname = surname_length(words)
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
    if first in NEVER_IN_A_NAME or not RUN.match(first):
        return 0
    ended = _ENDS.match(plain, start + surname + 1) is not None
    return surname + (1 if ended or second in NEVER_IN_A_NAME else 2)


def _weak_length(plain: str, start: int) -> int:
    """Return the length of a name at *start* that ends there beyond doubt, else 0."""
    surname = surname_length(plain[start : start + 2])
    for given in (2, 1):
        end = start + surname + given
        if surname and _ENDS.match(plain, end) and is_name(plain[start:end]):
            return surname + given
    return 0


def _before(plain: str, end: int) -> Iterator[Span]:
    """Yield the full name that stands right before a form of address."""
    for length in (4, 3, 2):
        words = plain[max(0, end - length) : end]
        if words[:1] in "和与及" and is_name(words[1:]):
            continue
        compound = length == 4  # noqa: PLR2004 - a compound surname and two signs
        if (
            len(words) == length
            and is_name(words)
            and compound == (words[:2] in COMPOUND_SURNAMES)
        ):
            if words[-1] not in "学校院班级科" and not _is_surname_alone(words):
                yield Span(end - length, end, "name")
            return


def _is_surname_alone(words: str) -> bool:
    """Tell whether the two signs are a verb or preposition and a surname (感谢王老师)."""
    return words[0] in "谢和向于从时应能对都但由来任何同" and words[1:] in SURNAMES
