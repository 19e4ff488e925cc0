"""The published guidance, held as data: these figures and names are copied from it, not from our code."""

import pytest

from checker.facts.catalogue import Catalogue
from checker.facts.fact import Fact
from checker.facts.model import ArchitectureClass as A
from checker.facts.model import Variant as V
from checker.guidance.guidance import FineTuningMemory, as_markdown, guidance


@pytest.mark.parametrize(
    ("objective", "architecture", "example"),
    [
        ("chat", A.DECODER, "meta-llama/Llama-3.1-8B-Instruct"),
        ("text-generation", A.DECODER, "meta-llama/Llama-3.1-8B"),
        ("similarity", A.BI_ENCODER, "BAAI/bge-m3"),
        ("reranking", A.CROSS_ENCODER, "BAAI/bge-reranker-v2-m3"),
        ("multi-label-classification", A.ENCODER, "google-bert/bert-base-uncased"),
        ("multi-label-classification", A.ENCODER, "FacebookAI/roberta-base"),
        ("multi-class-classification", A.ENCODER, "google-bert/bert-base-uncased"),
        ("multi-class-classification", A.ENCODER, "FacebookAI/roberta-base"),
    ],
)
def test_each_purpose_has_its_architecture_first_and_an_example_that_suits_it(objective, architecture, example):
    told = guidance().objective(objective)
    assert told is not None
    assert told.architectures[0] is architecture
    assert example in told.examples
    facts = Catalogue().find(example)
    assert facts is not None
    assert isinstance(facts.architecture_class, Fact)
    assert isinstance(facts.variant, Fact)
    assert told.suits(facts.architecture_class.value, facts.variant.value)


@pytest.mark.parametrize(
    ("objective", "architecture", "variant", "suits"),
    [
        ("chat", A.ENCODER_DECODER, V.INSTRUCT, True),
        ("chat", A.ENCODER_DECODER, V.BASE, False),  # T5 without instructions needs its task prefixes
        ("text-generation", A.ENCODER_DECODER, V.INSTRUCT, True),
        ("text-generation", A.DECODER, V.OTHER, False),  # a reward model generates nothing
        ("similarity", A.LATE_INTERACTION, None, True),
        ("similarity", A.DECODER, V.INSTRUCT, False),
        ("reranking", A.CROSS_ENCODER, V.RERANKER, True),
        ("reranking", A.CROSS_ENCODER, V.CLASSIFIER, False),  # an NLI model scores pairs by another question
        ("reranking", A.CROSS_ENCODER, None, True),  # the kind of training is not known: the class decides
        ("multi-class-classification", A.ENCODER, V.CLASSIFIER, True),
        ("multi-class-classification", A.DECODER, V.INSTRUCT, False),
        ("multi-label-classification", A.BI_ENCODER, V.EMBEDDING, False),
    ],
)
def test_exceptions_are_named_by_class_and_kind_of_training(objective, architecture, variant, suits):
    told = guidance().objective(objective)
    assert told is not None
    assert told.suits(architecture, variant) is suits


def test_an_objective_that_the_guidance_does_not_name_is_none():
    assert guidance().objective("other") is None


@pytest.mark.parametrize(
    ("goal", "variants"),
    [
        ("behaviour", (V.INSTRUCT,)),
        ("tone", (V.INSTRUCT,)),
        ("output-format", (V.INSTRUCT,)),
        ("new-language", (V.BASE,)),
        ("domain-vocabulary", (V.BASE,)),
        ("domain-knowledge", (V.BASE, V.INSTRUCT)),
    ],
)
def test_a_goal_names_the_kind_of_model_to_start_from(goal, variants):
    assert {line.name: line.variants for line in guidance().goals}[goal] == variants


def test_size_classes_in_billions_of_parameters():
    classes = [(size.name, size.least_billions, size.most_billions) for size in guidance().size_classes]
    assert classes == [("edge", 1, 3), ("general", 7, 8), ("expert", 14, 30)]


def test_guide_figures_for_the_memory_of_a_fine_tuning():
    assert guidance().fine_tuning_memory == (
        FineTuningMemory(3, 3.5, 8),
        FineTuningMemory(7, 5, 19),
        FineTuningMemory(8, 6, 22),
        FineTuningMemory(9, 6.5, 24),
        FineTuningMemory(11, 7.5, 29),
        FineTuningMemory(14, 8.5, 33),
        FineTuningMemory(27, 22, 64),
        FineTuningMemory(32, 26, 76),
    )


def test_the_remaining_lines():
    told = guidance()
    assert told.single_gpu == (7, 24)
    assert told.long_form == (32 * 1024, 128 * 1024)
    assert told.enterprise_licenses == ("Apache-2.0", "MIT", "llama3")
    assert told.benchmarks == ("MMLU", "HumanEval")
    assert [step.key for step in told.checklist] == ["objective", "hardware", "size_class", "license", "baseline"]


def test_markdown_holds_every_line_of_the_data():
    text = as_markdown()
    told = guidance()
    assert "| similarity | bi-encoder | similarity search, RAG embeddings | bge-m3 |" in text
    assert "| chat | decoder | conversational agent, tool calling, thinking | Llama-3.1-8B-Instruct |" in text
    assert "- chat: also encoder-decoder (instruct)\n" in text
    assert "- similarity: also late-interaction, sparse-retriever\n" in text
    assert "| domain-knowledge | base or instruct |" in text
    assert "| general | 7-8 B | general reasoning, logic, standard coding |" in text
    assert "| 9 B | 6.5 GB | 24 GB |" in text
    assert "single GPU of 24 GB" in text
    assert "32k to 128k tokens" in text
    for line in (*told.objectives, *told.goals, *told.size_classes):
        assert f"| {line.purpose if hasattr(line, 'purpose') else line.name} |" in text
    assert text.endswith("5. test the baseline before fine-tuning (`baseline`)\n")
