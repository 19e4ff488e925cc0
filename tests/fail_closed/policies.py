"""Policies that would judge less than their author thinks."""

from __future__ import annotations

from tests.fail_closed.case import GATE, POLICY, QWEN, Case, manifest, policy, ruled

HEAD = "policy: acme\nversion: 1\n"
PROJECT = "weighbridge-policy.yaml"
LAYER = "rules: {license-known: hard-mandatory}\n"


def layer(text: str) -> dict[str, str | bytes | None]:
    """A layer of the project below the policy."""
    return {PROJECT: text}


def whole(text: str) -> dict[str, str | bytes | None]:
    """A whole policy."""
    return {"policy.yaml": text}


CASES = (
    Case("a key with a typo", 2, "did you mean", policy("rules:", "rulez:")),
    Case("an unknown key at the top", 2, "enforcment", whole("enforcment: hard\n" + POLICY)),
    Case("a rule with a typo", 2, "license-allowed", policy("license-allowed", "licence-alowed")),
    Case("a setting with a typo", 2, "allow", policy("allow:", "alow:")),
    Case("a level with a typo", 2, "hard-mandatory", policy("hard-mandatory", "hard-mandatroy")),
    Case("a level in capitals", 2, "is `HARD-MANDATORY`", policy("hard-mandatory", "HARD-MANDATORY")),
    Case("a level that is yes", 2, "expected", policy("hard-mandatory", "true")),
    Case("a level that is empty", 2, "expected", policy("license-known: hard-mandatory", "license-known:")),
    Case("a licence with a typo in the allow list", 2, "Apache-2.0", policy("Apache-2.0", "Apachee-2.0")),
    Case("a licence that is a number", 2, "allow", policy("[Apache-2.0]", "[2.0]")),
    Case("an allow list that is empty", 1, "license-allowed", policy("[Apache-2.0]", "[]")),
    Case("an allow list that is a word", 2, "allow", policy("[Apache-2.0]", "{Apache-2.0: true}")),
    Case("an allow list with a wildcard", 2, "*", policy("[Apache-2.0]", '["*"]')),
    Case("an empty file", 2, "empty", whole("")),
    Case("comments alone", 2, "empty", whole("# policy: acme\n# rules:\n")),
    Case("a format to come", 2, "weighbridge_policy", {"policy.yaml": f"weighbridge_policy: 2\n{POLICY}"}),
    Case("a head alone", 2, "every rule is off", whole(HEAD)),
    Case("rules that are empty", 2, "every rule is off", whole(HEAD + "rules: {}\n")),
    Case("rules without a value", 2, "rules", whole(HEAD + "rules:\n")),
    Case("every rule off", 2, "off", whole(HEAD + "rules: {license-known: off}\n")),
    Case("a list for rules", 2, "rules", whole(HEAD + "rules: [license-known]\n")),
    Case("a list at the top", 2, "expected", whole("- policy: acme\n")),
    Case("a text", 2, "expected", whole("acme\n")),
    Case("null", 2, "expected", whole("null\n")),
    Case("a tab", 2, "a tab in the indentation", whole("policy:\tacme\nrules:\n\tlicense-known: off\n")),
    Case("a key given twice", 2, "for the second time", whole(POLICY + "rules: {license-known: off}\n")),
    Case("a rule given twice", 2, "for the second time", ruled("license-known: off")),
    Case(
        "two documents", 2, "a second document", whole(POLICY + "---\n" + HEAD + "rules: {license-known: advisory}\n")
    ),
    Case("an anchor", 2, "an anchor (`&`)", policy("[Apache-2.0]", "&a [Apache-2.0]")),
    Case("a merge key", 2, "unknown rule `<<`", whole(HEAD + "rules:\n  <<: {license-known: off}\n")),
    Case("a tag", 2, "a tag (`!`)", policy("hard-mandatory", "!!python/name:os.system hard-mandatory")),
    Case("bytes that are no UTF-8", 2, "UTF-8", {"policy.yaml": POLICY.encode("utf-16")}),
    Case("a zero byte", 2, "a NUL character", {"policy.yaml": POLICY.encode() + b"\0"}),
    Case("more than a mebibyte", 2, "MiB", {"policy.yaml": POLICY + "#" * (1 << 20)}),
    Case("half a file", 2, "the end of the file where a value belongs", whole(POLICY[: POLICY.index("allow: [") + 8])),
    Case("a file that is not there", 2, "no such file", {"policy.yaml": None}),
    Case(
        "a folder",
        2,
        "policies is a folder",
        command="check model.yaml --policy policies",
        files={"policies/a.yaml": POLICY},
    ),
    Case("an empty name", 2, "--policy: error: no policy is named", command="check model.yaml --policy="),
    Case("a pack with a typo", 2, "weighbridge:enterprise", command="check model.yaml --policy weighbridge:enterprize"),
    Case(
        "a pack with a path",
        2,
        "is no shipped pack",
        command="check model.yaml --policy weighbridge:../policies/starter",
    ),
    Case("a manifest for a policy", 2, "this is a manifest", command="check model.yaml --policy model.yaml"),
    Case(
        "an empty variable for the policy",
        2,
        "WEIGHBRIDGE_POLICY",
        command="check",
        environment={"WEIGHBRIDGE_POLICY": ""},
    ),
    Case("spaces for the policy", 2, "WEIGHBRIDGE_POLICY", command="check", environment={"WEIGHBRIDGE_POLICY": "  "}),
    Case(
        "a variable that names nothing",
        2,
        "no such file",
        command="check",
        environment={"WEIGHBRIDGE_POLICY": "gone.yaml"},
    ),
    Case("another digest than required", 2, "sha256", command=f"{GATE} --require-policy {'0' * 64}"),
    Case("a digest cut short", 2, "64", command=f"{GATE} --require-policy a9b19d59"),
    Case("an empty digest", 2, "is no SHA-256", command=f"{GATE} --require-policy="),
    Case("a parent that is not there", 2, "gone.yaml", whole("extends: [gone.yaml]\n" + POLICY)),
    Case("a parent that is itself", 2, "extends", whole("extends: [policy.yaml]\n" + POLICY)),
    Case("a parent outside", 2, "extends", whole("extends: [http://127.0.0.1/policy.yaml]\n" + POLICY)),
    Case(
        "a parent without a digest", 2, "sha256", whole("extends: [git+https://example.com/r@main:p.yaml]\n" + POLICY)
    ),
    Case(
        "a parent that was not fetched",
        2,
        "lock",
        whole(f"extends: ['git+https://example.com/r@{'a' * 40}#sha256={'b' * 64}:p.yaml']\n" + POLICY),
    ),
    Case(
        "a project's layer in other letters",
        2,
        "a project's policy of this name is not read",
        {"Weighbridge-Policy.yaml": "rules: {license-known: hard-mandatory}\n"},
    ),
    Case("a requirement with a typo", 2, "lock", whole("require: [lok]\n" + POLICY)),
    Case("a required lock", 1, "lock", whole("require: [lock]\n" + POLICY)),
    Case("a required block", 1, "deployment", whole("require: [deployment]\n" + POLICY)),
    Case(
        "a level from a day that is none",
        2,
        "2027-02-30",
        policy(
            "license-known: hard-mandatory",
            "license-known: [advisory, {from: 2027-02-30, enforcement: soft-mandatory}]",
        ),
    ),
    Case(
        "a level from a day that has come",
        1,
        "size-class",
        {
            **ruled("size-class: [off, {from: 2026-11-28, enforcement: soft-mandatory}]"),
            **manifest("objective: chat", "objective: chat\n    size_class: edge"),
        },
    ),
    Case(
        "a headroom of more than all",
        2,
        "headroom",
        ruled("training-fits: {enforcement: soft-mandatory, headroom: 110%}"),
    ),
    Case(
        "a headroom below nothing", 2, "headroom", ruled("training-fits: {enforcement: soft-mandatory, headroom: -10%}")
    ),
    Case(
        "a headroom that is no number",
        2,
        "headroom",
        ruled("training-fits: {enforcement: soft-mandatory, headroom: .nan}"),
    ),
    Case(
        "a floor that is no number",
        2,
        "benchmark-floor",
        ruled("benchmark-floor: {enforcement: soft-mandatory, floors: {MMLU: .nan}}"),
    ),
    Case(
        "a certainty with a typo",
        2,
        "min_certainty",
        policy(
            "license-known: hard-mandatory", "license-known: {enforcement: hard-mandatory, min_certainty: verifyed}"
        ),
    ),
    Case(
        "a certainty that the facts lack",
        3,
        "license-known",
        policy(
            "license-known: hard-mandatory", "license-known: {enforcement: hard-mandatory, min_certainty: verified}"
        ),
    ),
    Case("facts that are not there", 2, "approved.lock", whole("facts: approved.lock\n" + POLICY)),
    Case(
        "facts that are no lock",
        2,
        "this is no lock of Weighbridge",
        {**whole("facts: approved.lock\n" + POLICY), "approved.lock": "{}"},
    ),
    Case(
        "waivers that are not there",
        1,
        "revision-pinned",
        {**whole("waivers: {from: policy, file: waivers.yaml}\n" + POLICY), **manifest(QWEN, "main")},
    ),
    Case("waivers without who approves", 2, "approvers", whole("waivers: {from: project}\n" + POLICY)),
    Case("waivers from somebody else", 2, "from", whole("waivers: {from: everybody}\n" + POLICY)),
    Case("days without an end", 2, "max_days", whole("waivers: {from: policy, max_days: 0}\n" + POLICY)),
    Case("a layer that loosens a level", 2, "license-known", layer("rules: {license-known: advisory}\n")),
    Case("a layer that turns a rule off", 2, "license-known", layer("rules: {license-known: off}\n")),
    Case("a layer that allows more", 2, "MIT", layer("rules: {license-allowed: {allow: [Apache-2.0, MIT]}}\n")),
    Case("a layer that takes the list away", 2, "allow", layer("rules: {license-allowed: {allow: null}}\n")),
    Case(
        "a layer that asks for less certainty",
        2,
        "min_certainty",
        layer("rules: {license-known: {min_certainty: claimed}}\n"),
    ),
    Case(
        "a layer that postpones",
        2,
        "license-known",
        layer("rules: {license-known: [advisory, {from: 2030-01-01, enforcement: hard-mandatory}]}\n"),
    ),
    Case(
        "a layer with waivers",
        2,
        "waivers",
        layer("waivers: {from: project, approvers: [me@example.com]}\nrules: {license-known: hard-mandatory}\n"),
    ),
    Case(
        "a layer with providers", 2, "api", layer("api: {providers: [any]}\nrules: {license-known: hard-mandatory}\n")
    ),
    Case("a layer with users", 2, "unknown key `organisation`", layer(f"organisation: {{users: []}}\n{LAYER}")),
    Case("a layer that extends", 2, "unknown key `extends`", layer(f"extends: [weighbridge:starter]\n{LAYER}")),
    Case("a layer with facts", 2, "unknown key `facts`", layer(f"facts: mine.lock\n{LAYER}")),
    Case("a layer that is empty", 2, f"{PROJECT}:1:1: error: the file is empty", layer("")),
    Case("a layer with a typo", 2, "license-known", layer("rules: {license-knwn: hard-mandatory}\n")),
    Case(
        "a chosen policy",
        0,
        "the project chose",
        {"pyproject.toml": '[tool.weighbridge]\npolicy = "policy.yaml"\n'},
        "check",
    ),
    Case(
        "a pyproject with a typo",
        2,
        "holds something else than `policy`",
        {"pyproject.toml": '[tool.weighbridge]\npolcy = "policy.yaml"\n'},
        "check",
    ),
    Case(
        "a pyproject whose table has a typo",
        2,
        "a table `[tool.weighbrige]` is not read",
        {"pyproject.toml": '[tool.weighbrige]\npolicy = "policy.yaml"\n'},
        "check",
    ),
    Case(
        "a pyproject that is broken",
        2,
        "pyproject.toml: error: no TOML",
        {"pyproject.toml": "[tool.weighbridge\n"},
        "check",
    ),
    Case(
        "a custom rule that raises",
        3,
        "acme-size",
        ruled(
            "custom:\n  - id: acme-size\n    assert: 'model.params / 0 > 1'\n    message: no\n    enforcement: soft-mandatory"
        ),
    ),
    Case(
        "a custom rule that is no yes or no",
        2,
        "an expression of type int",
        ruled("custom:\n  - id: acme-size\n    assert: '1'\n    message: no\n    enforcement: soft-mandatory"),
    ),
    Case(
        "a custom rule with a typo",
        2,
        "parms",
        ruled(
            "custom:\n  - id: acme-size\n    assert: 'model.parms > 1'\n    message: no\n    enforcement: soft-mandatory"
        ),
    ),
    Case(
        "a custom rule without a level",
        2,
        "enforcement",
        ruled("custom:\n  - id: acme-size\n    assert: 'model.params > 1'\n    message: no"),
    ),
    Case(
        "a custom rule that is empty",
        2,
        "assert",
        ruled("custom:\n  - id: acme-size\n    assert: ''\n    message: no\n    enforcement: soft-mandatory"),
    ),
    Case(
        "a custom rule with the id of ours",
        2,
        "license-known",
        ruled("custom:\n  - id: license-known\n    assert: 'true'\n    message: no\n    enforcement: advisory"),
    ),
    Case(
        "two custom rules with one id",
        2,
        "acme-size",
        ruled(
            "custom:\n"
            + 2
            * "  - id: acme-size\n    assert: 'model.params > 1'\n    message: no\n    enforcement: soft-mandatory\n"
        ),
    ),
    Case("custom rules that are none", 2, "custom", ruled("custom: {}")),
)
