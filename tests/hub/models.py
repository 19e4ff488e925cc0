"""Models as publishers put them on the Hub: true configurations and shapes, and none of their weights."""

from __future__ import annotations

import json
from typing import Any

from tests.hub.stub import Model, safetensors_header

APACHE = b"Apache License\nVersion 2.0, January 2004\n"
COMMIT = "a09a35458c702b33eeacc393d103063234e8bc28"

QWEN = {
    "architectures": ["Qwen2ForCausalLM"],
    "hidden_act": "silu",
    "hidden_size": 896,
    "intermediate_size": 4864,
    "max_position_embeddings": 32768,
    "model_type": "qwen2",
    "num_attention_heads": 14,
    "num_hidden_layers": 24,
    "num_key_value_heads": 2,
    "rope_theta": 1000000.0,
    "sliding_window": 32768,
    "tie_word_embeddings": True,
    "torch_dtype": "bfloat16",
    "use_sliding_window": False,
    "vocab_size": 151936,
}
"""Qwen/Qwen2.5-0.5B-Instruct."""

MINILM = {
    "architectures": ["BertModel"],
    "hidden_act": "gelu",
    "hidden_size": 384,
    "intermediate_size": 1536,
    "max_position_embeddings": 512,
    "model_type": "bert",
    "num_attention_heads": 12,
    "num_hidden_layers": 6,
    "type_vocab_size": 2,
    "vocab_size": 30522,
}
"""sentence-transformers/all-MiniLM-L6-v2."""

MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
]


def as_bytes(value: Any) -> bytes:
    return json.dumps(value, indent=2).encode()


def qwen_shapes() -> dict[str, tuple[str, list[int]]]:
    """The tensors of Qwen2.5-0.5B: 494,032,768 elements."""
    shapes = {"model.embed_tokens.weight": [151936, 896], "model.norm.weight": [896]}
    for layer in range(24):
        block = f"model.layers.{layer}"
        shapes |= {
            f"{block}.input_layernorm.weight": [896],
            f"{block}.post_attention_layernorm.weight": [896],
            f"{block}.mlp.gate_proj.weight": [4864, 896],
            f"{block}.mlp.up_proj.weight": [4864, 896],
            f"{block}.mlp.down_proj.weight": [896, 4864],
            f"{block}.self_attn.q_proj.weight": [896, 896],
            f"{block}.self_attn.q_proj.bias": [896],
            f"{block}.self_attn.k_proj.weight": [128, 896],
            f"{block}.self_attn.k_proj.bias": [128],
            f"{block}.self_attn.v_proj.weight": [128, 896],
            f"{block}.self_attn.v_proj.bias": [128],
            f"{block}.self_attn.o_proj.weight": [896, 896],
        }
    return {name: ("BF16", shape) for name, shape in shapes.items()}


QWEN_PARAMETERS = 494_032_768


def qwen_files() -> dict[str, bytes]:
    """A repository as the publisher has it, with the header of its weights alone."""
    return {
        "LICENSE": APACHE,
        "README.md": b"---\nlicense: apache-2.0\nbase_model: Qwen/Qwen2.5-0.5B\npipeline_tag: text-generation\n"
        b"library_name: transformers\n---\n# Qwen2.5\n",
        "config.json": as_bytes(QWEN),
        "model.safetensors": safetensors_header(qwen_shapes()),
        "tokenizer_config.json": as_bytes({"chat_template": "{{ messages }}", "model_max_length": 131072}),
    }


def qwen(model: str = "Qwen/Qwen2.5-0.5B-Instruct", **record: Any) -> Model:
    """The instruct model, with what the Hub says of it."""
    stated = {
        "tags": [
            *("transformers", "safetensors", "qwen2", "text-generation", "license:apache-2.0"),
            *("base_model:Qwen/Qwen2.5-0.5B", "base_model:finetune:Qwen/Qwen2.5-0.5B"),
        ],
        "pipeline_tag": "text-generation",
        "library_name": "transformers",
        "safetensors": {"parameters": {"BF16": QWEN_PARAMETERS}, "total": QWEN_PARAMETERS},
        "config": {
            "architectures": QWEN["architectures"],
            "model_type": "qwen2",
            "tokenizer_config": {"chat_template": "{{ messages }}"},
        },
    }
    card = {"license": "apache-2.0", "base_model": "Qwen/Qwen2.5-0.5B", "pipeline_tag": "text-generation"}
    return Model(model, qwen_files(), card, stated | record)


def qwen_base() -> Model:
    """What it descends from: a root."""
    files = {name: data for name, data in qwen_files().items() if name != "README.md"}
    stated = {"safetensors": {"parameters": {"BF16": QWEN_PARAMETERS}, "total": QWEN_PARAMETERS}}
    return Model("Qwen/Qwen2.5-0.5B", files, {"license": "apache-2.0"}, stated)


def minilm_shapes() -> dict[str, tuple[str, list[int]]]:
    """The tensors of all-MiniLM-L6-v2: 22,713,216 elements, and positions that are none."""
    shapes = {
        "embeddings.word_embeddings.weight": [30522, 384],
        "embeddings.position_embeddings.weight": [512, 384],
        "embeddings.token_type_embeddings.weight": [2, 384],
        "embeddings.LayerNorm.weight": [384],
        "embeddings.LayerNorm.bias": [384],
        "pooler.dense.weight": [384, 384],
        "pooler.dense.bias": [384],
    }
    parts = {
        **{f"attention.self.{name}": (384, 384) for name in ("query", "key", "value")},
        "attention.output.dense": (384, 384),
        "intermediate.dense": (1536, 384),
        "output.dense": (384, 1536),
    }
    for layer in range(6):
        for name, (rows, columns) in parts.items():
            shapes[f"encoder.layer.{layer}.{name}.weight"] = [rows, columns]
            shapes[f"encoder.layer.{layer}.{name}.bias"] = [rows]
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes[f"encoder.layer.{layer}.{name}.weight"] = [384]
            shapes[f"encoder.layer.{layer}.{name}.bias"] = [384]
    return {
        "embeddings.position_ids": ("I64", [1, 512]),
        **{name: ("F32", shape) for name, shape in shapes.items()},
    }


def minilm() -> Model:
    """A bi-encoder of sentence-transformers."""
    files = {
        "1_Pooling/config.json": as_bytes({"word_embedding_dimension": 384, "pooling_mode_mean_tokens": True}),
        "README.md": b"---\nlicense: apache-2.0\n---\n",
        "config.json": as_bytes(MINILM),
        "modules.json": as_bytes(MODULES),
        "sentence_bert_config.json": as_bytes({"max_seq_length": 256, "do_lower_case": False}),
        "tokenizer_config.json": as_bytes({"do_lower_case": True}),
    }
    stated = {
        "tags": ["sentence-transformers", "safetensors", "bert", "license:apache-2.0"],
        "pipeline_tag": "sentence-similarity",
        "library_name": "sentence-transformers",
        "safetensors": {"parameters": {"I64": 512, "F32": 22713216}, "total": 22713728},
    }
    card = {"license": "apache-2.0", "pipeline_tag": "sentence-similarity"}
    return Model("sentence-transformers/all-MiniLM-L6-v2", files, card, stated, {"model.safetensors": 90868376})
