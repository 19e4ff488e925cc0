"""Whether a device holds a plan, what would fit instead, and how both are told."""

from __future__ import annotations

import pytest

from checker.document.scalars import Amount
from checker.facts.fact import Certainty, Fact, Origin, Source, Unknown
from checker.facts.model import ArchitectureClass, Dimensions, Facts
from checker.memory import alternatives, sentences, serving, training
from checker.memory.alternatives import Alternative
from checker.memory.estimate import NotEstimable, Spread, Term, estimate_of
from checker.memory.fit import Fit, Fitting, fitting
from checker.memory.gpus import Ambiguous, Unrecognised
from checker.memory.hardware import Refused, Stated, hardware_of
from checker.memory.model import Model, unknown_facts
from checker.memory.of_facts import model_of
from checker.memory.plan import (
    Attention,
    Hardware,
    Loss,
    Method,
    Optimizer,
    Precision,
    Runtime,
    ServingPlan,
    Sharding,
    TrainingPlan,
)
from checker.memory.units import GIB, gib
from checker.memory.vram import taken
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


def test_an_answer_holds_what_it_rests_on():
    assert fitting((TEN,), 13 * GIB, 0.1) == Fitting(
        Fit.YES, 10 * GIB, int(9 * GIB), int(11 * GIB), int(11.7 * GIB), 13 * GIB
    )
    assert fitting((TEN,), 11 * GIB, 0.0).fit is Fit.YES  # the upper end itself may be taken
    assert fitting((TEN,), 9 * GIB, 0.0).fit is Fit.UNSURE  # and the lower end is open still
    assert fitting((TEN,), 9 * GIB - 1, 0.0).fit is Fit.NO


def test_the_answer_about_several_models_is_about_their_sum():
    both = fitting((TEN, TEN), 24 * GIB, 0)
    assert (both.needed, both.fit, both.left) == (20 * GIB, Fit.YES, pytest.approx(1 / 6))


def test_a_spread_may_hold_bytes_beside_a_share():
    band = Spread(-0.02, 0.02, "logs", GIB, 2 * GIB).around(10 * GIB)
    assert (band.low, band.high) == (pytest.approx(-0.12), pytest.approx(0.22))


TRAINING = [
    (
        TrainingPlan(Method.LORA, 2048),
        {
            "optimizer adamw-8bit": {"optimizer": Optimizer.ADAMW_8BIT},
            "method qlora": {"method": Method.QLORA},
            "loss fused-linear": {"loss": Loss.FUSED_LINEAR},
            "sequence_length 512": {"sequence_length": 512},
        },
    ),
    (
        TrainingPlan(Method.QLORA, 2048, 4, gradient_checkpointing=False, upcast_frozen=True),
        {
            "gradient_checkpointing true": {"gradient_checkpointing": True},
            "micro_batch_size 1": {"micro_batch_size": 1},
            "upcast_frozen false": {"upcast_frozen": False},
        },
    ),
    (
        TrainingPlan(Method.FULL, 512, precision=Precision.BF16_MIXED, adapter_bytes=2),
        {
            "precision bf16": {"precision": Precision.BF16},
            "optimizer adamw-8bit": {"optimizer": Optimizer.ADAMW_8BIT},
            "method qlora": {
                "method": Method.QLORA,
                "precision": Precision.BF16,
                "autocast": False,
            },
        },
    ),
]


@pytest.mark.parametrize(("plan", "changes"), TRAINING)
def test_each_change_of_a_training_is_computed(plan, changes):
    found = {change.change: change for change in alternatives.for_training(LLAMA, plan, 12 * GIB, 0.1)}
    before = training.estimate(LLAMA, plan).peak_bytes
    for name, fields in changes.items():
        expected = training.estimate(LLAMA, plan._replace(**fields))
        assert (found[name].needed, found[name].estimate) == (expected.peak_bytes, expected)
        assert found[name].fit is fitting((expected,), 12 * GIB, 0.1).fit
    assert all(change.needed < before for change in found.values())


def test_where_no_change_is_enough_all_are_tried_at_once():
    found = alternatives.for_training(LLAMA, TrainingPlan(Method.LORA, 4096), 7 * GIB, 0.1)
    single = [change for change in found if " and " not in change.change]
    [together] = [change for change in found if change.change.count(" and ") > 2]
    assert all(change.fit is not Fit.YES for change in single)
    assert together.change == "optimizer adamw-8bit and method qlora and loss fused-linear and sequence_length 512"
    assert together.needed < min(change.needed for change in single)


def test_more_devices_are_offered_where_they_divide_the_plan():
    plan = TrainingPlan(Method.FULL, 1024, precision=Precision.BF16)
    [shared] = [
        change for change in alternatives.for_training(LLAMA, plan, 40 * GIB, 0.1) if change.change.startswith("count ")
    ]
    count = int(shared.change.split()[1])
    fewer = plan._replace(devices=count // 2, sharding=Sharding.FSDP)
    assert shared.change == f"count {count} and sharding fsdp"
    assert shared.fit is Fit.YES
    assert fitting((training.estimate(LLAMA, fewer),), 40 * GIB, 0.1).fit is not Fit.YES


def test_of_ever_smaller_steps_the_largest_that_fits_is_offered():
    plan = TrainingPlan(Method.QLORA, 16384, 64)
    [batch] = [
        change
        for change in alternatives.for_training(LLAMA, plan, 80 * GIB, 0.1)
        if change.change.startswith("micro_batch_size")
    ]
    size = int(batch.change.split()[1])
    larger = training.estimate(LLAMA, plan._replace(micro_batch_size=2 * size))
    assert batch.fit is Fit.YES
    assert fitting((larger,), 80 * GIB, 0.1).fit is not Fit.YES


def test_eager_attention_may_be_changed():
    plan = TrainingPlan(Method.QLORA, 8192, attention=Attention.EAGER)
    changed = training.estimate(LLAMA, plan._replace(attention=Attention.FLASH))
    names = [change.change for change in alternatives.for_training(LLAMA, plan, 12 * GIB, 0.1)]
    helps = changed.peak_bytes < training.estimate(LLAMA, plan).peak_bytes
    assert ("attention flash" in names) is helps


def test_a_plan_that_cannot_be_estimated_has_no_alternatives():
    unknown = LLAMA._replace(parameters=None)
    assert alternatives.for_training(unknown, TrainingPlan(Method.LORA, 2048), GIB, 0) == ()
    assert alternatives.for_serving(unknown, ServingPlan(Runtime.VLLM, 8192), 1, GIB, 0) == ()


SERVING = [
    (
        ServingPlan(Runtime.VLLM, 32768, 16),
        ["context_window", "parallel_requests", "kv_cache fp8", "quantization awq-int4", "count"],
    ),
    (
        ServingPlan(Runtime.LLAMA_CPP, 32768, 16, "Q8_0"),
        ["context_window", "parallel_requests", "kv_cache q", "quantization Q", "count"],
    ),
    (ServingPlan(Runtime.VLLM, 4096, 1, "awq-int4", "fp8", prompt_tokens=4096), ["context_window", "count"]),
]


@pytest.mark.parametrize(("plan", "beginnings"), SERVING)
def test_each_change_of_a_serving_is_computed(plan, beginnings):
    found = alternatives.for_serving(QWEN, plan, 1, 5 * GIB, 0.1)
    before = serving.estimate(QWEN, plan).peak_bytes
    assert all(change.needed < before for change in found)
    singles = [change.change for change in found if change.change.count(" and ") < 2]
    known = [next(each for each in beginnings if name.startswith(each)) for name in singles]
    assert known == [each for each in beginnings if each in known]
    changed = serving.estimate(QWEN, plan._replace(parallel_requests=1))
    needed = {change.change: change.needed for change in found}
    assert needed.get("parallel_requests 1", changed.peak_bytes) == changed.peak_bytes


def test_a_shorter_context_shortens_the_prompt_too():
    plan = ServingPlan(Runtime.VLLM, 8192, 64, prompt_tokens=8000)
    first = alternatives.for_serving(QWEN, plan, 1, 5 * GIB, 0.1)[0]
    assert first.change == "context_window 1024 and prompt_tokens 1024"


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
        (
            "A100",
            None,
            Refused("`A100` names several GPUs: `A100 40 GB`, `A100 80 GB`", "{gpu: A100 40 GB}"),
        ),
        (
            "RTX 409O",
            None,
            Refused("`RTX 409O` is no GPU of the list; did you mean `RTX 4090`?", "{gpu: RTX 4090}"),
        ),
    ],
)
def test_hardware_is_a_name_or_an_amount(gpu, vram, hardware):
    assert hardware_of(Stated(gpu, vram, devices=2)) == hardware


def test_one_gpu_is_meant_where_no_number_is_written():
    assert hardware_of(Stated("4090")).devices == 1


@pytest.mark.parametrize(
    ("name", "count", "hardware"),
    [
        ("g5.xlarge", None, Hardware(23028 * 2**20, 1, "A10G", "g5.xlarge (AWS) has 1 x A10G")),
        ("ml.g5.12xlarge", None, Hardware(23028 * 2**20, 4, "A10G", "g5.12xlarge (AWS) has 4 x A10G")),
        (
            "g5.12xlarge",
            2,
            Hardware(23028 * 2**20, 2, "A10G", "g5.12xlarge (AWS) has 4 x A10G, 2 of which are used"),
        ),
        (
            "nv6ads_a10_v5",
            None,
            Hardware(4 * GIB, 1, "a sixth of an A10", "Standard_NV6ads_A10_v5 (Azure) has a sixth of an A10, as 4 GiB"),
        ),
        ("g5.12xlarge", 4, Hardware(23028 * 2**20, 4, "A10G", "g5.12xlarge (AWS) has 4 x A10G")),
        (
            "g5.12xlarge",
            8,
            Refused(
                "g5.12xlarge has 4 GPUs, and `count` asks for 8; a plan runs on one machine",
                "{instance: g5.12xlarge, count: 4}",
            ),
        ),
        (
            "g5.12xlarg",
            None,
            Refused(
                "`g5.12xlarg` is no cloud instance of the list; did you mean `g5.12xlarge`?",
                "{instance: g5.12xlarge}",
            ),
        ),
    ],
)
def test_an_instance_stands_for_its_gpus(name, count, hardware):
    assert hardware_of(Stated(instance=name, devices=count)) == hardware


def test_an_amount_in_gb_is_the_memory_of_a_card_sold_with_it():
    found = hardware_of(Stated(vram=Amount(24 * 10**9, "GB")))
    assert found.bytes == taken(24 * 10**9, "GB").size_bytes != 24 * 10**9
    assert found.note.startswith("`24 GB` is taken as the memory of a card sold with 24 GB: ")
    assert hardware_of(Stated(vram=Amount(24 * GIB, "GiB"))) == Hardware(24 * GIB, 1, "the GPU")


def test_hardware_without_both_is_refused():
    with pytest.raises(ValueError, match=r"^neither a GPU nor its memory nor an instance is given$"):
        hardware_of(Stated())


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
        f"error band: {gib(result.least_bytes)} to {gib(result.most_bytes)} (traced and measured peaks of decoders)",
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
