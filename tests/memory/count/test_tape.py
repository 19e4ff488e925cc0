"""The tape: tensors live as long as somebody holds them, and the graph holds what the backward pass needs."""

from __future__ import annotations

import pytest

from checker.memory.count import ops
from checker.memory.count.losses import fused_linear
from checker.memory.count.parts import Formats, Matrix, activated
from checker.memory.count.tape import BLOCK, Group, Leaf, Tape, Tensor

MIB = 2**20


@pytest.fixture
def tape():
    return Tape(autocast=False)


def given(tape, values=MIB, item=2, *, needs_grad=False):
    node = Leaf(0, item, trained=True) if needs_grad else None
    return Tensor(tape.new(values, item), values, item, node)


def test_a_tensor_lives_until_its_last_holder_lets_go(tape):
    first = given(tape)
    second = Tensor(first.storage, first.values, first.item, None)
    assert tape.total == 2 * MIB
    del first
    assert tape.total == 2 * MIB
    del second
    assert tape.total == 0


def test_what_does_not_grow_with_the_tokens_is_rounded_to_the_allocators_blocks(tape):
    small, growing = tape.new(1, 2), tape.new(1j, 2)
    assert (small.size, growing.size) == (BLOCK, 2j)


def test_a_moment_is_remembered_when_something_is_let_go_after_something_was_made(tape):
    held = tape.new(MIB, 1)
    gone = tape.new(MIB, 2)
    del gone
    assert [event.total for event in tape.events] == [3 * MIB]
    assert held.size == MIB


def test_without_a_gradient_nothing_is_kept(tape):
    out = ops.pointwise(tape, given(tape), keeps_input=True)
    assert (out.needs_grad, tape.nodes, tape.total) == (False, [], 2 * MIB)


def test_an_activation_keeps_its_input_until_it_has_gone_back(tape):
    x = given(tape, needs_grad=True)
    out = ops.pointwise(tape, x, keeps_input=True)
    source = x.node
    del x
    assert tape.total == 4 * MIB
    tape.backward_marked(out)
    del out
    assert tape.total == source.grad.size == 2 * MIB


def test_a_frozen_product_keeps_no_input_and_a_trained_one_does(tape):
    for trained, kept in ((False, 0), (True, 2 * MIB)):
        weight = Leaf(MIB, 2, trained=trained)
        out = ops.product(tape, given(tape, needs_grad=True), weight, MIB)
        assert tape.total == 2 * MIB + kept
        del out
        tape.nodes.clear()


def test_gradients_that_meet_take_the_place_of_one(tape):
    x = given(tape, needs_grad=True)
    tape.backward_marked(ops.add(tape, ops.pointwise(tape, x), ops.pointwise(tape, x)))
    assert x.node.grad.size == 2 * MIB
    assert tape.live[Group.GRADIENTS] == 2 * MIB


def test_a_checkpointed_part_keeps_its_input_alone_and_is_run_again(tape):
    runs = []

    def part(x):
        runs.append(tape.phase)
        return ops.pointwise(tape, ops.pointwise(tape, x, keeps_input=True), keeps_input=True)

    out = tape.checkpoint(part, given(tape, needs_grad=True))
    assert tape.total == 4 * MIB
    tape.backward_marked(out)
    assert runs == ["forward", "backward"]


def test_running_again_stops_at_the_last_tensor_that_is_asked_for(tape):
    reached = []

    def part(x):
        kept = ops.pointwise(tape, x, keeps_input=True)
        reached.append(tape.phase)
        return ops.pointwise(tape, kept)

    tape.backward_marked(tape.checkpoint(part, given(tape, needs_grad=True)))
    assert reached == ["forward"]


def test_autocast_copies_a_trained_weight_once_for_a_pass():
    tape, weight = Tape(autocast=True), Leaf(MIB, 4, trained=True)
    first = ops.weight_copy(tape, weight)
    assert ops.weight_copy(tape, weight) is first
    assert tape.live[Group.COPIES] == 2 * MIB
    frozen = ops.weight_copy(tape, Leaf(MIB, 4, trained=False))
    assert frozen is not first
    assert len(tape.casts) == 1
    assert ops.weight_copy(tape, Leaf(MIB, 2, trained=True)) is None


def test_a_quantised_product_brings_its_matrix_back_and_lets_it_go(tape):
    formats = Formats(matrix=0, other=2, adapter=4, trained=False)
    out = Matrix(formats, 1024, 1024)(tape, given(tape, 1024j, needs_grad=True))
    assert max(event.total.real for event in tape.events) == 2 * MIB
    assert tape.live[Group.DEQUANTISED] == 0
    assert out.values == 1024j


@pytest.mark.parametrize(("kind", "kept"), [
    ("silu", "x"), ("gelu", "x"), ("gelu_pytorch_tanh", "x"),
    ("relu", "y"),  # the result says where it was cut
    ("relu2", "relu"), ("squared_relu", "relu"),
    ("quick_gelu", "x sigmoid"),
    ("gelu_new", "x x/2 tanh 1+tanh"),
    ("gelu_fast", "x x/2 0.044x cx 1+0.044xx tanh 1+tanh"),
])  # fmt: skip
def test_an_activation_keeps_what_each_of_its_operations_keeps(tape, kind, kept):
    """Autograd saves both factors of a product, the result of relu, sigmoid and tanh, else the input."""
    y = activated(tape, given(tape, needs_grad=True), kind)
    node = y.node
    del y
    assert node is not None
    assert tape.total == 2 * MIB * len(kept.split())


def test_the_square_of_gelu_new_is_taken_in_32_bits_under_autocast():
    tape = Tape(autocast=True)
    y = activated(tape, given(tape, needs_grad=True), "gelu_new")
    # x in 32 bits, its half in 16, and tanh, 1 + tanh and the result in 32
    assert (tape.total, y.item) == ((4 + 2 + 4 + 4 + 4) * MIB, 4)


def test_the_parts_of_a_split_give_one_gradient_of_the_whole():
    tape = Tape(autocast=False)
    x = given(tape, needs_grad=True)
    left, right = ops.split(tape, x, (0.5, 0.5))
    source = x.node
    del x
    tape.backward_marked(ops.multiply(tape, left, right))
    assert source.grad.size == 2 * MIB
    assert tape.total == 2 * MIB + 2 * (left.values + right.values)


@pytest.mark.parametrize("trained", [False, True])
def test_head_and_loss_in_one_make_their_gradients_on_the_way_forth(tape, trained):
    head = Leaf(MIB // 2, 4, trained=trained)
    x = given(tape, needs_grad=True)
    loss = fused_linear(tape, x, head)
    assert tape.live[Group.GRADIENTS] == (2 * MIB if trained else 0)
    assert (loss.values, loss.item) == (4, 1)
