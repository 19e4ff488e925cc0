"""Cells, sections and the names of pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checker.fleet.inventory import Inventory
from checker.value import NamedTuple

MOST = 100
"""Rows of a table on a page: what a reader looks through, and what opens at once."""
PAGE = 200
"""Rows of a list on each of its pages."""


class Cell(NamedTuple):
    """One cell: text, perhaps a link to a page or a mark of a verdict."""

    text: str
    href: str = ""
    mark: str = ""


class Section(NamedTuple):
    """One table of a page."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    said: str = ""
    more: int = 0
    """Rows that are left out."""


class Content(NamedTuple):
    """One page."""

    title: str
    sections: tuple[Section, ...]
    lead: str = ""
    mark: str = ""
    """`pass`, `fail` or `open`."""
    pairs: tuple[tuple[str, str], ...] = ()
    pages: tuple[tuple[str, str], ...] = ()
    """Labels of the other pages of a list and their addresses; the page itself has none."""
    root: str = ""
    """The way to the folder of the audit: empty, or `../`."""


CODES = {
    0: ("nothing blocks", "pass"),
    1: ("blocks", "fail"),
    2: ("cannot be used", "fail"),
    3: ("could not be evaluated", "open"),
    70: ("a bug in Weighbridge", "fail"),
}


def code_cell(code: int) -> Cell:
    """What a gate's code means."""
    text, mark = CODES.get(code, (str(code), "fail"))
    return Cell(text, mark="not-evaluated" if mark == "open" else mark)


class Pages:
    """The file of each project's and each model's page: numbers, since names may be anything."""

    def __init__(self, inventory: Inventory) -> None:
        self._projects = {row.path: f"projects/{number}.html" for number, row in enumerate(inventory.projects, 1)}
        self._models = {row.id: f"models/{number}.html" for number, row in enumerate(inventory.models, 1)}

    def project(self, path: str) -> str:
        """The page of a project, from the audit's folder."""
        return self._projects[path]

    def model(self, model: str) -> str:
        """The page of a model, from the audit's folder."""
        return self._models[model]

    def project_cell(self, path: str, root: str = "") -> Cell:
        """A link to a project; plain text where it is none of the audit."""
        return Cell(path, href=root + self._projects[path]) if path in self._projects else Cell(path)

    def model_cell(self, model: str, root: str = "") -> Cell:
        """A link to a model; plain text where none of the audit declares it."""
        return Cell(model, href=root + self._models[model]) if model in self._models else Cell(model)


def section(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell | str | int]], said: str = "", most: int = MOST
) -> Section:
    """A table of at most so many rows."""
    every = [tuple(cell if isinstance(cell, Cell) else Cell(str(cell)) for cell in row) for row in rows]
    return Section(title, tuple(columns), tuple(every[:most]), said, max(0, len(every) - most))


def filled(sections: Iterable[Section]) -> tuple[Section, ...]:
    """The sections that have a row."""
    return tuple(one for one in sections if one.rows)
