"""Who imports whom in `checker`, wherever in a file the import stands and whether or not only types need it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tests.packaging.offline import ROOT

# A parser would take five seconds for all files; `ruff format` leaves no other form of these statements.
_IMPORT = re.compile(r"^ *(?:from|import) (checker[\w.]*)(?: import (\([^)]*\)|[^\n#]*))?", re.MULTILINE)
Graph = Mapping[str, frozenset[str]]


@cache
def modules() -> dict[str, Path]:
    """Every module by its dotted name; a folder's `__init__` has the name of the folder."""
    files = sorted((ROOT / "checker").rglob("*.py"))
    return {".".join(_parts(file.relative_to(ROOT).with_suffix(""))): file for file in files}


def _parts(path: Path) -> tuple[str, ...]:
    return path.parts[:-1] if path.name == "__init__" else path.parts


@cache
def graph() -> Graph:
    """For each module the others of ours that it imports."""
    return {name: frozenset(_imported(file)) - {name} for name, file in modules().items()}


def _imported(file: Path) -> Iterator[str]:
    for module, names in _IMPORT.findall(file.read_text(encoding="utf-8")):
        if not names:
            yield module
        for name in re.findall(r"(\w+)(?: as \w+)?", names):
            inner = f"{module}.{name}"
            yield inner if inner in modules() else module


def cycle(edges: Graph) -> list[str]:
    """One circle of names that import each other, or none."""
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def without(edges: Graph, left_out: Iterable[tuple[str, str]]) -> Graph:
    """The graph without these imports."""
    apart = set(left_out)
    return {one: frozenset(other for other in others if (one, other) not in apart) for one, others in edges.items()}


def between(part_of: Mapping[str, str]) -> Graph:
    """The imports between groups of modules; a module that is in none is left out."""
    edges: dict[str, set[str]] = {group: set() for group in part_of.values()}
    for one, others in graph().items():
        if one in part_of:
            edges[part_of[one]] |= {part_of[other] for other in others if other in part_of} - {part_of[one]}
    return {group: frozenset(others) for group, others in edges.items()}


def rooms() -> dict[str, str]:
    """The room of each module: a folder of `checker`, or a file in it. The package itself is none."""
    return {name: name.split(".")[1] for name in modules() if "." in name}
