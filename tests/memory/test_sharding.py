"""What one of several devices holds."""

from __future__ import annotations

import pytest

from checker.memory import sharding
from checker.memory.plan import Method, Precision, Sharding, TrainingPlan
from checker.memory.sharding import Parts

BILLION = 10**9
FULL = Parts(
    trained=8 * BILLION,
    trained_bytes=4,
    states=64 * BILLION,
    frozen=0,
    block=400_000_000,
    outside=2 * BILLION,
    trained_in_block=200_000_000,
    trained_outside=BILLION,
)
ADAPTERS = Parts(
    trained=10_000_000, trained_bytes=4, states=80_000_000, frozen=16 * BILLION, block=400_000_000, outside=2 * BILLION
)


def shares(parts, sharding_, devices=2, method=Method.FULL, **more):
    plan = TrainingPlan(method, 2048, sharding=sharding_, devices=devices)
    return sharding.resident(parts, plan, **more)


def test_one_device_holds_all():
    assert shares(FULL, Sharding.FSDP, 1) == sharding.Shares(32 * BILLION, 32 * BILLION, 64 * BILLION)


def test_ddp_holds_all_and_buckets_of_all_gradients():
    found = shares(FULL, Sharding.DDP)
    assert (found.weights, found.gradients, found.states) == (32 * BILLION, 32 * BILLION, 64 * BILLION)
    assert found.buffers == 32 * BILLION


@pytest.mark.parametrize("devices", [2, 4, 8])
def test_fsdp_takes_twenty_bytes_a_weight_between_the_devices(devices):
    found = shares(FULL, Sharding.FSDP, devices)
    update = found.weights + found.states + 2 * found.gradients
    assert update == 20 * FULL.trained // devices


def test_fsdp_gathers_a_block_and_what_belongs_to_none():
    found = shares(ADAPTERS, Sharding.FSDP)
    assert (found.gathered_block, found.gathered_outside) == (400_000_000, 2 * BILLION)


@pytest.mark.parametrize(("method", "blocks"), [(Method.FULL, 1), (Method.LORA, 2), (Method.QLORA, 2)])
def test_fsdp_has_two_blocks_at_work_where_a_base_carries_adapters(method, blocks):
    assert shares(ADAPTERS, Sharding.FSDP, method=method).blocks_at_work == blocks


def test_offload_leaves_only_what_is_gathered():
    found = shares(FULL, Sharding.FSDP_OFFLOAD)
    assert (found.weights, found.gradients, found.states) == (0, 0, 0)
    assert found.gathered_block == FULL.block


def test_accumulated_gradients_stay_whole_under_fsdp():
    found = shares(ADAPTERS._replace(with_gradient=8 * BILLION), Sharding.FSDP, accumulates=True)
    assert found.accumulated == 16 * BILLION
    assert shares(FULL, Sharding.FSDP, accumulates=True).accumulated == 16 * BILLION


def test_zero_divides_one_thing_more_by_stage():
    one, two, three = (shares(FULL, kind, 4) for kind in (Sharding.ZERO1, Sharding.ZERO2, Sharding.ZERO3))
    assert one.states == two.states == three.states == 12 * FULL.trained // 4
    assert one.gradients == 2 * FULL.trained
    assert two.gradients == three.gradients == 2 * FULL.trained // 4
    assert one.weights == two.weights == 2 * FULL.trained
    assert three.weights == 2 * FULL.trained // 4


def test_zero_holds_32_bit_copies_on_one_device_too():
    assert shares(FULL, Sharding.ZERO2, 1).states == 12 * FULL.trained


def test_zero_3_keeps_weights_gathered_up_to_its_limit():
    assert shares(FULL, Sharding.ZERO3).gathered_block == 2 * sharding.LIVE + 400_000_000
    small = Parts(trained=0, trained_bytes=2, states=0, frozen=10**9, block=10**7, outside=10**8)
    assert shares(small, Sharding.ZERO3).gathered_block == 10**9


def test_zero_3_offload_keeps_buffers_alone():
    found = shares(FULL, Sharding.ZERO3_OFFLOAD)
    assert (found.weights, found.gradients, found.states, found.update) == (0, 0, 0, 0)
    assert found.buffers == 2 * sharding.BUCKET


def test_tensor_parallelism_divides_everything_and_the_activations_inside():
    found = shares(FULL, Sharding.TENSOR_PARALLEL, 4)
    assert (found.weights, found.gradients, found.states) == (8 * BILLION, 8 * BILLION, 16 * BILLION)
    assert found.inside == 0.25


def test_shares_are_padded_to_whole_bytes():
    assert shares(FULL._replace(trained=7, trained_bytes=2), Sharding.FSDP, 4).weights == 4


@pytest.mark.parametrize(
    ("kind", "devices", "precision"),
    [
        (Sharding.FSDP, 2, Precision.BF16),
        (Sharding.ZERO3, 1, Precision.BF16),
        (Sharding.DDP, 2, Precision.BF16_MIXED),
        (Sharding.FSDP, 1, Precision.BF16_MIXED),
    ],
)
def test_divided_weights_of_32_bits_are_gathered_in_16(kind, devices, precision):
    plan = TrainingPlan(Method.FULL, 2048, precision=Precision.BF16_MIXED, sharding=kind, devices=devices)
    assert sharding.computing(plan).precision is precision


def test_a_moment_on_one_device_has_capped_gradients_and_more_blocks_at_work():
    found = sharding.divided(
        (100j, 50j, complex(30)),
        sharding.Shares(0, gradients=10, states=0, blocks_at_work=2, inside=0.5),
        at_work=20j,
        backward=True,
        gradients=2,
        logits=1,
    )
    assert found == (110j, 25j, complex(10))


def test_fsdp_leaves_the_frozen_parts_of_a_4_bit_base_in_16_bits():
    plan = TrainingPlan(Method.QLORA, 2048, upcast_frozen=True, sharding=Sharding.FSDP, devices=2)
    assert not sharding.computing(plan).upcast_frozen
    assert sharding.computing(plan._replace(devices=1)).upcast_frozen
