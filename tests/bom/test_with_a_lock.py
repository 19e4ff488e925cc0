"""With a lock, a bill of materials names the commit that is not written in the manifest, and the files with digests."""

from __future__ import annotations

import json

import pytest

from checker.facts.locked.file import as_text
from checker.facts.locked.lock import lock_of
from tests.facts.locked.entries import AT, QWEN, entry

MANIFEST = f"weighbridge: 1\nmodels:\n  - {{name: assistant, model: {QWEN}, objective: chat}}\n"
LOCK = as_text(lock_of([entry()]))
DIGEST = "d" * 64


@pytest.fixture
def written(project, weighbridge):
    project({"model.yaml": MANIFEST, "model.lock": LOCK})

    def render(form: str) -> dict:
        run = weighbridge("bom", "--format", form, "--created", "2026-11-02T00:00:00Z", "--today", "2026-11-22")
        assert run.code == 0, run.err
        assert "weight files" not in run.err
        return json.loads(run.out)

    return render


def test_cyclonedx_nests_the_files_with_their_digests(written):
    document = written("cyclonedx-1.6")
    (model,) = document["components"]
    assert model["purl"] == f"pkg:huggingface/{QWEN}@{AT}"
    (file,) = model["components"]
    assert (file["name"], file["hashes"]) == ("model.safetensors", [{"alg": "SHA-256", "content": DIGEST}])
    locks = [one["value"] for one in document["metadata"]["properties"] if one["name"] == "weighbridge:lock"]
    assert locks == [f"model.lock, sha256 {json.loads(LOCK)['sha256']}"]


def test_spdx_2_has_them_as_packages_that_the_model_contains(written):
    document = written("spdx-2.3")
    file = next(one for one in document["packages"] if one["name"] == "model.safetensors")
    assert file["checksums"] == [{"algorithm": "SHA256", "checksumValue": DIGEST}]
    contains = [one for one in document["relationships"] if one["relationshipType"] == "CONTAINS"]
    assert [(one["spdxElementId"], one["relatedSpdxElement"]) for one in contains] == [
        ("SPDXRef-model-assistant", file["SPDXID"])
    ]


def test_spdx_3_has_them_as_files_with_a_hash(written):
    graph = written("spdx-3.0")["@graph"]
    (file,) = [one for one in graph if one["type"] == "software_File"]
    assert file["verifiedUsing"][0]["hashValue"] == DIGEST
    (model,) = [one for one in graph if one["type"] == "ai_AIPackage" and one["name"] == QWEN]
    assert model["software_packageVersion"] == AT


def test_pages_for_auditors_and_customers_name_commit_and_digest(project, weighbridge):
    folder = project({"model.yaml": MANIFEST, "model.lock": LOCK})
    weighbridge("check", "--output", "html=a.html", "--today", "2026-11-22")
    page = (folder / "a.html").read_text(encoding="utf-8")
    assert json.loads(LOCK)["sha256"] in page
    assert f"<dt>Pinned commit</dt><dd>{AT} (in the project&#39;s lock)</dd>" in page
    out = weighbridge("check", "--output", "markdown", "--for", "customer", "--today", "2026-11-22").out
    assert f"<code>{AT[:12]}</code>" in out
