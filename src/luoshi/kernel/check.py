"""Check: is a programme sound?

What follows proves it, or says everything that is the matter. Two sorts of rules: those that
look at one thing at a time work on any programme; those that follow cases through the whole of it
need every name to exist, and run when the first find nothing wrong with names.

Terms    problem 问题 · sound 健全
Not here how a file is read, and on which line a problem stands (``formats.programmes``)
"""

from __future__ import annotations

from luoshi.kernel.checks import (
    conditions,
    fields,
    flow,
    ladders,
    limits,
    names,
    outward,
    provisions,
    running,
    suggesting,
    words,
)
from luoshi.kernel.checks.rule import Rule
from luoshi.kernel.errors import Problem
from luoshi.kernel.programme import Programme

EACH_THING: tuple[Rule, ...] = (
    *names.RULES,
    *words.RULES,
    *fields.RULES,
    *conditions.RULES,
    *limits.RULES,
    *outward.RULES,
    *provisions.RULES,
    *ladders.RULES,
    *suggesting.RULES,
)
"""Rules that look at one thing at a time."""

THE_WHOLE: tuple[Rule, ...] = (*flow.RULES, *running.RULES)
"""Rules that follow cases from start to end."""


def problems_in_parts(programme: Programme) -> tuple[Problem, ...]:
    """Return what is the matter with single things; *programme* may be incomplete."""
    return _found(programme, EACH_THING)


def problems_in_whole(programme: Programme) -> tuple[Problem, ...]:
    """Return what is the matter with the way of cases; every name in *programme* must exist."""
    if _found(programme, names.RULES):
        return ()
    return _found(programme, THE_WHOLE)


def _found(programme: Programme, rules: tuple[Rule, ...]) -> tuple[Problem, ...]:
    found = (problem for rule in rules for problem in rule(programme))
    return tuple(sorted(dict.fromkeys(found), key=lambda problem: (problem.path, problem.code)))
