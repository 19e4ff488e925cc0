"""The data of a fine-tuning: recorded whole, under terms that permit the use, made by models that let it train others."""

from __future__ import annotations

import pytest

from checker.verdict import Verdict
from tests.rules.judged import judged

QWEN = "Qwen/Qwen2.5-7B-Instruct"
LLAMA_2 = "meta-llama/Llama-2-7b-chat-hf"


def evaluate(tmp_path, rule, data, *, model=QWEN, more="", use=""):
    head = f"use: {use}\n" if use else ""
    tuning = f"    fine_tuning: {{goal: tone{f', data: {data}' if data else ''}{more}}}\n" if data is not None else ""
    manifest = f"weighbridge: 1\nowner: team\n{head}models:\n  - model: {model}\n    objective: chat\n{tuning}"
    [found] = judged(tmp_path, manifest, f"policy: acme\nversion: 1\nrules:\n  {rule}: hard-mandatory\n")
    return found


def only(evaluation):
    [finding] = evaluation.findings
    return (str(finding.at).rpartition("/")[2], finding.expected, finding.found)


@pytest.mark.parametrize("rule", ["data-recorded", "data-license", "data-generated-by"])
def test_without_a_fine_tuning_there_is_no_data(tmp_path, rule):
    assert evaluate(tmp_path, rule, None).verdict is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("rule", ["data-license", "data-generated-by"])
def test_data_that_is_not_recorded_has_no_terms_to_judge(tmp_path, rule):
    assert evaluate(tmp_path, rule, "").verdict is Verdict.NOT_APPLICABLE


def test_a_fine_tuning_without_data_is_told_to_record_it(tmp_path):
    found = evaluate(tmp_path, "data-recorded", "")
    assert only(found)[1:] == ("`data` with one line for each set", "none is recorded")


def test_each_set_is_told_what_it_lacks(tmp_path):
    found = evaluate(tmp_path, "data-recorded", "[{name: a}, {name: b, source: s, license: l, generated_by: none}]")
    assert [finding.found for finding in found.findings] == [
        "no `source`, `license`, `personal_data`, `generated_by`",
        "no `personal_data`",
    ]


def test_a_whole_record_says_how_many_sets_it_has(tmp_path):
    one = "{name: a, source: s, license: l, personal_data: false, generated_by: none}"
    assert evaluate(tmp_path, "data-recorded", f"[{one}, {one}]").margin == "2 sets"


def test_data_for_research_alone_stops_a_product_and_no_research(tmp_path):
    data = "{name: faq, license: cc-by-nc-4.0}"
    found = evaluate(tmp_path, "data-license", data, use="{purpose: commercial}")
    assert only(found) == (
        "model.yaml:7:58",
        "the terms of `faq` kept: CC-BY-NC-4.0, section 2(a)(1), grants non-commercial use alone",
        "use.purpose is commercial",
    )
    assert evaluate(tmp_path, "data-license", data, use="{purpose: research}").verdict is Verdict.PASS
    [missing] = evaluate(tmp_path, "data-license", data).missing
    assert missing.name == "use.purpose"


@pytest.mark.parametrize(("data", "verdict"), [
    ("{name: a, source: internal}", Verdict.PASS),
    ("{name: a, license: proprietary}", Verdict.PASS),
    ("{name: a, source: internal, license: proprietary}", Verdict.PASS),
    ("{name: a, source: acme/chats, license: own}", Verdict.PASS),
    ("{name: a, source: internal, license: cc-by-nc-4.0}", Verdict.FAIL),
    ("{name: a, source: 'https://vendor.example/data', license: proprietary}", Verdict.NOT_EVALUATED),
])  # fmt: skip
def test_only_data_of_ones_own_has_no_terms(tmp_path, data, verdict):
    assert evaluate(tmp_path, "data-license", data, use="{purpose: commercial}").verdict is verdict


@pytest.mark.parametrize(("data", "name"), [
    ("{name: a}", "fine_tuning.data[0].license"),
    ("[{name: a, source: internal}, {name: b}]", "fine_tuning.data[1].license"),
    ("{name: a, license: acme-terms-2}", "license text"),
    ("{name: a, license: cc-by}", "license text"),
    ("{name: a, license: chatglm2-6b}", "license terms"),
    ("{name: a, license: qwen}", "use.monthly_active_users"),
])  # fmt: skip
def test_terms_that_are_not_stated_or_not_read_are_not_guessed(tmp_path, data, name):
    found = evaluate(tmp_path, "data-license", data, use="{purpose: commercial}")
    assert [missing.name for missing in found.missing] == [name]


def test_what_share_alike_data_asks_for_is_a_note(tmp_path):
    found = evaluate(tmp_path, "data-license", "{name: a, license: cc-by-sa-4.0}")
    assert found.verdict is Verdict.PASS
    note = "CC-BY-SA-4.0 asks for attribution and share-alike where the data, or what is made from it, is shared"
    assert found.notes == (note,)


def test_outputs_of_llama_2_improve_llama_2_alone(tmp_path):
    data = f"{{name: chats, generated_by: {LLAMA_2}}}"
    assert only(evaluate(tmp_path, "data-generated-by", data)) == (
        "model.yaml:6:65",
        f"the terms of {LLAMA_2}, which made `chats`, kept: llama2, section 1.b.v, lets outputs improve no other model",
        "what is produced was trained on them",
    )
    same = evaluate(tmp_path, "data-generated-by", data, model=LLAMA_2)
    assert same.verdict is Verdict.PASS
    assert same.notes == ("llama2, section 1.b.v, lets outputs improve models that descend from it alone",)


def test_a_name_that_outputs_carry_on_is_asked_of_what_is_shared(tmp_path):
    data = "{name: chats, generated_by: meta-llama/Llama-3.1-8B-Instruct}"
    shared = ", produces: {name: acme/Foo-7B, license: apache-2.0, shared: weights}"
    found = evaluate(tmp_path, "data-generated-by", data, more=shared)
    assert only(found)[2] == "the name is Foo-7B"
    inside = evaluate(tmp_path, "data-generated-by", data, more=shared.replace("weights", "internal"))
    assert inside.verdict is Verdict.PASS


def test_a_model_for_research_alone_makes_no_data_for_a_product(tmp_path):
    data = "{name: chats, generated_by: Qwen/Qwen2.5-3B-Instruct}"
    assert only(evaluate(tmp_path, "data-generated-by", data, use="{purpose: commercial}")) == (
        "model.yaml:7:65",
        "the terms of Qwen/Qwen2.5-3B-Instruct, which made `chats`, kept: qwen-research, section 2, grants research or"
        " evaluation alone",
        "use.purpose is commercial",
    )
    assert evaluate(tmp_path, "data-generated-by", data, use="{purpose: research}").verdict is Verdict.PASS
    assert [missing.name for missing in evaluate(tmp_path, "data-generated-by", data).missing] == ["use.purpose"]


@pytest.mark.parametrize(("data", "reason"), [
    ("{name: a}", "its terms may reach what is trained"),
    ("{name: a, generated_by: acme/unheard-of}", "nothing is recorded of acme/unheard-of, which made a"),
    ("{name: a, generated_by: ProsusAI/finbert}",
     "the licence of ProsusAI/finbert is not known: the card declares no licence"),
    ("{name: a, generated_by: microsoft/mpnet-base}",
     "the licence of microsoft/mpnet-base is not known: no source states it"),
])  # fmt: skip
def test_a_generator_of_which_nothing_is_known_is_not_judged(tmp_path, data, reason):
    assert [missing.reason for missing in evaluate(tmp_path, "data-generated-by", data).missing] == [reason]
