"""The checks, each a question that a careful colleague would ask."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from luoshi.insight.reply import signs
from luoshi.insight.reply.hint import Hint, Severity
from luoshi.insight.reply.sentences import MOST_READ, Sentence, body, meaning, points, sentences
from luoshi.insight.text.folding import levelled
from luoshi.insight.text.language import detect_language

TOUCHED: Final = 0.15
"""A point counts as spoken to if this share of its words stands in the body of the answer …"""
ENOUGH: Final = 3
"""… or so many of them."""
ENOUGH_PAIRS: Final = 2
"""… or pairs of their signs as many as this, and the same share."""
MOST_UNANSWERED: Final = 3
"""Points that are hinted at: more would not be read."""
SHORT: Final = 20
"""Characters below which the body of an answer that passes a message on says nothing."""
MUTE: Final = 4
"""… and below which one that only greets says nothing."""
SAME: Final = 0.8
"""Share of common pieces from which two texts are nearly the same."""
COPIED: Final = 40
"""Characters from which an answer can be called a copy."""
PIECE: Final = 5
"""Characters of the pieces by which copies are told."""
MOST_OTHERS: Final = 2_000
"""Other answers compared with; the first ones."""
_CLAUSE: Final = re.compile(r"[，。；！？!?,;\n]|如下[:：]?|\s{2,}")
LONG: Final = 60
"""Characters from which an answer ought to end with a full stop."""


def emptiness(reply: str) -> Iterator[Hint]:
    """Nothing is said at all."""
    if not any(character.isalnum() for character in reply):
        yield _whole("reply.empty", reply, "must")


def passing_on(reply: str) -> Iterator[Hint]:
    """Does it say more than that the message arrived and went elsewhere?"""
    told = "".join(filter(_tells, _CLAUSE.split(reply[:MOST_READ])))
    least = SHORT if signs.FORWARDED.search(reply) else MUTE
    if sum(map(str.isalnum, told)) < least:
        yield _whole("reply.only_forwarded", reply, "check")


def unanswered(request: str, reply: str) -> Iterator[Hint]:
    """Does it speak to each point asked? What is told is about words, so it is a note."""
    answered = levelled("".join(sentence.text for sentence in body(reply)))
    silent = (point for point in points(request) if not _touched(point, answered))
    for point in islice(silent, MOST_UNANSWERED):
        yield Hint("reply.point_not_answered", point.text, point.span, "note", "request")


def _touched(point: Sentence, answered: str) -> bool:
    """Whether enough of the words of *point*, or of their pairs of signs, stand in the answer."""
    words = [word for word in meaning(point.text) if len(word) > 1]
    wanted = min(ENOUGH, max(1.0, TOUCHED * len(words)))
    pairs = {word[at : at + 2] for word in words for at in range(len(word) - 1)}
    alike = sum(pair in answered for pair in pairs) >= max(ENOUGH_PAIRS, TOUCHED * len(pairs))
    return not words or alike or sum(word in answered for word in words) >= wanted


def facts(reply: str) -> Iterator[Hint]:
    """Does it name what was done, by whom, when, and how to ask back? The signs are Chinese."""
    if detect_language(reply) == "en":
        return
    undated = signs.SIGNED.sub("", reply.strip())
    wanted: tuple[tuple[str, re.Pattern[str], str, Severity], ...] = (
        ("reply.no_action", signs.ACTION, reply, "check"),
        ("reply.no_unit", signs.UNIT, reply, "check"),
        ("reply.no_date", signs.DATE, undated, "note"),
        ("reply.no_contact", signs.CONTACT, reply, "note"),
    )
    for code, sign, text, severity in wanted:
        if not sign.search(levelled(text)):
            yield _whole(code, reply, severity)


def basis(reply: str) -> Iterator[Hint]:
    """If it says no: on which basis?"""
    if signs.BASIS.search(reply):
        return
    for sentence in body(reply):
        said = signs.QUOTED.sub("", sentence.text)
        if signs.REFUSED.search(said) and not signs.NOT_ASKED_FOR.search(said):
            yield _about("reply.no_basis", sentence, "check")
            return


def promises(reply: str) -> Iterator[Hint]:
    """Does what is promised have a day?"""
    for sentence in body(reply):
        text = signs.QUOTED.sub("", sentence.text)
        vague = signs.PROMISE.search(text) and signs.WILL.search(text)
        if vague and not signs.DATE.search(text):
            yield _about("reply.vague_promise", sentence, "note")


def manners(reply: str) -> Iterator[Hint]:
    """Is it polite?"""
    if not signs.GREETING.search(reply) and not signs.THANKS.search(reply):
        yield _whole("reply.no_courtesy", reply, "note")
    for sentence in sentences(reply):
        if signs.HARSH.search(signs.QUOTED.sub("", levelled(sentence.text))):
            yield _about("reply.harsh", sentence, "check")


def form(reply: str) -> Iterator[Hint]:
    """Is the template filled in, and the end there?"""
    for sentence in sentences(reply):
        if signs.UNFILLED.search(sentence.text):
            yield _about("reply.unfilled", sentence, "must")
    if LONG <= len(reply) <= MOST_READ and not signs.CLOSED.search(reply):
        last = list(sentences(reply))[-1]
        yield _about("reply.cut_off", last, "note")


def copies(request: str, reply: str, others: Sequence[str]) -> Iterator[Hint]:
    """Was it written for this case?"""
    own = pieces(reply)
    if len(reply.strip()) < COPIED or not own:
        return
    if _shared(own, pieces(request)) >= SAME:
        yield _whole("reply.repeats_request", reply, "check")
    best, at = max(
        ((_shared(own, pieces(other)), -n) for n, other in enumerate(others[:MOST_OTHERS])),
        default=(0.0, 0),
    )
    if best >= SAME:
        hint = _whole("reply.copy", reply, "check")
        yield Hint(hint.code, hint.sentence, hint.span, hint.severity, other=-at)


def pieces(text: str) -> frozenset[str]:
    """Every run of ``PIECE`` letters, signs and blanks left out."""
    letters = "".join(c for c in levelled(text[:MOST_READ]) if c.isalnum())
    return frozenset(letters[at : at + PIECE] for at in range(len(letters) - PIECE + 1))


def _shared(own: frozenset[str], other: frozenset[str]) -> float:
    return len(own & other) / len(own)


def _tells(clause: str) -> bool:
    """Whether a clause tells anything of the matter."""
    return not signs.TELLS_NOTHING.search(clause.strip())


def _whole(code: str, reply: str, severity: Severity) -> Hint:
    return Hint(code, "", (0, len(reply)), severity)


def _about(code: str, sentence: Sentence, severity: Severity) -> Hint:
    return Hint(code, sentence.text, sentence.span, severity)
