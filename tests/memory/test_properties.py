"""What must hold for every plan: asking for more never needs less."""

from __future__ import annotations

import random

import pytest

from checker.memory import serving, training
from checker.memory.estimate import Estimate
from checker.memory.kv_cache import HELD
from checker.memory.plan import Loss, Method, Optimizer, Precision, Runtime, ServingPlan, Task, TrainingPlan
from checker.memory.runtimes import cannot_load
from checker.memory.weights import FORMATS
from tests.memory.accuracy import models

pytestmark = pytest.mark.no_cover  # other tests cover what these try at length; measuring it doubles their time

PLANS = 100


def peak(result):
    assert isinstance(result, Estimate)
    return result.peak_bytes


def training_case(seed):
    """A plan drawn by chance; the same seed draws the same plan."""
    chance = random.Random(seed)
    name = chance.choice(["meta-llama/Llama-3.1-8B", "google/gemma-2-2b", "EleutherAI/pythia-2.8b", "BAAI/bge-m3"])
    task = chance.choice([Task.CLASSIFY, Task.EMBED]) if name.startswith("BAAI") else Task.CAUSAL
    plan = TrainingPlan(
        method=chance.choice(list(Method)),
        sequence_length=chance.randrange(1, 9000),
        micro_batch_size=chance.randrange(1, 9),
        rank=chance.choice([4, 16, 64]),
        target_modules=(chance.choice(["all-linear", "attention-qv", "all-linear+head"]),),
        gradient_checkpointing=chance.random() < 0.5,
        optimizer=chance.choice(list(Optimizer)),
        precision=chance.choice(list(Precision)),
        adapter_bytes=chance.choice((2, 4)),
        task=task,
        loss=chance.choice(list(Loss)),
        double_quantization=chance.random() < 0.5,
        upcast_frozen=chance.random() < 0.5,
        foreach=chance.random() < 0.5,
    )
    return models()[name], plan


@pytest.mark.parametrize("larger", ["sequence_length", "micro_batch_size", "rank"])
def test_more_tokens_or_a_higher_rank_never_need_less(larger):
    for seed in range(PLANS):
        model, plan = training_case(seed)
        more = plan._replace(**{larger: getattr(plan, larger) + 1 + seed % 97})
        assert peak(training.estimate(model, more)) >= peak(training.estimate(model, plan)), plan


def test_computing_activations_again_never_needs_more_than_one_block_more():
    for seed in range(PLANS):
        model, plan = training_case(seed)
        kept = peak(training.estimate(model, plan._replace(gradient_checkpointing=False)))
        again = peak(training.estimate(model, plan._replace(gradient_checkpointing=True)))
        layers = model.dimensions.num_hidden_layers
        assert again <= kept * (1 + 2 / layers), plan


def serving_case(seed):
    chance = random.Random(seed)
    runtime = chance.choice(list(Runtime))
    names = ["BAAI/bge-m3"] if runtime is Runtime.TEI else ["Qwen/Qwen2.5-7B-Instruct", "google/gemma-3-27b-it"]
    plan = ServingPlan(
        runtime=runtime,
        context_window=chance.randrange(1, 140_000),
        parallel_requests=chance.randrange(1, 40),
        quantization=chance.choice([name for name in FORMATS if not cannot_load(runtime, name)]),
        kv_cache=chance.choice(sorted(HELD[runtime])),
        runtime_version=chance.choice(["", "0.7.3", "4.38.2", "2023", "something"]),
    )
    return models()[chance.choice(names)], plan


@pytest.mark.parametrize("larger", ["context_window", "parallel_requests"])
def test_more_context_or_requests_never_need_less(larger):
    for seed in range(PLANS):
        model, plan = serving_case(seed)
        more = plan._replace(**{larger: getattr(plan, larger) + 1 + seed % 97})
        assert peak(serving.estimate(model, more)) >= peak(serving.estimate(model, plan)), plan


def test_terms_add_up_and_none_is_empty():
    for seed in range(PLANS):
        for result in (training.estimate(*training_case(seed)), serving.estimate(*serving_case(seed))):
            assert sum(term.bytes for term in result.terms) == result.peak_bytes
            assert all(term.bytes > 0 for term in result.terms)
            assert result.least_bytes <= result.peak_bytes <= result.most_bytes
