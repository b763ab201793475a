"""Mutants: the source of a module with one small mistake in it, of every sort that people make.

A mutant is named by the function and by what stood there and stands there now, so that it keeps
its name when lines move.

Not here running tests against one (``tests.mutation.forked``, ``tests.mutation.fresh``)
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
RECKONED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed source.

    Attributes:
        name: Function, what stood there, and what stands there now.
        line: Line of the change, from 1.
        lines: Lines of the statement that was changed; of one with a body, those before the body.
        in_function: It has its effect when a function is called, not when the module is imported.
    """

    name: str
    line: int
    source: str
    lines: range = range(0)
    in_function: bool = False


def mutants_of(source: str) -> Iterator[Mutant]:
    """Yield every mutant of a module, in the order of its lines; no two have the same name."""
    tree = ast.parse(source)
    names: Counter[str] = Counter()
    for place, found in enumerate(_places(tree)):
        for number, change in enumerate(_changes(found.node)):
            mutated = copy.deepcopy(tree)
            before = ast.unparse(found.node)
            twin = list(_places(mutated))[place].node
            after = list(_changes(twin))[number](mutated)
            if change and before != after:
                text = ast.unparse(ast.fix_missing_locations(mutated))
                name = f"{found.within}: {before} → {after}"
                names[name] += 1
                again = f" ({names[name]})" if names[name] > 1 else ""
                line, lines = found.node.lineno, found.lines
                yield Mutant(f"{name}{again}", line, text, lines, found.in_function)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where something can be changed, and what stands around it."""

    node: ast.expr | ast.stmt
    within: str
    lines: range
    in_function: bool


Change = Callable[[ast.Module], str]
"""Makes the change in the tree, and returns what stands there now."""


def _places(tree: ast.Module) -> list[_Place]:
    return list(_walked(tree, _Place(ast.Pass(), "module", range(0), in_function=False)))


def _walked(node: ast.AST, around: _Place) -> Iterator[_Place]:
    for child in ast.iter_child_nodes(node):
        if _is_for_people(child) or _is_a_type(node, child):
            continue
        if isinstance(node, ast.Raise):  # a refusal is taken away, its words are left alone
            continue
        inside = _entered(node, child, around)
        if isinstance(child, ast.expr | ast.stmt):
            yield replace(inside, node=child)
        yield from _walked(child, inside)


def _entered(node: ast.AST, child: ast.AST, around: _Place) -> _Place:
    """Return what stands around the children of *child*, itself a child of *node*."""
    runs = isinstance(node, ast.FunctionDef) and child in node.body
    inside = replace(around, in_function=around.in_function or runs)
    if isinstance(child, ast.stmt):
        inside = replace(inside, lines=_lines_of(child))
    if isinstance(child, ast.FunctionDef | ast.ClassDef):
        whole = child.name if around.within == "module" else f"{around.within}.{child.name}"
        return replace(inside, within=whole)
    return inside


def _lines_of(statement: ast.stmt) -> range:
    body = getattr(statement, "body", [])
    end = body[0].lineno if body else (statement.end_lineno or statement.lineno) + 1
    return range(statement.lineno, max(end, statement.lineno + 1))


def _is_for_people(node: ast.AST) -> bool:
    """Whether *node* is words for people, which no test should pin: they are left alone."""
    documents = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return documents or isinstance(node, ast.JoinedStr)


def _is_a_type(parent: ast.AST, child: ast.AST) -> bool:
    """Whether *child* is an annotation, a decorator or an import that only mypy reads."""
    if isinstance(child, ast.If):
        return ast.unparse(child.test) == "TYPE_CHECKING"
    if isinstance(parent, ast.Module) and isinstance(child, ast.Assign):  # One = This | That
        return isinstance(child.value, ast.BinOp) and isinstance(child.value.op, ast.BitOr)
    if isinstance(parent, ast.AnnAssign | ast.arg):
        return child is parent.annotation
    if isinstance(parent, ast.FunctionDef | ast.ClassDef):
        return child in parent.decorator_list or child is getattr(parent, "returns", None)
    return False


def _changes(node: ast.expr | ast.stmt) -> Iterator[Change]:
    match node:
        case ast.Compare() | ast.Constant():
            yield from _compared(node) if isinstance(node, ast.Compare) else _constant(node)
        case ast.BinOp() if type(node.op) in RECKONED:
            yield lambda _: _set(node, "op", RECKONED[type(node.op)]())
        case ast.BoolOp():
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield lambda _: _set(node, "op", other)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield lambda tree: _replaced(tree, node, node.operand)
        case ast.If() | ast.IfExp() | ast.While():
            yield lambda _: _negated(node)
        case ast.Return(value=ast.expr()):
            yield lambda _: _set(node, "value", ast.Constant(None))
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Raise():
            yield lambda tree: _replaced(tree, node, ast.Pass())


def _compared(node: ast.Compare) -> Iterator[Change]:
    for index, operator in enumerate(node.ops):
        for other in COMPARED[type(operator)]:
            ops = [other() if at == index else one for at, one in enumerate(node.ops)]
            yield lambda _, ops=ops: _set(node, "ops", ops)  # type: ignore[misc]


def _constant(node: ast.Constant) -> Iterator[Change]:
    """Numbers and truth; words are names and messages, which other words would serve as well."""
    match node.value:
        case bool():
            yield lambda _: _set(node, "value", not node.value)
        case int() | float():
            yield lambda _: _set(node, "value", node.value + 1)


def _set(node: ast.AST, name: str, value: object) -> str:
    setattr(node, name, value)
    return ast.unparse(node)


def _negated(node: ast.If | ast.IfExp | ast.While) -> str:
    node.test = ast.UnaryOp(ast.Not(), node.test)
    return ast.unparse(node)


def _replaced(tree: ast.Module, node: ast.AST, other: ast.AST) -> str:
    class Replacing(ast.NodeTransformer):
        def generic_visit(self, found: ast.AST) -> ast.AST:
            return other if found is node else super().generic_visit(found)

    Replacing().visit(tree)
    return ast.unparse(other)
