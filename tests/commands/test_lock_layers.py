"""`weighbridge lock` has layers of the policy fetched from hosts that the caller allows, before it asks for any model."""

from __future__ import annotations

import hashlib

import pytest

BASE = "policy: base\nversion: 1\nrules: {license-known: soft-mandatory}\n"
DIGEST = hashlib.sha256(BASE.encode()).hexdigest()
LINE = f"git+https://127.0.0.1:1/acme/policies@{'c' * 40}#sha256={DIGEST}:policy.yaml"
POLICY = f"policy: acme\nversion: 1\nextends: '{LINE}'\n"
MANIFEST = "weighbridge: 1\nowner: support\nmodels:\n  - {model: Qwen/Qwen2.5-7B-Instruct, objective: chat}\n"


@pytest.fixture
def lock(weighbridge, project):
    project({"model.yaml": MANIFEST, "acme.yaml": POLICY})

    def run(*arguments: str):
        nobody = {"HF_ENDPOINT": "http://127.0.0.1:1", "HF_TOKEN": "", "WEIGHBRIDGE_POLICY": "acme.yaml"}
        return weighbridge("lock", *arguments, **nobody)

    return run


def test_a_host_that_nobody_allowed_is_not_asked(lock):
    run = lock()
    assert run.code == 2
    assert "acme.yaml:3:10: error: `127.0.0.1:1` is no host that this run may ask" in run.err
    assert "--allow-host 127.0.0.1:1 allows it" in run.err


def test_a_host_that_does_not_answer_leaves_the_lock_as_it_is(lock, tmp_path):
    run = lock("--allow-host", "127.0.0.1:1")
    assert run.code == 3
    assert run.err.startswith("error: https://127.0.0.1:1/acme/policies did not hand out cccc")
    assert run.err.endswith("; every lock is as it was\n")
    assert not (tmp_path / "model.lock").exists()


def test_a_layer_that_is_there_is_not_asked_for_again(lock, project):
    project({f"weighbridge-vendored/{DIGEST}.yaml": BASE})
    run = lock()
    assert "policies" not in run.err, run.err
    assert run.code == 3, "the model cannot be resolved, the policy can be read"


def test_a_check_says_which_command_fetches_it(lock, weighbridge):
    run = weighbridge("check", "--policy", "acme.yaml")
    assert run.code == 2
    assert "run `weighbridge lock --allow-host 127.0.0.1:1`, which fetches it" in run.err
