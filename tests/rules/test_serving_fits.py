"""The rule `serving-fits`: alone and together on shared hardware, and what it has to ask for."""

from __future__ import annotations

import json

import pytest

from checker.verdict import Verdict
from tests.rules.judged import judged

QWEN = "Qwen/Qwen2.5-7B-Instruct"
LLAMA_70B = "meta-llama/Llama-3.3-70B-Instruct"


def entry(model, deployment, objective="chat", extra=""):
    return f"  - model: {model}\n    objective: {objective}\n{extra}    deployment: {{{deployment}}}\n"


@pytest.fixture
def evaluations(tmp_path):
    """Judge entries by the rule alone."""

    def run(*entries, head="", settings=""):
        manifest = f"weighbridge: 1\nowner: team\n{head}models:\n{''.join(entries)}"
        policy = f"policy: test\nversion: 1\nrules:\n  serving-fits: {{enforcement: soft-mandatory{settings}}}\n"
        return judged(tmp_path, manifest, policy)

    return run


def test_a_70b_with_long_context_for_eight_on_one_card_is_denied_with_weights_and_cache(evaluations):
    plan = "quantization: awq-int4, context_window: 131072, parallel_requests: 8, hardware: {gpu: H100 80GB}"
    [found] = evaluations(entry(LLAMA_70B, plan))
    [finding] = found.findings
    assert (found.verdict, finding.blocks, finding.at.line) == (Verdict.FAIL, True, 6)
    assert finding.found == "needs 360.3 GiB; KV cache 320.0, weights 37.0, activations 1.8, other 1.5"
    assert finding.expected == "at most 71.7 GiB: H100 80 GB has 79.6 GiB, and 10 % stay free"
    assert finding.remedy == "what fits: context_window 8192 (60.3 GiB), count 8 (49.5 GiB)"
    assert finding.lines[-4:] == (
        "instead: context_window 8192 needs 60.3 GiB, fits",
        "instead: parallel_requests 1 needs 80.3 GiB, does not fit",
        "instead: kv_cache fp8 needs 200.3 GiB, does not fit",
        "instead: count 8 needs 49.5 GiB, fits",
    )


def test_a_7b_on_an_l4_passes_and_says_what_it_assumed(evaluations):
    [found] = evaluations(entry(QWEN, "context_window: 8192, hardware: {gpu: L4}"))
    assert (found.verdict, found.margin) == (Verdict.PASS, "21 % of the memory left")
    assert found.notes == (
        "not written, so assumed: runtime vllm, parallel_requests 1, kv_cache fp16",
        "weights are held in 16 bits; no source states their type",
        "needed, not taken: vLLM takes 90 % of the card whatever the model",
    )
    assert found.lines[-1] == "error band: 16.7 GiB to 19.1 GiB (start-up logs of vLLM)"


@pytest.mark.parametrize(
    ("model", "objective", "context"),
    [
        ("BAAI/bge-m3", "similarity", 8192),
        ("BAAI/bge-reranker-v2-m3", "reranking", 8192),
        ("google-bert/bert-base-uncased", "multi-label-classification", 512),
        ("FacebookAI/roberta-base", "multi-class-classification", 512),
    ],
)
def test_encoders_pass_at_their_native_length_on_tei(evaluations, model, objective, context):
    [found] = evaluations(entry(model, f"context_window: {context}, hardware: {{gpu: L4}}", objective))
    assert found.verdict is Verdict.PASS
    assert found.notes[0] == "not written, so assumed: runtime tei, parallel_requests 1, kv_cache fp16"


SHARED = "hardware: {gpu: L40S}\n"
EMBEDDER = entry("BAAI/bge-m3", "context_window: 8192", "similarity")


def test_models_on_shared_hardware_are_added_up_on_its_line(evaluations):
    chat = entry(QWEN, "context_window: 32768, parallel_requests: 16")
    first, second = evaluations(chat, EMBEDDER, head=SHARED)
    assert [(found.verdict, found.findings[0].at.line) for found in (first, second)] == [(Verdict.FAIL, 3)] * 2
    assert first.findings[0].found == (
        "2 models share it and need 47.3 GiB: Qwen2.5-7B-Instruct 45.3 GiB, bge-m3 2.1 GiB"
    )
    assert second.findings[0].found == (
        "2 models share it and need 47.3 GiB: bge-m3 2.1 GiB, Qwen2.5-7B-Instruct 45.3 GiB"
    )
    assert second.findings[0].remedy == "GPUs that hold it: MI210, MI250X, H100 80 GB"
    assert "bge-m3: weights: 1.1 GiB (567754752 weights: 16 bits a weight)" in first.findings[0].lines
    assert "bge-m3: weights are held in 16 bits; no source states their type" in first.notes


def test_models_that_fit_together_pass_each(evaluations):
    found = evaluations(entry(QWEN, "context_window: 8192"), EMBEDDER, head=SHARED)
    assert [(item.verdict, item.margin) for item in found] == [(Verdict.PASS, "56 % of the memory left")] * 2


def test_hardware_of_its_own_is_shared_with_nobody(evaluations):
    alone = entry(QWEN, "context_window: 8192, hardware: {gpu: L4}")
    found = evaluations(alone, EMBEDDER, head=SHARED)
    assert [item.margin for item in found] == ["21 % of the memory left", "95 % of the memory left"]


def test_a_neighbour_behind_an_api_takes_no_memory(evaluations):
    behind = entry(QWEN, "context_window: 8192", extra="    name: hosted\n    access: api\n")
    first, second = evaluations(behind, EMBEDDER, head=SHARED)
    assert (first.verdict, second.margin) == (Verdict.NOT_APPLICABLE, "95 % of the memory left")
    assert first.reason == "the model is used through somebody's service, which has the hardware"


def test_inside_the_error_band_the_rule_advises(evaluations):
    [found] = evaluations(entry(QWEN, "context_window: 8192, hardware: {vram: 20 GiB}"))
    assert (found.verdict, found.blocks) == (Verdict.FAIL, False)


def test_more_headroom_is_tighter(evaluations):
    plan = entry(QWEN, "context_window: 8192, hardware: {gpu: L4}")
    [all_of_it], [half] = evaluations(plan, settings=", headroom: 50%"), evaluations(plan, settings=", headroom: 0")
    assert (all_of_it.verdict, half.verdict) == (Verdict.FAIL, Verdict.PASS)


def test_nothing_fits_where_everything_must_stay_free(evaluations):
    [found] = evaluations(entry(QWEN, "context_window: 8192, hardware: {gpu: L4}"), settings=", headroom: 100%")
    assert found.findings[0].expected == "at most 0.0 GiB: L4 has 22.5 GiB, and 100 % stay free"


def test_what_is_written_is_not_called_assumed(evaluations):
    plan = (
        "context_window: 8192, runtime: llama.cpp, quantization: Q4_K_M, parallel_requests: 2, kv_cache: q8_0,"
        " hardware: {gpu: M2 Max 32GB}"
    )
    [found] = evaluations(entry(QWEN, plan))
    assert found.verdict is Verdict.PASS
    assert found.notes == (
        "all layers on the GPU",
        "flash attention, and logits reserved for a whole micro batch of 512 tokens",
        "Apple M2 Max 32 GB: unified memory: the system keeps the rest",
    )


def test_the_format_is_read_from_the_name_of_the_loaded_artefact(evaluations):
    weights = "{model: Qwen/Qwen2.5-7B-Instruct-AWQ}"
    found = evaluations(entry(QWEN, f"weights: {weights}, context_window: 8192, hardware: {{gpu: L4}}"))
    assert "quantization awq-int4, read from the name Qwen/Qwen2.5-7B-Instruct-AWQ" in found[0].notes
    assert found[0].margin == "61 % of the memory left"


MIXED = {
    "architectures": ["MistralForCausalLM"],
    "model_type": "mistral",
    "hidden_size": 4096,
    "intermediate_size": 12288,
    "num_hidden_layers": 36,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "head_dim": 128,
    "vocab_size": 131072,
    "tie_word_embeddings": False,
    "sliding_window": 1024,
    "layer_types": ["full_attention", *["sliding_attention"] * 3] * 9,
}


def test_the_layers_of_what_is_loaded_are_those_of_its_configuration(evaluations, tmp_path):
    for name in ("own", "copy"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text(json.dumps(MIXED), encoding="utf-8")
    plan = "context_window: 131072, hardware: {gpu: H100 80GB}"
    [own] = evaluations(entry("./own", plan))
    [copy] = evaluations(entry("./own", f"weights: {{model: ./copy}}, {plan}"))
    assert (own.verdict, copy.verdict) == (Verdict.PASS, Verdict.PASS)
    assert own.lines == copy.lines
    [cache] = [line for line in own.lines if line.startswith("KV cache")]
    assert cache.startswith("KV cache: 5.5 GiB")
    assert "9 layers" in cache
    assert "27 with a window of 1024" in cache


def missing(found):
    assert found.verdict is Verdict.NOT_EVALUATED
    return [(item.name, item.reason, item.yaml) for item in found.missing]


WINDOW = (
    "deployment.context_window",
    "the KV cache and the prefill grow with it",
    "deployment:\n  context_window: 8192",
)


def test_the_window_and_the_hardware_are_asked_for_together(evaluations):
    [found] = evaluations(entry(QWEN, "parallel_requests: 2"))
    hardware = ("deployment.hardware", "the estimate is held against its memory", "deployment:\n  hardware: {gpu: L4}")
    assert missing(found) == [WINDOW, hardware]


def test_the_window_alone_is_asked_for_where_the_hardware_is_known(evaluations):
    [found] = evaluations(entry(QWEN, "hardware: {gpu: L4}"))
    assert missing(found) == [WINDOW]


@pytest.mark.parametrize(
    ("gpu", "reason", "example"),
    [
        ("A100", "`A100` names several GPUs: `A100 40 GB`, `A100 80 GB`", "{gpu: A100 40 GB}"),
        ("L44", "`L44` is no GPU of the list; did you mean `L4`?", "{gpu: L4}"),
        ("abacus", "`abacus` is no GPU of the list", "{vram: 24 GiB}"),
    ],
)
def test_a_gpu_that_is_not_one_product_is_asked_for(evaluations, gpu, reason, example):
    [found] = evaluations(entry(QWEN, f"context_window: 8192, hardware: {{gpu: {gpu}}}"))
    assert missing(found) == [("deployment.hardware", reason, f"deployment:\n  hardware: {example}")]


def test_gguf_files_of_an_unknown_size_are_asked_for(evaluations):
    weights = "{model: acme/Qwen2.5-7B-Instruct-GGUF}"
    [found] = evaluations(entry(QWEN, f"weights: {weights}, context_window: 8192, hardware: {{gpu: L4}}"))
    assert missing(found) == [
        (
            "deployment.quantization",
            "acme/Qwen2.5-7B-Instruct-GGUF holds GGUF files, which come in many sizes",
            "deployment:\n  quantization: Q4_K_M",
        )
    ]


def test_an_unknown_neighbour_leaves_the_sum_open(evaluations):
    found = evaluations(entry("acme/unheard-of", "context_window: 8192"), EMBEDDER, head=SHARED)
    assert [[name for name, _, _ in missing(item)] for item in found] == [["architecture_class"]] * 2


HYBRID = "ibm-granite/granite-4.0-h-tiny"
MEASURED = "    measured: {serving_peak: 12 GiB, evidence: runs/1.json}\n"


def test_a_kind_that_is_not_modelled_asks_for_a_measurement(evaluations):
    [found] = evaluations(entry(HYBRID, "context_window: 2048, hardware: {gpu: L4}"))
    assert missing(found) == [
        (
            "measured.serving_peak",
            "which of its layers attend is not among the facts; a config.json lists them;"
            " a measurement counts where the policy sets `measured_counts: true`",
            "measured: {serving_peak: 21.4 GiB, evidence: runs/2026-11-02.json}",
        )
    ]


def test_a_measurement_counts_where_the_policy_says_so(evaluations):
    plan = entry(HYBRID, "context_window: 2048, hardware: {gpu: L4}", extra=MEASURED)
    [found] = evaluations(plan, settings=", measured_counts: true")
    assert (found.verdict, found.margin) == (Verdict.PASS, "47 % of the memory left")
    assert found.lines[0] == "measured: 12.0 GiB (as the manifest states)"


def test_a_measurement_is_shown_beside_the_estimate(evaluations):
    [found] = evaluations(entry(QWEN, "context_window: 8192, hardware: {gpu: L4}", extra=MEASURED))
    assert found.notes[-1] == "measured: 12.0 GiB, estimated: 17.7 GiB"


def test_without_deployment_there_is_nothing_to_judge(evaluations):
    [found] = evaluations(f"  - {{model: {QWEN}, objective: chat}}\n")
    assert (found.verdict, found.reason) == (Verdict.NOT_APPLICABLE, "no `deployment` block is declared")


def test_the_memory_is_that_of_the_artefact_that_is_loaded(evaluations):
    weights = "weights: {model: Qwen/Qwen2.5-32B-Instruct}"
    [found] = evaluations(entry(QWEN, f"{weights}, context_window: 8192, hardware: {{gpu: L4}}"))
    assert (found.verdict, found.blocks) == (Verdict.FAIL, True)
    assert found.findings[0].found.startswith("needs 66.")
    assert "the memory is that of Qwen/Qwen2.5-32B-Instruct, which is loaded" in found.notes


def test_an_artefact_of_a_neighbour_counts_too(evaluations):
    weights = "weights: {model: Qwen/Qwen2.5-32B-Instruct}"
    found = evaluations(entry(QWEN, f"{weights}, context_window: 8192"), EMBEDDER, head=SHARED)
    assert [item.verdict for item in found] == [Verdict.FAIL] * 2


def test_an_artefact_that_nobody_knows_is_taken_for_the_model_and_said_so(evaluations):
    weights = "weights: {model: acme/Qwen2.5-7B-tuned}"
    [found] = evaluations(entry(QWEN, f"{weights}, context_window: 8192, hardware: {{gpu: L4}}"))
    assert (found.verdict, found.margin) == (Verdict.PASS, "21 % of the memory left")
    assert (
        "no source states parameters and dimensions of acme/Qwen2.5-7B-tuned, which is loaded; assumed as those of"
        f" {QWEN}"
    ) in found.notes


def test_gpt_oss_on_18_gib_is_judged_in_the_format_that_it_is_published_in(evaluations):
    [found] = evaluations(entry("openai/gpt-oss-20b", "context_window: 8192, hardware: {vram: 18 GiB}"))
    assert not found.blocks
    assert found.findings[0].found.startswith("needs 16.8 GiB; weights 12.8, ")
    assert any(note.startswith("quantization mxfp4, as published (the experts in MXFP4") for note in found.notes)


def test_deepseek_v3_is_judged_in_8_bits(evaluations):
    [found] = evaluations(entry("deepseek-ai/DeepSeek-V3", "context_window: 8192, hardware: {gpu: H200, count: 8}"))
    assert found.verdict is Verdict.PASS
    assert any(note.startswith("quantization fp8, as published") for note in found.notes)


@pytest.mark.parametrize("model", ["moonshotai/Moonlight-16B-A3B-Instruct", "moonshotai/Kimi-K2-Instruct"])
def test_a_model_whose_stored_format_is_not_known_is_asked_for_it(evaluations, model):
    [found] = evaluations(entry(model, "context_window: 4096, hardware: {gpu: H200, count: 8}"))
    [(name, reason, yaml)] = missing(found)
    assert (name, yaml) == ("deployment.quantization", "deployment:\n  quantization: fp8")
    assert reason.endswith(f"nothing says how {model} is stored")


@pytest.mark.parametrize(
    ("model", "gpus", "words"),
    [
        (QWEN, 8, "28 attention heads do not divide by 8 devices"),
        (QWEN, 64, "28 attention heads do not divide by 64 devices"),
        (QWEN, 7, "4 key-value heads do not divide by 7 devices"),
        (LLAMA_70B, 3, "64 attention heads do not divide by 3 devices"),
    ],
)
def test_heads_that_do_not_divide_by_the_devices_are_not_evaluated(evaluations, model, gpus, words):
    [found] = evaluations(entry(model, f"context_window: 4096, hardware: {{gpu: H200, count: {gpus}}}"))
    [(name, reason, _)] = missing(found)
    assert name == "measured.serving_peak"
    assert reason.startswith(words)


@pytest.mark.parametrize(
    ("plan", "objective", "key", "words"),
    [
        ("runtime: llama.cpp, quantization: awq-int4", "chat", "quantization", "llama.cpp loads GGUF files, and"),
        ("runtime: llama.cpp, quantization: gptq-int4", "chat", "quantization", "llama.cpp loads GGUF files, and"),
        ("runtime: llama.cpp, quantization: fp8", "chat", "quantization", "llama.cpp loads GGUF files, and fp8 is no"),
        ("runtime: llama.cpp, quantization: nf4", "chat", "quantization", "llama.cpp loads GGUF files, and nf4 is no"),
        ("runtime: tgi, quantization: Q4_K_M", "chat", "runtime", "TGI is not known to load GGUF files such as Q4"),
        ("runtime: transformers, quantization: Q4_K_M", "chat", "runtime", "transformers de-quantises GGUF files"),
        ("runtime: tei, quantization: Q4_K_M", "similarity", "runtime", "TEI is not known to load quantised weights"),
        ("runtime: tei", "chat", "runtime", "TEI embeds and classifies texts, it generates none"),
        ("runtime: tei", "text-generation", "runtime", "TEI embeds and classifies texts, it generates none"),
    ],
)
def test_what_a_runtime_is_not_known_to_run_is_not_evaluated(evaluations, plan, objective, key, words):
    [found] = evaluations(entry(QWEN, f"{plan}, context_window: 4096, hardware: {{gpu: H200}}", objective))
    [(name, reason, _)] = missing(found)
    assert name == f"deployment.{key}"
    assert reason.startswith(words)


def test_vllm_loads_gguf_and_the_report_says_how(evaluations):
    [found] = evaluations(entry(QWEN, "runtime: vllm, quantization: Q4_K_M, context_window: 4096, hardware: {gpu: L4}"))
    assert found.verdict is Verdict.PASS
    assert "vLLM loads GGUF through a plugin that its documentation calls experimental" in found.notes


def claims(stated):
    return ", ".join(f"{name}: {{value: {value}, evidence: https://example.com}}" for name, value in stated.items())


def test_parameters_that_contradict_the_dimensions_are_not_evaluated(evaluations):
    sizes = {
        "num_hidden_layers": 80,
        "hidden_size": 8192,
        "intermediate_size": 28672,
        "num_attention_heads": 64,
        "num_key_value_heads": 8,
        "head_dim": 128,
        "vocab_size": 128256,
    }
    dimensions = claims(sizes)
    stated = claims({"parameters": 1000, "architecture_class": "decoder"})
    known = f"    known: {{{stated}, dimensions: {{{dimensions}}}}}\n"
    [found] = evaluations(entry("acme/unheard-of", "context_window: 4096, hardware: {gpu: L4}", extra=known))
    reasons = {name: reason for name, reason, _ in missing(found)}
    assert "1000 parameters contradict the dimensions: 80 layers of 8192 make some" in reasons["parameters"]


def test_a_cache_format_that_the_runtime_does_not_have_is_asked_for(evaluations):
    plan = "context_window: 8192, runtime: vllm, kv_cache: q8_0, hardware: {gpu: L4}"
    [found] = evaluations(entry(QWEN, plan))
    [(name, reason, yaml)] = missing(found)
    assert (name, yaml) == ("deployment.kv_cache", "deployment:\n  kv_cache: fp16")
    assert reason.startswith("vllm is not known to hold a KV cache of q8_0: expected one of fp16")
