"""Serving memory: weights, cache, prefill and runtime, and where the arithmetic stops."""

from __future__ import annotations

import pytest

from checker.facts.model import ArchitectureClass
from checker.memory import serving
from checker.memory.estimate import Estimate, NotEstimable
from checker.memory.plan import Runtime, ServingPlan
from checker.memory.units import GIB, MIB, gib
from checker.memory.weights import FORMATS, canonical, format_in_name, stored_bytes
from tests.memory.accuracy import models

QWEN = models()["Qwen/Qwen2.5-7B-Instruct"]
LLAMA_70B = models()["meta-llama/Llama-3.3-70B-Instruct"]
GEMMA = models()["google/gemma-3-27b-it"]
MISTRAL = models()["mistralai/Mistral-7B-v0.1"]
WINDOWED = MISTRAL._replace(dimensions=MISTRAL.dimensions._replace(sliding_window=4096))
DEEPSEEK = models()["deepseek-ai/DeepSeek-V2-Lite-Chat"]
MOE = models()["Qwen/Qwen3-30B-A3B"]
HYBRID = models()["Qwen/Qwen3.5-9B"]
BGE = models()["BAAI/bge-m3"]
VLLM = ServingPlan(Runtime.VLLM, 8192)


def estimated(model, plan=VLLM, devices=1):
    result = serving.estimate(model, plan, devices)
    assert isinstance(result, Estimate)
    return result


def test_every_term_says_how_it_was_computed():
    assert [str(term) for term in estimated(QWEN).terms] == [
        "weights: 14.2 GiB (7615616512 weights: 16 bits a weight)",
        "activations: 1.6 GiB (sampling 256 sequences · 152064 · 44 bytes)",
        "runtime: 1.0 GiB (libraries 0.3 GiB and captured graphs 0.7 GiB, as vLLM's logs have them)",
        "CUDA context: 0.5 GiB (fixed, 0.3 to 0.6 GB are seen)",
        "KV cache: 0.4 GiB (8192 tokens in blocks of 16 · 28 layers · 4 heads · 128 · 2 · 2 bytes)",
    ]


def test_a_long_context_for_many_outgrows_the_weights():
    plan = ServingPlan(Runtime.VLLM, 131072, 8, "awq-int4")
    result = estimated(LLAMA_70B, plan)
    assert [(name, gib(amount)) for name, amount in result.largest(2)] == [
        ("KV cache", "320.0 GiB"),
        ("weights", "37.0 GiB"),
        ("other", "3.3 GiB"),
    ]


def test_devices_share_weights_and_cache_down_to_one_head_each():
    plan = ServingPlan(Runtime.VLLM, 131072, 1, "awq-int4")
    one, four, sixteen = (estimated(LLAMA_70B, plan, devices) for devices in (1, 4, 16))
    assert four.term("KV cache") == one.term("KV cache") // 4
    assert sixteen.term("KV cache") == one.term("KV cache") // 8
    assert four.term("weights") == one.term("weights") // 4
    assert four.term("communication") == 2 * GIB
    assert "each of 4 devices holds its part of weights and cache, as in tensor parallelism" in four.assumptions


def test_latent_attention_caches_one_copy_of_the_latent_and_the_rotated_part():
    assert estimated(DEEPSEEK, ServingPlan(Runtime.VLLM, 32768)).term("KV cache") == 27 * (512 + 64) * 2 * 32768


def test_llama_cpp_holds_a_window_only_in_layers_that_have_one():
    result = estimated(GEMMA, ServingPlan(Runtime.LLAMA_CPP, 131072, quantization="Q4_K_M"))
    layer = 2 * 16 * 128 * 2
    assert result.term("KV cache") == layer * (10 * 131072 + 52 * 1536)


def test_a_model_of_windows_alone_needs_no_more_cache_for_more_context():
    short, long = (estimated(WINDOWED, ServingPlan(Runtime.LLAMA_CPP, size)) for size in (8192, 32768))
    assert short.term("KV cache") == long.term("KV cache") == 2 * 32 * 8 * 128 * 2 * 4608


def test_vllm_keeps_a_window_and_one_step_in_layers_that_have_one():
    result = estimated(GEMMA, ServingPlan(Runtime.VLLM, 131072))
    layer = 2 * 16 * 128 * 2
    assert result.term("KV cache") == layer * (10 * 131072 + 52 * (1024 + 8192 + 16))


@pytest.mark.parametrize(("runtime", "version"), [(Runtime.VLLM, "0.9.2"), (Runtime.TGI, "")])
def test_some_runtimes_cache_the_whole_context_in_layers_with_a_window_and_say_so(runtime, version):
    result = estimated(GEMMA, ServingPlan(runtime, 32768, runtime_version=version))
    assert result.term("KV cache") == 2 * 62 * 16 * 128 * 2 * 32768
    assert any("the whole context in layers with a sliding window too" in said for said in result.assumptions)


def test_a_hybrid_caches_in_one_layer_of_four_and_keeps_a_state_for_each_request():
    result = estimated(HYBRID._replace(state_space=True), ServingPlan(Runtime.LLAMA_CPP, 33792, 4, "Q4_K_M"))
    assert result.term("KV cache") == 4224 * MIB
    assert result.term("recurrent state") == 201 * MIB


@pytest.mark.parametrize(("kv_cache", "share"), [("fp8", 1 / 2), ("q8_0", 17 / 32), ("q4_0", 9 / 32), ("bf16", 1)])
def test_the_cache_has_a_number_format_of_its_own(kv_cache, share):
    plan = ServingPlan(Runtime.VLLM if kv_cache in ("fp8", "bf16") else Runtime.LLAMA_CPP, 8192)
    plain, small = estimated(QWEN, plan), estimated(QWEN, plan._replace(kv_cache=kv_cache))
    assert small.term("KV cache") == share * plain.term("KV cache")
    assert small.term("weights") == plain.term("weights")


def test_an_encoder_has_no_cache_and_runs_batches_of_16384_tokens():
    result = estimated(BGE, ServingPlan(Runtime.TEI, 8192, 64), devices=4)
    assert [(term.name, term.formula) for term in result.terms] == [
        ("weights", "567754752 weights: 16 bits a weight"),
        ("activations", "16384 tokens · (3 · 4096 + 4 · 1024) · 2 bytes"),
        ("CUDA context", "fixed, 0.3 to 0.6 GB are seen"),
    ]


def test_an_encoder_of_unknown_type_is_taken_for_32_bits_in_transformers():
    result = estimated(BGE._replace(torch_dtype=None), ServingPlan(Runtime.TRANSFORMERS, 512, 8))
    assert result.term("weights") == 4 * 567754752
    assert "weights are held in 32 bits; no source states their type" in result.assumptions


def test_experts_all_stay_in_memory():
    assert estimated(MOE).term("weights") == 2 * 30532122624
    stored = estimated(MOE, VLLM._replace(quantization="awq-int4"))
    experts, attention = 48 * 128 * 3 * 2048 * 768, 48 * 2048 * 128 * (32 + 4 + 4 + 32)
    rest = 30532122624 - experts - attention
    assert stored.term("weights") == int((experts + attention) * 4.15625 / 8) + 2 * rest


def test_a_width_that_only_the_experts_have_serves_for_the_prefill():
    dims = MOE.dimensions._replace(intermediate_size=None)
    plan = ServingPlan(Runtime.TRANSFORMERS, 8192)
    [prefill] = [term for term in estimated(MOE._replace(dimensions=dims), plan).terms if term.name == "activations"]
    assert "3 · 6144 + 4 · 2048" in prefill.formula


def test_fp8_of_a_tied_model_stores_the_head_apart():
    small = models()["Qwen/Qwen2.5-0.5B-Instruct"]
    table, rest = 2 * 151936 * 896, 2 * 71552
    blocks = small.parameters - 151936 * 896 - 71552
    needed = estimated(small, VLLM._replace(quantization="fp8")).term("weights")
    assert needed == int(blocks * (8 + 32 / 128**2) / 8) + rest + 2 * table


@pytest.mark.parametrize(
    ("runtime", "said"),
    [
        (Runtime.VLLM, "needed, not taken: vLLM takes 90 % of the card whatever the model"),
        (Runtime.TGI, "TGI is taken to need what vLLM needs"),
    ],
)
def test_a_runtime_says_what_it_is_taken_for(runtime, said):
    assert said in estimated(QWEN, ServingPlan(runtime, 8192)).assumptions


def test_images_are_said_to_be_left_out():
    said = estimated(GEMMA._replace(multimodal=True)).assumptions
    assert "text only; the vision part is counted in the weights, its images in nothing" in said


def test_bits_of_a_file_are_said_to_be_those_of_another_model_where_its_rules_are_not_known():
    said = estimated(QWEN, ServingPlan(Runtime.LLAMA_CPP, 4096, quantization="IQ2_XS")).assumptions
    assert "bits a weight as in files of Llama-3.1-8B; all layers on the GPU" in said


@pytest.mark.parametrize(
    ("model", "reason", "missing"),
    [
        (QWEN._replace(architecture=None), "no source states architecture_class", ("architecture_class",)),
        (QWEN._replace(parameters=None), "no source states parameters", ("parameters",)),
        (
            QWEN._replace(dimensions=QWEN.dimensions._replace(num_key_value_heads=None)),
            "no source states dimensions.num_key_value_heads",
            ("dimensions.num_key_value_heads",),
        ),
        (
            QWEN._replace(dimensions=QWEN.dimensions._replace(intermediate_size=None)),
            "no source states dimensions.intermediate_size",
            ("dimensions.intermediate_size",),
        ),
        (
            QWEN._replace(architecture=ArchitectureClass.SPEECH),
            "serving is modelled for decoders, encoders and encoder-decoders, not for class speech",
            (),
        ),
        (
            QWEN._replace(state_space=True),
            "which of its layers attend is not among the facts; a config.json lists them",
            (),
        ),
        (
            QWEN._replace(model_type="gemma4"),
            "the KV cache of `gemma4` needs its config.json: layers share caches and differ in heads",
            (),
        ),
        (
            DEEPSEEK._replace(model_type="unheard_of"),
            "the rotated head dimension of its latent attention is not among the facts",
            (),
        ),
    ],
)
def test_what_is_missing_or_not_modelled_is_refused_by_name(model, reason, missing):
    assert serving.estimate(model, VLLM) == NotEstimable(reason, missing)


def test_a_total_that_the_blocks_exceed_is_refused_where_blocks_are_quantised():
    result = serving.estimate(QWEN._replace(parameters=2_000_000_000), VLLM._replace(quantization="awq-int4"))
    assert isinstance(result, NotEstimable)
    assert result.missing == ("parameters", "dimensions")


@pytest.mark.parametrize(
    ("model", "quantization", "runtime"),
    [
        (QWEN, "none", Runtime.VLLM),
        (QWEN, "Q4_K_M", Runtime.LLAMA_CPP),
        (BGE, "none", Runtime.TEI),
        (BGE, "F16", Runtime.LLAMA_CPP),
    ],
)
def test_the_default_runtime_follows_the_model_and_its_files(model, quantization, runtime):
    assert serving.default_runtime(model, quantization) is runtime


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("Qwen/Qwen2.5-7B-Instruct-AWQ", "awq-int4"),
        ("hugging-quants/Meta-Llama-3.1-8B-Instruct-AWQ-INT4", "awq-int4"),
        ("Qwen/Qwen2.5-7B-Instruct-GPTQ-Int4", "gptq-int4"),
        ("Qwen/Qwen2.5-7B-Instruct-GPTQ-Int8", "gptq-int8"),
        ("RedHatAI/Meta-Llama-3.1-8B-Instruct-quantized.w8a8", "int8"),
        ("RedHatAI/Meta-Llama-3.1-8B-Instruct-quantized.w4a16", "gptq-int4"),
        ("Qwen/Qwen3-8B-FP8", "fp8"),
        ("unsloth/llama-3-8b-bnb-4bit", "nf4"),
        ("fp8-labs/Qwen3-8B", None),
        ("Qwen/Qwen2.5-7B-Instruct", None),
    ],
)
def test_a_name_tells_its_format(name, stored):
    assert format_in_name(name) == stored


def test_an_int4_model_of_7b_takes_5_9_bits_a_weight():
    needed = estimated(QWEN, VLLM._replace(quantization="awq-int4")).term("weights")
    assert 8 * needed / 7615616512 == pytest.approx(5.86, abs=0.05)


def test_what_is_not_quantised_has_16_bits():
    assert stored_bytes(8_000_000, 1_000_000, FORMATS["nf4"]) == 4_500_000 + 2_000_000


def test_the_manifest_has_no_format_or_cache_that_is_not_known_here():
    from checker.manifest.model import KvCache, Quantization
    from checker.memory.kv_cache import ELEMENT_BYTES

    assert {canonical(item.value) for item in Quantization} <= set(FORMATS)
    assert {item.value for item in KvCache} <= set(ELEMENT_BYTES)
