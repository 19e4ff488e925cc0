"""Reads notebooks: the cells as one Python file, shell lines apart, with the lines that the file itself has."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from checker.document.errors import InputError
from checker.document.place import Place, SourceFile
from checker.scan import python, shell
from checker.scan.python_scopes import Module
from checker.scan.use import Found, Option, Unresolved, Use, together


def read(source: SourceFile, others: Callable[[str], Module | None]) -> Found:
    """The models that a notebook uses.

    Raises:
        InputError: it is no notebook.
        SyntaxError, ValueError, RecursionError, MemoryError: no cell of it is Python.
    """
    cells = list(_cells(source))
    where = _Where(source)
    kept: list[tuple[list[str], list[Place]]] = []
    commands: list[tuple[str, Place]] = []
    for lines in cells:
        code, places = [], []
        for line in lines:
            at = where.of(line)
            bare = line.lstrip()
            if bare.startswith("!"):
                commands.append((bare[1:], at))
            if bare.startswith(("!", "%", "?")):
                indent = line[: len(line) - len(bare)]
                code.append(f"{indent}pass")
            else:
                code.append(line)
            places.append(at)
        magic = lines[0].lstrip() if lines else ""
        if magic.startswith("%%") and not magic.startswith(("%%time", "%%capture")):
            if magic.startswith(("%%bash", "%%sh", "%%script")):
                commands += [(line, where.of(line)) for line in lines[1:]]
            continue
        if _parses(code):
            kept.append((code, places))
    if cells and not kept and not commands:
        raise SyntaxError("no cell of it is Python")
    text = "\n".join(line for code, _ in kept for line in code)
    places = [at for _, found in kept for at in found]
    found = python.read(SourceFile(source.name, text), others)
    parts = [shell.read_text(line, {}, lambda _, at=at: at) for line, at in commands]  # type: ignore[misc]
    uses = [_moved(use, places) for use in found.uses] + [use for part in parts for use in part.uses]
    unresolved = [Unresolved(one.what, one.why, _to(one.at, places)) for one in found.unresolved]
    pins = tuple(pin._replace(at=_to(pin.at, places)) for pin in found.pins)
    return together((Found(tuple(uses), tuple(unresolved), pins), *(part._replace(uses=()) for part in parts)))


def _parses(code: list[str]) -> bool:
    """Whether a cell is Python: people leave cells half written, and others must count nevertheless."""
    import ast
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse("\n".join(code))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True


def _cells(source: SourceFile) -> Iterator[list[str]]:
    try:
        loaded = json.loads(source.text)
    except (ValueError, RecursionError):
        raise InputError.one("no JSON", expected="a notebook", file=source.name) from None
    if not isinstance(loaded, dict):
        raise InputError.one("no JSON object", expected="a notebook", file=source.name)
    sheets = loaded["worksheets"] if "worksheets" in loaded and not loaded.get("cells") else [loaded]
    for sheet in sheets if isinstance(sheets, list) else [None]:
        cells = sheet.get("cells") if isinstance(sheet, dict) else None
        if not isinstance(cells, list):
            raise InputError.one("no list of cells", expected="a notebook", file=source.name)
        for cell in cells:
            if isinstance(cell, dict) and cell.get("cell_type") == "code":
                yield _lines(cell.get("source", cell.get("input", "")), source)


def _lines(written: object, source: SourceFile) -> list[str]:
    parts: list[object] = written if isinstance(written, list) else [written]
    texts = [part for part in parts if isinstance(part, str)]
    if len(texts) < len(parts):
        raise InputError.one("a cell that holds no text", expected="a notebook", file=source.name)
    return "".join(texts).split("\n")


class _Where:
    """Finds the line of the file that holds a line of a cell, going forward."""

    def __init__(self, source: SourceFile) -> None:
        self._source = source
        self._text = source.text
        self._index = 0
        self._line = 1

    def of(self, line: str) -> Place:
        bare = json.dumps(line.strip(), ensure_ascii=False)[1:-1]
        index = self._text.find(bare, self._index) if bare else -1
        if index < 0:
            return Place(self._source, self._line, 1)
        self._line += self._text.count("\n", self._index, index)
        self._index = index + len(bare)
        column = index - (self._text.rfind("\n", 0, index) + 1)
        indent = len(line) - len(line.lstrip())
        return Place(self._source, self._line, max(column + 1 - indent, 1), max(len(bare), 1))


def _moved(use: Use, places: list[Place]) -> Use:
    options = tuple(Option(one.key, one.value, _to(one.at, places)) for one in use.options)
    return use._replace(at=_to(use.at, places), options=options)


def _to(at: Place, places: list[Place]) -> Place:
    """The place in the notebook of a place in its cells; quotes are escaped there, so the text is looked for again."""
    line = places[at.line - 1] if at.line <= len(places) else places[-1]
    written = json.dumps(at.written, ensure_ascii=False)[1:-1]
    text = line.file.line(line.line)
    column = text.find(written)
    return Place(line.file, line.line, column + 1, max(len(written), 1)) if column >= 0 and written else line
