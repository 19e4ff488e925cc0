"""Options, lines of a batch and manifests state a plan by the same keys."""

from __future__ import annotations

import json

import pytest

from checker.document.bind import bind
from checker.document.errors import InputError
from checker.document.place import SourceFile
from checker.document.read import from_text
from checker.document.tree import parse
from checker.manifest.deployment import Deployment
from checker.manifest.fine_tuning import FineTuning
from checker.sizing.options import keys, options
from checker.sizing.question import Plan, of_line, of_options

TRAINING = {
    "method": "qlora",
    "rank": 8,
    "target_modules": "q_proj, v_proj",
    "sequence_length": 4096,
    "micro_batch_size": 2,
    "gradient_checkpointing": False,
    "optimizer": "paged-adamw-8bit",
    "attention": "eager",
    "precision": "bf16-mixed",
    "adapter_dtype": "fp32",
    "upcast_frozen": True,
    "quantized_base": "gptq-int4",
    "double_quantization": True,
    "keeps_quantized_inputs": True,
    "loss": "fused-linear",
    "sharding": "zero3",
    "stack": "unsloth",
}
SERVING = {
    "runtime": "llama.cpp",
    "runtime_version": "b4000",
    "quantization": "Q4_K_M",
    "context_window": 8192,
    "prompt_tokens": 4096,
    "parallel_requests": 4,
    "kv_cache": "q8_0",
}


def line(**plan):
    return of_line(SourceFile("plans.jsonl:1", json.dumps(plan)))


def values(block):
    found = {key: getattr(block, key) for key in (*TRAINING, *SERVING) if hasattr(block, key)}
    return {
        key: tuple(item.value for item in held) if isinstance(held, tuple) else held and held.value
        for key, held in found.items()
    }


def spelled(value):
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


@pytest.mark.parametrize(("stated", "block"), [(TRAINING, FineTuning), (SERVING, Deployment)])
def test_a_plan_is_the_same_wherever_it_is_written(stated, block):
    text = "\n".join(f"{key}: {json.dumps(value)}" for key, value in stated.items()).replace('"b4000"', "b4000")
    in_manifest = values(bind(parse(from_text("m.yaml", text)), block))
    in_line = values(line(model="a/b", **stated).plan)
    in_options = values(of_options({key: spelled(value) for key, value in stated.items()}))
    assert {key: in_line[key] for key in stated} == {key: in_manifest[key] for key in stated}
    assert {key: in_options[key] for key in stated} == {key: in_manifest[key] for key in stated}
    assert all(in_manifest[key] for key in stated if stated[key] is not False)


def test_every_key_of_a_plan_is_an_option():
    assert set(keys()) == {*(set(Plan.model_fields) - {"model", "hardware"}), "gpu", "vram", "instance", "count"}
    assert all(option.help for _, found in options() for option in found)


def test_null_counts_as_absent_everywhere():
    plain = line(model="a/b", method="lora", hardware={"gpu": "L4"})
    nulls = dict.fromkeys((*TRAINING, *SERVING, "config", "serve", "objective", "id"), None) | {"method": "lora"}
    nulled = line(model="a/b", hardware={"gpu": "L4", "vram": None, "count": None}, **nulls)
    assert values(nulled.plan) == values(plain.plan)
    assert (nulled.config, nulled.id, nulled.plan.hardware.count.value) == (None, None, 1)
    assert line(model="a/b", hardware={"gpu": None, "vram": None}).plan.hardware is None
    assert line(model="a/b", hardware=None).plan.hardware is None


def test_a_list_of_modules_may_be_a_list_or_a_text():
    modules = ("q_proj", "v_proj")
    assert values(line(model="a/b", target_modules=list(modules)).plan)["target_modules"] == modules
    assert values(line(model="a/b", target_modules="q_proj,v_proj").plan)["target_modules"] == modules
    assert values(line(model="a/b", target_modules="all-linear").plan)["target_modules"] == ("all-linear",)


def test_an_id_and_a_configuration_come_back_as_they_are():
    found = line(id=7.5, config={"model_type": "llama", "a": [None, {"b": 1.5}]})
    assert (found.id, found.config) == (7.5, {"model_type": "llama", "a": [None, {"b": 1.5}]})


A_COUNT = "a whole number from 1 to 2147483648"
BAD = {
    '{"method": "lora"}': ("the model is not said", "`model` or `config`"),
    '{"model": "a/b", "config": []}': ("`config` is no mapping", "the content of a config.json"),
    '{"model": "a/b", "id": {}}': ("`id` is no name", "a text or a number"),
    '{"model": "a/b", "id": true}': ("`id` is no name", "a text or a number"),
    '{"model": "a b"}': (
        '`model` is `"a b"`',
        "the model's id on the Hub such as Qwen/Qwen3-8B, or a path such as ./models/name",
    ),
    '{"model": "a/b", "rank": "8"}': ('`rank` is `"8"`', A_COUNT),
    '{"model": "a/b", "rank": 1e3}': ("`rank` is `1e3`", A_COUNT),
    '{"model": "a/b", "rank": 8.0}': ("`rank` is `8.0`", A_COUNT),
    '{"model": "a/b", "rank": []}': ("`rank` is a list", A_COUNT),
    '{"model": "a/b", "serve": 1}': ("`serve` is `1`", "true or false"),
    '{"model": "a/b", "hardware": "L4"}': ('`hardware` is `"L4"`', "a mapping (`key: value` lines)"),
    '{"model": "a/b", "hardware": {"gpu": "L4", "vram": "24 GiB"}}': ("`gpu` and `vram` are both given", "one of them"),
    '{"model": "a/b", "hardware": {"vram": 24}}': (
        "`hardware.vram` is `24`",
        "an amount of memory with its unit, such as 24 GiB",
    ),
    '{"model": "a/b", "method": "full", "rank": 8}': (
        "`rank` is given, and `method: full` trains no adapters",
        "`method: lora` or `qlora`, or no rank",
    ),
    '{"model": "a/b", "target_modules": ["all-linear", "q_proj"]}': (
        "`all-linear` stands in a list of modules",
        "it alone, or names of modules",
    ),
}


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_plan_is_refused(text):
    with pytest.raises(InputError) as caught:
        of_line(SourceFile("plans.jsonl:1", text))
    [problem] = caught.value.problems
    assert (problem.sentence, problem.expected) == BAD[text]
    assert problem.at is not None


def test_an_option_is_shown_where_it_is_wrong():
    with pytest.raises(InputError) as caught:
        of_options({"method": "lora", "optimizer": "adam", "gpu": "L4", "vram": "24 GB"})
    both, optimizer = sorted(caught.value.problems, key=lambda problem: "gpu" not in problem.sentence)
    assert (str(optimizer.at), optimizer.hint) == ("options:2:13", "did you mean `adamw`?")
    assert (str(both.at), str(both.also)) == ("options:4:8", "options:3:7")
