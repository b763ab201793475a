"""Answers: what people write into forms, checked and brought into one shape.

Everything from outside is hostile until it has passed here. The same checks stand behind the
screens, the API, the command line and the import. A value that passes is JSON and safe to store.

Terms    answer 填报值 · field 表单项
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from luoshi.kernel.credit_code import is_credit_code, plain_code
from luoshi.kernel.errors import FieldProblem
from luoshi.kernel.fact import Json, instant
from luoshi.kernel.programme import Choice, Field, FieldType

MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}(?:-\d{1,6})?")
SERVICE = re.compile(r"[48]00-?\d{3}-?\d{4}")
EMAIL = re.compile(r"[^@\s<>\"'(),;:\\]+@[^@\s<>\"'(),;:\\.]+(?:\.[^@\s<>\"'(),;:\\.]+)+")
UNSEEN = dict.fromkeys(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0xFEFF]
)
"""Marks that turn the direction of text around or hide: dropped, they only serve to deceive."""

MOST_EMAIL = 254
"""Characters of an address of mail (RFC 5321, 4.5.3.1)."""

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Years outside are slips of the pen."""

MOST_LON, MOST_LAT = 180, 90

MOST = {FieldType.LINE: 200, FieldType.NAME: 60, FieldType.ADDRESS: 300, FieldType.TEXT: 10_000}


class Wrong(Exception):
    """An answer that does not pass; ``code`` and ``data`` become a ``FieldProblem``."""

    def __init__(self, code: str, **data: object) -> None:
        self.code = code
        self.data = data
        super().__init__(code)


def checked(
    field: Field, raw: object, lists: Mapping[str, Mapping[str, Choice]], now: datetime
) -> Json:
    """Return the answer *raw* to *field* in its one shape; an empty answer gives ``None``.

    Raises:
        Wrong: The answer does not pass.
    """
    if raw is None or raw in ("", [], (), {}):
        return None
    return CHECKS[field.type](field, raw, lists.get(field.choices, {}), now)


def problem(field: Field, wrong: Wrong) -> FieldProblem:
    """Return *wrong* with the name of the field it belongs to."""
    return FieldProblem(field.name, wrong.code, wrong.data)


def missing(field: Field) -> FieldProblem:
    """Return that *field* was not answered; its type says how people are asked for it."""
    return FieldProblem(field.name, "field.missing", {"type": field.type.value})


def clean_text(raw: object) -> str:
    """Return *raw* as text in one form of letters, without invisible direction marks.

    Raises:
        Wrong: ``text.not_text``; ``text.control`` for NUL and other control characters or halves
            of characters (lone surrogates), which no honest keyboard produces.
    """
    if not isinstance(raw, str):
        raise Wrong("text.not_text")
    if raw.isprintable():  # nothing of what is looked for below is
        return unicodedata.normalize("NFC", raw).strip()
    text = raw.replace("\r\n", "\n").replace("\r", "\n").translate(UNSEEN)
    if not text.isascii() or not text.isprintable():
        text = unicodedata.normalize("NFC", text)
        if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text):
            raise Wrong("text.control")
    return text.strip()


def _text(field: Field, raw: object, _: Mapping[str, Choice], __: datetime) -> Json:
    text = clean_text(raw)
    if field.type is not FieldType.TEXT:
        text = " ".join(text.split())
    most = int(field.most or MOST[field.type])
    if len(text) > most:
        raise Wrong("text.too_long", most=most, length=len(text))
    if text and len(text) < (field.least or 0):
        raise Wrong("text.too_short", least=int(field.least or 0), length=len(text))
    if text and field.credit_code:
        text = plain_code(text)
        if not is_credit_code(text):
            raise Wrong("credit_code.invalid")
    return text or None


def _phone(_: Field, raw: object, __: Mapping[str, Choice], ___: datetime) -> Json:
    text = unicodedata.normalize("NFKC", clean_text(raw)).replace(" ", "")
    text = text.removeprefix("+86").removeprefix("0086")
    bare = text.replace("-", "")
    if bare.isascii() and MOBILE.fullmatch(bare):
        return bare
    if text.isascii() and (LANDLINE.fullmatch(text) or SERVICE.fullmatch(text)):
        return text
    raise Wrong("phone.invalid")


def _email(_: Field, raw: object, __: Mapping[str, Choice], ___: datetime) -> Json:
    text = clean_text(raw)
    if len(text) > MOST_EMAIL or not EMAIL.fullmatch(text):
        raise Wrong("email.invalid")
    return text


def _choice(_: Field, raw: object, choices: Mapping[str, Choice], __: datetime) -> Json:
    if not isinstance(raw, str) or raw not in choices:
        raise Wrong("choice.unknown", given=str(raw)[:60])
    return raw


def _choices(field: Field, raw: object, choices: Mapping[str, Choice], now: datetime) -> Json:
    given = raw if isinstance(raw, list | tuple) else [raw]
    if len(given) > (field.most or 50):
        raise Wrong("choice.too_many", most=int(field.most or 50))
    return list(dict.fromkeys(_choice(field, one, choices, now) for one in given))


YES = frozenset({"yes", "true", "1", "on", "是"})
NO = frozenset({"no", "false", "0", "off", "否"})


def _yes_no(_: Field, raw: object, __: Mapping[str, Choice], ___: datetime) -> Json:
    word = str(raw).strip().lower()
    if isinstance(raw, bool) or word in YES | NO:
        return word in YES
    raise Wrong("yes_no.invalid")


def _number(field: Field, raw: object, _: Mapping[str, Choice], __: datetime) -> Json:
    try:
        number = float(str(raw).strip())
    except ValueError:
        raise Wrong("number.invalid") from None
    if not math.isfinite(number):
        raise Wrong("number.invalid")
    least, most = field.least, field.most
    if (least is not None and number < least) or (most is not None and number > most):
        raise Wrong("number.range", least=least, most=most)
    return int(number) if number.is_integer() else number


def _date(field: Field, raw: object, _: Mapping[str, Choice], now: datetime) -> Json:
    try:
        day = date.fromisoformat(str(raw).strip())
    except ValueError:
        raise Wrong("date.invalid") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Wrong("date.invalid")
    if field.most == 0 and day > now.date():
        raise Wrong("date.future")
    first, last = days_between(field, now)
    if not first <= day <= last:
        raise Wrong("date.range", first=first.isoformat(), last=last.isoformat())
    return day.isoformat()


def days_between(field: Field, now: datetime) -> tuple[date, date]:
    """Return the first and the last day that a date *field* takes today."""
    first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    if field.least is not None:
        first = now.date() + timedelta(days=int(field.least))
    if field.most is not None:
        last = now.date() + timedelta(days=int(field.most))
    return first, last


def _moment(field: Field, raw: object, _: Mapping[str, Choice], now: datetime) -> Json:
    try:
        given = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw).strip())
    except ValueError:
        raise Wrong("date.invalid") from None
    aware = given if given.tzinfo else given.replace(tzinfo=now.tzinfo)
    if not FIRST_YEAR <= aware.year <= LAST_YEAR:
        raise Wrong("date.invalid")
    if field.most == 0 and aware > now:
        raise Wrong("date.future")
    return instant(aware)


def _point(_: Field, raw: object, __: Mapping[str, Choice], ___: datetime) -> Json:
    if not isinstance(raw, Mapping) or not {"lon", "lat"} <= set(raw):
        raise Wrong("point.invalid")
    try:
        lon, lat = float(str(raw["lon"])), float(str(raw["lat"]))
    except ValueError:
        raise Wrong("point.invalid") from None
    if not (abs(lon) <= MOST_LON and abs(lat) <= MOST_LAT):
        swapped = abs(lat) <= MOST_LON and abs(lon) <= MOST_LAT
        raise Wrong("point.order" if swapped else "point.invalid")
    return {"lon": round(lon, 7), "lat": round(lat, 7)}


def point_of(answer: Json) -> tuple[float, float] | None:
    """Return longitude and latitude of the *answer* to a point; ``None`` when it is none."""
    if not isinstance(answer, dict):
        return None
    lon, lat = answer.get("lon"), answer.get("lat")
    if not isinstance(lon, int | float) or not isinstance(lat, int | float):
        return None
    return float(lon), float(lat)


MOST_UNITS = 30
NAME_OF_THING = re.compile(r"[\w.\-]{1,80}")


def _reference(field: Field, raw: object, _: Mapping[str, Choice], __: datetime) -> Json:
    if not isinstance(raw, str) or not NAME_OF_THING.fullmatch(raw):
        raise Wrong(f"{field.type}.unknown", given=str(raw)[:60])
    return raw


def _references(field: Field, raw: object, _: Mapping[str, Choice], __: datetime) -> Json:
    given = raw if isinstance(raw, list | tuple) else [raw]
    if len(given) > (field.most or MOST_UNITS):
        raise Wrong("choice.too_many", most=int(field.most or MOST_UNITS))
    if not all(isinstance(one, str) and NAME_OF_THING.fullmatch(one) for one in given):
        raise Wrong("unit.unknown", given=str(raw)[:60])
    return list(dict.fromkeys(given))


def _files(field: Field, raw: object, _: Mapping[str, Choice], __: datetime) -> Json:
    given = raw if isinstance(raw, list | tuple) else [raw]
    if len(given) > (field.most or 9):
        raise Wrong("files.too_many", most=int(field.most or 9))
    if not all(isinstance(one, str) and NAME_OF_THING.fullmatch(one) for one in given):
        raise Wrong("files.unknown")
    return list(dict.fromkeys(given))


CHECKS: Mapping[FieldType, Callable[[Field, object, Mapping[str, Choice], datetime], Json]] = {
    FieldType.LINE: _text,
    FieldType.TEXT: _text,
    FieldType.NAME: _text,
    FieldType.ADDRESS: _text,
    FieldType.PHONE: _phone,
    FieldType.EMAIL: _email,
    FieldType.CODE: _choice,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choices,
    FieldType.YES_NO: _yes_no,
    FieldType.NUMBER: _number,
    FieldType.DATE: _date,
    FieldType.MOMENT: _moment,
    FieldType.POINT: _point,
    FieldType.UNIT: _reference,
    FieldType.UNITS: _references,
    FieldType.CASE: _reference,
    FieldType.AREA: _reference,
    FieldType.FILES: _files,
}
"""How each type of field is checked. Bounds of a date are days from today; 0 is today itself."""
