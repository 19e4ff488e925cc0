"""What docs/how-to/extend.md promises: one file or one row, then one command, and everything else follows.

Done in a copy of the tree, for a rule, a licence, a format, a GPU and a quantisation at once.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.packaging.offline import ROOT

RULE = '''"""The manifest says what its models are used for.

What: `use.intended` is stated.
Why:  who answers for a model later has to know what it was chosen for.
Fix:  write one sentence under `use.intended`.

Passes: {model: Qwen/Qwen2.5-7B-Instruct, use: {intended: answers questions of customers}}
Fails:  {model: Qwen/Qwen2.5-7B-Instruct}
"""

from __future__ import annotations

from checker.manifest.model import Manifest, ModelEntry
from checker.rulebook.outcome import Failed, Finding, Outcome, Passed
from checker.rulebook.settings import Settler

SETTLED_BY = Settler.YOU


def check(entry: ModelEntry, manifest: Manifest) -> Outcome:
    """Whether a purpose is written down."""
    if manifest.use is not None and manifest.use.intended is not None:
        return Passed()
    return Failed((Finding(at=entry.at, expected="`use.intended`", found="none", remedy="write what it is for"),))
'''
CASES = """\
{model: Qwen/Qwen2.5-7B-Instruct, use: {intended: answers questions of customers}}
{model: Qwen/Qwen2.5-7B-Instruct}
"""
FORMAT = '''"""For scripts: one line for each evaluation."""

from __future__ import annotations

from collections.abc import Iterator

from checker.document.errors import visible
from checker.report._notes import notes
from checker.report._remarks import UNJUDGED, UNUSABLE
from checker.surroundings import Surroundings
from checker.verdict import Report


def render(report: Report, surroundings: Surroundings) -> str:
    """The lines: rule, model, verdict, whether it blocks, and by which waiver it does not."""
    return "".join(f"{visible(line)}\\n" for line in _lines(report, surroundings))


def _lines(report: Report, surroundings: Surroundings) -> Iterator[str]:
    yield from (f"relaxed: {one}" for one in report.relaxations)
    yield from (f"note: {one.sentence(surroundings)}" for one in notes(report))
    for refused in report.refused:
        for problem in refused.problems:
            yield f"{UNUSABLE} | {refused.file} | refused | blocks | {problem.sentence}"
    for manifest in report.manifests:
        yield from (f"{UNJUDGED} | {one.name} | - | blocks" for one in manifest.models if one.is_unjudged)
    for one in report.evaluations:
        waivers = {covered.waiver.id for covered in (*one.findings, *one.missing) if covered.waiver}
        found = "; ".join(detail.found for detail in one.findings)
        words = [one.rule, one.model, str(one.verdict), "blocks" if one.blocks else "-", *waivers, found]
        yield " | ".join(words)
'''
MEDIUM = '''"""The report for scripts."""

from __future__ import annotations

from fuzz.wellformed import text as well_formed
from tests.hostile import oracles
from tests.report.told import Medium, Told, Verdicts


def read(text: str) -> Verdicts:
    rows = [line.split(" | ") for line in text.splitlines()]
    return {(row[0], row[1], f"{row[2]} {row[3]}") for row in rows if len(row) > 1}


MEDIUM = Medium(
    read,
    {
        Told.PASS: "pass -",
        Told.NOT_APPLICABLE: "not-applicable -",
        Told.WAIVED: "waived -",
        Told.ADVICE: "fail -",
        Told.BLOCKS: "fail blocks",
        Told.UNKNOWN_ADVICE: "not-evaluated -",
        Told.UNKNOWN_BLOCKS: "not-evaluated blocks",
        Told.UNJUDGED: "- blocks",
        Told.REFUSED: "refused blocks",
    },
    oracle=oracles.terminal,
    well_formed=well_formed,
)
'''
GPU = {
    "name": "RTX PRO 9999", "vendor": "NVIDIA", "kind": "workstation", "marketed_gb": 18,
    "usable_bytes": 18 * 2**30, "source": "a row for this test: 18 GB, read as GiB",
}  # fmt: skip
QUANTISATION = """\
    "six-bits": Format(6 + 8 / 32, False, "6 bits and an 8-bit scale for each 32", in_names=((99, "6bits"),)),
"""
MANIFEST = """\
weighbridge: 1
owner: platform
models:
  - model: Qwen/Qwen2.5-7B-Instruct
    license: Acme Model License 7.0
    objective: chat
    deployment: {quantization: six-bits, context_window: 8192, hardware: {gpu: NVIDIA RTX PRO 9999}}
"""
BY_HAND = {
    "checker/rules/intended_use.py", "checker/report/lines.py", "checker/licenses/registry/acme-7.json",
    "checker/memory/gpus.json", "checker/memory/formats.py",
    "tests/rules/answers/intended-use.txt", "tests/report/media/lines.py",
}  # fmt: skip
DERIVED = {
    *(
        f"checker/policies/{pack}{end}"
        for pack in ("enterprise", "starter", "research")
        for end in (".yaml", ".test.yaml")
    ),
    *("checker/policies/permissive-only.test.yaml", "checker/policies/every-rule.cases.yaml"),
    *("checker/licenses/links.json", "checker/licenses/spellings.json"),
    *(
        f"checker/schemas/{of}{draft}.schema.json"
        for of in ("policy", "project-policy", "policy-tests", "manifest")
        for draft in ("", ".draft-07")
    ),
    *("docs/gpus.md", "docs/licenses.md", "docs/outputs.md", "docs/fuzzing.md", "fuzz/targets/report_lines.py"),
}
ROOMS = {
    "a rule": (
        *("tests/rules/test_answers.py", "tests/policy/test_answers.py", "tests/policies"),
        "tests/packaging/test_figures.py",
    ),
    "a format": (
        *("tests/whole/test_formats.py", "tests/hostile/test_injection.py"),
        *("tests/report/test_notes.py", "tests/commands/test_outputs.py"),
        *("tests/fuzz/test_page.py", "tests/fuzz/test_targets.py", "-k", "not harm or report-lines"),
    ),
    "a licence": (
        "tests/licenses/test_schema.py",
        "tests/licenses/test_registry_files.py",
        "tests/licenses/test_spellings_seen.py",
        "-k",
        "acme-7 or every",
    ),
    "a quantisation and a GPU": (
        *("tests/manifest/test_examples.py", "tests/manifest/test_schema.py", "tests/commands/test_fit.py"),
        *("tests/memory/test_gpus.py", "-k", "not fit or bad_input"),
    ),
}
"""What of the suite says something about each exercise beyond what was written for it: it has to stay as it is."""
ASKED = """
import io, json, sys
from checker.command_line import main
from checker.console import Console
from checker.policy_tests import find
from checker.policy_tests.run import Wishes, run
from checker.rulebook.discover import rule_ids
from datetime import date

said = {}
for arguments in (
    ["explain", "intended-use"],
    ["explain", "acme model license 7.0", "--json"],
    ["check", sys.argv[1], "--output", "lines", "--today", "2026-11-23", "--exit-zero"],
    ["fit", "--gpu", "rtx-pro-9999", "--serve", "--quantization", "six-bits", "--context-window", "8192",
     "Qwen/Qwen2.5-7B-Instruct"],
):
    out = io.StringIO()
    main(arguments, Console(out, sys.stderr, io.StringIO(), {}, date(2026, 11, 23)))
    said[arguments[0] + (" licence" if "--json" in arguments else "")] = out.getvalue()
[pack] = find.tested("weighbridge:enterprise")
result = run(pack, Wishes(date(2026, 11, 23)))
said["cases"] = [case.name for case in result.cases if not case.holds]
said["missing"] = [str(one) for one in result.coverage.missing]
sys.stdout.write(json.dumps(said))
"""


LARGE = ("checker/facts/catalogue", "checker/licenses/texts")
"""Read, and not written."""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree."""
    folder = tmp_path_factory.mktemp("extended")
    left_out = shutil.ignore_patterns("__pycache__", "found", *(Path(large).name for large in LARGE))
    for part in ("checker", "docs", "examples", "fuzz", "tests", "tools", "benchmarks"):
        shutil.copytree(ROOT / part, folder / part, ignore=left_out)
    for file in ("dev.py", "pyproject.toml", "README.md", "CHANGELOG.md"):
        shutil.copy(ROOT / file, folder)
    for large in LARGE:
        (folder / large).symlink_to(ROOT / large, target_is_directory=True)
    return folder


@pytest.fixture(scope="module")
def changed(tree: Path) -> dict[str, bytes]:
    """What the five exercises and the one command wrote."""
    before = contents(tree)
    extend(tree)
    python(tree, "-m", "tools.derived", "licenses", "packs", "schemas", "pages", "targets")
    python(tree, "-m", "tests.rules.answering")
    return {name: content for name, content in contents(tree).items() if content != before.get(name)}


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for part in ("checker", "docs", "fuzz", "tests") for path in (folder / part).rglob("*"))
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in files
        if path.is_file() and path.suffix != ".pyc"
    }


def extend(folder: Path) -> None:
    """The five exercises, by hand."""
    (folder / "checker/rules/intended_use.py").write_text(RULE)
    (folder / "tests/rules/answers/intended-use.txt").write_text(CASES)
    (folder / "checker/report/lines.py").write_text(FORMAT)
    (folder / "tests/report/media/lines.py").write_text(MEDIUM)
    record: dict[str, Any] = json.loads((folder / "checker/licenses/registry/deepseek-license.json").read_bytes())
    record |= {"id": "acme-7", "name": "Acme Model License 7.0", "license_ref": "LicenseRef-acme-7"}
    record |= {"spellings": ["Acme Model License 7.0", "LicenseRef-acme-7"], "hub_names": ["acme-7"]}
    record |= {"links": ["example.com/acme-7"]}
    record = {name: value for name, value in record.items() if not name.startswith("license_db")}
    (folder / "checker/licenses/registry/acme-7.json").write_text(json.dumps(record))
    gpus = folder / "checker/memory/gpus.json"
    gpus.write_text(gpus.read_text("utf-8").replace("[\n", f"[\n  {json.dumps(GPU)},\n", 1), "utf-8")
    formats = folder / "checker/memory/formats.py"
    formats.write_text(
        formats.read_text("utf-8").replace('    "int8": Format(\n', QUANTISATION + '    "int8": Format(\n')
    )


def python(folder: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "WEIGHBRIDGE"))}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, f"{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def test_a_file_or_a_row_and_one_command_are_all_that_an_extension_takes(tree: Path, changed: dict[str, bytes]) -> None:
    assert changed.keys() == BY_HAND | DERIVED
    assert "`lines`: For scripts: one line for each evaluation." in changed["docs/outputs.md"].decode()
    assert "| RTX PRO 9999 | 18 | 18.00 |" in changed["docs/gpus.md"].decode()

    (tree / "model.yaml").write_text(MANIFEST)
    said = json.loads(python(tree, "-c", ASKED, "model.yaml"))
    assert said["explain"].startswith("intended-use: The manifest says what its models are used for.")
    assert json.loads(said["explain licence"])["license"]["id"] == "acme-7"
    assert "intended-use | Qwen2.5-7B-Instruct | fail | " in said["check"]
    assert "serving-fits | Qwen2.5-7B-Instruct | pass | " in said["check"]
    assert "RTX PRO 9999" in said["fit"]
    assert (said["cases"], said["missing"]) == ([], [])


@pytest.mark.parametrize("exercise", ROOMS)
def test_what_others_are_held_to_holds_with_the_extension(tree: Path, changed: dict[str, bytes], exercise: str) -> None:
    assert changed
    python(tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *ROOMS[exercise])
