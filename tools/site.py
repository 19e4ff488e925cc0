"""What the site is built from beside the pages of docs/: those that are made from the code, and the navigation."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from checker.commands.explain import as_markdown
from checker.custom.variables import documented
from checker.policy.custom_page import as_table
from checker.rulebook.discover import rule_ids
from checker.rulebook.documentation import documentation
from dev import MADE_PAGES, SITE_CONFIG
from tools import reference
from tools.environment import ROOT

_PAGE_LINK = re.compile(r"\]\(([^)#:]+\.md)\)")


def write_config(root: Path) -> Path:
    """The site's configuration with the navigation that the first page of its docs lists."""
    docs = root / "docs"
    sections = "".join(f"  {line},\n" for line in navigation((docs / "index.md").read_text(encoding="utf-8"), docs))
    before, project, after = (root / "zensical.toml").read_text(encoding="utf-8").partition("[project]\n")
    written = root / SITE_CONFIG
    written.write_text(f"{before}{project}nav = [\n{sections}]\n{after}", encoding="utf-8")
    return written


def navigation(index: str, docs: Path) -> Iterator[str]:
    """The items of the site's `nav`, as TOML: a heading is a section, a link to a page an item of it.

    Where a page is the first one of its folder, the others of that folder which the index leaves out stand below it.
    """
    linked = set(_PAGE_LINK.findall(index))
    yield '"index.md"'
    for part in re.split(r"^## ", index, flags=re.MULTILINE)[1:]:
        title, _, rest = part.partition("\n")
        own, *subsections = re.split(r"^### ", rest, flags=re.MULTILINE)
        items = [*nav_items(own, linked, docs)]
        for subsection in subsections:
            name, _, listed = subsection.partition("\n")
            items.append(nav_section(name, nav_items(listed, linked, docs)))
        yield nav_section(title, items)


def nav_items(text: str, linked: set[str], docs: Path) -> Iterator[str]:
    """The pages that a part of the index links to."""
    for page in _PAGE_LINK.findall(text):
        others: list[str] = []
        if page.endswith("/index.md"):
            folder = sorted(path.relative_to(docs).as_posix() for path in (docs / page).parent.glob("*.md"))
            others = [other for other in folder if other not in linked]
        title = page.partition("/")[0].capitalize()
        yield nav_section(title, map(json.dumps, (page, *others))) if others else json.dumps(page)


def nav_section(title: str, items: Iterable[str]) -> str:
    """A section of the navigation."""
    return f"{{{json.dumps(title)} = [{', '.join(items)}]}}"


def write_pages(folder: Path) -> None:
    """Put the pages that are made from the code below the folder of the documentation.

    They are not in the repository: a page that is made at each build cannot differ from the code, and whoever changes a
    help text need not make pages anew. What a change does to users is seen in what is recorded: the schemas, and the
    surface of the Python API.
    """
    write_rule_pages(folder / "rules")
    reference.write(folder / "reference")


def write_rule_pages(folder: Path) -> None:
    """Fill a folder with a page for each rule, as `weighbridge explain` words it, and a list of them all."""
    folder.mkdir()
    pages = [documentation(rule) for rule in rule_ids()]
    lines = [f"- [`{page.id}`]({page.id}.md): {page.summary}\n" for page in pages]
    (folder / "index.md").write_text(f"# Rules\n\n{''.join(lines)}", encoding="utf-8")
    for page in pages:
        (folder / f"{page.id}.md").write_text(as_markdown(page), encoding="utf-8")
    table = as_table(documented().values())
    (folder / "custom-variables.md").write_text(f"# Variables of custom rules\n\n{table}", encoding="utf-8")


if __name__ == "__main__":
    for made in MADE_PAGES:
        shutil.rmtree(ROOT / "docs" / made, ignore_errors=True)
    write_pages(ROOT / "docs")
    write_config(ROOT)
