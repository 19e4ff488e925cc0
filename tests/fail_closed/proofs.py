"""What tells of a policy or proves a verdict: its cases, its impact, and signed verdicts."""

from __future__ import annotations

import json
from base64 import b64encode

from tests.fail_closed.case import BLOCK, DIGEST, POLICY, Case, policy

LOOSER = POLICY.replace("  license-allowed: {enforcement: hard-mandatory, allow: [Apache-2.0]}\n", "")
OLD_NEW = "policy impact --from old.yaml --to policy.yaml"
VERIFY = f"verify a.json --key k.pub --policy-digest {DIGEST}"
PUBLIC = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n"
UNSIGNED = json.dumps(
    {"payloadType": "application/vnd.in-toto+json", "payload": b64encode(b"{}").decode(), "signatures": []}
)
TRIED = "weighbridge_policy_tests: 1\n"


def tried(text: str, options: str = "") -> tuple[dict[str, str | bytes | None], str]:
    """Cases of the policy, and the command that judges them."""
    return {"policy.test.yaml": text}, f"policy test policy.yaml {options}"


CASES = (
    Case("policy test: no cases", 2, "no cases were found", command="policy test policy.yaml"),
    Case("policy test: nothing below", 2, "no cases were found", {"policy.yaml": None}, "policy test"),
    Case("policy test: an empty file", 2, "policy.test.yaml:1:1: error: the file is empty", *tried("")),
    Case("policy test: no case in it", 2, "the file holds no case", *tried(f"{TRIED}cases: []\n")),
    Case("policy test: no head", 2, "the key `weighbridge_policy_tests` is missing", *tried("cases: []\n")),
    Case(
        "policy test: a case without expectation",
        2,
        "the case expects nothing",
        *tried(
            f"{TRIED}cases:\n  - name: a\n    manifest:\n      models: [{{model: Qwen/Qwen3-8B, objective: chat}}]\n"
        ),
    ),
    Case(
        "policy test: a rule with a typo",
        2,
        "a key of `cases[0].expect` is `license-knwn`",
        *tried(
            f"{TRIED}cases:\n  - name: a\n    manifest:\n      models: [{{model: Qwen/Qwen3-8B, objective: chat}}]\n    expect: {{license-knwn: pass}}\n"
        ),
    ),
    Case(
        "policy test: coverage of nothing",
        2,
        "the file holds no case",
        *tried(f"{TRIED}cases: []\n", "--require-coverage 0"),
    ),
    Case(
        "policy test: a share that is none",
        2,
        "`NaN` is no percentage",
        command="policy test policy.yaml --require-coverage NaN",
    ),
    Case("policy check: no file", 2, "gone.yaml: error: there is no such file", command="policy check gone.yaml"),
    Case(
        "policy check: a level with a typo",
        2,
        "hard-mandatory",
        policy("hard-mandatory", "hard"),
        "policy check policy.yaml",
    ),
    Case(
        "policy impact: a policy that is not there",
        2,
        "gone.yaml: error: there is no such file",
        command="policy impact --from gone.yaml --to policy.yaml .",
    ),
    Case("policy impact: no project", 2, "no manifest was found", {"model.yaml": None, "old.yaml": LOOSER}, OLD_NEW),
    Case(
        "policy impact: a project that would newly block", 1, "license-allowed", {**BLOCK, "old.yaml": LOOSER}, OLD_NEW
    ),
    Case(
        "policy impact: a project that cannot be read",
        2,
        "model.yaml:3:1: the end of the file where a value belongs",
        {"model.yaml": "weighbridge: 1\nmodels: [\n", "old.yaml": LOOSER},
        OLD_NEW,
    ),
    Case(
        "policy impact: a revision, and no repository",
        2,
        "lies in no git repository",
        command="policy impact --from gone:policy.yaml --to policy.yaml .",
    ),
    Case(
        "attest: a key that is not there",
        2,
        "gone.pem: error: there is no such file",
        command="attest model.yaml --policy policy.yaml --key gone.pem",
    ),
    Case(
        "attest: a key that is none",
        2,
        "k.pem: error: no private key",
        {"k.pem": "no"},
        "attest model.yaml --policy policy.yaml --key k.pem",
    ),
    Case("verify: an envelope that is not there", 2, "a.json: error: there is no such file", {"k.pub": PUBLIC}, VERIFY),
    Case("verify: an empty envelope", 2, "a.json: error: no signed envelope", {"k.pub": PUBLIC, "a.json": ""}, VERIFY),
    Case("verify: an envelope without signature", 2, "signature", {"k.pub": PUBLIC, "a.json": UNSIGNED}, VERIFY),
    Case(
        "verify: a signature by somebody else",
        1,
        "sign",
        {"k.pub": PUBLIC, "a.json": UNSIGNED.replace("[]", '[{"keyid": "x", "sig": "AAAA"}]')},
        VERIFY,
    ),
    Case("verify: a key that is none", 2, "k.pub: error: no public key", {"k.pub": "", "a.json": UNSIGNED}, VERIFY),
    Case(
        "verify: no policy named",
        2,
        "--policy-digest",
        {"k.pub": PUBLIC, "a.json": UNSIGNED},
        "verify a.json --key k.pub",
    ),
    Case(
        "verify: an empty policy digest",
        2,
        "is no SHA-256",
        {"k.pub": PUBLIC, "a.json": UNSIGNED},
        "verify a.json --key k.pub --policy-digest=",
    ),
    Case(
        "verify: an age without a unit",
        2,
        "`7` is no age",
        {"k.pub": PUBLIC, "a.json": UNSIGNED},
        f"{VERIFY} --max-age 7",
    ),
)
