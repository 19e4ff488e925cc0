"""Rules of a policy's own through the real commands: read, layered, judged, excepted and reported."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from checker.custom import expression
from tests.in_process import inside  # noqa: F401

MANIFEST = """\
weighbridge: 1
owner: support
models:
  - model: Qwen/Qwen2.5-7B-Instruct
    objective: chat
    deployment: {context_window: 8192, hardware: {gpu: L4}}
"""
HEAD = "policy: acme\nversion: 1\nrules:\n"


def rule(rule_id="acme-size", level="soft-mandatory", **keys):
    stated = {"assert": "model.params <= 5000000000", "message": "choose a smaller model", **keys}
    lines = "".join(f"      {key}: {json.dumps(value)}\n" for key, value in stated.items() if value is not None)
    return f"    - id: {rule_id}\n{lines}" + (f"      enforcement: {level}\n" if level else "")


def custom(*rules):
    return "  custom:\n" + "".join(rules)


@pytest.fixture
def check(inside, tmp_path):  # noqa: F811
    """Check the manifest under a policy, with a layer of the project and other files where they are given."""

    def run(policy, *arguments, project=None, manifest=MANIFEST, **files):
        (tmp_path / "model.yaml").write_text(manifest)
        (tmp_path / "policy.yaml").write_text(policy)
        if project is not None:
            (tmp_path / "weighbridge-policy.yaml").write_text(project)
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(text)
        return inside("check", "model.yaml", "--policy", "policy.yaml", "--output", "json", *arguments)

    return run


def outcomes(run):
    [manifest] = json.loads(run.out)["manifests"]
    return {one["rule"]: one for one in manifest["models"][0]["evaluations"]}


@pytest.mark.parametrize(
    ("keys", "verdict", "code"),
    [
        ({"assert": "model.params <= 8000000000"}, "pass", 0),
        ({"assert": "model.params <= 5000000000"}, "fail", 1),
        ({"when": 'manifest.objective == "reranking"'}, "not-applicable", 3),
        ({"when": 'manifest.objective == "chat"'}, "fail", 1),
        ({"assert": "!model.gated"}, "not-evaluated", 3),
        ({"assert": "!known.gated || !model.gated"}, "pass", 0),
        ({"assert": "model.gated || model.params > 1"}, "pass", 0),
        ({"when": "model.gated"}, "not-evaluated", 3),
        ({"when": "known.gated && model.gated"}, "not-applicable", 3),
        ({"assert": 'model.license in ["Apache-2.0", "MIT"]'}, "pass", 0),
        ({"assert": "model.id == manifest.model"}, "pass", 0),
        ({"assert": "model.params / (manifest.deployment.context_window - 8192) > 0"}, "not-evaluated", 3),
        ({"assert": 'manifest.use.purpose == "research"'}, "not-evaluated", 3),
        ({"assert": 'stated.use.purpose && manifest.use.purpose == "research"'}, "fail", 1),
        ({"assert": "manifest.deployment.hardware.count == 1 && !stated.deployment.hardware.count"}, "pass", 0),
        ({"assert": "model.parents.model.exists(p, p.startsWith('Qwen/'))"}, "pass", 0),
        ({"assert": "model.dimensions.hidden_size == 3584"}, "pass", 0),
        ({"assert": "size(manifest.obligations.duty) == 0"}, "pass", 0),
    ],
)
def test_a_rule_comes_to_what_its_expressions_say(check, keys, verdict, code):
    run = check(HEAD + custom(rule(**keys)))
    assert outcomes(run)["acme-size"]["verdict"] == verdict
    assert run.code == code


def test_a_finding_says_what_was_expected_and_found(check):
    one = outcomes(check(HEAD + custom(rule(settled_by="platform"))))["acme-size"]
    [finding] = one["findings"]
    assert finding["expected"] == "`model.params <= 5000000000`"
    assert finding["found"] == "model.params is 7615616512"
    assert finding["remedy"] == "choose a smaller model"
    assert finding["policy"]["place"]["line"] == 6
    assert one["settled_by"] == "platform"


def test_a_missing_fact_and_a_missing_key_come_with_what_would_state_them(check):
    run = check(HEAD + custom(rule(**{"assert": "model.gated && manifest.use.monthly_active_users > 3"})))
    gated, users = outcomes(run)["acme-size"]["missing"]
    assert gated["name"] == "gated"
    assert (users["name"], users["yaml"]) == ("use.monthly_active_users", "use:\n  monthly_active_users: 1")
    assert users["reason"] == "the rule acme-size reads `manifest.use.monthly_active_users`"


CLAIMED = (
    MANIFEST.replace("Qwen/Qwen2.5-7B-Instruct", "acme/unheard-of") + "    known: {parameters: {value: 4000000000}}\n"
)


@pytest.mark.parametrize(("minimum", "verdict"), [(None, "not-evaluated"), ("claimed", "pass")])
def test_a_fact_that_is_too_unsure_is_not_bound(check, minimum, verdict):
    run = check(HEAD + custom(rule(min_certainty=minimum)), manifest=CLAIMED)
    assert outcomes(run)["acme-size"]["verdict"] == verdict
    known = check(HEAD + custom(rule(min_certainty=minimum, **{"assert": "known.params"})), manifest=CLAIMED)
    assert outcomes(known)["acme-size"]["verdict"] == ("pass" if minimum else "fail")


def test_a_text_that_is_too_long_is_not_bound(check):
    long = MANIFEST.replace("owner: support\n", f"owner: support\nuse: {{intended: {'x' * 5000}}}\n")
    run = check(HEAD + custom(rule(**{"assert": "manifest.use.intended.contains('x')"})), manifest=long)
    [missing] = outcomes(run)["acme-size"]["missing"]
    assert missing["reason"] == "it is longer than 4,096 characters"


BASE = HEAD + custom(rule(level="advisory"))


@pytest.mark.parametrize(
    ("lower", "level"),
    [
        (rule("acme-more"), "advisory"),
        (rule(level="hard-mandatory", **{"assert": None, "message": None}), "hard-mandatory"),
        (rule(level="advisory"), "advisory"),
    ],
)
@pytest.mark.parametrize("whose", ["project", "organisation"])
def test_a_lower_layer_adds_rules_and_raises_levels(check, lower, level, whose):
    if whose == "project":
        run = check(BASE, project="rules:\n" + custom(lower))
    else:
        run = check("policy: acme\nversion: 1\nextends: ./base.yaml\nrules:\n" + custom(lower), base=BASE)
    assert outcomes(run)["acme-size"]["enforcement"] == level
    assert ("acme-more" in outcomes(run)) == ("acme-more" in lower)


@pytest.mark.parametrize(
    ("lower", "sentence"),
    [
        (rule(level="off", **{"assert": None, "message": None}), "lowers acme-size from `advisory` to `off`"),
        (rule(level="advisory", **{"assert": "true"}), "loosens rules.acme-size.assert from `model.params <= 5000000000` to `true`"),
        (rule(level="advisory", when="false"), "loosens rules.acme-size.when from `` to `false`"),
        (rule(level="advisory", message="all is well"), "loosens rules.acme-size.message"),
        (rule(level="advisory", min_certainty="claimed"), "loosens rules.acme-size.min_certainty from `declared` to `claimed`"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("whose", ["project", "organisation"])
def test_a_lower_layer_weakens_no_rule(check, lower, sentence, whose):
    if whose == "project":
        run = check(BASE, project="rules:\n" + custom(lower))
    else:
        run = check("policy: acme\nversion: 1\nextends: ./base.yaml\nrules:\n" + custom(lower), base=BASE)
    assert run.code == 2
    assert sentence in run.out + run.err


KNOWN = {"assert": "!known.params || model.params <= 5000000000"}
SCORED = {"assert": "model.scores.all(name, model.scores[name] > 90.0)"}


@pytest.mark.parametrize("keys", [KNOWN, SCORED, {"when": "known.params"}])
@pytest.mark.parametrize("whose", ["project", "organisation"])
def test_surer_facts_are_no_way_around_a_rule_that_a_missing_fact_satisfies(check, keys, whose):
    base = HEAD + custom(rule(**keys))
    assert check(base).code == 1
    lower = custom(rule(level=None, min_certainty="verified", **{"assert": None, "message": None}))
    if whose == "project":
        run = check(base, project="rules:\n" + lower)
    else:
        run = check("policy: acme\nversion: 1\nextends: ./base.yaml\nrules:\n" + lower, base=base)
    assert run.code == 2
    assert "loosens rules.acme-size.min_certainty from `declared` to `verified`" in run.out + run.err


def test_two_files_that_ask_for_facts_of_other_certainty_define_different_rules(check):
    lax, strict = (HEAD + custom(rule(min_certainty=least, **KNOWN)) for least in ("declared", "verified"))
    assert check(extending("a", "b"), a=lax, b=strict).code == 2
    assert check(extending("a", "b"), a=lax, b=lax).code == 1


def extending(*names):
    return f"policy: acme\nversion: 1\nextends: [{', '.join(f'./{name}.yaml' for name in names)}]\nrules: {{}}\n"


def test_two_files_may_define_a_rule_alike_and_the_higher_level_holds(check):
    run = check(extending("a", "b"), a=BASE, b=HEAD + custom(rule(level="hard-mandatory")))
    assert outcomes(run)["acme-size"]["enforcement"] == "hard-mandatory"


def test_two_files_may_not_define_different_rules_of_one_id(check):
    run = check(extending("a", "b"), a=BASE, b=HEAD + custom(rule(**{"assert": "true"})))
    assert run.code == 2
    assert "b.yaml:6:7: error: `acme-size` is a custom rule of a.yaml and another one of b.yaml" in run.err


def test_the_schemas_admit_custom_rules():
    from jsonschema import Draft202012Validator

    from checker.policy.schema import policy_schema, project_policy_schema

    whole = {"id": "acme-size", "assert": "true", "message": "x", "enforcement": "advisory", "settled_by": "legal"}
    for schema, head in ((policy_schema(), {"policy": "a", "version": "1"}), (project_policy_schema(), {})):
        validator = Draft202012Validator(schema)
        assert validator.is_valid({**head, "rules": {"custom": [whole, {"id": "b", "enforcement": "advisory"}]}})
        assert not validator.is_valid({**head, "rules": {"custom": [{**whole, "asert": "true"}]}})
        assert not validator.is_valid({**head, "rules": {"custom": [{"assert": "true"}]}})


@pytest.mark.parametrize(
    ("policy", "place", "sentence"),
    [
        (custom(rule("license-known")), "5:11", "`license-known` is a rule of Weighbridge"),
        (custom(rule("waiver-mine")), "5:11", "`waiver-mine` is reserved"),
        (custom(rule("models-mine")), "5:11", "`models-mine` is reserved"),
        (custom(rule("Acme")), "5:11", "`Acme` is no id for a rule"),
        (custom(rule(), rule()), "9:11", "a second custom rule is called `acme-size`"),
        (custom(rule(message=None)), "5:11", "`rules.custom[0]` has no `message`"),
        (custom(rule(asert="true")), "8:7", "unknown key `asert`"),
        (custom(rule(level=None)), "5:11", "rules.acme-size has no `enforcement`"),
        (custom(rule(**{"assert": None, "message": None})), "5:11", "the custom rule acme-size has no `assert`"),
        (custom(rule(**{"assert": None})), "6:7", "`rules.custom[0]` states `message` without `assert`"),
        (custom(rule(when="model.licence == 'MIT'")), "8:14", "no variable is called `model.licence`"),
        ("  custom: {}\n", "4:3", "`rules.custom` is no list"),
        ("  custom: [x]\n", "4:12", "`rules.custom[0]` is no mapping"),
        ("  custom: [{id: a, assert: [], message: x, enforcement: off}]\n", "4:28", "`rules.custom[0].assert` is a list"),
        ("  custom: [{id: a, assert: '', message: x, enforcement: advisory}]\n", "4:28", "`rules.custom[0].assert` has no value"),
        ("  custom: [{id: a, assert: 'true', message: x, enforcement: often}]\n", "4:61", "`rules.custom[0].enforcement` is `often`"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_rule_is_told_with_its_place(check, policy, place, sentence):
    run = check(HEAD + policy)
    assert run.code == 2
    line, column = place.split(":")
    assert f"policy.yaml:{line}:{column}: error: {sentence}" in run.err


def test_a_mistake_inside_a_folded_text_is_found_there(check):
    folded = custom(rule(**{"assert": None})).replace(
        "      message",
        "      assert: >-\n        model.params > 1 &&\n          model.licence == 'MIT'\n      message",
    )
    run = check(HEAD + folded)
    assert "policy.yaml:8:11: error: no variable is called `model.licence`" in run.err
    assert "did you mean `model.license`?" in run.err


def test_without_the_extra_the_policy_cannot_be_used(check, monkeypatch):
    monkeypatch.setitem(sys.modules, "cel_expr_python", None)
    expression._environment.cache_clear()
    run = check(HEAD + custom(rule()))
    assert run.code == 2
    assert "custom rules need the extra `cel`" in run.err
    assert 'pip install "weighbridge[cel]"' in run.err
    monkeypatch.undo()
    expression._environment.cache_clear()


def test_a_check_without_custom_rules_loads_nothing_of_them(tmp_path):
    (tmp_path / "model.yaml").write_text(MANIFEST)
    code = """
import sys
from checker.command_line import run
run(sys.argv[1:])
print([name for name in sys.modules if name.startswith(("cel_expr", "checker.custom"))], file=sys.stderr)
"""
    run = subprocess.run(
        [sys.executable, "-c", code, "check", "model.yaml"], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.stderr.splitlines()[-1] == "[]"


WAIVERS = """\
weighbridge_waivers: 1
waivers:
  - id: W-1
    rule: acme-size
    project: "*"
    model: Qwen2.5-7B-Instruct
    kind: risk-accepted
    reason: a smaller one comes in spring
    approver: legal@example.com
    approved_on: 2026-11-01
    expires: 2026-12-31
"""


def test_a_waiver_covers_a_custom_rule(check):
    terms = "waivers: {max_days: 180, from: policy, file: waivers.yaml, approvers: [legal@example.com], wildcards: [project]}\n"
    run = check(HEAD.replace("rules:", terms + "rules:") + custom(rule()), waivers=WAIVERS)
    assert outcomes(run)["acme-size"]["verdict"] == "waived"
    hard = check(HEAD.replace("rules:", terms + "rules:") + custom(rule(level="hard-mandatory")), waivers=WAIVERS)
    assert outcomes(hard)["acme-size"]["verdict"] == "fail"


@pytest.mark.parametrize("form", ["text", "sarif", "junit", "github", "gitlab", "markdown", "html", "csv"])
def test_every_report_tells_a_custom_rule(check, inside, form):  # noqa: F811
    check(HEAD + custom(rule()))
    run = inside("check", "model.yaml", "--policy", "policy.yaml", "--output", form, "--explain")
    assert run.code == 1
    assert "acme-size" in run.out


def test_sarif_describes_a_custom_rule(check, inside):  # noqa: F811
    check(HEAD + custom(rule(when="stated.deployment")))
    run = inside("check", "model.yaml", "--policy", "policy.yaml", "--output", "sarif")
    [described] = json.loads(run.out)["runs"][0]["tool"]["driver"]["rules"]
    assert described["id"] == "acme-size"
    assert described["shortDescription"]["text"] == "choose a smaller model"
    assert "model.params <= 5000000000" in described["fullDescription"]["text"]
    assert described["helpUri"].endswith("/docs/custom-rules/")


def test_explain_tells_a_custom_rule_and_all_variables(check, inside):  # noqa: F811
    check(HEAD + custom(rule(when="stated.deployment")))
    told = inside("explain", "acme-size", "--policy", "policy.yaml").out
    assert "What: `model.params <= 5000000000`, where `stated.deployment`." in told
    assert "policy.yaml:6:7" in told
    assert "model.params" in inside("explain", "custom-rules").out
    table = inside("explain", "custom-rules", "--markdown").out
    assert (
        "| `model.head` | string | What a classification head computes over its labels. One of sigmoid, softmax. |"
        in table
    )
    assert "## What it checks" in inside("explain", "acme-size", "--markdown", "--policy", "policy.yaml").out
    assert inside("explain", "acme-other", "--policy", "policy.yaml").code == 2


@pytest.mark.parametrize("form", ["text", "json", "html"])
def test_policy_show_tells_a_custom_rule(check, inside, form):  # noqa: F811
    check(HEAD + custom(rule()))
    told = inside("policy", "show", "--policy", "policy.yaml", "--output", form).out
    assert "acme-size" in told
    assert "model.params &lt;= 5000000000" in told if form == "html" else "model.params <= 5000000000" in told


def test_the_digest_covers_every_part_of_a_custom_rule(check):
    def digest(**keys):
        return json.loads(check(HEAD + custom(rule(**keys))).out)["manifests"][0]["policy"]["sha256"]

    same = digest()
    assert digest() == same
    changed = [
        {"assert": "true"},
        {"when": "true"},
        {"message": "other"},
        {"level": "advisory"},
        {"min_certainty": "claimed"},
    ]
    assert len({same, *(digest(**keys) for keys in changed)}) == 6


@pytest.mark.parametrize(
    ("written", "line"),
    [
        (">\n        model.params > 0   // large ones\n        && model.params < 0", 7),
        ("model.params > 0   // large ones\n        && model.params < 0", 6),
        ('"model.params > 0   // large ones\n        && model.params < 0"', 6),
        ("|\n        model.params > 0   // large ones\n        && model.params < 0", None),
        (">\n        model.params > 0   // large ones\n\n        && model.params < 0", None),
        (">\n        model.params > 0\n        && model.params < 0 // https://example.com/", None),
        (">\n        model.params > 0 && model.id != 'https://example.com/'\n        && model.params < 0", None),
    ],
)
def test_no_comment_takes_in_conditions_that_stand_below_it(check, written, line):
    whole = custom(rule(**{"assert": "true"})).replace('"true"', written)
    run = check(HEAD + whole)
    if line is None:
        assert run.code == 1  # the second condition counts: it does not hold
    else:
        assert run.code == 2
        assert f"policy.yaml:{line}:" in run.err
        assert "a comment takes in the lines below it in rules.custom[0].assert" in run.err


@pytest.mark.parametrize(("weights", "code"), [(None, 0), (False, 0), (True, 1)])
def test_the_artefact_that_is_loaded_is_judged_where_the_rule_asks_for_it(check, weights, code):
    loaded = MANIFEST.replace("{context_window", "{weights: {model: google/gemma-2-9b-it}, context_window")
    known = "  license-known: hard-mandatory\n"  # an artefact that no rule judges stops the gate by itself
    policy = HEAD + known + custom(rule(weights=weights, **{"assert": "model.license != 'gemma'"}))
    run = check(policy, manifest=loaded)
    assert run.code == code
    [manifest] = json.loads(run.out)["manifests"]
    judged = {
        model["name"] for model in manifest["models"] for one in model["evaluations"] if one["rule"] == "acme-size"
    }
    assert judged == {"Qwen2.5-7B-Instruct"} | ({"Qwen2.5-7B-Instruct (weights)"} if weights else set())


def test_a_project_may_have_its_artefact_judged_and_not_leave_it_out(check):
    lower = {"assert": None, "message": None}
    lax, strict = (custom(rule(level=None, weights=asked, **lower)) for asked in (False, True))
    base = HEAD + custom(rule(weights=True))
    assert "loosens rules.acme-size.weights" in check(base, project="rules:\n" + lax).out
    assert check(HEAD + custom(rule(level="advisory")), project="rules:\n" + strict).code == 0


def test_explain_says_what_a_layer_may_do_and_that_the_artefact_is_judged(inside, project):  # noqa: F811
    project({"a.yaml": HEAD + custom(rule(weights=True)), "b.yaml": HEAD + custom(rule(**KNOWN))})
    told = inside("explain", "acme-size", "--policy", "a.yaml").out
    assert "`model.params <= 5000000000`; of the artefact under `deployment.weights` too." in told
    assert "A lower layer may set only a later one of" in told
    assert "A lower layer may set only the same value" in inside("explain", "acme-size", "--policy", "b.yaml").out
