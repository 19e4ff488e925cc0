"""A ladder is a table of plans: each cell is what that plan needs, and the plan that was asked for is one of them."""

from __future__ import annotations

from checker.memory import ladder, serving, training
from checker.memory.fit import Fit, fitting
from checker.memory.plan import Hardware, Method, Runtime, ServingPlan, TrainingPlan
from checker.memory.units import GIB
from tests.memory.accuracy import models

LLAMA = models()["meta-llama/Llama-3.1-8B"]
GPU = Hardware(24 * GIB, 1, "RTX 4090")


def test_each_cell_of_a_training_is_the_estimate_of_its_plan():
    plan = TrainingPlan(Method.QLORA, 1500, 3)
    found = ladder.of_training(LLAMA, plan, GPU, 0.1, 4096)
    assert (found.row_key, found.column_key) == ("sequence_length", "micro_batch_size")
    assert found.rows == (512, 1024, 1500, 2048, 4096)
    assert found.columns == (1, 2, 3, 4, 8, 16, 32)
    for length, cells in zip(found.rows, found.cells, strict=True):
        for batch, cell in zip(found.columns, cells, strict=True):
            own = training.estimate(LLAMA, plan._replace(sequence_length=length, micro_batch_size=batch))
            assert (cell.needed, cell.fit) == (own.peak_bytes, fitting((own,), GPU.bytes, 0.1).fit)


def test_each_cell_of_a_serving_is_the_estimate_of_its_plan():
    plan = ServingPlan(Runtime.VLLM, 8192, 4, prompt_tokens=6000)
    found = ladder.of_serving(LLAMA, plan, 2, GPU, 0.1, 8192)
    assert (found.rows, found.columns) == ((512, 1024, 2048, 4096, 8192), (1, 2, 4, 8, 16, 32, 64))
    own = serving.estimate(LLAMA, plan._replace(context_window=512, parallel_requests=64, prompt_tokens=512), 2)
    assert found.cells[0][6].needed == own.peak_bytes


def test_needs_grow_along_rows_and_columns():
    cells = ladder.of_training(LLAMA, TrainingPlan(Method.LORA, 2048), GPU, 0.1).cells
    for row in cells:
        assert [cell.needed for cell in row] == sorted(cell.needed for cell in row)
    for column in zip(*cells, strict=True):
        assert [cell.needed for cell in column] == sorted(cell.needed for cell in column)
    assert {cell.fit for row in cells for cell in row} >= {Fit.YES, Fit.NO}


def test_a_plan_beyond_the_table_is_in_it_all_the_same():
    found = ladder.of_training(LLAMA, TrainingPlan(Method.LORA, 500_000, 200), None, 0.1, 8192)
    assert found.rows[-1] == 500_000
    assert 200 in found.columns
    assert len(found.rows) <= 10
    assert all(cell.fit is None for row in found.cells for cell in row)


def test_a_cell_without_an_answer_is_empty():
    unknown = LLAMA._replace(parameters=None)
    found = ladder.of_serving(unknown, ServingPlan(Runtime.VLLM, 4096), 1, GPU, 0.1)
    assert {cell for row in found.cells for cell in row} == {ladder.Cell(None, None)}


def test_each_format_of_the_cache_has_its_table_the_plans_first():
    plan = ServingPlan(Runtime.LLAMA_CPP, 8192, 4, quantization="Q4_K_M", kv_cache="q5_1")
    found = ladder.of_caches(LLAMA, plan, 1, GPU, 0.1, 131072)
    assert [each.kv_cache for each in found] == ["q5_1", "fp16", "q8_0", "q4_0"]
    for each in found:
        own = ladder.of_serving(LLAMA, plan._replace(kv_cache=each.kv_cache), 1, GPU, 0.1, 131072)
        assert each.ladder == own
        row, column = each.ladder.asked
        cell = each.ladder.cells[row][column]
        assert cell.left == int(GPU.bytes * 0.9) - cell.needed
    assert found[0].ladder.rows[-1] == 131072


def test_a_context_beyond_the_trained_one_is_a_row_beside_it():
    found = ladder.of_serving(LLAMA, ServingPlan(Runtime.VLLM, 200_000), 1, GPU, 0.1, 131072)
    assert found.rows[-2:] == (131072, 200_000)
