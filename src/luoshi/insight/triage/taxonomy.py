"""Taxonomy: the categories of a programme, flat or as a tree, with the words that explain them.

Terms    category 类别 · tree of categories 分类体系 · leaf 末级类别
Source   a programme's ``taxonomy.csv``: ``code, parent, zh-Hans, en, …, description``
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from luoshi.kernel.errors import LuoshiError

MOST_CATEGORIES = 5000


class TaxonomyInvalid(LuoshiError):
    """The categories do not form a list or a tree."""

    code = "triage.taxonomy_invalid"
    template = "taxonomy: category {category!r} {reason}"


@dataclass(frozen=True, slots=True)
class Category:
    """One category: its code, the category above it, and the words that explain it."""

    code: str
    parent: str = ""
    names: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True)
class Taxonomy:
    """Categories by code, in the order of the programme.

    Raises:
        TaxonomyInvalid: A code twice, a parent that does not exist, or a circle.
    """

    categories: tuple[Category, ...] = ()
    by_code: Mapping[str, Category] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_code = {category.code: category for category in self.categories}
        object.__setattr__(self, "by_code", by_code)
        if len(by_code) < len(self.categories):
            raise TaxonomyInvalid(category=_repeated(self.categories), reason="stands there twice")
        if len(by_code) > MOST_CATEGORIES:
            raise TaxonomyInvalid(category="", reason=f"is one of more than {MOST_CATEGORIES}")
        for category in self.categories:
            self._check(category)

    def _check(self, category: Category) -> None:
        if category.parent and category.parent not in self.by_code:
            raise TaxonomyInvalid(
                category=category.code, reason=f"has no parent {category.parent!r}"
            )
        seen = {category.code}
        for above in self.above(category.code):
            if above in seen:
                raise TaxonomyInvalid(category=category.code, reason="is its own ancestor")
            seen.add(above)

    def above(self, code: str) -> Iterator[str]:
        """Yield the parent of *code*, its parent, and so on to the top."""
        category = self.by_code.get(code)
        while category is not None and category.parent:
            yield category.parent
            category = self.by_code.get(category.parent)

    def leaves(self) -> tuple[Category, ...]:
        """Return the categories that are nobody's parent."""
        parents = {category.parent for category in self.categories}
        return tuple(category for category in self.categories if category.code not in parents)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, str]]) -> "Taxonomy":
        """Return the taxonomy in *rows* of a ``taxonomy.csv``: every language is a name."""
        return cls(tuple(_category(row) for row in rows))


_NOT_NAMES = frozenset({"code", "parent", "description", "unit"})


def _category(row: Mapping[str, str]) -> Category:
    names = tuple(
        text for column, text in row.items() if column not in _NOT_NAMES and text.strip()
    )
    code = row["code"].strip()
    return Category(code, row.get("parent", "").strip(), names, row.get("description", "").strip())


def _repeated(categories: Iterable[Category]) -> str:
    seen: set[str] = set()
    for category in categories:
        if category.code in seen:
            return category.code
        seen.add(category.code)
    return ""
