"""The command `bom`: one document, one project; what is missing is said, what cannot be used ends with two."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.bom.conftest import MANIFEST

SIX_LINES = """\
weighbridge: 1
models:
  - model: Qwen/Qwen2.5-7B-Instruct
    objective: chat
"""


def test_a_file_is_written_and_standard_output_stays_empty(project, weighbridge):
    folder = project({"model.yaml": SIX_LINES})
    run = weighbridge("bom", "--format", "cyclonedx-1.6", "-o", "bom.json")
    assert (run.code, run.out) == (0, "")
    assert json.loads((folder / "bom.json").read_text(encoding="utf-8"))["bomFormat"] == "CycloneDX"
    assert "missing the commit that is used" in run.err


def test_the_time_is_that_of_reproducible_builds(project, weighbridge):
    project({"model.yaml": SIX_LINES})
    run = weighbridge("bom", "--format", "cyclonedx-1.6", SOURCE_DATE_EPOCH="1793577600")
    assert json.loads(run.out)["metadata"]["timestamp"] == "2026-11-02T00:00:00Z"
    run = weighbridge("bom", "--format", "cyclonedx-1.6", SOURCE_DATE_EPOCH="yesterday")
    assert run.code == 2
    assert "SOURCE_DATE_EPOCH is `yesterday`" in run.err


def test_one_document_holds_one_project(project, weighbridge):
    project({"a/model.yaml": SIX_LINES, "b/model.yaml": SIX_LINES})
    run = weighbridge("bom", "--format", "spdx-2.3")
    assert (run.code, run.out) == (2, "")
    assert "leads to 2 manifests" in run.err


@pytest.mark.parametrize("arguments", [("--format", "spdx-4"), (), ("--format", "spdx-2.3", "--created", "soon")])
def test_a_format_or_time_that_is_none_ends_with_two(project, weighbridge, arguments):
    project({"model.yaml": SIX_LINES})
    assert weighbridge("bom", *arguments).code == 2


def test_a_manifest_that_cannot_be_used_ends_with_two(project, weighbridge):
    project({"model.yaml": MANIFEST.replace("objective: similarity", "objektive: similarity"), "own/config.json": "{}"})
    run = weighbridge("bom", "--format", "cyclonedx-1.6")
    assert (run.code, run.out) == (2, "")
    assert "objektive" in run.err


def test_a_missing_extra_is_named(project, weighbridge, tmp_path):
    project({"model.yaml": SIX_LINES, "spdx_tools/__init__.py": "raise ModuleNotFoundError(name='spdx_tools')"})
    run = weighbridge("bom", "--format", "spdx-2.3", PYTHONPATH=str(tmp_path))
    assert run.code == 2
    assert "pip install 'weighbridge[bom]'" in run.err


def test_a_check_imports_nothing_of_it(project):
    folder = project({"model.yaml": SIX_LINES})
    command = [sys.executable, "-X", "importtime", "-m", "checker", "check"]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stderr
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in said.splitlines()}
    assert "checker" in imported
    assert not imported & {"spdx_tools", "spdx_python_model", "license_expression", "rdflib", "jinja2"}
    assert "checker.bom" not in said
