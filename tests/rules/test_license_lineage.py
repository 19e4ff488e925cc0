"""A model's licence and name are held against the terms of what it was made from, and of what the project makes of it."""

from __future__ import annotations

import pytest

from checker.document.place import SourceFile
from checker.facts.fact import Certainty, Fact, Origin, Source, Unknown
from checker.facts.lineage import Ancestor, Lineage
from checker.facts.model import Facts, Parent, Relation
from checker.manifest.load import load
from checker.rulebook.organisation import Organisation
from checker.rules import license_lineage
from checker.verdict import Verdict
from tests.rules.judged import judged

QWEN, LLAMA = "Qwen/Qwen2.5-7B-Instruct", "meta-llama/Llama-3.1-8B-Instruct"
RELICENSED = (
    "the terms kept: llama3.1, section 1.b.i, asks that its agreement goes with every derivative and grants no right to"
    " relicense"
)
NAMED = 'the terms kept: llama3.1, section 1.b.i, asks to begin the name of a model made with it with "Llama"'


def all_of(tmp_path, entry, settings="", use=""):
    head = f"use: {use}\n" if use else ""
    manifest = f"weighbridge: 1\nowner: team\n{head}models:\n  - objective: chat\n    " + entry.replace("\n", "\n    ")
    rule = f"  license-lineage: {{enforcement: hard-mandatory{settings}}}\n"
    return judged(tmp_path, manifest + "\n", f"policy: acme\nversion: 1\nrules:\n{rule}")


def evaluate(tmp_path, entry, settings="", use=""):
    [evaluation] = all_of(tmp_path, entry, settings, use)
    return evaluation


def found(evaluation):
    return [(str(one.at).rpartition("/")[2], one.expected, one.found) for one in evaluation.findings]


def card(tmp_path, head):
    (tmp_path / "tuned").mkdir()
    (tmp_path / "tuned" / "README.md").write_text(f"---\n{head}---\n# A fine-tune\n", encoding="utf-8")
    (tmp_path / "tuned" / "model.safetensors").write_bytes(b"")


def test_a_derivative_under_another_licence_fails_naming_both(tmp_path):
    evaluation = evaluate(tmp_path, "model: deepseek-ai/DeepSeek-R1-Distill-Llama-8B")
    assert evaluation.verdict is Verdict.FAIL
    assert found(evaluation) == [
        ("model.yaml:5:12", RELICENSED, "deepseek-ai/DeepSeek-R1-Distill-Llama-8B is offered under MIT"),
        ("model.yaml:5:12", NAMED, "the name is DeepSeek-R1-Distill-Llama-8B"),
    ]
    assert evaluation.findings[0].lines == (
        "deepseek-ai/DeepSeek-R1-Distill-Llama-8B: finetune of meta-llama/Llama-3.1-8B",
    )
    assert evaluation.findings[0].remedy == "use a derivative whose label fits, or meta-llama/Llama-3.1-8B itself"
    assert evaluation.notes == ()


def test_a_parent_that_was_inferred_is_labelled_so(tmp_path):
    [finding] = evaluate(tmp_path, "model: BAAI/bge-reranker-v2-gemma").findings
    assert finding.lines == ("BAAI/bge-reranker-v2-gemma: finetune of google/gemma-2b (inferred)",)


@pytest.mark.parametrize("minimum", ["claimed", "inferred", "declared", "verified"])
def test_a_policy_that_asks_for_more_certainty_loses_no_conflict(tmp_path, minimum):
    evaluation = evaluate(tmp_path, "model: BAAI/bge-reranker-v2-gemma", f", min_certainty: {minimum}")
    assert evaluation.blocks


def test_a_pass_does_not_rest_on_a_parent_that_is_not_sure_enough(tmp_path):
    evaluation = evaluate(tmp_path, "model: BAAI/bge-reranker-v2-m3", ", min_certainty: declared")
    assert evaluation.verdict is Verdict.NOT_EVALUATED


def test_what_a_card_says_beside_its_licence_is_shown(tmp_path):
    [finding] = evaluate(tmp_path, "model: nvidia/Llama-3_3-Nemotron-Super-49B-v1").findings
    assert finding.lines[1] == (
        "beside its licence: additional terms: Llama 3.3 Community License; read on the -FP8 sibling card"
    )


@pytest.mark.parametrize("model", [QWEN, LLAMA, "google/gemma-2-9b-it", "meta-llama/Llama-3.3-70B-Instruct"])
def test_a_licensors_own_derivative_passes(tmp_path, model):
    assert evaluate(tmp_path, f"model: {model}").verdict is Verdict.PASS


def test_a_local_fine_tune_is_judged_by_its_card(tmp_path):
    card(tmp_path, "license: apache-2.0\nbase_model: meta-llama/Llama-3.1-8B\n")
    evaluation = evaluate(tmp_path, "model: ./tuned")
    assert found(evaluation) == [("model.yaml:5:12", RELICENSED, "./tuned is offered under Apache-2.0")]


def test_terms_of_the_base_that_reach_the_use_are_asked_for(tmp_path):
    card(tmp_path, "license: mit\nbase_model: Qwen/Qwen2.5-72B-Instruct\n")
    [missing] = evaluate(tmp_path, "model: ./tuned", use="{purpose: commercial}").missing
    assert (missing.name, missing.yaml) == (
        "use.monthly_active_users",
        "use:\n  monthly_active_users: <monthly active users of the product>",
    )


def test_terms_of_the_base_that_are_met_leave_duties_as_notes(tmp_path):
    card(tmp_path, "license: mit\nbase_model: Qwen/Qwen2.5-72B-Instruct\n")
    use = "{purpose: commercial, monthly_active_users: 5, distribution: internal}"
    evaluation = evaluate(tmp_path, "model: ./tuned", use=use)
    assert evaluation.verdict is Verdict.PASS
    assert "qwen, section 3d, leaves its terms in force for the part that comes from it" in evaluation.notes


def test_a_derivative_without_a_licence_cannot_be_judged_on_a_llama_base(tmp_path):
    card(tmp_path, "base_model: meta-llama/Llama-3.1-8B\n")
    evaluation = evaluate(tmp_path, "model: ./tuned")
    assert [missing.name for missing in evaluation.missing] == ["organisation.users", "license terms"]
    assert evaluation.missing[1].reason == (
        f"{RELICENSED.removeprefix('the terms kept: ')}; ./tuned: the card declares no licence"
    )


def test_what_another_rule_may_assume_is_left_open_here(tmp_path):
    def recorded(value, model):
        return Fact(value, Certainty.DECLARED, Source(Origin.CATALOGUE, "card", model))

    parent = Ancestor(
        recorded(Parent("moon/kimi", Relation.FINETUNE), "acme/tuned"),
        Facts("moon/kimi", "moon/kimi", license=recorded("kimi-k3", "moon/kimi")),
        Lineage(root=recorded(True, "moon/kimi")),
    )
    use = "use: {purpose: commercial, distribution: service, monthly_active_users: 5}\n"
    manifest = load(
        SourceFile("model.yaml", f"weighbridge: 1\n{use}models:\n  - {{model: acme/tuned, objective: chat}}\n")
    )
    outcome = license_lineage.check(
        entry=manifest.models[0],
        manifest=manifest,
        facts=Facts("acme/tuned", "acme/tuned", license=recorded("mit", "acme/tuned")),
        lineage=Lineage((parent,)),
        organisation=Organisation(),
        generators={},
        settings=license_lineage.Settings(),
    )
    [missing] = outcome.missing
    assert missing == Unknown(
        "license terms",
        "kimi-k3, section 2, asks those in a model-as-a-service business with more than 20 million USD of revenue in 12"
        " months to enter into a separate agreement with Moonshot AI before commercial use; nothing states whether the"
        " organisation is among them",
    )


def test_a_merge_of_works_that_cannot_be_joined_fails():
    def recorded(value, model):
        return Fact(value, Certainty.DECLARED, Source(Origin.CATALOGUE, "card", model))

    def parent(model, license_id):
        facts = Facts(model, model, license=recorded(license_id, model))
        return Ancestor(
            recorded(Parent(model, Relation.MERGE), "acme/merge"), facts, Lineage(root=recorded(True, model))
        )

    text = "weighbridge: 1\nmodels:\n  - {model: acme/merge, objective: chat}\n"
    manifest = load(SourceFile("model.yaml", text))
    outcome = license_lineage.check(
        entry=manifest.models[0],
        manifest=manifest,
        facts=Facts("acme/merge", "acme/merge", license=recorded("gpl-2.0", "acme/merge")),
        lineage=Lineage((parent("one/apache", "apache-2.0"), parent("other/gpl", "gpl-2.0"))),
        organisation=Organisation(),
        generators={},
        settings=license_lineage.Settings(),
    )
    [finding] = outcome.findings
    assert (finding.expected, finding.found, finding.remedy) == (
        "the terms kept: GPL-2.0-only, section 2(b), takes no further restrictions for the whole",
        "Apache-2.0 brings its own",
        "use a model that was not merged from these",
    )
    assert finding.detail == ("acme/merge: merge of one/apache", "acme/merge: merge of other/gpl")


UNKNOWN = "made from acme/unheard-of (claimed): nothing is recorded of acme/unheard-of"


def test_an_unknown_parent_is_a_note_on_a_pass(tmp_path):
    evaluation = evaluate(tmp_path, f"model: {QWEN}\nderived_from: [acme/unheard-of]")
    assert (evaluation.verdict, evaluation.notes) == (Verdict.PASS, (UNKNOWN,))


def test_an_unknown_parent_fails_where_the_policy_says_so(tmp_path):
    evaluation = evaluate(tmp_path, f"model: {QWEN}\nderived_from: [acme/unheard-of]", ", unknown: fail")
    [finding] = evaluation.findings
    assert (finding.expected, finding.found, finding.policy.setting) == (
        "ancestors that are named, with licences that are known",
        UNKNOWN,
        "unknown",
    )
    assert evaluation.notes == ()


def made(**produces):
    written = ", ".join(f"{key}: {value}" for key, value in produces.items())
    return f"model: {LLAMA}\nfine_tuning: {{method: lora, produces: {{{written}}}}}"


def test_what_the_project_makes_fails_at_its_own_lines(tmp_path):
    evaluation = evaluate(tmp_path, made(name="acme-8b", license="Apache-2.0", shared="weights"))
    assert found(evaluation) == [
        ("model.yaml:6:68", RELICENSED, "acme-8b is offered under Apache-2.0"),
        ("model.yaml:6:50", NAMED, "the name is acme-8b"),
    ]
    assert [finding.remedy for finding in evaluation.findings] == [
        "offer it under the base's licence, or keep it inside",
        "begin its name as asked",
    ]


def test_what_the_project_makes_passes_with_duties(tmp_path):
    evaluation = evaluate(tmp_path, made(name="Llama-Acme", license="llama3.1", shared="service"))
    assert evaluation.verdict is Verdict.PASS
    assert evaluation.notes == (
        'llama3.1, section 1.b.i, asks to display "Built with Llama"',
        "llama3.1, section 1.b.iv, asks to keep to its acceptable-use policy",
        "llama3.1, section 1.b.i, lets a derivative be shared under llama3.1 alone, whose agreement goes with it",
    )


@pytest.mark.parametrize(("model", "terms"), [
    (QWEN, "Apache-2.0, section 4, lets a derivative be shared under any terms, with the notices kept"),
    ("google/gemma-2-9b-it",
     "gemma, section 3.1, lets a derivative be shared under terms of its own that carry the use restrictions"),
])  # fmt: skip
def test_a_product_is_told_under_which_terms_it_may_be_shared(tmp_path, model, terms):
    evaluation = evaluate(tmp_path, f"model: {model}\nfine_tuning: {{produces: {{name: a, shared: internal}}}}")
    assert evaluation.verdict is Verdict.PASS
    assert terms in evaluation.notes


def test_a_lineage_that_comes_back_to_its_model_fails_whatever_the_policy_says_of_unknown_parents(tmp_path):
    entry = f"model: Qwen/Qwen2.5-7B\nderived_from: [{QWEN}]"
    evaluation = evaluate(tmp_path, entry)
    assert found(evaluation) == [
        (
            "model.yaml:6:20",
            "a lineage that ends at models which descend from no other",
            "what Qwen/Qwen2.5-7B descends from is not known: sources contradict each other: Qwen/Qwen2.5-7B descends"
            " from itself",
        )
    ]


def test_a_model_of_which_nothing_is_recorded_does_not_descend_from_itself(tmp_path):
    known = "known: {license: {value: apache-2.0, evidence: 'https://example.com'}}"
    evaluation = evaluate(tmp_path, f"model: acme/unheard-of\n{known}\nderived_from: [acme/unheard-of]")
    assert [text for _, _, text in found(evaluation)] == [
        "made from acme/unheard-of (claimed): sources contradict each other: acme/unheard-of descends from itself"
    ]


def test_what_made_the_data_has_a_say_in_what_comes_out(tmp_path):
    data = "data: [{name: chats, generated_by: meta-llama/Llama-3.1-8B}, {name: own, generated_by: none}]"
    produces = "produces: {name: acme/Foo-7B, license: Apache-2.0, shared: weights}"
    evaluation = evaluate(tmp_path, f"model: {QWEN}\nfine_tuning: {{{data}, {produces}}}")
    assert [(expected, text) for _, expected, text in found(evaluation)] == [(NAMED, "the name is Foo-7B")]


def test_a_generator_of_which_nothing_is_recorded_is_a_gap_in_the_lineage(tmp_path):
    data = "data: {name: chats, generated_by: acme/unheard-of}"
    entry = f"model: {QWEN}\nfine_tuning: {{{data}, produces: {{license: Apache-2.0, shared: weights}}}}"
    assert "nothing is recorded of acme/unheard-of, which made training data" in evaluate(tmp_path, entry).notes
    assert evaluate(tmp_path, entry, ", unknown: fail").verdict is Verdict.FAIL


@pytest.mark.parametrize("shared", ["no", "internal"])
def test_what_stays_inside_may_carry_any_licence(tmp_path, shared):
    assert evaluate(tmp_path, made(name="acme", license="proprietary", shared=shared)).verdict is Verdict.PASS


@pytest.mark.parametrize(("produces", "key", "yaml"), [
    ({"name": "acme-8b", "license": "MIT"}, "fine_tuning.produces.shared",
     "fine_tuning:\n  produces:\n    shared: <no, internal, service or weights>"),
    ({"name": "Llama-8b", "shared": "weights"}, "fine_tuning.produces.license",
     "fine_tuning:\n  produces:\n    license: <its licence>"),
])  # fmt: skip
def test_what_is_not_said_of_the_product_is_asked_for(tmp_path, produces, key, yaml):
    evaluation = evaluate(tmp_path, made(**produces))
    assert [(missing.name, missing.yaml) for missing in evaluation.missing] == [(key, yaml)]


def test_a_product_that_conflicts_with_nothing_need_not_say_how_it_is_shared(tmp_path):
    assert evaluate(tmp_path, f"model: {QWEN}\nfine_tuning: {{produces: {{name: acme}}}}").verdict is Verdict.PASS


@pytest.mark.parametrize(("model", "name", "reason"), [
    ("ProsusAI/finbert", "license text", "the card declares no licence"),
    ("microsoft/mpnet-base", "license", "no source states it"),
])  # fmt: skip
def test_a_product_of_a_model_without_a_known_licence_cannot_be_judged(tmp_path, model, name, reason):
    entry = f"model: {model}\nfine_tuning: {{produces: {{license: MIT, shared: weights}}}}"
    assert [(missing.name, missing.reason) for missing in evaluate(tmp_path, entry).missing] == [(name, reason)]


def test_sharing_what_may_not_be_shared_fails_at_the_line_of_the_sharing(tmp_path):
    known = "{license: {value: ms-research, evidence: https://example.com}}"
    entry = f"model: acme/orca\nknown: {known}\nfine_tuning: {{produces: {{license: ms-research, shared: service}}}}"
    evaluation = evaluate(tmp_path, entry, use="{purpose: research}")
    assert [(at, text) for at, _, text in found(evaluation)] == [
        ("model.yaml:8:39", "what is produced is shared"),
        ("model.yaml:8:60", "fine_tuning.produces.shared is service"),
    ]


def test_the_product_is_judged_once_where_another_artefact_is_loaded(tmp_path):
    entry = made(name="acme-8b", license="Apache-2.0", shared="weights")
    weights = "{weights: {model: meta-llama/Llama-3.1-8B}}"
    model, loaded = all_of(tmp_path, f"{entry}\ndeployment: {weights}")
    assert (model.verdict, loaded.verdict) == (Verdict.FAIL, Verdict.PASS)


def test_a_service_has_its_providers_terms(tmp_path):
    evaluation = evaluate(tmp_path, "model: acme/assistant\naccess: api\nprovider: gateway")
    assert evaluation.reason == "used through an API: its provider's terms apply"
