"""The dictionaries and lists of a Python file: which of them an expression stands for, and what a lookup leads to."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod

from checker.scan.python_scopes import Binding, Module, Scope, enclosing
from checker.value import NamedTuple

MAX_DEPTH = 24
MAX_STEPS = 4000
"""Expressions that are looked at for one question; a file that asks for more is not followed further."""


class Known(NamedTuple):
    """What an expression may come to."""

    values: tuple[object, ...]
    why: str = ""
    """Why more values are possible than those; empty where these are all."""


class Tables(ABC):
    """Follows lookups in the literals of one module."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._steps = 0

    @abstractmethod
    def _of(self, node: ast.expr, scope: Scope, depth: int) -> Known:
        """The values that an expression may have."""

    def fields(self, node: ast.expr, scope: Scope) -> dict[str, ast.expr]:
        """The values of a mapping whose keys are texts, such as one that is handed over with `**`."""
        self._steps = 0
        tables = self._tables(node, scope, 0)
        return {
            key.value: value
            for table, _ in tables[:1]
            if isinstance(table, ast.Dict)
            for key, value in zip(table.keys, table.values, strict=True)
            if isinstance(key, ast.Constant) and isinstance(key.value, str)
        }

    def items(self, node: ast.expr, scope: Scope) -> list[ast.expr]:
        """The items of a list, such as the words of a command that a variable holds."""
        self._steps = 0
        tables = self._tables(node, scope, 0)
        return next((table.elts for table, _ in tables if isinstance(table, (ast.List, ast.Tuple))), [])

    def _inside(self, node: ast.Subscript, scope: Scope, depth: int) -> list[tuple[ast.expr, Scope]]:
        """The expressions that a lookup may lead to: those under the key, or all where the key is not known."""
        found: list[tuple[ast.expr, Scope]] = []
        for table, place in self._tables(node.value, scope, depth):
            found += [(value, place) for value in self._under(table, node.slice, scope, depth)]
        return found

    def _under(self, table: ast.expr, key: ast.expr, scope: Scope, depth: int) -> list[ast.expr]:
        if isinstance(table, ast.Dict):
            wanted = set(self._of(key, scope, depth).values)
            keys = [(one.value if isinstance(one, ast.Constant) else None) for one in table.keys]
            exact = [value for one, value in zip(keys, table.values, strict=True) if one in wanted]
            return exact if wanted else table.values
        if isinstance(table, (ast.List, ast.Tuple)):
            at = _whole(key)
            return [table.elts[at]] if at is not None and -len(table.elts) <= at < len(table.elts) else table.elts
        return []

    def _tables(self, node: ast.expr, scope: Scope, depth: int) -> list[tuple[ast.expr, Scope]]:
        """The dictionaries and lists that an expression may stand for."""
        self._steps += 1
        if depth > MAX_DEPTH or self._steps > MAX_STEPS:
            return []
        if isinstance(node, (ast.Dict, ast.List, ast.Tuple)):
            return [(node, scope)]
        found: list[tuple[ast.expr, Scope]] = []
        if isinstance(node, ast.Name):
            return self._named_tables(node, scope, depth)
        if isinstance(node, ast.Subscript):
            for value, place in self._inside(node, scope, depth + 1):
                found += self._tables(value, place, depth + 1)
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "get"
            and node.args
        ):
            for table, place in self._tables(node.func.value, scope, depth + 1):
                for value in self._under(table, node.args[0], scope, depth + 1):
                    found += self._tables(value, place, depth + 1)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
            inner = self._module.class_scopes.get(scope.within.name) if scope.within else None
            for binding in inner.bindings.get(node.attr, ()) if inner else ():
                found += self._bound_tables(binding, inner or scope, depth + 1)
        return found

    def _named_tables(self, node: ast.Name, scope: Scope, depth: int) -> list[tuple[ast.expr, Scope]]:
        for place in enclosing(scope):
            bindings = [one for one in place.bindings.get(node.id, ()) if not stands_in(node, one.value)]
            if bindings:
                return [one for binding in bindings for one in self._bound_tables(binding, place, depth + 1)]
        return []

    def _bound_tables(self, binding: Binding, scope: Scope, depth: int) -> list[tuple[ast.expr, Scope]]:
        value = binding.value
        if not binding.each:
            return self._tables(value, scope, depth)
        # `for name, settings in TABLE.items():`, `for settings in TABLE.values():`, `for settings in LIST:`
        walked = value.func if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) else None
        over = walked.value if walked is not None and walked.attr in ("items", "values") else value
        found: list[tuple[ast.expr, Scope]] = []
        for table, place in self._tables(over, scope, depth):
            items = table.values if isinstance(table, ast.Dict) else getattr(table, "elts", [])
            for item in items:
                found += self._tables(item, place, depth)
        return found


def _whole(node: ast.expr) -> int | None:
    """The whole number that a constant is, with its sign."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _whole(node.operand)
        return None if inner is None else -inner
    return node.value if isinstance(node, ast.Constant) and type(node.value) is int else None


def stands_in(node: ast.expr, value: ast.expr) -> bool:
    """Whether a name stands in the very value that it is given: `model = model or "default"`."""
    if node.lineno < value.lineno or node.lineno > (value.end_lineno or value.lineno):
        return False
    begins = (value.lineno, value.col_offset) <= (node.lineno, node.col_offset)
    return begins and (node.lineno, node.col_offset) < (value.end_lineno or 0, value.end_col_offset or 0)
