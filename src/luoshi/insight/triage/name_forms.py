"""What a Chinese name looks like: surname, given name, and what can follow it.

Terms    surname 姓 · compound surname 复姓 · given name 名
"""

import re
from typing import Final

from luoshi.insight.triage.surnames import (
    COMPOUND_SURNAMES,
    NEVER_IN_A_NAME,
    NOT_GIVEN,
    NOT_NAMES,
    RARELY_IN_A_NAME,
    SURNAMES,
)

HAN: Final = r"[\u3400-\u9fff]"
GO_ON: Final = (
    r"家住|现住|住在|住|系|是|今年|现年|现在|现|在|来自|男|女|性别|电话|手机|电联|联系"
    r"|身份证|身份|身高|因|想|要|有|我|对|于|从|自|退休|属|籍贯|毕业|已|曾|的|了|向|把|被|给|和"
    r"|与|及|跟|为|出生|生于|原|户籍|户口|也|就|同志|先生|女士|老师|等|反映|反应|投诉|举报|咨询"
    r"|请|未|没|一家|一直|作为"
    r"|由|先后|年龄|岁|不|说|称|常年|长期|本|以|到|去|所|之|名下|单位|地址|车牌|拒|跑|欠|打|都"
    r"|均|还|却|联名"
)
"""What a text goes on with behind a name."""

RUN: Final = re.compile(rf"{HAN}+")


def surname_length(words: str) -> int:
    """Return how many signs of *words* are a surname: 0, 1 or 2."""
    if words[:2] in COMPOUND_SURNAMES:
        return 2
    return 1 if words[:1] in SURNAMES else 0


def is_name(words: str) -> bool:
    """Whether *words* can be a whole name that is no ordinary word."""
    surname = surname_length(words)
    given = words[surname:]
    return (
        surname > 0
        and 1 <= len(given) <= 2  # noqa: PLR2004 - given names have one sign or two
        and is_given(given)
        and given not in NOT_GIVEN
        and not words.startswith(NOT_NAMES)
    )


def is_given(words: str) -> bool:
    """Whether *words* can be a given name."""
    return RUN.fullmatch(words) is not None and not (
        NEVER_IN_A_NAME.union(RARELY_IN_A_NAME).intersection(words)
    )
