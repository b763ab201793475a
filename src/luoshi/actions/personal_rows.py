"""Personal rows: personal answers as ``COPY`` takes them in PostgreSQL's binary format.

The pairs by which texts are found are a hundred numbers to a case; written as text they would cost
more than everything else.

Terms    pair 相邻二字
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from struct import Struct

import numpy as np
import numpy.typing as npt

from luoshi.actions.deciding import Made
from luoshi.kernel.programme import Programme
from luoshi.kernel.transition import Private
from luoshi.store.pairs import is_searched, pairs_of_many

START = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END = b"\xff\xff"
NULL = b"\xff\xff\xff\xff"

LENGTH = Struct(">i").pack
HEAD = Struct(">hi16sii").pack  # columns; key; step
COLUMNS = 6
ARRAY = Struct(">iiiiii").pack
"""Length in bytes, dimensions, whether one is null, the type (int4), how many, the first place."""

INT4 = 23
NUMBER = np.dtype([("length", ">i4"), ("number", ">i4")])

written = json.JSONEncoder(ensure_ascii=False).encode
"""Writes an answer as it is stored."""


def personal_rows(programme: Programme, made: Sequence[Made]) -> list[bytes]:
    """Return, for each of the cases *made*, the rows of its personal answers before the wall."""
    searched = {f.name for f in programme.fields.values() if is_searched(f)}
    near = [[one for one in each.decision.private if not one.walled] for each in made]
    texts = [str(one.value) for each in near for one in each if one.field in searched]
    pairs = iter(pairs_of_many(texts))
    names = {name: _sized(name.encode()) for name in programme.fields}
    rows = []
    for each, private in zip(made, near, strict=True):
        key = bytes.fromhex(each.case.id.replace("-", ""))
        head = HEAD(COLUMNS, 16, key, 4, 1)
        rows.append(
            b"".join(
                head
                + names[one.field]
                + _answer(one)
                + (_array(next(pairs)) if one.field in searched else NULL)
                for one in private
            )
        )
    return rows


def _answer(one: Private) -> bytes:
    return _sized(written(one.value).encode()) + _sized(one.salt)


def _sized(text: bytes) -> bytes:
    return LENGTH(len(text)) + text


def _array(numbers: npt.NDArray[np.int64]) -> bytes:
    if not len(numbers):
        return Struct(">iiii").pack(12, 0, 0, INT4)
    cells = np.empty(len(numbers), NUMBER)
    cells["length"], cells["number"] = 4, numbers
    return ARRAY(20 + 8 * len(numbers), 1, 0, INT4, len(numbers), 1) + cells.tobytes()
