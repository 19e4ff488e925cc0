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
FORMAT = '''"""For scripts: one line for each evaluation."""

from __future__ import annotations

from checker.verdict import Report


def render(report: Report) -> str:
    """The lines: rule, then verdict."""
    return "".join(f"{one.rule} {one.verdict}\\n" for one in report.evaluations)
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
    *("docs/gpus.md", "docs/licenses.md", "docs/outputs.md"),
}
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


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree, as far as what is derived reads or writes it."""
    folder = tmp_path_factory.mktemp("extended")
    left_out = shutil.ignore_patterns("__pycache__", "catalogue", "texts")
    shutil.copytree(ROOT / "checker", folder / "checker", ignore=left_out)
    (folder / "docs").mkdir()
    for page in (*ROOT.glob("docs/*.md"), *ROOT.glob("docs/*.svg")):
        shutil.copy(page, folder / "docs")
    shutil.copytree(ROOT / "tools", folder / "tools", ignore=left_out)
    shutil.copy(ROOT / "dev.py", folder)
    for large in ("checker/facts/catalogue", "checker/licenses/texts", "tests"):  # read, and not written
        (folder / large).symlink_to(ROOT / large, target_is_directory=True)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for part in ("checker", "docs") for path in (folder / part).rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files if path.suffix != ".pyc"}


def extend(folder: Path) -> None:
    """The five exercises, by hand."""
    (folder / "checker/rules/intended_use.py").write_text(RULE)
    (folder / "checker/report/lines.py").write_text(FORMAT)
    record: dict[str, Any] = json.loads((folder / "checker/licenses/registry/deepseek-license.json").read_bytes())
    record |= {"id": "acme-7", "name": "Acme Model License 7.0", "license_ref": "LicenseRef-acme-7"}
    record |= {"spellings": ["Acme Model License 7.0"], "hub_names": ["acme-7"], "links": ["example.com/acme-7"]}
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
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_file_or_a_row_and_one_command_are_all_that_an_extension_takes(tree: Path) -> None:
    before = contents(tree)
    extend(tree)
    python(tree, "-m", "tools.derived", "licenses", "packs", "schemas", "pages")
    after = contents(tree)
    assert {name for name in after if after[name] != before.get(name)} == BY_HAND | DERIVED
    assert "`lines`: For scripts: one line for each evaluation." in after["docs/outputs.md"].decode()
    assert "| RTX PRO 9999 | 18 | 18.00 |" in after["docs/gpus.md"].decode()

    (tree / "model.yaml").write_text(MANIFEST)
    said = json.loads(python(tree, "-c", ASKED, "model.yaml"))
    assert said["explain"].startswith("intended-use: The manifest says what its models are used for.")
    assert json.loads(said["explain licence"])["license"]["id"] == "acme-7"
    assert "intended-use fail\n" in said["check"]
    assert "serving-fits pass\n" in said["check"]
    assert "RTX PRO 9999" in said["fit"]
    assert (said["cases"], said["missing"]) == ([], [])
