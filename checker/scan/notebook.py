"""Reads notebooks: the cells as one Python file, shell lines apart, with the lines that the file itself has."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Callable, Iterator, Mapping

from checker.document.errors import InputError
from checker.document.place import Place, SourceFile
from checker.scan import python, shell, words
from checker.scan.python_scopes import Module
from checker.scan.use import Found, Option, Unresolved, Use, together
from checker.value import NamedTuple

_FOREIGN = frozenset(
    ("html", "HTML", "javascript", "js", "latex", "markdown", "svg", "SVG", "sql", "R", "perl", "ruby", "julia", "css")
)
"""Cell magics below which stands another language than Python or a shell's."""
_SHELLS = frozenset(("bash", "sh", "script", "shell", "system", "sx", "!"))
_FILES = frozenset(("writefile", "file"))
_ASSIGNED = re.compile(r"(\s*)([\w.,][\w.,\s]*=\s*)([!%])(?!=)(.*)", re.DOTALL)
"""`found = !command` and `found = %magic`."""
_STATEMENT = re.compile(r"(\s*)%(?:time|timeit|prun|memit|mprun|lprun)\b\s*((?:-\w+(?:\s*\d+)?\s+)*)(.*)", re.DOTALL)
"""Line magics that run the statement behind them."""
_HELP = re.compile(r"\s*(?:\?{1,2}[\w.%]+|[\w.]+\?{1,2})\s*")
_CALLS = re.compile(rf"\b(?:{'|'.join(re.escape(word.removesuffix('(')) for word in sorted(python.WORDS))})\s*[(.]")
"""What a cell that nobody can parse may use a model by."""
_INTERPOLATED = re.compile(r"(?<![$\w{])\{(\w+)\}")


class _Cell(NamedTuple):
    """One cell of code, line by line."""

    lines: tuple[str, ...]
    places: tuple[Place, ...]

    def of(self, word: str) -> Place:
        """The first line that holds the word, else the first."""
        return next((at for line, at in zip(self.lines, self.places, strict=True) if word in line), self.places[0])

    def without_head(self) -> _Cell:
        """The cell below its magic."""
        return _Cell(self.lines[1:] or ("",), self.places[1:] or self.places)


class _Parts(NamedTuple):
    """What cells hold: Python, scripts, and what is neither."""

    code: list[_Cell]
    scripts: list[_Cell]
    unread: list[Unresolved]


def read(source: SourceFile, others: Callable[[str], Module | None]) -> Found:
    """The models that a notebook uses; an empty file is one that nobody has begun.

    Raises:
        InputError: it is no notebook.
        SyntaxError, ValueError, RecursionError, MemoryError: no cell of it is Python.
    """
    if not source.text.strip():
        return Found()
    where = _Where(source)
    cells = [_Cell(tuple(lines), tuple(where.of(line) for line in lines)) for lines in _cells(source)]
    parts = _Parts([], [], [])
    for cell in cells:
        _sort(cell, parts)
    if cells and not parts.code and not parts.scripts and not parts.unread:
        if not words.SCRIPT.are_in(source.text):
            return Found()  # a notebook in another language
        raise SyntaxError("no cell of it is Python")
    text = "\n".join(line for cell in parts.code for line in cell.lines)
    places = [at for cell in parts.code for at in cell.places]
    module = python.module_of(text)
    found = python.read(SourceFile(source.name, text), others, module)
    variables = _constants(module)
    ran = [shell.read_text(_command(cell), variables, cell.of) for cell in parts.scripts]
    uses = [_moved(use, places) for use in found.uses] + [use for part in ran for use in part.uses]
    unresolved = [one._replace(at=_to(one.at, places)) for one in found.unresolved] + parts.unread
    pins = tuple(pin._replace(at=_to(pin.at, places)) for pin in found.pins)
    return together((Found(tuple(uses), tuple(unresolved), pins), *(part._replace(uses=()) for part in ran)))


def _sort(cell: _Cell, parts: _Parts) -> None:
    """Put a cell where it belongs."""
    head = cell.lines[0].strip()
    magic = head.removeprefix("%%").split()[:1] if head.startswith("%%") else []
    if magic and magic[0] in _SHELLS:
        parts.scripts.append(cell.without_head())
        return
    if magic and (magic[0] in _FOREIGN or (magic[0] in _FILES and not head.endswith(".py"))):
        return
    code = cell.without_head() if magic else cell
    if not _parses(code):
        code = _plain(code, parts.scripts)
    if _parses(code):
        parts.code.append(code)
        return
    said = next((line for line in code.lines if _CALLS.search(line)), None)
    if said is not None:  # people leave cells half written; what such a cell uses is unknown and not nothing
        why = "its cell is not Python that can be parsed"
        parts.unread.append(Unresolved(" ".join(said.split())[:60], why, code.of(said), is_unread=True))


def _plain(cell: _Cell, scripts: list[_Cell]) -> _Cell:
    """A cell in Python alone: its commands go to the scripts, a magic leaves the statement that it runs."""
    kept: list[str] = []
    index = 0
    while index < len(cell.lines):
        line = cell.lines[index]
        bare = line.lstrip()
        indent = line[: len(line) - len(bare)]
        assigned = _ASSIGNED.fullmatch(line)
        is_command = bare.startswith("!") or (assigned is not None and assigned[3] == "!")
        if is_command or bare.startswith("%") or assigned is not None:
            end = index + 1
            while end < len(cell.lines) and cell.lines[end - 1].rstrip().endswith("\\"):
                end += 1
            if is_command:
                first = assigned[4] if assigned is not None else bare.lstrip("!")
                scripts.append(_Cell((first, *cell.lines[index + 1 : end]), cell.places[index:end]))
            statement = _STATEMENT.fullmatch(line)
            kept.append(_instead(indent, assigned, statement))
            kept += cell.lines[index + 1 : end] if statement else [f"{indent}pass"] * (end - index - 1)
            index = end
            continue
        kept.append(f"{indent}pass" if _HELP.fullmatch(line) else line)
        index += 1
    return _Cell(tuple(kept), cell.places)


def _instead(indent: str, assigned: re.Match[str] | None, statement: re.Match[str] | None) -> str:
    """The line of Python that stands for one of IPython's."""
    if statement is not None:
        return f"{indent}{statement[3] or 'pass'}"
    if assigned is None:
        return f"{indent}pass"
    timed = _STATEMENT.fullmatch(f"%{assigned[4]}") if assigned[3] == "%" else None
    return f"{assigned[1]}{assigned[2]}{timed[3] if timed is not None and timed[3] else None}"


def _command(cell: _Cell) -> str:
    """A script as a shell would see it: IPython puts variables of Python in the place of `{name}`."""
    return _INTERPOLATED.sub(r"${\1}", "\n".join(cell.lines))


def _constants(module: Module) -> Mapping[str, str]:
    """The names to which the notebook gives one constant text."""
    given: dict[str, str] = {}
    for name, bindings in module.scope.bindings.items():
        value = bindings[0].value
        if len(bindings) == 1 and isinstance(value, ast.Constant) and isinstance(value.value, str):
            given[name] = value.value
    return given


def _parses(cell: _Cell) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse("\n".join(cell.lines))
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
