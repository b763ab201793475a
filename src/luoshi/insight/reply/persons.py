"""Persons: which names in an answer are of somebody whom telling them may harm.

``insight.triage.personal`` hides rather too much than too little. A hint that is wrong every
second time is not read: here a name must look like one, and something beside it must tell of a
person. Whoever acts in an office (主任李…, 联系人：…) is not meant, unless the request speaks of
them; a name half hidden already (李某) is not either.

Terms    requester 诉求人 · third person 第三人 · in office 履职人员
Units    positions are code points of the answer
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from luoshi.insight.text.folding import simplified
from luoshi.insight.text.words import tagged
from luoshi.insight.triage.name_forms import surname_length
from luoshi.insight.triage.span import Span
from luoshi.insight.triage.surnames import GIVEN, PLACE_ENDINGS

ENOUGH: Final = 2
"""Evidence from which a name is taken for a person's."""
_FULL: Final = 3
"""Signs of a full name; with fewer, the given name alone tells little."""
_ASIDE: Final = 16
"""Signs before and behind a name that are read."""

_MOST_PLACES: Final = 20
"""Places of a name that are looked at."""

_HIDDEN: Final = re.compile("[某×xX*○〇]")
_NAMES: Final = r"(?:[\u3400-\u9fff]{2,3}[、和及与])*"
_OFFICE: Final = (
    "主任|科长|局长|处长|所长|院长|校长|园长|站长|队长|[镇乡县区市厅部会社行庭股]长|秘书长|主席|书记"
    "|委员|常委|专干|干事|干部|民警|警官|交警|辅警|警察|法官|检察官|审判员|书记员|队员|网格员"
    "|(?:工作|执法|值班)人员|调解员|调研员|值班员|工程师|主管|专员|领导"
)
_CONTACT: Final = "联系人|联络人|经办人|承办人|负责人"
_IN_OFFICE_BEFORE: Final = re.compile(rf"(?:{_OFFICE}|{_CONTACT})[ :,、(]?{_NAMES}$")
_IN_OFFICE_BEHIND: Final = re.compile(
    rf"[ ,(]?(?:[、和及与][\u3400-\u9fff]{{2,3}})*等?[\d一二两三四五]?[名位个]?副?(?:{_OFFICE})"
    r"|(?:[、和及与][\u3400-\u9fff]{2,3})*[两二三四]同志"
    r"|(?:同志)?(?:处|进行)?(?:咨询|联系)"
    r"|[ :,(]{0,2}(?:\(?(?:联系)?(?:电话|手机|座机)|0\d{2,3}-|1\d{10})"
)
_ROLE: Final = re.compile(
    "(?:[信上]访人|(?:来信|投诉|举报|反映|申请|诉求|来电|当事|债权|债务|借款|承包|自然)人"
    "|法定代表人|法人|被告人?|原告|死者|伤者|患者|网民|户主|业主|村民|居民|住户|租户|房东|学生|同学"
    "|家长|老板|股东|职工|员工|老人|党员|群众|邻居|本人|司机|车主|店主|(?:贫困|低保|养殖)户"
    "|其[子女妻夫父母弟兄妹姐]|妻子|丈夫|儿子|女儿|父亲|母亲|[哥弟]弟|哥哥|[姐妹]妹|姐姐"
    "|儿媳|女婿|孙[子女]"
    "|名叫|姓名|自称|曾用名|又名|反映(?!的)|关于)[ :为系是,(]{0,2}$"
)
_DOES: Final = re.compile(
    r"[ ,(]{0,2}(?:男|女|身份证|现年|今年\d|\d{2}岁|家住)|户(?!外|籍地|型)|一家|家庭|同志"
    r"|先生|女士|小姐|老人|夫妇|夫妻|等[\d一二三四五六七八九十]*[人户名位]|[两二三四]人|本人|之[子女妻父母夫]"
    r"|的?(?:妻子|丈夫|父亲|母亲|父母|儿子|女儿|孩子|房屋|住房|家里|车辆|户口|身份|姓名)"
    r"|的?(?:银行|账户|工资)"
    r"|所有|所欠|名下|反映|投诉|提出|诉?称|个人|出生|的诉求|签订|涉嫌|于\d{4}年"
)
_NO_PERSON: Final = re.compile(
    r"[\u3400-\u9fff]{0,2}?(?:路|街|大道|小区|花园|公园|苑|城|大厦|广场|公司|集团|酒店|宾馆|学校"
    r"|学院|小学|中学|大学|幼儿园|医院|诊所|村|镇|乡|桥|湖|社区|里|巷|站|国际|中心|超市|驾校|工程"
    r"|物流|新区|示范区|开发区|安置区|片区|组(?!长)|厂|物业|[纸置实商]业|派出所|墓|馆|冲|坳|塘|河"
    r"|线|岭|水库|森林|国家级)"
)
"""What follows the name of a place or firm."""
_INSTITUTION: Final = re.compile("[小中大]学|学[校院]|医院|社区|公司|银行")
_QUOTED: Final = frozenset("“”\"'《【「")
_PLACE_ENDS: Final = frozenset(PLACE_ENDINGS) | frozenset(
    "塘岭冲湾桥苑城路湖街坡庙村镇乡县市区河线厂率家"
)


@dataclass(frozen=True, slots=True)
class _Name:
    """One name with what its places in an answer tell.

    Attributes:
        often: It stands there more than once.
        asked: The request has it too.
        in_office: Whoever bears it acts in an office, or is whom to ask; of no interest if asked.
        known: Both signs of the given name are such that parents choose.
    """

    words: str
    often: bool
    asked: bool
    in_office: bool
    known: bool
    names_a_place: bool


def persons(reply: str, request: str, found: Iterable[Span]) -> Iterator[Span]:
    """Yield those of the names *found* in *reply* that are a requester's or a third person's."""
    plain, asked = simplified(reply), simplified(request)
    spans = [span for span in found if not _HIDDEN.search(span.of(plain))]
    if not spans:
        return
    cuts = {start: (word, tag) for start, word, tag in tagged(plain, guessing=False)}
    spans = [span for span in spans if _is_no_word(plain, span, cuts)]
    names = {words: _name(plain, asked, words) for words in {span.of(plain) for span in spans}}
    starts, ends = {span.start for span in spans}, {span.end for span in spans}
    for span in spans:
        name = names[span.of(plain)]
        listed = span.end + 1 in starts or span.start - 1 in ends
        if not name.in_office and _evidence(plain, span, name, listed=listed) >= ENOUGH:
            yield span


def _is_no_word(plain: str, span: Span, cuts: dict[int, tuple[str, str]]) -> bool:
    """Whether the dictionary sees no ordinary word in *span*, nor one that reaches beyond it."""
    if span.start not in cuts or (span.end not in cuts and span.end < len(plain)):
        return False
    words = [cuts[at] for at in range(span.start, span.end) if at in cuts]
    long = [word for word, tag in words if len(word) > 1 and not tag.startswith("nr")]
    surname = surname_length(span.of(plain))
    given = plain[span.start + surname : span.end]
    return surname > 0 and all(word == given and GIVEN.issuperset(word) for word in long)


def _name(plain: str, asked: str, words: str) -> _Name:
    here, there = _asides(plain, words), _asides(asked, words)
    given = words[surname_length(words) :]
    return _Name(
        words,
        often=len(here) > 1,
        asked=bool(there),
        in_office=not there and any(_in_office(*aside) for aside in here),
        known=len(words) == _FULL and GIVEN.issuperset(given),
        names_a_place=bool(_INSTITUTION.fullmatch(given))
        or any(_NO_PERSON.match(behind) for _, behind in [*here, *there]),
    )


def _in_office(before: str, behind: str) -> bool:
    """Whether who is named between *before* and *behind* acts in an office, or is whom to ask."""
    if _IN_OFFICE_BEFORE.search(before):
        return True
    return bool(_IN_OFFICE_BEHIND.match(behind)) and not _ROLE.search(before)


def _evidence(plain: str, span: Span, name: _Name, *, listed: bool) -> int:
    """Return how much speaks for a person at *span*; what tells of a place speaks against it."""
    before, behind = _aside(plain, span.start, span.end)
    told = bool(_ROLE.search(before)), bool(_DOES.match(behind))
    more = name.known, name.often, name.asked, listed
    against = name.names_a_place, name.words[-1] in _PLACE_ENDS
    return 2 * sum(told) + sum(more) - 2 * sum(against) - (before[-1:] in _QUOTED)


def _asides(text: str, words: str) -> list[tuple[str, str]]:
    """Return what stands before and behind each place of *words* in *text*; the first ones."""
    found = islice(re.finditer(re.escape(words), text), _MOST_PLACES)
    return [_aside(text, *one.span()) for one in found]


def _aside(text: str, start: int, end: int) -> tuple[str, str]:
    return text[max(0, start - _ASIDE) : start], text[end : end + _ASIDE]
