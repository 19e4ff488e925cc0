"""What `check` writes where: several outputs in one run, explanations, counts, and nothing loaded that is not asked."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from checker.facts.locked.file import as_text
from checker.facts.locked.lock import lock_of
from checker.report import formats
from checker.rulebook.discover import load_rule
from tests.packaging.offline import ROOT
from tests.report import formats_page

BAD = """\
weighbridge: 1
owner: support-platform
models:
  - model: Qwen/Qwen2.5-7B-Instruct
    revision: main
    objective: chat
"""
POLICY = """\
policy: acme
version: 1
rules:
  revision-pinned: soft-mandatory
  license-allowed: {enforcement: hard-mandatory, allow: [Apache-2.0]}
  weights-format: advisory
"""


def test_every_format_goes_to_its_file_in_one_run_and_the_code_is_the_same(weighbridge, project):
    folder = project({"svc/model.yaml": BAD})
    files = [f"--output={name}={name}.out" for name in formats()]
    run = weighbridge("check", *files)
    assert run.code == 1
    assert run.out == ""
    tally = r"1 model · \d+ passed · \d+ failed · 0 not evaluated · \d+ not applicable\n"
    assert re.fullmatch(tally, run.err)  # further rules may come
    written = {name: (folder / f"{name}.out").read_bytes() for name in formats()}
    assert written.keys() >= {"csv", "github", "gitlab", "html", "json", "junit", "markdown", "oscal", "sarif", "text"}
    assert all(b"revision-pinned" in content for content in written.values())
    assert not any(content.startswith(b"\xef\xbb\xbf") for content in written.values())


def test_paths_are_those_of_the_repository_from_a_subfolder_too(weighbridge, project):
    folder = project({"svc/model.yaml": BAD})
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    below = weighbridge("check", "--output", "gitlab", cwd=folder / "svc")
    assert below.out == weighbridge("check", "--output", "gitlab").out
    assert {entry["location"]["path"] for entry in json.loads(below.out)} == {"svc/model.yaml"}


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        (("text", "sarif"), "check: error: two outputs go to standard output: expected one document there"),
        (("json=a", "sarif=a"), "check: error: two outputs go to a: expected a file for each"),
        (("json=a", "sarif=./x/../a"), "check: error: two outputs go to a: expected a file for each"),
    ],
)
def test_outputs_that_would_overwrite_each_other_are_refused_before_the_run(weighbridge, project, outputs, message):
    folder = project({"model.yaml": BAD})
    run = weighbridge("check", *(f"--output={one}" for one in outputs))
    assert run.code == 2
    assert run.err.startswith(message)
    assert not (folder / "a").exists()


@pytest.mark.parametrize("over", ["model.yaml", "./x/../policy.yaml", "waivers.yaml", "model.lock"])
def test_nothing_is_written_over_what_was_read(weighbridge, project, over):
    waived = (
        "policy: p\nversion: 1\nwaivers: {from: project, approvers: [a@b.example]}\nrules: {license-known: advisory}\n"
    )
    files = {
        "model.yaml": BAD, "policy.yaml": waived, "waivers.yaml": "waivers: []\n", "model.lock": as_text(lock_of([])),
    }  # fmt: skip
    folder = project(files)
    run = weighbridge(
        "check", "model.yaml", "--policy", "policy.yaml", "--output", "sarif=new", "--output", f"json={over}"
    )
    assert run.code == 2
    assert f"{over}: error: this run has read it, and would write over it: expected another file\n" in run.err
    assert {name: (folder / name).read_text() for name in files} == files
    assert not (folder / "new").exists()


def test_an_unknown_format_is_an_error_with_the_nearest_name(weighbridge):
    run = weighbridge("check", "--output", "sarrif")
    assert run.code == 2
    assert "did you mean `sarif`?" in run.err


def summary(rule: str) -> str:
    return load_rule(rule).docstring.splitlines()[0]


def test_explain_shows_what_to_dispute(weighbridge, project):
    project({"model.yaml": BAD, "acme.yaml": POLICY})
    run = weighbridge("check", "--policy", "acme.yaml", "--explain")
    assert run.code == 1
    chains = run.out.split("Qwen2.5-7B-Instruct: what led to each outcome\n")[1].split("\n\n")[0]
    assert chains == (
        "  why license-allowed is pass:\n"
        "    manifest  model.yaml:4:5: - model: Qwen/Qwen2.5-7B-Instruct\n"
        "    fact      apache-2.0 (declared; catalogue: hf-card + llmfit, of Qwen/Qwen2.5-7B-Instruct)\n"
        "    policy    acme.yaml:5:21: license-allowed: {enforcement: hard-mandatory, allow: [Apache-2.0]}\n"
        "              the level is hard-mandatory, in the layer of the organisation\n"
        f"    rule      {summary('license-allowed')} (weighbridge explain license-allowed)\n"
        "    waiver    none is needed: it does not block\n"
        "  why revision-pinned is fail, blocks (`main`, which can be moved; expected a commit of 40 hexadecimal digits"
        " under `revision`):\n"
        "    manifest  model.yaml:5:15: revision: main\n"
        "    policy    acme.yaml:4:20: revision-pinned: soft-mandatory\n"
        "              the level is soft-mandatory, in the layer of the organisation\n"
        f"    rule      {summary('revision-pinned')} (weighbridge explain revision-pinned)\n"
        "    waiver    none that counts covers it\n"
        "  why weights-format is not-applicable (only files can tell, and neither a lock nor a local folder was read):\n"
        "    manifest  model.yaml:4:5: - model: Qwen/Qwen2.5-7B-Instruct\n"
        "    policy    acme.yaml:6:19: weights-format: advisory\n"
        "              the level is advisory, in the layer of the organisation\n"
        f"    rule      {summary('weights-format')} (weighbridge explain weights-format)\n"
        "    waiver    none is needed: it does not block"
    )


def test_statistics_count_each_rule_and_what_blocks_comes_first(weighbridge, project):
    project({"a/model.yaml": BAD, "b/model.yaml": BAD, "acme.yaml": POLICY})
    run = weighbridge("check", "--policy", "acme.yaml", "--statistics")
    table = (
        "rule             pass  fail  waived  not-evaluated  not-applicable  blocks\n"
        "revision-pinned     0     2       0              0               0       2\n"
        "license-allowed     2     0       0              0               0       0\n"
        "weights-format      0     0       0              0               2       0\n"
        "all                 2     2       0              0               2       2\n"
    )
    assert run.out.endswith(table)
    run = weighbridge("check", "--policy", "acme.yaml", "--statistics", "--json")
    assert json.loads(run.out)["exit_code"] == 1
    assert run.err.startswith(table)


LOADED = """
import os, sys
from checker.command_line import run
code = run(sys.argv[1:])
report = sorted(name.removeprefix("checker.report.") for name in sys.modules if name.startswith("checker.report."))
others = {"checker.surroundings", "html", "jinja2", "subprocess", "xml"}
print(report, sorted(others & set(sys.modules)), file=sys.stderr)
"""


def test_a_plain_check_loads_nothing_of_the_outputs_that_it_does_not_write(project, monkeypatch):
    folder = project({"model.yaml": BAD})
    monkeypatch.delenv("WEIGHBRIDGE_POLICY", raising=False)

    def loaded(*arguments):
        # Measuring coverage loads modules of its own.
        environment = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE")}
        done = subprocess.run(
            [sys.executable, "-c", LOADED, "check", *arguments],
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            env=environment,
        )
        return done.stderr.splitlines()[-1]

    assert loaded() == "['_unjudged', 'text'] []"
    assert "'gitlab'" in loaded("--output", "gitlab=out.json")  # so that the test sees what it looks for


WAIVED = """\
waivers:
  - id: W-1
    rule: revision-pinned
    project: shop
    model: Qwen2.5-7B-Instruct
    kind: adoption
    reason: moves next month
    approver: legal@example.com
    approved_on: 2026-11-01
    expires: 2026-12-31
"""


@pytest.mark.parametrize("name", formats())
def test_a_waived_finding_stays_visible_in_every_output_and_in_sarif_on_request(weighbridge, project, name):
    policy = f"{POLICY}waivers: {{file: waivers.yaml, approvers: [legal@example.com]}}\n"
    project({"model.yaml": f"project: shop\n{BAD}", "acme.yaml": policy, "waivers.yaml": WAIVED})
    arguments = ("check", "--policy", "acme.yaml", "--today", "2026-12-01", "--output", name)
    run = weighbridge(*arguments)
    assert run.code == 0
    if name == "sarif":
        assert "W-1" not in run.out
        run = weighbridge(*arguments, "--sarif-include-waived")
    assert "W-1" in run.out
    assert weighbridge(*arguments, "--ignore-waivers").code == 1


def test_every_format_stands_in_the_documentation():
    page = (ROOT / "docs" / "outputs.md").read_text(encoding="utf-8")
    assert formats_page.written(page) == page, "run `python3 dev.py generate`"


@pytest.mark.parametrize("name", ["csv", "github", "gitlab", "junit", "markdown", "oscal", "sarif"])
def test_what_could_not_be_judged_stands_in_a_rules_place(weighbridge, project, name):
    folder = project(
        {
            "broken/model.yaml": "weighbridge: 1\nmodels: 5\n",
            "model.yaml": BAD,
            "policy.yaml": "policy: acme\nversion: 1\nrules: {training-fits: hard-mandatory}\n",
        }
    )
    assert weighbridge("check", "--policy", "policy.yaml", f"--output={name}=out").code == 2
    written = (folder / "out").read_text(encoding="utf-8")
    assert "unusable-input" in written
    assert "nothing-judged" in written


DIGEST = "a" * 64
LOOSER = "rules: {revision-pinned: off}\n"


@pytest.mark.parametrize(
    ("options", "environment"),
    [
        (("--policy", "gone.yaml"), {}),
        (("--policy", ""), {}),
        (("--policy", "acme.yaml", "--require-policy", DIGEST), {}),
        ((), {"WEIGHBRIDGE_POLICY": "gone.yaml"}),
        ((), {"WEIGHBRIDGE_POLICY": ""}),
    ],
)
def test_no_output_is_written_where_the_policy_of_the_whole_run_cannot_be_used(
    weighbridge, project, options, environment
):
    folder = project({"model.yaml": BAD, "acme.yaml": POLICY})
    assert weighbridge("check", "--output=json=out", *options, **environment).code == 2
    assert not (folder / "out").exists()


@pytest.mark.parametrize(
    ("options", "files"),
    [
        (("--require-policy", DIGEST), {}),
        ((), {"pyproject.toml": '[tool.weighbridge]\npolicy = "gone.yaml"\n'}),
        (("--policy", "acme.yaml"), {"weighbridge-policy.yaml": LOOSER}),
    ],
)
def test_a_policy_of_one_project_that_cannot_be_used_makes_its_manifests_unusable(weighbridge, project, options, files):
    folder = project({"model.yaml": BAD, "acme.yaml": POLICY, **files})
    assert weighbridge("check", "--output=json=out", *options).code == 2
    [refused] = json.loads((folder / "out").read_text(encoding="utf-8"))["refused"]
    assert refused["file"] == "model.yaml"
