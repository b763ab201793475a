"""Leaks: does an answer give away personal data of the requester or of a third person?

What an office has too (telephone, address, mail, account) is none where the sentence speaks of
an office; the door of a shop is none, nor a number of dwellings; a house in a street is one only
where somebody is said to live there. For names see ``persons``.
"""

import re
from collections.abc import Iterator
from typing import Final

from luoshi.insight.reply import signs
from luoshi.insight.reply.hint import Hint, Severity
from luoshi.insight.reply.persons import persons
from luoshi.insight.reply.sentences import MOST_READ, Sentence, sentences
from luoshi.insight.text.folding import levelled
from luoshi.insight.triage.personal import personal_spans
from luoshi.insight.triage.span import Span

OF_OFFICES: Final = frozenset({"phone", "email", "address", "account"})
"""Kinds of personal data that an office has too."""
LEAST_OF_A_CARD: Final = 6
"""Signs below which nothing is the number of an identity card."""
_ASIDE: Final = 12
"""Signs before and behind an address that say whose it is."""

_DWELLING: Final = re.compile(r"[室房户]|\d-\d{1,2}-\d{3,4}|[栋幢座#号楼单元]\D{0,3}\d{3,4}")
_NO_DWELLING: Final = re.compile(r"地下室|[栋幢]\d{1,4}户$")
_LIVES: Final = re.compile("住|户籍|住址|家在")
_LIVES_RIGHT_THERE: Final = re.compile(r"(?:家?住(?:在|址)?|户籍|家在)[:：]?$")
_OF_SOMEBODY: Final = re.compile(
    "(?:住户|业主|户主|租户|房东|居民|村民|邻居|死者|伤者|患者|家长|本人|其[子女妻夫父母]"
    "|(?:信访|上访|来信|投诉|举报|反映|申请|诉求|来电|当事)人)[^，。；,;请可拨联咨局中站院司会]{0,8}$"
)
"""Whose telephone or door stands behind it, though the sentence speaks of a telephone."""
_OF_A_FIRM: Final = re.compile(
    "商铺|门面|门店|店铺|商场|商业|广场|大厦|窗口|办公|办事|大厅|政府|机关|公司|银行|支队|大队|委员会|中心|快递|旅馆|酒店"
)
_CLAUSE: Final = re.compile("[，。；、,;]")
_PUBLIC: Final = re.compile("编号|公众|官方|官网|决定书?|报告|文号")


def leaks(request: str, reply: str) -> Iterator[Hint]:
    """Yield a hint for each sentence of *reply* that gives something away."""
    read = reply[:MOST_READ]
    found = personal_spans(read)
    named = set(persons(read, request, (span for span in found if span.kind == "name")))
    for sentence in sentences(read):
        within = [span for span in found if sentence.start <= span.start < sentence.end]
        kinds = {span.kind for span in within if span in named or _given(span, sentence, read)}
        if kinds:
            severity: Severity = "check" if kinds == {"name"} else "must"
            yield Hint("reply.personal", sentence.text, sentence.span, severity)


def _given(span: Span, sentence: Sentence, reply: str) -> bool:
    """Whether *span*, which is no name, gives somebody away."""
    words = levelled(span.of(reply))
    if span.kind == "name":
        return False
    if span.kind == "id_number":
        return len(words) >= LEAST_OF_A_CARD
    if span.kind not in OF_OFFICES:
        return True
    ahead = reply[sentence.start : span.start]
    if _OF_SOMEBODY.search(ahead) or (span.kind == "address" and _LIVES_RIGHT_THERE.search(ahead)):
        return True
    if signs.OFFICE.search(sentence.text) or signs.LANDLINE.search(words):
        return False
    if span.kind == "address":
        before = reply[max(sentence.start, span.start - _ASIDE) : span.start]
        return _is_home(before, words, reply[span.end : span.end + _ASIDE])
    return not _PUBLIC.search(sentence.text)


def _is_home(before: str, address: str, behind: str) -> bool:
    """Whether somebody lives at *address*, and no firm or office has it."""
    beside = _CLAUSE.split(before)[-1] + " " + _CLAUSE.split(behind)[0]
    if _NO_DWELLING.search(address) or _OF_A_FIRM.search(beside):
        return False
    return bool(_DWELLING.search(address) or _LIVES.search(before))
