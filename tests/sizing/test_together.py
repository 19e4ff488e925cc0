"""Models on the same GPUs are added up, and each is told the part that it may take."""

from __future__ import annotations

import pytest

from checker.memory.fit import Fit
from checker.sizing.start import launch_of
from checker.sizing.together import beside_each_other, together
from tests.sizing.test_answer import asked


def served(*models, **plan):
    return together([(model, asked(model=model, serve=True, **plan)) for model in models])


SMALL, LARGE, ENCODER = "Qwen/Qwen2.5-0.5B-Instruct", "Qwen/Qwen2.5-7B-Instruct", "BAAI/bge-m3"


def test_needs_are_added_up_and_held_against_one_gpu():
    found = served(SMALL, LARGE, ENCODER, hardware={"gpu": "L40S"})
    assert found.needed == sum(answer.estimate.peak_bytes for answer in found.answers) == found.fitting.needed
    assert found.fit is Fit.YES
    assert all(gpu.usable_bytes * 0.9 >= found.most for gpu in found.gpus)


def test_shares_hold_the_needs_and_never_more_than_there_is():
    found = served(SMALL, LARGE, ENCODER, hardware={"gpu": "L40S"})
    shares = found.shares()
    assert sum(shares) <= 0.9
    for share, answer in zip(shares, found.answers, strict=True):
        assert share * found.hardware.bytes >= answer.estimate.peak_bytes
    first, second, _ = beside_each_other(found)
    for each, share in ((first, shares[0]), (second, shares[1])):
        assert each.room.taken_bytes == each.room.available_bytes == int(share * found.hardware.bytes)
        assert 0 <= each.room.left_bytes == each.room.available_bytes - each.estimate.peak_bytes
    flags = [{flag.name: flag.value for flag in launch_of(each).flags} for each in (first, second)]
    assert [float(each["--gpu-memory-utilization"]) for each in flags] == list(shares[:2])


def test_each_may_fit_and_all_of_them_not():
    found = served(LARGE, "Qwen/Qwen3-8B", hardware={"gpu": "RTX 4090"})
    assert [answer.fit for answer in found.answers] == [Fit.YES, Fit.YES]
    assert (found.fit, found.shares()) == (Fit.NO, None)
    assert beside_each_other(found) == found.answers


@pytest.mark.parametrize("models", [(SMALL, LARGE)])
def test_without_hardware_there_is_a_sum_and_no_verdict(models):
    found = served(*models)
    assert (found.fit, found.fitting, found.shares()) == (None, None, None)
    assert found.needed > 0
