"""`weighbridge check` with a lock beside the manifest and with facts of the organisation, as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from checker.facts.locked.entry import Stated
from checker.facts.locked.file import as_text
from checker.facts.locked.lock import lock_of
from tests.facts.locked.entries import AT, DECLARED, QWEN, entry
from tests.in_process import weighbridge

__all__ = ["weighbridge"]

MANIFEST = f"""\
weighbridge: 1
owner: support-platform
models:
  - model: {QWEN}
    objective: chat
    deployment: {{context_window: 8192, hardware: {{gpu: L4}}}}
"""
POLICY = "policy: acme\nversion: 1\nextends: weighbridge:enterprise\nfacts: approved.lock\n"
LOCK = as_text(lock_of([entry()]))


def test_a_manifest_without_a_revision_passes_with_its_lock(weighbridge, project):
    project({"model.yaml": MANIFEST})
    assert weighbridge("check").code == 1
    project({"model.lock": LOCK})
    run = weighbridge("check")
    assert run.code == 0, run.out
    assert f"  facts: the project's lock (declared), resolved at {AT[:12]}\n" in run.out
    assert f"  lock model.lock, sha256 {json.loads(LOCK)['sha256']}\n" in run.out


def test_the_verdicts_are_those_of_the_catalogue(weighbridge, project):
    project({"model.yaml": MANIFEST.replace("    objective", f"    revision: {AT}\n    objective")})

    def verdicts() -> dict[str, str]:
        [model] = json.loads(weighbridge("check", "--json").out)["manifests"][0]["models"]
        return {one["rule"]: one["verdict"] for one in model["evaluations"]}

    before = verdicts()
    project({"model.lock": LOCK})
    changed = {rule: verdict for rule, verdict in verdicts().items() if before[rule] != verdict}
    assert changed == {
        "lock-fresh": "pass",
        "license-declared": "pass",
        "weights-format": "pass",
        "remote-code": "pass",
        "gated-access": "pass",
    }


def test_reports_carry_the_digests(weighbridge, project):
    digest = json.loads(LOCK)["sha256"]
    project({"model.yaml": MANIFEST, "model.lock": LOCK, "approved.lock": LOCK, "acme.yaml": POLICY})
    [manifest] = json.loads(weighbridge("check", "--json", "--policy", "acme.yaml").out)["manifests"]
    assert manifest["lock"] == {"file": "model.lock", "sha256": digest}
    assert manifest["policy"]["facts"] == [{"file": "approved.lock", "sha256": digest}]
    assert manifest["models"][0]["facts_from"] == "organisation"
    run = weighbridge("check", "--policy", "acme.yaml")
    assert f"  facts of the organisation: approved.lock, sha256 {digest}\n" in run.out
    assert f"  facts: the organisation's lock, resolved at {AT[:12]}\n" in run.out


def test_other_facts_make_another_policy(weighbridge, project):
    project({"model.yaml": MANIFEST, "approved.lock": LOCK, "acme.yaml": POLICY})
    first = json.loads(weighbridge("policy", "show", "--json", "--policy", "acme.yaml").out)["sha256"]
    project({"approved.lock": as_text(lock_of([entry(license=Stated("mit", DECLARED, "README.md"))]))})
    second = json.loads(weighbridge("policy", "show", "--json", "--policy", "acme.yaml").out)["sha256"]
    assert first != second
    assert weighbridge("check", "--policy", "acme.yaml", "--require-policy", first).code == 2


def test_a_lock_that_was_edited_by_hand_is_bad_input(weighbridge, project):
    project({"model.yaml": MANIFEST, "model.lock": LOCK.replace("apache-2.0", "mit")})
    run = weighbridge("check")
    assert run.code == 2
    assert "model.lock:3:12: error: the digest does not fit the content" in run.out + run.err
    assert "run `weighbridge lock`" in run.out + run.err


def test_a_contradiction_to_the_catalogue_blocks(weighbridge, project):
    other = as_text(lock_of([entry(license=Stated("mit", DECLARED, "README.md"))]))
    project({"model.yaml": MANIFEST, "model.lock": other})
    run = weighbridge("check")
    assert run.code == 1
    assert "lock-fresh: blocks (soft-mandatory)" in run.out
    assert "expected license apache-2.0, as the catalogue has it at the same commit" in run.out


def test_a_note_of_the_resolver_is_shown(weighbridge, project):
    gated = entry()._replace(notes=("gated, and no token was there: facts are the catalogue's",))
    project({"model.yaml": MANIFEST, "model.lock": as_text(lock_of([gated]))})
    assert "assumed: model.lock: gated, and no token was there: facts are the catalogue's" in weighbridge("check").out


@pytest.mark.skipif(os.name != "posix", reason="links as here exist on POSIX only")
def test_a_lock_that_is_a_link_out_of_the_project_is_refused(weighbridge, project, tmp_path):
    project({"inside/model.yaml": MANIFEST, "outside.lock": LOCK})
    (tmp_path / "inside" / "model.lock").symlink_to(tmp_path / "outside.lock")
    run = weighbridge("check", cwd=tmp_path / "inside")
    assert run.code == 2
    assert "a link out of the repository" in run.out + run.err
    (tmp_path / "inside" / "model.lock").unlink()
    (tmp_path / "inside" / "model.lock").symlink_to("absent.lock")
    assert weighbridge("check", cwd=tmp_path / "inside").code == 2


def test_without_a_lock_nothing_of_it_is_loaded(project):
    folder: Path = project({"model.yaml": MANIFEST})
    program = (
        "import sys; from checker.command_line import run; run(['check', 'model.yaml']);"
        "print(sorted(name for name in sys.modules if name.startswith('checker.facts.locked')), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stderr == "[]\n"
