"""SARIF: valid by its schema and by the multitool, complete for GitHub, and inside GitHub's limits."""

from __future__ import annotations

import gzip
import json
import stat
import subprocess
from pathlib import Path

import jsonschema
import pytest

from checker.document.place import Place, SourceFile
from checker.report import Wishes
from checker.report.sarif import MAX_PACKED_BYTES, MAX_RESULTS, render
from checker.rulebook.discover import load_rule, rule_ids
from checker.surroundings import Commit, Surroundings
from checker.verdict import Verdict

from .made import HERE, HOSTILE, MANIFEST, detail, evaluation, model, of_every_weight, report

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "tests" / "data" / "sarif" / "sarif-2.1.0.json").read_text("utf-8"))
VALIDATOR = jsonschema.validators.validator_for(SCHEMA)(SCHEMA)
COMMIT = Commit("https://example.com/acme/shop", "e" * 40, "main")


NO_WISHES = Wishes()


def run_of(made, surroundings=HERE, wishes=NO_WISHES):
    log = json.loads(render(made, surroundings, wishes))
    VALIDATOR.validate(log)
    (run,) = log["runs"]
    return run


def test_each_finding_is_a_result_worst_first_and_a_waived_one_is_none():
    results = run_of(of_every_weight())["results"]
    assert [(one["ruleId"], one["level"]) for one in results] == [
        ("unusable-input", "error"),
        ("revision-pinned", "error"),
        ("nothing-judged", "error"),
        ("license-known", "error"),
        ("size-class", "warning"),
        ("facts-known", "note"),
    ]


def test_a_waived_finding_is_there_on_request_and_says_who_lets_it_pass():
    *_, last = run_of(of_every_weight(), wishes=Wishes(include_waived=True))["results"]
    assert (last["ruleId"], last["level"]) == ("remote-code", "note")
    (suppression,) = last["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert suppression["justification"].startswith("waived by W-1 until 2026-12-01")


def test_a_result_has_its_place_in_the_repository_and_both_fingerprints():
    result = run_of(of_every_weight())["results"][1]
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "svc/model.yaml", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 4, "startColumn": 15, "endColumn": 19},
            }
        }
    ]
    assert result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "policy.yaml"
    assert result["partialFingerprints"].keys() == {"primaryLocationLineHash", "weighbridge/v1"}
    assert result["message"]["text"] == (
        "one: `main`, which can be moved. Expected a commit (policy.yaml:3:3). Remedy: pin it."
    )


def test_the_semantic_fingerprint_stays_when_lines_move():
    def prints(made):
        (result,) = run_of(made)["results"]
        return result["partialFingerprints"]

    moved = SourceFile("model.yaml", "# a line\n\n" + MANIFEST.text)
    there = detail(at=Place(moved, 6, 15, 4))
    first = prints(report(model(evaluation("revision-pinned", Verdict.FAIL, detail()))))
    assert prints(report(model(evaluation("revision-pinned", Verdict.FAIL, there)))) == first


def test_a_path_whose_bytes_are_no_utf_8_is_written_by_its_bytes():
    here = Surroundings({"model.yaml": "a\udcff #?/model.yaml"})
    (result,) = run_of(report(model(evaluation("revision-pinned", Verdict.FAIL, detail()))), here)["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%FF%20%23%3F/model.yaml"


def test_columns_count_as_viewers_count_them():
    at = Place(SourceFile("model.yaml", "a: \U0001f600\U0001f600x\n"), 1, 5, 2)
    (result,) = run_of(report(model(evaluation("revision-pinned", Verdict.FAIL, detail(at=at)))))["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 1, "startColumn": 6, "endColumn": 9}


def test_a_rule_says_what_code_scanning_shows():
    run = run_of(report(model(*(evaluation(rule, Verdict.PASS) for rule in rule_ids()))))
    for rule in run["tool"]["driver"]["rules"]:
        assert {"shortDescription", "fullDescription", "help", "defaultConfiguration"} <= rule.keys()
        assert rule["help"]["markdown"].startswith("**What it checks:** ")
        severity = load_rule(rule["id"]).security_severity
        assert rule["properties"].get("security-severity") == (str(severity) if severity else None)
        assert ("security" in rule["properties"]["tags"]) is (severity is not None)
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == sorted(rule_ids())


def test_the_run_says_what_it_rests_on_and_how_it_ended():
    run = run_of(of_every_weight()._replace(relaxations=("--exit-zero",)), HERE._replace(commit=COMMIT))
    assert run["automationDetails"] == {"id": "weighbridge/acme/"}
    assert run["versionControlProvenance"] == [
        {
            "repositoryUri": "https://example.com/acme/shop",
            "revisionId": "e" * 40,
            "branch": "main",
            "mappedTo": {"uriBaseId": "%SRCROOT%"},
        }
    ]
    (invocation,) = run["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 2)
    assert [one["message"]["text"] for one in invocation["toolExecutionNotifications"]] == [
        "broken.yaml was not judged",
        "relaxed: --exit-zero",
    ]
    assert run["properties"]["policies"] == [{"name": "acme", "version": "7", "sha256": "a" * 64}]


def test_more_results_than_github_takes_are_cut_and_counted():
    many = report(model(evaluation("revision-pinned", Verdict.FAIL, *(detail(),) * (MAX_RESULTS + 5))))
    run = json.loads(render(many, HERE, Wishes()))["runs"][0]
    assert len(run["results"]) == MAX_RESULTS
    assert run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"].startswith(
        "5 results are left out"
    )


def test_a_log_that_packs_to_more_than_github_takes_is_cut(monkeypatch):
    import random

    assert MAX_PACKED_BYTES == 10_000_000
    monkeypatch.setattr("checker.report.sarif.MAX_PACKED_BYTES", 500_000)  # packing ten million takes half a minute
    source = random.Random(7)
    details = (detail(source.randbytes(20_000).hex()) for _ in range(35))
    written = render(report(model(evaluation("revision-pinned", Verdict.FAIL, *details))), HERE, Wishes())
    assert len(gzip.compress(written.encode())) <= 500_000
    assert 0 < len(json.loads(written)["runs"][0]["results"]) < 35


def test_untrusted_text_makes_no_link_and_no_placeholder():
    hostile = report(model(evaluation("revision-pinned", Verdict.FAIL, detail(HOSTILE)), name=HOSTILE))
    written = render(hostile, Surroundings({"model.yaml": "a b/ü%[x].yaml"}), Wishes())
    VALIDATOR.validate(json.loads(written))
    (result,) = json.loads(written)["runs"][0]["results"]
    assert written.isascii()
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/%C3%BC%25%5Bx%5D.yaml"
    assert "\\[a](b)" in result["message"]["text"]
    assert "{{0}}" in result["message"]["text"]
    assert result["message"]["text"].isprintable()


@pytest.fixture(scope="module")
def multitool() -> str:
    """The validator that GitHub's own ingestion rules ship with, out of the folder that `dev.py` fills."""
    program = ROOT / ".node" / "node_modules" / "@microsoft" / "sarif-multitool-linux" / "Sarif.Multitool"
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


def judged_by(multitool: str, log: str, folder: Path) -> list[str]:
    """The errors and warnings of the multitool; its exit code is 0 even where there are some."""
    (folder / "log.sarif").write_text(log, encoding="utf-8")
    subprocess.run(
        [multitool, "validate", "log.sarif", "--rule-kind", "Sarif;Ghas", "--output", "judged.sarif"],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=60,
    )
    (run,) = json.loads((folder / "judged.sarif").read_text("utf-8-sig"))["runs"]
    assert run["invocations"][0]["executionSuccessful"]
    found = [(one["ruleId"], one.get("level", "warning"), one["message"]) for one in run.get("results", ())]
    return [f"{rule} {level} {message}" for rule, level, message in found if level != "note"]


@pytest.mark.node
def test_the_multitool_finds_nothing_wrong(multitool, tmp_path):
    here = Surroundings({**HERE.paths, "broken.yaml": "broken.yaml"}, COMMIT)
    made = render(of_every_weight(), here, Wishes(include_waived=True))
    assert judged_by(multitool, made, tmp_path) == []


@pytest.mark.node
def test_the_multitool_finds_nothing_wrong_with_a_real_run(multitool, weighbridge, project, tmp_path):
    project({"broken.yaml": "weighbridge: 1\nmodels: [{model: a/b, objective: chat, colour: red}]\n"})
    examples = [str(ROOT / "examples" / name) for name in ("passes", "stopped")]
    made = weighbridge("check", "--output", "sarif", "broken.yaml", *examples)
    assert made.code == 2
    assert judged_by(multitool, made.out, tmp_path) == []


@pytest.mark.node
def test_the_multitool_would_find_what_is_wrong(multitool, tmp_path):
    log = json.loads(render(of_every_weight(), HERE, Wishes()))
    log["runs"][0]["results"][0]["ruleIndex"] = 99
    (wrong,) = judged_by(multitool, json.dumps(log), tmp_path)
    assert wrong.startswith("SARIF1009 error")
