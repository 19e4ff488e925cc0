"""Error bands, and the ranges of the allocator's pool and of the device."""

from __future__ import annotations

import pytest

from checker.memory import bands
from checker.memory.plan import Loss, Method, Sharding, Stack, TrainingPlan
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
