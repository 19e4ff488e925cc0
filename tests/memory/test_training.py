"""Training memory: the terms of one step, what they rest on, and where the arithmetic stops."""

from __future__ import annotations

import pytest

from checker.facts.model import ArchitectureClass, Dimensions
from checker.guidance.guidance import guidance
from checker.memory import training
from checker.memory.adapters import Adapters, adapters_of, matched
from checker.memory.estimate import Estimate, Guide, NotEstimable
from checker.memory.model import Linear, Model
from checker.memory.optimizer_state import formula, state_bytes
from checker.memory.plan import (
    Loss,
    Method,
    Optimizer,
    Precision,
    QuantizedBase,
    Runtime,
    ServingPlan,
    Task,
    TrainingPlan,
    absurd,
)
from checker.memory.program import prepared
from checker.memory.total import two_stacks
from checker.memory.units import GIB, gib
from checker.memory.weights import quantised_base_bytes
from tests.memory.accuracy import models

LLAMA = models()["meta-llama/Llama-3.1-8B"]
BGE = models()["BAAI/bge-m3"]
QLORA = TrainingPlan(Method.QLORA, 2048)


def estimated(plan, model=LLAMA):
    result = training.estimate(model, plan)
    assert isinstance(result, Estimate)
    return result


def refusal(model, plan=QLORA):
    result = training.estimate(model, plan)
    assert isinstance(result, NotEstimable)
    return result


def test_every_term_says_how_it_was_computed():
    assert [str(term) for term in estimated(QLORA).terms] == [
        "weights: 5.6 GiB (1050939392 weights of 2 bytes, 6979321856 quantised to 0.5625)",
        "logits and loss: 2.9 GiB (2048 tokens of 1539072 bytes, and 512 bytes)",
        "activations: 0.5 GiB (2048 tokens of 278532 bytes, and 1048576 bytes)",
        "CUDA context: 0.5 GiB (fixed, 0.3 to 0.6 GB are seen)",
        "optimizer states: 0.3 GiB (two states of 4 bytes a trained weight)",
        "adapters: 0.2 GiB (41943040 weights of 4 bytes)",
    ]


def test_an_estimate_says_what_it_assumes():
    assert estimated(QLORA).assumptions == (
        "every sample is sequence_length tokens long, without padding",
        "fused attention (flash or SDPA)",
        "loss as transformers 4.46 and newer computes it, in 32 bits over all tokens",
        "frozen norms, embeddings and head are held in 16 bits",
    )


@pytest.mark.parametrize(
    ("plan", "moment", "needed"),
    [
        (QLORA, "backward pass of the loss", "10.1 GiB"),
        (QLORA._replace(upcast_frozen=True), "backward pass of the loss", "13.5 GiB"),
        (TrainingPlan(Method.QLORA, 2048, adapter_bytes=2, autocast=False), "backward pass of the loss", "9.8 GiB"),
        (TrainingPlan(Method.LORA, 2048), "backward pass of the loss", "19.4 GiB"),
        (
            TrainingPlan(Method.LORA, 4096, loss=Loss.FUSED_LINEAR, adapter_bytes=2, autocast=False),
            "backward pass of the last block",
            "17.6 GiB",
        ),
        (TrainingPlan(Method.FULL, 2048, precision=Precision.BF16_MIXED), "gradient of the embeddings", "120.2 GiB"),
        (
            TrainingPlan(Method.FULL, 2048, foreach=True),
            "the optimizer's update",
            "75.3 GiB",
        ),
        (TrainingPlan(Method.LORA, 2048, precision=Precision.BF16_MIXED), "backward pass of the loss", "35.8 GiB"),
    ],
)
def test_the_fullest_moment_decides(plan, moment, needed):
    result = estimated(plan)
    assert (result.moment, gib(result.peak_bytes)) == (moment, needed)


@pytest.mark.parametrize(
    ("method", "figure"),
    [(Method.QLORA, Guide(8, 6)), (Method.LORA, Guide(8, 22)), (Method.FULL, None)],
)
def test_the_published_figure_stands_beside_the_result(method, figure):
    table = guidance().fine_tuning_memory
    plan = TrainingPlan(method, 2048)
    with_figure, without = training.estimate(LLAMA, plan, table), training.estimate(LLAMA, plan)
    assert with_figure.guide == figure
    assert with_figure.peak_bytes == without.peak_bytes


def test_a_size_that_the_guidance_leaves_out_has_no_figure():
    model = models()["Qwen/Qwen2.5-0.5B"]
    assert training.estimate(model, QLORA, guidance().fine_tuning_memory).guide is None


def test_two_passes_of_an_embedder_keep_twice_the_activations():
    once = estimated(TrainingPlan(Method.LORA, 512, 4, gradient_checkpointing=False, task=Task.CLASSIFY), BGE)
    twice = estimated(TrainingPlan(Method.LORA, 512, 4, gradient_checkpointing=False, task=Task.EMBED), BGE)
    assert 1.9 < twice.term("activations") / once.term("activations") < 2
    assert "two passes of micro_batch_size texts, in-batch negatives" in twice.assumptions


def test_a_classifier_has_no_logits_over_the_vocabulary():
    assert estimated(TrainingPlan(Method.LORA, 512, task=Task.CLASSIFY), BGE).term("logits and loss") == 0


def test_full_fine_tuning_under_autocast_says_that_it_keeps_32_bits():
    said = estimated(TrainingPlan(Method.FULL, 512, precision=Precision.BF16_MIXED)).assumptions
    assert "full fine-tuning keeps weights and states in 32 bits, under autocast" in said


def test_a_vision_part_is_counted_in_the_weights():
    result = estimated(QLORA, LLAMA._replace(multimodal=True))
    assert "text only; the vision part is counted in the weights" in result.assumptions


def test_attention_without_a_fused_kernel_keeps_its_scores():
    plain = models()["google/gemma-2-2b"]
    result = estimated(TrainingPlan(Method.LORA, 4096, gradient_checkpointing=False), plain)
    assert "attention as the library writes it out" in result.assumptions
    assert result.term("activations") > 26 * 4096 * 8 * 4096 * 8


@pytest.mark.parametrize(
    ("model", "like"),
    [
        (LLAMA._replace(model_type="unheard_of"), "the block of `unheard_of` is taken for that of Llama"),
        (LLAMA._replace(model_type=None), "the block of `an unnamed family` is taken for that of Llama"),
        (BGE._replace(model_type=None), "the block of `an unnamed family` is taken for that of BERT"),
    ],
)
def test_an_unknown_family_is_said_to_be_taken_for_another_and_widens_the_band(model, like):
    task = Task.CAUSAL if model.architecture is ArchitectureClass.DECODER else Task.EMBED
    plan = QLORA._replace(task=task)
    result, known = estimated(plan, model), estimated(plan, LLAMA if task is Task.CAUSAL else BGE)
    assert like in result.assumptions
    assert result.band.high == pytest.approx(known.band.high + 0.10)
    assert result.band.basis == "assumed wide, for no training of this family was measured"


@pytest.mark.parametrize(
    ("model", "reason", "missing"),
    [
        (LLAMA._replace(architecture=None), "no source states architecture_class", ("architecture_class",)),
        (LLAMA._replace(parameters=None), "no source states parameters", ("parameters",)),
        (
            LLAMA._replace(dimensions=LLAMA.dimensions._replace(head_dim=None, vocab_size=None)),
            "no source states dimensions.vocab_size, dimensions.head_dim",
            ("dimensions.vocab_size", "dimensions.head_dim"),
        ),
        (
            LLAMA._replace(parameters=2_000_000_000),
            "2000000000 parameters contradict the dimensions: 32 layers of 4096 make some 7504924672",
            ("parameters", "dimensions"),
        ),
        (
            LLAMA._replace(parameters=80_000_000_000),
            "80000000000 parameters contradict the dimensions: 32 layers of 4096 make some 8030261248",
            ("parameters", "dimensions"),
        ),
        (
            LLAMA._replace(parameters=7_000_000_000),
            "7000000000 parameters are fewer than the dimensions make"
            " (6979321856 in the blocks, 525336576 in the embeddings)",
            ("parameters", "dimensions"),
        ),
        (
            LLAMA._replace(parameters=1000, model_type="unheard_of"),
            "1000 parameters contradict the dimensions: 32 layers of 4096 make some 5625876480",
            ("parameters", "dimensions"),
        ),
        (
            BGE._replace(parameters=1000),
            "1000 parameters contradict the dimensions: 24 layers of 1024 make some 558314496",
            ("parameters", "dimensions"),
        ),
        (
            BGE._replace(parameters=1000, model_type=None),
            "1000 parameters contradict the dimensions: 24 layers of 1024 make some 558313472",
            ("parameters", "dimensions"),
        ),
        (
            LLAMA._replace(multimodal=True, dimensions=LLAMA.dimensions._replace(tie_word_embeddings=None)),
            "no source states dimensions.tie_word_embeddings",
            ("dimensions.tie_word_embeddings",),
        ),
        (
            LLAMA._replace(architecture=ArchitectureClass.DIFFUSION),
            "training is not modelled for models of class diffusion",
            (),
        ),
        (
            BGE._replace(architecture=ArchitectureClass.SPARSE_RETRIEVER),
            "the vocabulary-wide outputs of a sparse retriever are not modelled",
            (),
        ),
        (LLAMA._replace(state_space=True), "the training memory of recurrent layers is not modelled", ()),
        (
            LLAMA._replace(parameters=46_000_000_000, dimensions=LLAMA.dimensions._replace(num_experts=8)),
            "no source states dimensions.experts_per_tok",
            ("dimensions.experts_per_tok",),
        ),
        (
            LLAMA._replace(dimensions=LLAMA.dimensions._replace(kv_lora_rank=512)),
            "the head dimensions of its latent attention are not among the facts",
            (),
        ),
        (
            BGE._replace(model_type="deberta-v2"),
            "`deberta-v2` is not modelled: its attention adds scores of relative positions, which no fused kernel"
            " computes",
            (),
        ),
    ],
)
def test_what_is_missing_or_not_modelled_is_refused_by_name(model, reason, missing):
    assert refusal(model) == NotEstimable(reason, missing)


@pytest.mark.parametrize(("parameters", "tied"), [(8_030_261_248, "not"), (7_504_924_672, "tied to")])
def test_the_total_of_parameters_tells_whether_the_head_is_tied(parameters, tied):
    dims = LLAMA.dimensions._replace(tie_word_embeddings=None)
    result = estimated(QLORA, LLAMA._replace(dimensions=dims, parameters=parameters))
    assert f"by the total of parameters the head is {tied} the embeddings" in result.assumptions


def test_a_decoder_that_embeds_has_no_head_and_needs_its_key_value_heads():
    embedder = LLAMA._replace(architecture=ArchitectureClass.BI_ENCODER, model_type="mistral")
    assert estimated(QLORA._replace(task=Task.EMBED), embedder).term("logits and loss") == 0
    dims = LLAMA.dimensions._replace(num_key_value_heads=None)
    assert refusal(embedder._replace(dimensions=dims)).missing == ("dimensions.num_key_value_heads",)


def test_an_encoder_without_dimensions_is_refused_with_all_that_lack():
    empty = Model(1, Dimensions(), ArchitectureClass.ENCODER)
    assert refusal(empty).missing == tuple(
        f"dimensions.{name}"
        for name in ("num_hidden_layers", "hidden_size", "num_attention_heads", "vocab_size", "intermediate_size")
    )


@pytest.mark.parametrize(
    ("targets", "adapters"),
    [
        (("q_proj", "v_proj"), Adapters(frozenset({"q", "v"}))),
        (("attention-qv",), Adapters(frozenset({"q", "v", "qkv"}))),
        (("model.layers.*.self_attn.o_proj", "lm_head"), Adapters(frozenset({"o"}), head=True)),
        (("query_key_value",), Adapters(frozenset({"qkv"}))),
        (("q_proj", "wizardry"), NotEstimable("the sizes of the target module `wizardry` are not known")),
    ],
)
def test_target_modules_name_matrices_of_the_block(targets, adapters):
    assert adapters_of(targets) == adapters


@pytest.mark.parametrize(
    ("name", "modules"),
    [
        ("q", "q_proj query q_lin q wq"),
        ("k", "k_proj key k_lin k wk"),
        ("v", "v_proj value v_lin v wv"),
        ("qkv", "qkv_proj query_key_value c_attn W_pack Wqkv wqkv qkv"),
        ("q_a", "q_a_proj"),
        ("q_b", "q_b_proj"),
        ("kv_a", "kv_a_proj_with_mqa"),
        ("kv_b", "kv_b_proj"),
        ("o", "o_proj out_proj out_lin dense attn_out wo o"),
        ("gate", "gate_proj w1 gate"),
        ("up", "up_proj fc1 c_fc dense_h_to_4h lin1 w3 Wi wi up intermediate"),
        ("gate_up", "gate_up_proj"),
        ("down", "down_proj fc2 c_proj dense_4h_to_h lin2 w2 Wo wo_mlp down output"),
    ],
)
def test_a_module_is_known_under_the_names_that_families_give_it(name, modules):
    for module in modules.split():
        assert adapters_of((module,)) == adapters_of((f"model.layers.0.block.{module}",)) == Adapters(frozenset({name}))


APART = ("q", "k", "v", "o", "gate", "up", "down")
FUSED = ("qkv", "o", "gate_up", "down")


@pytest.mark.parametrize(
    ("asked", "there", "matched_names"),
    [
        (("q_proj", "v_proj"), APART, "q v"),
        (("q_proj",), FUSED, "qkv"),  # a part of a fused matrix stands for all of it
        (("gate_proj", "down_proj"), FUSED, "gate_up down"),
        (("qkv_proj",), APART, "q k v"),  # and a fused one for its parts
        (("gate_up_proj",), APART, "gate up"),
        (("gate_up_proj",), ("up", "down"), "up"),
        (("qkv_proj", "q_proj"), APART, "q"),  # where parts are named besides, these are meant
        (("attention-qv",), APART, "q v"),
        (("attention-qv",), FUSED, "qkv"),
        (("all-linear",), APART, "q k v o gate up down"),
        (("all-linear",), FUSED, "qkv o gate_up down"),
        (("lm_head",), APART, ""),
    ],
)
def test_parts_of_a_fused_matrix_stand_for_it_and_it_for_its_parts(asked, there, matched_names):
    found = matched(adapters_of(asked), tuple(Linear(name, 8, 8) for name in there))
    assert found.names == frozenset(matched_names.split())


def test_latent_attention_has_matrices_of_its_own():
    linears = tuple(Linear(name, 8, 8) for name in ("o", "down"))
    assert matched(adapters_of(("q_a_proj",)), linears, latent=True).names == {"q_a"}
    assert matched(adapters_of(("all-linear",)), linears, latent=True).names == {
        "o", "down", "q_a", "q_b", "kv_a", "kv_b",
    }  # fmt: skip
    assert matched(adapters_of(("q_a_proj",)), linears) == NotEstimable(
        "none of the target modules is a matrix of this family, which has down, o"
    )


def test_an_unknown_target_module_is_refused():
    assert refusal(LLAMA, QLORA._replace(target_modules=("wizardry",))).missing == ()


def test_adapters_weigh_rank_times_both_widths():
    block = 16 * ((4096 + 4096) * 2 + (4096 + 1024) * 2 + (4096 + 14336) * 3)
    assert estimated(QLORA).term("adapters") == 4 * 32 * block


def test_an_adapter_on_the_head_and_whole_tables_are_trained_besides():
    plain = estimated(QLORA).term("adapters")
    head = estimated(QLORA._replace(target_modules=("all-linear+head",))).term("adapters")
    tables = estimated(QLORA._replace(target_modules=("all-linear+embeddings+head",))).term("adapters")
    assert head - plain == 4 * 16 * (4096 + 128256)
    assert tables - plain == 4 * 2 * 128256 * 4096


@pytest.mark.parametrize(
    ("optimizer", "amount", "words"),
    [
        (Optimizer.ADAMW, 8000, "two states of 4 bytes a trained weight"),
        (Optimizer.PAGED_ADAMW, 8000, "two states of 4 bytes a trained weight"),
        (Optimizer.ADAMW_8BIT, 2031, "two bytes a trained weight and scales for each 256"),
        (Optimizer.PAGED_ADAMW_8BIT, 2031, "two bytes a trained weight and scales for each 256"),
        (Optimizer.ADAFACTOR, 0, "next to none"),
        (Optimizer.SGD, 0, "next to none"),
        (Optimizer.SGD_MOMENTUM, 4000, "one state of 4 bytes a trained weight"),
        (Optimizer.LION, 4000, "one state of 4 bytes a trained weight"),
        (Optimizer.LION_8BIT, 1015, "one byte a trained weight and scales for each 256"),
    ],
)
def test_states_by_optimizer(optimizer, amount, words):
    assert (state_bytes(optimizer, 1000, 4), formula(optimizer, 4)) == (amount, words)


def test_double_quantisation_saves_0_373_bits_a_weight():
    plain = quantised_base_bytes(QuantizedBase.NF4, double=False)
    assert 8 * (plain - quantised_base_bytes(QuantizedBase.NF4, double=True)) == pytest.approx(0.373, abs=0.001)


def test_fused_projections_and_parallel_blocks_are_counted_as_they_are_built():
    phi = models()["microsoft/Phi-3-mini-4k-instruct"]
    fused = estimated(TrainingPlan(Method.LORA, 512, target_modules=("attention-qv",)), phi)
    assert fused.term("adapters") == 4 * 32 * 16 * (3072 + 3 * 3072)


def test_the_largest_terms_are_named_and_the_rest_is_other():
    assert [(name, round(amount / GIB, 1)) for name, amount in estimated(QLORA).largest(2)] == [
        ("weights", 5.6),
        ("logits and loss", 2.9),
        ("other", 1.5),
    ]
    assert estimated(QLORA).largest(6)[-1][0] == "adapters"


@pytest.mark.parametrize(
    ("family", "reason"),
    [
        ("albert", "its layers share their weights"),
        ("big_bird", "its attention is sparse"),
        ("longformer", "its attention is sparse"),
        ("deberta", "its attention adds scores of relative positions, which no fused kernel computes"),
        ("deberta-v2", "its attention adds scores of relative positions, which no fused kernel computes"),
        ("gemma3n", "its layers share caches and embeddings"),
        ("gemma4", "its layers share caches and differ in their heads"),
        ("mllama", "some of its layers attend to images"),
    ],
)
def test_a_family_that_is_built_otherwise_is_refused_with_the_reason(family, reason):
    assert refusal(LLAMA._replace(model_type=family)) == NotEstimable(f"`{family}` is not modelled: {reason}")


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("sequence_length", 2**26),
        ("micro_batch_size", 2**20),
        ("rank", 2**16),
        ("labels", 2**20),
        ("devices", 2**16),
        ("context_window", 2**30),
        ("parallel_requests", 2**20),
        ("prompt_tokens", 2**30),
    ],
)
def test_the_largest_size_that_anybody_runs_is_taken_and_no_larger_one(name, most):
    plan = QLORA if hasattr(QLORA, name) else ServingPlan(Runtime.VLLM, 8192)
    assert absurd(plan._replace(**{name: 1})) is None
    assert absurd(plan._replace(**{name: most})) is None
    for size in (0, most + 1):
        words = f"{name} is {size}, and lies between 1 and {most} in any plan that is run"
        assert absurd(plan._replace(**{name: size})) == words


@pytest.mark.parametrize("change", [{"sequence_length": 2**40}, {"micro_batch_size": 0}, {"rank": 2**20}])
def test_sizes_that_nobody_runs_are_refused(change):
    [(name, value)] = change.items()
    assert refusal(LLAMA, QLORA._replace(**change)).reason.startswith(f"{name} is {value}, and lies between 1 and ")


def test_an_encoder_cut_off_a_t5_has_one_stack():
    dims = Dimensions(num_hidden_layers=12, hidden_size=768, num_attention_heads=12, head_dim=64)
    dims = dims._replace(intermediate_size=3072, vocab_size=32128)
    model = Model(110_218_368, dims, ArchitectureClass.BI_ENCODER, "t5")
    made = prepared(model, TrainingPlan(Method.LORA, 128, task=Task.EMBED))
    assert made.program.memory is None
    assert made.held.total == pytest.approx(110_218_368, rel=0.01)


@pytest.mark.parametrize(("spelled", "near"), [("all_linear", "all-linear"), ("q_prj", "q_proj")])
def test_an_unknown_target_module_is_answered_with_the_nearest_name(spelled, near):
    assert refusal(LLAMA, QLORA._replace(target_modules=(spelled,))).reason.endswith(f"did you mean `{near}`?")


FLAN = Model(
    247_577_856,
    Dimensions(
        num_hidden_layers=12,
        hidden_size=768,
        intermediate_size=2048,
        num_attention_heads=12,
        vocab_size=32128,
    ),
    ArchitectureClass.ENCODER_DECODER,
    "t5",
)


def test_the_total_of_two_stacks_says_whether_they_are_gated_and_the_head_tied():
    gated = two_stacks(FLAN)
    plain = two_stacks(
        FLAN._replace(parameters=222_903_552, dimensions=FLAN.dimensions._replace(intermediate_size=3072))
    )
    assert isinstance(gated, Model)
    assert isinstance(plain, Model)
    assert (gated.traits.gated, gated.dimensions.tie_word_embeddings) == (True, False)
    assert (plain.traits.gated, plain.dimensions.tie_word_embeddings) == (False, True)
    assert estimated(QLORA, FLAN).allocated_bytes > 0


def test_two_stacks_of_bart_take_the_heads_of_the_hidden_size():
    dims = Dimensions(
        num_hidden_layers=12,
        hidden_size=1024,
        intermediate_size=4096,
        num_attention_heads=16,
        vocab_size=50265,
        max_position_embeddings=1024,
    )
    made = two_stacks(Model(406_291_456, dims, ArchitectureClass.ENCODER_DECODER, "bart"))
    assert isinstance(made, Model)
    assert made.dimensions.head_dim == 64


def test_two_stacks_that_no_build_explains_are_refused():
    strange = FLAN._replace(parameters=500_000_000)
    assert refusal(strange).reason.startswith("500000000 parameters contradict the dimensions: two stacks of 12 layers")
    nameless = FLAN._replace(dimensions=FLAN.dimensions._replace(vocab_size=None))
    assert refusal(nameless).missing == ("dimensions.vocab_size",)


def test_the_total_of_two_stacks_contradicts_one():
    alone = FLAN._replace(architecture=ArchitectureClass.BI_ENCODER)
    assert refusal(alone).reason.startswith("247577856 parameters contradict the dimensions: 12 layers of 768 make ")


def test_experts_that_are_more_than_the_total_are_refused():
    dims = Dimensions(
        num_hidden_layers=48,
        hidden_size=5120,
        intermediate_size=8192,
        num_attention_heads=40,
        num_key_value_heads=8,
        head_dim=128,
        vocab_size=202048,
        tie_word_embeddings=False,
        num_experts=128,
        experts_per_tok=1,
    )
    maverick = Model(401_583_781_376, dims, ArchitectureClass.DECODER, "llama4")
    assert refusal(maverick).reason.endswith("of its blocks: not all layers are alike")
