"""Whether a device holds a plan, what would fit instead, and how both are told."""

from __future__ import annotations

import pytest

from checker.facts.fact import Certainty, Fact, Origin, Source, Unknown
from checker.facts.model import ArchitectureClass, Dimensions, Facts
from checker.memory import alternatives, sentences, serving, training
from checker.memory.alternatives import Alternative
from checker.memory.estimate import NotEstimable, Spread, Term, estimate_of
from checker.memory.fit import Fit, fitting
from checker.memory.gpus import Ambiguous, Unrecognised
from checker.memory.hardware import hardware_of
from checker.memory.model import Model, model_of, unknown_facts
from checker.memory.plan import Hardware, Method, Optimizer, Runtime, ServingPlan, TrainingPlan
from checker.memory.units import GIB
from tests.memory.accuracy import models

LLAMA = models()["meta-llama/Llama-3.1-8B"]
QWEN = models()["Qwen/Qwen2.5-7B-Instruct"]
BGE = models()["BAAI/bge-m3"]
TEN = estimate_of((Term("weights", 10 * GIB, "ten"),), "always", (), Spread(-0.1, 0.1, "a test"))


@pytest.mark.parametrize(
    ("capacity", "fit"), [(13, Fit.YES), (12.3, Fit.YES), (12, Fit.UNSURE), (10.1, Fit.UNSURE), (9.9, Fit.NO)]
)
def test_the_answer_is_open_inside_the_error_band_only(capacity, fit):
    assert fitting((TEN,), int(capacity * GIB), 0.1).fit is fit


def test_the_answer_about_several_models_is_about_their_sum():
    both = fitting((TEN, TEN), 24 * GIB, 0)
    assert (both.needed, both.fit, both.left) == (20 * GIB, Fit.YES, pytest.approx(1 / 6))


def test_a_spread_may_hold_bytes_beside_a_share():
    band = Spread(-0.02, 0.02, "logs", GIB, 2 * GIB).around(10 * GIB)
    assert (band.low, band.high) == (pytest.approx(-0.12), pytest.approx(0.22))


@pytest.mark.parametrize(
    ("plan", "changes"),
    [
        (
            TrainingPlan(Method.LORA, 2048),
            ["method qlora needs 10.1 GiB, fits", "sequence_length 512 needs 16.8 GiB, does not fit"],
        ),
        (
            TrainingPlan(Method.QLORA, 2048, 4, gradient_checkpointing=False, upcast_frozen=True),
            [
                "gradient_checkpointing true needs 25.4 GiB, does not fit",
                "micro_batch_size 1 needs 25.9 GiB, does not fit",
                "stack lean needs 63.4 GiB, does not fit",
                "sequence_length 512 needs 25.9 GiB, does not fit",
                "gradient_checkpointing true and micro_batch_size 1 and stack lean and sequence_length 512"
                " needs 7.2 GiB, fits",
            ],
        ),
        (
            TrainingPlan(Method.FULL, 512),
            [
                "stack lean needs 60.3 GiB, does not fit",
                "optimizer adamw-8bit needs 75.5 GiB, does not fit",
                "method qlora needs 7.5 GiB, fits",
            ],
        ),
        (TrainingPlan(Method.QLORA, 512, adapter_bytes=2, autocast=False), []),
    ],
)
def test_each_change_of_a_training_is_computed(plan, changes):
    found = alternatives.for_training(LLAMA, plan, 12 * GIB, 0.1)
    assert [f"{change}, {change.fit}" for change in found] == changes


def test_a_plan_that_cannot_be_estimated_has_no_alternatives():
    unknown = LLAMA._replace(parameters=None)
    assert alternatives.for_training(unknown, TrainingPlan(Method.LORA, 2048), GIB, 0) == ()
    assert alternatives.for_serving(unknown, ServingPlan(Runtime.VLLM, 8192), 1, GIB, 0) == ()


@pytest.mark.parametrize(
    ("plan", "changes"),
    [
        (
            ServingPlan(Runtime.VLLM, 32768, 16),
            [
                "context_window 4096 needs 20.8 GiB, fits",
                "parallel_requests 2 needs 20.8 GiB, fits",
                "kv_cache fp8 needs 31.3 GiB, does not fit",
                "quantization awq-int4 needs 36.3 GiB, does not fit",
                "count 4 needs 15.6 GiB, fits",
            ],
        ),
        (
            ServingPlan(Runtime.LLAMA_CPP, 32768, 16, "Q4_K_M"),
            [
                "context_window 16384 needs 19.0 GiB, fits",
                "parallel_requests 8 needs 19.0 GiB, fits",
                "kv_cache q8_0 needs 20.1 GiB, fits",
                "count 2 needs 17.4 GiB, fits",
            ],
        ),
    ],
)
def test_each_change_of_a_serving_is_computed(plan, changes):
    found = alternatives.for_serving(QWEN, plan, 1, 25 * GIB, 0.1)
    assert [f"{change}, {change.fit}" for change in found] == changes


def test_an_encoder_has_nothing_to_change():
    assert alternatives.for_serving(BGE, ServingPlan(Runtime.TEI, 8192), 1, GIB, 0) == ()


def test_gpus_that_hold_it_come_the_smallest_first():
    assert [gpu.name for gpu in alternatives.gpus_for(70 * GIB, 0.1)] == [
        "H100 80 GB",
        "A100 80 GB",
        "H20 96 GB",
        "RTX PRO 6000 Blackwell",
        "H200",
        "B200",
        "MI300X",
        "MI325X",
        "B300",
        "MI355X",
    ]
    assert alternatives.gpus_for(300 * GIB, 0.1) == ()
    assert [gpu.name for gpu in alternatives.gpus_for(300 * GIB, 0.1, unified=True)] == ["Apple M3 Ultra 512 GB"]


@pytest.mark.parametrize(
    ("gpu", "vram", "hardware"),
    [
        ("4090", None, Hardware(24564 * 2**20, 2, "RTX 4090")),
        (None, 24 * GIB, Hardware(24 * GIB, 2, "the GPU")),
        ("A100", None, Ambiguous("A100", ("A100 40 GB", "A100 80 GB"))),
        ("RTX 409O", None, Unrecognised("RTX 409O", "RTX 4090")),
    ],
)
def test_hardware_is_a_name_or_an_amount(gpu, vram, hardware):
    assert hardware_of(gpu, vram, 2) == hardware


def test_hardware_without_both_is_refused():
    with pytest.raises(ValueError, match=r"^neither a GPU nor its memory is given$"):
        hardware_of(None, None, 1)


def test_an_unclear_name_offers_one_that_is_found():
    assert (Ambiguous("A100", ("A100 40 GB",)).example, Unrecognised("x", None).example) == ("A100 40 GB", None)


SMALL, LARGE = Alternative("rank 4", 5 * GIB, Fit.YES), Alternative("rank 8", 9 * GIB, Fit.NO)


@pytest.mark.parametrize(
    ("changes", "needed", "told"),
    [
        (
            (SMALL, LARGE),
            130 * GIB,
            "what fits: rank 4 (5.0 GiB); GPUs that hold it: B200, MI300X, MI325X",
        ),
        ((LARGE,), 290 * GIB, "no change fits: rank 8 needs 9.0 GiB"),
        ((), 290 * GIB, "no single GPU of the list holds it"),
    ],
)
def test_what_would_fit_is_told_in_one_line(changes, needed, told):
    assert sentences.instead(changes, alternatives.gpus_for(needed, 0.1)) == told


@pytest.mark.parametrize(
    ("hardware", "headroom", "told"),
    [
        (Hardware(24 * GIB, 1, "RTX 4090"), 0.1, "at most 21.6 GiB: RTX 4090 has 24.0 GiB, and 10 % stay free"),
        (Hardware(24 * GIB, 2, "RTX 4090"), 0.0, "at most 24.0 GiB each: RTX 4090 has 24.0 GiB"),
    ],
)
def test_room_and_margin_are_told(hardware, headroom, told):
    outcome = fitting((TEN,), hardware.bytes, headroom)
    assert sentences.room(outcome, hardware, headroom) == told
    assert sentences.margin(outcome) == "58 % of the memory left"


def test_needs_and_details_are_told():
    plan = TrainingPlan(Method.LORA, 2048, optimizer=Optimizer.SGD)
    result = training.estimate(LLAMA, plan)
    assert sentences.needs(result) == "needs 19.1 GiB; weights 15.0, logits and loss 2.9, activations 0.5, other 0.7"
    assert sentences.detail(result)[-2:] == (
        "fullest at: backward pass of the loss",
        "error band: 18.1 GiB to 20.1 GiB (traced and measured peaks of decoders)",
    )
    assert sentences.detail(serving.measured(GIB))[0] == "measured: 1.0 GiB (as the manifest states)"


SOURCE = Source(Origin.CATALOGUE, "a test", "acme/model")


def test_facts_become_plain_values_and_what_is_unknown_stays_none():
    facts = Facts(
        model="acme/model",
        found_as="acme/model",
        parameters=Fact(7, Certainty.DECLARED, SOURCE),
        architecture_class=Fact(ArchitectureClass.DECODER, Certainty.DECLARED, SOURCE),
        multimodal=Fact(True, Certainty.DECLARED, SOURCE),
    )
    assert model_of(facts) == Model(7, Dimensions(), ArchitectureClass.DECODER, multimodal=True)


def test_a_missing_fact_is_told_with_the_reason_of_its_record():
    facts = Facts(model="acme/model", found_as="acme/model", parameters=Unknown("parameters", "too unsure"))
    known = facts._replace(dimensions=Fact(Dimensions(), Certainty.DECLARED, SOURCE))
    result = NotEstimable("no source states it", ("parameters", "dimensions.head_dim"))
    assert unknown_facts(result, known) == (
        Unknown("parameters", "too unsure"),
        Unknown("dimensions.head_dim", "no source states it"),
    )
