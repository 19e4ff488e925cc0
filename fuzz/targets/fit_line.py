"""A line of `fit --batch`: a plan for a model of the catalogue or for a config.json; it is answered, and never by a bug of ours."""

import json
from io import BytesIO

from checker.sizing.batch import Asked, answers
from fuzz.given import SHAPED, json_text
from fuzz.target import ROOT

LONGEST = 192
_ASKED = Asked("plans.jsonl", 0.1, False)
_CONFIGS = json.loads((ROOT / "tests/data/memory/traced_more_configs.json").read_text("utf-8"))
_TRAINING = {
    "method": "qlora",
    "rank": 8,
    "target_modules": "q_proj, v_proj",
    "sequence_length": 4096,
    "micro_batch_size": 2,
    "gradient_checkpointing": False,
    "optimizer": "paged-adamw-8bit",
    "attention": "eager",
    "precision": "bf16-mixed",
    "sharding": "zero3",
    "hardware": {"gpu": "RTX 4090", "count": 2},
}
_SERVING = {
    "serve": True,
    "runtime": "vllm",
    "quantization": "awq-int4",
    "context_window": 8192,
    "prompt_tokens": 4096,
    "parallel_requests": 4,
    "kv_cache": "fp8",
    "hardware": {"vram": "24 GiB"},
}
_PLANS = (
    {"id": 1, "model": "Qwen/Qwen2.5-7B-Instruct", **_TRAINING},
    {"id": "b", "model": "Qwen/Qwen2.5-7B-Instruct", **_SERVING},
    *({"config": config, **(_TRAINING if number % 2 else _SERVING)} for number, config in enumerate(_CONFIGS.values())),
)
_KEYS = tuple(dict.fromkeys(key for plan in _PLANS for key in (*plan, *plan.get("config", ()), "instance", "devices")))
WORDS = tuple(f'"{key}"' for key in _KEYS)


def seeds():
    yield json.dumps(_PLANS[1]).encode()[:LONGEST]
    yield b'{"model": "Qwen/Qwen2.5-7B-Instruct", "sequence_length": 512}'
    for number in range(len(_PLANS)):
        yield SHAPED + bytes((number,))


def one(data):
    line = json_text(data, _PLANS, _KEYS).replace(b"\n", b" ").replace(b"\r", b" ")
    found = list(answers(BytesIO(line + b"\n"), _ASKED))
    for answer in found:
        assert not answer.bug, answer.text
        assert isinstance(json.loads(answer.text), dict)
        assert answer.text.count("\n") <= 1
    assert len(found) == bool(line.strip()), "one answer a line"
