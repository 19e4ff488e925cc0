"""Counts in the documentation are those of the code: a page that names one is held to it here.

Pages with figures of their own tests are not repeated: the catalogue, GPUs, memory, guidance, scanning, and every page
whose commands are run.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

from benchmarks.check_speed import SIX_LINES
from checker.licenses.registry import ids
from tests.packaging.offline import ROOT

DOCS = ROOT / "docs"
_COUNTS_ITSELF = """
import sys
from checker.command_line import run
code = run(sys.argv[1:])
modules = [name for name in sys.modules if name.partition(".")[0] == "checker"]
print(code, len(modules), file=sys.stderr)
"""


def page(name: str) -> str:
    """A page without its line breaks."""
    return " ".join((DOCS / name).read_text(encoding="utf-8").split())


def test_the_licences_are_counted() -> None:
    unread = json.loads((ROOT / "checker" / "licenses" / "unread.json").read_text(encoding="utf-8"))
    assert f"It holds {len(ids())} texts that were read and {len(unread)} more that are known" in page("licenses.md")


def test_the_judged_models_are_counted() -> None:
    text = page("classify.md")
    for name in ("held_out", "held_out_two"):
        with (ROOT / "tests" / "data" / "kinds" / f"{name}.csv").open(encoding="utf-8") as file:
            assert f"| {sum(1 for _ in csv.DictReader(file))} of `{name}` |" in text


def test_the_judged_questions_to_licences_are_counted() -> None:
    with (ROOT / "tests" / "data" / "license_cases.csv").open(encoding="utf-8") as file:
        assert f"agreement with {sum(1 for _ in csv.DictReader(file))} cases" in page("license-check.md")


def test_the_modules_that_a_check_loads_are_counted(tmp_path: Path) -> None:
    (tmp_path / "model.yaml").write_text(SIX_LINES, encoding="utf-8")
    command = (sys.executable, "-c", _COUNTS_ITSELF, "check", "model.yaml")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    code, modules = map(int, done.stderr.split())
    assert code == 0
    (said,) = re.findall(r"loading some (\d+) modules of ours", page("performance.md"))
    assert abs(modules - int(said)) <= 0.1 * modules
