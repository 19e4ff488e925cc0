"""Finds every regular expression of the product by walking its code, so that none is left out that somebody adds."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from checker.facts.locked.shape import Form
from checker.value import NamedTuple
from fuzz.target import ROOT

_CALLS = frozenset(("compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"))
_FLAGS_AT = {
    "compile": 1,
    "match": 2,
    "fullmatch": 2,
    "search": 2,
    "findall": 2,
    "finditer": 2,
    "sub": 4,
    "subn": 4,
    "split": 3,
}
BOUND: Mapping[str, Mapping[str, Any]] = {
    "checker/document/within.py": {"first": re.match("", ""), "line": -8, "leading": "a"},
    "checker/facts/kind/record.py": {"between": ";"},
    "checker/facts/locked/shape.py": {
        "form": Form("a form of one of its fields, each of which this is", "[0-9a-f]{40}")
    },
    "checker/licenses/wording.py": {"before": "in no event shall ", "after": "be liable"},
    "checker/scan/settings.py": {"mark": "\ue100"},
    "checker/scan/shell.py": {"one": "name"},
}
"""For an expression that is made in a function: values of its names such as they have in a run, by the file."""


class Found(NamedTuple):
    """One regular expression."""

    file: str
    """From the repository's root."""
    line: int
    pattern: str
    flags: int
    ways: tuple[str, ...]
    """How it is tried: `search`, `match` or `fullmatch`; all three where its name shows in no call."""


class Open(NamedTuple):
    """A call whose expression depends on names that only a run has."""

    file: str
    line: int
    names: tuple[str, ...]


def patterns() -> Iterator[Found | Open]:
    """Every call of `re` in `checker/`, in the order of the files."""
    for path in sorted((ROOT / "checker").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "re." in text or "from re " in text:
            yield from _of_file(path, ast.parse(text))


def _of_file(path: Path, tree: ast.Module) -> Iterator[Found | Open]:
    nodes = list(ast.walk(tree))
    names = {
        one.asname or one.name: one.name
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module == "re"
        for one in node.names
    }
    file = path.relative_to(ROOT).as_posix()
    kept = _kept(nodes)
    for node in nodes:
        if isinstance(node, ast.Call) and (called := _called(node, names)) and node.args:
            yield _evaluated(file, node, called, _ways(nodes, kept.get(id(node)), called))


def _kept(nodes: list[ast.AST]) -> dict[int, str]:
    """The names that compiled expressions are kept under, by the call."""
    return {
        id(node.value): node.targets[0].id
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }


def _ways(nodes: list[ast.AST], name: str | None, called: str) -> tuple[str, ...]:
    """How an expression is tried: by the call itself, else by the calls of what it is kept as, in its own file."""
    calls = {called} if called != "compile" else _calls_of(nodes, name)
    ways = {one if one in ("match", "fullmatch") else "search" for one in calls}
    return tuple(sorted(ways)) or ("fullmatch", "match", "search")


def _calls_of(nodes: list[ast.AST], name: str | None) -> set[str]:
    if name is None or not name.startswith("_"):
        return set()  # another file may use it
    uses = [node for node in nodes if isinstance(node, ast.Name) and node.id == name]
    calls = [
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
    ]
    return set(calls) if len(calls) == len(uses) - 1 and set(calls) <= _CALLS else set()


def _called(node: ast.Call, names: Mapping[str, str]) -> str | None:
    function = node.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "re":
        called = function.attr
    else:
        called = names.get(function.id, "") if isinstance(function, ast.Name) else ""
    return called if called in _CALLS else None


def _evaluated(file: str, node: ast.Call, called: str, ways: tuple[str, ...]) -> Found | Open:
    at = _FLAGS_AT[called]
    given = next(
        (one.value for one in node.keywords if one.arg == "flags"), node.args[at] if len(node.args) > at else None
    )
    held = [one for one in ast.walk(node.args[0]) if isinstance(one, ast.Name)]
    own = {one.id for one in held if isinstance(one.ctx, ast.Store)}
    known = {"re": re, **BOUND.get(file, {})}
    if any(one.id not in own for one in held) or isinstance(given, ast.Name):
        known = {**vars(_module(file)), **known}
    missing = tuple(
        one.id for one in held if one.id not in known and one.id not in own and not hasattr(builtins, one.id)
    )
    if missing:
        return Open(file, node.lineno, missing)
    pattern = _value(node.args[0], known)
    flags = int(_value(given, known)) if given is not None else 0
    if isinstance(pattern, bytes):
        pattern = pattern.decode("latin-1")
    return Found(file, node.lineno, pattern, flags, ways)


def _module(file: str) -> Any:
    name = file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    return sys.modules.get(name) or import_module(name)


def _value(node: ast.expr, known: Mapping[str, Any]) -> Any:
    return eval(compile(ast.Expression(node), "<pattern>", "eval"), {"re": re, **known})
