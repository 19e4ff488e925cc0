"""An answer says what a plan needs, what was assumed, what is odd, and whether the hardware holds it."""

from __future__ import annotations

import json

import pytest

from checker.document.errors import InputError
from checker.document.place import NOWHERE, SourceFile
from checker.facts.catalogue import Catalogue
from checker.facts.fact import Certainty
from checker.memory import serving, training
from checker.memory.fit import Fit
from checker.memory.of_facts import model_of
from checker.memory.plan import Method, Runtime, Task
from checker.memory.units import GIB
from checker.sizing.answer import Answer, answer_plan, with_alternatives
from checker.sizing.question import of_line
from checker.sizing.start import commands
from checker.sizing.subject import Unanswerable, of_catalogue, of_config, of_folder

CATALOGUE = Catalogue()
LLAMA = {
    "model_type": "llama",
    "hidden_size": 2048,
    "num_hidden_layers": 16,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "intermediate_size": 8192,
    "vocab_size": 128256,
    "max_position_embeddings": 8192,
    "tie_word_embeddings": True,
}


def asked(**plan):
    """The answer to a line of a batch."""
    question = of_line(SourceFile("plans.jsonl:1", json.dumps(plan)))
    if question.config is not None:
        subject = of_config("config", question.config, NOWHERE, Certainty.CLAIMED)
    else:
        subject = of_catalogue(question.plan.model.value, CATALOGUE)
    return subject if isinstance(subject, Unanswerable) else answer_plan(question.plan, subject)


def refused(**plan):
    with pytest.raises(InputError) as caught:
        asked(**plan)
    return [(problem.sentence, problem.expected, problem.hint) for problem in caught.value.problems]


def test_an_estimate_of_a_training_is_that_of_its_plan():
    answer = asked(model="Qwen/Qwen3-8B", method="qlora", rank=8, sequence_length=1024, hardware={"gpu": "4090"})
    assert (answer.plan.method, answer.plan.rank, answer.plan.sequence_length) == (Method.QLORA, 8, 1024)
    own = training.estimate(model_of(CATALOGUE.find("Qwen/Qwen3-8B")), answer.plan)
    assert answer.estimate.terms == own.terms
    assert answer.estimate.guide is not None
    assert (answer.fit, answer.hardware.label) == (Fit.YES, "RTX 4090")
    assert answer.subject.certainty in Certainty


def test_an_estimate_of_a_serving_is_that_of_its_plan():
    answer = asked(model="Qwen/Qwen3-8B", serve=True, context_window=4096, parallel_requests=2, hardware={"count": 2})
    assert (answer.plan.runtime, answer.devices, answer.hardware, answer.fit) == (Runtime.VLLM, 2, None, None)
    assert answer.estimate == serving.estimate(model_of(CATALOGUE.find("Qwen/Qwen3-8B")), answer.plan, 2)


def test_what_nobody_wrote_is_said():
    answer = asked(model="Qwen/Qwen3-8B")
    assert answer.assumptions[0].startswith(
        "not written, so assumed: method lora, sequence_length 2048, objective text-generation, "
    )
    answer = asked(model="Qwen/Qwen3-8B", serve=True)
    assert answer.assumptions[0] == (
        "not written, so assumed: runtime vllm, quantization none, context_window 8192, parallel_requests 1,"
        " kv_cache fp16"
    )


@pytest.mark.parametrize(
    ("model", "objective", "task"),
    [
        ("Qwen/Qwen3-8B", None, Task.CAUSAL),
        ("Qwen/Qwen3-8B", "multi-class-classification", Task.CLASSIFY),
        ("Qwen/Qwen3-8B", "other", Task.CAUSAL),
        ("sentence-transformers/all-MiniLM-L6-v2", None, Task.EMBED),
        ("cross-encoder/ms-marco-MiniLM-L6-v2", None, Task.CLASSIFY),
        ("FacebookAI/roberta-base", None, Task.CLASSIFY),
    ],
)
def test_the_objective_or_the_model_says_what_a_step_computes(model, objective, task):
    answer = asked(model=model, objective=objective, method="full", sequence_length=128)
    assert answer.plan.task is task


def test_a_configuration_takes_the_place_of_the_catalogue():
    answer = asked(config=LLAMA, method="full", sequence_length=512)
    assert isinstance(answer, Answer)
    assert answer.subject.model.parameters == pytest.approx(1.236e9, rel=0.01)
    assert answer.subject.certainty is Certainty.CLAIMED
    nulled = asked(config={**LLAMA, "head_dim": None, "rope_scaling": None}, method="full", sequence_length=512)
    assert nulled.estimate == answer.estimate


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"hidden_size": 0}, "`config.hidden_size` is `0`"),
        ({"hidden_size": -1}, "`config.hidden_size` is `-1`"),
        ({"hidden_size": "2048"}, "`config.hidden_size` is `2048`"),
        ({"hidden_size": 2**40}, f"`config.hidden_size` is `{2**40}`"),
        ({"num_hidden_layers": 10**12}, "`config.num_hidden_layers` is `1000000000000`"),
        ({"num_hidden_layers": True}, "`config.num_hidden_layers` is `True`"),
        ({"num_hidden_layers": 1.5}, "`config.num_hidden_layers` is `1.5`"),
        ({"vocab_size": 0}, "`config.vocab_size` is `0`"),
        ({"full_attention_interval": 2**62}, f"`config.full_attention_interval` is `{2**62}`"),
        (
            {"num_attention_heads": 30, "num_key_value_heads": 10},
            "a hidden size of 2048 does not divide by 30 attention heads",
        ),
        ({"num_key_value_heads": 7}, "32 attention heads do not divide by 7 key-value heads"),
    ],
)
def test_sizes_that_no_model_has_are_refused(changes, sentence):
    assert refused(config={**LLAMA, **changes})[0][0] == sentence


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"model_type": None},
        {"model_type": ["llama"]},
        {"model_type": "lama"},
        {"model_type": "x" * 10_000},
        {"text_config": {}},
        {"text_config": {"model_type": 3}},
    ],
)
def test_a_configuration_of_no_known_family_is_unknown(config):
    found = asked(config=config)
    assert isinstance(found, Unanswerable)
    assert found.nearest == ("llama" if config.get("model_type") == "lama" else None)


@pytest.mark.parametrize(
    "odd",
    [
        {"layer_types": 7},
        {"sliding_window_pattern": "LLLG"},
        {"layer_types": ["full_attention"] * 100_000},
        {"rope_scaling": "linear"},
        {"id2label": []},
        {"text_config": [], "vision_config": {"hidden_size": "x"}},
        {"architectures": {"a": 1}},
        {"torch_dtype": {}},
        {"sliding_window": -5},
        {"hidden_act": 3, "tie_word_embeddings": "yes"},
    ],
)
def test_odd_values_in_a_configuration_end_in_an_answer(odd):
    config = {**LLAMA, **odd}
    try:
        found = asked(config=config, sequence_length=512)
    except InputError as error:
        found = error
    assert isinstance(found, (Answer, Unanswerable, InputError))


def test_a_configuration_that_a_reader_trips_over_is_bad_input(monkeypatch):
    def trip(_):
        raise TypeError("not that")

    monkeypatch.setattr("checker.sizing.subject.model_of_config", trip)
    [(sentence, expected, _)] = refused(config=LLAMA)
    assert sentence == "the configuration cannot be understood (TypeError: not that)"
    assert expected == "the content of a config.json"


def test_tokens_beyond_the_native_context_are_warned_of():
    found = asked(config=LLAMA, sequence_length=16384)
    assert found.warnings == (
        "sequence_length 16384 is beyond the 8192 tokens that the model was trained for,"
        " and no scaling of its positions is configured",
    )
    scaled = {**LLAMA, "rope_scaling": {"rope_type": "yarn", "factor": 4.0}}
    assert asked(config=scaled, sequence_length=16384).warnings == ()
    served = asked(config=LLAMA, serve=True, context_window=16384)
    assert served.warnings[0].startswith("context_window 16384 is beyond the 8192 tokens")


def test_qlora_of_a_small_encoder_is_said_to_save_nothing():
    found = asked(model="sentence-transformers/all-MiniLM-L6-v2", method="qlora", sequence_length=256)
    assert found.warnings[0].startswith("qlora saves nothing worth having here: it needs ")
    assert found.warnings[0].endswith("; the model has 23 million parameters")
    assert asked(model="Qwen/Qwen3-8B", method="qlora", sequence_length=256).warnings == ()


REFUSED = [
    (
        {"hardware": {"gpu": "RTX 409O"}},
        (
            "`RTX 409O` is no GPU of the list",
            "a GPU of `weighbridge fit --list-gpus`, or `vram`",
            "did you mean `RTX 4090`?",
        ),
    ),
    (
        {"hardware": {"gpu": "A100"}},
        (
            "`A100` names several GPUs: `A100 40 GB`, `A100 80 GB`",
            "a GPU of `weighbridge fit --list-gpus`, or `vram`",
            "such as `{gpu: A100 40 GB}`",
        ),
    ),
    ({"rank": 70_000}, ("`rank` is `70000`", "at most 65536", "")),
    ({"hardware": {"count": 70_000}}, ("`hardware.count` is `70000`", "at most 65536", "")),
    ({"sequence_length": 2**31, "micro_batch_size": 1}, ("`sequence_length` is `2147483648`", "at most 67108864", "")),
    ({"serve": True, "parallel_requests": 2**21}, ("`parallel_requests` is `2097152`", "at most 1048576", "")),
    (
        {"serve": True, "runtime": "tgi", "quantization": "Q4_K_M"},
        ("TGI is not known to load GGUF files such as Q4_K_M", "runtime llama.cpp", ""),
    ),
    (
        {"serve": True, "runtime": "llama.cpp", "quantization": "awq-int4"},
        ("llama.cpp loads GGUF files, and awq-int4 is no type of them", "a GGUF type such as Q4_K_M", ""),
    ),
    (
        {"serve": True, "context_window": 1024, "prompt_tokens": 2048},
        ("`prompt_tokens` is 2048, and the context has 1024 tokens", "at most 1024", ""),
    ),
    (
        {"serve": True, "runtime": "tei", "objective": "chat"},
        ("TEI embeds and classifies texts, it generates none", "runtime vllm, tgi, llama.cpp or transformers", ""),
    ),
]


@pytest.mark.parametrize(("plan", "told"), REFUSED)
def test_a_plan_that_cannot_be_meant_is_refused(plan, told):
    assert refused(model="Qwen/Qwen3-8B", **plan) == [told]


@pytest.mark.parametrize("serve", [True, False])
def test_an_encoder_does_not_chat(serve):
    [(sentence, expected, _)] = refused(model="BAAI/bge-m3", objective="chat", serve=serve)
    assert sentence == "`chat` asks for a model that writes, and BAAI/bge-m3 is of class bi-encoder"
    assert expected.startswith("one of similarity, reranking, ")


def test_an_unknown_model_is_unknown_and_the_nearest_is_named():
    found = asked(model="Qwen/Qwen38B")
    assert (found.reason, found.nearest) == ("`Qwen/Qwen38B` is not in the catalogue", "Qwen/Qwen3-8B")
    assert "--config FILE" in found.hint


def test_the_format_of_published_weights_is_read_or_asked_for():
    own = asked(model="openai/gpt-oss-20b", serve=True)
    assert any("quantization mxfp4, as published" in line for line in own.assumptions)
    copied = of_config("me/Qwen3-8B-AWQ", {**LLAMA}, NOWHERE, Certainty.CLAIMED)
    question = of_line(SourceFile("x", '{"model": "me/Qwen3-8B-AWQ", "serve": true}'))
    assert answer_plan(question.plan, copied).plan.quantization == "awq-int4"
    packed = copied._replace(name="me/Qwen3-8B-GGUF")
    assert answer_plan(question.plan, packed).hint == "`quantization: Q4_K_M` says which"


def test_an_amount_in_gb_says_what_was_taken():
    found = asked(model="Qwen/Qwen3-8B", hardware={"vram": "24 GB"})
    assert found.hardware.note.startswith("`24 GB` is taken as the memory of a card sold with 24 GB")
    assert asked(model="Qwen/Qwen3-8B", hardware={"vram": "24 GiB"}).hardware.bytes == 24 * GIB


def test_what_would_fit_is_computed_where_it_is_asked_for():
    found = asked(model="Qwen/Qwen3-8B", method="full", hardware={"gpu": "4090"})
    assert (found.fit, found.alternatives) == (Fit.NO, None)
    whole = with_alternatives(found)
    assert any(each.fit is Fit.YES for each in whole.alternatives)
    assert all(gpu.usable_bytes * 0.9 >= found.fitting.most for gpu in whole.gpus)
    fitting = with_alternatives(asked(model="Qwen/Qwen2.5-0.5B", hardware={"gpu": "4090"}))
    assert (fitting.fit, fitting.alternatives, fitting.gpus) == (Fit.YES, (), ())
    served = with_alternatives(asked(model="Qwen/Qwen3-8B", serve=True, context_window=32768, hardware={"gpu": "T4"}))
    assert served.alternatives


QWEN = CATALOGUE.find("Qwen/Qwen3-8B").revision
STARTED = [
    (
        {"context_window": 4096, "parallel_requests": 4, "kv_cache": "fp8", "hardware": {"gpu": "L4", "count": 2}},
        f"vllm serve Qwen/Qwen3-8B --revision {QWEN} --max-model-len 4096 --max-num-seqs 4 --kv-cache-dtype fp8"
        " --tensor-parallel-size 2 --gpu-memory-utilization 0.90",
    ),
    (
        {"context_window": 4096, "quantization": "awq-int4"},
        f"vllm serve Qwen/Qwen3-8B --revision {QWEN} --max-model-len 4096 --max-num-seqs 1 --quantization awq_marlin",
    ),
    (
        {"context_window": 4096, "parallel_requests": 4, "quantization": "Q4_K_M", "kv_cache": "q8_0"},
        "llama-quantize FILE-F16.gguf FILE.gguf Q4_K_M\n"
        "llama-server -m FILE.gguf -c 16384 -np 4 -ngl 99 -fa on -ctk q8_0 -ctv q8_0",
    ),
    (
        {"context_window": 4096, "runtime": "tgi", "prompt_tokens": 3000, "hardware": {"count": 2}},
        f"text-generation-launcher --model-id Qwen/Qwen3-8B --revision {QWEN} --max-input-tokens 3000"
        " --max-total-tokens 4096 --max-batch-prefill-tokens 3000 --max-batch-total-tokens 4096"
        " --max-concurrent-requests 1 --num-shard 2",
    ),
    (
        {"context_window": 4096, "runtime": "transformers", "quantization": "nf4"},
        f'AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B", revision="{QWEN}", dtype="auto",'
        ' quantization_config=BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4"))',
    ),
    (
        {"context_window": 4096, "runtime": "llama.cpp"},
        "llama-server -m FILE.gguf -c 4096 -np 1 -ngl 99",
    ),
]


@pytest.mark.parametrize(("plan", "lines"), STARTED)
def test_the_command_that_starts_it_has_the_numbers_of_the_plan(plan, lines):
    assert "\n".join(commands(asked(model="Qwen/Qwen3-8B", serve=True, **plan))) == lines


def test_an_encoder_is_started_by_its_own_server():
    [line] = commands(asked(model="BAAI/bge-m3", serve=True))
    assert line == (
        "text-embeddings-router --model-id BAAI/bge-m3 --revision 5617a9f61b028005a4858fdac845db406aefb181"
        " --max-batch-tokens 16384 --dtype float16"
    )


def test_a_training_is_started_by_arguments():
    found = asked(model="Qwen/Qwen3-8B", method="qlora", micro_batch_size=2, optimizer="paged-adamw-8bit")
    assert commands(found)[0] == (
        "TrainingArguments(per_device_train_batch_size=2, gradient_checkpointing=True, bf16=True,"
        ' optim="paged_adamw_8bit")'
    )
    assert "load_in_4bit=True" in commands(found)[1]


def test_a_name_cannot_end_the_command_that_it_stands_in():
    subject = of_config("me/x; rm -rf ~", {**LLAMA}, NOWHERE, Certainty.CLAIMED)
    for runtime in ("vllm", "tgi", "transformers"):
        question = of_line(SourceFile("x", json.dumps({"model": "a/b", "serve": True, "runtime": runtime})))
        [line] = commands(answer_plan(question.plan, subject))
        assert "'me/x; rm -rf ~'" in line or '"me/x; rm -rf ~"' in line


def folder(path, **files):
    path.mkdir()
    for name, content in files.items():
        (path / name).write_text(content, encoding="utf-8")
    return path


def test_a_folder_is_read_by_its_configuration(tmp_path):
    path = folder(tmp_path / "model", **{"config.json": json.dumps({**LLAMA, "architectures": ["LlamaForCausalLM"]})})
    found = of_folder(path, tmp_path)
    assert (found.certainty, found.native_context) == (Certainty.INFERRED, 8192)
    assert found.model.dimensions.hidden_size == 2048


def test_a_folder_without_a_configuration_says_what_is_missing(tmp_path):
    path = folder(tmp_path / "model", **{"weights.gguf": ""})
    question = of_line(SourceFile("x", '{"model": "./model", "serve": true, "quantization": "Q4_K_M"}'))
    found = answer_plan(question.plan, of_folder(path, tmp_path))
    assert isinstance(found, Unanswerable)
    assert "architecture_class" in found.missing


def test_a_folder_of_an_unknown_family_is_unknown(tmp_path):
    path = folder(tmp_path / "model", **{"config.json": '{"model_type": "nothing-known"}'})
    assert isinstance(of_folder(path, tmp_path), Unanswerable)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "this is no JSON (Expecting property name enclosed in double quotes)"),
        ("[1]", "this is no JSON object"),
        ('{"a": NaN}', "`a` is NaN, which is no number of JSON"),
        ('{"a": {"b": -Infinity}}', "`a.b` is -Infinity, which is no number of JSON"),
        ("[" * 100_000, "too many levels inside each other"),
    ],
)
def test_a_configuration_that_cannot_be_read_is_refused(tmp_path, content, sentence):
    from checker.sizing.subject import read_config

    (tmp_path / "config.json").write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_config(tmp_path / "config.json")
    assert caught.value.problems[0].sentence == sentence


@pytest.mark.parametrize(("word", "counted"), [("bf16", "none"), ("fp16", "none"), ("nf4-dq", "nf4-dq")])
def test_words_for_weights_as_they_are_count_alike(word, counted):
    answer = asked(model="Qwen/Qwen3-8B", serve=True, runtime="transformers", quantization=word)
    assert answer.plan.quantization == counted
    assert ("bnb_4bit_use_double_quant=True" in commands(answer)[0]) == (word == "nf4-dq")


@pytest.mark.parametrize(
    ("stated", "counted"),
    [({"quantization_config": {"quant_method": "awq", "bits": 4}}, "awq-int4"), ({}, "none")],
)
def test_a_configuration_says_how_its_weights_are_stored(stated, counted):
    answer = asked(config={"model_type": "gpt_oss", **stated}, serve=True, runtime="vllm")
    assert answer.plan.quantization == counted
