"""What each runtime holds, moment by moment, and how releases differ."""

from __future__ import annotations

import pytest

from checker.facts.fact import Certainty, Fact, Origin, Source
from checker.facts.model import ArchitectureClass, Dimensions, Facts
from checker.memory import placement, serving
from checker.memory.estimate import Estimate, NotEstimable
from checker.memory.model import Model
from checker.memory.of_facts import model_of
from checker.memory.plan import Runtime, ServingPlan
from checker.memory.runtime import transformers
from checker.memory.runtimes import cannot_load
from checker.memory.traits import Traits
from checker.memory.units import GIB, MIB
from tests.memory.accuracy import models
from tests.memory.serving_accuracy import serving_models

QWEN = models()["Qwen/Qwen2.5-7B-Instruct"]
POSITIONED = QWEN._replace(dimensions=QWEN.dimensions._replace(max_position_embeddings=32768))
SMALL = models()["Qwen/Qwen2.5-0.5B-Instruct"]
DEEPSEEK = models()["deepseek-ai/DeepSeek-V2-Lite-Chat"]
HF = ServingPlan(Runtime.TRANSFORMERS, 8192, prompt_tokens=6144)


def estimated(model, plan, devices=1):
    result = serving.estimate(model, plan, devices)
    assert isinstance(result, Estimate), result
    return result


def moments(result):
    return {moment.name: moment.bytes for moment in result.moments}


def version(text, plan=HF):
    return plan._replace(runtime_version=text)


def test_the_peak_is_the_fullest_moment():
    result = estimated(QWEN, HF)
    assert result.moment == "prefill"
    assert result.allocated_bytes == max(moments(result).values()) == moments(result)["prefill"]
    assert result.peak_bytes == result.allocated_bytes + result.term("CUDA context")


def test_a_short_prompt_has_its_peak_at_the_end_of_the_answer():
    result = estimated(QWEN, HF._replace(prompt_tokens=1))
    assert result.moment == "decode"
    assert result.term("KV cache") == 8192 * 28 * 4 * 128 * 4


def test_logits_of_the_whole_prompt_exist_before_4_45():
    old, new = estimated(QWEN, version("4.44.2")), estimated(QWEN, version("4.45.0"))
    assert old.term("logits") == 6144 * 152064 * 6
    assert new.term("logits") == 0
    assert new.term("activations") == 6144 * (3 * 18944 + 4 * 3584) * 2


def test_position_tables_of_every_layer_exist_before_4_45():
    old, new = estimated(POSITIONED, version("4.38.2")), estimated(POSITIONED, version("4.46.0"))
    assert old.term("position tables") == 28 * 32768 * 128 * 4
    assert new.term("position tables") == 0


def test_tuples_hold_the_cache_twice_while_decoding_before_4_42():
    plan = HF._replace(prompt_tokens=1)
    old, new = estimated(QWEN, version("4.41.0", plan)), estimated(QWEN, version("4.42.0", plan))
    assert old.term("KV cache") == 2 * new.term("KV cache")
    assert next(term for term in old.terms if term.name == "KV cache").formula.endswith(", old and new at once")


def test_scores_are_written_out_before_4_36_unless_flash_attention_is_named():
    plan = HF._replace(prompt_tokens=8192)
    old, fused = estimated(QWEN, version("4.35.2", plan)), estimated(QWEN, version("4.35.2 with FlashAttention", plan))
    assert old.term("attention scores") == 28 * 8192 * 8192 * transformers.SCORE_BYTES
    assert fused.term("attention scores") == 0


def test_a_family_without_a_fused_kernel_writes_scores_out_in_every_release():
    gemma = models()["google/gemma-2-9b"]
    plan = ServingPlan(Runtime.TRANSFORMERS, 16384)
    assert estimated(gemma, plan).term("attention scores") == 16 * 16384**2 * 12
    assert estimated(gemma, version("sdpa", plan)).term("attention scores") == 0


def test_windows_drop_what_is_outside_from_4_56_on():
    mistral = models()["mistralai/Mistral-7B-v0.1"]
    windowed = mistral._replace(dimensions=mistral.dimensions._replace(sliding_window=4096))
    new, old = (estimated(windowed, version(text)) for text in ("4.56.0", "4.50.0"))
    assert moments(old)["decode"] - moments(new)["decode"] == (8192 - 4096) * 32 * 8 * 128 * 4
    assert "this release caches the whole context in layers with a sliding window too" in old.assumptions


def test_a_head_that_the_file_holds_apart_exists_while_loading():
    plan = HF._replace(context_window=2049, prompt_tokens=1, quantization="awq-int4")
    result = estimated(SMALL, plan)
    assert result.moment == "loading"
    assert result.term("head before it is tied") == 2 * 151936 * 896
    assert estimated(SMALL, version("4.38.2", plan)).moment == "decode"


def test_a_text_that_is_not_understood_is_listed():
    result = estimated(QWEN, version("the newest"))
    assert "runtime_version `the newest` is not understood; the current behaviour is taken" in result.assumptions
    assert result.allocated_bytes == estimated(QWEN, HF).allocated_bytes


def test_a_device_map_places_whole_layers_and_the_fullest_device_counts():
    llm = serving_models()["deepseek-ai/deepseek-llm-67b-base"]
    plan = ServingPlan(Runtime.TRANSFORMERS, 256, runtime_version="2023")
    result = estimated(llm, plan, 8)
    assert result.allocated_bytes == pytest.approx(16.92 * GIB, rel=0.005)
    [note] = [said for said in result.assumptions if "device_map" in said]
    assert note.startswith("whole layers on each of 8 devices, as `device_map: auto` places them")


def test_logits_return_to_the_first_device_before_4_45():
    case = serving.case_of(QWEN, version("4.38.2"), 2)
    first, last = transformers.device_peaks(case)
    assert first + last > estimated(QWEN, version("4.38.2")).allocated_bytes + 6144 * 152064 * 4


@pytest.mark.parametrize("devices", [1, 2, 3, 5, 8, 40])
def test_every_layer_and_table_stands_on_one_device(devices):
    for parts in (placement.balanced(100, 32, 300, 300, devices), placement.split(32, devices)):
        assert len(parts) == devices
        assert sum(part.layers for part in parts) == 32
        assert sum(part.head for part in parts) == 1
        assert all(part.layers >= 0 for part in parts)


def test_llama_cpp_divides_whole_layers():
    plan = ServingPlan(Runtime.LLAMA_CPP, 8192, quantization="Q4_K_M")
    one, two = estimated(QWEN, plan), estimated(QWEN, plan, 2)
    assert one.term("weights") / 2 < two.term("weights") < 0.6 * one.term("weights")
    assert "whole layers on each of 2 devices, as `--split-mode layer` places them" in two.assumptions


def test_the_token_table_of_an_untied_model_stays_on_the_host():
    result = estimated(QWEN, ServingPlan(Runtime.LLAMA_CPP, 8192, quantization="F16"))
    assert result.term("weights") == 2 * (QWEN.parameters - 152064 * 3584) + 2 * 333312  # norms and biases in 32 bits


def test_the_compute_buffer_holds_logits_of_a_micro_batch_or_of_one_token():
    llama = models()["meta-llama/Meta-Llama-3-8B"]
    plan = ServingPlan(Runtime.LLAMA_CPP, 8192, quantization="Q8_0")
    assert estimated(llama, plan).term("compute buffer") == 258.5 * MIB
    assert estimated(llama, version("n_ubatch=2048", plan)).term("compute buffer") == 4 * 258.5 * MIB
    one = estimated(models()["Qwen/Qwen3-4B"], version("n_outputs_max=1", plan)).term("compute buffer")
    assert one == 85 * MIB


def test_the_fork_of_llama_cpp_gives_windows_the_whole_context():
    gemma = models()["google/gemma-3-27b-it"]
    plan = ServingPlan(Runtime.LLAMA_CPP, 32768, quantization="Q4_K_M", kv_cache="q8_0")
    fork = estimated(gemma, version("ik_llama.cpp", plan))
    assert fork.term("KV cache") == 62 * 16 * 128 * 2 * 34 * 32768 // 32


def test_windows_stay_in_16_bits_where_the_other_cache_is_quantised():
    gemma = models()["google/gemma-3-27b-it"]
    plan = ServingPlan(Runtime.LLAMA_CPP, 32768, quantization="Q4_K_M", kv_cache="q8_0")
    assert estimated(gemma, plan).term("KV cache") == 16 * 128 * (10 * 32768 * 68 // 32 + 52 * 1536 * 4)


def test_keys_and_values_may_differ_in_their_format():
    plan = ServingPlan(Runtime.LLAMA_CPP, 8192, quantization="Q4_K_M")
    both = estimated(QWEN, plan._replace(kv_cache="q8_0/q4_0")).term("KV cache")
    assert both == 28 * 4 * 128 * 8192 * (34 + 18) // 32


@pytest.mark.parametrize(
    ("plan", "token"),
    [
        (ServingPlan(Runtime.VLLM, 8192), 27 * 576 * 2),
        (ServingPlan(Runtime.VLLM, 8192, runtime_version="0.7.3"), 27 * 640 * 2),
        (ServingPlan(Runtime.VLLM, 8192, runtime_version="0.6.5"), 27 * 16 * 2 * 256 * 2),
        (ServingPlan(Runtime.TRANSFORMERS, 8192, prompt_tokens=1), 27 * 16 * (192 + 128) * 2),
        (ServingPlan(Runtime.LLAMA_CPP, 8192, quantization="Q4_K_M"), 27 * 576 * 2),
    ],
)
def test_latent_attention_costs_what_the_runtime_makes_of_it(plan, token):
    assert estimated(DEEPSEEK, plan).term("KV cache") == 8192 * token


def test_sparse_attention_caches_its_index_too():
    model = DEEPSEEK._replace(model_type="deepseek_v32")
    more = estimated(model, ServingPlan(Runtime.VLLM, 8192)).term("KV cache")
    assert more == 8192 * 27 * (576 * 2 + 132)


def test_adapters_take_their_matrices_in_16_bits():
    plan = ServingPlan(Runtime.VLLM, 8192, adapters=4, adapter_rank=32)
    sides = 28 * (2 * (3584 + 3584) + 2 * (3584 + 512) + 3 * (3584 + 18944))
    assert estimated(QWEN, plan).term("adapters") == 4 * 32 * sides * 2
    hybrid = models()["Qwen/Qwen3.5-9B"]
    assert estimated(hybrid, plan).term("adapters") == 4 * 32 * 32 * (7 * 4096 + 3 * 12288) * 2


def test_bitsandbytes_quantises_a_vision_part_too():
    model = models()["Qwen/Qwen2.5-VL-7B-Instruct"]
    plan = ServingPlan(Runtime.TRANSFORMERS, 4096)
    nf4, awq = (estimated(model, plan._replace(quantization=name)).term("weights") for name in ("nf4", "awq-int4"))
    assert nf4 < awq
    assert 4 * 10**9 < nf4 < 7 * 10**9


def test_publishers_differ_in_nvfp4_of_recurrent_layers():
    result = serving.estimate(models()["Qwen/Qwen3.5-9B"], ServingPlan(Runtime.VLLM, 8192, quantization="nvfp4"))
    assert result == NotEstimable("publishers of nvfp4 leave different matrices of recurrent layers in 16 bits")


def facts(model_type):
    def fact(value):
        return Fact(value, Certainty.DECLARED, Source(Origin.CATALOGUE, "a test", "acme/any"))

    sizes = Dimensions(num_hidden_layers=2)
    return Facts(
        "acme/any", "acme/any", dimensions=fact(sizes), model_type=fact(model_type), native_context=fact(32768)
    )


@pytest.mark.parametrize(("model_type", "positions"), [("qwen2", 32768), ("gpt2", None)])
def test_rotary_positions_that_nobody_states_are_those_of_the_context(model_type, positions):
    assert model_of(facts(model_type)).dimensions.max_position_embeddings == positions


T5 = Model(
    222_903_552,
    Dimensions(12, 768, 3072, 12, 12, 64, 32128),
    ArchitectureClass.ENCODER_DECODER,
    "t5",
    "bfloat16",
)


def test_an_encoder_decoder_caches_its_prompt_and_its_answer():
    plan = ServingPlan(Runtime.TRANSFORMERS, 640, 4, prompt_tokens=512)
    result = estimated(T5, plan._replace(prompt_tokens=512))
    token = 2 * 12 * 768 * 2
    assert moments(result)["decode"] == 2 * T5.parameters + 32 * MIB + 4 * token * (512 + 128)
    assert result.moment == "encoding the prompt"
    bart = T5._replace(model_type="bart", traits=Traits(decoder_layers=6, decoder_heads=12))
    other = moments(estimated(bart, plan))
    assert other["decode"] == 2 * T5.parameters + 32 * MIB + 4 * token * (512 + 128) // 2
    assert other["encoding the prompt"] < moments(result)["encoding the prompt"]


def test_an_encoder_decoder_of_unknown_prompt_takes_the_context_for_both():
    result = estimated(T5, ServingPlan(Runtime.TRANSFORMERS, 512))
    assert result.assumptions == ("prompt and answer are each taken to be as long as the context",)


@pytest.mark.parametrize(
    ("model", "plan", "reason"),
    [
        (T5, ServingPlan(Runtime.VLLM, 512), "modelled for transformers, not for vllm"),
        (T5, ServingPlan(Runtime.TRANSFORMERS, 512, quantization="nf4"), "nf4 covers is not known here"),
        (T5._replace(parameters=None), ServingPlan(Runtime.TRANSFORMERS, 512), "no source states parameters"),
        (
            Model(11_683_584, QWEN.dimensions, ArchitectureClass.ENCODER, "albert"),
            ServingPlan(Runtime.LLAMA_CPP, 512),
            "llama.cpp is not known to run `albert`",
        ),
        (QWEN, ServingPlan(Runtime.VLLM, 0), "context_window is 0: expected 1 to 134217728"),
        (QWEN, ServingPlan(Runtime.VLLM, 2**40), "context_window is 1099511627776: expected"),
        (QWEN, ServingPlan(Runtime.VLLM, 8, 0), "parallel_requests is 0: expected"),
        (QWEN, ServingPlan(Runtime.VLLM, 8, prompt_tokens=0), "prompt_tokens is 0: expected"),
        (QWEN, ServingPlan(Runtime.VLLM, 8, prompt_tokens=9), "more than the context_window of 8 around it"),
        (QWEN, ServingPlan(Runtime.VLLM, 8, quantization="awq-int5"), "did you mean `awq-int4`?"),
        (QWEN, ServingPlan(Runtime.VLLM, 8, quantization="zzz"), "`zzz` is not known: expected one of none, fp8"),
        (QWEN, ServingPlan(Runtime.LLAMA_CPP, 8, quantization="nf4"), "llama.cpp loads GGUF files"),
        (QWEN, ServingPlan(Runtime.VLLM, 8, kv_cache="fp3"), "the KV cache format `fp3` is not known"),
        (QWEN, ServingPlan(Runtime.VLLM, 8, kv_cache="q8_0"), "vllm is not known to hold a KV cache of q8_0"),
        (QWEN, ServingPlan(Runtime.VLLM, 8, kv_cache="fp8/fp8/fp8"), "is not known"),
        (
            QWEN._replace(dimensions=QWEN.dimensions._replace(num_key_value_heads=5)),
            ServingPlan(Runtime.VLLM, 8),
            "28 attention heads do not divide by 5 key-value heads",
        ),
    ],
)
def test_plans_that_cannot_be_meant_are_refused(model, plan, reason):
    result = serving.estimate(model, plan)
    assert isinstance(result, NotEstimable)
    assert reason in result.reason


def test_no_devices_are_refused():
    assert serving.estimate(QWEN, HF, 0) == NotEstimable("the number of devices is 0: expected 1 to 134217728")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("q4_k_m", "Q4_K_M"),
        ("gguf-Q4_K_M", "Q4_K_M"),
        ("iq4-xs", "IQ4_XS"),
        ("AWQ-int4", "awq-int4"),
        ("awq", "awq-int4"),
    ],
)
def test_spellings_of_a_format_are_taken(written, meant):
    runtime = Runtime.LLAMA_CPP if "awq" not in meant else Runtime.VLLM
    plan = ServingPlan(runtime, 4096)
    assert estimated(QWEN, plan._replace(quantization=written)) == estimated(QWEN, plan._replace(quantization=meant))


@pytest.mark.parametrize("written", ["bf16", "FP16", "bfloat16"])
def test_sixteen_bits_are_what_no_quantization_means(written):
    plan = ServingPlan(Runtime.VLLM, 4096)
    assert estimated(QWEN, plan._replace(quantization=written)) == estimated(QWEN, plan)


def test_a_context_beyond_the_positions_is_said():
    said = estimated(POSITIONED, ServingPlan(Runtime.VLLM, 40000)).assumptions
    words = "40000 tokens are more than the 32768 positions that the model was trained for"
    assert any(words in each for each in said)
    scaled = POSITIONED._replace(traits=Traits(rope_scaled=True))
    assert not any("positions" in each for each in estimated(scaled, ServingPlan(Runtime.VLLM, 40000)).assumptions)


def test_a_hybrid_quantises_all_but_its_tables_and_a_vision_part_of_known_size():
    hybrid = models()["Qwen/Qwen3.5-9B"]
    plan = ServingPlan(Runtime.VLLM, 8192, quantization="awq-int4")
    known = hybrid._replace(traits=Traits(vision_parameters=400_000_000))
    more = estimated(known, plan).term("weights") - estimated(hybrid, plan).term("weights")
    assert more == pytest.approx(400_000_000 * (16 - 4.15625) / 8, abs=2)
    words = "the vision part is taken to be quantised too, for its size is not among the facts"
    assert words in estimated(hybrid, plan).assumptions
    assert words not in estimated(known, plan).assumptions


def test_experts_that_the_facts_do_not_count_are_refused():
    model = models()["openai/gpt-oss-20b"]
    unknown = model._replace(dimensions=model.dimensions._replace(num_experts=None))
    result = serving.estimate(
        unknown._replace(parameters=3_000_000_000), ServingPlan(Runtime.VLLM, 8192, quantization="mxfp4")
    )
    assert result == NotEstimable("its experts cannot be counted from the facts", ("dimensions",))


def test_heads_of_the_whole_context_may_differ_from_those_of_windows():
    kinds = ("sliding_attention", "full_attention") * 14
    traits = Traits(layer_types=kinds, global_head_dim=512, global_kv_heads=2)
    model = QWEN._replace(traits=traits, dimensions=QWEN.dimensions._replace(sliding_window=1024))
    plan = ServingPlan(Runtime.TRANSFORMERS, 8192, prompt_tokens=1)
    assert estimated(model, plan).term("KV cache") == 14 * 4 * (2 * 512 * 8192 + 4 * 128 * 1024)


@pytest.mark.parametrize(
    ("model", "devices", "reason"),
    [
        (QWEN._replace(dimensions=QWEN.dimensions._replace(num_attention_heads=None)), 2, "num_attention_heads"),
        (QWEN, 3, "28 attention heads do not divide by 3 devices"),
        (models()["meta-llama/Llama-3.3-70B-Instruct"], 32, None),
        (QWEN, 7, "4 key-value heads do not divide by 7 devices"),
    ],
)
def test_devices_get_equal_parts_or_none(model, devices, reason):
    result = serving.estimate(model, ServingPlan(Runtime.VLLM, 8192), devices)
    if reason is None:
        assert isinstance(result, Estimate)
    else:
        assert reason in result.reason


def test_the_default_runtime_of_an_encoder_decoder_is_transformers():
    assert serving.default_runtime(T5, "none") is Runtime.TRANSFORMERS


def test_tensor_parallelism_copies_routers_latents_and_heads_that_are_too_few():
    plan = ServingPlan(Runtime.VLLM, 8192)
    r1 = serving_models()["deepseek-ai/DeepSeek-R1"]
    copied = 61 * 7168 * (1536 + 576) + 58 * 7168 * 256
    part = 2 * r1.parameters // 16
    assert estimated(r1, plan, 16).term("weights") == pytest.approx(part + 2 * copied * 15 / 16, abs=16)
    heads = 2 * 28 * 2 * 3584 * 512  # keys and values of 4 heads
    assert estimated(QWEN, plan, 4).term("weights") == 2 * QWEN.parameters // 4
    assert estimated(QWEN, plan, 28).term("weights") == pytest.approx(
        2 * QWEN.parameters / 28 + heads * (1 / 4 - 1 / 28), abs=28
    )


def test_a_hybrid_keeps_its_state_in_transformers_too():
    result = estimated(models()["Qwen/Qwen3.5-9B"], ServingPlan(Runtime.TRANSFORMERS, 8192, 2, prompt_tokens=1))
    assert result.term("recurrent state") == 2 * 24 * (32 * 128 * 128 * 4 + 3 * 8192 * 2)
    assert result.term("KV cache") == 2 * 8192 * 8 * 4 * 256 * 4


def test_a_model_of_states_alone_has_no_cache():
    mamba = Model(10**9, Dimensions(24, 1024, vocab_size=50280), ArchitectureClass.DECODER, "mamba", "bfloat16")
    for runtime in (Runtime.VLLM, Runtime.LLAMA_CPP, Runtime.TRANSFORMERS):
        result = estimated(mamba, ServingPlan(runtime, 8192))
        assert result.term("KV cache") == 0
        assert result.term("recurrent state") > 0


@pytest.mark.parametrize("quantization", ["mxfp4", "nvfp4"])
def test_tgi_is_not_taken_to_load_formats_that_it_does_not_document(quantization):
    assert cannot_load(Runtime.TGI, quantization) == f"TGI is not known to load {quantization}"
    assert cannot_load(Runtime.VLLM, quantization) is None
