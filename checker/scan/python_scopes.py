"""Which names of a Python file are bound to what, scope by scope: read off the syntax tree, nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from checker.value import NamedTuple

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


class Binding(NamedTuple):
    """One place that gives a name its value."""

    line: int
    nested: bool
    """Whether it stands in a branch or a loop, so that an earlier value may still hold after it."""
    value: ast.expr
    each: bool = False
    """Whether the name takes the items of the value one after the other."""
    item: int | None = None
    """The position in the value, where a tuple is taken apart."""


class Scope:
    """A module, a class or a function with the names that it binds."""

    __slots__ = ("bindings", "node", "parameters", "parent", "within")

    def __init__(self, node: ast.AST, parent: Scope | None, within: ast.ClassDef | None) -> None:
        self.node = node
        self.parent = parent
        self.within = within
        """The class whose `self` a method has."""
        self.bindings: dict[str, list[Binding]] = {}
        self.parameters: dict[str, ast.expr | None] = {}


class Import(NamedTuple):
    """What an imported name stands for."""

    module: str
    """With its leading dots where it is relative."""
    name: str | None
    """None where the module itself was imported."""


class Module:
    """One Python file: its scopes, imports, classes, functions and calls."""

    def __init__(self, tree: ast.Module) -> None:
        self.scope = Scope(tree, None, None)
        self.imports: dict[str, Import] = {}
        self.stars: list[str] = []
        self.classes: dict[str, ast.ClassDef] = {}
        self.class_scopes: dict[str, Scope] = {}
        self.functions: dict[str, list[Function]] = {}
        self.calls: list[tuple[ast.Call, Scope]] = []
        self.calls_of: dict[str, list[tuple[ast.Call, Scope]]] = {}
        """The same by the last part of the called name."""
        self.attributes: dict[tuple[str, str], list[tuple[Binding, Scope]]] = {}
        """Values of `self.name`, by class and name."""
        self.arguments: dict[str, list[ast.Call]] = {}
        """Calls of `add_argument` and `click.option`, by the name that the value gets."""
        _collect(tree, self)

    def called(self, node: ast.expr) -> str:
        """The last part of a dotted name, under its own name where the file imports it under another."""
        imported = self.imports.get(node.id) if isinstance(node, ast.Name) else None
        return (imported.name if imported is not None else None) or last_name(node)

    def origin(self, node: ast.expr) -> str | None:
        """The dotted name that a call's function has by the file's imports; None for a name of the file itself."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        imported = self.imports.get(node.id)
        if imported is not None:
            parts.extend(part for part in (imported.name, imported.module) if part)
        elif node.id in self.classes or node.id in self.functions:
            return None
        else:
            parts.append(f"?{node.id}")
        return ".".join(reversed(parts))


_BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.With, ast.AsyncWith, ast.Match, ast.ExceptHandler)


def _collect(tree: ast.Module, module: Module) -> None:
    """Walk the tree with a stack of our own: a hostile file nests deeper than Python's."""
    stack: list[tuple[ast.AST, Scope, bool]] = [(tree, module.scope, False)]
    while stack:
        node, scope, nested = stack.pop()
        inner, deeper = scope, nested or (isinstance(node, _BRANCHES) and not _is_main(node))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            inner, deeper = _function(node, scope, module), False
        elif isinstance(node, ast.ClassDef):
            inner, deeper = Scope(node, scope, node), False
            module.classes.setdefault(node.name, node)
            module.class_scopes.setdefault(node.name, inner)
        elif isinstance(node, ast.Call):
            module.calls.append((node, scope))
            module.calls_of.setdefault(_last(node.func), []).append((node, scope))
            _argument(node, module)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            _import(node, module)
        else:
            _bind(node, scope, nested, module)
        stack.extend((child, inner, deeper) for child in reversed(list(ast.iter_child_nodes(node))))


def _is_main(node: ast.AST) -> bool:
    """Whether it is `if __name__ == "__main__":` or a `with`, whose block always runs."""
    if isinstance(node, (ast.With, ast.AsyncWith)):
        return True
    test = node.test if isinstance(node, ast.If) else None
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"


def _function(node: Function | ast.Lambda, scope: Scope, module: Module) -> Scope:
    inner = Scope(node, scope, scope.node if isinstance(scope.node, ast.ClassDef) else scope.within)
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    defaults += arguments.defaults
    for argument, default in zip(positional, defaults, strict=True):
        inner.parameters[argument.arg] = default
    for argument, keyword_default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        inner.parameters[argument.arg] = keyword_default
    if not isinstance(node, ast.Lambda):
        module.functions.setdefault(node.name, []).append(node)
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and _last(decorator.func) == "option":
                module.arguments.setdefault(_destination(decorator), []).append(decorator)
    return inner


def _bind(node: ast.AST, scope: Scope, nested: bool, module: Module) -> None:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            _to(target, Binding(node.lineno, nested, node.value), scope, module)
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
        _to(node.target, Binding(node.lineno, nested, node.value), scope, module)
    elif isinstance(node, (ast.For, ast.AsyncFor)):
        _to(node.target, Binding(node.lineno, nested, node.iter, each=True), scope, module)
    elif isinstance(node, ast.comprehension):
        _to(node.target, Binding(node.iter.lineno, True, node.iter, each=True), scope, module)


def _to(target: ast.expr, binding: Binding, scope: Scope, module: Module) -> None:
    if isinstance(target, ast.Name):
        scope.bindings.setdefault(target.id, []).append(binding)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for index, element in enumerate(target.elts):
            if isinstance(element, (ast.Name, ast.Attribute)):
                _to(element, binding._replace(item=index), scope, module)
    elif isinstance(target, ast.Attribute) and scope.within is not None and _last(target.value) == "self":
        module.attributes.setdefault((scope.within.name, target.attr), []).append((binding, scope))


def _import(node: ast.Import | ast.ImportFrom, module: Module) -> None:
    if isinstance(node, ast.Import):
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            module.imports.setdefault(name, Import(alias.name if alias.asname else name, None))
        return
    origin = "." * node.level + (node.module or "")
    for alias in node.names:
        if alias.name == "*":
            module.stars.append(origin)
        else:
            module.imports.setdefault(alias.asname or alias.name, Import(origin, alias.name))


def _argument(node: ast.Call, module: Module) -> None:
    if isinstance(node.func, ast.Attribute) and node.func.attr == "add_argument":
        module.arguments.setdefault(_destination(node), []).append(node)


def _destination(node: ast.Call) -> str:
    """The name that argparse or click gives to an option's value."""
    for keyword in node.keywords:
        if keyword.arg == "dest" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    flags = [str(flag.value) for flag in node.args if isinstance(flag, ast.Constant)]
    bare = [flag for flag in flags if not flag.startswith("-")]
    long = [flag for flag in flags if flag.startswith("--")]
    return (bare or long or flags or [""])[-1 if bare else 0].lstrip("-").replace("-", "_")


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def last_name(node: ast.expr) -> str:
    """The last part of a dotted name; empty for anything else."""
    return _last(node)


def enclosing(scope: Scope) -> Iterator[Scope]:
    """The scope and those around it whose names it sees: classes hide theirs from their methods."""
    current: Scope | None = scope
    while current is not None:
        if current is scope or not isinstance(current.node, ast.ClassDef):
            yield current
        current = current.parent


def holding(bindings: list[Binding], line: int | None) -> Iterable[Binding]:
    """The bindings that may hold: from the last one that surely ran before `line`; of all where `line` is None."""
    before = [binding for binding in bindings if line is None or binding.line <= line] or bindings
    kept: list[Binding] = []
    for binding in reversed(before):
        kept.append(binding)
        if not binding.nested:
            break
    return reversed(kept)
