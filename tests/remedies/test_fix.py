"""`check --fix` changes how things are written, never what is meant, and keeps every other byte."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.repository import PINNED

CLEAN = f"""\
weighbridge: 1
owner: team   # who
models:
  - model: Qwen/Qwen2.5-7B-Instruct
    revision: {PINNED}
    license: Apache-2.0
    objective: chat
    deployment: {{context_window: 8192, hardware: {{gpu: L4}}}}
"""


def fixed(inside, tmp_path, text: str, *options: str) -> str:
    path = tmp_path / "model.yaml"
    path.write_bytes(text.encode())
    inside("check", "--fix", *options)
    return path.read_bytes().decode()


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("ownr: team", "owner: team"),
        ("modls:", "models:"),
        ("weighbrigde: 1", "weighbridge: 1"),
        ("objectve: chat", "objective: chat"),
        ("objective: chta", "objective: chat"),
        ("objective: 'Chat'", "objective: 'chat'"),
        ("licence: Apache-2.0", "license: Apache-2.0"),
        ("context-window: 8192", "context_window: 8192"),
        ("{gpus: L4}", "{gpu: L4}"),
    ],
)
def test_a_manifest_that_one_slip_makes_unreadable_is_mended(inside, tmp_path, slip, meant):
    clean = CLEAN.replace("objective: chat", "objective: 'chat'") if "'" in meant else CLEAN
    assert fixed(inside, tmp_path, clean.replace(meant, slip)) == clean


@pytest.mark.parametrize(
    "odd",
    [
        "purpose: non-commercial",  # near `commercial`, and its opposite
        "colour: blue",  # near nothing
        "purpose: commercial\nowner: other",  # the key is there twice
    ],
)
def test_what_may_mean_something_else_stays(inside, tmp_path, odd):
    text = CLEAN.replace("owner: team   # who", f"use:\n  {odd}\nowner: team")
    assert fixed(inside, tmp_path, text) == text
    assert inside("check").code == 2


def test_other_digits_are_no_slip(inside, tmp_path):
    text = CLEAN.replace("{context_window", "{quantization: awq-int8, context_window")
    assert fixed(inside, tmp_path, text) == text


def test_a_key_whose_right_name_is_taken_stays(inside, tmp_path):
    text = CLEAN.replace("    objective: chat\n", "    objective: chat\n    objectiv: chat\n")
    assert fixed(inside, tmp_path, text) == text


def test_mark_and_line_ends_stay(inside, tmp_path):
    text = "\ufeff" + CLEAN.replace("\n", "\r\n").removesuffix("\r\n")
    assert fixed(inside, tmp_path, text.replace("objective: chat", "objectve: chta")) == text


def test_a_licence_is_written_by_its_id(inside, tmp_path):
    text = CLEAN.replace("license: Apache-2.0", 'license: "Apache License, Version 2.0"   # of the card')
    expected = CLEAN.replace("license: Apache-2.0", "license: Apache-2.0   # of the card")
    assert fixed(inside, tmp_path, text) == expected


def test_keys_move_with_their_comments(inside, tmp_path):
    text = f"""\
# ours
weighbridge: 1
models:
  # the only one
  - objective: chat   # answers
    # what it is
    revision: {PINNED}
    deployment:
      context_window: 8192   # tokens
      hardware: {{gpu: L4}}
    model: Qwen/Qwen2.5-7B-Instruct

# who
owner: team"""
    assert (
        fixed(inside, tmp_path, text)
        == f"""\
# ours
weighbridge: 1
# who
owner: team
models:
  # the only one
  - model: Qwen/Qwen2.5-7B-Instruct
    # what it is
    revision: {PINNED}
    objective: chat   # answers
    deployment:
      context_window: 8192   # tokens
      hardware: {{gpu: L4}}
"""
    )


def test_a_comment_is_never_put_between_a_dash_and_its_key(inside, tmp_path):
    text = CLEAN.replace(
        f"  - model: Qwen/Qwen2.5-7B-Instruct\n    revision: {PINNED}\n",
        f"  - revision: {PINNED}\n    # which\n    model: Qwen/Qwen2.5-7B-Instruct\n",
    )
    assert fixed(inside, tmp_path, text) == text


def test_fixing_twice_changes_nothing_and_says_nothing(inside, tmp_path):
    once = fixed(inside, tmp_path, CLEAN.replace("objective", "objectve").replace("Apache-2.0", "apache 2.0"))
    again = inside("check", "--fix")
    assert (tmp_path / "model.yaml").read_text(encoding="utf-8") == once == CLEAN
    assert "fixed" not in again.err
    assert again.code == 0


def test_the_patch_is_printed_and_nothing_is_written(inside, tmp_path):
    text = CLEAN.replace("objective: chat", "objectve: chat").removesuffix("\n")
    path = tmp_path / "model.yaml"
    path.write_text(text, encoding="utf-8")
    found = inside("check", "--fix", "--diff")
    assert path.read_text(encoding="utf-8") == text
    assert found.code == 2  # nothing was written, so the file is as unreadable as before
    subprocess.run(["git", "apply", "-"], input=found.out, cwd=tmp_path, check=True, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == CLEAN.removesuffix("\n")


def test_the_patch_says_what_loosens_the_run(inside, tmp_path):
    (tmp_path / "model.yaml").write_text(CLEAN, encoding="utf-8")
    (tmp_path / "acme.yaml").write_text(
        "policy: acme\nversion: 1\nrules: {license-known: advisory}\n", encoding="utf-8"
    )
    (tmp_path / "pyproject.toml").write_text('[tool.weighbridge]\npolicy = "acme.yaml"\n', encoding="utf-8")
    told = inside("check", "--fix", "--diff", "--exit-zero", "--today", "2026-11-02").err
    assert told.startswith(
        "relaxed: --today 2026-11-02\n"
        "relaxed: --exit-zero: blocking findings end with code 0\n"
        "relaxed: model.yaml: the project chose its policy in pyproject.toml\n"
        "as it is: "
    )


def test_a_branch_becomes_the_commit_of_a_lock_with_digests(inside, tmp_path, lock):
    lock("main", digests=True)
    text = CLEAN.replace(PINNED, "main   # moved")
    assert fixed(inside, tmp_path, text) == CLEAN.replace(PINNED, f"{PINNED}   # moved")


def test_a_lock_without_digests_pins_nothing_by_itself(inside, tmp_path, lock):
    lock("main", digests=False)
    text = CLEAN.replace(PINNED, "main")
    assert fixed(inside, tmp_path, text) == text


def test_unsafe_fixes_go_on_until_nothing_more_helps(inside, tmp_path):
    text = CLEAN.replace(PINNED, "main").replace("context_window: 8192", "context_window: 65536")
    path = tmp_path / "model.yaml"
    path.write_text(text, encoding="utf-8")
    assert inside("check").code == 1
    found = inside("check", "--unsafe-fixes")
    assert found.code == 0
    assert path.read_text(encoding="utf-8") == CLEAN.replace("context_window: 8192", "context_window: 32768")
    assert "and it changes what is meant: lower context_window from 65536 to 32768" in found.err
    assert "fixed" not in inside("check", "--unsafe-fixes").err


def test_no_fix_asks_for_a_waiver(inside, project):
    policy = "policy: a\nversion: 1\nwaivers: {from: project, approvers: [x@example.com]}\nrules: {context-window: soft-mandatory}\n"
    folder = project({"model.yaml": CLEAN.replace("context_window: 8192", "context_window: 1000000"), "p.yaml": policy})
    inside("check", "--unsafe-fixes", "--policy", "p.yaml")
    assert sorted(path.name for path in folder.iterdir()) == ["model.yaml", "p.yaml"]


@pytest.mark.parametrize(
    "options",
    [("--diff",), ("--fix", "--since", "HEAD"), ("--fix", "--forecast", "30d"), ("--unsafe-fixes", "-")],
)
def test_options_that_contradict_each_other_are_refused(inside, project, options):
    project({"model.yaml": CLEAN})
    assert inside("check", *options, stdin="x").code == 2


def test_a_policy_that_cannot_be_used_leaves_the_file_as_it_is(inside, project):
    folder = project({"model.yaml": CLEAN.replace("Apache-2.0", "apache 2.0"), "p.yaml": "rules: 1\n"})
    assert inside("check", "--fix", "--policy", "p.yaml").code == 2
    assert (folder / "model.yaml").read_text(encoding="utf-8") == CLEAN.replace("Apache-2.0", "apache 2.0")


def test_the_report_is_that_of_the_fixed_file(inside, tmp_path):
    (tmp_path / "model.yaml").write_text(CLEAN.replace("objective: chat", "objectve: chat"), encoding="utf-8")
    found = inside("check", "--fix", "--json")
    assert found.code == 0
    assert json.loads(found.out)["refused"] == []
    assert found.err.startswith("model.yaml: fixed: line 7: `objectve` is spelled objective\n")


@pytest.mark.parametrize("is_outside", [True, False])
@pytest.mark.parametrize("options", [(), ("--diff",)])
def test_a_link_is_followed_within_its_repository_alone(inside, tmp_path, is_outside, options):
    (tmp_path / "here" / ".git").mkdir(parents=True)
    real = tmp_path / ("real.yaml" if is_outside else "here/real.yaml")
    text = CLEAN.replace("Apache-2.0", "apache 2.0")
    real.write_text(text, encoding="utf-8")
    (tmp_path / "here" / "model.yaml").symlink_to(real)
    found = inside("check", "--fix", "here/model.yaml", *options)
    assert ("here/model.yaml: not fixed: it is a link that leads out of its repository\n" in found.err) == is_outside
    assert (real.read_text(encoding="utf-8") == CLEAN) == (not is_outside and not options)
    assert ("license: Apache-2.0" in found.out) == (not is_outside and bool(options))


def test_no_fix_turns_what_is_unknown_into_advice(inside, project, monkeypatch):
    """Whether another model's terms ask for more than was known of the former one is for people to weigh."""
    text = CLEAN.replace("owner: team   # who\n", "owner: team\nuse: {distribution: weights}\n")
    text = text.replace("Qwen/Qwen2.5-7B-Instruct", "ibm-granite/granite-3.0-3b-a800m-instruct")
    policy = "policy: a\nversion: 1\nrules: {license-allowed: {enforcement: hard-mandatory, allow: [MIT, Apache-2.0]}, license-obligations: advisory}\n"
    text = text.replace("Apache-2.0", "gemma")
    monkeypatch.setattr("checker.remedies.kinds.other_model._JUDGED", 8)
    folder = project({"model.yaml": text, "p.yaml": policy})
    [manifest] = json.loads(inside("check", "--remedies", "--json", "--policy", "p.yaml").out)["remedies"]
    offered = [one for one in manifest["findings"][0]["remedies"] if one["kind"] == "other-model"]
    assert {one["after"]["advice"] for one in offered} == {1}
    inside("check", "--unsafe-fixes", "--policy", "p.yaml")
    assert (folder / "model.yaml").read_text(encoding="utf-8") == text
