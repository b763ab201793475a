"""Matters merged by a person, in one step, and taken apart again (合并、撤销合并).

A merge is a decision with its own key. Undoing takes exactly that decision back, whatever was
decided since; every requester keeps a case of their own, so nothing is lost either way.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Merge:
    """A person decided that *members* are the matter *master*.

    Attributes:
        id: Key of the decision.
        master: The case that is carried on (主件).
        members: The cases that follow it (重复件).
    """

    id: str
    master: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Undo:
    """A person took the decision *merge* back."""

    merge: str


class Clusters:
    """The grouping that follows from decisions in the order they were made.

    Example:
        >>> together = Clusters([Merge("m1", "1", ("2", "3")), Merge("m2", "4", ("1",))])
        >>> together.members("3")
        ('1', '2', '3', '4')
        >>> Clusters([*together.decisions, Undo("m2")]).members("3")
        ('1', '2', '3')
    """

    def __init__(self, decisions: Iterable[Merge | Undo]) -> None:
        self.decisions = tuple(decisions)
        undone = {each.merge for each in self.decisions if isinstance(each, Undo)}
        standing = [
            each for each in self.decisions if isinstance(each, Merge) and each.id not in undone
        ]
        self._above: dict[str, str] = {}
        for merge in standing:
            for member in merge.members:
                self._join(merge.master, member)
        self._below: dict[str, list[str]] = {}
        for key in self._above:
            self._below.setdefault(self.master(key), []).append(key)

    def master(self, key: str) -> str:
        """The case that *key* follows; itself when it stands alone."""
        above = key
        while (higher := self._above.get(above, above)) != above:
            above = higher
        return above

    def members(self, key: str) -> tuple[str, ...]:
        """All cases of the matter of *key*, master included, sorted."""
        return tuple(sorted(self._below.get(self.master(key), [key])))

    def _join(self, master: str, member: str) -> None:
        """Let the group of *member* follow the group of *master*."""
        head, tail = self.master(master), self.master(member)
        self._above.setdefault(head, head)
        if head != tail:
            self._above[tail] = head
