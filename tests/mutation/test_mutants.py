"""Mistakes are made as they are told, each once; what is kept about them is up to date."""

from __future__ import annotations

import types

import pytest
from tests.mutation.forked import put_in
from tests.mutation.kept import MODULES, PAGE, equivalents, reasons, source_of
from tests.mutation.mutants import Mutant, mutants_of

SOURCE = '''
"""Words for people."""
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from elsewhere import Thing

LONG = 7


class Box:
    most: int = 3

    @property
    def is_full(self) -> bool:
        """Say 1 of 2 things."""
        return self.held >= self.most and not self.open


def told(thing: "Thing | None", amount: int = 1) -> str:
    if thing is None:
        raise ValueError(f"nothing of {amount + 1}")
    return f"{amount - 1}" if amount < 2 else thing.name
'''


def named(name: str) -> Mutant:
    (found,) = (mutant for mutant in mutants_of(SOURCE) if mutant.name == name)
    return found


def test_every_mistake_is_made_once_and_by_name() -> None:
    names = [mutant.name for mutant in mutants_of(SOURCE)]
    assert len(names) == len(set(names))
    assert {
        "module: 7 → 8",
        "Box: 3 → 4",
        "Box.is_full: self.held >= self.most → self.held > self.most",
        "Box.is_full: not self.open → self.open",
        "told: 1 → 2",
        "told: thing is None → thing is not None",
        "told: amount < 2 → amount <= 2",
        "told: amount < 2 → amount >= 2",
        "told: 2 → 3",
    } <= set(names)


def test_words_and_types_are_left_alone() -> None:
    for mutant in mutants_of(SOURCE):
        assert "if TYPE_CHECKING:" in mutant.source
        assert "'Thing | None'" in mutant.source
        assert "{amount - 1}" in mutant.source or "return None" in mutant.source
        assert "{amount + 1}" in mutant.source or "pass" in mutant.source


def test_what_happens_on_import_is_told_from_what_a_call_does() -> None:
    assert not named("module: 7 → 8").in_function
    assert not named("told: 1 → 2").in_function
    inside = named("told: amount < 2 → amount >= 2")
    assert inside.in_function
    assert SOURCE.splitlines()[inside.line - 1].strip().startswith("return")
    assert list(named("told: thing is None → thing is not None").lines) == [21]


def boxes(name: str) -> types.ModuleType:
    """Return a module that was imported, and into which this mistake was then put."""
    module = types.ModuleType("boxes")
    module.__file__ = "boxes.py"
    exec(compile(SOURCE, "boxes.py", "exec"), module.__dict__)  # noqa: S102
    module.known = module.told
    put_in(module, named(name))
    return module


def test_a_mistake_is_put_into_functions_and_properties_that_are_already_known() -> None:
    wrong = boxes("Box.is_full: self.held >= self.most → self.held > self.most")
    box = wrong.Box()
    box.held, box.open = 3, False
    assert not box.is_full
    assert wrong.known(box, 1) == "0"
    with pytest.raises(AttributeError):
        boxes("told: amount < 2 → amount >= 2").known(box, 1)


@pytest.mark.parametrize("module", sorted({module for module, _ in equivalents()}))
def test_what_is_said_to_mean_the_same_is_a_mistake_that_can_be_made(module: str) -> None:
    assert module in MODULES
    there = {mutant.name for mutant in mutants_of(source_of(module))}
    assert {name for of, name in equivalents() if of == module} - there == set()


def test_the_page_gives_the_reason_for_each_that_survives() -> None:
    page = PAGE.read_text("utf-8")
    assert [row for row in reasons() if f"\n{row}\n" not in page] == []
    assert [module for module in MODULES if f"\n| `{module}` | " not in page] == []
