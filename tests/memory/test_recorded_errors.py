"""The errors of a runtime's estimates are those of the file that the benchmark writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checker.memory import recorded_errors
from checker.memory.plan import Runtime
from checker.memory.recorded_errors import errors_of

RECORDS = json.loads(Path(recorded_errors.__file__).with_name("serving_errors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("runtime", Runtime)
def test_a_runtime_has_the_errors_that_were_recorded_of_it(runtime):
    recorded = [record for record in RECORDS if record["runtime"] == runtime.value]
    assert [error._asdict() | {"runtime": runtime.value} for error in errors_of(runtime)] == recorded
    assert bool(recorded) is (runtime in (Runtime.TRANSFORMERS, Runtime.VLLM, Runtime.LLAMA_CPP))
