"""What a policy's fingerprint is made of."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from checker.policy.digest import digest
from checker.policy.load import Choice, load
from checker.policy.policy import ChosenBy
from checker.rulebook.licensee import NothingSaid, Providers

POLICY = """\
policy: acme
version: 2026.11
organisation: {seat: DE, users: [{month: 2026-06, value: 5}], revenue: [{year: 2025, value: 7, currency: EUR}]}
api: {providers: [é, b]}
waivers: {max_days: 30, approvers: [b, a]}
opinions:
  - {license: gemma, use: [service, internal], verdict: ok, reading: r, by: a, on: 2026-10-01, expires: 2027-10-01}
rules:
  publisher-allowed: [advisory, {from: 2027-01-01, enforcement: hard-mandatory}]
"""


class Lock(NamedTuple):
    sha256: str


def hashed(content: dict) -> str:
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def test_it_is_of_everything_that_can_change_a_verdict(tmp_path):
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    policy = load(Choice(str(tmp_path / "policy.yaml"), ChosenBy.OPTION), None)
    steps = [["0001-01-01", "advisory"], ["2027-01-01", "hard-mandatory"]]
    [opinion] = policy.opinions
    content = {
        "policy": "acme",
        "version": "2026.11",
        "organisation": {"seat": "DE", "users": [["2026-06", 5]], "revenue": [[2025, 7, "EUR"]]},
        "providers": ["é", "b"],
        "rules": {"publisher-allowed": {"enforcement": steps, "settings": policy.rules["publisher-allowed"].stated()}},
        "waivers": {
            "from": "policy",
            "file": "waivers.yaml",
            "max_days": 30,
            "approvers": ["a", "b"],
            "wildcards": [],
            "require": [],
        },
        "opinions": [f"{opinion.sentence}{sorted(use.value for use in opinion.use)}"],
    }
    assert policy.sha256 == hashed(content)
    given = (policy.name, policy.version, policy.rules, policy.organisation, policy.providers, policy.waivers)
    with_locks = digest(*given, (Lock("one"), Lock("other")), policy.opinions)
    assert with_locks == hashed(content | {"facts": ["one", "other"]})


def test_what_is_not_said_leaves_no_trace():
    empty = {"seat": None, "users": [], "revenue": []}
    content = {"policy": "a", "version": "1", "organisation": empty, "providers": None, "rules": {}}
    assert digest("a", "1", {}, NothingSaid(), Providers(None), None) == hashed(content)


def test_a_rule_of_the_policy_is_loaded_as_any_other(tmp_path):
    rule = '{id: acme-size, assert: "model.params <= 5", message: smaller, enforcement: advisory}'
    path: Path = tmp_path / "policy.yaml"
    path.write_text(
        f"policy: a\nversion: 1\nrules:\n  size-class: advisory\n  custom:\n    - {rule}\n", encoding="utf-8"
    )
    policy = load(Choice(str(path), ChosenBy.OPTION), None)
    own, shipped = (policy.loaded(policy.rules[name]) for name in ("acme-size", "size-class"))
    assert (own.id, own.judges_weights, shipped.id) == ("acme-size", False, "size-class")
    assert policy.rules["acme-size"].level(date(2026, 11, 23)) == "advisory"
