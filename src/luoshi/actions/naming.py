"""Naming: what people call a key, a token or a subscription.

Terms    name 名称
"""

from __future__ import annotations

from luoshi.kernel.answers import Wrong, clean_text

MOST_NAME = 80


def named(raw: str) -> str:
    """Return *raw* as it is kept, on one line; nothing when it can be no name.

    Example:
        >>> named("  Town   app ")
        'Town app'
    """
    try:
        name = " ".join(clean_text(raw).split())
    except Wrong:
        return ""
    return name if len(name) <= MOST_NAME else ""
