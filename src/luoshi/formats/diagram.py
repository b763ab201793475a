"""Diagrams: the states of a programme and the steps between them, as Mermaid text.

Source   Mermaid ``stateDiagram-v2``, as GitHub and GitLab draw it
"""

from __future__ import annotations

from collections.abc import Iterator

from luoshi.kernel.limit import Labels
from luoshi.kernel.programme import SAME, Programme, Transition, label

OUT_OF_PLACE = str.maketrans(
    {":": "：", ";": "；", "\n": " ", '"': "'", "#": "＃", "<": "＜", "`": "'"}
)
"""Signs that mean something to Mermaid, and what is written instead."""


def mermaid(programme: Programme, language: str = "zh-Hans") -> str:
    """Return the diagram of *programme*, with its words in *language*."""
    return "\n".join(["stateDiagram-v2", *(f"    {line}" for line in _lines(programme, language))])


def _lines(programme: Programme, language: str) -> Iterator[str]:
    for state in programme.states.values():
        yield f'state "{_words(state.labels, language)}" as {state.name}'
    for step in programme.transitions.values():
        yield from _arrows(programme, step, language)
    for state in programme.states.values():
        if state.kind.is_end:
            yield f"{state.name} --> [*]"


def _arrows(programme: Programme, step: Transition, language: str) -> Iterator[str]:
    """Yield an arrow for each way of *step*; what leaves the state as it is stands in it."""
    words = _words(step.labels, language)
    for source in step.source_states:
        if step.opens:
            yield f"[*] --> {step.target}: {words}"
        elif step.target == SAME:
            yield f"{source}: {words}"
        else:
            for target in programme.targets_of(step, source):
                yield f"{source} --> {target}: {words}"


def _words(labels: Labels, language: str) -> str:
    return label(labels, language).translate(OUT_OF_PLACE)
