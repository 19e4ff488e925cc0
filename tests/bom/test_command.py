"""The command `bom`: one document, one project; what is missing is said, what cannot be used ends with two."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from checker.facts.locked.file import as_text
from checker.facts.locked.lock import lock_of
from tests.bom.conftest import MANIFEST
from tests.conftest import weighbridge  # a missing package is one of another process

__all__ = ["weighbridge"]
from tests.facts.locked.entries import AT, entry

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
    for odd in ("yesterday", "-62135596800", "٣", "9" * 5000):
        run = weighbridge("bom", "--format", "cyclonedx-1.6", SOURCE_DATE_EPOCH=odd)
        assert run.code == 2
        assert f"SOURCE_DATE_EPOCH is `{odd[:40]}" in run.err


def test_one_document_holds_one_project(project, weighbridge):
    project({"a/model.yaml": SIX_LINES, "b/model.yaml": SIX_LINES})
    run = weighbridge("bom", "--format", "spdx-2.3")
    assert (run.code, run.out) == (2, "")
    assert "leads to 2 manifests" in run.err


@pytest.mark.parametrize("arguments", [("--format", "spdx-4"), (), ("--format", "spdx-2.3", "--created", "soon"),
                                       ("--format", "spdx-2.3", "--created", "9999-12-31T23:59:59-14:00")])  # fmt: skip
def test_a_format_or_time_that_is_none_ends_with_two(project, weighbridge, arguments):
    project({"model.yaml": SIX_LINES})
    assert weighbridge("bom", *arguments).code == 2


def test_nothing_to_write_about_is_an_error_without_advice_that_does_not_work(project, weighbridge):
    project({"README.md": "x"})
    run = weighbridge("bom", "--format", "cyclonedx-1.6")
    assert run.code == 2
    assert "no manifest was found" in run.err
    assert "--allow-empty" not in run.err


@pytest.mark.parametrize("form", ["cyclonedx-1.6", "spdx-2.3", "spdx-3.0"])
def test_the_day_and_what_loosens_the_verdicts_are_said(project, weighbridge, form):
    pyproject = '[tool.weighbridge]\npolicy = "weighbridge:starter"\n'
    project({"model.yaml": SIX_LINES, "pyproject.toml": pyproject})
    run = weighbridge("bom", "--format", form, "--today", "2026-11-02", "--created", "2026-11-03T00:00:00Z")
    assert run.code == 0
    assert "2026-11-02" in run.out.replace("--today 2026-11-02", "")
    assert "--today 2026-11-02" in run.out
    assert "the project chose its policy in pyproject.toml" in run.out


@pytest.mark.parametrize(
    ("status", "phases"), [("status: retired\n", ["decommission"]), ("status: planned\n", ["design"]), ("", None)]
)
def test_the_phase_is_the_stated_one(project, weighbridge, status, phases):
    project({"model.yaml": SIX_LINES.replace("models:", f"{status}models:")})
    metadata = json.loads(weighbridge("bom", "--format", "cyclonedx-1.6").out)["metadata"]
    assert ([one["phase"] for one in metadata["lifecycles"]] if "lifecycles" in metadata else None) == phases


def test_the_facts_of_the_organisation_name_commit_and_files(project, weighbridge):
    policy = "policy: acme\nversion: 1\nextends: [weighbridge:enterprise]\nfacts: approved.lock\n"
    project({"p/model.yaml": SIX_LINES, "o/policy.yaml": policy, "o/approved.lock": as_text(lock_of([entry()]))})
    run = weighbridge("bom", "--format", "cyclonedx-1.6", "p", "--policy", "o/policy.yaml", "--today", "2026-11-22")
    document = json.loads(run.out)
    (model,) = document["components"]
    assert model["version"] == AT
    assert [file["name"] for file in model["components"]] == ["model.safetensors"]
    assert "approved.lock, sha256" in json.dumps(document["metadata"])
    assert "missing the commit" not in run.err


def test_a_waived_finding_names_its_waiver(project, weighbridge):
    policy = "policy: acme\nversion: 1\nextends: [weighbridge:enterprise]\nwaivers: {approvers: [legal@acme.example]}\n"
    waivers = (
        "waivers:\n  - {id: W-1, rule: revision-pinned, project: bot, model: Qwen2.5-7B-Instruct, kind: emergency,"
        " reason: secret reason, approver: legal@acme.example, approved_on: 2026-11-01, expires: 2026-12-01}\n"
    )
    manifest = SIX_LINES.replace("models:", "project: bot\nmodels:")
    project({"model.yaml": manifest, "policy.yaml": policy, "waivers.yaml": waivers})
    run = weighbridge("bom", "--format", "spdx-3.0", "--policy", "policy.yaml", "--today", "2026-11-02")
    assert "Waived by W-1 until 2026-12-01." in run.out
    assert "secret reason" not in run.out
    assert "legal@acme.example" not in run.out


def test_a_model_behind_an_api_lies_nowhere_that_its_id_could_tell(project, weighbridge):
    project({"model.yaml": MANIFEST, "own/config.json": "{}"})
    run = weighbridge("bom", "--format", "cyclonedx-1.6")
    drafts = next(one for one in json.loads(run.out)["components"] if one["bom-ref"] == "model:drafts")
    assert (drafts["name"], drafts["supplier"]) == ("acme/behind-an-api", {"name": "acme-gateway"})
    assert not {"purl", "externalReferences", "group"} & set(drafts)
    packages = json.loads(weighbridge("bom", "--format", "spdx-2.3").out)["packages"]
    (drafts,) = [one for one in packages if one["SPDXID"] == "SPDXRef-model-drafts"]
    assert (drafts["downloadLocation"], drafts["supplier"]) == ("NOASSERTION", "Organization: acme-gateway")
    graph = json.loads(weighbridge("bom", "--format", "spdx-3.0").out)["@graph"]
    (drafts,) = [one for one in graph if one["type"] == "ai_AIPackage" and one["name"] == "acme/behind-an-api"]
    assert not {"software_downloadLocation", "software_packageUrl"} & set(drafts)


def test_a_manifest_that_cannot_be_used_ends_with_two(project, weighbridge):
    project({"model.yaml": MANIFEST.replace("objective: similarity", "objektive: similarity"), "own/config.json": "{}"})
    run = weighbridge("bom", "--format", "cyclonedx-1.6")
    assert (run.code, run.out) == (2, "")
    assert "objektive" in run.err


def test_a_missing_extra_is_named(project, weighbridge, tmp_path):
    project({"model.yaml": SIX_LINES, "spdx_tools/__init__.py": "raise ModuleNotFoundError(name='spdx_tools')"})
    run = weighbridge("bom", "--format", "spdx-2.3", PYTHONPATH=str(tmp_path))
    assert run.code == 2
    assert 'pip install "weighbridge[bom]"' in run.err


def test_a_check_imports_nothing_of_it(project):
    folder = project({"model.yaml": SIX_LINES})
    command = [sys.executable, "-X", "importtime", "-m", "checker", "check"]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stderr
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in said.splitlines()}
    assert "checker" in imported
    assert not imported & {"spdx_tools", "spdx_python_model", "license_expression", "rdflib", "jinja2"}
    assert "checker.bom" not in said


@pytest.mark.parametrize("name", ["cyclonedx-1.6", "spdx-2.3", "spdx-3.0"])
def test_a_folder_whose_name_is_no_text_is_shown_by_its_bytes(project, weighbridge, name):
    odd = b"b\xffd".decode("utf-8", "surrogateescape")
    project({f"{odd}/model.yaml": "project: bot\n" + SIX_LINES})
    run = weighbridge("bom", "--format", name, odd)
    assert run.code == 0, run.err
    assert json.loads(run.out)
