"""Names that nobody announces: told by their form, by what stands beside them, or by a list.

Terms    surname 姓 · given name 名 · transliterated name 音译姓名
Units    patterns are applied to ``folded`` text, which keeps every position
"""

import re
from collections.abc import Iterator
from typing import Final

from luoshi.insight.text.words import tagged
from luoshi.insight.triage.doubts import KINDS, is_called_so, is_doubtful
from luoshi.insight.triage.name_forms import GO_ON, HAN, is_given, is_name, surname_length
from luoshi.insight.triage.span import Span
from luoshi.insight.triage.surnames import (
    COMPOUND_SURNAMES,
    FOREIGN,
    GIVEN,
    GIVEN_ALONE,
    KINSHIP_ENDINGS,
    NOT_FOREIGN,
    PERSON_ENDINGS,
    PLACE_ENDINGS,
    SURNAMES,
)

_FULL: Final = 3
"""Signs of a full name that needs nobody to announce it; shorter ones are ordinary words."""

_ALONE = rf"(?P<name>{HAN}{{2,4}})"
_DOTTED = re.compile(
    rf"(?P<name>[{FOREIGN}不]{{1,10}}(?:[·•・.][{FOREIGN}不]{{1,10}}){{1,3}})"
    rf"|(?:我叫|本人|姓名|名叫|叫|我是|业主|患者|学生|村民|店主)[:是为 ]{{0,2}}"
    rf"(?P<told>{HAN}{{1,8}}(?:[·•・]{HAN}{{1,8}}){{1,3}}?)(?={GO_ON}|(?!{HAN}|[·•・]))"
)
_LATIN = re.compile(
    r"(?:[Mm]y name is|[Nn]ame ?:|I am(?: called)?|I'm|[Tt]his is|[Cc]ontact|我叫|英文名"
    r"|Mr\.?|Mrs\.?|Ms\.?)"
    r"[: ]{0,2}(?P<name>[A-Z][a-z]{1,20}(?:[ -][A-Z][a-z]{1,20}){0,3})"
)
_BESIDE_SOMETHING = (
    re.compile(
        rf"(?<!{HAN}){_ALONE}(?=[ :,、(\[【】/|]{{0,3}}(?:联系)?(?:手机号?码?|电话|方式|座机"
        rf"|[Tt]el)?"
        r"[:是 ]{0,3}(?:\+?86[ -]?)?(?:1[3-9][\d -]{4}|0\d{2,3}[- ]?\d{3}))"
    ),
    re.compile(rf"(?<=\d{{4}})[ ,、()\[/|:]{{0,3}}{_ALONE}(?!{HAN})"),
    re.compile(
        rf"(?<=[。!?;,~…\s]){_ALONE}[ ]{{0,3}}"
        r"(?:敬上|敬启|谨上|上|叩首|拜上|顿首|呈|谨呈|留)?[ ]{0,3}"
        r"(?:\d{2,4}[年./-]\d{1,2}[月./-]\d{1,2}日?[ ]?|\d{1,2}月\d{1,2}日)?[。.]?$"
    ),
    re.compile(rf"(?<!{HAN}){_ALONE}(?=[ ]{{0,2}}(?:敬上|敬启|谨上|叩首|拜上|顿首|谨呈|泣血))"),
    re.compile(
        rf"(?<!{HAN}){_ALONE}(?=[ ,、(]{{1,2}}(?:男|女|身份证|今年|现年|生于|\d{{2}}周?岁"
        rf"|[汉满蒙回藏壮]族)"
        r")"
    ),
    re.compile(rf"^[ ]{{0,2}}{_ALONE}[ ]{{0,2}}[。.]?$"),
)
"""A name alone: before a telephone or after one, as the signature, before sex, age or a card."""

_LISTED = re.compile(
    rf"(?:[、和与及]{HAN}{{2,4}}?(?=[、和与及等]|[一二两三四五六七八九十]+[人户家位名兄姐]"
    rf"|(?!{HAN})))+"
)
_BETWEEN_NAMES = re.compile("[、和与及]")

_FOREIGN = re.compile(rf"[{FOREIGN}]{{4,12}}")
_SHORT_FOREIGN = re.compile(
    r"(?:我叫|丈夫叫|妻子叫|叫做?|我是|本人|名叫|姓名|学生|同学|患者|业主|村民|老人)"
    rf"[:是为 ]{{0,2}}(?P<name>[{FOREIGN}]{{2,12}})"
)

_LEFT = re.compile(
    r"(?:^|[^\u3400-\u9fff0-9A-Za-z]|由|夹到|交给|转给|借到|受|替|听说是|把|拍到|改成|的|不是我|投诉|举报|控告|反映|联系|感谢|叫|被|找"
    r"|跟|对|让|请|给|向|因|是|有个|而|但|就是|还有|其中)$"
)
_DOES = re.compile(
    r"(?:遗失|争|那|这|到|跟|从|昨|今|前天|去世|走|失|多|归|吃|上|开|扔|后|借|修|批|知|委托|你|现金|上门|帮|了|问|调|推|往|欠|打|骂|关|挖|卖|逃|没|有|用|接|留|敲|赌|偷|摔|受|领|交|买|退|辞|拉|停|开|放|养|扔|吵"
    r"|闹"
    r"|装|改|建|盖|搭|倒|烧|砍|挪|伪|冒|代|签|隐|推|撞|超|闯|逆|酒|醉|失|现|同意|参|组织|带|提"
    r"|出|来|去|回"
    r"|上门|登记|天天|每天|很|真|故意|擅自|当|做|兼|等|反|举|投|实名|拖|拒|骗|威胁|私|收|说|称"
    r"|在|把|将|让|强|不|已|要|答应|承诺|系|是|为|家|拿|跑|曾|未"
    r"|也|都|却|又|一直|多次|长期|违|占|侵|住|负责|态度|名下|所|于|经常|本人|等人|等户|等\d"
    r"|两人|二人"
    r"|的(?:手机|电话|身份|家|妈|爸|父|母|儿|女|孩|车|老|房|地|工资|户口|名)|$"
    r"|[^\u3400-\u9fff0-9A-Za-z])"
)


_PLACES: Final = frozenset(
    "塘岭冲湾桥苑城路湖街坡庙阁巷洲堆村坪寺园屯镇乡县市区坝店楼厦府校厂馆站局"
)
_SURNAME = re.compile(rf"[{''.join(SURNAMES)}{''.join(name[0] for name in COMPOUND_SURNAMES)}]")
_SURNAME_BEHIND_A_ROLE = re.compile(
    rf"(?<={HAN}[员人民])[{''.join(SURNAMES)}{''.join(name[0] for name in COMPOUND_SURNAMES)}]"
)
_NO_PERSON = re.compile(
    rf"{HAN}{{0,2}}?(?:{KINDS}|路|街|道|苑|府|城|桥|湖|园|庭|湾|郡|里|巷|站|期|时代|国际|世纪|中心|药"
    r"|驾校|工程|物流|车)"
)
"""What follows the name of a place or firm."""
_BEFORE_NAMES: Final = frozenset(
    (
        *(
            "自称",
            "姓",
            "由",
            "对门",
            "楼上",
            "楼下",
            "隔壁",
            "中介",
            "陪护",
            "甲方",
            "乙方",
            "丙方",
        ),
        *(
            "出纳",
            "同事",
            "老师傅",
            "朋友",
            "城管",
            "监理",
            "主席",
            "大夫",
            "家委会",
            "窗口",
            "社区",
            "群里",
            "物业",
            "公证处",
            "村医",
        ),
    )
)
_BETWEEN: Final = frozenset(" :是叫为系(、")


def alone(plain: str) -> Iterator[Span]:
    """Yield the names in *plain* that need no announcement."""
    for found in _DOTTED.finditer(plain):
        yield Span(*found.span("name" if found["name"] else "told"), "name")
    for found in _LATIN.finditer(plain):
        yield Span(*found.span("name"), "name")
    for found in _SHORT_FOREIGN.finditer(plain):
        if not found["name"].startswith(NOT_FOREIGN):
            yield Span(*found.span("name"), "name")
    yield from _foreign(plain)
    yield from (one for one in _behind_a_role(plain) if not is_called_so(plain, one))
    for way in (_beside_something, _listed, _segmented, _chosen):
        yield from (one for one in way(plain) if not is_doubtful(plain, one))


def _beside_something(plain: str) -> Iterator[Span]:
    for pattern in _BESIDE_SOMETHING:
        for found in pattern.finditer(plain):
            if is_name(found["name"]):
                yield Span(*found.span("name"), "name")


def _chosen(plain: str) -> Iterator[Span]:
    """Yield what parents would choose for a name, and no place is called (涂秀英, 彭涛)."""
    words = list(tagged(plain, guessing=False))
    for at, (start, word, tag) in enumerate(words):
        surname = surname_length(word)
        if surname and surname == len(word):
            given = _given_from(words[at + 1 : at + 3], is_surname=tag == "nr" or surname > 1)
        elif tag[:2] == "nr" and surname and len(word) <= surname + 2:
            given = _lengthened(word[surname:], words[at + 1 : at + 2])
        else:
            continue
        if _is_chosen(plain, start, surname, given):
            yield Span(start, start + surname + len(given), "name")


def _lengthened(given: str, after: list[tuple[int, str, str]]) -> str:
    """Return *given* with the next word, if both are one sign that parents choose (张家|豪)."""
    longer = given + (after[0][1] if after else "")
    whole = len(given) == 1 and len(longer) == 2  # noqa: PLR2004 - signs of a given name
    return longer if whole and GIVEN.issuperset(longer) else given


def _given_from(words: list[tuple[int, str, str]], *, is_surname: bool) -> str:
    """Return the given name that *words* begin with: two signs if they can be one, else one."""
    for count in (2, 1):
        given = "".join(word for _, word, _ in words[:count])
        verb = any(len(word) > 1 and tag[:1] in "vdpcru" for _, word, tag in words[:count])
        known = len(given) == 2 and GIVEN.issuperset(given)  # noqa: PLR2004 - signs
        if known and (is_surname or not verb):
            return given
    first = words[0][1] if words else ""
    return first if first in GIVEN_ALONE else ""


def _is_chosen(plain: str, start: int, surname: int, given: str) -> bool:
    end = start + surname + len(given)
    known = GIVEN.issuperset(given) if len(given) > 1 else given in GIVEN_ALONE
    return (
        bool(given)
        and known
        and is_name(plain[start:end])
        and plain[end - 1] not in _PLACES
        and (_NO_PERSON.match(plain, end) is None or _DOES.match(plain, end) is not None)
    )


def _foreign(plain: str) -> Iterator[Span]:
    for found in _FOREIGN.finditer(plain):
        if not any(word in found.group() for word in NOT_FOREIGN):
            yield Span(*found.span(), "name")


def _listed(plain: str) -> Iterator[Span]:
    """Yield names in a list most of whose parts look like names (甲、乙、丙)."""
    for found in _LISTED.finditer(plain):
        start = found.start()
        before = next((n for n in (3, 2) if is_name(plain[max(0, start - n) : start])), 0)
        items = _BETWEEN_NAMES.split(found.group())[1:]
        whole = sum(map(is_name, items)) + (before > 0)
        if whole > 1 and 2 * whole > len(items):
            yield from [Span(start - before, start, "name")] * (before > 0)
            for item in items:
                if item:  # 、及 are two signs between names
                    yield Span(start + 1, start + 1 + len(item), "name")
                start += 1 + len(item)


def _segmented(plain: str) -> Iterator[Span]:
    """Yield what the segmenter takes for a name: full ones, and any where a person must stand."""
    before, person = "", False
    for start, word, tag in tagged(plain):
        if word in " :是叫系(":
            continue
        pair = before + word if before in SURNAMES or before in COMPOUND_SURNAMES else ""
        if tells_a_person(before) and plain[start - 1] == ":" and is_name(word):
            yield Span(start, start + len(word), "name")
        elif pair and is_name(pair) and (person or _stands(plain, start - len(before), pair)):
            yield Span(start - len(before), start + len(word), "name")
        elif _looks_like_a_name(plain, start, word, tag, before):
            yield Span(start, start + len(word), "name")
        elif _goes_on(plain, start, before, word):
            yield Span(start - len(before), start + len(word), "name")
        before, person = word, tells_a_person(before) or (person and word == "、")


def _goes_on(plain: str, start: int, before: str, word: str) -> bool:
    """Whether *word* is the third sign of a name that the segmenter cut short (徐福|军)."""
    whole = before + word
    return (
        len(before) == 2 and len(word) == 1 and is_name(whole)  # noqa: PLR2004 - surname and a sign
        and _stands(plain, start - 2, whole)
    )  # fmt: skip


def _stands(plain: str, start: int, words: str) -> bool:
    """Whether *words* at *start* stand where somebody acts or is acted upon."""
    return (
        _LEFT.search(plain, max(0, start - 3), start) is not None
        and _DOES.match(plain, start + len(words)) is not None
    )


def _behind_a_role(plain: str) -> Iterator[Span]:
    """Yield the name behind a word for a person, whatever the segmenter made of it."""
    words = list(tagged(plain))
    bounds = {start for start, _, _ in words} | {len(plain)}
    for at, (_, word, _) in enumerate(words):
        if not (tells_a_person(word) or word in _BEFORE_NAMES):
            continue
        after = at + 1
        while after < len(words) and words[after][1] in _BETWEEN:
            after += 1
        if after < len(words):
            start, first, tag = words[after]
            is_person = tag[:2] == "nr" and len(first) > 1
            length = _length_at(plain, start, bounds, is_person=is_person)
            yield from [Span(start, start + length, "name")] * (length > 0)
    for found in _SURNAME_BEHIND_A_ROLE.finditer(plain):
        start = found.start()
        length = _length_at(plain, start, bounds, is_person=True)
        given = plain[start + surname_length(plain[start : start + 2]) : start + length]
        if length and (GIVEN if len(given) > 1 else GIVEN_ALONE).issuperset(given):
            yield Span(start, start + length, "name")


def _length_at(plain: str, start: int, bounds: set[int], *, is_person: bool) -> int:
    """Return the length of the name at *start*, behind a word for a person; 0 if there is none.

    A full name must end where a word ends or somebody does something; a short one besides must be
    taken for a person by the segmenter.
    """
    surname = surname_length(plain[start : start + 2])
    for length in (surname + 2, surname + 1):
        end = start + length
        ended = end in bounds or _DOES.match(plain, end) is not None
        sure = length > surname + 1 or is_person or _DOES.match(plain, end) is not None
        if surname and ended and sure and is_name(plain[start:end]):
            return length
    return 0


def tells_a_person(word: str) -> bool:
    """Whether *word* is one for a person: a trade, an office, a relation."""
    return word in {"同学", "楼上", "楼下", "隔壁", "对门", "对面", "中介"} or (
        word[-1:] in PERSON_ENDINGS and (len(word) > 1 or word in {"人", "户", "员"})
    )


def _looks_like_a_name(plain: str, start: int, word: str, tag: str, before: str) -> bool:
    if not tag.startswith("nr") or plain[start - 1 : start].isdigit():
        return False
    if not tells_a_person(before):
        full = len(word) == _FULL and word[-1] not in PLACE_ENDINGS
        return is_name(word) and (full or _stands(plain, start, word))
    of_kin = before[-1] in KINSHIP_ENDINGS and len(word) in {3, 4}
    return is_name(word) or (of_kin and is_given(word))
