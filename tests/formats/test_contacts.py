"""Telephone numbers in the forms people write them, and what others may see of them."""

from __future__ import annotations

import pytest

from luoshi.formats import contacts


@pytest.mark.parametrize(
    ("written", "plain", "masked"),
    [
        ("13800138000", "13800138000", "138****8000"),
        ("+86 138-0013-8000", "13800138000", "138****8000"),
        ("0086 138 0013 8000", "13800138000", "138****8000"),
        ("１３８００１３８０００", "13800138000", "138****8000"),
        ("(0536) 8123456", "0536-8123456", "0536-****456"),
        ("0536-8123456转12", "0536-8123456-12", "0536-****456"),
        ("010-62345678", "010-62345678", "010-****678"),
        ("12345", "12345", "12345"),
        ("0536-12345", "053612345", "053612345"),
    ],
)
def test_a_number_is_understood_and_masked(written: str, plain: str, masked: str) -> None:
    assert contacts.phone(written) == plain
    assert contacts.masked_phone(plain) == masked
    assert contacts.is_mobile(plain) == plain.startswith("138")


@pytest.mark.parametrize(
    "written",
    ["", "1380013800", "12800138000", "138001380001", "8123456", "0536-1123456", "电话", "110"],
)
def test_what_nobody_could_dial_is_refused_without_repeating_it(written: str) -> None:
    with pytest.raises(contacts.PhoneInvalid) as refusal:
        contacts.phone(written)

    assert refusal.value.code == "phone.invalid"
    assert not written or written not in str(refusal.value)


def test_an_unknown_number_is_hidden_whole() -> None:
    assert contacts.masked_phone("abc") == "****"


@pytest.mark.parametrize(("name", "masked"), [("张三丰", "张**"), ("Ann", "A***"), (" ", "")])
def test_of_a_name_the_first_sign_stays(name: str, masked: str) -> None:
    assert contacts.masked_name(name) == masked


@pytest.mark.parametrize(
    ("plate", "masked"),
    [("鲁G·12345", "鲁G·****5"), ("鲁gA1234Z", "鲁G·****Z"), ("a cart", "****")],
)
def test_of_a_plate_the_place_and_the_last_sign_stay(plate: str, masked: str) -> None:
    assert contacts.masked_plate(plate) == masked
