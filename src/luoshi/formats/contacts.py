"""Ways to reach a person: which numbers can be dialled, and what of them others may see.

Terms    mobile number 手机号 · landline 固定电话 · area code 区号 · masking 脱敏
Source   mobile numbers: 11 digits from 13 to 19; landlines: area code of 3 or 4 digits, 7 or 8
         digits that start with 2 to 9; hotline numbers: 12345 with an area code
Not here who may see a number unmasked (``kernel.access``)
"""

from __future__ import annotations

import re

from luoshi.kernel.errors import LuoshiError

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_AREA = r"(?:010|02[0-57-9]|0[3-9][0-9]{2})"
_LANDLINE = re.compile(rf"({_AREA})([2-9][0-9]{{6,7}})(?:[-x转]([0-9]{{1,6}}))?")
_HOTLINE = re.compile(rf"(?:{_AREA})?(?:123[0-9]{{2}})")
_SPACES = re.compile(r"[\s().（）·]|(?<=\d)[-–](?=\d{3,})")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９＋－", "0123456789+-")
_PLATE = re.compile(r"[\u4e00-\u9fff][A-Z]·?[A-Z0-9]{5,6}")


class PhoneInvalid(LuoshiError):
    """A telephone number that nobody could dial."""

    code = "phone.invalid"
    template = "this is no telephone number; write 11 digits, or a landline with its area code"

    def __init__(self) -> None:
        super().__init__()


def phone(value: str) -> str:
    """Return a telephone number in its plain form.

    A mobile number becomes 11 digits (+86 and 0086 are dropped); a landline becomes
    ``0536-8123456`` or ``0536-8123456-12`` with its extension; hotlines stay as they are.
    The number itself is personal and so never part of the error.

    Raises:
        PhoneInvalid: None of the three forms.
    """
    digits = re.sub(r"^(?:\+|00)86", "", _SPACES.sub("", value.translate(_FULL_WIDTH)))
    if _MOBILE.fullmatch(digits) or _HOTLINE.fullmatch(digits):
        return digits
    landline = _LANDLINE.fullmatch(digits)
    if landline is None:
        raise PhoneInvalid
    return "-".join(part for part in landline.groups() if part)


def is_mobile(value: str) -> bool:
    """Say whether a plain number is a mobile number, so that a text message can reach it."""
    return _MOBILE.fullmatch(value) is not None


def masked_phone(value: str) -> str:
    """Hide the middle of a plain number: ``138****5678``, ``0536-****456``."""
    if is_mobile(value):
        return f"{value[:3]}****{value[-4:]}"
    if _HOTLINE.fullmatch(value):
        return value
    area, _, rest = value.partition("-")
    number = rest.partition("-")[0]
    return f"{area}-****{number[-3:]}" if number else "****"


def masked_name(value: str) -> str:
    """Leave the first sign of a name: 张**, or the first letter of a Latin name."""
    stripped = value.strip()
    if not stripped:
        return ""
    return stripped[0] + ("**" if "\u4e00" <= stripped[0] <= "\u9fff" else "***")


def masked_plate(value: str) -> str:
    """Hide the middle of a number plate: 鲁G·****5; anything else is hidden whole."""
    plain = value.strip().upper()
    if not _PLATE.fullmatch(plain):
        return "****"
    return f"{plain[:2]}·****{plain[-1]}"
