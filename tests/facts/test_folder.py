"""What a folder with a model tells, from files as publishers write them; the weights themselves are never read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checker.document.errors import InputError
from checker.document.place import SourceFile
from checker.document.read import read
from checker.facts.fact import Certainty, Fact, Origin, Source, Unknown
from checker.facts.folder import Found, facts_of, read_folder, weight_formats
from checker.facts.model import ArchitectureClass, Dimensions, Facts, Head, Parent, Relation, Variant

QWEN = {
    "architectures": ["Qwen2ForCausalLM"],
    "hidden_size": 896,
    "intermediate_size": 4864,
    "max_position_embeddings": 32768,
    "model_type": "qwen2",
    "num_attention_heads": 14,
    "num_hidden_layers": 24,
    "num_key_value_heads": 2,
    "sliding_window": 32768,
    "tie_word_embeddings": True,
    "torch_dtype": "bfloat16",
    "use_sliding_window": False,
    "vocab_size": 151936,
}
ROBERTA = {
    "architectures": ["RobertaForMaskedLM"],
    "hidden_size": 768,
    "intermediate_size": 3072,
    "max_position_embeddings": 514,
    "model_type": "roberta",
    "num_attention_heads": 12,
    "num_hidden_layers": 12,
    "type_vocab_size": 1,
    "vocab_size": 50265,
}
CARD = """---
license: apache-2.0
base_model: Qwen/Qwen2.5-0.5B
base_model_relation: finetune
pipeline_tag: text-generation
library_name: transformers
---
# A model
"""


def folder(tree: Path, **files: Any) -> Facts:
    """Write files into `tree/model`, mappings as JSON, and read the folder; `__` in a name stands for a dot or slash."""
    model = tree / "model"
    for name, content in files.items():
        path = model / name.replace("___", "/").replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    model.mkdir(exist_ok=True)
    return read_folder(model, "./model", tree)


def value(fact: object) -> object:
    assert isinstance(fact, Fact), fact
    return fact.value


def test_a_decoder_as_it_is_downloaded(tmp_path: Path):
    facts = folder(tmp_path, config__json=QWEN, model__safetensors="", README__md=CARD)
    assert (facts.model, facts.found_as, facts.revision) == ("./model", "./model", None)
    assert facts.license == Fact("apache-2.0", Certainty.DECLARED, Source(Origin.FOLDER, "README.md", "./model"))
    assert value(facts.parents) == (Parent("Qwen/Qwen2.5-0.5B", Relation.FINETUNE),)
    assert facts.weight_formats == Fact(
        ("safetensors",), Certainty.VERIFIED, Source(Origin.FOLDER, "names of files", "./model")
    )
    assert value(facts.remote_code) is False
    assert value(facts.gated) is False
    assert value(facts.model_type) == "qwen2"
    assert value(facts.architectures) == ("Qwen2ForCausalLM",)
    assert value(facts.torch_dtype) == "bfloat16"
    assert value(facts.native_context) == 32768
    assert facts.dimensions == Fact(
        Dimensions(24, 896, 4864, 14, 2, None, 151936, True, 32768),
        Certainty.VERIFIED,
        Source(Origin.FOLDER, "config.json", "./model"),
    )
    assert facts.parameters == Fact(
        494_032_768,
        Certainty.INFERRED,
        Source(Origin.FOLDER, "config.json, counted from the dimensions", "./model"),
    )
    assert facts.architecture_class == Fact(
        ArchitectureClass.DECODER, Certainty.INFERRED, Source(Origin.FOLDER, "a causal language model", "./model")
    )
    assert (value(facts.multimodal), value(facts.state_space)) == (False, False)
    assert facts.variant == Unknown("variant"), "the files do not tell a base model from an instruction-tuned one"
    assert (value(facts.pipeline_tag), value(facts.library_name)) == ("text-generation", "transformers")


def test_an_empty_folder_is_fine_and_its_facts_are_unknown(tmp_path: Path):
    facts = folder(tmp_path)
    assert facts.weight_formats == Unknown("weight_formats", "./model holds no weights")
    assert facts.remote_code == Unknown("remote_code", "./model holds no config.json")
    assert facts.license == Unknown("license", "the folder has no README.md")
    assert facts.architecture_class == Unknown("architecture_class")
    assert facts.parameters == Unknown("parameters")
    assert value(facts.gated) is False


# --- weights ---


@pytest.mark.parametrize(
    ("files", "formats"),
    [
        (["model.safetensors"], ("safetensors",)),
        (["model-00001-of-00002.safetensors", "model.safetensors.index.json"], ("safetensors",)),
        (["model.Q4_K_M.GGUF"], ("gguf",)),
        (["onnx/model.onnx", "onnx/model.onnx_data"], ("onnx",)),
        (["pytorch_model.bin"], ("pickle",)),
        (["consolidated.00.pth"], ("pickle",)),
        (["model.ckpt", "model.pt", "model.pkl"], ("pickle",)),
        (["model.safetensors", "pytorch_model.bin"], ("pickle", "safetensors")),
        (["model.safetensors", "training_args.bin", "optimizer.pt", "rng_state_0.pth"], ("safetensors",)),
        (["training_args.bin"], ()),
        (["config.json", "README.md", "tokenizer.model"], ()),
        (["tf_model.h5", "flax_model.msgpack", "weights.npz"], ("h5", "msgpack", "npz")),
    ],
)
def test_formats_are_told_by_the_names_of_files(files, formats):
    assert weight_formats(frozenset(files)) == formats


def test_only_configuration_and_card_are_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    opened: list[str] = []

    def noted(path: Path, name: str) -> SourceFile:
        opened.append(path.name)
        return read(path, name)

    monkeypatch.setattr("checker.facts.folder.read", noted)
    facts = folder(tmp_path, config__json=QWEN, model__safetensors="", pytorch_model__bin="", README__md=CARD)
    assert value(facts.weight_formats) == ("pickle", "safetensors")
    assert sorted(opened) == ["README.md", "config.json"]


def test_a_single_file_of_weights_is_a_model_too(tmp_path: Path):
    (tmp_path / "model.gguf").write_bytes(b"GGUF")
    facts = read_folder(tmp_path / "model.gguf", "./model.gguf", tmp_path)
    assert value(facts.weight_formats) == ("gguf",)
    assert value(facts.remote_code) is False


# --- code of the folder ---


@pytest.mark.parametrize(
    ("files", "source"),
    [
        ({"config__json": {**QWEN, "auto_map": {"AutoModel": "modeling.Model"}}}, "`auto_map` in config.json"),
        (
            {"config__json": QWEN, "tokenizer_config__json": {"auto_map": {"AutoTokenizer": ["t.T", None]}}},
            "`auto_map` in tokenizer_config.json",
        ),
        ({"config__json": QWEN, "modules__json": [{"idx": 0, "type": "custom_st.Transformer"}]}, "modules.json"),
    ],
)
def test_loading_runs_code_where_a_file_names_some(tmp_path: Path, files, source):
    fact = folder(tmp_path, **files).remote_code
    assert isinstance(fact, Fact)
    assert (fact.value, fact.certainty, fact.source.detail) == (True, Certainty.VERIFIED, source)


def test_a_tokenizer_that_is_too_large_to_read_leaves_the_question_open(tmp_path: Path):
    facts = folder(tmp_path, config__json=QWEN, tokenizer_config__json="[" * (1024 * 1024 + 1))
    assert facts.remote_code == Unknown(
        "remote_code", "tokenizer_config.json cannot be read: the file is larger than 1 MiB"
    )
    assert value(facts.model_type) == "qwen2"


# --- sizes ---


@pytest.mark.parametrize(
    ("config", "sizes"),
    [
        pytest.param(
            {"n_layer": 12, "n_embd": 768, "n_head": 12, "n_positions": 1024, "vocab_size": 50257},
            Dimensions(12, 768, None, 12, None, None, 50257, None, 1024),
            id="GPT-2's names",
        ),
        pytest.param(
            {"num_layers": 6, "d_model": 512, "d_ff": 2048, "num_heads": 8, "d_kv": 64},
            Dimensions(6, 512, 2048, 8, None, 64),
            id="T5's names",
        ),
        pytest.param(
            {"num_attention_heads": 71, "multi_query": True},
            Dimensions(num_attention_heads=71, num_key_value_heads=1),
            id="multi-query attention",
        ),
        pytest.param(
            {"num_attention_heads": 128, "num_kv_heads": 8, "multi_query": True, "new_decoder_architecture": True},
            Dimensions(num_attention_heads=128, num_key_value_heads=8),
            id="grouped heads win over multi-query",
        ),
        pytest.param(
            {"n_routed_experts": 64, "num_experts_per_tok": 6, "n_shared_experts": 2, "moe_intermediate_size": 1408},
            Dimensions(num_experts=64, experts_per_tok=6, num_shared_experts=2, moe_intermediate_size=1408),
            id="experts",
        ),
        pytest.param(
            {"kv_lora_rank": 512, "head_dim": 64},
            Dimensions(kv_lora_rank=512),
            id="latent attention has no one head dimension",
        ),
        pytest.param(
            {"text_config": {"hidden_size": 2560}, "tie_word_embeddings": True, "vision_config": {"hidden_size": 1152}},
            Dimensions(hidden_size=2560, tie_word_embeddings=True),
            id="the text part of a multimodal model",
        ),
        pytest.param(
            {"hidden_size": "4096", "num_hidden_layers": -1, "vocab_size": True, "tie_word_embeddings": "no"},
            None,
            id="nothing that is no count",
        ),
    ],
)
def test_sizes_are_read_under_every_name(tmp_path: Path, config, sizes):
    fact = folder(tmp_path, config__json=config).dimensions
    assert fact == Unknown("dimensions") if sizes is None else value(fact) == sizes


def test_a_family_of_latent_attention_is_counted_with_the_sizes_that_its_configuration_states(tmp_path: Path):
    deepseek_lite = {
        "model_type": "deepseek_v2",
        "architectures": ["DeepseekV2ForCausalLM"],
        "num_hidden_layers": 27,
        "hidden_size": 2048,
        "intermediate_size": 10944,
        "num_attention_heads": 16,
        "num_key_value_heads": 16,
        "vocab_size": 102400,
        "n_routed_experts": 64,
        "num_experts_per_tok": 6,
        "moe_intermediate_size": 1408,
        "n_shared_experts": 2,
        "kv_lora_rank": 512,
        "q_lora_rank": None,
        "qk_nope_head_dim": 128,
        "qk_rope_head_dim": 64,
        "v_head_dim": 128,
        "first_k_dense_replace": 1,
    }
    assert value(folder(tmp_path, config__json=deepseek_lite).parameters) == 15_706_484_224


def test_a_hybrid_whose_formula_wants_more_has_no_total(tmp_path: Path):
    facts = folder(tmp_path, config__json={**QWEN, "model_type": "lfm2", "architectures": ["Lfm2ForCausalLM"]})
    assert facts.parameters == Unknown("parameters")
    assert value(facts.state_space) is True


# --- context ---


@pytest.mark.parametrize(
    ("config", "further", "tokens"),
    [
        (QWEN, {}, 32768),
        (ROBERTA, {}, 512),  # two positions stand for padding
        ({**ROBERTA, "model_type": "bert", "max_position_embeddings": 512}, {}, 512),
        (ROBERTA, {"sentence_bert_config__json": {"max_seq_length": 384}}, 384),
        (ROBERTA, {"sentence_bert_config__json": {"max_seq_length": 4096}}, 512),
        (ROBERTA, {"sentence_bert_config__json": {"max_seq_length": None}}, 512),
        ({"model_type": "t5"}, {}, None),
    ],
)
def test_context_is_what_the_positions_reach(tmp_path: Path, config, further, tokens):
    fact = folder(tmp_path, config__json=config, **further).native_context
    assert isinstance(fact, Unknown) if tokens is None else value(fact) == tokens


# --- kind ---

POOLING = [
    {"idx": 0, "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "type": "sentence_transformers.models.Pooling"},
]
SPARSE = [{"idx": 1, "type": "sentence_transformers.sparse_encoder.models.SpladePooling"}]
A, V = ArchitectureClass, Variant


@pytest.mark.parametrize(
    ("files", "architecture_class", "variant"),
    [
        pytest.param({"config__json": QWEN}, A.DECODER, None, id="causal"),
        pytest.param({"config__json": QWEN, "modules__json": POOLING}, A.BI_ENCODER, V.EMBEDDING, id="decoder embeds"),
        pytest.param(
            {"config__json": ROBERTA, "x1_Pooling": ""}, A.ENCODER, V.BASE, id="another name that only resembles"
        ),
        pytest.param({"config__json": ROBERTA, "modules__json": SPARSE}, A.SPARSE_RETRIEVER, V.EMBEDDING, id="sparse"),
        pytest.param(
            {"config__json": {"architectures": ["HF_ColBERT"]}}, A.LATE_INTERACTION, V.EMBEDDING, id="colbert"
        ),
        pytest.param({"config__json": ROBERTA}, A.ENCODER, V.BASE, id="masked"),
        pytest.param(
            {"config__json": {"architectures": ["ElectraForPreTraining"]}}, A.ENCODER, V.BASE, id="discriminator"
        ),
        pytest.param(
            {"config__json": {**ROBERTA, "architectures": ["RobertaModel"]}}, None, None, id="no head, and no sign"
        ),
        pytest.param(
            {"config__json": {"architectures": ["XForSequenceClassification"], "id2label": {"0": "LABEL_0"}}},
            A.CROSS_ENCODER,
            V.RERANKER,
            id="one score",
        ),
        pytest.param(
            {"config__json": {"architectures": ["XForSequenceClassification"]}},
            A.ENCODER,
            V.CLASSIFIER,
            id="two labels are not written down",
        ),
        pytest.param(
            {"config__json": {**QWEN, "architectures": ["Qwen2ForSequenceClassification"], "num_labels": 5}},
            A.DECODER,
            V.CLASSIFIER,
            id="decoder classifies",
        ),
        pytest.param(
            {"config__json": {"architectures": ["BartForSequenceClassification"], "is_encoder_decoder": True}},
            A.ENCODER_DECODER,
            V.CLASSIFIER,
            id="bart classifies",
        ),
        pytest.param(
            {"config__json": {"architectures": ["T5ForConditionalGeneration"], "is_encoder_decoder": True}},
            A.ENCODER_DECODER,
            None,
            id="t5",
        ),
        pytest.param(
            {"config__json": {"architectures": ["BertForTokenClassification"]}}, A.ENCODER, V.OTHER, id="token labels"
        ),
        pytest.param(
            {"config__json": {"architectures": ["WhisperForConditionalGeneration"], "is_encoder_decoder": True}},
            A.SPEECH,
            V.OTHER,
            id="speech",
        ),
        pytest.param(
            {"config__json": {"architectures": ["ViTForImageClassification"]}}, A.VISION, V.OTHER, id="vision"
        ),
        pytest.param(
            {"config__json": {"architectures": ["JinaVLForRanking"]}}, A.CROSS_ENCODER, V.RERANKER, id="ranking"
        ),
        pytest.param(
            {"config__json": QWEN, "README__md": "---\npipeline_tag: text-ranking\n---\n"},
            A.CROSS_ENCODER,
            V.RERANKER,
            id="decoder ranks",
        ),
        pytest.param(
            {"config__json": QWEN, "README__md": "---\npipeline_tag: sentence-similarity\n---\n"},
            A.BI_ENCODER,
            V.EMBEDDING,
            id="card says it embeds",
        ),
        pytest.param({"model_index__json": "{}"}, A.DIFFUSION, V.OTHER, id="diffusers"),
        pytest.param({"config__json": {"architectures": ["Mystery"]}}, None, None, id="nothing is said"),
    ],
)
def test_kind_is_judged_by_names(tmp_path: Path, files, architecture_class, variant):
    facts = folder(tmp_path, **files)
    for fact, expected in ((facts.architecture_class, architecture_class), (facts.variant, variant)):
        if expected is None:
            assert isinstance(fact, Unknown)
        else:
            assert isinstance(fact, Fact)
            assert (fact.value, fact.certainty) == (expected, Certainty.INFERRED)


def test_an_embedder_whose_card_generates_text_serves_both(tmp_path: Path):
    card = "---\npipeline_tag: text-generation\n---\n"
    facts = folder(tmp_path, config__json=QWEN, modules__json=POOLING, README__md=card)
    assert value(facts.architecture_class) is A.BI_ENCODER
    assert value(facts.also_serves) == ("similarity", "chat", "text-generation")


def test_signs_that_contradict_each_other_leave_the_kind_unknown(tmp_path: Path):
    scores = {**QWEN, "architectures": ["Qwen2ForSequenceClassification"], "num_labels": 1}
    facts = folder(tmp_path, config__json=scores)
    assert facts.architecture_class == Unknown(
        "architecture_class",
        "the files are ambiguous: one score a sequence on a decoder: a reward model or a reranker",
    )


def test_a_folder_that_only_nothing_speaks_against_says_so(tmp_path: Path):
    facts = folder(tmp_path, config__json={**ROBERTA, "architectures": ["RobertaModel"]})
    assert facts.architecture_class == Unknown(
        "architecture_class",
        "no file says what it was built for: an encoder without a head, and nothing says that it embeds",
    )


def test_a_chat_template_makes_a_decoder_an_instruct_model(tmp_path: Path):
    facts = folder(tmp_path, config__json=QWEN, tokenizer_config__json={"chat_template": "{{ messages }}"})
    assert value(facts.variant) is V.INSTRUCT


def test_a_copy_whose_tags_contradict_its_original_has_no_known_variant(tmp_path: Path):
    card = "---\ntags: [dpo]\nbase_model: acme/llama-8b-base\nbase_model_relation: quantized\n---\n"
    assert folder(tmp_path, config__json=QWEN, README__md=card).variant == Unknown(
        "variant", "the files are ambiguous: the name says base, and a tag says that it was trained further"
    )


def test_tags_of_the_card_are_signs(tmp_path: Path):
    card = "---\ntags: [reward-model]\n---\n"
    facts = folder(tmp_path, config__json=QWEN, README__md=card)
    assert (value(facts.architecture_class), value(facts.variant)) == (A.DECODER, V.OTHER)


def test_the_id_of_a_hubs_repository_is_a_sign():
    files = Found("Qwen/Qwen2.5-0.5B-Instruct", frozenset(("config.json",)), QWEN, hub_id="Qwen/Qwen2.5-0.5B-Instruct")
    assert value(facts_of(files).variant) is V.INSTRUCT
    assert facts_of(files._replace(hub_id="")).variant == Unknown("variant")


def test_an_encoder_has_no_other_senses(tmp_path: Path):
    assert value(folder(tmp_path, config__json=ROBERTA).multimodal) is False


def test_a_pooling_folder_is_a_sign_by_itself(tmp_path: Path):
    (tmp_path / "model" / "1_Pooling").mkdir(parents=True)
    (tmp_path / "model" / "1_Pooling" / "config.json").write_text("{}", encoding="utf-8")
    facts = folder(tmp_path, config__json=QWEN)
    assert value(facts.architecture_class) is A.BI_ENCODER
    assert value(facts.parameters) == 494_032_768, "tied, so without a head it is as large"


def test_an_untied_embedder_is_counted_without_its_head(tmp_path: Path):
    facts = folder(tmp_path, config__json={**QWEN, "tie_word_embeddings": False}, modules__json=POOLING)
    assert value(facts.parameters) == 494_032_768


def test_a_multimodal_decoder_has_no_total_since_only_its_text_part_has_a_formula(tmp_path: Path):
    gemma = {
        "architectures": ["Gemma3ForConditionalGeneration"],
        "model_type": "gemma3",
        "text_config": {**QWEN, "model_type": "gemma3_text"},
        "vision_config": {"hidden_size": 1152},
    }
    facts = folder(tmp_path, config__json=gemma)
    assert value(facts.architecture_class) is A.DECODER
    assert value(facts.multimodal) is True
    assert value(facts.model_type) == "gemma3"
    assert facts.parameters == Unknown("parameters")


@pytest.mark.parametrize(
    ("problem", "head"),
    [
        ("multi_label_classification", Head.SIGMOID),
        ("single_label_classification", Head.SOFTMAX),
        ("regression", None),
    ],
)
def test_a_head_is_told_by_its_problem(tmp_path: Path, problem, head):
    config = {"architectures": ["BertForSequenceClassification"], "problem_type": problem}
    fact = folder(tmp_path, config__json=config).head
    assert isinstance(fact, Unknown) if head is None else value(fact) is head


# --- card and adapter ---


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        ("---\nlicense: mit\n---\n", "mit"),
        ("---\nlicense: [apache-2.0, mit]\n---\n", "apache-2.0 AND mit"),
        ("---\nlicense:\n- mit\n---\n", "mit"),
        ("---\nlanguage: en\n---\n", ""),  # read, and it declares none
        ("---\nlicense: ~\nlanguage: en\n---\n", ""),
        ("---\nlicense: {id: mit}\n---\n", ""),
        ("---\r\nlicense: mit\r\n---\r\ntext\r\n", "mit"),
    ],
)
def test_a_licence_is_what_the_card_declares(tmp_path: Path, card, licence):
    assert value(folder(tmp_path, README__md=card).license) == licence


def test_a_licence_of_its_own_has_a_name_and_an_address(tmp_path: Path):
    facts = folder(tmp_path, README__md="---\nlicense: other\nlicense_name: acme\nlicense_link: LICENSE\n---\n")
    assert (value(facts.license), value(facts.license_name), value(facts.license_link)) == ("other", "acme", "LICENSE")


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        ("# No front matter\n", "README.md has no front matter"),
        ("---\nlicense: mit\n", "README.md has no front matter"),
        ("", "README.md has no front matter"),
        (
            "---\nlicense: mit\nlicense: gpl\n---\n",
            "./model/README.md, line 3 cannot be read: the key `license` stands here for the second time",
        ),
        ("---\n- mit\n---\n", "./model/README.md, line 2 cannot be read: the front matter is no mapping"),
        ("---\nlicense: mit\0\n---\n", "./model/README.md, line 2 cannot be read: a NUL character"),
    ],
)
def test_a_card_that_cannot_be_read_leaves_the_licence_unknown(tmp_path: Path, card, reason):
    assert folder(tmp_path, README__md=card).license == Unknown("license", reason)


@pytest.mark.parametrize(
    ("lines", "parents"),
    [
        ("base_model: a/b\n", (Parent("a/b", Relation.UNSTATED),)),
        ("base_model: a/b\nbase_model_relation: quantized\n", (Parent("a/b", Relation.QUANTIZED),)),
        ("base_model: [a/b, c/d]\n", (Parent("a/b", Relation.MERGE), Parent("c/d", Relation.MERGE))),
        ("base_model: a/b\nbase_model_relation: cousin\n", (Parent("a/b", Relation.UNSTATED),)),
    ],
)
def test_a_card_names_the_parents(tmp_path: Path, lines, parents):
    assert value(folder(tmp_path, README__md=f"---\n{lines}---\n").parents) == parents


def test_an_adapter_names_the_model_that_it_belongs_to(tmp_path: Path):
    facts = folder(
        tmp_path,
        adapter_config__json={"base_model_name_or_path": "Qwen/Qwen2.5-0.5B", "peft_type": "LORA"},
        adapter_model__safetensors="",
        README__md="---\nlicense: mit\n---\n",
    )
    assert facts.parents == Fact(
        (Parent("Qwen/Qwen2.5-0.5B", Relation.ADAPTER),),
        Certainty.DECLARED,
        Source(Origin.FOLDER, "adapter_config.json", "./model"),
    )


# --- hostile folders ---


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"hidden_size": 896', "this is no JSON (Expecting ',' delimiter)"),
        ("", "this is no JSON (Expecting value)"),
        ("[" * 100_000, "./model/config.json is no JSON that can be read"),
        ('{"hidden_size": ' + "9" * 10_000 + "}", "./model/config.json is no JSON that can be read"),
        ("[]", "./model/config.json holds something else"),
        ('{"model_type": "bert", "model_type": "llama"}', "the key `model_type` stands here twice"),
        (" " * (1024 * 1024 + 1), "the file is larger than 1 MiB"),
    ],
)
def test_a_configuration_that_cannot_be_read_is_refused(tmp_path: Path, content, sentence):
    with pytest.raises(InputError) as refused:
        folder(tmp_path, config__json=content)
    assert refused.value.problems[0].sentence == sentence


def test_broken_json_is_refused_at_its_place(tmp_path: Path):
    with pytest.raises(InputError) as refused:
        folder(tmp_path, config__json='{\n  "a": 1\n  "b": 2}')
    (problem,) = refused.value.problems
    assert problem.at is not None
    assert str(problem.at) == "./model/config.json:3:3"


def test_modules_that_are_no_list_are_refused(tmp_path: Path):
    with pytest.raises(InputError, match=r"modules\.json holds something else: expected a JSON list$"):
        folder(tmp_path, modules__json={"0": "x"})


def test_a_folder_outside_the_repository_is_refused(tmp_path: Path):
    (tmp_path / "repository").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "repository" / "model").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    for written in ("../elsewhere", "./model"):
        with pytest.raises(InputError, match="leads out of the repository"):
            read_folder(tmp_path / "repository" / written, written, tmp_path / "repository")


def test_a_link_out_of_the_repository_is_not_followed(tmp_path: Path):
    (tmp_path / "repository" / "model").mkdir(parents=True)
    (tmp_path / "secret.json").write_text("{}", encoding="utf-8")
    (tmp_path / "repository" / "model" / "config.json").symlink_to(tmp_path / "secret.json")
    with pytest.raises(InputError, match=r"config.json is a link out of the repository: expected a file inside it$"):
        read_folder(tmp_path / "repository" / "model", "./model", tmp_path / "repository")


def test_a_card_that_is_a_link_out_of_the_repository_is_not_read(tmp_path: Path):
    (tmp_path / "repository" / "model").mkdir(parents=True)
    (tmp_path / "README.md").write_text(CARD, encoding="utf-8")
    (tmp_path / "repository" / "model" / "README.md").symlink_to(tmp_path / "README.md")
    facts = read_folder(tmp_path / "repository" / "model", "./model", tmp_path / "repository")
    assert isinstance(facts.license, Unknown)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match=r"there is no folder ./nothing: expected a folder with a model$"):
        read_folder(tmp_path / "nothing", "./nothing", tmp_path)


def test_links_in_a_circle_are_refused(tmp_path: Path):
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(InputError):
        read_folder(tmp_path / "a", "./a", tmp_path)


def test_a_folder_with_more_files_than_any_model_has_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("checker.facts.folder._MOST_NAMES", 3)
    with pytest.raises(InputError, match=r"^./model: more than 3 files: expected a folder with one model$"):
        folder(tmp_path, a="", b="", c="", d="")


def test_a_folder_that_may_not_be_listed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def denied(top: Path, onerror: Any) -> Any:
        onerror(PermissionError(13, "Permission denied", str(top)))
        return iter(())

    monkeypatch.setattr("checker.facts.folder.os.walk", denied)
    with pytest.raises(InputError, match=r"^./model: the folder cannot be listed: expected a readable folder$"):
        folder(tmp_path)


def test_only_two_levels_of_folders_and_no_hidden_ones_are_listed(tmp_path: Path):
    facts = folder(tmp_path, a___model__onnx="", a___b___model__gguf="", a___b___c___model__pt="", dotgit="")
    (tmp_path / "model" / ".git").mkdir()
    (tmp_path / "model" / ".git" / "x.bin").write_text("", encoding="utf-8")
    assert value(facts.weight_formats) == ("gguf", "onnx")
    assert value(folder(tmp_path).weight_formats) == ("gguf", "onnx")
