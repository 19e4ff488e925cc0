"""What `audit` says of many projects, and how it ends."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from checker.fleet import judge as judging
from tests.fleet.conftest import PASSES, STOPPED
from tests.repository import POLICY, ledger, waiver

BROKEN = "weighbridge: 1\nmodells: []\n"


def inventory(inside, *arguments, code=None, **environment):
    run = inside("audit", "src", *arguments, "--output", "json", **environment)
    assert code is None or run.code == code, run
    return json.loads(run.out)


def test_the_audit_is_the_union_of_checks(fleet, inside):
    fleet.add("passes", model__yaml=PASSES)
    fleet.add("stopped", model__yaml=STOPPED)
    audited = {record["path"]: record for record in inventory(inside, code=1)["records"]}
    for name in ("passes", "stopped"):
        checked = inside("check", f"src/{name}", "--json")
        record = audited[f"src/{name}"]
        report = json.loads(checked.out)
        assert record["code"] == checked.code
        verdicts = {
            one["rule"]: one["verdict"]
            for one in report["manifests"][0]["models"][0]["evaluations"]
            if one["verdict"] != "not-applicable"
        }
        assert record["manifests"][0]["models"][0]["verdicts"] == verdicts


@pytest.mark.parametrize(
    ("projects", "code"),
    [
        ({"a": PASSES}, 0),
        ({"a": PASSES, "b": STOPPED}, 1),
        ({"a": STOPPED, "b": BROKEN}, 2),
        ({"a": PASSES.replace("Qwen/Qwen2.5-7B-Instruct", "acme/unheard-of")}, 3),
        ({"a": STOPPED, "b": PASSES.replace("Qwen/Qwen2.5-7B-Instruct", "acme/unheard-of")}, 1),
    ],
)
def test_the_code_is_the_gravest_of_all_projects(fleet, inside, projects, code):
    for name, text in projects.items():
        fleet.add(name, model__yaml=text)
    assert inside("audit", "src").code == code


def test_a_broken_project_is_listed_and_stops_no_other(fleet, inside):
    fleet.add("a", model__yaml=BROKEN)
    fleet.add("b", model__yaml=STOPPED)
    found = inventory(inside, code=2)
    assert [(row["path"], row["why"]) for row in found["broken"]] == [
        ("src/a", "unknown key `modells`"),
        ("src/a", "the key `models` is missing"),
    ]
    assert found["totals"]["codes"] == {"1": 1, "2": 1}


def test_a_bug_in_one_project_is_told_and_stops_no_other(fleet, inside, monkeypatch):
    fleet.add("a", model__yaml=PASSES)
    fleet.add("b", model__yaml=PASSES)
    judge = judging.gate.judge

    def failing(request):
        if request.paths[0].name == "a":
            raise KeyError("surprise")
        return judge(request)

    monkeypatch.setattr(judging.gate, "judge", failing)
    found = inventory(inside, code=70)
    assert [row["why"] for row in found["broken"]] == ["a bug in Weighbridge: KeyError: 'surprise'"]
    assert found["totals"]["codes"] == {"0": 1, "70": 1}


def test_a_project_without_manifest_that_uses_a_model_is_found_by_its_code(fleet, inside):
    fleet.add(
        "a", run__py='from transformers import AutoModel\nAutoModel.from_pretrained("google-bert/bert-base-uncased")\n'
    )
    found = inventory(inside, code=1)
    [row] = found["undeclared"]
    assert (row["path"], row["used"][0]["model"], row["used"][0]["at"]) == (
        "src/a",
        "google-bert/bert-base-uncased",
        "run.py:2:27",
    )


@pytest.mark.parametrize(
    ("files", "row"),
    [
        ({"run__py": "from_pretrained(\n"}, ("run.py", "Python cannot parse it: '(' was never closed, line 1")),
        ({"run__sh": "vllm serve 'a/b\n"}, ("run.sh:1:1", "vllm serve 'a/b: a quote in it does not close")),
        ({"run__ipynb": "{}"}, ("run.ipynb", "no list of cells")),
    ],
)
def test_a_project_without_manifest_whose_code_cannot_be_read_is_not_green(fleet, inside, files, row):
    fleet.add("a", **files)
    found = inventory(inside, code=3)
    [lost] = found["broken"]
    assert (lost["path"], lost["file"]) == ("src/a", row[0])
    assert lost["why"].startswith(row[1])
    assert found["undeclared"] == []


def test_a_project_without_models_is_green(fleet, inside):
    fleet.add("a", readme__md="nothing\n")
    assert inventory(inside, code=0)["totals"]["without_manifest"] == 1


def test_an_unusable_policy_ends_the_run_before_any_project(fleet, inside):
    fleet.add("a", model__yaml=PASSES)
    run = inside("audit", "src", "--policy", "nowhere.yaml")
    assert run.code == 2
    assert "nowhere.yaml" in run.err
    assert run.out == ""


def test_what_loosens_the_run_is_named(fleet, inside):
    fleet.add("a", model__yaml=STOPPED, pyproject__toml='[tool.weighbridge]\npolicy = "weighbridge:starter"\n')
    found = inventory(inside, "--exit-zero", "--today", "2026-11-29", code=0)
    assert found["relaxations"] == [
        "--today 2026-11-29",
        "--exit-zero: blocking findings end with code 0",
        "src/a/model.yaml: the project chose its policy in pyproject.toml",
    ]


def test_findings_are_counted_by_owner_and_rule(fleet, inside):
    fleet.add("a", model__yaml=STOPPED)
    fleet.add("b", model__yaml=STOPPED.replace("owner: team", "owner: others"))
    fleet.add("c", model__yaml=PASSES)
    found = inventory(inside)
    assert [(row["owner"], row["projects"], row["blocking"]) for row in found["owners"]] == [
        ("others", 1, 1),
        ("team", 2, 1),
    ]
    pinned = next(row for row in found["rules"] if row["rule"] == "revision-pinned")
    assert (pinned["blocking"], pinned["projects"]) == (2, 2)


def test_one_missing_fact_is_ranked_by_the_projects_that_it_stops(fleet, inside):
    unknown = PASSES.replace("Qwen/Qwen2.5-7B-Instruct", "acme/unheard-of")
    for name in ("a", "b"):
        fleet.add(name, model__yaml=unknown)
    fleet.add("c", model__yaml=PASSES.replace("Qwen/Qwen2.5-7B-Instruct", "acme/also-unknown"))
    found = inventory(inside, code=3)
    first = next(row for row in found["unknowns"] if row["key"] == "license")
    assert (first["model"], first["projects"]) == ("acme/unheard-of", ["src/a", "src/b"])
    assert found["leverage"]["projects"] == 3


def test_waivers_are_listed_by_expiry_with_the_debt_of_each_owner(fleet, inside, tmp_path):
    (tmp_path / "policy.yaml").write_text(POLICY)
    soon = waiver(expires="2026-12-20")
    again = waiver(id="W-2", approved_on="2026-11-20", expires="2027-02-10")
    fleet.add("a", model__yaml=STOPPED, waivers__yaml=ledger(soon, again))
    found = inventory(inside, "--policy", "policy.yaml")
    assert [(row["waiver"]["id"], row["waiver"]["days_left"]) for row in found["waivers"]] == [("W-1", 22), ("W-2", 74)]
    [debt] = found["debt"]
    assert (debt["owner"], debt["days_granted"], debt["renewals"]) == ("team", 49 + 82, 1)
    assert (debt["expiring_30"], debt["expiring_60"], debt["expiring_90"]) == (1, 0, 1)


def test_entries_of_an_allow_list_that_nobody_uses_are_named(fleet, inside, tmp_path):
    (tmp_path / "policy.yaml").write_text(POLICY)
    fleet.add("a", model__yaml=PASSES)
    found = inventory(inside, "--policy", "policy.yaml")
    assert found["unused_allowed"] == {"license-allowed.allow": ["llama3.1"]}


def test_entries_that_are_allowed_for_one_use_are_looked_at_too(fleet, inside, tmp_path):
    lists = "allow: [Apache-2.0], contexts: {internal: {allow: [gemma]}}"
    policy = f"policy: a\nversion: 1\nrules:\n  license-allowed: {{enforcement: advisory, {lists}}}\n"
    (tmp_path / "policy.yaml").write_text(policy)
    fleet.add("a", model__yaml=PASSES)
    found = inventory(inside, "--policy", "policy.yaml")
    assert found["unused_allowed"] == {"license-allowed.contexts.internal.allow": ["gemma"]}
    fleet.add("b", model__yaml=PASSES.replace("Qwen/Qwen2.5-7B-Instruct", "google/gemma-2-9b-it"))
    assert inventory(inside, "--policy", "policy.yaml")["unused_allowed"] == {}


def test_a_tuned_model_is_shown_with_the_services_that_load_it(fleet, inside):
    tuned = PASSES + "    fine_tuning: {method: lora, produces: {name: acme/bot-7b}}\n"
    fleet.add("maker", model__yaml=tuned)
    user = PASSES.replace("model: Qwen/Qwen2.5-7B-Instruct", "model: acme/bot-7b") + (
        "    derived_from: Qwen/Qwen2.5-7B-Instruct\n"
    )
    fleet.add("service", model__yaml=user)
    [row] = inventory(inside)["tuned"]
    assert (row["name"], row["path"], row["base"], row["loaded_by"]) == (
        "acme/bot-7b",
        "src/maker",
        "Qwen/Qwen2.5-7B-Instruct",
        ["src/service"],
    )


def test_what_is_not_pinned_and_what_is_pinned_differently_is_listed(fleet, inside):
    fleet.add("a", model__yaml=STOPPED.replace("    revision: main\n", ""))
    fleet.add("b", model__yaml=PASSES)
    fleet.add("c", model__yaml=PASSES.replace("a09a", "b09a"))
    found = inventory(inside)
    assert [row["path"] for row in found["unpinned"]] == ["src/a"]
    assert [row["what"] for row in found["drift"]] == ["pinned at 2 commits: a09a35458c70 (1), b09a35458c70 (1)"]


def test_what_turns_red_by_itself_is_listed(fleet, inside, tmp_path):
    (tmp_path / "policy.yaml").write_text(POLICY)
    fleet.add("a", model__yaml=STOPPED, waivers__yaml=ledger(waiver(expires="2026-12-20")))
    found = inventory(inside, "--policy", "policy.yaml", "--forecast", "60d")
    assert ("2026-12-21", "revision-pinned") in {(row["turn"]["day"], row["turn"]["rule"]) for row in found["turns"]}


def test_processes_and_this_one_come_to_the_same_bytes(fleet, inside):
    for number in range(34):
        fleet.add(f"p{number:02}", model__yaml=PASSES if number % 3 else STOPPED)
    alone = inside("audit", "src", "--output", "json", "--jobs", "1")
    several = inside("audit", "src", "--output", "json", "--jobs", "2")
    assert alone == several
    assert alone.code == 1


def test_text_says_first_what_was_not_judged(fleet, inside):
    fleet.add("a", model__yaml=BROKEN)
    fleet.add("b", model__yaml=STOPPED)
    out = inside("audit", "src").out
    assert out.index("Not judged") < out.index("Findings by owner")
    assert out.splitlines()[-1] == ("2 projects: 1 blocked, 1 not usable; 1 manifest, 1 entry of 1 model")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--output", "jsn"), "`jsn` is no format"),
        (("--output", "csv"), "output `csv` is a folder of files"),
        (("--output", "json", "--output", "text"), "two outputs go to standard output"),
        (("--sample", "3"), "--sample was given alone"),
        (("--period", "2026-01-01..2026-02-01"), "--period was given alone"),
        (("--records", "x"), "--records was given alone"),
        (("--cluster-ca", "x.pem"), "certificates of a cluster without one"),
        (("--cluster", "tcp://127.0.0.1:1", "--jobs", "2"), "--jobs beside --cluster"),
    ],
)
def test_a_wrong_call_says_what_was_expected(fleet, inside, capsys, arguments, said):
    fleet.add("a", model__yaml=PASSES)
    try:
        run = inside("audit", "src", *arguments)
        code, err = run.code, run.err
    except SystemExit as end:  # how argparse ends a wrong call
        code, err = end.code, capsys.readouterr().err
    assert code == 2
    assert said in err


def test_code_that_cannot_be_read_is_listed_and_the_project_is_unknown(fleet, inside):
    project = fleet.add("a")
    (project / "run.py").write_bytes(b"import transformers\n\xff\xfe")
    found = inventory(inside, code=3)
    assert [(row["path"], row["file"]) for row in found["broken"]] == [("src/a", "run.py")]


@pytest.mark.parametrize(("use", "state"), [("", "depends"), ("use: {distribution: weights}\n", "owed")])
def test_a_duty_under_a_circumstance_that_nobody_states_depends(fleet, inside, use, state):
    fleet.add("a", model__yaml=PASSES.replace("models:", f"{use}models:"))
    run = inside("audit", "src", "--output", "json")
    asked = [row["state"] for row in json.loads(run.out)["duties"] if "a copy of the licence" in row["duty"]]
    assert asked == [state]
    assert f"src/a: assistant: {state}: Apache-2.0, section 4(a)" in inside("audit", "src").out


def test_the_document_has_the_form_that_is_published(fleet, inside, tmp_path):
    fleet.add("a", model__yaml=STOPPED, waivers__yaml=ledger(waiver()))
    fleet.add("b", model__yaml="nothing: [")
    (tmp_path / "policy.yaml").write_text(POLICY)
    schema = json.loads(inside("schema", "audit").out)
    run = inside("audit", "src", "--policy", "policy.yaml", "--forecast", "400d", "--output", "json")
    document = json.loads(run.out)
    Draft202012Validator(schema).validate(document)
    assert document["records"]
    assert not Draft202012Validator(schema).is_valid({**document, "surprise": 1})
