"""Language of a text: Chinese in both scripts, English, and honest doubt."""

import pytest

from luoshi.insight.text.folding import folded, levelled, simplified
from luoshi.insight.text.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param("楼下烧烤店油烟太大，晚上睡不着", "zh-Hans", id="simplified"),
        pytest.param("樓下燒烤店油煙太大，晚上睡不著", "zh-Hant", id="traditional"),
        pytest.param("There is a water leak near the bus station", "en", id="english"),
        pytest.param("下水道堵了 please help", "zh-Hans", id="chinese with english words"),
        pytest.param("道路が壊れています", "und", id="japanese"),
        pytest.param("Il y a une fuite d'eau dans la rue", "und", id="french"),
        pytest.param("", "zxx", id="empty"),
        pytest.param("😀🚧🔥", "zxx", id="emoji only"),
        pytest.param("12345 !!", "zxx", id="digits only"),
        pytest.param("水", "zh-Hans", id="one character"),
    ],
)
def test_the_language_is_told(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("text", ["ＡＢＣ１２３　ﬁ㎡½Ⅳ", "電話號碼①②", "İßΣ\u200b\t\n", "😀𝟙"])
def test_folding_moves_no_character(text: str) -> None:
    assert len(folded(text)) == len(simplified(text)) == len(levelled(text)) == len(text)


def test_levelled_text_reads_alike() -> None:
    assert levelled("ＷＩＦＩ壞了，電話①") == "wifi坏了,电话1"
