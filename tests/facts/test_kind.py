"""What kind of model the signals of real and of made-up models describe, and what the tables hold."""

from __future__ import annotations

import re

import pytest

from checker.facts.catalogue import Catalogue
from checker.facts.fact import Certainty, Fact
from checker.facts.kind import Signals, Standing, Training, classify, decide, of_config, recorded, rows
from checker.facts.kind.record import signals_of
from checker.facts.model import ArchitectureClass, Head, Parent, Relation, Variant
from tests.facts.kind_cases import OBJECTIVES, WRITTEN, answered, by_keys, cases

FILES = ("dev", "wide", "held_out", "held_out_two", "made")
ALL = [case for name in FILES for case in cases(name)]
NAMES = ("class", "adapter", "copy", "variant", "head", "objectives", "attributes")


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("name", FILES)
def test_judged_models_are_classified_as_they_were_judged(name, written):
    wrong = []
    for case in cases(name):
        built, trained, serves = answered(classify(signals_of(WRITTEN[written](case))))
        same = (built, trained) == (case.architecture_class, case.variant)
        if not same or not serves >= case.suitable or serves & case.unsuitable:
            wrong.append((case.id, built, trained, sorted(serves)))
    assert wrong == []


_TELLING = ("architectures", "pipeline_tag", "tags", "files", "notes")


def test_no_wrong_answer_is_called_verified_whatever_is_left_out():
    """Without the name, and without each of its telling signals in turn, an answer may be wrong; then it must not be sure."""
    wrong = []
    for case in (case for name in FILES if name != "made" for case in cases(name)):
        whole = by_keys(case)
        cut = [{**whole, "id": "acme/model"}, *({**whole, key: None} for key in _TELLING if key in whole)]
        for record in cut:
            kind = classify(signals_of(record))
            said = answered(kind)[:2]
            if kind.standing is Standing.VERIFIED and said != (case.architecture_class, case.variant):
                wrong.append((case.id, record, said))
    assert not wrong


def test_some_answers_are_verified():
    sure = [case.id for case in cases("dev") if classify(signals_of(by_keys(case))).standing is Standing.VERIFIED]
    assert {"sentence-transformers/all-MiniLM-L6-v2", "dslim/bert-base-NER"} <= set(sure)


def test_every_row_of_the_tables_decides_a_judged_model(monkeypatch):
    reached = set()

    def first(name, signs):
        found = rows.first(name, signs)
        if found is not None:
            reached.add((name, found[0]))
        return found

    monkeypatch.setattr(decide, "first", first)
    for case in ALL:
        classify(signals_of(by_keys(case)))
    lists = [(name, row) for name in NAMES if name != "attributes" for row in rows.table(name)]
    assert [(name, row.written) for name, row in lists if (name, row) not in reached] == []


def test_every_row_that_gives_an_attribute_holds_for_a_judged_model():
    seen = {
        (item.answer, item.because)
        for case in ALL
        for item in classify(signals_of(by_keys(case))).evidence
        if item.decides == "attributes"
    }
    assert {row.gives for row in rows.table("attributes")} <= {answer for answer, _ in seen}


def test_rows_give_what_there_is():
    for row in rows.table("class"):
        built, training = (part.strip() for part in row.gives.split("/"))
        assert built == "body" or built in tuple(ArchitectureClass)
        assert training == "" or training in tuple(Training)
    assert {row.gives for row in rows.table("variant")} <= set(Training)
    assert {row.gives for row in rows.table("head")} == {"sigmoid", "softmax", "score"}
    assert {name for row in rows.table("objectives") for name in row.gives.split()} == OBJECTIVES
    for name in NAMES:
        for row in rows.table(name):
            assert row.because == row.because.strip() != ""
            assert row.certainty in ("", decide.BY_DEFAULT, "verified", "declared", "inferred", "ambiguous")


def test_patterns_are_in_small_letters_since_signs_are():
    assert [row.written for name in NAMES for row in rows.table(name) if row.written != row.written.casefold()] == []


@pytest.mark.parametrize("written", ["nose=long", "name", "name=", "not shape=x"])
def test_a_row_that_asks_for_no_sign_is_refused(tmp_path, monkeypatch, written):
    (tmp_path / "odd.csv").write_text(f"when,gives,certainty,because\n{written},x,,y\n", encoding="utf-8")
    monkeypatch.setattr(rows, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=re.escape(f"`{written}` is no condition")):
        rows.table("odd")


@pytest.mark.parametrize(
    ("value", "pattern", "holds"),
    [
        ("qwen3-8b", "qwen3-8b", True),
        ("qwen3-8b", "qwen3", False),
        ("qwen3-8b", "qwen3*", True),
        ("qwen3-8b", "*8b", True),
        ("qwen3-8b", "q*-*b", True),
        ("qwen3-8b", "q*b*-8b", False),
        ("ab", "ab*b", False),  # what the start took, the end must not take again
        ("abcb", "a*c*b", True),
        ("", "*", True),
        ("qwen3-8b", "*n3*", True),
        ("qwen3-8b", "*n4*", False),
    ],
)
def test_a_star_stands_for_any_run(value, pattern, holds):
    signs = {"name": (value,)}
    assert (rows.condition(f"name={pattern}").holds(signs) is not None) is holds
    assert (rows.condition(f"not name={pattern}").holds(signs) is not None) is not holds


@pytest.mark.parametrize(
    ("signals", "attributes"),
    [
        (Signals("a/b", ("MambaForCausalLM",), "mamba"), ("state-space",)),
        (Signals("a/b", ("Mamba2ForCausalLM",)), ("state-space",)),
        (Signals("a/b", ("GemmaForCausalLM",), "gemma", settings=("vision",)), ("multimodal",)),
        (Signals("a/b-GGUF", files=("b.gguf",)), ("quantized",)),
        (Signals("a/b", ("LlamaForCausalLM",), settings=("quantized",)), ("quantized",)),
        (Signals("a/b", ("LlamaForCausalLM",), tags=("mergekit",)), ("merged",)),
        (Signals("a/b", ("LlamaForCausalLM",)), ()),
    ],
)
def test_attributes(signals, attributes):
    assert classify(signals).attributes == attributes


def test_what_somebody_assumed_makes_no_answer_sure():
    read = {"id": "a/b", "architectures": ["BertModel"], "notes": ["1_Pooling"]}
    assumed = {**read, "notes": ["1_Pooling (assumed)"]}
    assert classify(signals_of(read)).standing is Standing.VERIFIED
    assert classify(signals_of(assumed)).standing is Standing.INFERRED


def test_a_contradiction_is_ambiguous_and_serves_what_either_would():
    kind = classify(Signals("acme/llama-8b-base", model_type="llama", tags=("dpo",)))
    assert (kind.standing, kind.objectives) == (Standing.AMBIGUOUS, ("text-generation",))


def test_an_encoders_family_that_is_set_up_to_write_is_a_decoder():
    kind = classify(Signals("a/b", model_type="bert", settings=("is-decoder",)))
    assert (kind.architecture_class, kind.training) == ("decoder", "base")


def test_only_a_class_with_halves_that_write_leaves_the_variant_open():
    open_ones = {row.gives.partition("/")[0].strip() for row in rows.table("class") if row.gives.endswith("/")}
    assert open_ones == {"decoder", "encoder-decoder"}
    assert [row.written for name in ("head", "objectives") for row in rows.table(name)[-1:]] == ["*", "*"]
    assert {row.written for row in rows.table("variant")} >= {f"class={name}" for name in open_ones}


def test_nothing_is_unknown():
    kind = classify(Signals("acme/model"))
    assert (kind.architecture_class, kind.training, kind.standing, kind.objectives) == (None, None, "unknown", ())


@pytest.mark.parametrize(
    ("own", "parent", "relation", "expected"),
    [
        ("acme/Llama-3.1-8B", "meta-llama/Llama-3.1-8B", Relation.FINETUNE, Training.BASE),
        ("acme/Llama-3.1-8B-Instruct", "meta-llama/Llama-3.1-8B-Instruct", Relation.FINETUNE, Training.INSTRUCT),
        ("acme/our-8b-awq", "acme/our-8b-chat", Relation.UNSTATED, Training.INSTRUCT),
        ("acme/our-8b-q", "acme/our-8b-base", Relation.QUANTIZED, Training.BASE),
        ("acme/other-8b", "acme/our-8b-base", Relation.FINETUNE, Training.INSTRUCT),
    ],
)
def test_a_copy_was_trained_as_its_original_was(own, parent, relation, expected):
    kind = classify(Signals(own, ("LlamaForCausalLM",), "llama", parents=(Parent(parent, relation),)))
    assert kind.training is expected


def test_every_training_has_the_variant_that_rules_judge_by():
    assert {training: training.variant for training in Training if training.variant is None} == {Training.ADAPTER: None}
    assert Training.REASONING.variant is Variant.INSTRUCT
    assert Training.SAFETY_CLASSIFIER.variant is Variant.OTHER


def test_the_tables_agree_with_what_the_catalogue_records():
    odd = []
    for model in Catalogue().ids():
        facts = Catalogue().find(model)
        assert facts is not None
        kind = recorded.held_against_record(classify(recorded.signals_of(facts)), facts)
        if kind.standing not in (Standing.DECLARED, Standing.INFERRED):
            odd.append((model, kind.evidence))
    assert odd == []


def test_a_record_that_says_otherwise_makes_the_answer_ambiguous():
    facts = Catalogue().find("Qwen/Qwen2.5-7B")
    assert facts is not None
    assert isinstance(facts.variant, Fact)
    odd = facts._replace(variant=facts.variant._replace(value=Variant.INSTRUCT))
    kind = recorded.held_against_record(classify(recorded.signals_of(odd)), odd)
    assert kind.standing is Standing.AMBIGUOUS
    assert (kind.evidence[-1].decides, kind.evidence[-1].answer) == ("variant", "instruct")


def test_a_record_fills_what_no_sign_tells():
    facts = Catalogue().find("Qwen/Qwen2.5-7B")
    assert facts is not None
    unseen = classify(Signals("acme/model"))
    kind = recorded.held_against_record(unseen, facts)
    assert (kind.architecture_class, kind.training, kind.standing) == ("decoder", "base", "inferred")
    bare = facts._replace(variant=recorded.Unknown("variant"))
    assert recorded.held_against_record(unseen, bare).standing is Standing.UNKNOWN
    nothing = facts._replace(architecture_class=recorded.Unknown("architecture_class"))
    assert recorded.held_against_record(unseen, nothing) is unseen


def test_a_recorded_fact_that_is_inferred_is_an_unsure_signal():
    facts = Catalogue().find("meta-llama/Llama-Prompt-Guard-2-86M")
    assert facts is not None
    assert isinstance(facts.head, Fact)
    assert facts.head.certainty is Certainty.INFERRED
    assert {"problem_type", "model_type"} <= recorded.signals_of(facts).unsure


def test_signals_of_a_configuration():
    config = {
        "architectures": ["XForSequenceClassification"],
        "model_type": "x",
        "id2label": {"0": "A", "1": "B"},
        "problem_type": "multi_label_classification",
        "is_encoder_decoder": True,
        "is_decoder": True,
        "quantization_config": {"quant_method": "awq"},
        "vision_config": {"hidden_size": 1},
        "audio_config": {"hidden_size": 1},
    }
    found = of_config(config, id="a/b")
    assert found == Signals(
        "a/b",
        ("XForSequenceClassification",),
        "x",
        labels=("A", "B"),
        label_count=2,
        problem_type="multi_label_classification",
        settings=("encoder-decoder", "is-decoder", "quantized", "audio", "vision"),
    )
    assert classify(found).head is Head.SIGMOID
