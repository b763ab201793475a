"""Redacting: what a person made of words that were hidden before something is published.

Terms    redaction 脱敏 · publication officer 公开审核员
"""

from __future__ import annotations

from luoshi.actions import clock
from luoshi.actions.suggested import Suggested
from luoshi.insight.triage.personal import hidden_in


def left_hidden(field: str, source: str, published: str) -> tuple[Suggested, ...]:
    """Return what was hidden in *source*, and whether all of it is hidden in *published*.

    Args:
        field: The field of the public words.
        source: The words that were proposed, before anything in them was hidden.
        published: What the person made of them.

    Returns:
        Nothing where there was nothing to hide; never a word of what was hidden.
    """
    hidden = hidden_in(source)
    if not hidden:
        return ()
    kinds = "".join(dict.fromkeys(one.stand_in for one in hidden))
    is_shown = any(one.words in published for one in hidden)
    chosen = "shown" if is_shown else "hidden"
    return (Suggested("redaction", field, kinds, clock.now(), chosen=chosen),)
