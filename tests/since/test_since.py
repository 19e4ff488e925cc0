"""`check --since` on a real history: what is new blocks, what was there is listed, and nothing fails open."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from checker.facts.locked.file import as_text
from checker.facts.locked.lock import lock_of
from checker.report import formats
from tests.facts.locked.entries import entry
from tests.repository import MANIFEST, PINNED, POLICY, SECOND, Repository, ledger, waiver

GOOD = MANIFEST.replace("main", PINNED)
FILES = {"policy.yaml": POLICY, "app/model.yaml": MANIFEST, "README.md": "# app\n"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """What every test begins with, made once."""
    made = Repository(tmp_path_factory.mktemp("made"))
    made.commit(FILES)
    made.git("branch", "base")
    return made


@pytest.fixture
def repository(made, tmp_path):
    """A repository whose first commit, `base`, has one manifest with one blocking finding."""
    shutil.copytree(made.folder, tmp_path, dirs_exist_ok=True)
    return Repository(tmp_path, is_made=True)


@pytest.fixture
def since(inside, repository):
    """Judge the change since `base`: the code, for each blocking finding its rule and model, and the report."""

    def run(revision="base", *arguments, policy="policy.yaml", paths=(".",), cwd=repository.folder):
        run = inside("check", *paths, "--policy", policy, "--json", "--since", revision, *arguments, cwd=cwd)
        if not run.out:
            return run.code, run.err
        report = json.loads(run.out)
        return run.code, sorted(blocking(report)), report

    return run


def evaluations(report):
    for manifest in report["manifests"]:
        for model in manifest["models"]:
            for evaluation in model["evaluations"]:
                yield model["name"], evaluation
    for file in report["waivers"]:
        for one in file["waivers"]:
            for evaluation in one["evaluations"]:
                yield one["waiver"]["id"], evaluation


def blocking(report):
    return [(name, evaluation["rule"]) for name, evaluation in evaluations(report) if evaluation["blocks"]]


def before(report):
    return [
        (name, evaluation["rule"])
        for name, evaluation in evaluations(report)
        for finding in evaluation["findings"]
        if finding["was_before"]
    ]


def test_without_a_change_to_a_manifest_nothing_is_judged_and_the_report_says_so(since, repository):
    repository.commit({"README.md": "# the app\n"})
    code, blocked, report = since()
    assert (code, blocked, report["manifests"]) == (0, [], [])
    policy = report["since"].pop("policy")
    assert (policy["name"], policy["version"], len(policy["sha256"])) == ("acme", "1", 64)
    assert report["since"] == {
        "revision": "base", "base": repository.git("rev-parse", "base"), "removed": [], "unread_before": [],
        "unchanged": 1, "everything_because": "",
    }  # fmt: skip
    assert report["relaxations"] == ["--since base: what was there before does not block"]


def test_what_was_there_is_listed_and_what_is_new_blocks(since, repository):
    repository.commit({"app/model.yaml": MANIFEST + SECOND})
    code, blocked, report = since()
    assert (code, blocked) == (1, [("writer", "revision-pinned")])
    assert before(report) == [("assistant", "revision-pinned")]


def test_an_old_debt_alone_does_not_block(since, repository):
    repository.commit({"app/model.yaml": MANIFEST.replace("owner: team", "owner: others")})
    code, blocked, report = since()
    assert (code, blocked) == (0, [])
    assert before(report) == [("assistant", "revision-pinned")]


@pytest.mark.parametrize("how", ["committed", "staged", "edited"])
def test_it_makes_no_difference_how_far_a_change_has_come(since, repository, how):
    repository.put({"app/model.yaml": MANIFEST + SECOND})
    if how == "committed":
        repository.commit()
    if how == "staged":
        repository.git("add", "--all")
    assert since()[:2] == (1, [("writer", "revision-pinned")])


def test_a_manifest_that_is_not_tracked_yet_is_new(since, repository):
    repository.put({"more/model.yaml": MANIFEST.replace("assistant", "writer")})
    assert since()[:2] == (1, [("writer", "revision-pinned")])


def test_a_changed_value_is_a_new_finding(since, repository):
    repository.commit({"app/model.yaml": MANIFEST.replace("revision: main", "revision: release")})
    assert since()[:2] == (1, [("assistant", "revision-pinned")])


def test_another_model_under_the_same_name_is_new(since, repository):
    repository.commit({"app/model.yaml": MANIFEST.replace("Qwen2.5-7B-Instruct", "Qwen2.5-14B-Instruct")})
    assert since()[:2] == (1, [("assistant", "revision-pinned")])


def test_a_moved_manifest_and_moved_lines_are_not_new(since, repository):
    repository.git("mv", "app/model.yaml", "app/chat.weighbridge.yaml")
    repository.put({"app/chat.weighbridge.yaml": "# moved\n\n" + MANIFEST})
    repository.commit()
    code, blocked, report = since()
    assert (code, blocked) == (0, [])
    assert report["since"]["removed"] == ["app/model.yaml"]


def test_a_copy_is_new_although_it_says_the_same(since, repository):
    repository.commit({"copy/model.yaml": MANIFEST})
    assert since()[:2] == (1, [("assistant", "revision-pinned")])


def test_of_two_equal_findings_in_the_change_only_one_was_there(since, repository):
    repository.commit({"app/model.yaml": "# touched\n" + MANIFEST, "copy/model.yaml": MANIFEST})
    code, blocked, report = since()
    assert (code, blocked) == (1, [("assistant", "revision-pinned")])
    assert len(before(report)) == 1


def test_the_same_model_of_another_project_is_new(since, repository):
    repository.commit({"app/model.yaml": MANIFEST.replace("project: bot", "project: other")})
    assert since()[:2] == (1, [("assistant", "revision-pinned")])


def test_a_removed_manifest_is_named_and_the_last_one_is_an_error_as_ever(since, repository):
    repository.commit({"more/model.yaml": GOOD, "app/model.yaml": None})
    code, _, report = since()
    assert (code, report["since"]["removed"]) == (0, ["app/model.yaml"])
    repository.commit({"more/model.yaml": None})
    assert since()[0] == 2


def test_what_the_base_branch_did_meanwhile_is_no_part_of_the_change(since, repository):
    repository.git("switch", "--quiet", "--create", "change")
    repository.commit({"README.md": "# change\n"})
    repository.git("switch", "--quiet", "base")
    repository.commit({"app/model.yaml": GOOD})
    repository.git("switch", "--quiet", "change")
    repository.put({"app/model.yaml": MANIFEST + "# touched\n"})
    assert since()[:2] == (0, [])


def test_a_tightened_policy_has_everything_judged_on_both_sides(since, repository):
    repository.commit({"more/model.yaml": MANIFEST.replace("assistant", "writer")})
    repository.git("branch", "--force", "base")
    repository.commit({"policy.yaml": POLICY.replace("allow: [Apache-2.0, llama3.1]", "allow: [MIT]")})
    code, blocked, report = since()
    assert (code, blocked) == (0, [])
    assert report["since"]["everything_because"] == "policy.yaml"
    assert sorted(before(report)) == [
        (name, rule) for name in ("assistant", "writer") for rule in ("license-allowed", "revision-pinned")
    ]


@pytest.mark.parametrize("name", ["weighbridge-policy.yaml", "pyproject.toml", "app/model.lock", "other/model.lock"])
def test_a_changed_base_of_the_verdicts_has_everything_judged(since, repository, name):
    content = {"yaml": "rules: {}\n", "toml": "# nothing\n", "lock": as_text(lock_of([entry("main")]))}
    repository.commit({name: content[name.rpartition(".")[2]]})
    code, blocked, report = since()
    assert (code, blocked) == (0, [])
    assert (len(report["manifests"]), report["since"]["everything_because"]) == (1, name)


LOCKED = MANIFEST.replace("    revision: main\n", "")
STALE = as_text(lock_of([entry(resolved_at="2026-09-01T09:00:00Z")]))
FRESH = as_text(lock_of([entry(resolved_at="2026-11-20T09:00:00Z")]))
AGED = POLICY.replace("size-class: advisory", "lock-fresh: {enforcement: soft-mandatory, max_age_days: 30}")


def test_a_changed_lock_is_compared_with_the_lock_that_was_there(since, repository):
    repository.commit({"policy.yaml": AGED, "app/model.yaml": LOCKED, "app/model.lock": FRESH})
    repository.git("branch", "--force", "base")
    assert since()[:2] == (0, [])
    repository.commit({"app/model.lock": STALE})
    code, blocked, report = since()
    assert (code, blocked, report["since"]["everything_because"]) == (
        1,
        [("assistant", "lock-fresh")],
        "app/model.lock",
    )


def test_what_the_lock_that_was_there_got_wrong_too_is_no_news(since, repository):
    repository.commit({"policy.yaml": AGED, "app/model.yaml": LOCKED, "app/model.lock": STALE})
    repository.git("branch", "--force", "base")
    repository.commit(
        {"app/model.lock": as_text(lock_of([entry(resolved_at="2026-09-01T09:00:00Z", remote_code=None)]))}
    )
    code, blocked, report = since()
    assert (code, blocked) == (0, [])
    assert before(report) == [("assistant", "lock-fresh")]


def test_a_lock_that_the_change_takes_away_leaves_its_model_unpinned(since, repository):
    repository.commit({"app/model.yaml": LOCKED, "app/model.lock": FRESH})
    repository.git("branch", "--force", "base")
    repository.commit({"app/model.lock": None})
    assert since()[:2] == (1, [("assistant", "revision-pinned")])


def test_a_lock_that_the_change_brings_pins_what_was_not(since, repository):
    repository.commit({"app/model.yaml": LOCKED})
    repository.git("branch", "--force", "base")
    repository.commit({"app/model.lock": FRESH})
    assert since()[:2] == (0, [])


def test_changed_facts_of_the_organisation_have_everything_judged(since, repository):
    repository.commit({"policy.yaml": POLICY.replace("rules:", "facts: approved.lock\nrules:"), "approved.lock": STALE})
    repository.git("branch", "--force", "base")
    repository.commit({"approved.lock": FRESH})
    code, _, report = since()
    assert (code, report["since"]["everything_because"]) == (0, "approved.lock")


def test_a_removed_waiver_makes_what_it_covered_new(since, repository):
    repository.commit({"waivers.yaml": ledger(waiver(), waiver(id="W-2", model="nobody"))})
    repository.git("branch", "--force", "base")
    assert since()[:2] == (0, [])
    repository.commit({"waivers.yaml": ledger(waiver(id="W-2", model="nobody"))})
    assert since()[:2] == (1, [("assistant", "revision-pinned")])


def test_a_waiver_that_the_change_adds_is_said_to_be_self_granted(since, repository):
    repository.commit({"waivers.yaml": ledger()})
    code, blocked, report = since()
    assert (code, blocked) == (1, [("W-1", "waiver-self-granted")])
    [found] = [e["findings"] for name, e in evaluations(report) if e["rule"] == "waiver-self-granted"]
    assert found[0]["found"] == "the change adds the waiver `W-1`"


@pytest.mark.parametrize(
    ("was", "becomes", "found"),
    [
        ({}, {"expires": "2027-01-31"}, "the change lets it last to 2027-01-31; it was 2026-12-31"),
        ({}, {"model": "writer"}, "the change makes its model `writer`; it was `assistant`"),
        ({}, {"rule": "size-class"}, "the change makes its rule `size-class`; it was `revision-pinned`"),
        ({}, {"project": "b*"}, "the change makes its project `b*`; it was `bot`"),
        ({"revision": "other"}, {}, "the change makes its revision `any`; it was `other`"),
        ({"revision": "other"}, {"revision": "main"}, "the change makes its revision `main`; it was `other`"),
        (
            {},
            {"approver": "risk@example.com"},
            "the change makes its approver `risk@example.com`; it was `legal@example.com`",
        ),
        ({"approver": ""}, {}, "the change makes its approver `legal@example.com`; nobody had approved it"),
        ({"approved_on": "2026-12-01"}, {}, "the change makes the waiver `W-1` count, which it did not"),
        ({}, {"revision": "main"}, None),
        ({}, {"expires": "2026-12-30"}, None),
        ({}, {"reason": "pinned next week"}, None),
        ({"model": "assist*"}, {}, "the change makes the waiver `W-1` count, which it did not"),
    ],
)
def test_a_waiver_that_the_change_widens_is_self_granted_too(since, repository, was, becomes, found):
    repository.commit({"waivers.yaml": ledger(waiver(**was))})
    repository.git("branch", "--force", "base")
    repository.commit({"waivers.yaml": ledger(waiver(**becomes))})
    _, _, report = since()
    said = [f["found"] for _, e in evaluations(report) if e["rule"] == "waiver-self-granted" for f in e["findings"]]
    assert said == ([found] if found else [])


def test_a_file_of_waivers_that_could_not_be_read_before_excepted_nothing(since, repository):
    repository.commit({"waivers.yaml": "waivers: [\n"})
    repository.git("branch", "--force", "base")
    repository.commit({"waivers.yaml": ledger()})
    assert since()[:2] == (1, [("W-1", "waiver-self-granted")])


def test_a_manifest_that_could_not_be_read_before_is_new_altogether(since, repository):
    repository.commit({"app/model.yaml": MANIFEST.replace("objective", "objektive")})
    repository.git("branch", "--force", "base")
    repository.commit({"app/model.yaml": MANIFEST})
    code, blocked, report = since()
    assert (code, blocked) == (1, [("assistant", "revision-pinned")])
    assert report["since"]["unread_before"] == ["app/model.yaml"]


def test_a_manifest_that_cannot_be_read_ends_with_2_as_ever(since, repository):
    repository.commit({"app/model.yaml": MANIFEST.replace("objective", "objektive")})
    assert since()[0] == 2


@pytest.mark.parametrize("mib", [2, 17])
def test_a_manifest_that_was_too_large_before_is_new_altogether(since, repository, mib):
    """Nobody can tell what the largest ones were, and nothing of them is read."""
    (repository.folder / "app/model.yaml").write_bytes(MANIFEST.encode() + b"#\n" * (mib << 19))
    repository.commit()
    repository.git("branch", "--force", "base")
    repository.commit({"app/model.yaml": MANIFEST})
    code, blocked, report = since()
    assert (code, blocked) == (1, [("assistant", "revision-pinned")])
    assert report["since"]["unread_before"] == ["app/model.yaml"]


def test_a_lock_that_was_too_large_before_is_refused_before(since, repository):
    repository.commit({"app/model.lock": "#\n" * (5 << 20)})
    repository.git("branch", "--force", "base")
    repository.commit({"app/model.lock": None})
    code, blocked, report = since()
    assert (code, blocked) == (1, [("assistant", "revision-pinned")])
    assert report["since"]["unread_before"] == ["app/model.yaml"]


def test_a_file_of_waivers_that_was_too_large_before_excepted_nothing(since, repository):
    repository.commit({"waivers.yaml": ledger() + "#\n" * (1 << 20)})
    repository.git("branch", "--force", "base")
    repository.commit({"waivers.yaml": ledger()})
    assert since()[:2] == (1, [("W-1", "waiver-self-granted")])


def test_a_local_model_whose_files_changed_was_not_judged_by_them_before(since, repository):
    local = MANIFEST.replace("Qwen/Qwen2.5-7B-Instruct", "./tuned").replace("    revision: main\n", "")
    policy = POLICY.replace("revision-pinned: soft-mandatory", "weights-format: soft-mandatory")
    repository.commit({"app/model.yaml": local, "policy.yaml": policy, "app/tuned/model.safetensors": ""})
    repository.git("branch", "--force", "base")
    repository.git("mv", "app/tuned/model.safetensors", "app/tuned/pytorch_model.bin")
    repository.commit()
    code, blocked, report = since()
    assert ("assistant", "weights-format") in blocked
    assert code == 1
    assert report["since"]["unread_before"] == ["app/model.yaml"]


def test_what_could_not_be_judged_before_does_not_stop_the_change(since, repository):
    policy = POLICY.replace("size-class: advisory", "license-known: soft-mandatory")
    unknown = MANIFEST.replace("Qwen/Qwen2.5-7B-Instruct", "acme/unheard-of").replace("main", PINNED)
    repository.commit({"policy.yaml": policy.replace("hard-mandatory", "soft-mandatory"), "app/model.yaml": unknown})
    repository.git("branch", "--force", "base")
    repository.commit({"app/model.yaml": unknown + "# touched\n"})
    assert since()[:2] == (0, [])
    more = "  - {name: writer, model: acme/unheard-of-too, objective: chat}\n"
    repository.commit({"app/model.yaml": unknown + more})
    assert since()[0] != 0


@pytest.mark.parametrize("form", formats())
def test_a_model_that_no_rule_judged_before_does_not_stop_and_is_not_said_to(inside, repository, form):
    policy = "policy: acme\nversion: 1\nrules: {training-fits: {enforcement: hard-mandatory}}\n"
    repository.commit({"policy.yaml": policy})
    repository.git("branch", "--force", "base")
    repository.commit({"app/model.yaml": f"# a word\n{MANIFEST}"})
    command = ("check", ".", "--policy", "policy.yaml", "--output", form)
    assert inside(*command, cwd=repository.folder).code == 3
    run = inside(*command, "--since", "base", cwd=repository.folder)
    assert (run.code, "so that it cannot pass" in run.out) == (0, False)
    told = "no rule of the policy applies to it, and none did before the change"
    as_a_value = {"json": '"was_unjudged": true', "oscal": "No rule of the policy judges assistant."}
    assert as_a_value.get(form, told) in run.out


def test_only_what_lies_below_the_paths_is_judged(since, repository):
    repository.commit({"app/model.yaml": MANIFEST + SECOND, "more/model.yaml": GOOD})
    assert since(paths=("more",))[:2] == (0, [])
    assert since(paths=("app",))[:2] == (1, [("writer", "revision-pinned")])
    assert since(paths=("app/model.yaml",))[:2] == (1, [("writer", "revision-pinned")])


def test_folders_that_a_walk_leaves_out_and_foreign_files_are_no_manifests(since, repository):
    repository.commit(
        {".hidden/model.yaml": MANIFEST, "a/node_modules/b/model.yaml": MANIFEST, "c/model.yaml": "name: resnet\n"}
    )
    code, _, report = since()
    assert (code, report["manifests"]) == (0, [])


def test_a_folder_below_is_asked_from_inside_it(since, repository):
    repository.commit({"app/model.yaml": MANIFEST + SECOND})
    code, blocked, report = since(policy="../policy.yaml", cwd=repository.folder / "app")
    assert (code, blocked) == (1, [("writer", "revision-pinned")])
    assert report["manifests"][0]["file"].endswith("model.yaml")


def test_a_change_that_alters_nothing_is_said_to_be_judged_by_the_same_policy(inside, repository, tmp_path):
    repository.commit({"pyproject.toml": '[tool.weighbridge]\npolicy = "policy.yaml"\n'})
    run = inside("check", "--since", "HEAD", "--output", "text", "--output", "sarif=s.sarif", cwd=repository.folder)
    assert run.code == 0
    assert "  policy acme 1, chosen by the project in pyproject.toml; sha256 " in run.out
    assert "relaxed: the project chose its policy in pyproject.toml\n" in run.out
    (log,) = json.loads((tmp_path / "s.sarif").read_text())["runs"]
    assert log["automationDetails"]["id"] == "weighbridge/acme/"
    assert [one["name"] for one in log["properties"]["policies"]] == ["acme"]


@pytest.fixture
def other(tmp_path_factory):
    """Another repository, with a manifest that has a blocking finding."""
    other = Repository(tmp_path_factory.mktemp("other"))
    other.commit({"model.yaml": MANIFEST.replace("project: bot", "project: other")})
    return other


def with_submodule(repository, other):
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.folder), "sub")
    repository.commit({".gitmodules": '[submodule "sub"]\n\tpath = sub\n\turl = ../other\n\tignore = all\n'})


def test_a_submodule_that_the_change_brings_or_moves_is_new_altogether(since, repository, other):
    with_submodule(repository, other)
    code, blocks, report = since()
    assert (code, blocks) == (1, [("assistant", "revision-pinned")])
    assert report["since"]["unread_before"] == ["sub/model.yaml"]
    assert since("HEAD")[:2] == (0, [])
    Repository(repository.folder / "sub", is_made=True).commit()
    assert since("HEAD")[:2] == (1, [("assistant", "revision-pinned")])
    assert since("HEAD", paths=("app",))[:2] == (0, [])


def test_a_submodule_that_is_not_checked_out_has_no_manifests(since, repository, other):
    with_submodule(repository, other)
    repository.git("submodule", "--quiet", "deinit", "--force", "sub")
    (repository.folder / "sub").rmdir()
    code, blocks, report = since()
    assert (code, blocks, report["manifests"]) == (0, [], [])


def test_a_repository_in_an_untracked_folder_is_new(since, repository, other):
    shutil.copytree(other.folder, repository.folder / "copy")
    assert since()[:2] == (1, [("assistant", "revision-pinned")])


def test_a_manifest_that_was_not_checked_out_is_not_taken_for_removed(since, repository):
    repository.commit({"hidden/model.yaml": MANIFEST.replace("bot", "hidden")})
    repository.git("sparse-checkout", "set", "--no-cone", "/*", "!/hidden")
    code, said = since()
    assert code == 2
    assert said.startswith("hidden/model.yaml: error: is tracked and was not checked out")
    assert "git sparse-checkout disable" in said
    assert since("HEAD")[:2] == (0, [])


@pytest.mark.parametrize("how", ["LITERAL", "NOGLOB", "ICASE"])
def test_how_the_environment_reads_paths_makes_no_difference(since, repository, how, monkeypatch):
    monkeypatch.setenv(f"GIT_{how}_PATHSPECS", "1")
    repository.commit({"policy.yaml": POLICY.replace("version: 1", "version: 2")})
    code, blocks, report = since()
    assert (code, blocks, before(report)) == (0, [], [("assistant", "revision-pinned")])


def test_a_named_manifest_that_becomes_a_link_is_new_altogether(since, repository):
    repository.commit({"other/hidden.yaml": MANIFEST.replace("name: assistant", "name: hidden")})
    (repository.folder / "app" / "model.yaml").unlink()
    (repository.folder / "app" / "model.yaml").symlink_to("../other/hidden.yaml")
    assert since("HEAD", paths=("app/model.yaml",))[:2] == (1, [("hidden", "revision-pinned")])
    repository.commit()
    assert since("HEAD", paths=("app/model.yaml",))[:2] == (1, [("hidden", "revision-pinned")])


def test_waivers_that_become_a_link_to_a_file_that_was_there_are_self_granted(since, repository):
    repository.commit({"waivers.yaml": ledger(waiver(model="nobody")), "docs/w.yaml": ledger()})
    (repository.folder / "waivers.yaml").unlink()
    (repository.folder / "waivers.yaml").symlink_to("docs/w.yaml")
    assert since("HEAD")[:2] == (1, [("W-1", "waiver-self-granted")])
    repository.commit()
    repository.put({"docs/w.yaml": ledger(waiver(expires="2027-01-31"))})
    assert since("HEAD")[:2] == (1, [("W-1", "waiver-self-granted")])


def test_a_lock_that_is_a_link_is_followed_to_what_changed(since, repository):
    repository.commit({"app/model.yaml": LOCKED, "locks/all": FRESH})
    (repository.folder / "app" / "model.lock").symlink_to("../locks/all")
    repository.commit()
    assert since("HEAD")[:2] == (0, [])
    repository.put({"locks/all": as_text(lock_of([]))})
    assert since("HEAD")[:2] == (1, [("assistant", "revision-pinned")])
    repository.git("checkout", "--", ".")
    (repository.folder / "app" / "model.lock").unlink()
    assert since("HEAD")[:2] == (1, [("assistant", "revision-pinned")])


def test_a_file_that_shows_a_duty_is_one_that_a_verdict_rests_on(since, repository):
    shown = MANIFEST.replace("main", PINNED) + (
        "    obligations: [{duty: notice, where: NOTICE.txt, checked_on: 2026-11-01, by: legal}]\n"
    )
    repository.commit({"app/model.yaml": shown, "app/NOTICE.txt": "one\n", "app/text.txt": "two\n"})
    assert since("HEAD")[2]["manifests"] == []
    repository.put({"app/NOTICE.txt": None})
    assert [one["file"] for one in since("HEAD")[2]["manifests"]] == ["app/model.yaml"]
    (repository.folder / "app" / "NOTICE.txt").symlink_to("text.txt")
    repository.commit()
    repository.put({"app/text.txt": "three\n"})
    assert [one["file"] for one in since("HEAD")[2]["manifests"]] == ["app/model.yaml"]


@pytest.mark.parametrize(
    "revision",
    [
        "--output=stolen.txt",
        "-h",
        "",
        " ",
        "nothing-of-that-name",
        "base..HEAD",
        "^base",
        "HEAD^{tree}",
        "HEAD:README.md",
        "a\nb",
        "\0",
    ],
)
def test_a_revision_that_is_none_ends_with_2_and_never_becomes_an_option(since, repository, revision):
    # argparse takes a value that begins with a dash only where it is attached to its option; the last one counts.
    code, said = since("base", f"--since={revision}")[:2]
    assert code == 2
    assert "--since: error: " in said
    assert not (repository.folder / "stolen.txt").exists()


def test_a_shallow_clone_is_refused_and_told_how_to_be_whole(since, repository, tmp_path):
    repository.commit({"app/model.yaml": MANIFEST + SECOND})
    cut = tmp_path / "cut"
    subprocess.run(
        ["git", "clone", "-q", "--depth=1", f"file://{repository.folder}", str(cut)], check=True, capture_output=True
    )
    code, said = since("HEAD", cwd=cut)[:2]
    assert code == 2
    assert said == (
        "--since: error: this clone is shallow: where the change began cannot be known: expected the whole history:"
        " `git fetch --unshallow`; in GitHub's actions/checkout `fetch-depth: 0`, in GitLab CI `GIT_DEPTH: 0`\n"
    )


def test_a_clone_without_its_files_is_refused_and_fetches_nothing(since, repository, tmp_path):
    repository.commit({"app/model.yaml": MANIFEST + SECOND})
    repository.git("config", "uploadpack.allowFilter", "true")
    part = tmp_path / "part"
    source = f"file://{repository.folder}"
    subprocess.run(["git", "clone", "-q", "--filter=blob:none", source, str(part)], check=True, capture_output=True)
    code, said = since("origin/base", cwd=part)[:2]
    assert code == 2
    assert "--since: error: " in said


def test_unrelated_histories_have_no_change(since, repository):
    repository.git("switch", "--quiet", "--orphan", "elsewhere")
    repository.commit({"policy.yaml": POLICY, "app/model.yaml": GOOD})
    assert since()[:2] == (
        2,
        "--since: error: `base` and HEAD have no common ancestor: expected a revision of the same history\n",
    )


def test_outside_of_a_repository_there_is_no_history(inside, tmp_path):
    (tmp_path / "model.yaml").write_text(MANIFEST, encoding="utf-8")
    run = inside("check", "--since", "HEAD")
    assert (run.code, run.err) == (
        2,
        "--since: error: the paths lie in no git repository, or in several: expected paths inside one repository\n",
    )


def test_a_repository_without_a_commit_is_refused(inside, tmp_path):
    Repository(tmp_path).put({"model.yaml": MANIFEST})
    assert inside("check", "--since", "HEAD").code == 2


def test_a_path_that_never_was_is_an_error(since):
    assert since(paths=("app/nothing.yaml",))[0] == 2


def test_the_environment_of_a_hook_does_not_lead_elsewhere(since, repository, tmp_path_factory, monkeypatch):
    other = Repository(tmp_path_factory.mktemp("other"))
    other.commit({"x": "y"})
    monkeypatch.setenv("GIT_DIR", str(other.folder / ".git"))
    repository.put({"app/model.yaml": MANIFEST + SECOND})
    assert since()[:2] == (1, [("writer", "revision-pinned")])


def test_the_text_report_says_what_was_judged(inside, repository):
    repository.commit({"app/model.yaml": MANIFEST + SECOND, "more/model.yaml": GOOD})
    base = repository.git("rev-parse", "base")
    out = inside("check", "--policy", "policy.yaml", "--since", "base").out
    assert "app/model.yaml:7:15: revision-pinned: was there before (soft-mandatory), model assistant\n" in out
    assert "app/model.yaml:9:63: revision-pinned: blocks (soft-mandatory), model writer\n" in out
    assert f"since base (merge base {base[:12]}): 2 manifests judged\n" in out
    assert "relaxed: --since base: what was there before does not block\n" in out
    repository.git("branch", "--force", "base")
    out = inside("check", "--policy", "policy.yaml", "--since", "base").out
    assert "exit code 0: the change can alter no manifest\n" in out


def test_it_is_not_mixed_with_what_asks_for_everything(inside, repository):
    run = inside("check", "--since", "base", "--forecast", "90d")
    assert (run.code, run.err) == (
        2,
        "check: error: --since and --forecast were given together: expected one of them\n",
    )
    run = inside("check", "-", "--since", "base", stdin="")
    assert (run.code, run.err) == (
        2,
        "--since: error: a manifest from standard input has no history: expected paths\n",
    )


def test_a_link_that_a_walk_looks_at_is_judged_and_one_to_another_manifest_is_not(since, repository):
    hidden = MANIFEST.replace("name: assistant", "name: hidden")
    repository.commit({"app/prod.yaml": hidden})
    (repository.folder / "app" / "x.weighbridge.yaml").symlink_to("prod.yaml")
    (repository.folder / "app" / "y.weighbridge.yaml").symlink_to("model.yaml")
    (repository.folder / "app" / "z").mkdir()
    (repository.folder / "app" / "z" / "model.yaml").symlink_to("../../README")
    repository.commit({"README": "text\n"})
    code, blocks, report = since("HEAD~1")
    assert (code, blocks) == (1, [("hidden", "revision-pinned")])
    assert [one["file"] for one in report["manifests"]] == ["app/x.weighbridge.yaml"]
    (repository.folder / "app" / "prod.yaml").write_text(hidden.replace("hidden", "later"))
    assert since("HEAD")[:2] == (1, [("later", "revision-pinned")])
