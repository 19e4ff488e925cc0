"""Every link leads somewhere: to a file, a heading, a rule; in pages, and in what the program prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.documentation.blocks import is_made, pages, prose
from tests.packaging.offline import ROOT

_LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)\s>]+)>?\)")


def problem(page: Path, target: str) -> str | None:
    """What is wrong with a link of a page, or None; addresses of other hosts are not asked."""
    if re.match(r"[a-z]+:", target):
        return None
    name, _, anchor = target.partition("#")
    path = (page.parent / name).resolve() if name else page
    if not path.is_relative_to(ROOT):
        return "leads out of the repository"
    if is_made(path):  # the site's build, which has them, asks the rest of those links
        return None if page.is_relative_to(ROOT / "docs") else "leads to a page that is on the site alone"
    if not path.exists():
        return "leads nowhere"
    return "no such heading" if anchor and anchor not in anchors(path) else None


def anchors(page: Path) -> set[str]:
    """The ends of addresses that a page's headings have, here and on code hosts."""
    headings = re.findall(r"^#{1,6} (.+)$", prose(page), re.MULTILINE)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading).strip().replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    found = _LINK.findall(prose(page))
    assert [(target, wrong) for target in found if (wrong := problem(page, target))] == []


def test_addresses_of_our_pages_in_the_program_are_pages() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "checker").rglob("*.py")]
    named = {name for text in sources for name in re.findall(r"\{HOME\}/docs/([a-z/-]*[a-z-])/", text)}
    there = {path.relative_to(ROOT / "docs").with_suffix("").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert named
    assert named - there == set()


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("docs/polcy.md", "leads nowhere"),
        ("docs/policy.md#nothing", "no such heading"),
        ("../elsewhere.md", "leads out of the repository"),
        ("docs/lock.md#what-a-lock-proves-and-what-not", None),
        ("docs/rules/license-use.md", "leads to a page that is on the site alone"),
    ],
)
def test_a_link_that_leads_nowhere_is_seen(target: str, said: str | None) -> None:
    assert problem(ROOT / "README.md", target) == said
