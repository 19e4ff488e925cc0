"""The KV cache: bytes a token of each attention layer, and which layers have one for how many tokens."""

from checker.value import NamedTuple

ELEMENT_BYTES = {
    "fp16": 2.0,
    "bf16": 2.0,
    "fp8": 1.0,
    "int8": 1.0,
    "q8_0": 34 / 32,
    "q5_1": 24 / 32,
    "q5_0": 22 / 32,
    "q4_1": 20 / 32,
    "q4_0": 18 / 32,
    "iq4_nl": 18 / 32,
}
"""Bytes a cached number, by the manifest's names; the q formats are llama.cpp's blocks of 32 with their scales."""


def grouped_bytes(layers: int, kv_heads: int, head_dim: int, element: float) -> float:
    """Bytes a token: 2 (key, value) · layers · key-value heads · head dimension · bytes (GQA, arXiv:2305.13245)."""
    return 2 * layers * kv_heads * head_dim * element


def latent_bytes(layers: int, kv_lora_rank: int, rope_dim: int, element: float) -> float:
    """Bytes a token of latent attention: layers · (latent + rotated part) · bytes, one copy (MLA, arXiv:2405.04434)."""
    return layers * (kv_lora_rank + rope_dim) * element


def window_cells(window: int, context: int, requests: int, batch: int = 512) -> int:
    """Tokens that a sliding-window layer holds in llama.cpp: window · requests + micro batch, in steps of 256."""
    cells = -(-(window * requests + batch) // 256) * 256
    return min(cells, context * requests)


class Layers(NamedTuple):
    """Which attention layers of a family cache what."""

    every: int = 1
    """One layer in so many attends, the others are recurrent (hybrid models)."""
    full_every: int = 1
    """One attending layer in so many sees the whole context, the others a sliding window; 0: none does."""


FAMILIES = {
    "gemma2": Layers(full_every=2),
    "gemma3": Layers(full_every=6),
    "gemma3_text": Layers(full_every=6),
    "gpt_oss": Layers(full_every=2),
    "mistral": Layers(full_every=0),
    "qwen3_5": Layers(every=4),
    "qwen3_5_moe": Layers(every=4),
    "qwen3_next": Layers(every=4),
    "starcoder2": Layers(full_every=0),
}
"""Families whose layers differ, by `model_type`; all layers of the others cache the whole context."""

ROPE_DIM = {
    "deepseek_v2": 64,
    "deepseek_v3": 64,
    "deepseek_v32": 64,
    "glm_moe_dsa": 64,
    "kimi_k2": 64,
    "minicpm3": 32,
}
"""Rotated head dimension of latent attention, which the dimensions do not hold, by `model_type`."""

RECURRENT_STATE = 150 * 2**20
"""State of the recurrent layers of one sequence: 149.6 MiB in a 27 B model of this family, 50.25 MiB in one of 9 B; the
larger stands for all, since the dimensions that decide it are not among the facts."""
