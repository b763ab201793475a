"""Encodings: how the bytes of a table become lines of text, whoever wrote it and with what.

Bytes that are no text in the encoding of the file are kept as halves of characters: whoever checks
the cells refuses them there, and the rest of the file is read.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import IO

SAMPLE = 1_000_000
CHUNK = 10_000
MOST_LINE = 20_000_000
"""Characters between two ends of lines: more is no table, and would fill the memory."""

MOST_UNPACKED = 4_000_000_000
"""Bytes that a packed file may unpack to."""

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
HALVES = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Halves of characters that stand for no byte; a byte stands as U+DC80 to U+DCFF."""

RARE = 20
"""Text has fewer NUL bytes than one in so many, unless each sign takes two bytes."""


PAIR = re.compile(rb"[\x81-\xfe][\x30-\xfe]")
"""Two bytes that may be one sign."""

MOST_PAIRS = 10_000
LOW = 0x7F
"""Second bytes below it are those of ASCII."""

COMMON, SECOND = range(0xA1, 0xC7), range(0xA1, 0xFF)
MOSTLY, OFTEN = 0.85, 0.15
"""Least shares of common signs, and of second bytes below ``LOW``, in text in Big5."""


def sample_of(file: IO[bytes]) -> bytes:
    """Return the beginning of *file*, from which its encoding is recognised.

    A packed file that breaks off early has a beginning too.
    """
    sample = b""
    try:
        while len(sample) < SAMPLE and (part := file.read(CHUNK)):
            sample += part
    except EOFError:
        pass
    return sample


def encoding_of(sample: bytes) -> str:
    """Return the encoding of the text that begins with *sample*."""
    for mark, name in MARKS:
        if sample.startswith(mark):
            return name
    if sample.count(0) > len(sample) // RARE:
        return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    read, _ = codecs.utf_8_decode(sample, "replace")  # a sign cut off at the end is left
    damaged = read.count("\ufffd") - sample.count("\ufffd".encode())
    if not damaged:
        return "utf-8"
    good = sum(not sign.isascii() for sign in read) - damaged
    if damaged * 2 <= good:
        return "utf-8"
    return "cp950" if _is_big5(sample) else "gb18030"


def _is_big5(sample: bytes) -> bool:
    """Return whether *sample* is traditional Chinese of Taiwan, Hong Kong or Macao.

    Any pair of bytes is a sign in Big5 and in GB18030 alike, but not a likely one. The signs that
    everybody uses lie before C7 in Big5, half of them with a second byte below 80; in GB18030
    they reach to D7, with a second byte from A1 on. Traditional text in GB18030 has pairs that
    are none in Big5. Of files with ten messages none of 3,000 was taken for the other.
    """
    pairs = [found.group() for found in islice(PAIR.finditer(sample), MOST_PAIRS)]
    common = sum(pair[0] in COMMON and (pair[1] < LOW or pair[1] in SECOND) for pair in pairs)
    low = sum(pair[1] < LOW for pair in pairs)
    return bool(pairs) and common >= MOSTLY * len(pairs) and low >= OFTEN * len(pairs)


def lines_of(file: IO[bytes], encoding: str) -> Iterator[str]:
    """Yield the lines of *file*, with their ends.

    Raises:
        ValueError: A line, or the whole, is longer than any table.
    """
    errors = "surrogatepass" if encoding.startswith("utf-16") else "surrogateescape"
    read = 0
    with io.TextIOWrapper(file, encoding=encoding, errors=errors, newline="") as text:
        while line := text.readline(MOST_LINE):
            read += len(line)
            if len(line) == MOST_LINE or read > MOST_UNPACKED:
                raise ValueError("it is longer than any table")
            yield line


def bytes_kept(text: str) -> str:
    """Return *text* so that it can be written, and what was no text is none when read again."""
    return HALVES.sub("\udcff", text)
