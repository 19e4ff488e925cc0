"""Error bands, and the ranges of the allocator's pool and of the device."""

from __future__ import annotations

import pytest

from checker.memory import bands
from checker.memory.estimate import Band, Spread
from checker.memory.plan import Loss, Method, Runtime, ServingPlan, Sharding, Stack, TrainingPlan
from checker.memory.units import GIB

HELD = bands.Held(allocated=20 * GIB, at_loss=18 * GIB, standing=10 * GIB, vocabulary=32_000)
PLAN = TrainingPlan(Method.LORA, 4096, loss=Loss.FUSED_LINEAR)


def middle(found):
    return sum(found) / 2


def test_the_pool_holds_a_share_of_what_comes_and_goes_beyond_the_tensors():
    assert middle(bands.reserved_range(HELD, PLAN)) == pytest.approx((20 + 0.2 + 0.12 * 10) * GIB, rel=1e-6)


def test_the_device_shows_the_context_beside_the_pool():
    assert middle(bands.device_range(HELD, PLAN)) - middle(bands.reserved_range(HELD, PLAN)) == pytest.approx(
        bands.CONTEXT, abs=2
    )


def test_pieces_of_a_fused_softmax_cannot_take_each_others_place():
    held = HELD._replace(at_loss=HELD.allocated)
    more = middle(bands.reserved_range(held, PLAN._replace(loss=Loss.FUSED_SOFTMAX)))
    assert more - middle(bands.reserved_range(held, PLAN)) == pytest.approx(0.75 * 8 * 4096 * 32_000, abs=2)


def test_several_devices_hold_buffers_of_their_communication():
    several = middle(bands.reserved_range(HELD, PLAN._replace(devices=2, sharding=Sharding.FSDP)))
    assert several == pytest.approx((20 + 2 + 0.18 * 10) * GIB, rel=1e-6)


def test_a_range_ends_at_the_device_where_the_tensors_fit():
    assert bands.device_range(HELD, PLAN, 21 * GIB)[1] == 21 * GIB
    assert bands.device_range(HELD, PLAN, 10 * GIB) == bands.device_range(HELD, PLAN)


@pytest.mark.parametrize(
    ("changes", "spread"),
    [
        ({}, bands.DECODER_TRAINING),
        ({"stack": Stack.LITGPT}, bands.DECODER_TRAINING),
        ({"stack": Stack.TORCHTUNE}, bands.OTHER_STACKS),
        ({"devices": 2}, bands.DECODER_TRAINING),
        ({"devices": 2, "sharding": Sharding.FSDP}, bands.FSDP_TRAINING),
        ({"devices": 2, "sharding": Sharding.ZERO3}, bands.SHARDED_TRAINING),
    ],
)
def test_a_band_is_that_of_software_and_sharding(changes, spread):
    assert bands.of_training(encoder=False, known=True, plan=PLAN._replace(**changes)) == spread


def test_an_unlisted_family_gets_ten_points_more_on_both_sides():
    found = bands.of_training(encoder=False, known=False, plan=PLAN)
    assert (found.low, found.high) == pytest.approx((-0.15, 0.15))


def serving(runtime):
    return ServingPlan(runtime, 4096)


@pytest.mark.parametrize(("runtime", "kind", "spread"), [
    (Runtime.VLLM, bands.Kind(), bands.VLLM),
    (Runtime.TGI, bands.Kind(devices=2), bands.VLLM),
    (Runtime.LLAMA_CPP, bands.Kind(), bands.LLAMA_CPP),
    (Runtime.TRANSFORMERS, bands.Kind(), bands.TRANSFORMERS),
    (Runtime.TRANSFORMERS, bands.Kind(devices=2), bands.PLACED),
    (Runtime.TRANSFORMERS, bands.Kind(eager=True), bands.EAGER),
    (Runtime.TRANSFORMERS, bands.Kind(eager=True, devices=2), bands.EAGER),
    (Runtime.VLLM, bands.Kind(encoder=True), bands.ENCODER_SERVING),
    (Runtime.TEI, bands.Kind(), bands.ENCODER_SERVING),  # no log of it was measured, whatever it embeds with
    (Runtime.TEI, bands.Kind(encoder=True, mixed=True), bands.ENCODER_SERVING),
])  # fmt: skip
def test_a_band_of_serving_is_that_of_the_runtime(runtime, kind, spread):
    assert bands.of_serving(serving(runtime), kind) == spread


def test_layers_of_which_none_was_measured_get_ten_points_more_on_both_sides():
    found = bands.of_serving(serving(Runtime.VLLM), bands.Kind(mixed=True))
    assert (found.low, found.high) == pytest.approx((-0.12, 0.12))
    assert (found.low_bytes, found.high_bytes) == (bands.VLLM.low_bytes, bands.VLLM.high_bytes)
    assert found.basis == "assumed wide, for only states and caches of recurrent models were measured"


def test_what_does_not_grow_with_an_estimate_widens_a_small_one_more():
    spread = Spread(-0.1, 0.2, "…", 50, 100)
    assert spread.around(1000) == Band(pytest.approx(-0.15), pytest.approx(0.3), "…")
    assert spread.around(0) == Band(pytest.approx(-50.1), pytest.approx(100.2), "…")


def test_half_a_range_is_half_of_the_slack_and_a_tenth_of_the_whole():
    slack = 0.2 * GIB + 0.12 * 10 * GIB
    low, high = bands.reserved_range(HELD, PLAN)
    assert (high - low) / 2 == pytest.approx(0.5 * slack + 0.1 * (20 * GIB + slack), abs=2)


def test_the_fuller_of_peak_and_loss_makes_the_pool():
    at_loss = HELD._replace(at_loss=30 * GIB)
    assert middle(bands.reserved_range(at_loss, PLAN)) == pytest.approx((30 + 0.2 + 0.12 * 20) * GIB, rel=1e-6)
    idle = HELD._replace(allocated=5 * GIB, at_loss=4 * GIB)  # nothing comes and goes
    assert middle(bands.reserved_range(idle, PLAN)) == pytest.approx((5 + 0.2) * GIB, rel=1e-6)


@pytest.mark.parametrize(("loss", "share"), [
    (Loss.FULL, 0.15), (Loss.OLD, 0.15), (Loss.FUSED_SOFTMAX, 0.75), (Loss.FUSED_LINEAR, 0), (Loss.CHUNKED, 0),
])  # fmt: skip
def test_pieces_of_logits_are_a_share_by_the_loss(loss, share):
    held = HELD._replace(at_loss=HELD.allocated)
    bare = middle(bands.reserved_range(held._replace(vocabulary=0), PLAN._replace(loss=loss)))
    pieces = middle(bands.reserved_range(held, PLAN._replace(loss=loss))) - bare
    assert pieces == pytest.approx(share * 8 * 4096 * 32_000, abs=3)


def test_a_range_is_cut_at_a_device_that_the_tensors_fit_just_into():
    low, high = bands.reserved_range(HELD, PLAN)
    assert low < HELD.allocated < high
    assert bands.reserved_range(HELD, PLAN, HELD.allocated) == (low, HELD.allocated)
    assert bands.reserved_range(HELD, PLAN, high + 1) == (low, high)
    assert bands.reserved_range(HELD, PLAN, HELD.allocated - 1) == (low, high)
