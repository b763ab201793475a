from __future__ import annotations

import pytest

from luoshi.actions.redacting import left_hidden

REPLY = "张伟已修好，如再熄灭请打 13800138000。"


@pytest.mark.parametrize(
    ("published", "chosen"),
    [
        ("〔姓名〕已修好，如再熄灭请打 〔电话〕。", "hidden"),
        ("已修好。", "hidden"),
        ("〔姓名〕已修好，如再熄灭请打 13800138000。", "shown"),
    ],
)
def test_it_is_told_whether_all_was_left_hidden_and_never_what(
    published: str, chosen: str
) -> None:
    (said,) = left_hidden("public_reply", REPLY, published)

    assert (said.kind, said.field, said.chosen) == ("redaction", "public_reply", chosen)
    assert said.value == "〔姓名〕〔电话〕"


def test_where_nothing_was_hidden_nothing_is_told() -> None:
    assert left_hidden("public_reply", "路灯已修好。", "路灯已修好。") == ()
