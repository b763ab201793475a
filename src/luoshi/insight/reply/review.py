"""All checks together, in the order in which a colleague would speak of them."""

from collections.abc import Sequence

from luoshi.insight.reply import checks
from luoshi.insight.reply.hint import Hint
from luoshi.insight.reply.leaks import leaks
from luoshi.insight.reply.sentences import MOST_READ


def hints(request: str, reply: str, others: Sequence[str] = ()) -> tuple[Hint, ...]:
    """What to look at before *reply* to *request* is sent.

    Args:
        request: What was asked: subject and details; 20 000 characters are read, as of the answer.
        reply: The answer as it would be sent.
        others: Recent answers to other cases, to notice a copy; at most 2 000 are read.

    Returns:
        Hints, those that matter most first. No hint does not mean that the answer is good.

    Example:
        >>> [hint.code for hint in hints("路灯何时修好？", "您好！留言已收悉")][:2]
        ['reply.only_forwarded', 'reply.no_action']
    """
    request, reply = request[:MOST_READ], reply[: MOST_READ + 1]
    empty = tuple(checks.emptiness(reply))
    if empty:
        return empty
    passed_on = tuple(checks.passing_on(reply))
    found = [
        *passed_on,
        *leaks(request, reply),
        *checks.form(reply),
        *(() if passed_on else checks.unanswered(request, reply)),
        *checks.facts(reply),
        *checks.basis(reply),
        *checks.manners(reply),
        *checks.copies(request, reply, others),
        *checks.promises(reply),
    ]
    weight = {"must": 0, "check": 1, "note": 2}
    return tuple(sorted(found, key=lambda hint: weight[hint.severity]))
