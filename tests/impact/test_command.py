"""`weighbridge policy impact`: what changes, why, and with which code it ends."""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from checker import applying
from checker.document.markdown import prose
from checker.impact.judge import Question
from checker.impact.run import Asked, run
from checker.workers import Here, Workers, local
from tests.in_process import forget
from tests.repository import TODAY

OLD = """\
policy: acme
version: 1
rules:
  license-allowed: {enforcement: hard-mandatory, allow: [Apache-2.0, MIT, llama3.1]}
  context-window: advisory
"""
NEW = OLD.replace("version: 1", "version: 2").replace(", llama3.1", "")


def manifest(model, project, more="", **entry):
    keys = "".join(f", {key}: {value}" for key, value in entry.items())
    return f"weighbridge: 1\nproject: {project}\nowner: team\n{more}models:\n  - {{model: {model}, objective: chat{keys}}}\n"


QWEN = manifest("Qwen/Qwen2.5-7B-Instruct", "bot")
LLAMA = manifest("meta-llama/Llama-3.1-8B-Instruct", "search")


@pytest.fixture
def impact(inside, project):
    """What the policy new.yaml would do to projects."""

    def run_(new, *arguments, old=OLD, **files):
        project({"old.yaml": old, "new.yaml": new, **files})
        return inside("policy", "impact", "--from", "old.yaml", "--to", "new.yaml", *arguments)

    return run_


def test_a_project_that_would_newly_be_blocked_is_named_with_its_finding(impact):
    run = impact(NEW, "fleet", "--why", **{"fleet/a/model.yaml": QWEN, "fleet/b/model.yaml": LLAMA})
    assert run.code == 1
    assert run.out[run.out.index("  license-allowed.allow") :] == (
        "  license-allowed.allow: without llama3.1\n"
        "\n"
        "newly blocked (1):\n"
        "  fleet/b/model.yaml (search, team): passes → blocked\n"
        "    license-allowed of Llama-3.1-8B-Instruct: pass (hard-mandatory) → fail (hard-mandatory)\n"
        "      llama3.1; expected one of Apache-2.0, MIT\n"
        "      why: license-allowed.allow (without llama3.1)\n"
        "\n"
        "2 manifests: 1 newly blocked, 1 unchanged\n"
    )


def test_a_project_that_is_let_through_ends_with_0(impact):
    run = impact(OLD, old=NEW, **{"model.yaml": LLAMA})
    assert run.code == 0
    assert "no longer blocked (1):\n  model.yaml (search, team): blocked → passes\n" in run.out


def test_what_could_no_longer_be_evaluated_ends_with_3(impact):
    unknown = manifest("acme/unheard-of", "x", revision="a" * 40)
    rules = "rules: {revision-pinned: advisory%s}\n"
    head = OLD.partition("rules:")[0]
    run = impact(
        head + rules % ", license-known: soft-mandatory", "--why", old=head + rules % "", **{"model.yaml": unknown}
    )
    assert run.code == 3
    assert "could no longer be evaluated (1):" in run.out
    assert "license is unknown: no source states it" in run.out
    assert "why: license-known.enforcement (off → soft-mandatory)" in run.out


def test_equal_policies_change_nothing(impact):
    run = impact(OLD.replace("version: 1", "version: 9"), **{"model.yaml": LLAMA})
    assert run.code == 0
    assert "The two policies ask for the same: nothing can change.\n" in run.out
    assert run.out.endswith("1 manifest: 1 unchanged\n")


def test_advice_that_turns_up_ends_with_0_and_is_told(impact):
    new = OLD + "  size-class: advisory\n"
    run = impact(new, **{"model.yaml": manifest("Qwen/Qwen2.5-7B-Instruct", "x", size_class="edge")})
    assert run.code == 0
    assert "another verdict, the same at the gate (1):" in run.out
    assert "size-class of Qwen2.5-7B-Instruct: off → fail (advisory)" in run.out


def test_settings_that_flip_a_verdict_together_only_are_named_together(impact):
    old = "policy: a\nversion: 1\nrules:\n  revision-pinned: advisory\n  license-allowed: {enforcement: off, allow: [gemma]}\n"
    new = "policy: a\nversion: 2\nrules:\n  revision-pinned: advisory\n  license-allowed: {enforcement: soft-mandatory, allow: [MIT]}\n"
    run = impact(new, "--why", old=old, **{"model.yaml": LLAMA})
    assert run.code == 1
    assert (
        "why: only together: license-allowed.enforcement (off → soft-mandatory) and license-allowed.allow (none → [MIT])"
        in run.out
        or "why: only together: license-allowed.allow (none → [MIT]) and license-allowed.enforcement (off → soft-mandatory)"
        in run.out
    )


def test_each_setting_that_suffices_by_itself_is_named(impact):
    old = OLD.replace("allow: [Apache-2.0, MIT, llama3.1]", "deny: []")
    new = OLD.replace("allow: [Apache-2.0, MIT, llama3.1]", "allow: [MIT], deny: [llama3.1]")
    run = impact(new, "--why", old=old, **{"model.yaml": LLAMA})
    assert run.out.count("      why: license-allowed.") == 2


def test_facts_about_the_licensee_are_a_cause_too(impact):
    old = "policy: a\nversion: 1\norganisation: {users: [{month: 2024-06, value: 5}]}\nrules: {license-use: soft-mandatory}\n"
    stated = manifest("meta-llama/Llama-3.1-8B-Instruct", "x", "use: {purpose: commercial}\n")
    run = impact(old.replace("value: 5", "value: 900000000"), "--why", old=old, **{"model.yaml": stated})
    assert run.code == 1
    assert "why: organisation (other facts about the licensee)\n" in run.out


def test_a_level_that_begins_later_counts_on_its_day_and_is_announced_before(impact):
    new = OLD.replace(
        "context-window: advisory", "context-window: [advisory, {from: 2027-02-01, enforcement: soft-mandatory}]"
    )
    wide = manifest("Qwen/Qwen2.5-7B-Instruct", "x", deployment="{context_window: 400000}")
    run = impact(new, **{"model.yaml": wide})
    assert run.code == 0
    assert (
        "later: context-window is soft-mandatory from 2027-02-01: `--today 2027-02-01` shows what that does\n"
        in run.out
    )
    late = impact(new, "--today", "2027-02-01", "--why", **{"model.yaml": wide})
    assert late.code == 1
    assert "why: context-window.enforcement (advisory → advisory, soft-mandatory from 2027-02-01)" in late.out


WAIVER = """\
waivers:
  - {id: W-1, rule: license-allowed, project: search, model: Llama-3.1-8B-Instruct, kind: agreement, reason: signed,
     approver: legal@example.com, approved_on: 2026-11-01, expires: 2026-12-31}
"""


def test_waivers_that_each_policy_admits_are_applied(impact):
    soft = OLD.replace("hard-mandatory", "soft-mandatory") + "waivers: {max_days: %s}\n"
    new = (soft % 90).replace(", llama3.1", "")
    files = {"fleet/model.yaml": LLAMA, "waivers.yaml": WAIVER}
    run = impact(new, "fleet", old=soft % 90, **files)
    assert run.code == 0
    assert "license-allowed of Llama-3.1-8B-Instruct: pass (soft-mandatory) → waived (soft-mandatory)" in run.out
    assert impact(new, "fleet", "--ignore-waivers", old=soft % 90, **files).code == 1
    short = impact((soft % 10).replace(", llama3.1", ""), "fleet", "--why", old=new, **files)
    assert short.code == 1
    assert "waived (soft-mandatory) → fail (soft-mandatory)" in short.out
    assert "why: waivers (another file of waivers, or other terms for them)" in short.out


def test_a_projects_layer_that_cannot_stand_on_the_newer_policy_counts_as_blocked(impact, project, tmp_path):
    (tmp_path / "svc/.git").mkdir(parents=True)
    layer = "rules: {license-allowed: {allow: [Apache-2.0, llama3.1]}}\n"
    run = impact(NEW, "svc", **{"svc/model.yaml": QWEN, "svc/weighbridge-policy.yaml": layer})
    assert run.code == 1
    assert "svc/model.yaml (bot, team): passes → cannot be used" in run.out
    assert "loosens rules.license-allowed.allow" in run.out


def test_a_manifest_that_cannot_be_used_ends_with_2_and_the_others_are_judged(impact):
    run = impact(NEW, **{"a/model.yaml": "weighbridge: 1\nmodels: 3\n", "b/model.yaml": LLAMA})
    assert run.code == 2
    assert "newly blocked (1):" in run.out
    assert "cannot be used under either policy (1):\n  a/model.yaml: a/model.yaml:2:9: `models` is `3`" in run.out


def git(folder, *arguments):
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


def test_a_policy_is_taken_from_a_revision_of_git_with_all_that_it_extends(inside, project, tmp_path):
    base = "policy: base\nversion: 1\nrules: {license-known: advisory}\n"
    project({"acme/policy.yaml": "extends: ./base.yaml\n" + OLD, "acme/base.yaml": base, "fleet/model.yaml": LLAMA})
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "x")
    project({"acme/policy.yaml": NEW, "acme/base.yaml": "broken"})
    run = inside("policy", "impact", "--from", "HEAD:acme/policy.yaml", "--to", "acme/policy.yaml", "fleet", "--why")
    assert run.code == 1
    assert run.out.startswith("from HEAD:acme/policy.yaml: acme 1, sha256 ")
    assert "weighbridge-" not in run.out
    back = inside(
        "policy", "impact", "--from", "acme/policy.yaml", "--to", "HEAD:./acme/policy.yaml", "fleet", "--json"
    )
    assert back.code == 0
    assert json.loads(back.out)["manifests"][0]["verdicts"][0]["after"]["policy"] == "HEAD:acme/policy.yaml:5:21"
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "y")
    broken = inside("policy", "impact", "--from", "HEAD:acme/base.yaml", "--to", "acme/policy.yaml", "fleet")
    assert broken.code == 2
    assert broken.err.startswith("HEAD:acme/base.yaml:1:1: error: ")


def test_a_file_of_a_revision_that_is_too_large_counts_where_it_is_led_to(inside, project, tmp_path):
    large = OLD + "#\n" * (8 << 20)
    project({"acme/policy.yaml": OLD, "acme/large.yaml": large, "acme/base.yaml": "extends: ./large.yaml\n" + OLD})
    project({"fleet/model.yaml": LLAMA})
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "x")
    assert inside("policy", "impact", "--from", "HEAD:acme/policy.yaml", "--to", "acme/policy.yaml", "fleet").code == 0
    run = inside("policy", "impact", "--from", "HEAD:acme/base.yaml", "--to", "acme/policy.yaml", "fleet")
    assert run.code == 2
    assert run.err.startswith("HEAD:acme/base.yaml:1:10: error: the file is larger than 1 MiB\n")


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("HEAD:gone.yaml", "there is no file `gone.yaml` at HEAD"),
        ("nobody:old.yaml", "`nobody` is no commit of this repository"),
        ("--upload-pack=x:old.yaml", "names no file of a revision"),
        ("HEAD:../old.yaml", "leads out of the repository"),
        ("HEAD:", "names no file of a revision"),
        ("gone.yaml", "there is no such file"),
        ("weighbridge:enterprize", "is no shipped pack"),
    ],
)
def test_a_policy_that_is_not_there_ends_with_2(inside, project, tmp_path, named, said):
    project({"old.yaml": OLD, "model.yaml": QWEN})
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "x")
    run = inside("policy", "impact", f"--from={named}", "--to", "old.yaml", "model.yaml")
    assert run.code == 2
    assert said in run.err


def test_no_manifest_is_an_error(impact):
    run = impact(NEW, "fleet", **{"fleet/readme.md": "nothing"})
    assert run.code == 2
    assert "no manifest was found in fleet" in run.err


def test_markdown_is_bounded_escaped_and_begins_with_its_marker(impact):
    evil = "a|b <script> @everyone [x](http://y)"
    files = {f"f{n}/model.yaml": LLAMA.replace("search", f'"{evil} {"|" * 240}{n}"') for n in range(50)}
    run = impact(NEW, "--why", "--output", "markdown", **files)
    assert run.code == 1
    assert run.out.startswith("<!-- weighbridge-impact -->\n## Weighbridge: projects would newly be blocked\n")
    assert len(run.out) <= 65_536
    assert "<script>" not in run.out
    assert prose(evil) in run.out
    assert "**Not shown for want of room: " in run.out


def test_several_outputs_in_one_run(impact, tmp_path):
    run = impact(
        NEW, "--output", "text", "--output", "json=out.json", "--output", "markdown=out.md", **{"model.yaml": LLAMA}
    )
    assert run.code == 1
    assert run.out.startswith("from old.yaml")
    document = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert document["tally"] == {
        "manifests": 1, "unusable": 0, "unchanged": 0, "newly blocked": 1, "could no longer be evaluated": 0,
        "no longer blocked": 0, "another verdict, the same at the gate": 0,
    }  # fmt: skip
    assert "### Newly blocked (1)" in (tmp_path / "out.md").read_text("utf-8")
    twice = impact(NEW, "--output", "json=a", "--output", "text=a", **{"model.yaml": LLAMA})
    assert (twice.code, "two outputs go to a" in twice.err) == (2, True)


def test_any_executor_gives_the_same_records_in_the_same_order(project, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    forget(applying)
    project({"old.yaml": OLD, "new.yaml": NEW, **{f"f{n:03}/model.yaml": (QWEN, LLAMA)[n % 2] for n in range(130)}})
    question = Question("old.yaml", "new.yaml", date.fromisoformat(TODAY), True)
    asked = Asked("old.yaml", "new.yaml", (Path(),), question)
    here = run(asked, lambda units: nullcontext(Workers(Here(), 1)))
    with ThreadPoolExecutor(4) as threads:
        assert run(asked, lambda units: nullcontext(Workers(threads, 4))).records == here.records
    with local(2) as pool:
        assert run(asked, lambda units: nullcontext(Workers(pool, 2))).records == here.records
    assert [record.file for record in here.records] == [f"f{n:03}/model.yaml" for n in range(130)]
    assert here.tally["newly blocked"] == 65


def test_the_newer_policys_code_is_that_of_a_check_by_it(impact, inside):
    files = {"model.yaml": LLAMA}
    assert impact(NEW, **files).code == inside("check", "model.yaml", "--policy", "new.yaml").code == 1
    assert inside("check", "model.yaml", "--policy", "old.yaml").code == 0


def test_every_kind_of_change_is_named(impact):
    old = "policy: a\nversion: 1\napi: {providers: [gateway]}\nrules:\n  benchmark-floor: {enforcement: advisory, floors: {MMLU: 50}}\n"
    new = old.replace("[gateway]", "[other]").replace("MMLU: 50", "MMLU: 60, HumanEval: 30")
    api = manifest("acme/one", "x", access="api", provider="gateway")
    rules = "  api-allowed: soft-mandatory\n  size-class: {enforcement: advisory}\n"
    run = impact(
        new + rules,
        "--why",
        "--output",
        "markdown",
        old=old + rules,
        **{"model.yaml": api, "b/model.yaml": "weighbridge: 1\nmodels: 3\n"},
    )
    assert run.code == 2
    assert "- <code>api.providers</code>: without gateway; with other\n" in run.out
    assert "- <code>benchmark-floor.floors</code>: " + prose("MMLU: 50.0 → 60.0; HumanEval: none → 30.0") in run.out
    assert "| " + prose("api.providers (without gateway; with other)") + " |" in run.out
    assert "### Cannot be used under either policy" in run.out


@pytest.mark.parametrize("option", ["--output=xml", "--output=json=", "--jobs=0"])
def test_a_wrong_option_is_a_wrong_call(inside, option):
    with pytest.raises(SystemExit) as end:
        inside("policy", "impact", "--from", "a", "--to", "b", option)
    assert end.value.code == 2


CUSTOM = """\
policy: acme
version: 1
rules:
  license-allowed: {enforcement: hard-mandatory, allow: [Apache-2.0, MIT, llama3.1]}
  custom:
    - {id: acme-size, assert: model.params <= 20000000000, message: smaller, enforcement: soft-mandatory}
"""


def told(run):
    """What is said of the policies and of each project, without how the policies are called."""
    return run.out.partition("judged as of")[2].partition("\n")[2]


def test_a_custom_rule_that_comes_or_goes_is_one_change(impact):
    added = impact(CUSTOM, "fleet", "--why", old=OLD, **{"fleet/model.yaml": QWEN.replace("7B", "32B")})
    assert (added.code, told(added)) == (
        1,
        """\
  acme-size.enforcement: off → soft-mandatory
  context-window.enforcement: advisory → off

newly blocked (1):
  fleet/model.yaml (bot, team): passes → blocked
    acme-size of Qwen2.5-32B-Instruct: off → fail (soft-mandatory)
      model.params is 32763876352; expected `model.params <= 20000000000`
      why: acme-size.enforcement (off → soft-mandatory)

1 manifest: 1 newly blocked, 0 unchanged
""",
    )
    gone = impact(OLD, "fleet", "--why", old=CUSTOM, **{"fleet/model.yaml": QWEN.replace("7B", "32B")})
    assert gone.code == 0
    assert "    acme-size of Qwen2.5-32B-Instruct: fail (soft-mandatory) → off\n" in gone.out
    assert "      why: acme-size.enforcement (soft-mandatory → off)\n" in gone.out


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (
            "<= 20000000000",
            "<= 5000000000",
            "acme-size.assert (model.params <= 20000000000 → model.params <= 5000000000)",
        ),
        (
            "smaller, enforcement",
            "smaller, min_certainty: verified, enforcement",
            "acme-size.min_certainty (declared → verified)",
        ),
        ("smaller, enforcement", "other words, enforcement", None),
    ],
)
def test_the_part_of_a_custom_rule_that_brings_a_verdict_about_is_named(impact, before, after, change):
    run = impact(CUSTOM.replace(before, after), "fleet", "--why", old=CUSTOM, **{"fleet/model.yaml": QWEN})
    assert [line.strip() for line in run.out.splitlines() if "why:" in line] == ([f"why: {change}"] if change else [])


def test_a_custom_rule_that_no_longer_applies_names_its_when(impact):
    old = CUSTOM.replace("20000000000", "5000000000")
    new = old.replace("message", "when: manifest.objective == 'similarity', message")
    run = impact(new, "fleet", "--why", old=old, **{"fleet/model.yaml": QWEN})
    assert "      why: acme-size.when (none → manifest.objective == 'similarity')\n" in run.out


def test_a_cluster_is_not_asked_to_judge_by_a_revision_that_it_does_not_see(project, inside):
    project({"old.yaml": OLD, "new.yaml": NEW, "model.yaml": QWEN})
    for command in (("init", "-q"), ("add", "."), ("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x")):
        subprocess.run(("git", *command), check=True)
    run = inside("policy", "impact", "--from", "HEAD:old.yaml", "--to", "new.yaml", "--cluster", "tcp://127.0.0.1:1")
    assert run.code == 2
    assert "the workers of a cluster do not see `HEAD:old.yaml`" in run.err


@pytest.mark.parametrize("option", ["--from", "--to"])
def test_a_pack_that_there_is_none_of_is_told_with_the_option_that_names_it(inside, project, option):
    project({"old.yaml": OLD})
    other = "--to" if option == "--from" else "--from"
    run = inside("policy", "impact", option, "weighbridge:enterprize", other, "old.yaml")
    assert (run.code, run.err.partition(": ")[0]) == (2, option)
    assert "did you mean `weighbridge:enterprise`?" in run.err


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--ignore-waivers", "--ignore-waivers: findings that waivers cover are judged as open"),
        ("--today=2026-11-02", "--today 2026-11-02"),
    ],
)
def test_what_loosens_the_run_is_named_in_every_output(impact, form, option, said):
    plain, loosened = (impact(NEW, "--output", form, *more, **{"model.yaml": QWEN}) for more in ((), (option,)))
    assert said not in unescape(plain.out)
    assert said in unescape(loosened.out)
