"""The same matter, reported again (重复诉求): candidates, probability, shared evidence.

The machine suggests; a person merges, in one step, and can undo it. See
``docs/explanation/same-matter.md`` for the method and what was measured.
"""

from luoshi.insight.similar.clusters import Clusters, Merge, Undo
from luoshi.insight.similar.index import Index
from luoshi.insight.similar.item import AGAINST, Candidate, Evidence, Item
from luoshi.insight.similar.wording import Wording, alike

__all__ = [
    "AGAINST",
    "Candidate",
    "Clusters",
    "Evidence",
    "Index",
    "Item",
    "Merge",
    "Undo",
    "Wording",
    "alike",
]
