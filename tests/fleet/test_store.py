"""Results of an earlier run count where nothing that they depend on has changed, and never otherwise."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

import checker.fleet.digest
from checker.fleet import run as running
from tests.fleet.conftest import PASSES, STOPPED
from tests.repository import POLICY, ledger, waiver


@pytest.fixture
def audit(fleet, inside, tmp_path):
    """Audit with a store, and tell which projects were kept."""
    (tmp_path / "policy.yaml").write_text(POLICY)
    fleet.add("a", model__yaml=PASSES, waivers__yaml=ledger(waiver()))
    fleet.add("b", model__yaml=STOPPED)

    def once(*arguments: str) -> dict[str, bool]:
        given = ("--policy", "policy.yaml", "--store", "store", "--output", "json")
        run = inside("audit", "src", *given, *arguments)
        return {row["path"]: row["kept"] for row in json.loads(run.out)["projects"]}

    return once


def test_nothing_is_judged_twice(audit):
    assert audit() == {"src/a": False, "src/b": False}
    assert audit() == {"src/a": True, "src/b": True}


def test_what_was_kept_reads_as_if_it_were_judged(audit, inside):
    given = ("audit", "src", "--policy", "policy.yaml", "--output", "json")
    audit()
    kept, judged = inside(*given, "--store", "store"), inside(*given)
    without = [json.loads(run.out) for run in (kept, judged)]
    for one in without:
        one["totals"].pop("kept")
        for row in one["projects"]:
            row.pop("kept")
    assert without[0] == without[1]
    assert kept.code == judged.code


def test_a_result_that_was_edited_counts_as_absent(audit, inside, tmp_path):
    audit()
    kept = {b"b" if b"src/b" in file.read_bytes() else b"a": file for file in (tmp_path / "store").rglob("*.json")}
    passed, stopped = kept[b"a"].read_bytes(), kept[b"b"].read_bytes()
    for content in (stopped.replace(b'"code":1', b'"code":0'), passed.replace(b"src/a", b"src/b"), passed):
        kept[b"b"].write_bytes(content)
        run = inside("audit", "src", "--policy", "policy.yaml", "--store", "store", "--output", "json")
        assert {row["path"]: (row["code"], row["kept"]) for row in json.loads(run.out)["projects"]} == {
            "src/a": (0, True),
            "src/b": (1, False),
        }


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("model.yaml", PASSES + "# a remark\n"),
        ("waivers.yaml", ledger(waiver(expires="2026-12-30"))),
        ("weighbridge-policy.yaml", "rules:\n  size-class: soft-mandatory\n"),
        ("evals/baseline.json", "{}\n"),
        (".git/HEAD", "a" * 40 + "\n"),
    ],
)
def test_a_change_of_a_file_judges_its_project_again_and_no_other(audit, tmp_path, file, text):
    audit()
    path = tmp_path / "src" / "a" / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    assert audit() == {"src/a": False, "src/b": True}


def test_another_policy_judges_everything_again(audit, tmp_path):
    audit()
    (tmp_path / "policy.yaml").write_text(POLICY.replace("llama3.1", "MIT"))
    assert audit() == {"src/a": False, "src/b": False}


@pytest.mark.parametrize(
    "arguments", [("--today", "2026-11-29"), ("--ignore-waivers",), ("--exit-zero",), ("--forecast", "9d")]
)
def test_another_question_is_answered_anew(audit, arguments):
    audit()
    assert audit(*arguments) == {"src/a": False, "src/b": False}


@pytest.mark.parametrize("name", ["__version__", "FORMAT"])
def test_another_tool_judges_everything_again(audit, monkeypatch, name):
    audit()
    monkeypatch.setattr(checker.fleet.digest, name, "another")
    assert audit() == {"src/a": False, "src/b": False}


def test_another_catalogue_judges_everything_again(audit, monkeypatch):
    audit()
    monkeypatch.setattr(checker.fleet.digest.Catalogue, "digest", lambda self: "another")
    assert audit() == {"src/a": False, "src/b": False}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"path": 3}'])
def test_a_damaged_result_counts_as_absent(audit, tmp_path, content):
    audit()
    for file in (tmp_path / "store").rglob("*.json"):
        file.write_text(content)
    assert audit() == {"src/a": False, "src/b": False}
    assert audit() == {"src/a": True, "src/b": True}


def test_a_result_that_says_true_for_a_number_counts_as_absent(audit, tmp_path):
    audit()
    for file in (tmp_path / "store").rglob("*.json"):
        file.write_text(re.sub(r'"code":\d', '"code":true', file.read_text()))
    assert audit() == {"src/a": False, "src/b": False}


def test_a_project_that_changes_while_it_is_judged_is_not_kept(audit, monkeypatch, tmp_path):
    judge = running.judge_project

    def changing(folder: Path, *rest):
        with open(folder / "model.yaml", "a") as file:
            file.write("# changed meanwhile\n")
        return judge(folder, *rest)

    monkeypatch.setattr(running, "judge_project", changing)
    audit()
    assert audit() == {"src/a": False, "src/b": False}


def test_an_audit_that_was_interrupted_goes_on_where_it_was(audit, monkeypatch):
    judge = running.judge_project

    def interrupted(folder: Path, *rest):
        if folder.name == "b":
            raise KeyboardInterrupt
        return judge(folder, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(running, "judge_project", interrupted)
        with pytest.raises(KeyboardInterrupt):
            audit()
    assert audit() == {"src/a": True, "src/b": False}


def test_a_project_too_large_to_be_read_is_judged_each_time(audit, monkeypatch):
    monkeypatch.setattr(checker.fleet.digest, "MAX_BYTES", 10)
    audit()
    assert audit() == {"src/a": False, "src/b": False}


def test_a_store_that_is_a_file_is_an_error(fleet, inside, tmp_path):
    fleet.add("a", model__yaml=PASSES)
    (tmp_path / "store").write_text("")
    run = inside("audit", "src", "--store", "store")
    assert run.code == 2
    assert "store: error: no folder for results" in run.err


def test_what_a_link_leads_to_counts(audit, tmp_path):
    (tmp_path / "elsewhere.lock").write_text("{}")
    (tmp_path / "src" / "a" / "model.lock").symlink_to(tmp_path / "elsewhere.lock")
    audit()
    (tmp_path / "elsewhere.lock").write_text("{ }")
    assert audit() == {"src/a": False, "src/b": True}


@pytest.mark.parametrize("packages", ["node_modules", "env/lib"])
@pytest.mark.parametrize("how", ["manifest", "escaped", "link"])
def test_installed_packages_count_where_something_leads_to_them(audit, tmp_path, packages, how):
    project = tmp_path / "src" / "a"
    (project / packages / "x").mkdir(parents=True)
    (project / "env").mkdir(exist_ok=True)
    (project / "env" / "pyvenv.cfg").write_text("")
    assert audit() == {"src/a": False, "src/b": False}
    (project / packages / "x" / "NOTICE").write_text("one")
    assert audit() == {"src/a": True, "src/b": True}
    if how == "link":
        (project / "notices").symlink_to(f"{packages}/x")
    else:
        named = packages if how == "manifest" else packages.replace("e", "\\u0065")
        (project / "model.yaml").write_text(f'{PASSES}    obligations: {{notice: "./{named}/x/NOTICE"}}\n')
    assert audit() == {"src/a": False, "src/b": True}
    (project / packages / "x" / "NOTICE").write_text("two")
    assert audit() == {"src/a": False, "src/b": True}


def test_a_file_of_a_virtual_environment_hides_nothing_that_lies_beside_it(audit, tmp_path):
    project = tmp_path / "src" / "a"
    (project / "svc").mkdir()
    (project / "svc" / "pyvenv.cfg").write_text("")
    (project / "svc" / "model.yaml").write_text(PASSES)
    audit()
    (project / "svc" / "model.yaml").write_text(f"{PASSES}# changed\n")
    assert audit() == {"src/a": False, "src/b": True}


def test_where_a_clone_is_cut_off_and_the_commit_of_a_repository_within_count(audit, tmp_path):
    git = tmp_path / "src" / "a" / ".git"
    within = tmp_path / "src" / "a" / "sub" / ".git"
    within.mkdir(parents=True)
    (within / "HEAD").write_text("a" * 40)
    audit()
    (git / "shallow").write_text("b" * 40)
    assert audit() == {"src/a": False, "src/b": True}
    (within / "HEAD").write_text("c" * 40)
    assert audit() == {"src/a": False, "src/b": True}


@pytest.mark.parametrize("place", [".git/reftable", "sub/.git/reftable"])
def test_a_repository_whose_references_are_not_read_is_judged_each_time(audit, tmp_path, place):
    (tmp_path / "src" / "a" / place).mkdir(parents=True)
    audit()
    assert audit() == {"src/a": False, "src/b": True}


def test_a_policy_whose_waivers_lie_in_such_a_repository_judges_everything_each_time(audit, tmp_path):
    (tmp_path / ".git" / "reftable").mkdir(parents=True)
    (tmp_path / "policy.yaml").write_text(POLICY.replace("from: project", "from: policy"))
    audit()
    assert audit() == {"src/a": False, "src/b": False}


def test_a_folder_that_cannot_be_listed_is_no_empty_one(audit, monkeypatch):
    def refused(*arguments, onerror=None, **options):
        onerror(PermissionError(13, "Permission denied", "src/a/closed"))
        return iter(())

    audit()
    monkeypatch.setattr(checker.fleet.digest.os, "walk", refused)
    assert not any(audit().values())


def test_a_pipe_in_the_place_of_a_result_is_not_waited_for(fleet, inside, tmp_path):
    fleet.add("a", model__yaml=PASSES)
    assert inside("audit", "src", "--store", "store").code == 0
    [file] = (tmp_path / "store").rglob("*.json")
    file.unlink()
    os.mkfifo(file)
    run = inside("audit", "src", "--store", "store")
    assert (run.code, f"{file.name} is a pipe" in run.err) == (2, True)


@pytest.mark.parametrize(("root", "named"), [("src/a", "src/a"), ("src", "src"), ("src/a/service", "src/a")])
def test_results_in_what_is_audited_are_refused_where_walks_would_read_them(audit, inside, tmp_path, root, named):
    (tmp_path / "src/a/service").mkdir()
    (tmp_path / "src/a/service/model.yaml").write_text(PASSES)
    for store in ("src/a/store", "src/a/store/.inner/../new", "link"):
        if store == "link":
            (tmp_path / "link").symlink_to("src/a/store")
        run = inside("audit", root, "--policy", "policy.yaml", "--store", store)
        assert run.code == 2
        assert run.err.startswith(f"{store}: error: results would lie in ")
        assert f"{named}, which is audited, and be judged with it" in run.err
        assert "expected a folder elsewhere, or one whose name begins with a dot" in run.err
    assert not (tmp_path / "src/a/store").exists()


def test_results_in_a_dot_folder_of_what_is_audited_are_no_part_of_it(audit, inside, tmp_path):
    given = ("audit", "src/a", "--policy", "policy.yaml", "--store", "src/a/.audit/kept", "--output", "json")
    kept = [json.loads(inside(*given).out)["projects"][0]["kept"] for _ in range(3)]
    assert kept == [False, True, True]
    assert len(list((tmp_path / "src/a/.audit").rglob("*.json"))) == 1
    (tmp_path / "src/a/.audit/kept/ab").mkdir()
    (tmp_path / "src/a/.audit/kept/ab/model.yaml").write_text(STOPPED)  # which is no result
    assert not json.loads(inside(*given).out)["projects"][0]["kept"]
