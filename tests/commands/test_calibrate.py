"""`weighbridge calibrate`, as a user sees it.

The steps themselves are tested where torch is, in tests/memory/trace/test_real.py.
"""

import json
import sys
from types import SimpleNamespace

import pynvml
import pytest
from jsonschema import Draft202012Validator

from checker.hardware import nvidia
from checker.memory.trace.plan import OutOfMemoryError, RefusedError
from checker.published import SCHEMAS
from tests.commands.steps import ADA, GIB, VERSIONS, libraries
from tests.hardware.drivers import Nvml
from tests.in_process import inside

__all__ = ["inside", "libraries"]

MANIFEST = """\
weighbridge: 1
models:
  - model: Qwen/Qwen2.5-7B-Instruct
    objective: chat
    fine_tuning: {method: lora, sequence_length: 2048, hardware: {gpu: RTX 4090}}
"""
SMALL = ("sentence-transformers/all-MiniLM-L6-v2", "--method", "full", "--sequence-length", "128")


def estimated(inside, *arguments):
    return json.loads(inside("fit", *arguments, "--json").out)["allocated_bytes"]


def test_a_manifest_s_plan_is_run_on_the_gpu_and_recorded_beside_it(inside, libraries, tmp_path):
    (tmp_path / "model.yaml").write_text(MANIFEST)
    real = libraries((14 * GIB, 17 * GIB, 17 * GIB), gpu=ADA, reserved=18 * GIB, device=18 * GIB + GIB // 2)
    run = inside("calibrate", "model.yaml")
    assert run.out.startswith(
        "Qwen/Qwen2.5-7B-Instruct: lora, 2048 tokens, micro batch 1, adamw\n"
        "3 steps with random weights on NVIDIA GeForce RTX 4090 (23.988 GiB)\n"
    )
    assert "  tensors   17.000 GiB    " in run.out
    assert "  pool      18.000 GiB    " in run.out
    assert "  device    18.500 GiB    " in run.out
    assert "  step by step: 14.000 GiB, 17.000 GiB, 17.000 GiB\n" in run.out
    assert run.err == "recorded in model.calibration.json\n"
    assert real.asked[0]["model_type"] == "qwen2"
    assert (real.asked[1].sequence_length, real.asked[1].method, real.asked[2:]) == (2048, "lora", ("gpu", 3))
    record = json.loads((tmp_path / "model.calibration.json").read_text())
    Draft202012Validator(SCHEMAS["calibration"]()).validate(record)
    assert record["runs"][0]["gpu"] == "RTX 4090"
    assert "decides here" in inside("fit", "model.yaml").out
    assert "took 17.0 GiB in tensors on RTX 4090" in inside("check", "model.yaml", "--explain").out


def test_a_measurement_inside_the_band_is_code_0_and_one_outside_code_1(inside, libraries):
    near = estimated(inside, *SMALL)
    libraries((near, near), gpu=ADA)
    run = inside("calibrate", *SMALL, "--steps", "2")
    assert (run.code, "tensors lie inside" in run.out) == (0, True)
    assert "  device    not told" in run.out
    libraries((near * 2, near * 2), gpu=ADA)
    run = inside("calibrate", *SMALL)
    assert (run.code, "tensors lie OUTSIDE" in run.out) == (1, True)


def test_without_a_gpu_it_says_so_and_records_nothing(inside, libraries, tmp_path):
    libraries()
    run = inside("calibrate", *SMALL)
    assert (run.code, run.out) == (3, "")
    assert run.err.startswith("CUDA offers no GPU here, so nothing was measured\n  `--device cpu` counts the tensors")
    assert not (tmp_path / "model.calibration.json").exists()


def test_on_a_processor_tensors_are_counted_and_never_count(inside, libraries, tmp_path):
    near = estimated(inside, *SMALL)
    libraries((near, near), gpu=ADA)
    run = inside("calibrate", *SMALL, "--device", "cpu", "--file", "runs.json")
    assert run.code == 0
    assert "3 steps" not in run.out  # two ran
    assert "2 steps with random weights on the processor\n" in run.out
    assert "it never counts\n" in run.out
    (record,) = json.loads((tmp_path / "runs.json").read_text())["runs"]
    assert (record["device"], record["gpu"], record["reserved_bytes"]) == ("cpu", "", None)


def test_a_plan_that_the_computer_s_memory_does_not_hold_is_not_run(inside, libraries, monkeypatch):
    from checker.hardware import System, system

    monkeypatch.setattr(system, "of_this_machine", lambda platform: System(8 * GIB, 8 * GIB))
    libraries((1,), gpu=None)
    run = inside("calibrate", "Qwen/Qwen3-8B", "--method", "lora", "--device", "cpu")
    assert run.code == 3
    assert "and a program may use 8.0 GiB of memory here\n" in run.err


def test_a_gpu_that_runs_out_of_memory_answers_no(inside, libraries):
    libraries(gpu=ADA, raises=OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."))
    run = inside("calibrate", *SMALL)
    assert (run.code, run.err) == (1, "the plan does not fit: CUDA out of memory. Tried to allocate 2.00 GiB.\n")


def test_what_the_libraries_refuse_is_told(inside, libraries):
    libraries(gpu=ADA, raises=RefusedError("qlora needs bitsandbytes"))
    run = inside("calibrate", *SMALL)
    assert (run.code, run.err) == (2, "calibrate: error: qlora needs bitsandbytes\n")


def test_without_the_extra_it_is_named(inside):
    run = inside("calibrate", *SMALL)
    assert run.code == 2
    assert 'pip install "weighbridge[trace]"' in run.err


def test_the_record_is_printed_for_programs(inside, libraries):
    near = estimated(inside, *SMALL)
    libraries((near, near), gpu=("GRID A100-10C", 10 * GIB))
    found = json.loads(inside("calibrate", *SMALL, "--json").out)
    assert (found["gpu"], found["allocated_bytes"], found["versions"]) == ("GRID A100-10C", near, dict(VERSIONS))


SEVERAL = MANIFEST + MANIFEST.partition("models:\n")[2].replace("Qwen2.5-7B", "Qwen2.5-3B")


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        (SEVERAL, [], "several entries are fine-tuned: expected --entry with one of Qwen2.5-7B-Instruct, Qwen2.5-3B"),
        (SEVERAL, ["--entry", "Qwen2.5-3B-Instrukt"], "did you mean `Qwen2.5-3B-Instruct`?"),
        (MANIFEST, ["--method", "full"], "--method beside model.yaml"),
        (
            "weighbridge: 1\nmodels:\n  - {model: Qwen/Qwen3-8B, objective: chat, deployment: {context_window: 8192}}\n",
            [],
            "no such entry is fine-tuned: expected an entry with `fine_tuning`",
        ),
        (MANIFEST.replace("lora", "lora, stack: unsloth"), [], "unsloth trains with code of its own"),
        (
            MANIFEST.replace("gpu: RTX 4090", "instance: g5.12xlarge"),
            [],
            "the plan is for 4 GPUs, and steps run on one",
        ),
        (MANIFEST.replace("lora", "lora, loss: fused-linear"), [], "loss fused-linear is computed by kernels of other"),
    ],
)
def test_a_plan_that_cannot_be_meant_or_run_is_refused(inside, libraries, tmp_path, text, arguments, said):
    libraries((1, 1), gpu=ADA)
    (tmp_path / "model.yaml").write_text(text)
    run = inside("calibrate", "model.yaml", *arguments)
    assert run.code == 2
    assert said in run.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "no model is named"),
        (["Qwen/Qwen3-8B", "--entry", "x"], 2, "--entry without a manifest"),
        (["Qwen/Qwen3-8C"], 3, "is not in the catalogue"),
        (["Qwen/Qwen3-8B", "--method", "lroa"], 2, "did you mean `lora`?"),
    ],
)
def test_what_is_no_question_is_refused(inside, arguments, code, said):
    run = inside("calibrate", *arguments)
    assert run.code == code
    assert said in run.err


@pytest.mark.parametrize("steps", ["1", "0", "101", "many"])
def test_one_step_is_too_few(inside, steps):
    with pytest.raises(SystemExit) as caught:
        inside("calibrate", *SMALL, "--steps", steps)
    assert caught.value.code == 2


def test_a_model_can_be_named_by_its_configuration(inside, libraries, tmp_path):
    config = {"model_type": "llama", "hidden_size": 256, "num_hidden_layers": 4, "num_attention_heads": 8}
    config |= {"num_key_value_heads": 4, "intermediate_size": 704, "vocab_size": 4096}
    (tmp_path / "config.json").write_text(json.dumps(config))
    real = libraries((1, 1), gpu=ADA)
    assert inside("calibrate", "config.json", "--method", "lora", "--sequence-length", "256").code == 1
    assert real.asked[0]["hidden_size"] == 256


class Running(Nvml):
    """A driver that tells which processes use how much."""

    def nvmlDeviceGetComputeRunningProcesses(self, handle):
        if isinstance(handle, Exception):
            raise handle
        return handle

    def nvmlDeviceGetHandleByIndex(self, index):
        return self.cards[index]


def process(pid, amount):
    return SimpleNamespace(pid=pid, usedGpuMemory=amount)


@pytest.mark.parametrize(
    ("cards", "amount"),
    [
        ([[process(7, 100), process(8, 5)], [process(7, 20)]], 120),
        ([[process(8, 5)]], None),
        ([[process(7, None)]], None),
        ([pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)], None),
    ],
    ids=["two GPUs", "another process", "not told", "refused"],
)
def test_the_driver_tells_what_a_process_uses(monkeypatch, cards, amount):
    monkeypatch.setitem(sys.modules, "pynvml", Running(cards))
    assert nvidia.used_by(7) == amount


def test_without_a_driver_or_its_library_nobody_tells(monkeypatch):
    monkeypatch.setitem(sys.modules, "pynvml", Running((), fails=pynvml.NVML_ERROR_LIBRARY_NOT_FOUND))
    assert nvidia.used_by(7) is None
    monkeypatch.setitem(sys.modules, "pynvml", None)
    assert nvidia.used_by(7) is None
