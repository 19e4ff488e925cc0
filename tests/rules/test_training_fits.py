"""The rule `training-fits`: numbers, assumptions, what would fit instead, and what it has to ask for."""

from __future__ import annotations

import pytest

from checker.verdict import Verdict
from tests.rules.judged import judged

LLAMA = "meta-llama/Llama-3.1-8B-Instruct"


@pytest.fixture
def evaluation(tmp_path):
    """Judge one entry by the rule alone."""

    def run(tuning, model=LLAMA, objective="chat", head="", extra="", settings=""):
        manifest = (
            f"weighbridge: 1\nowner: team\n{head}models:\n  - model: {model}\n    objective: {objective}\n"
            f"{extra}    fine_tuning: {{{tuning}}}\n"
        )
        policy = f"policy: test\nversion: 1\nrules:\n  training-fits: {{enforcement: soft-mandatory{settings}}}\n"
        [found] = judged(tmp_path, manifest, policy)
        return found

    return run


def test_lora_of_an_8b_on_16_gib_is_denied_with_the_numbers(evaluation):
    found = evaluation("method: lora, sequence_length: 2048, hardware: {vram: 16 GiB}")
    [finding] = found.findings
    assert (found.verdict, finding.blocks, finding.at.line) == (Verdict.FAIL, True, 6)
    assert finding.found == "needs 19.4 GiB; weights 15.0, logits and loss 2.9, activations 0.5, other 1.0"
    assert finding.expected == "at most 14.4 GiB: the GPU has 16.0 GiB, and 10 % stay free"
    assert finding.remedy == (
        "what fits: method qlora (10.1 GiB), count 4 and sharding fsdp (10.2 GiB);"
        " GPUs that hold it: RX 7900 XTX, RTX 4090, RTX A5000"
    )


def test_the_terms_the_band_the_guide_figure_and_the_changes_are_shown(evaluation):
    found = evaluation("method: lora, sequence_length: 2048, hardware: {vram: 16 GiB}")
    assert found.findings[0].lines == (
        "weights: 15.0 GiB (8030261248 weights of 2 bytes)",
        "logits and loss: 2.9 GiB (2048 tokens of 1539072 bytes, and 512 bytes)",
        "activations: 0.5 GiB (2048 tokens of 278532 bytes, and 1048576 bytes)",
        "CUDA context: 0.5 GiB (fixed, 0.3 to 0.6 GB are seen)",
        "optimizer states: 0.3 GiB (two states of 4 bytes a trained weight)",
        "adapters: 0.2 GiB (41943040 weights of 4 bytes)",
        "fullest at: backward pass of the loss",
        "error band: 18.4 GiB to 20.4 GiB (traced and measured peaks of decoders)",
        "published guide figure: 22 GB for a model of 8 B, whatever length and batch",
        "instead: optimizer adamw-8bit needs 19.2 GiB, does not fit",
        "instead: method qlora needs 10.1 GiB, fits",
        "instead: loss fused-linear needs 17.1 GiB, does not fit",
        "instead: sequence_length 512 needs 16.8 GiB, does not fit",
        "instead: count 4 and sharding fsdp needs 10.2 GiB, fits",
    )


def test_qlora_of_an_8b_on_12_gib_passes_and_says_what_it_assumed(evaluation):
    found = evaluation("method: qlora, sequence_length: 2048, hardware: {vram: 12 GiB}")
    assert (found.verdict, found.margin) == (Verdict.PASS, "16 % of the memory left")
    assert found.notes == (
        "not written, so assumed: micro_batch_size 1, gradient_checkpointing true, optimizer adamw, attention sdpa,"
        " precision bf16, loss full, rank 16, target_modules all-linear, adapter_dtype fp32, quantized_base nf4,"
        " double_quantization false, upcast_frozen false, keeps_quantized_inputs false; by stack peft",
        "every sample is sequence_length tokens long, without padding",
        "fused attention (flash or SDPA)",
        "loss as transformers 4.46 and newer computes it, in 32 bits over all tokens",
        "frozen norms, embeddings and head are held in 16 bits",
        "frozen norms, embeddings and head are taken to stay in 16 bits, as TRL leaves them; with"
        " `upcast_frozen: true` (PEFT's prepare_model_for_kbit_training) 13.5 GiB are needed",
    )


@pytest.mark.parametrize("method", ["qlora", "lora", "full"])
@pytest.mark.parametrize("hardware", ["vram: 9 GiB", "vram: 12 GiB", "gpu: RTX 4090", "gpu: H100"])
def test_writing_the_default_stack_changes_no_verdict(evaluation, method, hardware):
    plan = f"method: {method}, sequence_length: 2048, hardware: {{{hardware}}}"
    open_stack, written = evaluation(plan), evaluation(f"stack: peft, {plan}")
    assert (open_stack.verdict, open_stack.blocks) == (written.verdict, written.blocks)
    assert open_stack.notes[1:] == written.notes[1:]


def test_frozen_parts_held_in_32_bits_are_counted_so(evaluation):
    found = evaluation("method: qlora, upcast_frozen: true, sequence_length: 2048, hardware: {vram: 12 GiB}")
    assert (found.verdict, found.blocks) == (Verdict.FAIL, True)
    assert found.findings[0].found == "needs 13.5 GiB; weights 7.6, logits and loss 2.9, activations 1.0, other 1.9"
    assert not any("prepare_model_for_kbit_training" in note for note in found.notes)


def test_full_fine_tuning_in_32_bits_that_does_not_fit_is_denied_and_16_bits_are_offered(evaluation):
    [finding] = evaluation("method: full, sequence_length: 4096, hardware: {gpu: H100}").findings
    assert finding.blocks
    assert finding.found.startswith("needs 120")
    assert any("precision bf16" in line for line in finding.lines)


def test_inside_the_error_band_the_rule_advises(evaluation):
    found = evaluation("method: lora, adapter_dtype: bf16, sequence_length: 2048, hardware: {vram: 21 GiB}")
    assert (found.verdict, found.blocks) == (Verdict.FAIL, False)
    assert found.findings[0].found.startswith("needs 19.2 GiB; weights 15.0, logits and loss 2.9")


def test_more_headroom_is_tighter(evaluation):
    plan = "method: lora, sequence_length: 2048, hardware: {gpu: RTX 4090}"
    assert evaluation(plan).verdict is Verdict.PASS
    assert evaluation(plan, settings=", headroom: 30%").verdict is Verdict.FAIL


def test_without_hardware_of_its_own_the_shared_one_is_taken(evaluation):
    found = evaluation("method: lora, sequence_length: 2048", head="hardware: {gpu: T4}\n")
    [finding] = found.findings
    assert (found.verdict, finding.at.line) == (Verdict.FAIL, 3)
    assert finding.expected == "at most 13.5 GiB: T4 has 15.0 GiB, and 10 % stay free"


def test_several_gpus_are_said_to_hold_a_copy_each(evaluation):
    found = evaluation("method: lora, sequence_length: 2048, hardware: {gpu: RTX 4090, count: 4}")
    assert "4 GPUs, sharding ddp: the figures are those of one of them" in found.notes


@pytest.mark.parametrize(("gpu", "words"), [("H100", "does not fit"), ("{vram: 170 GiB}", "may not fit")])
def test_several_gpus_that_hold_no_copy_are_asked_how_they_share(evaluation, gpu, words):
    hardware = gpu.replace("}", ", count: 8}") if gpu.startswith("{") else f"{{gpu: {gpu}, count: 8}}"
    found = evaluation(f"method: full, sequence_length: 2048, hardware: {hardware}")
    [(name, reason, yaml)] = missing(found)
    assert (name, yaml) == ("fine_tuning.sharding", "fine_tuning:\n  sharding: fsdp")
    assert reason.startswith("a copy on each of the 8 GPUs needs ")
    assert f", and {words} (at most " in reason


@pytest.mark.parametrize(
    ("sharding", "verdict"), [("fsdp", Verdict.PASS), ("zero1", Verdict.PASS), ("ddp", Verdict.FAIL)]
)
def test_a_full_fine_tuning_shared_by_eight_gpus_is_judged_by_what_one_holds(evaluation, sharding, verdict):
    plan = f"method: full, sequence_length: 2048, sharding: {sharding}, hardware: {{gpu: H100, count: 8}}"
    assert evaluation(plan).verdict is verdict


def test_what_a_gpu_has_to_be_known_for_is_said(evaluation):
    found = evaluation("method: lora, sequence_length: 2048, hardware: {gpu: M4 Max 64GB}")
    assert found.notes[-1] == "Apple M4 Max 64 GB: unified memory: the system keeps the rest"


def test_what_is_written_is_not_called_assumed(evaluation):
    tuning = (
        "method: full, sequence_length: 512, micro_batch_size: 2, gradient_checkpointing: true, optimizer: sgd,"
        " precision: bf16, attention: flash, loss: full, stack: trl, hardware: {gpu: H100}"
    )
    found = evaluation(tuning, model="Qwen/Qwen2.5-0.5B-Instruct")
    assert found.verdict is Verdict.PASS
    assert not any(note.startswith("not written") for note in found.notes)


@pytest.mark.parametrize(
    ("model", "objective", "words"),
    [
        ("BAAI/bge-m3", "similarity", "two passes of micro_batch_size texts, in-batch negatives"),
        ("BAAI/bge-m3", "chat", "two passes of micro_batch_size texts, in-batch negatives"),
        ("google-bert/bert-base-uncased", "multi-class-classification", "fused attention (flash or SDPA)"),
        ("google-bert/bert-base-uncased", "text-generation", "fused attention (flash or SDPA)"),
        ("BAAI/bge-reranker-v2-m3", "reranking", "fused attention (flash or SDPA)"),
    ],
)
def test_encoders_are_trained_for_their_objective(evaluation, model, objective, words):
    found = evaluation("method: full, sequence_length: 512, micro_batch_size: 8, hardware: {gpu: L4}", model, objective)
    assert found.verdict is Verdict.PASS
    assert words in found.notes
    assert not any("vocabulary" in line for line in (*found.lines, *found.notes))


def missing(found):
    assert found.verdict is Verdict.NOT_EVALUATED
    return [(item.name, item.reason, item.yaml) for item in found.missing]


def test_open_keys_are_asked_for_together(evaluation):
    assert missing(evaluation("rank: 8")) == [
        (
            "fine_tuning.method",
            "it decides what is trained, and how the rest is held",
            "fine_tuning:\n  method: qlora",
        ),
        (
            "fine_tuning.sequence_length",
            "it moves the memory more than anything else",
            "fine_tuning:\n  sequence_length: 2048",
        ),
        (
            "fine_tuning.hardware",
            "the estimate is held against its memory",
            "fine_tuning:\n  hardware: {gpu: RTX 4090}",
        ),
    ]


@pytest.mark.parametrize(
    ("gpu", "reason", "example"),
    [
        ("A100", "`A100` names several GPUs: `A100 40 GB`, `A100 80 GB`", "{gpu: A100 40 GB}"),
        ("RTX 409O", "`RTX 409O` is no GPU of the list; did you mean `RTX 4090`?", "{gpu: RTX 4090}"),
        ("abacus", "`abacus` is no GPU of the list", "{vram: 24 GiB}"),
    ],
)
def test_a_gpu_that_is_not_one_product_is_asked_for(evaluation, gpu, reason, example):
    found = evaluation(f"method: lora, sequence_length: 2048, hardware: {{gpu: {gpu}}}")
    assert missing(found) == [("fine_tuning.hardware", reason, f"fine_tuning:\n  hardware: {example}")]


def test_an_unknown_model_is_not_evaluated_and_names_its_facts(evaluation):
    found = evaluation("method: lora, sequence_length: 2048, hardware: {gpu: L4}", model="acme/unheard-of")
    assert [name for name, _, _ in missing(found)] == ["architecture_class"]


def test_a_kind_that_is_not_modelled_asks_for_a_measurement(evaluation):
    found = evaluation("method: lora, sequence_length: 2048, hardware: {gpu: H100}", model="microsoft/deberta-v3-base")
    [(name, reason, yaml)] = missing(found)
    assert (name, yaml) == (
        "measured.training_peak",
        "measured: {training_peak: 21.4 GiB, evidence: runs/2026-11-02.json}",
    )
    assert reason.startswith("`deberta-v2` is not modelled: its attention adds scores of relative positions")
    assert reason.endswith("; a measurement counts where the policy sets `measured_counts: true`")


def test_a_mixture_of_experts_is_judged_by_all_of_its_experts(evaluation):
    plan = "method: qlora, sequence_length: 2048, hardware: {gpu: RTX 4090}"
    [finding] = evaluation(plan, model="mistralai/Mixtral-8x7B-Instruct-v0.1").findings
    assert finding.found.startswith("needs 2")


MEASURED = "    measured: {training_peak: 21.4 GiB, evidence: runs/1.json}\n"


def test_a_measurement_is_shown_beside_the_estimate(evaluation):
    found = evaluation("method: lora, sequence_length: 2048, hardware: {gpu: RTX 4090}", extra=MEASURED)
    assert found.verdict is Verdict.PASS
    assert found.notes[-1] == "measured: 21.4 GiB, estimated: 19.4 GiB"


@pytest.mark.parametrize(("memory", "verdict"), [("24 GiB", Verdict.PASS), ("23 GiB", Verdict.FAIL)])
def test_a_measurement_counts_where_the_policy_says_so(evaluation, memory, verdict):
    plan = f"method: lora, sequence_length: 2048, hardware: {{vram: {memory}}}"
    found = evaluation(plan, extra=MEASURED, settings=", measured_counts: true")
    assert found.verdict is verdict
    if verdict is Verdict.PASS:
        assert (found.margin, found.notes) == ("11 % of the memory left", ("by measurement: 21.4 GiB",))
    else:
        assert (found.findings[0].found, found.blocks) == ("measured 21.4 GiB", True)
        assert found.findings[0].remedy == "GPUs that hold it: RX 7900 XTX, RTX 4090, RTX A5000"


def test_without_fine_tuning_there_is_nothing_to_judge(tmp_path):
    policy = "policy: test\nversion: 1\nrules:\n  training-fits: {enforcement: advisory}\n"
    manifest = f"weighbridge: 1\nowner: team\nmodels:\n  - {{model: {LLAMA}, objective: chat}}\n"
    [found] = judged(tmp_path, manifest, policy)
    assert (found.verdict, found.reason) == (Verdict.NOT_APPLICABLE, "no `fine_tuning` block is declared")


def test_a_service_trains_its_own_models(evaluation):
    found = evaluation("method: lora, sequence_length: 2048", extra="    access: api\n")
    assert found.verdict is Verdict.NOT_APPLICABLE
    assert found.reason == "the model is used through somebody's service, which trains it"


def test_the_manifest_and_the_estimate_speak_of_the_same_plans():
    from checker.manifest import deployment, fine_tuning
    from checker.memory import plan

    for declared, planned in (
        (fine_tuning.Method, plan.Method),
        (fine_tuning.Optimizer, plan.Optimizer),
        (fine_tuning.Stack, plan.Stack),
        (deployment.Runtime, plan.Runtime),
    ):
        assert [item.value for item in declared] == [item.value for item in planned]
