"""What `check --remedies` offers: changes that were judged, what they cost, and what is true after them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from checker.remedies import search
from tests.repository import PINNED

LOOSE = "main"
BASE = """\
weighbridge: 1
owner: team
models:
  - model: {model}
    revision: {revision}
    objective: chat
"""
QWEN = BASE.format(model="Qwen/Qwen2.5-7B-Instruct", revision=PINNED)


def served(*, window: int, requests: int, gpu: str = "L4") -> str:
    return f"    deployment: {{context_window: {window}, parallel_requests: {requests}, hardware: {{gpu: {gpu}}}}}\n"


TUNED = """\
    fine_tuning:
      goal: tone
      method: {method}
      sequence_length: {length}
      hardware: {{gpu: {gpu}}}
"""


@pytest.fixture
def offered(inside, project):
    """The remedies of a manifest by the rule and the model of the finding."""

    def ask(text: str, *options: str) -> dict[str, dict]:
        project({"model.yaml": text})
        found = json.loads(inside("check", "--remedies", "--json", *options).out)["remedies"]
        return {one["rule"]: one for manifest in found for one in manifest["findings"]} | {
            "together": found[0]["together"]
        }

    return ask


def kinds(found: dict, rule: str) -> list[str]:
    return [one["kind"] for one in found[rule]["remedies"]]


def said(found: dict, rule: str) -> list[str]:
    return [one["said"] for one in found[rule]["remedies"]]


def test_a_branch_is_pinned_at_the_recorded_commit(offered):
    found = offered(QWEN.replace(PINNED, LOOSE))
    (only,) = found["revision-pinned"]["remedies"]
    assert only["said"].startswith(f"pin revision {PINNED[:12]}")
    assert only["after"] == {
        "exit_code": 0,
        "settled": ["revision-pinned of Qwen2.5-7B-Instruct"],
        "left": [],
        "advice": 1,
    }
    assert only["is_safe"] is False
    assert f"-    revision: {LOOSE}\n+    revision: {PINNED}\n" in only["patch"]


def test_a_lock_with_digests_makes_the_pin_safe(offered, lock):
    lock(LOOSE, digests=True)
    (only,) = offered(QWEN.replace(PINNED, LOOSE))["revision-pinned"]["remedies"]
    assert (only["is_safe"], only["said"]) == (True, f"pin revision {PINNED[:12]}, which model.lock holds")


def test_a_base_model_gets_its_instruct_sibling(offered):
    found = offered(BASE.format(model="Qwen/Qwen2.5-7B", revision="d149729398750b98c0af14eb82c78cfe92750796"))
    assert said(found, "base-or-instruct")[0] == (
        "use Qwen/Qwen2.5-7B-Instruct, the instruct sibling of Qwen/Qwen2.5-7B"
    )


def test_the_largest_context_that_fits_is_offered(offered):
    found = offered(QWEN + served(window=65536, requests=1))
    assert said(found, "context-window")[0] == "lower context_window from 65536 to 32768"
    assert "longer-context" not in kinds(found, "context-window")


def test_a_context_that_long_documents_need_is_offered(offered):
    found = offered(QWEN + "    documents: long-form\n" + served(window=8192, requests=1, gpu="L40S"))
    assert said(found, "context-window")[0] == "raise context_window from 8192 to 32768"


def test_serving_that_does_not_fit_gets_one_change_or_another(offered):
    found = offered(QWEN + served(window=16384, requests=8))
    asked = kinds(found, "serving-fits")
    assert asked.index("lower-context") < asked.index("another-gpu")
    assert "fewer-requests" in asked
    assert " + ".join(asked).count("+") == len(asked) - 1  # a combination is not needed


def test_two_changes_are_combined_where_none_is_enough(offered):
    found = offered(
        BASE.format(model="Qwen/Qwen2.5-14B-Instruct", revision="cf98f3b3bbb457ad9e2bb7baf9a0125b6b88caa8")
        + served(window=32768, requests=8)
    )
    first = found["serving-fits"]["remedies"][0]
    assert " + " in first["kind"]
    assert "quantise" in first["kind"]
    assert first["after"]["exit_code"] == 0


def test_training_gets_lighter(offered):
    found = offered(
        BASE.format(model="Qwen/Qwen2.5-7B-Instruct", revision=PINNED)
        + TUNED.format(method="full", length=2048, gpu="RTX 4090")
    )
    assert said(found, "training-fits")[0].startswith("use LoRA instead of full fine-tuning")


def test_hardware_that_is_shared_is_changed_for_all(offered):
    text = QWEN.replace("models:", "hardware: {vram: 24 GiB}\nmodels:")
    second = "  - {name: other, model: Qwen/Qwen2.5-7B-Instruct, objective: chat, deployment: {context_window: 8192}}\n"
    found = offered(
        text
        + "    deployment: {context_window: 32768}\n"
        + second.replace(", objective", f", revision: {PINNED}, objective")
    )
    remedies = found["serving-fits"]["remedies"]
    gpu = next(one for one in remedies if one["kind"] == "another-gpu")
    assert gpu["said"].endswith("for all models on it")
    assert len(gpu["after"]["settled"]) == 2
    assert "-hardware: {vram: 24 GiB}\n+hardware: {gpu: " in gpu["patch"]


def test_a_wrong_size_class_is_stated_right(offered):
    found = offered(QWEN + "    size_class: edge\n")
    assert said(found, "size-class") == ["state size_class general"]


def test_a_licence_gets_other_models_and_questions_but_no_other_text(offered):
    text = BASE.format(model="CohereLabs/c4ai-command-r7b-12-2024", revision=LOOSE)
    found = offered(text.replace("models:", "use: {purpose: commercial}\nmodels:"))
    assert set(kinds(found, "license-use")) == {"other-model"}
    asked = [one["asked"] for one in found["license-use"]["questions"]]
    assert asked[0] == "is `use.purpose: research` what is really done? the manifest says `commercial`"
    assert asked[-1] == "may CohereLabs/c4ai-command-r7b-12-2024 be used here all the same?"
    # No commit of this model is known, but another model settles that too.
    assert kinds(found, "revision-pinned") == kinds(found, "license-use")


def test_a_use_that_is_not_stated_is_asked_for(offered):
    found = offered(BASE.format(model="CohereLabs/c4ai-command-r7b-12-2024", revision=LOOSE))
    questions = [one["asked"] for one in found.get("license-use", {"questions": []})["questions"]]
    assert all("does not say it" in one for one in questions[:-1])


def test_which_licence_is_right_is_a_persons_to_say(offered):
    found = offered(QWEN + "    license: MIT\n")
    assert found["license-declared"]["remedies"] == []
    (question,) = found["license-declared"]["questions"]
    assert question["asked"] == "which of the sources is right about the licence?"


def test_an_embedder_for_chat_is_replaced_by_a_model_that_writes(offered):
    found = offered(BASE.format(model="BAAI/bge-m3", revision="5617a9f61b028005a4858fdac845db406aefb181"))
    assert set(kinds(found, "architecture-objective")) <= {"other-model"}


WAIVING = """\
policy: acme
version: 1
waivers: {from: project, approvers: [legal@example.com], max_days: 60%s}
rules:
  context-window: soft-mandatory
  license-allowed: {enforcement: hard-mandatory, allow: [MIT]}
  waiver-invalid: soft-mandatory
"""


def test_a_waiver_is_asked_for_where_the_policy_admits_one(offered, project, tmp_path):
    project({"p.yaml": WAIVING % ""})
    found = offered(QWEN + served(window=65536, requests=1), "--policy", "p.yaml", "--today", "2026-11-28")
    last = found["context-window"]["remedies"][-1]
    assert (last["kind"], last["needs_person"], last["file"]) == ("ask-for-a-waiver", True, "waivers.yaml")
    assert last["after"]["settled"] == ["context-window of Qwen2.5-7B-Instruct"]
    assert last["after"]["left"] == ["license-allowed of Qwen2.5-7B-Instruct"]
    assert "+    approver: ''\n" in last["patch"]
    assert "+    expires: 2027-01-27\n" in last["patch"]
    assert "ask-for-a-waiver" not in kinds(found, "license-allowed")  # nothing waives a hard-mandatory rule
    subprocess.run(["git", "apply", "-"], input=last["patch"], cwd=tmp_path, check=True, encoding="utf-8")
    assert (tmp_path / "waivers.yaml").exists()


def test_a_waiver_joins_those_that_are_there_and_says_what_else_is_asked(offered, project):
    project(
        {
            "p.yaml": WAIVING % ", require: [ticket, revision]",
            "waivers.yaml": "waivers:\n  - {id: W-1, rule: size-class, project: x, model: y, kind: migration, reason: r,"
            " approver: legal@example.com, approved_on: 2026-11-01, expires: 2026-12-01}\n",
        }
    )
    found = offered(QWEN + served(window=65536, requests=1), "--policy", "p.yaml", "--today", "2026-11-28")
    last = found["context-window"]["remedies"][-1]
    assert "and a `ticket`" in last["note"]
    assert f"+    revision: {PINNED}\n" in last["patch"]


def test_without_terms_for_waivers_none_is_asked_for(offered):
    found = offered(QWEN + served(window=65536, requests=1))
    assert "ask-for-a-waiver" not in kinds(found, "context-window")


def test_one_patch_joins_the_first_remedies(offered, inside, tmp_path):
    found = offered(QWEN.replace(PINNED, LOOSE) + served(window=65536, requests=1))
    together = found["together"]
    assert together["after"]["exit_code"] == 0
    subprocess.run(["git", "apply", "-"], input=together["patch"], cwd=tmp_path, check=True, encoding="utf-8")
    assert inside("check").code == 0


def test_what_nothing_settles_is_said(inside, project):
    policy = "policy: a\nversion: 1\nrules: {model-approved: {enforcement: hard-mandatory, models: [acme/none]}}\n"
    project({"model.yaml": QWEN, "p.yaml": policy})
    found = inside("check", "--remedies", "--policy", "p.yaml")
    assert ": nothing in what we know makes this pass\n" in found.out


def test_text_names_cost_verdict_and_patch(inside, project):
    project({"model.yaml": QWEN.replace(PINNED, LOOSE)})
    out = inside("check", "--remedies").out
    assert "model.yaml:5:15: revision-pinned of Qwen2.5-7B-Instruct: 1 remedy\n" in out
    assert "     costs work: what the publisher changes arrives only with a change here (by definition)\n" in out
    assert (
        "     after it: exit code 0, nothing blocks; 1 advice; settles revision-pinned of Qwen2.5-7B-Instruct;"
        " nothing else gets worse\n" in out
    )
    assert f"     -    revision: {LOOSE}\n" in out
    assert "hint:" not in out


def test_a_run_that_blocks_hints_at_remedies(inside, project):
    project({"model.yaml": QWEN.replace(PINNED, LOOSE)})
    assert "hint: `weighbridge check --remedies`" in inside("check").out
    project({"model.yaml": QWEN})
    assert "hint:" not in inside("check").out


def test_sarif_carries_fixes_that_can_be_applied(inside, project):
    text = QWEN.replace(PINNED, LOOSE)
    project({"model.yaml": text})
    (run,) = json.loads(inside("check", "--remedies", "--output", "sarif").out)["runs"]
    (result,) = [one for one in run["results"] if one["ruleId"] == "revision-pinned"]
    (fix,) = result["fixes"]
    (replacement,) = fix["artifactChanges"][0]["replacements"]
    assert replacement == {
        "deletedRegion": {"startLine": 5, "startColumn": 15, "endLine": 5, "endColumn": 19},
        "insertedContent": {"text": PINNED},
    }
    assert "After it: exit code 0" in fix["description"]["text"]


@pytest.mark.parametrize("output", ["markdown", "html"])
def test_documents_for_people_show_remedies(inside, project, output):
    project({"model.yaml": QWEN.replace(PINNED, LOOSE) + served(window=65536, requests=1) + "    license: MIT\n"})
    inside("check", "--remedies", "--output", f"{output}=out")
    written = Path("out").read_text(encoding="utf-8")
    assert "pin revision" in written
    assert f"+    revision: {PINNED}" in written
    assert "which of the sources is right about the licence?" in written


def test_standard_input_gets_remedies_too(inside):
    found = inside("check", "--remedies", "-", stdin=QWEN.replace(PINNED, LOOSE))
    assert "1. pin revision" in found.out


def test_of_very_many_findings_only_the_first_are_looked_at(inside, project, monkeypatch):
    monkeypatch.setattr(search, "MOST_FINDINGS", 1)
    entry = "  - {{name: m{}, model: Qwen/Qwen2.5-7B-Instruct, revision: main, objective: chat}}\n"
    policy = "policy: a\nversion: 1\nrules: {revision-pinned: soft-mandatory}\n"
    project({"model.yaml": "weighbridge: 1\nmodels:\n" + "".join(map(entry.format, range(3))), "p.yaml": policy})
    out = inside("check", "--remedies", "--policy", "p.yaml").out
    assert "model.yaml: for 2 more findings nothing was looked for\n" in out


def test_models_that_share_hardware_are_changed_together(offered):
    entry = "  - {{name: {}, model: Qwen/Qwen2.5-7B-Instruct, revision: {}, objective: chat, deployment: {{context_window: 8192}}}}\n"
    found = offered(
        "weighbridge: 1\nhardware: {gpu: L4}\nmodels:\n" + entry.format("a", PINNED) + entry.format("b", PINNED)
    )
    first = found["serving-fits"]["remedies"][0]
    assert sorted(first["kind"].split(" + ")) == ["quantise", "quantise"]
    assert len(first["after"]["settled"]) == 2


@pytest.mark.parametrize("name", ["model.yaml", "waivers.yaml"])
def test_a_patch_keeps_the_mark_with_which_a_file_begins(inside, project, tmp_path, name):
    policy = (
        "policy: a\nversion: 1\nrules: {revision-pinned: soft-mandatory}\nwaivers: {from: project, approvers: [x]}\n"
    )
    waivers = "weighbridge_waivers: 1\nwaivers: []\n"
    project(
        {"model.yaml": f"\ufeff{QWEN}".replace(PINNED, LOOSE), "p.yaml": policy, "waivers.yaml": f"\ufeff{waivers}"}
    )
    [manifest] = json.loads(inside("check", "--remedies", "--json", "--policy", "p.yaml").out)["remedies"]
    [patch] = [one["patch"] for one in manifest["findings"][0]["remedies"] if one["file"] == name]
    subprocess.run(["git", "apply", "-"], input=patch.encode(), cwd=tmp_path, check=True)
    assert (tmp_path / name).read_bytes().startswith("\ufeffweighbridge".encode())


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("manifest.deployment.context_window <= 5000", ["lower context_window from 8192 to 4096"]),
        ("manifest.deployment.parallel_requests < 3", ["lower parallel_requests from 4 to 2"]),
        ('manifest.revision != "main"', [f"pin revision {PINNED[:12]}, at which the facts here were recorded: review it before relying on it"]),
        ('manifest.size_class == "edge"', []),  # stating it would make it no truer
        ("manifest.deployment.context_window >= 9000", []),
    ],
)  # fmt: skip
def test_a_rule_of_the_policys_own_is_settled_by_what_it_reads(inside, project, condition, said):
    policy = f"policy: a\nversion: 1\nrules:\n  size-class: advisory\n  custom: [{{id: acme-x, assert: '{condition}', message: m, enforcement: hard-mandatory}}]\n"
    text = QWEN.replace(PINNED, LOOSE) + "    size_class: general\n" + served(window=8192, requests=4)
    project({"model.yaml": text, "p.yaml": policy})
    [manifest] = json.loads(inside("check", "--remedies", "--json", "--policy", "p.yaml").out)["remedies"]
    [finding] = [one for one in manifest["findings"] if one["rule"] == "acme-x"]
    assert [one["said"] for one in finding["remedies"]] == said
    assert [one["after"]["exit_code"] for one in finding["remedies"]] == [0] * len(said)


def test_a_rule_of_the_policys_own_about_the_model_is_settled_by_another(inside, project):
    policy = "policy: a\nversion: 1\nrules:\n  custom: [{id: acme-x, assert: 'model.params <= 7500000000', message: m, enforcement: soft-mandatory}]\n"
    project({"model.yaml": QWEN, "p.yaml": policy})
    [manifest] = json.loads(inside("check", "--remedies", "--json", "--policy", "p.yaml").out)["remedies"]
    remedies = manifest["findings"][0]["remedies"]
    assert {one["kind"] for one in remedies} == {"other-model"}
    assert {(one["after"]["exit_code"], *one["after"]["settled"]) for one in remedies} == {
        (0, "acme-x of Qwen2.5-7B-Instruct")
    }
