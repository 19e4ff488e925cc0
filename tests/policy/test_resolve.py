"""Layers: the organisation starts from a pack, everything below only tightens."""

from __future__ import annotations

import json
from datetime import date

import pytest

from checker.document.errors import InputError, render_problem
from checker.policy.load import Choice, load
from checker.policy.policy import ChosenBy, Rank
from checker.rulebook.schedule import Enforcement

TODAY = date(2026, 11, 23)


@pytest.fixture
def policy(tmp_path, monkeypatch):
    """Write policy files and resolve the first one, `project` being the project's layer."""
    monkeypatch.chdir(tmp_path)

    def resolve(text, project=None, **others):
        for name, content in {"policy": text, **others}.items():
            path = tmp_path / f"{name}.yaml"
            path.write_text(content)
        if project is not None:
            (tmp_path / "weighbridge-policy.yaml").write_text(project)
        layer = (tmp_path / "weighbridge-policy.yaml").relative_to(tmp_path) if project is not None else None
        return load(Choice("policy.yaml", ChosenBy.OPTION), layer)

    return resolve


def problems_of(call):
    with pytest.raises(InputError) as caught:
        call()
    return "\n".join(render_problem(problem) for problem in caught.value.problems)


HEAD = "policy: acme\nversion: 2026.10\n"


def test_a_version_stays_as_it_is_written(policy):
    assert policy(HEAD + "rules: {license-known: advisory}\n").version == "2026.10"


def test_a_rule_that_no_layer_names_is_off(policy):
    assert list(policy(HEAD + "rules: {license-known: advisory}\n").rules) == ["license-known"]


def test_the_organisation_may_loosen_a_pack(policy):
    resolved = policy(
        HEAD
        + "extends: weighbridge:enterprise\nrules:\n  context-window: {enforcement: off}\n  license-allowed: {allow: [gemma]}\n"
    )
    assert resolved.rules["context-window"].level(TODAY) is Enforcement.OFF
    assert resolved.rules["license-allowed"].settings.allow == ("gemma",)


def test_each_value_names_the_layer_and_the_line_that_set_it(policy):
    resolved = policy(HEAD + "extends: weighbridge:enterprise\nrules:\n  license-allowed: {allow: [gemma]}\n")
    set_by = resolved.rules["license-allowed"].set_by
    assert (set_by["allow"].layer.rank, str(set_by["allow"].at)) == (Rank.ORGANISATION, "policy.yaml:5:21")
    assert (set_by["enforcement"].layer.rank, set_by["enforcement"].at.file.name) == (
        Rank.PACK,
        "weighbridge:enterprise",
    )


def test_a_file_that_the_organisation_extends_is_only_tightened(policy):
    base = HEAD + "rules:\n  context-window: hard-mandatory\n"
    found = problems_of(lambda: policy(HEAD + "extends: base.yaml\nrules:\n  context-window: advisory\n", base=base))
    assert found == (
        "policy.yaml:5:19: error: policy.yaml lowers context-window from `hard-mandatory` to `advisory`;"
        " base.yaml sets it, and a lower layer may only tighten\n"
        "    5 |   context-window: advisory\n"
        "      |                   ^^^^^^^^ expected the same level or a higher one\n"
        "    4 |   context-window: hard-mandatory\n"
        "      |                   -------------- see here in base.yaml"
    )


@pytest.mark.parametrize(
    ("project", "words"),
    [
        ("rules: {context-window: advisory}\n", "lowers context-window from `soft-mandatory` to `advisory`"),
        ("rules: {context-window: off}\n", "lowers context-window from `soft-mandatory` to `off`"),
        (
            "rules: {license-allowed: {allow: [MIT, gemma]}}\n",
            "loosens rules.license-allowed.allow from `[MIT]` to `[MIT, gemma]`",
        ),
        ("rules: {context-window: {share: 1}}\n", "loosens rules.context-window.share from `0.5` to `1.0`"),
        (
            "rules: {license-known: {min_certainty: claimed}}\n",
            "loosens rules.license-known.min_certainty from `declared` to `claimed`",
        ),
        (
            "rules: {context-window: [soft-mandatory, {from: 2027-01-01, enforcement: advisory}]}\n",
            "to `advisory` from 2027-01-01",
        ),
    ],
)
def test_a_project_cannot_weaken(policy, project, words):
    organisation = (
        HEAD
        + "rules:\n  license-known: hard-mandatory\n  license-allowed: {enforcement: hard-mandatory, allow: [MIT]}\n"
        "  context-window: {enforcement: soft-mandatory, share: 0.5}\n"
    )
    assert words in problems_of(lambda: policy(organisation, project))


@pytest.mark.parametrize(
    "key", ["extends: weighbridge:starter", "policy: mine", "waivers: {max_days: 9}", "require: [lock]"]
)
def test_a_project_sets_rules_alone(policy, key):
    found = problems_of(lambda: policy(HEAD + "rules: {license-known: advisory}\n", f"{key}\nrules: {{}}\n"))
    assert f"unknown key `{key.partition(':')[0]}`" in found


def test_a_project_tightens_and_the_organisations_digest_stays(policy):
    organisation = HEAD + "rules: {context-window: advisory}\n"
    alone, tightened = policy(organisation), policy(organisation, "rules: {context-window: hard-mandatory}\n")
    assert tightened.rules["context-window"].level(TODAY) is Enforcement.HARD_MANDATORY
    assert alone.sha256 == tightened.sha256
    assert alone.project_sha256 is None
    assert tightened.project_sha256 not in (None, alone.sha256)


def test_the_digest_follows_the_resolved_policy_and_not_the_way_it_is_written(policy):
    one = policy(HEAD + "rules:\n  context-window: advisory\n")
    same = policy(HEAD + "extends: base.yaml\n", base=HEAD + "rules: {context-window: {enforcement: advisory}}  # so\n")
    other = policy(HEAD + "rules:\n  context-window: {enforcement: advisory, share: 0.9}\n")
    assert one.sha256 == same.sha256 != other.sha256


def test_of_several_extended_files_the_tightest_wins(policy):
    first = HEAD + "rules:\n  license-allowed: {enforcement: advisory, allow: [MIT, Apache-2.0]}\n"
    second = HEAD + "rules:\n  license-allowed: {enforcement: hard-mandatory, allow: [MIT, gemma]}\n"
    resolved = policy(HEAD + "extends: [first.yaml, second.yaml]\n", first=first, second=second)
    rule = resolved.rules["license-allowed"]
    assert (rule.level(TODAY), rule.settings.allow) == (Enforcement.HARD_MANDATORY, ("MIT",))


def test_denied_models_of_all_layers_add_up(policy):
    base = HEAD + "rules:\n  model-denied: {enforcement: hard-mandatory, models: [acme/*]}\n"
    resolved = policy(
        HEAD + "extends: base.yaml\nrules: {model-denied: {models: [other/*]}}\n",
        "rules: {model-denied: {models: [third/*]}}\n",
        base=base,
    )
    assert resolved.rules["model-denied"].settings.models == ("acme/*", "other/*", "third/*")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rules: {licence-known: advisory}\n", "unknown rule `licence-known` in rules"),
        ("rules: {license-known: strict}\n", "`rules.license-known` is `strict`"),
        ("rules: {license-known: advisroy}\n", "did you mean `advisory`?"),
        ("rules: {license-known: hard}\n", "did you mean `hard-mandatory`?"),
        (
            "rules: {license-known: {enforcement: [advisory, {from: 2027-02-30, enforcement: advisory}]}}\n",
            "`rules.license-known.enforcement[1].from` is `2027-02-30`",
        ),
        ("rules: {license-known: {enforcment: advisory}}\n", "did you mean `enforcement`?"),
        (
            "rules: {license-known: {min_certainty: declared}}\n",
            "rules.license-known has no `enforcement`, and no layer above sets one",
        ),
        ("rules: {license-allowed: {enforcement: advisory, allow: [Apahce-2.0]}}\n", "did you mean `Apache-2.0`?"),
        ("rules: [license-known]\n", "`rules` is no mapping"),
        ("rules: {license-known: []}\n", "`rules.license-known` is an empty list"),
        ("extends: weighbridge:enterprize\n", "did you mean `weighbridge:enterprise`?"),
        ("extends: ../outside.yaml\n", "lies outside the policy's own folder"),
        ("extends: /etc/policy.yaml\n", "is no relative path"),
        ("extends: git+https://host/repo@0123#sha256=00:policy.yaml\n", "this names no policy file of a repository"),
        ("extends: https://host/policy.yaml\n", "`https://host/policy.yaml` is an address"),
        ("extends: absent.yaml\n", "policy.yaml:3:10"),
        ("extends: policy.yaml\n", "extends a file that leads back to it"),
        ("facts: approved.lock\nrules: {license-known: advisory}\n", "policy.yaml:3:8: error: there is no such file"),
        ("facts: ../approved.lock\nrules: {license-known: advisory}\n", "lies outside the policy's own folder"),
        ("organisation: {seats: US}\n", "did you mean `seat`?"),
        ("organisation: {users: [{month: 2024-13, value: 1}]}\n", "organisation.users[0].month"),
        ("require: [locks]\n", "did you mean `lock`?"),
        (
            "rules: {license-known: {enforcement: [advisory, {from: 2027-02-01, enforcement: soft-mandatory},"
            " {from: 2027-01-01, enforcement: hard-mandatory}]}}\n",
            "does not come after the step before it",
        ),
    ],
)
def test_what_a_policy_gets_wrong_is_said(policy, text, words):
    assert words in problems_of(lambda: policy(HEAD + text))


def test_all_mistakes_of_a_policy_are_told_at_once(policy):
    found = problems_of(
        lambda: policy(
            HEAD + "colour: red\nrules: {licence-known: advisory, context-window: {shar: 1, enforcement: advice}}\n"
        )
    )
    assert "`rules.context-window.enforcement` is `advice`" in found
    assert "unknown key `colour`" in found
    assert "unknown rule `licence-known`" in found
    assert "unknown key `shar`" in found


def test_of_thousands_of_mistakes_a_hundred_are_told(policy):
    rules = "".join(f"  license-knwon{number}: advisory\n" for number in range(3000))
    found = problems_of(lambda: policy(f"{HEAD}rules:\n{rules}"))
    assert (found.count("unknown rule"), found.count("more rules, which were not looked at")) == (100, 1)


def test_a_chain_of_files_is_bounded(policy):
    others = {f"p{number}": HEAD + f"extends: p{number + 1}.yaml\n" for number in range(12)}
    assert "more than 8 files" in problems_of(lambda: policy(HEAD + "extends: p0.yaml\n", **others, p12=HEAD))


def test_required_parts_become_a_rule(policy):
    resolved = policy(
        HEAD + "require: [use, deployment]\nrules: {required-blocks: {enforcement: soft-mandatory, blocks: status}}\n"
    )
    rule = resolved.rules["required-blocks"]
    assert (rule.level(TODAY), rule.settings.blocks) == (Enforcement.SOFT_MANDATORY, ("use", "deployment", "status"))
    assert policy(HEAD + "require: use\n").rules["required-blocks"].level(TODAY) is Enforcement.HARD_MANDATORY


def test_facts_about_the_licensee_come_from_the_nearest_file_that_states_them(policy):
    base = HEAD + "organisation: {seat: US}\napi: {providers: gateway}\n"
    resolved = policy(HEAD + "extends: base.yaml\nrules: {license-known: advisory}\n", base=base)
    assert resolved.organisation.seat.value == "US"
    assert resolved.providers.allowed == ("gateway",)


def test_the_resolved_settings_can_be_fingerprinted(policy):
    resolved = policy(HEAD + "extends: weighbridge:enterprise\norganisation: {users: [{month: 2024-06, value: 5}]}\n")
    for rule in resolved.rules.values():
        json.dumps(vars(rule.settings), default=str)


def test_of_two_files_that_name_one_rule_either_may_leave_its_level_to_the_other(policy):
    first = HEAD + "rules: {context-window: {enforcement: advisory, share: 80%}}\n"
    second = HEAD + "extends: first.yaml\nrules: {context-window: {share: 70%}}\n"
    third = HEAD + "rules: {context-window: soft-mandatory, license-known: off}\n"
    resolved = policy(HEAD + "extends: [second.yaml, third.yaml]\n", first=first, second=second, third=third)
    rule = resolved.rules["context-window"]
    assert (rule.level(TODAY), rule.settings.share) == (Enforcement.SOFT_MANDATORY, 0.7)
    assert resolved.rules["license-known"].level(TODAY) is Enforcement.OFF


def test_a_weakened_table_is_shown_key_by_key(policy):
    organisation = HEAD + "rules: {benchmark-floor: {enforcement: advisory, floors: {MMLU: 60}}}\n"
    found = problems_of(lambda: policy(organisation, "rules: {benchmark-floor: {floors: {MMLU: 50}}}\n"))
    assert "loosens rules.benchmark-floor.floors from `{MMLU: 60.0}` to `{MMLU: 50.0}`" in found


def test_a_default_that_no_layer_sets_cannot_be_loosened_by_a_project(policy):
    organisation = HEAD + "rules: {training-fits: advisory}\n"
    found = problems_of(lambda: policy(organisation, "rules: {training-fits: {headroom: 5%}}\n"))
    assert "it is the rule's default, and a lower layer may only tighten" in found


@pytest.mark.parametrize("extends", ["[weighbridge:enterprise, base.yaml]", "[base.yaml, weighbridge:enterprise]"])
@pytest.mark.parametrize(
    "rules",
    [
        "{license-known: off}",
        "{license-known: advisory}",
        "{license-allowed: {allow: [Apache-2.0, MIT, CC-BY-NC-4.0]}}",
        "{license-allowed: {allow: [Apache-2.0, MIT, gemma, llama3]}}",
    ],
)
def test_a_pack_beside_the_organisations_file_is_no_way_to_weaken_it(policy, extends, rules):
    base = (
        HEAD + "rules:\n  license-known: hard-mandatory\n"
        "  license-allowed: {enforcement: hard-mandatory, allow: [Apache-2.0, MIT, gemma]}\n"
    )
    assert "base.yaml sets it" in problems_of(lambda: policy(HEAD + f"extends: {extends}\nrules: {rules}\n", base=base))


def test_the_pack_beside_the_organisations_file_may_still_be_loosened(policy):
    base = HEAD + "rules: {license-allowed: {enforcement: hard-mandatory, allow: [Apache-2.0, MIT, gemma]}}\n"
    resolved = policy(
        HEAD + "extends: [weighbridge:enterprise, base.yaml]\nrules: {license-allowed: {allow: [MIT, gemma]}}\n",
        base=base,
    )
    assert resolved.rules["license-allowed"].settings.allow == ("MIT", "gemma")


def test_facts_about_the_licensee_add_up_over_the_files(policy):
    base = HEAD + "organisation: {users: [{month: 2024-06, value: 900000000}]}\n"
    resolved = policy(
        HEAD + "extends: base.yaml\norganisation: {seat: US}\nrules: {license-known: advisory}\n", base=base
    )
    assert resolved.organisation.seat.value == "US"
    assert resolved.organisation.users[0].value.value == 900_000_000


@pytest.mark.parametrize(
    ("base", "top", "words"),
    [
        ("{seat: US}", "{seat: DE}", "organisation.seat is US, and DE in another line"),
        (
            "{users: [{month: 2024-06, value: 1}]}",
            "{users: [{month: 2024-06, value: 900000000}]}",
            "organisation.users is 1 for 2024-06, and 900000000 in another line",
        ),
        (
            "{revenue: [{year: 2025, value: 1, currency: USD}, {year: 2025, value: 2, currency: USD}]}",
            "{seat: US}",
            "organisation.revenue is 2 for 2025 in USD, and 1 in another line",
        ),
    ],
)
def test_facts_about_the_licensee_must_not_disagree(policy, base, top, words):
    text = HEAD + f"extends: base.yaml\norganisation: {top}\nrules: {{license-known: advisory}}\n"
    assert words in problems_of(lambda: policy(text, base=HEAD + f"organisation: {base}\n"))


def test_providers_are_only_narrowed(policy):
    base, other = HEAD + "api: {providers: [a, b]}\n", HEAD + "api: {providers: [b, c]}\n"
    rules = "rules: {license-known: advisory}\n"
    both = policy(HEAD + "extends: [base.yaml, other.yaml]\n" + rules, base=base, other=other)
    assert both.providers.allowed == ("b",)
    assert policy(HEAD + "extends: base.yaml\napi: {providers: a}\n" + rules, base=base).providers.allowed == ("a",)
    found = problems_of(lambda: policy(HEAD + "extends: base.yaml\napi: {providers: [a, evil]}\n" + rules, base=base))
    assert "api.providers adds `evil`" in found
