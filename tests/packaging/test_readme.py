"""The README shows what really happens."""

from __future__ import annotations

import re

import dev
from tests.packaging.offline import ROOT, tool

README = (ROOT / "README.md").read_text(encoding="utf-8")


def lasting(text: str) -> str:
    """Without what changes from day to day and from release to release: dates, ages in days, digests, the version."""
    text = re.sub(r"\d{4}-\d{2}-\d{2}", "DATE", text)
    text = re.sub(r"\d+ days?\b", "N days", text)
    text = re.sub(r"weighbridge \d+\.\d+\.\d+", "weighbridge VERSION", text)
    return re.sub(r"sha256 [0-9a-f]+", "sha256 DIGEST", text)


def test_the_readme_shows_the_output_of_the_demo() -> None:
    block = README.partition(dev.README_BEGIN)[2].partition(dev.README_END)[0]
    assert lasting(block) == lasting("\n" + dev.readme_sample(str(tool("weighbridge"))))


def test_the_manifest_in_the_readme_has_six_lines() -> None:
    manifest = README.partition("```yaml\n")[2].partition("```")[0]
    assert len(manifest.splitlines()) == 6
    assert manifest.startswith("weighbridge: 1\n")


def test_the_readme_explains_every_exit_code() -> None:
    from checker.exit_code import ExitCode

    explained = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    assert explained == set(ExitCode)


def test_the_readme_names_every_command() -> None:
    commands = {path.stem for path in (ROOT / "checker" / "commands").glob("[a-z]*.py")}
    assert set(re.findall(r"^\| `weighbridge ([a-z]+)", README, re.MULTILINE)) == commands


def test_every_page_is_linked_from_the_first_one() -> None:
    docs = ROOT / "docs"
    linked = set(re.findall(r"\]\(([^)#]+\.md)", (docs / "index.md").read_text(encoding="utf-8")))
    pages = {path.relative_to(docs).as_posix() for path in docs.rglob("*.md")} - {"index.md"}
    written = {page for page in pages if page.partition("/")[0] not in dev.MADE_PAGES}
    assert linked - {"rules/index.md", "reference/index.md", "reference/python.md"} == written


def test_every_room_stands_in_the_architecture() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").partition("## Start-up")[0]
    rooms = {path.parent.name for path in (ROOT / "checker").glob("*/__init__.py")}
    assert sorted(re.findall(r"^    ([a-z_]+)/ ", page, re.MULTILINE)) == sorted(rooms | {"policies"})


def test_every_argument_of_rules_stands_in_the_architecture() -> None:
    from checker.rulebook.discover import load_rule, rule_ids

    table = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").partition("| argument |")[2]
    needs = {name for rule in rule_ids() for name in load_rule(rule).needs}
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == needs
