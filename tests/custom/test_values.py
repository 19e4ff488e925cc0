"""What the variables stand for: facts and keys in their types, and the reason where there is none."""

from __future__ import annotations

import pytest

from checker.custom.judge import as_rule
from checker.custom.settings import CustomSettings
from checker.custom.values import canonical, values
from checker.document.place import SourceFile
from checker.facts.fact import Certainty, Fact, Origin, Source, Unknown
from checker.facts.model import Benchmark, Dimensions, Facts, LicenseFile, Parent, Relation
from checker.licenses.registry import resolve
from checker.manifest.load import load
from checker.rulebook.outcome import Failed, NotEvaluated, Passed, Unanswered

TEXT = """\
weighbridge: 1
use: {purpose: commercial, risk: {class: not-assessed}}
models:
  - model: acme/one
    license: apache 2.0
    objective: chat
    fine_tuning:
      method: lora
      data:
        - {name: a, source: internal, license: mit, personal_data: true, generated_by: none}
        - {name: b, source: internal, personal_data: false, generated_by: none}
      hardware: {vram: 24 GiB}
    obligations:
      - {duty: built-with-llama, where: https://example.com/about, checked_on: 2026-11-02, by: legal}
"""


def fact(value):
    return Fact(value, Certainty.DECLARED, Source(Origin.CATALOGUE, "card", "acme/one"))


def score(name, value):
    return fact(Benchmark(name, value, "5-shot", first_party=True))


KNOWN = {
    "license": fact("apache-2.0"),
    "parameters": fact(7_000_000_000),
    "architectures": fact(("LlamaForCausalLM",)),
    "dimensions": fact(Dimensions(hidden_size=4096)),
    "parents": fact((Parent("acme/base", Relation.FINETUNE),)),
    "license_files": fact((LicenseFile("LICENSE", "a" * 64),)),
    "benchmarks": (score("MMLU", 70), score("MMLU", 68), score("GSM8K", 50)),
    "multimodal": fact(False),
}


def of(name, text=TEXT, **changes):
    manifest = load(SourceFile("model.yaml", text))
    facts = Facts("acme/one", "acme/one", **{**KNOWN, **changes})
    return values((name,), "acme-rule", manifest.models[0], manifest, facts)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("model.id", "acme/one"),
        ("model.license", "Apache-2.0"),
        ("model.params", 7_000_000_000),
        ("model.multimodal", False),
        ("model.architectures", ["LlamaForCausalLM"]),
        ("model.dimensions.hidden_size", 4096),
        ("model.parents.model", ["acme/base"]),
        ("model.parents.relation", ["finetune"]),
        ("model.benchmarks.name", ["MMLU", "MMLU", "GSM8K"]),
        ("model.benchmarks.score", [70.0, 68.0, 50.0]),
        ("model.benchmarks.first_party", [True, True, True]),
        ("model.scores", {"MMLU": 68, "GSM8K": 50}),
        ("known.params", True),
        ("known.native_context", False),
        ("known.license_files.license", False),
        ("known.license_files.path", True),
        ("manifest.model", "acme/one"),
        ("manifest.license", "Apache-2.0"),
        ("manifest.objective", "chat"),
        ("manifest.use.purpose", "commercial"),
        ("manifest.use.risk.class", "not-assessed"),
        ("manifest.root", False),
        ("manifest.derived_from", []),
        ("manifest.fine_tuning.hardware.count", 1),
        ("manifest.fine_tuning.hardware.vram", 24 * 2**30),
        ("manifest.fine_tuning.data.name", ["a", "b"]),
        ("manifest.fine_tuning.data.personal_data", [True, False]),
        ("manifest.obligations.checked_on", ["2026-11-02"]),
        ("stated.use", True),
        ("stated.use.risk.class", True),
        ("stated.fine_tuning.method", True),
        ("stated.fine_tuning.rank", False),
        ("stated.fine_tuning.data", True),
        ("stated.deployment.context_window", False),
        ("stated.project", False),
    ],
)
def test_a_variable_has_the_value_of_its_fact_or_key(name, value):
    found = of(name)
    assert found.missing == ()
    assert found.bound == {name: value}
    assert type(found.bound[name]) is type(value)


@pytest.mark.parametrize(
    ("name", "changes", "lacking", "reason"),
    [
        ("model.native_context", {}, "native_context", "no source states it"),
        ("model.gated", {}, "gated", "only files can tell, and neither a lock nor a local folder was read"),
        ("model.revision", {}, "revision", "no source states it"),
        ("model.dimensions.num_experts", {}, "dimensions.num_experts", "no source states it"),
        ("model.license_files.license", {}, "license_files.license", "no source states it"),
        ("model.scores", {"benchmarks": ()}, "benchmarks", "no source states it"),
        ("model.license", {"license": Unknown("license", "too unsure")}, "license", "too unsure"),
        ("model.license", {"license": fact("")}, "license", "the card declares no licence"),
        ("model.license", {"license": fact("llama")}, "license", "`llama` names no single licence: "),
        ("model.architectures", {"architectures": fact(("a",) * 257)}, "architectures", "it has more than 256 items"),
        ("model.architectures", {"architectures": fact(("a" * 4097,))}, "architectures", "it is longer than 4,096 characters"),
        ("manifest.deployment.context_window", {}, "deployment.context_window", "the rule acme-rule reads `"),
        ("manifest.fine_tuning.data.license", {}, "fine_tuning.data.license", "the rule acme-rule reads `"),
        ("manifest.owner", {}, "owner", "the rule acme-rule reads `manifest.owner`"),
    ],
)  # fmt: skip
def test_what_has_no_value_is_named_with_the_reason(name, changes, lacking, reason):
    found = of(name, **changes)
    assert found.bound == {}
    [missing] = found.missing
    assert (missing.key if isinstance(missing, Unanswered) else missing.name) == lacking
    assert missing.reason.startswith(reason)


def test_a_key_that_is_missing_comes_with_lines_that_would_state_it():
    [missing] = of("manifest.deployment.runtime", TEXT).missing
    assert missing.yaml == "deployment:\n  runtime: vllm"


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("apache license 2.0", "Apache-2.0"),
        ("MIT OR apache-2.0", "MIT OR Apache-2.0"),
        ("(MIT OR apache-2.0) AND BSD-3-Clause", "(MIT OR Apache-2.0) AND BSD-3-Clause"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("MIT OR Nobody-1.0", ""),
        ("llama", ""),
    ],
)
def test_a_licence_has_one_spelling(spelling, name):
    assert canonical(resolve(spelling)) == name


def judged(text=TEXT, **stated):
    settings = CustomSettings.model_construct(**{"message": "do otherwise", **stated})
    manifest = load(SourceFile("model.yaml", text))
    facts = Facts("acme/one", "acme/one", **KNOWN)
    return as_rule("acme-rule", settings).check(manifest.models[0], manifest, facts, settings)


def test_a_pass_carries_its_evidence():
    outcome = judged(assert_="model.params > 1 && known.license")
    assert isinstance(outcome, Passed)
    assert [one.value for one in outcome.evidence] == [7_000_000_000, "apache-2.0"]


def test_a_finding_stands_on_the_line_that_states_what_it_is_about():
    outcome = judged(assert_='manifest.fine_tuning.method == "full" && model.architectures == []')
    assert isinstance(outcome, Failed)
    [finding] = outcome.findings
    assert (finding.at.line, finding.at.written) == (8, "lora")
    assert finding.found == "manifest.fine_tuning.method is lora, model.architectures is [LlamaForCausalLM]"
    assert finding.remedy == "do otherwise"


def test_a_message_of_several_lines_is_one_sentence():
    outcome = judged(assert_="model.scores['MMLU'] > 80.0", message="choose another,\nor ask\n")
    assert isinstance(outcome, Failed)
    assert outcome.findings[0].remedy == "choose another, or ask"
    assert outcome.findings[0].found == "model.scores is {MMLU: 68, GSM8K: 50}"


def test_a_finding_about_nothing_stated_stands_on_the_model():
    outcome = judged(assert_="1 > 2")
    assert isinstance(outcome, Failed)
    assert outcome.findings[0].found == "it reads nothing"
    assert outcome.findings[0].at.written == "acme/one"


def test_an_error_says_which_expression_and_why():
    outcome = judged(assert_="model.params / 0 > 1")
    assert isinstance(outcome, NotEvaluated)
    [missing] = outcome.missing
    assert missing == Unanswered(
        "rules.custom.assert", "`assert` of acme-rule cannot be computed: divide by zero", "", where="the policy"
    )
