"""Loads a manifest: within limits, typed, with everything that is wrong with it told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from os.path import normpath
from pathlib import Path

from checker.document.bind import MAX_PROBLEMS, bind
from checker.document.errors import InputError, NoInputError, Problem, shown
from checker.document.place import NOWHERE, SourceFile
from checker.document.tree import Mapping, Node, Scalar, Sequence, parse, scalars_at
from checker.manifest.model import FORMAT, Manifest
from checker.manifest.project import repository_root


def load(
    source: SourceFile,
    *,
    allow_empty: bool = False,
    unknown_names: Callable[[Node], Iterable[Problem]] | None = None,
    complete: Callable[[Node], Node] | None = None,
) -> Manifest:
    """The manifest that `source` holds.

    Args:
        source: the file.
        allow_empty: it may hold no models.
        unknown_names: what other rooms have against names in it, told together with everything else.
        complete: puts in what the file leaves open, before anything is asked of it.

    Raises:
        NoInputError: nothing is wrong with it but that it holds no models.
        InputError: everything that is wrong with it, in the order of the file.
    """
    root = parse(source)
    _refuse_newer_format(root)
    _refuse_policy(root)
    root = complete(root) if complete else root
    empty = () if allow_empty else _no_models(root)
    others = (*_paths_outside(root, Path(source.name).parent), *(_first(unknown_names(root)) if unknown_names else ()))
    try:
        manifest = bind(root, Manifest)
    except InputError as error:
        raise InputError((*_in_order(error.problems, others), *empty)) from None
    if others:
        raise InputError((*_in_order((), others), *empty))
    if empty:
        raise NoInputError(empty)
    return manifest


def _first(problems: Iterable[Problem]) -> Iterator[Problem]:
    """As many as are worth telling: finding the nearest name takes milliseconds, and a file may hold thousands."""
    for number, problem in enumerate(problems):
        if number == MAX_PROBLEMS:
            yield Problem("more names that are not known, which were not looked at", at=problem.at)
            return
        yield problem


def _in_order(first: tuple[Problem, ...], others: tuple[Problem, ...]) -> list[Problem]:
    """All of them by their places; of a value that is wrong in itself nothing further is told."""
    told = {problem.at for problem in first}
    problems = [*first, *(problem for problem in others if problem.at not in told)]
    return sorted(problems, key=lambda problem: (problem.at or NOWHERE)[1:3])


def _refuse_newer_format(root: Node) -> None:
    """Said alone: whatever else seems wrong may be right in that format."""
    entry = root.items.get("weighbridge") if isinstance(root, Mapping) else None
    stated = entry.value if entry else None
    if not isinstance(stated, Scalar) or not stated.text.isdecimal() or not stated.text.isascii():
        return
    if len(stated.text) > 9 or int(stated.text) > FORMAT:
        raise InputError.one(
            f"manifest format {stated.text[:9]}: a newer weighbridge is needed",
            expected=f"`weighbridge: {FORMAT}`",
            at=stated.at,
        )


def _refuse_policy(root: Node) -> None:
    """Said alone: each key of a policy would be unknown here."""
    if isinstance(root, Mapping) and "policy" in root.items and not {"weighbridge", "models"} & root.items.keys():
        raise InputError.one(
            "this is a policy",
            expected="a manifest, with `weighbridge: 1` and `models`",
            hint="`weighbridge policy check` reads policies",
            at=root.at,
        )


def _no_models(root: Node) -> tuple[Problem, ...]:
    if not isinstance(root, Mapping):
        return ()
    entry = root.items.get("models")
    expected, hint = "a list with at least one model", "such as `- {model: Qwen/Qwen3-8B, objective: chat}`"
    if entry is None:
        return (Problem("the key `models` is missing", expected=expected, hint=hint, at=root.at),)
    if isinstance(entry.value, Sequence) and not entry.value.items:
        return (Problem("`models` is empty", expected=expected, hint=hint, at=entry.value.at),)
    return ()


_PATHS = (
    ("models", "model"),
    ("models", "deployment", "weights", "model"),
    ("models", "baseline"),
    ("models", "derived_from"),
)


def _paths_outside(root: Node, folder: Path) -> list[Problem]:
    """Paths that lead out of the repository, by what is written; whoever opens one looks at links as well."""
    written = [path for path in _paths(root) if ".." in path.text.split("/")]
    if not written:
        return []
    tree = repository_root(folder) or folder.resolve()
    around = "the repository" if (tree / ".git").exists() else "the manifest's folder"
    return [
        Problem(f"`{shown(path.text)}` leads out of {around}", expected="a path inside it", at=path.at)
        for path in written
        if not Path(normpath(folder.resolve() / path.text)).is_relative_to(tree)
    ]


def _paths(root: Node) -> Iterator[Scalar]:
    for keys in _PATHS:
        yield from scalars_at(root, keys)
