"""Personal data in messages: how much of it is found, and how much else is hidden with it.

    python -m bench.insight personal

*Found* is counted on the invented messages of ``tests/insight/triage/personal_fresh.txt``, written
after the rules (its head says how); *hidden* on real messages, where nobody has marked anything:
it only tells how much of ordinary text a reader would find covered.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.insight.triage.marked import lines, unmarked

from bench.goal import Goal
from bench.insight_triage import messages
from luoshi.insight.triage.personal import personal_spans
from luoshi.insight.triage.span import Span

FRESH = "personal_fresh.txt"
ORDINARY = "impersonal.txt"


def goals() -> Iterator[Goal]:
    """The goals that need no real data."""
    found, wanted = counted(FRESH)
    note = f"{sum(found.values())} of {sum(wanted.values())} marked, invented messages"
    share = sum(found.values()) / sum(wanted.values())
    yield Goal("personal data: recall", share, 0.98, note=note)
    for kind, of in sorted(wanted.items()):
        yield Goal(
            f"personal data: recall, {kind}", found[kind] / of, note=f"{found[kind]} of {of}"
        )
    whole = [line for line in lines(ORDINARY) if not personal_spans(line)]
    left = (
        f"{len(whole)} of {len(lines(ORDINARY))} messages with nothing personal left as they are"
    )
    yield Goal("personal data: left alone", len(whole) / len(lines(ORDINARY)), 1.0, note=left)


def counted(name: str) -> tuple[Counter[str], Counter[str]]:
    """Return how many data of each kind are wholly covered, and how many are marked."""
    found, wanted = Counter[str](), Counter[str]()
    for line in lines(name):
        text, marked = unmarked(line)
        hidden = {at for span in personal_spans(text) for at in range(span.start, span.end)}
        for span in marked:
            wanted[span.kind] += 1
            found[span.kind] += is_covered(text, span, hidden)
    return found, wanted


def is_covered(text: str, span: Span, hidden: set[int]) -> bool:
    """Whether nothing but blanks of *span* is left to read."""
    return all(at in hidden or text[at] == " " for at in range(span.start, span.end))


def of_real(data: Path) -> Iterator[Goal]:
    """How much of ordinary messages is marked, and what one message takes."""
    texts = [f"{subject}\n{details}" for subject, details in messages(data / "messages")]
    began = time.process_time()
    spans = [personal_spans(text) for text in texts]
    took = (time.process_time() - began) / len(texts) * 1000
    kinds = Counter(span.kind for each in spans for span in each)
    some = sum(bool(each) for each in spans) / len(texts)
    signs = sum(span.end - span.start for each in spans for span in each) / sum(map(len, texts))
    note = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
    yield Goal("personal data: real messages with a mark", some, note=note)
    yield Goal("personal data: share of the characters", signs, note=f"{len(texts)} real messages")
    yield Goal("personal data: one message, ms", took, 10, at_least=False)
