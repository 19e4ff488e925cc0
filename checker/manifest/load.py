"""Loads a manifest: within limits, typed, with everything that is wrong with it told at once."""

from __future__ import annotations

from os.path import normpath
from pathlib import Path

from checker.document.bind import bind
from checker.document.errors import InputError, NoInputError, Problem, shown
from checker.document.place import At, SourceFile
from checker.document.tree import Mapping, Node, Scalar, Sequence, parse
from checker.manifest.model import FORMAT, Manifest
from checker.manifest.project import repository_root


def load(source: SourceFile, *, allow_empty: bool = False) -> Manifest:
    """The manifest that `source` holds; `allow_empty` lets it hold no models.

    Raises:
        NoInputError: nothing is wrong with it but that it holds no models.
        InputError: everything that is wrong with it, in the order of the file.
    """
    root = parse(source)
    _refuse_newer_format(root)
    empty = () if allow_empty else _no_models(root)
    try:
        manifest = bind(root, Manifest)
    except InputError as error:
        raise InputError((*error.problems, *empty)) from None
    if empty:
        raise NoInputError(empty)
    if outside := tuple(_paths_outside(manifest, Path(source.name).parent)):
        raise InputError(outside)
    return manifest


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


def _no_models(root: Node) -> tuple[Problem, ...]:
    if not isinstance(root, Mapping):
        return ()
    entry = root.items.get("models")
    expected, hint = "a list with at least one model", "`weighbridge init` writes one"
    if entry is None:
        return (Problem("the key `models` is missing", expected=expected, hint=hint, at=root.at),)
    if isinstance(entry.value, Sequence) and not entry.value.items:
        return (Problem("`models` is empty", expected=expected, hint=hint, at=entry.value.at),)
    return ()


def _paths_outside(manifest: Manifest, folder: Path) -> list[Problem]:
    """Paths that lead out of the repository, by what is written; whoever opens one looks at links as well."""
    written = [path for path in _paths(manifest) if ".." in path.value.split("/")]
    if not written:
        return []
    tree = repository_root(folder) or folder.resolve()
    around = "the repository" if (tree / ".git").exists() else "the manifest's folder"
    return [
        Problem(f"`{shown(path.value)}` leads out of {around}", expected="a path inside it", at=path.at)
        for path in written
        if not Path(normpath(folder.resolve() / path.value)).is_relative_to(tree)
    ]


def _paths(manifest: Manifest) -> list[At[str]]:
    paths: list[At[str]] = []
    for entry in manifest.models:
        weights = entry.deployment.weights if entry.deployment else None
        named = (entry.model, weights.model if weights else None, entry.baseline, *entry.derived_from)
        paths += (path for path in named if path is not None)
    return paths
