"""Modules need one another in one direction: no circle of imports, not even one for types."""

from __future__ import annotations

from graphlib import TopologicalSorter

from grimp import build_graph


def test_no_module_needs_one_that_needs_it() -> None:
    graph = build_graph("luoshi", cache_dir=None)
    needs = {one: graph.find_modules_directly_imported_by(one) for one in graph.modules}
    assert len(needs) > 300
    TopologicalSorter(needs).prepare()  # raises CycleError, which names the circle
