"""Places that a matter names in its words: in its subject, and anywhere.

One form, filled in for two estates, is two matters although nearly every word is the same.
"""

import re
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

from luoshi.insight.similar.features import plain
from luoshi.insight.text.named_places import place_keys

Names = NDArray[np.uint32]

MOST: Final = 8
"""Names that are kept of one matter; one that names more is at no certain place."""
SUBJECT: Final = 60
"""Characters of the first line that are taken for its subject."""
READ: Final = 600
"""Characters that are read: the place is named at the beginning."""
_NO_NAME: Final = (
    "the|this|that|our|your|main|side|busy|back|high|ring|and|same|whole|other|one|each|every"
)
_ENGLISH = re.compile(
    rf"\b(?!(?:{_NO_NAME}) )([a-z]{{3,}}) (?:street|st|avenue|ave|road|rd|lane|drive|square)\b"
)


def named(text: str) -> tuple[Names, int]:
    """Return the places that *text* names, and how many of them its subject names.

    Returns:
        Hashed keys, those of the first line first, 0 where there are no more; nothing where
        they are more than ``MOST``.
    """
    words = plain(text[:READ])
    subject = words[: len(text.split("\n", 1)[0])][:SUBJECT]
    told, names = _keys(subject), np.zeros(MOST, np.uint32)
    keys = [*sorted(told), *sorted(_keys(words) - told)]
    if len(keys) > MOST:
        return names, 0
    names[: len(keys)] = keys
    return names, len(told)


def _keys(words: str) -> set[int]:
    return place_keys(words) | {zlib.crc32(name.encode()) for name in _ENGLISH.findall(words)}
