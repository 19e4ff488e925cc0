"""What a policy says of waivers: a file that extends another may only tighten it, and the digest covers it."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.document.errors import InputError, render_problem
from checker.policy.load import Choice, load
from checker.policy.policy import ChosenBy
from checker.policy.waivers import Demand, Owner, Scope

HEAD = "policy: acme\nversion: 1\nrules: {license-known: advisory}\n"
BASE = "waivers: {max_days: 90, approvers: [a, b], wildcards: [model, revision], require: [ticket]}\n"


@pytest.fixture
def policy(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def resolve(text, **others):
        for name, content in {"policy": text, **others}.items():
            (tmp_path / f"{name}.yaml").write_text(HEAD + content)
        return load(Choice("policy.yaml", ChosenBy.OPTION), None)

    return resolve


def test_what_is_left_out_has_its_default(policy):
    terms = policy("waivers: {require: revision}\n").waivers
    assert (terms.owner, terms.file, terms.max_days, terms.approvers) == (Owner.POLICY, "waivers.yaml", 180, None)
    assert (terms.wildcards, terms.require, terms.folder) == (frozenset(), {Demand.REVISION}, Path())
    assert policy("").waivers is None


def test_a_policy_takes_over_what_it_extends_and_tightens_it(policy):
    terms = policy(
        "extends: base.yaml\nwaivers: {max_days: 30, approvers: b, wildcards: [revision], require: revision}\n",
        base=BASE,
    ).waivers
    assert (terms.max_days, terms.approvers, terms.wildcards) == (30, ("b",), {Scope.REVISION})
    assert terms.require == {Demand.TICKET, Demand.REVISION}
    assert policy("extends: base.yaml\n", base=BASE).waivers.max_days == 90


def test_of_several_files_the_tightest_counts(policy):
    other = BASE.replace("90", "60").replace("[a, b]", "[b, c]").replace("[model, revision]", "[model]")
    terms = policy(
        "extends: [base.yaml, other.yaml, third.yaml]\n", base=BASE, other=other, third="waivers: {max_days: 70}\n"
    ).waivers
    assert (terms.max_days, terms.approvers, terms.wildcards) == (60, ("b",), frozenset())


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("max_days: 91", "policy.yaml loosens waivers.max_days from 90 to 91; base.yaml sets it"),
        ("approvers: [a, c]", "policy.yaml loosens waivers.approvers by `c`"),
        ("wildcards: rule", "policy.yaml loosens waivers.wildcards by `rule`"),
        (
            "{from: project, approvers: a}",
            "policy.yaml loosens waivers from `waivers.yaml` of the policy to `waivers.yaml`",
        ),
        ("file: other.yaml", "policy.yaml loosens waivers from `waivers.yaml` of the policy to `other.yaml`"),
    ],
)
def test_a_policy_does_not_loosen_what_it_extends(policy, block, said):
    written = block if block.startswith("{") else f"{{{block}}}"
    with pytest.raises(InputError) as caught:
        policy(f"extends: base.yaml\nwaivers: {written}\n", base=BASE)
    assert said in "\n".join(map(render_problem, caught.value.problems))


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("from: project", "`waivers` takes the project's own file, and nobody is named who may approve"),
        ("file: ../waivers.yaml", "`waivers.file` is `../waivers.yaml`"),
        ("file: /etc/waivers.yaml", "`waivers.file` is `/etc/waivers.yaml`"),
        ("max_days: 0", "`waivers.max_days` is `0`"),
        ("wildcards: all", "`waivers.wildcards` is `all`"),
        ("until: never", "unknown key `until` in waivers"),
    ],
)
def test_a_block_that_cannot_be_used_is_an_error(policy, block, said):
    with pytest.raises(InputError) as caught:
        policy(f"waivers: {{{block}}}\n")
    assert said in "\n".join(map(render_problem, caught.value.problems))


def test_two_files_of_one_rank_name_one_file_of_waivers(policy):
    with pytest.raises(InputError) as caught:
        policy("extends: [base.yaml, other.yaml]\n", base=BASE, other="waivers: {file: w.yaml}\n")
    assert "other.yaml names another file of waivers than base.yaml" in str(caught.value)


def test_the_digest_covers_every_demand(policy):
    blocks = ["", "waivers: {max_days: 90}\n", "waivers: {max_days: 91}\n", "waivers: {approvers: a}\n"]
    blocks += ["waivers: {from: project, approvers: a}\n", "waivers: {wildcards: model}\n", "waivers: {file: w.yaml}\n"]
    assert len({policy(block).sha256 for block in blocks}) == len(blocks)
