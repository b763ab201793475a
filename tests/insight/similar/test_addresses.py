"""One house, however its address is written; and two houses that only look alike."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.insight.similar.addresses import address_key

ONE_HOUSE = (
    "幸福路12号", "幸福路十二号", "幸福路１２号", "幸福路12#", "幸福路 12 号", "東城區幸福路12號",
    "海州市东城区幸福路12号3单元501室", "幸福街道幸福路12号", "幸福路12号附近", "幸福路十二号对面",
)  # fmt: skip


@pytest.mark.parametrize("address", ONE_HOUSE)
def test_one_house_has_one_key(address: str) -> None:
    assert address_key(address)[0] == "幸福路12号"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("幸福路12弄3号501室", "幸福路十二弄三号"),
        ("幸福路与和平街交叉口", "和平街和幸福路路口"),
        ("人民路一百零五号", "人民路105号"),
        ("科技三路二十号", "高新区科技3路20号"),
        ("12 Elm Street", "12 ELM ST."),
        ("Corner of Elm Street and Oak Avenue", "Oak Ave & Elm St"),
        ("5 North Main Road", "5 N. Main Rd"),
    ],
)
def test_two_spellings_are_one_place(one: str, other: str) -> None:
    assert address_key(one)[0] == address_key(other)[0] != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("幸福路12号", "幸福路13号"),
        ("幸福路12号", "和平路12号"),
        ("幸福路12弄3号", "幸福路3号"),
        ("幸福路3-1号", "幸福路3号"),
        ("幸福小区12号楼", "幸福小区2号楼"),
        ("五号路12号", "五号路2号"),
        ("市场路12号", "市场路1号"),
        ("东城区东城区政府", "东城区"),
        ("12 Elm St", "12 Oak St"),
        ("12 Elm St", "21 Elm St"),
    ],
)
def test_two_houses_have_two_keys(one: str, other: str) -> None:
    assert address_key(one)[0] != address_key(other)[0]


@pytest.mark.parametrize(
    ("address", "district"),
    [
        ("东城区幸福路12号", "东城区"),
        ("海州市西城区幸福街道幸福路12号", "西城区"),
        ("平安县幸福路12号", "平安县"),
        ("幸福小区12号楼", ""),
        ("幸福路12号", ""),
    ],
)
def test_the_district_before_it_is_told(address: str, district: str) -> None:
    assert address_key(address)[1] == district


@pytest.mark.parametrize("address", ["", "  ", "？！", "23号", "学校", "路", "😀", "\ud800"])
def test_what_names_no_place_has_no_key(address: str) -> None:
    assert not re.sub(r"[^\w]", "", address_key(address)[0])


@given(st.text(alphabet="东城区县市镇路街道幸福12十二号弄和与-、 ab", max_size=60) | st.text())
def test_any_text_has_a_key_that_stays(address: str) -> None:
    key, district = address_key(address)
    assert (key, district) == address_key(address)
    assert len(key) <= 400
