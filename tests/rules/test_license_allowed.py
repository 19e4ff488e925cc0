"""The lists of a policy: what is denied is denied first, and licences are spelled in any way."""

from __future__ import annotations

import pytest

from checker.document.errors import InputError
from checker.policy.load import Choice
from checker.policy.load import load as load_policy
from checker.policy.policy import ChosenBy
from checker.verdict import Verdict
from tests.rules.judged import judged

QWEN, AYA, KIMI = "Qwen/Qwen2.5-7B-Instruct", "CohereLabs/aya-23-8B", "moonshotai/Kimi-K2-Instruct"
LLAMA, GEMMA = "meta-llama/Llama-3.1-8B-Instruct", "google/gemma-2-9b-it"
REMEDY = "choose a model under an accepted licence, or ask for this licence to be reviewed"


def evaluate(tmp_path, model, settings, more="", use=""):
    manifest = f"weighbridge: 1\nowner: team\n{use}models:\n  - model: {model}\n    objective: chat\n{more}"
    rule = f"  license-allowed: {{enforcement: hard-mandatory{settings}}}\n"
    [evaluation] = judged(tmp_path, manifest, f"policy: acme\nversion: 1\nrules:\n{rule}")
    return evaluation


@pytest.mark.parametrize("settings", [
    ", allow: [Apache-2.0]", ', allow: "Apache License, Version 2.0"', ", allow: [mit, apache 2.0]", ", deny: [MIT]",
    ", deny_categories: [copyleft, noncommercial]",
])  # fmt: skip
def test_an_accepted_licence_passes_however_it_is_spelled(tmp_path, settings):
    assert evaluate(tmp_path, QWEN, settings).verdict is Verdict.PASS


@pytest.mark.parametrize(("model", "settings", "expected", "found", "setting"), [
    (QWEN, ", allow: [mit, llama 3.1]", "one of MIT, llama3.1", "Apache-2.0", "allow"),
    (QWEN, ", allow: []", "one of ", "Apache-2.0", "allow"),
    (QWEN, ", allow: [Apache-2.0], deny: [apache 2.0]", "a licence that the policy does not deny", "Apache-2.0", "deny"),
    (AYA, ", deny_categories: [research, noncommercial]", "a licence of none of these kinds: research, noncommercial",
     "CC-BY-NC-4.0, which is noncommercial", "deny_categories"),
    (AYA, ", allow: [cc-by-nc-4.0], deny_categories: noncommercial", "a licence of none of these kinds: noncommercial",
     "CC-BY-NC-4.0, which is noncommercial", "deny_categories"),
])  # fmt: skip
def test_a_licence_that_is_not_accepted_fails_at_the_setting_that_says_so(
    tmp_path, model, settings, expected, found, setting
):
    evaluation = evaluate(tmp_path, model, settings)
    [finding] = evaluation.findings
    assert (evaluation.verdict, finding.policy.setting) == (Verdict.FAIL, setting)
    assert (finding.expected, finding.found, finding.remedy) == (expected, found, REMEDY)


@pytest.mark.parametrize(("model", "reason"), [
    ("microsoft/mpnet-base", "no source states it"),
    ("ProsusAI/finbert", "the card declares no licence"),
    (KIMI, "`modified-mit` names no single licence: mistral-modified-mit, kimi-k2, minimax-m2, minimax-m2.1 differ in"
           " their terms"),
])  # fmt: skip
def test_a_licence_that_is_not_known_is_not_evaluated(tmp_path, model, reason):
    evaluation = evaluate(tmp_path, model, ", allow: [MIT]")
    assert evaluation.verdict is Verdict.NOT_EVALUATED
    assert [missing.reason for missing in evaluation.missing] == [reason]


def test_a_licence_that_nobody_read_can_be_listed_by_name(tmp_path):
    settings = ", min_certainty: claimed, {}: [LicenseRef-acme-1.0, jamba-open-model-license]"
    more = "    known: {license: {value: licenseref-ACME-1.0, evidence: https://example.com}}\n"
    assert evaluate(tmp_path, "acme/own", settings.format("allow"), more).verdict is Verdict.PASS
    assert evaluate(tmp_path, "acme/own", settings.format("deny"), more).verdict is Verdict.FAIL


def test_without_a_list_nothing_is_judged(tmp_path):
    evaluation = evaluate(tmp_path, QWEN, "")
    assert (evaluation.verdict, evaluation.reason) == (Verdict.NOT_APPLICABLE, "the policy lists no licences")


def test_a_service_has_its_providers_terms(tmp_path):
    more = "    access: api\n    provider: gateway\n"
    evaluation = evaluate(tmp_path, "acme/assistant", ", allow: [MIT]", more)
    assert evaluation.reason == "used through an API: its provider's terms apply"


@pytest.mark.parametrize(("settings", "expected", "hint"), [
    (", allow: [apahce-2.0]", "a licence: an SPDX id, a Hub id or a name; `LicenseRef-…` for one of your own",
     "did you mean `Apache-2.0`?"),
    (", deny: [llama-3]", "one of llama3, llama3.1, llama3.2, llama3.3", ""),
])  # fmt: skip
def test_a_misspelt_licence_in_a_policy_is_an_error(tmp_path, settings, expected, hint):
    with pytest.raises(InputError) as error:
        evaluate(tmp_path, QWEN, settings)
    [problem] = error.value.problems
    assert (problem.expected, problem.hint) == (expected, hint)
    assert problem.at is not None
    assert problem.at.line == 4


@pytest.mark.parametrize(("model", "settings", "verdict"), [
    (QWEN, ", allow_categories: [permissive]", Verdict.PASS),
    (LLAMA, ", allow_categories: [permissive]", Verdict.FAIL),
    (LLAMA, ", allow_categories: [permissive, source-available]", Verdict.PASS),
    (LLAMA, ", allow: [MIT], allow_categories: [community]", Verdict.PASS),
    (AYA, ", deny_categories: [non-commercial]", Verdict.FAIL),
    (LLAMA, ", allow: [llama3.1], deny_categories: [source-available]", Verdict.FAIL),
    (QWEN, ", allow_if: {osi_approved: true}", Verdict.PASS),
    (LLAMA, ", allow_if: {osi_approved: true}", Verdict.FAIL),
    (LLAMA, ", allow: [llama3.1], require: {commercial_use: yes}", Verdict.FAIL),
    (LLAMA, ", require: {commercial_use: conditional}", Verdict.PASS),
    (AYA, ", require: {commercial_use: conditional}", Verdict.FAIL),
    (LLAMA, ", require: {max_mau_cap: none}", Verdict.FAIL),
    (LLAMA, ", require: {max_mau_cap: 700000001}", Verdict.FAIL),
    (LLAMA, ", require: {max_mau_cap: 700000000}", Verdict.PASS),
    (QWEN, ", require: {max_mau_cap: none}", Verdict.PASS),
    (QWEN, ", require: {patent_grant: express}", Verdict.PASS),
    (LLAMA, ", require: {patent_grant: required}", Verdict.PASS),
    (LLAMA, ", require: {patent_grant: express}", Verdict.FAIL),
    (LLAMA, ", require: {output_training: allowed}", Verdict.PASS),
    ("meta-llama/Meta-Llama-3-8B", ", require: {output_training: allowed}", Verdict.FAIL),
])  # fmt: skip
def test_licences_are_listed_by_category_and_by_property(tmp_path, model, settings, verdict):
    assert evaluate(tmp_path, model, settings).verdict is verdict


@pytest.mark.parametrize(("model", "settings", "expected", "found", "setting"), [
    (LLAMA, ", require: {max_mau_cap: none, patent_grant: express}",
     "a licence with max_mau_cap: none, patent_grant: express",
     "llama3.1, which has a cap at 700,000,000 users and grants patents under a general clause alone (covered by"
     " general IP grant)", "require"),
    (AYA, ", require: {commercial_use: yes, osi_approved: true}",
     "a licence with commercial_use: yes, osi_approved: true",
     "CC-BY-NC-4.0, which grants no commercial use and is not listed by the Open Source Initiative", "require"),
    (LLAMA, ", allow: [MIT], allow_categories: [permissive], allow_if: {commercial_use: yes}",
     "one of MIT, or a licence that is permissive, or a licence with commercial_use: yes", "llama3.1", "allow"),
])  # fmt: skip
def test_the_finding_says_which_property_is_lacking(tmp_path, model, settings, expected, found, setting):
    [finding] = evaluate(tmp_path, model, settings).findings
    assert (finding.expected, finding.found, finding.policy.setting) == (expected, found, setting)


@pytest.mark.parametrize(("settings", "key", "reason"), [
    (", review: [llama 3.1]", "review", "`llama3.1` is to be reviewed by name: legal decides"),
    (", allow: [llama3.1], review: [llama3.1]", "review", "`llama3.1` is to be reviewed by name: legal decides"),
    (", review_categories: [source-available]", "review_categories",
     "`llama3.1` is source-available, and such licences are to be reviewed: legal decides"),
    (", allow_categories: [source-available], review_unless: {max_mau_cap: none}", "review_unless",
     "`llama3.1` has a cap at 700,000,000 users, and such licences are to be reviewed: legal decides"),
])  # fmt: skip
def test_a_licence_on_review_waits_for_a_person(tmp_path, settings, key, reason):
    evaluation = evaluate(tmp_path, LLAMA, settings)
    assert (evaluation.verdict, evaluation.blocks) == (Verdict.NOT_EVALUATED, True)
    [missing] = evaluation.missing
    assert (missing.name, missing.reason) == (f"rules.license-allowed.{key}", reason)
    assert "allow: [llama3.1]  # or deny" in missing.yaml


def test_what_is_allowed_by_name_needs_no_review_by_kind(tmp_path):
    settings = ", allow: [llama3.1], review_categories: [source-available]"
    assert evaluate(tmp_path, LLAMA, settings).verdict is Verdict.PASS


@pytest.mark.parametrize(("ways", "settings", "verdict"), [
    ("internal", ", allow: [MIT], contexts: {internal: {allow: [gemma]}}", Verdict.PASS),
    ("service", ", allow: [MIT], contexts: {internal: {allow: [gemma]}}", Verdict.FAIL),
    ("[internal, service]", ", allow: [MIT], contexts: {internal: {allow: [gemma]}}", Verdict.FAIL),
    ("service", ", contexts: {weights: {deny: [gemma]}}", Verdict.PASS),
    ("weights", ", contexts: {weights: {deny: [gemma]}}", Verdict.FAIL),
    ("on-device", ", contexts: {weights: {deny_categories: [responsible-use, source-available]}}", Verdict.FAIL),
    ("weights", ", contexts: {weights: {require: {osi_approved: true}}}", Verdict.FAIL),
    ("weights", ", contexts: {weights: {review: [gemma]}}", Verdict.NOT_EVALUATED),
])  # fmt: skip
def test_lists_can_differ_by_use(tmp_path, ways, settings, verdict):
    assert evaluate(tmp_path, GEMMA, settings, use=f"use: {{distribution: {ways}}}\n").verdict is verdict


def test_where_lists_differ_by_use_the_use_is_asked_for(tmp_path):
    evaluation = evaluate(tmp_path, GEMMA, ", allow: [MIT], contexts: {internal: {allow: [gemma]}}")
    [missing] = evaluation.missing
    assert (missing.name, missing.reason) == (
        "use.distribution",
        "the policy's lists differ by use for gemma (internal: allowed, service: denied, weights: denied)",
    )


def test_where_lists_agree_for_every_use_none_is_asked_for(tmp_path):
    settings = ", allow: [Apache-2.0], contexts: {internal: {allow: [gemma]}}"
    assert evaluate(tmp_path, QWEN, settings).verdict is Verdict.PASS


@pytest.mark.parametrize(("expression", "settings", "verdict"), [
    ("MIT OR GPL-3.0-only", ", allow: [MIT]", Verdict.PASS),
    ("MIT AND GPL-3.0-only", ", allow: [MIT]", Verdict.FAIL),
    ("MIT OR GPL-3.0-only", ", deny: [MIT], allow: [GPL-3.0-only]", Verdict.PASS),
    ("MIT AND Apache-2.0", ", allow: [MIT], review: [Apache-2.0]", Verdict.NOT_EVALUATED),
])  # fmt: skip
def test_of_a_choice_one_is_enough_and_of_several_each_counts(tmp_path, expression, settings, verdict):
    known = f"    known: {{license: {{value: {expression}, evidence: https://example.com}}}}\n"
    assert evaluate(tmp_path, "acme/own", f", min_certainty: claimed{settings}", known).verdict is verdict


@pytest.mark.parametrize(("settings", "sentence"), [
    (", allow_categories: [permisive]", "did you mean `permissive`?"),
    (", require: {max_mau_cap: some}", ""),
    (", require: {patents: required}", "did you mean `patent_grant`?"),
    (", contexts: {intern: {allow: [MIT]}}", "did you mean `internal`?"),
])  # fmt: skip
def test_what_a_list_cannot_hold_is_an_error_at_its_line(tmp_path, settings, sentence):
    with pytest.raises(InputError) as error:
        evaluate(tmp_path, QWEN, settings)
    [problem] = error.value.problems
    assert problem.hint == sentence
    assert problem.at is not None
    assert problem.at.line == 4


ORGANISATION = "policy: acme\nversion: 1\nrules:\n  license-allowed: {{enforcement: hard-mandatory{}}}\n"


@pytest.mark.parametrize(("above", "below", "is_refused"), [
    (", allow: [MIT]", "allow: [MIT, gemma]", True),
    (", allow: [MIT]", "allow_categories: [permissive]", True),
    (", allow: [MIT]", "allow_if: {osi_approved: true}", True),
    (", allow: [MIT]", "contexts: {internal: {allow: [gemma]}}", True),
    (", contexts: {internal: {allow: [gemma, MIT]}}", "contexts: {internal: {allow: [gemma]}}", False),
    (", contexts: {internal: {allow: [gemma]}}", "contexts: {service: {deny: [gemma]}}", False),
    (", require: {max_mau_cap: 100000000}", "require: {max_mau_cap: 50000000}", True),
    (", require: {max_mau_cap: 100000000}", "require: {max_mau_cap: none}", False),
    (", require: {max_mau_cap: none}", "require: {patent_grant: required}", True),
    (", require: {patent_grant: required}", "require: {patent_grant: express, commercial_use: yes}", False),
    ("", "require: {commercial_use: yes}", False),
    ("", "review: [gemma]", False),
])  # fmt: skip
def test_a_project_may_only_tighten_the_lists(tmp_path, above, below, is_refused):
    (tmp_path / "policy.yaml").write_text(ORGANISATION.format(above), encoding="utf-8")
    layer = tmp_path / "weighbridge-policy.yaml"
    layer.write_text(f"rules: {{license-allowed: {{{below}}}}}\n", encoding="utf-8")
    choice = Choice(str(tmp_path / "policy.yaml"), ChosenBy.OPTION)
    if is_refused:
        with pytest.raises(InputError, match="a lower layer may only tighten"):
            load_policy(choice, layer)
    else:
        assert load_policy(choice, layer).rules["license-allowed"].settings


def test_layers_of_contexts_add_up(tmp_path):
    (tmp_path / "policy.yaml").write_text(
        ORGANISATION.format(", contexts: {weights: {deny: [gemma]}}, require: {commercial_use: conditional}"),
        encoding="utf-8",
    )
    layer = tmp_path / "weighbridge-policy.yaml"
    below = "contexts: {weights: {deny: [llama2]}, service: {deny: [llama3]}}, require: {commercial_use: yes}"
    layer.write_text(f"rules: {{license-allowed: {{{below}}}}}\n", encoding="utf-8")
    settings = (
        load_policy(Choice(str(tmp_path / "policy.yaml"), ChosenBy.OPTION), layer).rules["license-allowed"].settings
    )
    assert {str(context): str(lists) for context, lists in settings.contexts.items()} == {
        "weights": "{deny: [gemma, llama2]}", "service": "{deny: [llama3]}",
    }  # fmt: skip
    assert str(settings.require) == "commercial_use: yes"
