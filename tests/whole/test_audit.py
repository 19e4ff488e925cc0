"""An audit of many projects is the union of the checks of each."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.in_process import inside  # noqa: F401 - a fixture
from tests.whole.test_properties import drawn
from tests.whole.worlds import World, manifests, policies

pytestmark = pytest.mark.no_cover  # other tests cover what these try at length; measuring it doubles their time


@given(declared=st.lists(manifests(2), min_size=1, max_size=3), policy=policies())
@drawn
def test_an_audit_says_of_each_project_what_check_says(inside, tmp_path, declared, policy):  # noqa: F811
    folders = [f"project-{number}" for number in range(len(declared))]
    root = Path(mkdtemp(dir=tmp_path))
    for folder, manifest in zip(folders, declared, strict=True):
        World({**manifest, "project": folder}, policy).write(root / folder)
    shared = root / folders[0] / "policy.yaml"
    codes, alone = [], {}
    for folder in folders:
        run = inside("check", f"{root.name}/{folder}", "--policy", str(shared), "--json")
        codes.append(run.code)
        if run.out:
            alone |= {(folder, *key): verdict for key, verdict in verdicts(json.loads(run.out)["manifests"]).items()}
    audit = inside("audit", root.name, "--policy", str(shared), "--output", "json")
    assert audit.code == max(codes, key=(0, 3, 1, 2, 70).index)
    if audit.code != 2:
        records = json.loads(audit.out)["records"]
        assert sorted(each["code"] for record in records for each in record["manifests"]) == sorted(codes)
        assert of_audit(records) == alone


def of_audit(records: list) -> dict:
    return {
        (manifest["project"], model["name"], rule): verdict
        for record in records
        for manifest in record["manifests"]
        for model in manifest["models"]
        for rule, verdict in model["verdicts"].items()
    }


def verdicts(found: list) -> dict:
    return {
        (model["name"], one["rule"]): one["verdict"]
        for manifest in found
        for model in manifest["models"]
        for one in model["evaluations"]
        if one["verdict"] != "not-applicable"  # of which an inventory keeps none
    }
