"""Reads a file or a folder of results, whichever tool wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from checker.baseline.document import MAX_BYTES, Found, parse
from checker.baseline.results import Baseline, BaselineState, NoBaseline
from checker.document.errors import InputError, Problem
from checker.document.inside import leads_out
from checker.document.place import SourceFile
from checker.document.read import from_text, read_bytes

_FORMATS = Path(__file__).parent / "formats"
_MAX_FILES = 300
"""Files of one folder of MTEB; the largest of its benchmarks has some 130 tasks."""
_MAX_FOLDER = 64 * 1024 * 1024
"""Characters of all files of such a folder; most are small, and the largest is bounded by itself."""


def formats() -> tuple[ModuleType, ...]:
    """The formats that are read, by the names of their files."""
    names = sorted(path.stem for path in _FORMATS.glob("[a-z]*.py"))
    return tuple(import_module(f"checker.baseline.formats.{name}") for name in names)


def read_baseline(written: str, folder: Path, tree: Path) -> BaselineState:
    """The baseline that an entry names; what cannot be used says why, with its place.

    Args:
        written: the path as the manifest writes it, relative to the manifest.
        folder: the manifest's folder.
        tree: the repository; nothing outside it is read.
    """
    path = folder / written
    if leads_out(path, tree):
        return NoBaseline(written, "the path leads out of the repository")
    try:
        return read_results(path, written, tree.resolve())
    except InputError as error:
        first, more = error.problems[0], len(error.problems) - 1
        place = f"line {first.at.line}, column {first.at.column}: " if first.at else ""
        expected = f": expected {first.expected}" if first.expected and first.at else ""
        return NoBaseline(written, f"{place}{first.sentence}{expected}{f' (and {more} more)' if more else ''}")


def read_results(path: Path, name: str, tree: Path | None = None) -> Baseline:
    """The results in a file, or in a folder of MTEB.

    Args:
        path: the file or the folder.
        name: what messages call it.
        tree: a folder that nothing may lead out of; None where the user named the file.

    Raises:
        InputError: it cannot be read, or holds no results in a format that is known.
    """
    if path.is_dir():
        return _folder(path, name, tree)
    results = _file(path, name)
    meta = path.parent / "model_meta.json"
    if results.format == "mteb" and meta.is_file() and _inside(meta, tree):
        return _joined(results, meta, f"{name.rpartition('/')[0] or '.'}/model_meta.json")
    if results.format == "lm-evaluation-harness":
        from checker.baseline.samples import held_against_samples

        return held_against_samples(results, path, tree)
    return results


def _inside(path: Path, tree: Path | None) -> bool:
    return tree is None or not leads_out(path, tree)


def _source(path: Path, name: str) -> SourceFile:
    return from_text(name, read_bytes(path, name, MAX_BYTES), MAX_BYTES)


def _file(path: Path, name: str) -> Baseline:
    source = _source(path, name)
    if not source.text.lstrip().startswith(("{", "[")) and name.endswith((".yaml", ".yml")):
        from checker.baseline.formats.weighbridge import read_source

        return read_source(source, name)
    return of_source(source, name)


def of_source(source: SourceFile, name: str) -> Baseline:
    """The results in a text.

    Raises:
        InputError: it holds no results in a format that is known, or breaks that format.
    """
    problems: list[Problem] = []
    top = parse(source, problems)
    matching = [module for module in formats() if module.recognises(top)]
    if len(matching) != 1:
        shapes = "; ".join(f"{module.NAME}: {module.SHAPE}" for module in formats())
        found = f"is of {' and '.join(module.NAME for module in matching)}" if matching else "is no file of results"
        raise InputError.one(f"the file {found}", expected=f"one format ({shapes})", file=name)
    [module] = matching
    if hasattr(module, "read_source"):
        return module.read_source(source, name)  # type: ignore[no-any-return]  # each format returns a Baseline
    results = module.read(top, name)
    if problems:
        raise InputError(tuple(problems))
    return results  # type: ignore[no-any-return]  # the same


def _joined(results: Baseline, meta: Path, name: str) -> Baseline:
    from checker.baseline.formats.mteb import with_model

    problems: list[Problem] = []
    joined = with_model(results, _meta(meta, name, problems))
    if problems:
        raise InputError(tuple(problems))
    return joined


def _meta(meta: Path, name: str, problems: list[Problem]) -> Found:
    return parse(_source(meta, name), problems)


def _folder(path: Path, name: str, tree: Path | None) -> Baseline:
    meta = path / "model_meta.json"
    if not meta.is_file():
        raise InputError.one(
            f"{name} is a folder without model_meta.json", expected="a file, or a folder that MTEB wrote", file=name
        )
    files = sorted(file for file in path.glob("*.json") if file.name != meta.name)
    if not files or len(files) > _MAX_FILES:
        raise InputError.one(f"the folder has {len(files)} files of results", expected=f"1 to {_MAX_FILES}", file=name)
    outside = [file for file in (*files, meta) if not _inside(file, tree)]
    if outside:
        raise InputError.one(f"{outside[0].name} leads out of the repository", expected="files inside it", file=name)
    read = list(_each(files, name))
    odd = next((results for results in read if results.format != "mteb"), None)
    if odd is not None:
        raise InputError.one(f"{odd.path} is of {odd.format}", expected="files of MTEB alone", file=name)
    tasks = tuple(task for results in read for task in results.tasks)
    twice = _twice(task.name for task in tasks)
    if twice is not None:
        raise InputError.one(f"{twice} has results in two files", expected="each task once", file=name)
    tools = ", ".join(sorted({results.tool for results in read}))
    whole = read[0]._replace(path=name, tasks=tasks, tool=tools)
    return _joined(whole, meta, f"{name.rstrip('/')}/model_meta.json")


def _each(files: list[Path], name: str) -> Iterator[Baseline]:
    """The results of each file of a folder, until they are too many."""
    left = _MAX_FOLDER
    for file in files:
        source = _source(file, f"{name.rstrip('/')}/{file.name}")
        left -= len(source.text)
        if left < 0:
            raise InputError.one(
                f"the files of the folder are together larger than {_MAX_FOLDER >> 20} MiB",
                expected="the results of one model",
                file=name,
            )
        yield of_source(source, source.name)


def _twice(names: Iterable[str]) -> str | None:
    """The first of the names that was there before."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None
