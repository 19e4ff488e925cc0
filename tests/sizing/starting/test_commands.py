"""A start command says the plan and nothing else: right options with their sources, one word a word, the commit passed."""

from __future__ import annotations

import json
import re
import shlex

import pytest

from checker.document.errors import InputError
from checker.document.place import NOWHERE, SourceFile
from checker.facts.catalogue import Catalogue
from checker.facts.fact import Certainty
from checker.memory.plan import Runtime
from checker.sizing.answer import Answer, answer_plan
from checker.sizing.question import of_line
from checker.sizing.start import KUBERNETES, launch_of, start
from checker.sizing.starting.launch import TARGETS, share_of, share_text
from checker.sizing.subject import of_catalogue, of_config

CATALOGUE = Catalogue()
COMMIT = "0123456789abcdef0123456789abcdef01234567"
LLAMA = {
    "model_type": "llama",
    "hidden_size": 2048,
    "num_hidden_layers": 16,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "intermediate_size": 8192,
    "vocab_size": 128256,
    "max_position_embeddings": 8192,
}
HOSTILE = "me/x; rm -rf ~ $(id) `id` 'q' \"q\" && * | > #"


def answered(model="Qwen/Qwen3-8B", revision=COMMIT, *, name=None, **plan):
    question = of_line(SourceFile("plan", json.dumps({"model": "a/b", "serve": True, **plan})))
    subject = of_catalogue(model, CATALOGUE)
    if name is not None:
        subject = of_config(name, LLAMA, NOWHERE, Certainty.CLAIMED)
    answer = answer_plan(question.plan, subject.at(revision, "a test"))
    assert isinstance(answer, Answer)
    return answer


def options(launch):
    return {flag.name: flag.value for flag in launch.flags}


def test_vllm_is_told_the_plan_and_the_commit():
    answer = answered(
        context_window=16384,
        parallel_requests=8,
        kv_cache="fp8",
        quantization="fp8",
        hardware={"gpu": "L4", "count": 2},
    )
    assert options(launch_of(answer)) == {
        "--revision": COMMIT,
        "--max-model-len": "16384",
        "--max-num-seqs": "8",
        "--quantization": "fp8",
        "--kv-cache-dtype": "fp8",
        "--tensor-parallel-size": "2",
        "--gpu-memory-utilization": "0.90",
    }


def test_files_that_hold_a_format_are_loaded_as_they_are():
    answer = answered("Qwen/Qwen3-8B", name="me/Llama-FP8", quantization="fp8")
    assert "--quantization" not in options(launch_of(answer))
    [note] = [note for note in launch_of(answered(quantization="awq-int4")).notes if "quantised copy" in note]
    assert "Qwen/Qwen3-8B is not known to hold awq-int4 files" in note
    own = launch_of(answered(name="me/Llama-AWQ", quantization="awq-int4"))
    assert options(own)["--quantization"] == "awq_marlin"
    assert not any("quantised copy" in note for note in own.notes)


def test_tgi_bounds_prompt_answer_and_prefill():
    answer = answered(
        runtime="tgi", context_window=4096, prompt_tokens=3000, parallel_requests=4, quantization="nf4", kv_cache="fp8",
        hardware={"gpu": "A100 80GB", "count": 2},
    )  # fmt: skip
    assert options(launch_of(answer)) == {
        "--model-id": "Qwen/Qwen3-8B",
        "--revision": COMMIT,
        "--max-input-tokens": "3000",
        "--max-total-tokens": "4096",
        "--max-batch-prefill-tokens": "8192",
        "--max-batch-total-tokens": "16384",
        "--max-concurrent-requests": "4",
        "--quantize": "bitsandbytes-nf4",
        "--kv-cache-dtype": "fp8_e4m3fn",
        "--num-shard": "2",
        "--cuda-memory-fraction": "0.90",
    }


@pytest.mark.parametrize("prompt", [None, 4096])
def test_a_prompt_of_the_whole_context_leaves_tgi_one_token_for_the_answer(prompt):
    found = options(launch_of(answered(runtime="tgi", context_window=4096, prompt_tokens=prompt)))
    assert (found["--max-input-tokens"], found["--max-total-tokens"]) == ("4095", "4096")
    assert int(found["--max-batch-prefill-tokens"]) >= 4095


def test_llama_cpp_is_given_the_context_of_all_slots_together():
    answer = answered(context_window=4096, parallel_requests=4, quantization="Q4_K_M", kv_cache="q8_0")
    launch = launch_of(answer)
    assert options(launch) == {
        "-m": "FILE.gguf",
        "-c": "16384",
        "-np": "4",
        "-ngl": "99",
        "-fa": "on",
        "-ctk": "q8_0",
        "-ctv": "q8_0",
    }
    assert launch.before == (("llama-quantize", "FILE-F16.gguf", "FILE.gguf", "Q4_K_M"),)
    assert COMMIT in launch.notes[0]


def test_a_commit_of_gguf_files_is_downloaded_first_for_llama_server_takes_none():
    # The catalogue holds no such repository, so that a described one stands for it under the Hub's rules.
    subject = of_config("me/Llama-GGUF", LLAMA, NOWHERE, Certainty.CLAIMED)._replace(listed=True)
    question = of_line(SourceFile("plan", json.dumps({"model": "a/b", "serve": True, "quantization": "Q4_K_M"})))
    pinned = launch_of(answer_plan(question.plan, subject.at(COMMIT, "a test")))
    assert pinned.before == (
        (
            *("hf", "download", "me/Llama-GGUF", "--revision", COMMIT),
            *("--include", "*Q4_K_M*.gguf", "--local-dir", "./Llama-GGUF"),
        ),
    )
    assert options(pinned)["-m"] == "./Llama-GGUF/FILE.gguf"
    loose = launch_of(answer_plan(question.plan, subject))
    assert options(loose)["-hf"] == "me/Llama-GGUF:Q4_K_M"
    assert loose.before == ()
    assert "no commit is known" in loose.notes[0]


def test_tei_is_told_the_tokens_of_a_batch():
    found = options(launch_of(answered("BAAI/bge-m3", context_window=8192, parallel_requests=600)))
    assert found == {
        "--model-id": "BAAI/bge-m3",
        "--revision": COMMIT,
        "--max-batch-tokens": "16384",
        "--max-concurrent-requests": "600",
        "--dtype": "float16",
    }


@pytest.mark.parametrize(
    ("runtime", "objective", "option"),
    [
        ("vllm", "similarity", ("--runner", "pooling")),
        ("llama.cpp", "similarity", ("--embeddings", None)),
        ("llama.cpp", "reranking", ("--reranking", None)),
    ],
)
def test_a_model_that_embeds_is_started_as_one(runtime, objective, option):
    launch = launch_of(answered("BAAI/bge-m3", runtime=runtime, objective=objective))
    assert option in options(launch).items()


REFUSED = [
    ("Qwen/Qwen3-8B", "tei", None, "TEI embeds and classifies texts, it generates none"),
    ("meta-llama/Llama-3.1-8B", "tei", "similarity", "TEI is not known to embed with a model of family `llama`"),
    ("BAAI/bge-m3", "tgi", None, "TGI generates texts, it embeds and classifies none"),
    ("Qwen/Qwen3-8B", "tgi", "similarity", "TGI generates texts, it embeds and classifies none"),
]


@pytest.mark.parametrize(("model", "runtime", "objective", "sentence"), REFUSED)
def test_a_runtime_that_cannot_do_it_is_refused_and_those_that_can_are_named(model, runtime, objective, sentence):
    with pytest.raises(InputError) as caught:
        answered(model, runtime=runtime, **({"objective": objective} if objective else {}))
    [problem] = caught.value.problems
    assert problem.sentence == sentence
    able = re.findall(r"vllm|tgi|llama\.cpp|tei|transformers", problem.expected)
    assert runtime not in able
    for other in able:
        answered(model, runtime=other, **({"objective": objective} if objective else {}))


def test_tei_embeds_with_the_decoders_that_its_documentation_lists():
    assert launch_of(answered(runtime="tei", objective="similarity")).program == ("text-embeddings-router",)


@pytest.mark.parametrize("runtime", ["vllm", "tgi", "llama.cpp"])
def test_every_option_has_its_source_and_every_word_stays_one(runtime):
    answer = answered(runtime=runtime, quantization="Q4_K_M" if runtime == "llama.cpp" else "none", name=HOSTILE)
    made = start(answer, runtime)
    assert made.launch.flags
    assert all(re.fullmatch(r"https://[a-z.]+/\S+", flag.source) for flag in made.launch.flags)
    assert shlex.split(made.launch.line) == list(made.launch.words)
    last = made.text.splitlines()[len(made.launch.before) :]
    assert shlex.split("\n".join(last).replace(" \\\n", " ")) == list(made.launch.words)


@pytest.mark.parametrize("name", ["--trust-remote-code", "a\nrm -rf ~", "a\x1b[31mb", "a\u202eb", "a\rb"])
@pytest.mark.parametrize("target", ["vllm", KUBERNETES])
def test_a_name_that_no_command_may_hold_is_refused(name, target):
    with pytest.raises(InputError, match="is no name that a command may hold"):
        start(answered(name=name), target)


def test_a_folder_has_no_commit_and_a_branch_is_said_to_be_none():
    local = launch_of(answered(name="./models/mine"))
    assert "--revision" not in options(local)
    assert local.notes == ("a local folder has no commit: pin it where it comes from",)
    branch = launch_of(answered(revision="main"))
    assert options(branch)["--revision"] == "main"
    assert branch.notes == ("`main` is no commit, and what it names can change",)


def test_without_a_pin_the_commit_is_the_one_that_the_facts_were_read_at():
    launch = launch_of(answered(revision=None))
    assert options(launch)["--revision"] == CATALOGUE.find("Qwen/Qwen3-8B").revision
    assert "by the record that the facts were read at" in launch.flags[0].why


def test_a_share_is_cut_and_never_rounded_up():
    assert [share_text(share_of(headroom)) for headroom in (0.1, 0.125, 0.0, 0.0004, 0.3333)] == [
        *("0.90", "0.875", "1.00", "0.999", "0.666"),
    ]


def test_a_target_is_a_server_or_the_cluster():
    assert set(TARGETS) == {KUBERNETES, *(runtime.value for runtime in Runtime if runtime is not Runtime.TRANSFORMERS)}
    with pytest.raises(InputError, match="beside runtime vllm"):
        start(answered(), "tgi")
    with pytest.raises(InputError, match="transformers is a library"):
        start(answered(runtime="transformers"), KUBERNETES)
    training = of_line(SourceFile("plan", json.dumps({"model": "a/b"})))
    with pytest.raises(InputError, match="this is a training"):
        start(answer_plan(training.plan, of_catalogue("Qwen/Qwen3-8B", CATALOGUE)), "vllm")


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ({"quantization": "Q4_K_M", "runtime": "vllm"}, "vLLM reads GGUF through a plugin"),
        ({"quantization": "int8"}, "vLLM makes no int8 weights while it loads"),
        ({"kv_cache": "int8"}, "`--kv-cache-dtype fp8` takes as much"),
    ],
)
def test_what_vllm_may_refuse_is_said(plan, words):
    assert words in "\n".join(launch_of(answered(**plan)).notes)


def test_transformers_places_layers_on_several_gpus():
    line = launch_of(answered(runtime="transformers", hardware={"gpu": "L4", "count": 2})).line
    assert 'device_map="auto"' in line
