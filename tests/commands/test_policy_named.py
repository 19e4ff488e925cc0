"""A command by whose policy something is answered says who named that policy, in the words of `check`."""

from __future__ import annotations

import json

import pytest

MANIFEST = "weighbridge: 1\nowner: support\nmodels:\n  - {model: Qwen/Qwen2.5-7B-Instruct, objective: chat}\n"
POLICY = "policy: acme\nversion: 7\nrules:\n  license-known: soft-mandatory\n"
PYPROJECT = '[tool.weighbridge]\npolicy = "acme.yaml"\n'
BY_OPTION = (("--policy", "acme.yaml"), {}, "", "policy acme 7, named by --policy")
BY_VARIABLE = ((), {"WEIGHBRIDGE_POLICY": "acme.yaml"}, "", "policy acme 7, named by WEIGHBRIDGE_POLICY")
BY_PROJECT = ((), {}, PYPROJECT, "policy acme 7, chosen by the project in pyproject.toml")
BY_NOBODY = ((), {}, "", "policy weighbridge-enterprise 2026.11, the default")


@pytest.fixture
def asked(weighbridge, project):
    def run(command, option, environment, pyproject):
        project({"model.yaml": MANIFEST, "acme.yaml": POLICY, "pyproject.toml": pyproject})
        return weighbridge(*command, *option, **environment)

    return run


@pytest.mark.parametrize("command", [("check",), ("policy", "show"), ("lock", "--offline")], ids=" ".join)
@pytest.mark.parametrize(
    ("option", "environment", "pyproject", "said"),
    [BY_OPTION, BY_VARIABLE, BY_PROJECT, BY_NOBODY],
    ids=["option", "variable", "project", "nobody"],
)
def test_who_named_the_policy_is_said_in_the_same_words(asked, command, option, environment, pyproject, said):
    lines = asked(command, option, environment, pyproject).out.splitlines()
    assert said in [line.strip().partition(";")[0] for line in lines]


@pytest.mark.parametrize(
    ("option", "environment", "pyproject", "said"), [BY_OPTION, BY_VARIABLE], ids=["option", "variable"]
)
@pytest.mark.parametrize(
    "told", [("Qwen/Qwen2.5-7B-Instruct", "--json"), ("mit",), ("license-known", "--markdown"), ()], ids=" ".join
)
def test_what_is_told_says_beside_it_which_policy_was_read(asked, told, option, environment, pyproject, said):
    run = asked(("explain", *told), option, environment, pyproject)
    assert run.err == f"{said}\n"
    assert run.code == 0


def test_a_page_that_no_policy_was_read_for_names_none(asked):
    assert asked(("explain", "mit"), (), {}, PYPROJECT).err == ""


def test_the_answer_of_a_lock_has_it_for_programs_too(asked):
    run = asked(("lock", "--offline", "--json"), *BY_VARIABLE[:3])
    policy = json.loads(run.out)["policy"]
    assert len(policy.pop("sha256")) == 64
    assert policy == {"name": "acme", "version": "7", "chosen_by": "WEIGHBRIDGE_POLICY"}
