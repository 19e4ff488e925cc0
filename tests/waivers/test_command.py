"""`weighbridge waiver add|list|prune` on a project as people have it."""

from __future__ import annotations

import json

import pytest

from tests.repository import MANIFEST, PINNED, POLICY, SECOND, Repository, ledger, waiver

FILES = {"policy.yaml": POLICY, "model.yaml": MANIFEST}
ADD = ("waiver", "add", "--policy", "policy.yaml")
ALL = {
    "--rule": "revision-pinned", "--model": "assistant", "--kind": "migration", "--reason": "pinned in January",
    "--approver": "legal@example.com", "--expires": "90d",
}  # fmt: skip


def options(**changes):
    given = {**ALL, **{f"--{name.replace('_', '-')}": value for name, value in changes.items()}}
    return [part for name, value in given.items() if value is not None for part in (name, value)]


def test_an_added_waiver_covers_what_it_names(inside, project, tmp_path):
    project(FILES)
    run = inside(*ADD, *options())
    assert (run.code, run.out, run.err) == (0, "waivers.yaml: added W-2026-001\n", "")
    assert "    project: bot\n" in (tmp_path / "waivers.yaml").read_text()
    assert inside("check", ".", "--policy", "policy.yaml").code == 0


def test_a_second_one_gets_the_next_number_and_keeps_the_file(inside, project, tmp_path):
    before = "# why these are here\n" + ledger(waiver(id="W-2026-001"))
    project({**FILES, "waivers.yaml": before})
    assert inside(*ADD, *options(model="writer", ticket="RISK-1", revision=PINNED)).code == 0
    text = (tmp_path / "waivers.yaml").read_text()
    assert text.startswith(before)
    assert text[len(before) :].startswith("  - id: W-2026-002\n")
    assert f"    revision: {PINNED}\n" in text
    assert text.endswith("    ticket: RISK-1\n")


def test_what_no_option_states_is_asked_for(inside, project, tmp_path):
    project(FILES)
    answers = "revision-pinned\n\nassistant\nmigration\npinned in January\n\n90d\n"
    run = inside(*ADD, stdin=answers)
    assert run.code == 0
    assert run.err.startswith("rule (the rule whose findings it covers): model (the entry's name, or the model's id): ")
    assert run.err.count("model (") == 2  # an empty answer is asked again
    assert "it does not count: nobody has approved it; expected the name of who approved it\n" in run.err
    assert "expires: 2027-02-26\n" in (tmp_path / "waivers.yaml").read_text()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rule": None, "kind": None}, "waiver add: error: --rule, --kind are missing: expected a value for each"),
        ({"rule": "revision-pined"}, "did you mean `revision-pinned`?"),
        ({"kind": "because"}, "--kind: error: `because` is no kind: expected one of adoption, "),
        ({"expires": "soon"}, "--expires: error: `soon` is no last day: expected 90d or YYYY-MM-DD"),
        ({"approved_on": "yesterday"}, "`yesterday` is no day: expected YYYY-MM-DD"),
        ({"id": "W-1"}, "the waiver `W-1` is there twice"),
    ],
)
def test_a_waiver_that_could_not_be_read_is_not_written(inside, project, tmp_path, changes, said):
    project({**FILES, "waivers.yaml": ledger()})
    run = inside(*ADD, *options(**changes))
    assert run.code == 2
    assert said in run.err
    assert (tmp_path / "waivers.yaml").read_text() == ledger()


def test_an_answer_that_never_comes_is_an_error(inside, project):
    project(FILES)
    run = inside(*ADD, *options(rule=None), stdin="")
    assert (
        run.code,
        run.err.endswith("waiver add: error: no rule was given: expected the rule whose findings it covers\n"),
    ) == (2, True)


def test_a_model_of_two_projects_needs_the_project(inside, project):
    project({**FILES, "b/model.yaml": MANIFEST.replace("project: bot", "project: other")})
    run = inside(*ADD, *options())
    assert (run.code, run.err) == (
        2,
        "--project: error: `assistant` is a model of several projects: expected one of bot, other\n",
    )
    assert inside(*ADD, *options(project="other")).code == 0


def test_a_model_of_no_manifest_belongs_to_the_repository(inside, project, tmp_path):
    Repository(tmp_path)
    project(FILES)
    assert inside(*ADD, *options(model="unheard-of")).code == 0
    assert f"project: {tmp_path.name}\n" in (tmp_path / "waivers.yaml").read_text()


@pytest.mark.parametrize("action", [ADD, ("waiver", "list"), ("waiver", "prune")])
def test_a_policy_that_admits_no_waivers_is_an_error(inside, project, action):
    project(FILES)
    run = inside(action[0], action[1], "--policy", "weighbridge:starter", *(options() if "add" in action else ()))
    assert run.code == 2
    assert "policy weighbridge-starter admits no waivers: expected `waivers: {from: project" in run.err


def test_the_list_says_which_count_and_who_wrote_them(inside, project, tmp_path):
    repository = Repository(tmp_path)
    unapproved = waiver(id="W-2", approver="", revision="main", fingerprint="a" * 64, ticket="RISK-1")
    repository.commit({**FILES, "waivers.yaml": ledger(waiver(), unapproved)})
    run = inside("waiver", "list", "--policy", "policy.yaml")
    assert (run.code, run.out) == (
        0,
        "W-1: counts to 2026-12-31, 33 days left\n"
        "  covers revision-pinned of assistant in bot\n"
        "  migration: pinned in January\n"
        "  approver legal@example.com, 2026-11-01; written by Dev <dev@example.com>, not its approver\n"
        "W-2: does not count: nobody has approved it\n"
        "  covers revision-pinned of assistant at main in bot, finding aaaaaaaaaaaa\n"
        "  migration: pinned in January; RISK-1\n"
        "  approver nobody, 2026-11-01; written by Dev <dev@example.com>\n"
        "waivers.yaml: 1 of 2 waivers count\n",
    )
    listed = json.loads(inside("waiver", "list", "--policy", "policy.yaml", "--json", "--today", "2027-01-01").out)
    assert [(one["id"], one["counts"], one["objections"]) for one in listed] == [
        ("W-1", False, ["it expired on 2026-12-31"]),
        ("W-2", False, ["nobody has approved it", "it expired on 2026-12-31"]),
    ]


def test_a_list_of_no_file_is_empty(inside, project):
    project(FILES)
    assert inside("waiver", "list", "--policy", "policy.yaml").out == "waivers.yaml: there is no such file yet\n"
    assert inside("waiver", "list", "--policy", "policy.yaml", "--json").out == "[]\n"
    assert inside("waiver", "prune", "--policy", "policy.yaml").out == "waivers.yaml: there is no such file\n"


def test_pruning_takes_out_what_is_over_and_keeps_the_rest(inside, project, tmp_path):
    used, unused = waiver(), waiver(id="W-2", rule="size-class")
    expired, others = (
        waiver(id="W-3", expires="2026-11-27"),
        waiver(id="W-4", project="elsewhere", expires="2026-11-27"),
    )
    project({**FILES, "waivers.yaml": "# ours\n" + ledger(used, unused, expired, others)})
    dry = inside("waiver", "prune", "--policy", "policy.yaml", "--dry-run")
    assert dry.out == (
        "waivers.yaml: W-2: it covers nothing\n"
        "waivers.yaml: W-3: it expired on 2026-11-27\n"
        "waivers.yaml: 2 of 4 waivers would be taken out\n"
    )
    assert (tmp_path / "waivers.yaml").read_text() == "# ours\n" + ledger(used, unused, expired, others)
    assert inside("waiver", "prune", "--policy", "policy.yaml").code == 0
    assert (tmp_path / "waivers.yaml").read_text() == "# ours\n" + ledger(used, others)


def test_pruning_lowers_the_number_of_generated_waivers(inside, project, tmp_path):
    project({**FILES, "model.yaml": MANIFEST + SECOND})
    inside("check", ".", "--policy", "policy.yaml", "--write-waivers")
    path = tmp_path / "waivers.yaml"
    path.write_text(path.read_text().replace("approver: ''", "approver: legal@example.com"))
    assert inside("check", ".", "--policy", "policy.yaml").code == 0
    project({"model.yaml": MANIFEST + SECOND.replace("main", PINNED)})
    assert inside("waiver", "prune", "--policy", "policy.yaml").code == 0
    assert "\nadopted: 1\n" in path.read_text()
    assert inside("check", ".", "--policy", "policy.yaml").code == 0


def test_no_action_is_a_usage_error(weighbridge):
    assert weighbridge("waiver").code == 2
