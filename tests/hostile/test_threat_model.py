"""The page on threats says what is so: each test that it names exists, and what loosens a run shows everywhere."""

from __future__ import annotations

import ast
import re
import shlex
from datetime import date
from inspect import getsource
from pathlib import Path

import pytest

from checker.commands import _gate
from checker.request import IGNORING_WAIVERS, judged_as_of
from tests.hostile.test_injection import FORMATS
from tests.in_process import weighbridge  # noqa: F401
from tests.repository import MANIFEST, POLICY, Repository

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
OUTPUTS = " ".join(f"--output {name}=out/{name}" for name in FORMATS)
LOOSER = {
    "--today": ("--today 2026-11-28", "--today 2026-11-28"),
    "--exit-zero": ("--exit-zero", "--exit-zero"),
    "--fail-on hard-mandatory": ("--fail-on hard-mandatory", "--fail-on hard-mandatory"),
    "--ignore-waivers": ("--ignore-waivers", "--ignore-waivers"),
    "--since": ("--since HEAD", "--since HEAD"),
    "--allow-empty": ("--allow-empty", "--allow-empty"),
    "--exclude": ("--exclude use.py", "--exclude use.py"),
    "pyproject.toml": ("", "pyproject.toml"),
}
"""By the page's word: the options, and what every output says."""


def test_every_test_that_the_page_names_exists():
    assert len(NAMED) > 30
    for file, name in NAMED:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert name in [node.name for node in tree.body if isinstance(node, ast.FunctionDef)], f"{file}::{name}"


def test_every_claim_names_a_test():
    claims = PAGE.partition("## Claims, and what shows them")[2].partition("## ")[0]
    rows = [line for line in claims.splitlines() if line.startswith("| ") and not line.startswith("| claim")]
    assert rows
    assert all("::test_" in row for row in rows)


def test_the_page_lists_what_loosens_and_nothing_else():
    listed = PAGE.partition("## What loosens a run")[2].partition("## ")[0]
    assert re.findall(r"^\| `([^`]+)` \|", listed, re.MULTILINE) == list(LOOSER)


def test_the_page_lists_each_option_that_the_code_names():
    named = getsource(_gate.relaxations) + IGNORING_WAIVERS + judged_as_of(date(2026, 11, 28))
    options = {word.split()[0] for word in LOOSER if word.startswith("--")}
    assert set(re.findall(r"--[a-z][a-z-]+", named)) == options


@pytest.mark.parametrize("word", LOOSER)
def test_what_loosens_a_run_is_named_in_every_output(word, tmp_path: Path, weighbridge):  # noqa: F811
    options, says = LOOSER[word]
    files = {"model.yaml": MANIFEST, "policy.yaml": POLICY, ".gitignore": "out\n", "use.py": "import transformers\n"}
    chosen = word == "pyproject.toml"
    if chosen:
        files["pyproject.toml"] = '[tool.weighbridge]\npolicy = "policy.yaml"\n'
    repository = Repository(tmp_path)
    repository.commit(files)
    (tmp_path / "model.yaml").write_text(MANIFEST.replace("owner: team", "owner: other"))
    (tmp_path / "out").mkdir()
    policy = "" if chosen else "--policy policy.yaml"
    command = "scan" if word == "--exclude" else "check"
    run = weighbridge(*shlex.split(f"{command} . {policy} {options} {OUTPUTS}"))
    assert run.code in (0, 1), run.err
    assert _silent(tmp_path, says) == [], run.err


@pytest.mark.parametrize("word", [word for word in LOOSER if word.startswith("--") and word != "--exclude"])
@pytest.mark.parametrize(("manifest", "code"), [(None, 0), ("weighbridge: 1\nmodels: 5\n", 2)], ids=["none", "refused"])
def test_what_loosens_a_run_is_named_where_no_manifest_is_judged(manifest, code, word, tmp_path: Path, weighbridge):  # noqa: F811
    options, says = LOOSER[word]
    repository = Repository(tmp_path)
    repository.commit({"policy.yaml": POLICY, ".gitignore": "out\n"})
    if manifest is not None:
        repository.put({"model.yaml": manifest})
    (tmp_path / "out").mkdir()
    run = weighbridge(*shlex.split(f"check . --policy policy.yaml --allow-empty {options} {OUTPUTS}"))
    assert run.code == code, run.err
    assert _silent(tmp_path, says) == [], run.err


def test_a_change_that_can_alter_no_manifest_is_told_in_every_output(tmp_path: Path, weighbridge):  # noqa: F811
    repository = Repository(tmp_path)
    repository.commit({"model.yaml": MANIFEST, "policy.yaml": POLICY, ".gitignore": "out\n"})
    (tmp_path / "out").mkdir()
    run = weighbridge(*shlex.split(f"check . --policy policy.yaml --since HEAD {OUTPUTS}"))
    assert run.code == 0, run.err
    assert _silent(tmp_path, "--since HEAD") == []
    for name in ("junit", "oscal"):
        assert "the change can alter no manifest" in _read(tmp_path / "out" / name).lower()


def _silent(folder: Path, says: str) -> list[str]:
    """The outputs that do not say it."""
    return [name for name in FORMATS if says not in _read(folder / "out" / name)]


def _read(path: Path) -> str:
    """The text, with the marks as a reader has them."""
    text = path.read_text(encoding="utf-8")
    for entity, mark in (("&#45;", "-"), ("&#46;", "."), ("&#95;", "_")):
        text = text.replace(entity, mark)
    return text
