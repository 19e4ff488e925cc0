"""`weighbridge policy test`: what a case can say, how a failure reads, and with which code it ends."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest

from checker.published import SCHEMAS

POLICY = """\
policy: acme
version: 1
rules:
  license-allowed: {enforcement: hard-mandatory, allow: [Apache-2.0, MIT], deny: [gemma, llama3.1]}
  training-fits: {enforcement: soft-mandatory, headroom: 20%}
  context-window: [advisory, {from: 2027-02-01, enforcement: soft-mandatory}]
"""
HEAD = "weighbridge_policy_tests: 1\ntoday: 2026-11-23\ncases:\n"
ACCEPTED = """\
  - name: Apache-2.0 is accepted
    model: Qwen/Qwen2.5-7B-Instruct
    expect: {license-allowed: pass}
"""
DENIED = """\
  - name: gemma is denied
    model: google/gemma-2-9b-it
    expect: {license-allowed: {outcome: fail, level: hard-mandatory, setting: deny, finding: gemma}}
"""
UNLISTED = """\
  - name: a licence that nobody listed
    model: acme/one
    facts: {license: mpl-2.0}
    expect: {license-allowed: {outcome: fail, setting: allow}}
"""
LLAMA = """\
  - name: llama3.1 is denied by name
    model: meta-llama/Llama-3.1-8B-Instruct
    expect: {license-allowed: {outcome: fail, setting: deny}}
"""
TRAINING = """\
  - name: QLoRA that fits with a fifth to spare
    model: &
      model: meta-llama/Llama-3.1-8B-Instruct
      fine_tuning: {method: qlora, sequence_length: 2048, hardware: {vram: 24 GiB}}
    expect: {training-fits: pass}
  - name: QLoRA that would fit with less to spare
    model: {model: meta-llama/Llama-3.1-8B-Instruct, fine_tuning: {method: qlora, sequence_length: 2048,
      hardware: {vram: 12 GiB}}}
    expect: {training-fits: {outcome: fail, level: soft-mandatory, setting: headroom}}
""".replace("model: &", "model:")
WINDOW = """\
  - name: a window that the model knows
    model: {model: acme/one, deployment: {context_window: 4096}}
    facts: {native_context: 8192}
    levels: {context-window: advisory}
    expect: {context-window: pass}
  - name: a window beyond it, once the level has begun
    model: {model: acme/one, deployment: {context_window: 16384}}
    facts: {native_context: 8192}
    today: 2027-02-01
    expect: {context-window: {outcome: fail, level: soft-mandatory}}
"""


@pytest.fixture
def tried(inside, project):
    """Try cases of a policy."""

    def run(cases, *arguments, policy=POLICY, head=HEAD, **files):
        project({"policy.yaml": policy, "policy.test.yaml": head + cases, **files})
        return inside("policy", "test", "policy.yaml", *arguments)

    return run


def test_cases_that_hold_are_counted_and_end_with_0(tried):
    run = tried(ACCEPTED + DENIED)
    assert run.code == 0
    assert run.out.splitlines()[-1] == "policy.yaml: acme 1: 2 of 2 cases hold; coverage 41.7 %"


def test_a_failure_is_printed_as_a_diff_with_what_the_report_says(tried):
    run = tried(DENIED.replace("deny", "allow").replace("hard", "soft"))
    assert run.code == 1
    assert run.out.startswith(
        "policy.test.yaml:4:11: fails: gemma is denied\n"
        "--- expected\n"
        "+++ found\n"
        "- license-allowed: fail, level soft-mandatory, setting allow, a finding that says `gemma`\n"
        "+ license-allowed: fail, level hard-mandatory, setting deny,"
        " a finding that says `gemma; expected a licence that the policy does not deny`\n"
        "    gemma; expected a licence that the policy does not deny\n"
        "\n"
    )


@pytest.mark.parametrize(
    ("case", "line"),
    [
        ("model: acme/unknown\n    expect: {license-allowed: pass}", "+ license-allowed: not-evaluated"),
        ("model: acme/unknown\n    expect: {license-allowed: fail}", "+ license-allowed: not-evaluated"),
    ],
)
def test_a_missing_fact_ends_with_3_and_is_named(tried, case, line):
    run = tried(f"  - name: nobody knows it\n    {case}\n")
    assert run.code == 3
    assert "could not be evaluated: nobody knows it" in run.out
    assert line in run.out
    assert "    license is unknown: no source states it\n" in run.out


def test_a_case_may_expect_that_a_fact_is_missing(tried):
    assert tried("  - name: x\n    model: acme/unknown\n    expect: {license-allowed: not-evaluated}\n").code == 0


def test_the_code_of_the_gate_can_be_expected(tried):
    case = ACCEPTED + "    exit_code: 0\n" + DENIED + "    exit_code: 1\n"
    assert tried(case).code == 0
    run = tried(case.replace("exit_code: 1", "exit_code: 0"))
    assert run.code == 1
    assert "- exit_code: 0\n+ exit_code: 1\n    license-allowed: fail, gemma; expected" in run.out


def test_the_level_on_a_day_can_be_expected(tried):
    case = "  - {name: later, today: %s, levels: {context-window: soft-mandatory, license-use: off}}\n"
    assert tried(case % "2027-02-01").code == 0
    run = tried(case % "2027-01-31")
    assert run.code == 1
    assert "- level of context-window: soft-mandatory\n+ level of context-window: advisory\n" in run.out


def test_of_several_models_the_gravest_counts_unless_one_is_named(tried):
    case = """\
  - name: two
    manifest:
      models:
        - {name: good, model: Qwen/Qwen2.5-7B-Instruct, objective: chat}
        - {name: bad, model: google/gemma-2-9b-it, objective: chat}
    expect:
      license-allowed: [fail, {outcome: pass, model: good}, {outcome: fail, model: bad}]
"""
    assert tried(case).code == 0
    run = tried(case.replace("outcome: pass, model: good", "outcome: fail, model: good"))
    assert "- license-allowed of good: fail\n+ license-allowed of good: pass\n" in run.out


def test_a_manifest_may_lie_beside_the_cases_and_is_named_by_its_path(tried):
    manifest = "weighbridge: 1\nmodels:\n  - {model: google/gemma-2-9b-it, objective: chat}\n"
    case = "  - {name: x, manifest: one/model.yaml, expect: {license-allowed: fail}}\n"
    assert tried(case, **{"one/model.yaml": manifest}).code == 0
    assert "leads out of the folder" in tried(case.replace("one/", "../")).err


def test_facts_stand_in_the_place_of_the_catalogue_and_have_the_certainty_that_is_stated(tried):
    case = "  - name: x\n    model: google/gemma-2-9b-it\n    facts: {%s}\n    expect: {license-allowed: %s}\n"
    assert tried(case % ("license: mit", "pass")).code == 0
    assert tried(case % ("license: mit, certainty: claimed", "not-evaluated")).code == 0
    assert tried(case % ("native_context: 8192", "not-evaluated")).code == 0


def test_facts_of_several_models_and_of_ancestors_name_theirs(tried):
    policy = "policy: a\nversion: 1\nrules: {license-lineage: hard-mandatory}\n"
    case = """\
  - name: x
    manifest: {use: {purpose: commercial}, models: [{model: acme/child, objective: chat}]}
    facts:
      - {model: acme/child, license: apache-2.0, parents: [{model: other/parent, relation: finetune}]}
      - {model: other/parent, license: cc-by-nc-4.0, parents: []}
    expect: {license-lineage: {outcome: fail, finding: cc-by-nc-4.0}}
"""
    assert tried(case, policy=policy).code == 0
    twice = case.replace("other/parent, license", "acme/child, license")
    assert "facts of acme/child are there twice" in tried(twice, policy=policy).err


def test_facts_about_the_licensee_replace_those_of_the_policy(tried):
    policy = (
        "policy: a\nversion: 1\norganisation: {users: [{month: 2024-06, value: 5}]}\nrules: {license-use: advisory}\n"
    )
    case = "  - name: x\n    manifest: {use: {purpose: commercial}, models: [{model: %s, objective: chat}]}\n%s"
    llama = "meta-llama/Llama-3.1-8B-Instruct"
    assert tried(case % (llama, "    expect: {license-use: pass}\n"), policy=policy).code == 0
    huge = "    organisation: {users: [{month: 2024-06, value: 900000000}]}\n    expect: {license-use: fail}\n"
    assert tried(case % (llama, huge), policy=policy).code == 0
    of_file = HEAD.replace("cases:", "organisation: {users: [{month: 2024-06, value: 900000000}]}\ncases:")
    assert tried(case % (llama, "    expect: {license-use: fail}\n"), policy=policy, head=of_file).code == 0


def test_a_layer_tightens_the_policy_for_one_case_and_cannot_loosen_it(tried):
    layer = "    layer: {rules: {license-allowed: {deny: [Apache-2.0]}}}\n"
    assert tried(ACCEPTED.replace("pass", "fail") + layer).code == 0
    run = tried(ACCEPTED + layer.replace("deny: [Apache-2.0]", "allow: [gemma]"))
    assert run.code == 2
    assert "loosens rules.license-allowed.allow" in run.err


def test_the_shared_cases_of_another_file_hold_too_and_can_be_replaced(tried):
    own = HEAD.replace("cases:", "cases_of: common.yaml\ncases:")
    common = HEAD + ACCEPTED.replace("pass", "fail") + DENIED
    run = tried(ACCEPTED, head=own, **{"common.yaml": common})
    assert (run.code, run.out.splitlines()[-1].split(";")[0]) == (0, "policy.yaml: acme 1: 2 of 2 cases hold")
    circle = HEAD.replace("cases:", "cases_of: policy.test.yaml\ncases:") + ACCEPTED
    assert "leads back to it" in tried(ACCEPTED, head=own, **{"common.yaml": circle}).err


WRONG = [
    ("  - {name: x, modle: a/b}\n", "4:15: error: unknown key `modle` in cases[0]", "did you mean `model`?"),
    ("  - {name: x, model: a/b, expect: {license-alowed: pass}}\n", "is `license-alowed`", "did you mean `license-allowed`?"),
    ("  - {name: x, model: a/b, expect: {license-use: passes}}\n", "is `passes`", "did you mean `pass`?"),
    ("  - {name: x, model: a/b}\n", "the case expects nothing", "`expect`, `levels` or `exit_code`"),
    ("  - {name: x, expect: {license-use: pass}}\n", "the case declares nothing", "`manifest` or `model`"),
    ("  - {name: x, model: a/b, exit_code: 2}\n", "is `2`", "0 (nothing blocks), 1 (a blocking finding) or 3"),
    ("  - {name: x, model: a/b, exit_code: 0}\n" * 2, "a second case is called `x`", "unique"),
    ("  - {name: x, model: a/b, manifest: m.yaml, exit_code: 0}\n", "has `manifest` and `model`", "one of them"),
    ("  - {name: x, model: {modle: a/b}, exit_code: 0}\n", "unknown key `modle`", "did you mean `model`?"),
    ("  - {name: x, model: {model: a/b, hardware: 1}, exit_code: 0}\n", "unknown key `hardware`", "expected"),
    ("  - {name: x, model: a/b, facts: {licence: mit}, exit_code: 0}\n", "unknown key `licence`", "did you mean `license`?"),
    ("  - {name: x, model: a/b, facts: {native_context: big}, exit_code: 0}\n", "is `big`", "a whole number"),
    ("  - {name: x, model: a/b, lock: {comit: abc}, exit_code: 0}\n", "unknown key `comit`", "did you mean `commit`?"),
    ("  - {name: x, model: a/b, layer: {rules: {license-use: {x: 1}}}, exit_code: 0}\n", "unknown key `x`", "expected"),
    ("  - {name: x, model: a/b, layer: {ruls: {}}, exit_code: 0}\n", "unknown key `ruls`", "did you mean `rules`?"),
    ("  - {name: x, model: a/b, files: {../x: y}, exit_code: 0}\n", "`files` names `../x`", "a relative path"),
    ("  - {name: x, model: a/b, files: {'.': y}, exit_code: 0}\n", "`files` names `.`", "that a file can have"),
    ("  - {name: x, model: a/b, files: {a: y, a/b: z}, exit_code: 0}\n", "`files` names `a/b`", "that a file can have"),
    (f"  - {{name: x, model: a/b, files: {{{'a' * 300}: y}}, exit_code: 0}}\n", "`files` names `aaa", "that a file can have"),
    ("  - {name: x, manifest: {models: []}, exit_code: 0}\n", "the manifest holds no model", "at least one"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "plain"),
    [("a//b", "a/b"), ("./a", "a"), ("a/./b", "a/b"), ("a/", "a"), ("a/.", "a"), (".//a///b/", "a/b")],
)
def test_a_file_of_a_case_has_one_spelling_and_the_near_one_is_named(tried, written, plain):
    case = "  - {name: x, model: BAAI/bge-m3, files: {%s: y}, expect: {license-use: pass}}\n"
    run = tried(case % written)
    assert run.code == 2, run.out
    assert f"`files` names `{written}`" in run.err
    assert f"did you mean `{plain}`?" in run.err
    assert "`files` names" not in tried(case % plain).err


@pytest.mark.parametrize(("cases", "said", "expected"), WRONG)
def test_what_is_wrong_with_a_file_of_cases_is_said_with_its_place_and_ends_with_2(tried, cases, said, expected):
    run = tried(cases)
    assert run.code == 2, run.out
    assert said in run.err
    assert expected in run.err
    assert run.err.startswith(("policy.test.yaml:4:", "policy.test.yaml:5:"))


def test_coverage_names_what_no_passing_or_failing_case_exercises(tried):
    run = tried(ACCEPTED + DENIED)
    assert "never exercised:\n" in run.out
    assert "  policy.yaml:4:50: license-allowed.allow: by a failing case\n" in run.out
    assert "license-allowed.deny" not in run.out
    assert "  policy.yaml:5:48: training-fits.headroom: by a passing case or a failing case\n" in run.out


def test_full_coverage_can_be_required(tried):
    whole = ACCEPTED + DENIED + UNLISTED + TRAINING + WINDOW
    assert tried(whole, "--require-coverage", "100").code == 0
    run = tried(ACCEPTED + DENIED, "--require-coverage", "100%")
    assert run.code == 1
    assert run.out.endswith("coverage 41.7 %, required 100 %\n")
    assert "passes in `Apache-2.0 is accepted`; fails in no case" in tried(ACCEPTED, "--coverage").out


def test_each_loosening_is_tried_and_those_that_no_case_notices_are_named(tried):
    run = tried(ACCEPTED + DENIED + TRAINING.replace("12 GiB", "6 GiB"), "--mutate")
    assert run.code == 1
    survivors = run.out[run.out.index("no case notices that:\n") :].splitlines()[1:-2]
    assert survivors == [
        "  policy.yaml:6:19: context-window.enforcement is lowered from advisory to off",
        "  policy.yaml:6:19: context-window.enforcement is lowered from soft-mandatory to advisory from 2027-02-01",
        "  policy.yaml:4:50: license-allowed.allow is lengthened by anything: no case is refused for what is not on it",
        "  policy.yaml:4:76: license-allowed.deny is without llama3.1",
        "  policy.yaml:5:48: training-fits.headroom is lowered from 0.2 to 0.1",
    ]


def test_cases_that_notice_every_loosening_end_with_0(tried):
    run = tried(ACCEPTED + DENIED + UNLISTED + LLAMA + TRAINING + WINDOW, "--mutate")
    assert (run.code, run.out) == (
        0,
        "policy.yaml: acme 1: 8 of 8 cases hold; coverage 100 %; 0 of 8 loosenings survive\n",
    )


LISTS = """\
policy: a
version: 1
rules:
  weights-format: {enforcement: advisory, allow: [safetensors]}
  license-allowed: {enforcement: advisory, review: [gemma], require: {max_mau_cap: none}}
"""
FORMATS = """\
  - {name: pickle, model: a/b, facts: {weight_formats: pickle}, expect: {weights-format: {outcome: fail, level: advisory}}}
  - {name: safe, model: a/b, facts: {weight_formats: safetensors}, expect: {weights-format: pass}}
"""
LICENSES = """\
  - {name: to be read, model: a/b, facts: {license: gemma}, expect: {license-allowed: not-evaluated}}
  - {name: no cap, model: a/b, facts: {license: mit}, expect: {license-allowed: pass}}
  - {name: a cap, model: a/b, facts: {license: llama3.1}, expect: {license-allowed: {outcome: fail, setting: require}}}
"""


def test_a_list_is_lengthened_by_what_its_cases_show_to_be_refused(tried):
    run = tried(FORMATS + LICENSES, "--mutate", "--require-coverage", "100", policy=LISTS)
    assert (run.code, run.out.splitlines()[-1]) == (
        0,
        "policy.yaml: a 1: 5 of 5 cases hold; coverage 100 %; 0 of 5 loosenings survive",
    )
    lax = tried(FORMATS.partition("\n")[2] + LICENSES, "--mutate", policy=LISTS)
    assert "weights-format.allow is lengthened by anything: no case is refused for what is not on it" in lax.out


def test_no_cap_at_all_is_loosened_to_any(tried):
    run = tried(FORMATS + LICENSES.partition("  - {name: a cap")[0], "--mutate", policy=LISTS)
    assert "license-allowed.require is max_mau_cap left out\n" in run.out


WAIVERS = """\
policy: a
version: 1
api: {providers: [gateway]}
waivers: {from: project, approvers: legal@example.com, max_days: 90, require: ticket}
rules: {revision-pinned: soft-mandatory, waiver-invalid: advisory, api-allowed: soft-mandatory}
"""
EXCEPTION = """\
  - name: %s
    model: {name: bot, model: Qwen/Qwen2.5-7B-Instruct, revision: main}
    waivers: {id: W-1, rule: revision-pinned, project: case, model: %s, kind: migration, reason: moves, approver: %s,
      approved_on: 2026-11-01, expires: %s%s}
    expect: {revision-pinned: %s}
"""


def test_terms_for_waivers_and_providers_are_loosened_too(tried):
    good = EXCEPTION % ("as asked", "bot", "legal@example.com", "2026-12-31", ", ticket: T-1", "waived")
    run = tried(good, "--mutate", policy=WAIVERS)
    assert [line.partition(": ")[2] for line in run.out.splitlines() if line.startswith("  policy.yaml:4:")] == [
        "waivers.max_days is raised from 90 to 180",
        "waivers.approvers is left out: anybody may approve",
        "waivers.require is without ticket",
        "waivers.wildcards is lengthened by model, project, revision, rule",
    ]
    assert "api-allowed.api.providers is lengthened by anything: no case is refused for it" in run.out
    refused = (
        EXCEPTION % ("too long", "bot", "legal@example.com", "2027-03-31", ", ticket: T-1", "fail"),
        EXCEPTION % ("by nobody we know", "bot", "me", "2026-12-31", ", ticket: T-1", "fail"),
        EXCEPTION % ("without a ticket", "bot", "legal@example.com", "2026-12-31", "", "fail"),
        EXCEPTION % ("for all", '"*"', "legal@example.com", "2026-12-31", ", ticket: T-1", "fail"),
        "  - {name: elsewhere, model: {model: acme/one, access: api, provider: other}, expect: {api-allowed: fail}}\n",
    )
    run = tried(good + "".join(refused), "--mutate", policy=WAIVERS)
    assert "waivers." not in run.out
    assert "api.providers" not in run.out


def test_no_loosening_is_tried_while_a_case_fails(tried):
    run = tried(DENIED.replace("fail", "pass"), "--mutate")
    assert run.code == 1
    assert "no loosening was tried: a case that fails already notices nothing\n" in run.out


def test_what_a_pack_sets_is_asked_for_only_on_request(tried):
    policy = "policy: a\nversion: 1\nextends: weighbridge:enterprise\nrules: {size-class: soft-mandatory}\n"
    case = "  - {name: x, model: {model: acme/m, size_class: %s}, facts: {parameters: 7000000000}, expect: {size-class: %s}}\n"
    cases = case % ("general", "pass") + case.replace("x,", "y,") % ("edge", "{outcome: fail, level: soft-mandatory}")
    assert tried(cases, "--mutate", "--require-coverage", "100", policy=policy).code == 0
    run = tried(cases, "--mutate", "--inherited", policy=policy)
    assert run.code == 1
    assert "license-allowed.allow: by a passing case or a failing case" in run.out


def test_json_holds_every_case_and_its_differences(tried):
    run = tried(ACCEPTED + DENIED.replace("setting: deny", "setting: allow"), "--json")
    [policy] = json.loads(run.out)["policies"]
    assert [case["outcome"] for case in policy["cases"]] == ["holds", "fails"]
    assert policy["cases"][1]["differences"][0]["what"] == "license-allowed"
    assert policy["coverage"]["items"][1]["passes_in"] == "Apache-2.0 is accepted"
    assert policy["mutation"] is None
    mutated = json.loads(tried(ACCEPTED + DENIED, "--mutate", "--json").out)
    assert mutated["exit_code"] == 1
    assert {"rule": "license-allowed", "setting": "deny"}.items() <= mutated["policies"][0]["mutation"]["survivors"][
        3
    ].items()


def test_junit_has_a_test_for_each_case_survivor_and_threshold(tried):
    cases = ACCEPTED + DENIED.replace("gemma is denied", "gemma & <co>").replace("setting: deny", "setting: allow")
    suite = ET.fromstring(tried(cases, "--output", "junit", "--require-coverage", "90").out)[0]
    names = {case.get("name"): [child.tag for child in case] for case in suite.iter("testcase")}
    assert names == {"Apache-2.0 is accepted": [], "gemma & <co>": ["failure"], "coverage": ["failure"]}
    suite = ET.fromstring(tried(ACCEPTED + DENIED, "--output", "junit", "--mutate").out)[0]
    assert "license-allowed.deny without llama3.1" in {case.get("name") for case in suite.iter("testcase")}


def test_files_of_cases_belong_to_the_policy_beside_them_or_to_the_one_that_they_name(inside, project):
    project(
        {
            "a/policy.yaml": POLICY,
            "a/policy.test.yaml": HEAD + ACCEPTED,
            "a/more.test.yaml": HEAD.replace("cases:", "policy: policy.yaml\ncases:") + DENIED,
            "b/other.test.yaml": HEAD.replace("cases:", "policy: weighbridge:research\ncases:")
            + ACCEPTED.replace("pass", "not-applicable"),
            ".hidden/x.test.yaml": "no cases",
        }
    )
    assert [line.split(":")[0] for line in inside("policy", "test").out.splitlines() if "cases hold" in line] == [
        "a/policy.yaml",
        "weighbridge",
    ]
    assert "2 of 2 cases hold" in inside("policy", "test", "a/policy.yaml").out
    assert "1 of 1 cases hold" in inside("policy", "test", "a/more.test.yaml").out
    assert inside("policy", "test", "weighbridge:starter").code == 0


@pytest.mark.parametrize(
    ("files", "named", "said"),
    [
        ({"policy.yaml": POLICY}, "policy.yaml", "no cases were found"),
        ({}, ".", "no cases were found"),
        ({}, "gone.yaml", "there is no such file"),
        ({"x.test.yaml": HEAD + ACCEPTED}, "x.test.yaml", "these cases belong to no policy"),
        ({"policy.yaml": "policy: x\n", "policy.test.yaml": HEAD + ACCEPTED}, "policy.yaml", "`version` is missing"),
        ({"policy.yaml": POLICY, "policy.test.yaml": HEAD[:-7]}, "policy.yaml", "the file holds no case"),
    ],
)
def test_nothing_to_test_is_an_error(inside, project, files, named, said):
    project(files)
    run = inside("policy", "test", named)
    assert run.code == 2
    assert said in run.err


def test_a_path_of_a_case_is_not_printed_where_its_files_were_for_a_moment(tried):
    policy = "policy: a\nversion: 1\nrules: {models-declared: soft-mandatory}\n"
    case = """\
  - name: x
    model: {model: BAAI/bge-m3, objective: similarity}
    files: {src/app.py: "SentenceTransformer('BAAI/bge-m3', revision='abc')\\n"}
    expect: {models-declared: fail}
"""
    run = tried(case, policy=policy)
    assert run.code == 1
    assert "weighbridge-" not in run.out
    assert run.out == tried(case, policy=policy).out


def test_the_cases_of_the_packs_fit_the_published_schema():
    from checker.policy.extends import pack_path

    schema = jsonschema.Draft202012Validator(SCHEMAS["policy-tests"]())
    from ruamel.yaml import YAML

    for path in sorted(Path(pack_path("weighbridge:enterprise")).parent.glob("*.*.yaml")):
        read = YAML(typ="safe").load(path.read_text("utf-8"))
        schema.validate(json.loads(json.dumps(read, default=str)))


@pytest.mark.parametrize("share", ["much", "101", "-1"])
def test_a_share_that_is_none_is_a_wrong_call(inside, share):
    with pytest.raises(SystemExit) as end:
        inside("policy", "test", f"--require-coverage={share}")
    assert end.value.code == 2


CUSTOM = """\
policy: acme
version: 1
rules:
  custom:
    - id: acme-size
      when: manifest.objective == "chat" || manifest.objective == "text-generation"
      assert: model.params <= 9000000000 && model.license != "gemma"   // by legal
      message: choose another model
      enforcement: soft-mandatory
"""
CUSTOM_CASES = """\
  - {name: small, model: acme/one, facts: {parameters: 8000000000, license: mit}, expect: {acme-size: pass}}
  - {name: large, model: acme/one, facts: {parameters: 17000000000, license: mit},
     expect: {acme-size: {outcome: fail, level: soft-mandatory}}}
  - {name: gemma, model: {model: acme/one, objective: text-generation},
     facts: {parameters: 1000000, license: gemma}, expect: {acme-size: fail}}
  - {name: another task, model: {model: acme/one, objective: similarity}, expect: {acme-size: not-applicable}}
"""


def test_custom_rules_are_tried_covered_and_loosened_like_any_other(tried):
    run = tried(CUSTOM_CASES, "--mutate", "--require-coverage", "100", policy=CUSTOM)
    assert (run.out, run.code) == (
        "policy.yaml: acme 1: 4 of 4 cases hold; coverage 100 %; 0 of 6 loosenings survive\n",
        0,
    )


@pytest.mark.parametrize(
    ("case", "survivor"),
    [
        ("large", "assert is without `model.params <= 9000000000`"),
        ("gemma", 'assert is without `model.license != "gemma" // by legal`'),
        ("gemma", 'when is without `manifest.objective == "text-generation"`'),
    ],
)
def test_a_looser_expression_that_no_case_notices_is_named(tried, case, survivor):
    kept = "".join(f"  - {{name: {one}" for one in CUSTOM_CASES.split("  - {name: ")[1:] if not one.startswith(case))
    run = tried(kept, "--mutate", policy=CUSTOM)
    assert run.code == 1
    assert f"acme-size.{survivor}\n" in run.out


def test_what_a_custom_rule_does_not_apply_to_and_cannot_answer_is_covered(tried):
    policy = CUSTOM.replace("      message", "      min_certainty: verified\n      message")
    run = tried(CUSTOM_CASES.splitlines()[-1] + "\n", "--coverage", policy=policy)
    assert (
        run.out
        == """\
coverage:
  policy.yaml:10:7: acme-size: passes in no case; fails in no case
  policy.yaml:7:7: acme-size.assert: passes in no case; fails in no case
  policy.yaml:8:7: acme-size.min_certainty: passes in no case; fails in no case
  policy.yaml:6:7: acme-size.when: passes in `another task`; fails in no case

policy.yaml: acme 1: 1 of 1 cases hold; coverage 12.5 %
"""
    )


def test_a_layer_of_a_case_may_add_a_custom_rule_or_raise_one(tried):
    cases = """\
  - name: added
    model: Qwen/Qwen2.5-7B-Instruct
    layer:
      rules:
        custom: [{id: acme-new, assert: model.params <= 1, message: m, enforcement: advisory}]
    expect: {acme-new: fail, acme-size: pass}
  - name: raised
    model: Qwen/Qwen2.5-7B-Instruct
    layer: {rules: {custom: [{id: acme-size, enforcement: hard-mandatory}]}}
    expect: {acme-size: {outcome: pass, level: hard-mandatory}}
"""
    assert tried(cases, policy=CUSTOM).code == 0


def test_an_id_that_is_no_rule_of_the_policy_is_told_with_its_nearest_name(tried):
    run = tried(CUSTOM_CASES.replace("acme-size: pass", "acme-sise: pass"), policy=CUSTOM)
    assert run.code == 2
    assert "a key of `cases[0].expect` is `acme-sise`" in run.err
    assert "did you mean `acme-size`?" in run.err


def test_that_the_artefact_is_judged_is_covered_and_loosened(tried):
    policy = CUSTOM.replace("      message", "      weights: true\n      message")
    run = tried(CUSTOM_CASES, "--mutate", policy=policy)
    assert "acme-size.weights: by a passing case or a failing case\n" in run.out
    assert "acme-size.weights is lowered from true to false\n" in run.out
    loaded = """\
  - {name: loaded, model: {model: acme/one, name: one, deployment: {context_window: 1, weights: {model: acme/two}}},
     facts: [{model: acme/one, parameters: 1000, license: mit}, {model: acme/two, parameters: 1000, license: SIDE}],
     expect: {acme-size: {model: one (weights), outcome: VERDICT}}}
"""
    good = loaded.replace("SIDE", "mit").replace("VERDICT", "pass")
    bad = loaded.replace("SIDE", "gemma").replace("VERDICT", "fail").replace("name: loaded", "name: bad")
    run = tried(CUSTOM_CASES + good + bad, "--mutate", policy=policy)
    assert "coverage 100 %; 0 of 7 loosenings survive" in run.out
