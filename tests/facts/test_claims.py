"""The project's own word about a model (`known:`), beside what sources state."""

from __future__ import annotations

import pytest

from checker.document.bind import bind
from checker.document.errors import InputError, Problem
from checker.document.place import Place, SourceFile
from checker.document.tree import Mapping, parse
from checker.facts.catalogue import Catalogue
from checker.facts.claims import Claim, Contradiction, Value, apply, known_yaml
from checker.facts.fact import Certainty, Fact, Origin, Source, Unknown
from checker.facts.model import ArchitectureClass, Benchmark, Dimensions, Facts, Head, Variant
from checker.manifest.known import Known

HERE = Place(SourceFile("model.yaml", "known:\n"), 12, 27)
NOBODY = Facts("acme/model", "acme/model")
EVIDENCE = "https://acme.example/config.json"


def claim(name: str, value: Value, setting: str = "") -> Claim:
    return Claim(name, value, EVIDENCE, HERE, setting)


def claimed(value: object) -> Fact:
    return Fact(value, Certainty.CLAIMED, Source(Origin.MANIFEST, EVIDENCE, "acme/model", at=HERE))


def declared(value: object) -> Fact:
    return Fact(value, Certainty.DECLARED, Source(Origin.CATALOGUE, "hf-config", "acme/model"))


@pytest.mark.parametrize(
    ("name", "value", "held"),
    [
        ("license", "apache-2.0", "apache-2.0"),
        ("native_context", 131072, 131072),
        ("parameters", 8_030_261_248, 8_030_261_248),
        ("multimodal", False, False),
        ("architecture_class", "bi-encoder", ArchitectureClass.BI_ENCODER),
        ("variant", "embedding", Variant.EMBEDDING),
        ("head", "sigmoid", Head.SIGMOID),
        ("architectures", ("LlamaForCausalLM",), ("LlamaForCausalLM",)),
        ("architectures", "LlamaForCausalLM", ("LlamaForCausalLM",)),
        ("release_date", "2026-01-31", "2026-01-31"),
        ("weight_formats", ("safetensors",), ("safetensors",)),  # nobody read the files, so nobody is surer
        ("remote_code", False, False),
        ("gated", True, True),
    ],
)
def test_a_claim_fills_what_no_source_states(name, value, held):
    facts, contradictions = apply(NOBODY, [claim(name, value)])
    assert getattr(facts, name) == claimed(held)
    assert contradictions == ()


def test_a_claim_without_evidence_says_so():
    facts, _ = apply(NOBODY, [Claim("native_context", 4096, "", HERE)])
    assert isinstance(facts.native_context, Fact)
    assert facts.native_context.source.detail == "no evidence named"


def test_a_surer_fact_stands_and_the_contradiction_is_told():
    known = NOBODY._replace(native_context=declared(32768))
    facts, contradictions = apply(known, [claim("native_context", 131072)])
    assert facts == known
    assert contradictions == (Contradiction("native_context", claimed(131072), declared(32768), HERE),)


def test_even_our_own_guess_is_surer_than_a_claim():
    guessed = declared(ArchitectureClass.DECODER)._replace(certainty=Certainty.INFERRED)
    facts, contradictions = apply(
        NOBODY._replace(architecture_class=guessed), [claim("architecture_class", "bi-encoder")]
    )
    assert facts.architecture_class == guessed
    assert len(contradictions) == 1


@pytest.mark.parametrize(
    ("name", "known", "value"),
    [
        ("native_context", 32768, 32768),
        ("license", "apache-2.0", "Apache-2.0"),
        ("architectures", ("LlamaForCausalLM", "Other"), ("other", "llamaforcausallm")),
    ],
)
def test_a_claim_that_says_the_same_is_no_contradiction(name, known, value):
    before = NOBODY._replace(**{name: declared(known)})
    assert apply(before, [claim(name, value)]) == (before, ())


def test_sizes_are_claimed_one_by_one():
    facts, _ = apply(NOBODY, [claim("dimensions.hidden_size", 4096), claim("dimensions.tie_word_embeddings", False)])
    assert isinstance(facts.dimensions, Fact)
    assert facts.dimensions.value == Dimensions(hidden_size=4096, tie_word_embeddings=False)
    assert facts.dimensions.certainty is Certainty.CLAIMED


def test_a_claimed_size_joins_the_known_ones_which_are_then_no_surer():
    before = NOBODY._replace(dimensions=declared(Dimensions(hidden_size=4096)))
    facts, contradictions = apply(before, [claim("dimensions.head_dim", 128)])
    assert contradictions == ()
    assert isinstance(facts.dimensions, Fact)
    assert facts.dimensions.value == Dimensions(hidden_size=4096, head_dim=128)
    assert facts.dimensions.certainty is Certainty.CLAIMED
    assert facts.dimensions.source.detail == f"hf-config + head_dim as claimed ({EVIDENCE})"


def test_a_size_is_held_against_the_known_one():
    before = NOBODY._replace(dimensions=declared(Dimensions(hidden_size=4096)))
    facts, contradictions = apply(before, [claim("dimensions.hidden_size", 2048)])
    assert facts == before
    assert contradictions == (Contradiction("dimensions.hidden_size", claimed(2048), declared(4096), HERE),)
    assert apply(before, [claim("dimensions.hidden_size", 4096)]) == (before, ())


def test_scores_under_different_settings_stand_beside_each_other():
    published = declared(Benchmark("MMLU", 68.4, "5-shot", first_party=True))
    before = NOBODY._replace(benchmarks=(published,))
    facts, contradictions = apply(before, [claim("benchmarks.MMLU", 70, "0-shot"), claim("benchmarks.GPQA", 30.5)])
    assert contradictions == ()
    assert [score.value for score in facts.benchmarks] == [
        Benchmark("MMLU", 68.4, "5-shot", first_party=True),
        Benchmark("MMLU", 70.0, "0-shot", first_party=False),
        Benchmark("GPQA", 30.5, "not stated", first_party=False),
    ]


def test_a_score_under_the_same_setting_is_held_against_the_known_one():
    published = declared(Benchmark("MMLU", 68.4, "5-shot", first_party=True))
    before = NOBODY._replace(benchmarks=(published,))
    assert apply(before, [claim("benchmarks.mmlu", 68.4, "5-shot")]) == (before, ())
    facts, (contradiction,) = apply(before, [claim("benchmarks.MMLU", 80.0, "5-shot")])
    assert facts == before
    assert contradiction.surer == published


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("native_context", "8k", "a whole number of tokens"),
        ("native_context", True, "a whole number of tokens"),
        ("native_context", 0, "a whole number of tokens"),
        ("multimodal", "yes", "true or false"),
        ("license", "", "a licence id"),
        ("license", 2, "a licence id"),
        ("variant", "chat", "one of base, instruct, embedding, reranker, classifier, other"),
        ("release_date", "January", "a day as YYYY-MM-DD"),
        ("architectures", (1,), "one or several class names"),
        ("dimensions.hidden_size", -1, "a whole number of at least 1"),
        ("dimensions.tie_word_embeddings", 1, "true or false"),
        ("benchmarks.MMLU", "high", "a score of at least 0"),
        ("benchmarks.MMLU", -1.0, "a score of at least 0"),
    ],
)
def test_a_value_of_another_kind_is_refused_at_its_place(name, value, expected):
    with pytest.raises(InputError) as refused:
        apply(NOBODY, [claim(name, value)])
    assert refused.value.problems == (Problem(f"`known.{name}` is {value!r}", expected=expected, at=HERE),)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("native_contxt", "did you mean `native_context`?"),
        ("dimensions.hiden_size", "did you mean `dimensions.hidden_size`?"),
        ("benchmarks.", "did you mean `benchmarks.NAME`?"),
        ("colour", ""),
    ],
)
def test_a_fact_that_does_not_exist_is_refused_with_the_nearest_name(name, hint):
    with pytest.raises(InputError) as refused:
        apply(NOBODY, [claim(name, 1)])
    (problem,) = refused.value.problems
    assert (problem.sentence, problem.hint, problem.at) == (f"no fact is called `{name}`", hint, HERE)


def test_everything_that_is_wrong_is_told_at_once():
    with pytest.raises(InputError) as refused:
        apply(NOBODY, [claim("colour", 1), claim("gated", 1), claim("native_context", 4096)])
    assert len(refused.value.problems) == 2


CLAIMABLE = [
    *(name for name in Known.model_fields if name not in ("dimensions", "benchmarks")),
    "dimensions",
    *(f"dimensions.{size}" for size in Dimensions._fields),
    "benchmarks.MMLU",
]


@pytest.mark.parametrize("name", CLAIMABLE)
def test_the_lines_that_would_state_a_fact_are_lines_of_a_manifest(name: str):
    """Also guards the two lists of claimable facts, the manifest's and ours, against drifting apart."""
    root = parse(SourceFile("model.yaml", known_yaml(name)))
    assert isinstance(root, Mapping)
    stated = list(bind(root.items["known"].value, Known).stated())
    assert stated[0].name.startswith(name)
    for line in stated:
        value = line.value.value
        facts, _ = apply(NOBODY, [Claim(line.name, value, "", line.value.at)])  # type: ignore[arg-type]
        assert facts != NOBODY


def test_parents_are_stated_by_another_key_and_what_nobody_can_state_by_none():
    assert known_yaml("parents") == "derived_from: [org/base-model]"
    assert known_yaml("facts") == ""
    assert known_yaml("native_context") == "known:\n  native_context: {value: 131072, evidence: https://…}"


def test_a_claim_fills_what_the_catalogue_left_out():
    facts = Catalogue().find("mistralai/Mistral-Large-Instruct-2411")
    assert facts is not None
    assert isinstance(facts.native_context, Unknown)
    filled, _ = apply(facts, [claim("native_context", 131072)])
    assert isinstance(filled.native_context, Fact)
    assert filled.native_context.value == 131072
