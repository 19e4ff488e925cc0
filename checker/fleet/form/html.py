"""An audit as a folder of pages without script: an overview, lists in pages, a page a project and a page a model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jinja2 import Template

from checker.document.folder import made
from checker.document.page import environment
from checker.document.write import replace_file
from checker.fleet.inventory import Inventory
from checker.fleet.page.cells import Content, Pages
from checker.fleet.page.lists import models, projects
from checker.fleet.page.model import model_page
from checker.fleet.page.overview import overview
from checker.fleet.page.project import project_page
from checker.fleet.record import Records
from checker.report.text import NO_ADVICE, NOT_TESTED

_HERE = Path(__file__).parent.parent / "templates"
_STYLE = Path(__file__).parents[2] / "report" / "templates" / "audit.css"


def write(target: Path, inventory: Inventory, records: Records) -> None:
    """Write the folder; `index.html` is where to begin.

    Raises:
        InputError: the folder cannot be written.
    """
    template = environment(_HERE).get_template("tables.html.j2")
    for folder in (target, target / "projects", target / "models"):
        made(folder)
    replace_file(target / "style.css", _STYLE.read_text(encoding="utf-8"))
    pages = Pages(inventory)
    for name, content in _pages(pages, inventory, records):
        replace_file(target / name, _rendered(template, content, inventory))


def _pages(pages: Pages, inventory: Inventory, records: Records) -> Iterator[tuple[str, Content]]:
    yield "index.html", overview(inventory, pages)
    yield from projects(inventory, pages)
    yield from models(inventory, pages)
    for record in records():
        yield pages.project(record.path), project_page(record, pages)
    for row in inventory.models:
        yield pages.model(row.id), model_page(row, pages)


def _rendered(template: Template, content: Content, inventory: Inventory) -> str:
    return template.render(content._asdict(), inventory=inventory, not_tested=NOT_TESTED, no_advice=NO_ADVICE)
