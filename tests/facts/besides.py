"""What some models have besides the part that their family's formula counts: re-derived from published configurations.

Every function gives the number of weights of one part; `BESIDES` says which models have it.
"""

from __future__ import annotations


def _vit(*, width: int, layers: int, inner: int, pixels: int, positions: int) -> int:
    """A vision transformer with biases and LayerNorm: patches, positions, layers; what comes before and after is extra.

    A patch's bias is not counted, since not every family has one.
    """
    block = 4 * (width**2 + width) + 2 * width * inner + inner + width + 4 * width
    return pixels * width + positions * width + layers * block


def _linear(inputs: int, outputs: int) -> int:
    return inputs * outputs + outputs


def clip_large(hidden: int) -> int:
    """Phi-3.5-vision: CLIP ViT-L/14 of 336 pixels, two norms between crops, two linears into the text model."""
    tower = _vit(width=1024, layers=24, inner=4096, pixels=3 * 14 * 14, positions=577) + 1024 + 2 * 2 * 1024
    return tower + _linear(4 * 1024, hidden) + _linear(hidden, hidden) + 2 * 4 * 1024


def siglip(hidden: int) -> int:
    """Gemma 3: SigLIP of 400 M weights on 896 pixels, a norm and one matrix into the text model."""
    tower = _vit(width=1152, layers=27, inner=4304, pixels=3 * 14 * 14, positions=4096) + 1152 + 2 * 1152
    return tower + 1152 + 1152 * hidden


def pixtral(hidden: int) -> int:
    """Mistral Small 3.1 and Ministral 3: gated blocks with RMS norms and no biases, four patches merged into one."""
    block = 4 * 1024**2 + 3 * 1024 * 4096 + 2 * 1024
    tower = 3 * 14 * 14 * 1024 + 1024 + 24 * block
    return tower + 1024 + 4 * 1024 * 1024 + 1024 * hidden + hidden**2


def mllama(hidden: int, layers: int, pixels: int) -> int:
    """Llama 3.2 Vision: 32 local and 8 global layers, tiles; every fifth text layer looks at the image instead.

    A layer that looks at the image has two norms of one head and two gates beside an ordinary one; eight rows of the
    embedding table stand for the image.
    """
    patches = (pixels // 14) ** 2 + 1
    block = 4 * 1280**2 + 2 * 1280 * 5120 + 5120 + 1280 + 4 * 1280
    tables = patches * 1280 + 9 * 4 * patches * 1280 + 1 + 2 * (9 * 4 * 1280 + 1) + 1280
    tower = 3 * 14 * 14 * 1280 + tables + 4 * 1280 + 32 * block + 8 * (block + 2)
    return tower + _linear(6 * 1280, hidden) + 8 * hidden + layers // 5 * (2 * 128 + 2)


def llama4(hidden: int) -> int:
    """Llama 4: 34 layers of 1408, four patches shuffled into one."""
    tower = _vit(width=1408, layers=34, inner=5632, pixels=3 * 14 * 14, positions=577) + 1408 + 4 * 1408
    return tower + 4 * 1408 * 4096 + 4096**2 + 4096 * hidden


def qwen2_vl(hidden: int) -> int:
    """Qwen2-VL: 32 layers of 1280 without gates, LayerNorm, merger of four patches."""
    block = 4 * (1280**2 + 1280) + 2 * 1280 * 5120 + 5120 + 1280 + 4 * 1280
    return 3 * 2 * 14 * 14 * 1280 + 32 * block + 2 * 1280 + _linear(5120, 5120) + _linear(5120, hidden)


def qwen25_vl(hidden: int, inner: int) -> int:
    """Qwen2.5-VL: the same with gated MLPs and RMS norms."""
    block = 4 * (1280**2 + 1280) + 3 * 1280 * inner + 2 * inner + 1280 + 2 * 1280
    return 3 * 2 * 14 * 14 * 1280 + 32 * block + 1280 + _linear(5120, 5120) + _linear(5120, hidden)


def qwen3_vl(hidden: int, width: int, inner: int, layers: int, mergers: int) -> int:
    """Qwen3-VL and Qwen3.5: learned positions of 48 x 48; further mergers feed early text layers of Qwen3-VL."""
    tower = _vit(width=width, layers=layers, inner=inner, pixels=3 * 2 * 16 * 16, positions=2304) + width
    wide = 4 * width
    last = 2 * width + _linear(wide, wide) + _linear(wide, hidden)
    early = 2 * wide + _linear(wide, wide) + _linear(wide, hidden)
    return tower + last + mergers * early


def glm4v(hidden: int, inner: int) -> int:
    """GLM-4.5V: 24 gated layers of 1536 without biases; a merger with a gated MLP as wide as the text model's."""
    block = 4 * 1536**2 + 3 * 1536 * hidden + 2 * 1536
    tower = 3 * 2 * 14 * 14 * 1536 + 1536 + 24**2 * 1536 + 24 * block + 2 * 1536
    return tower + _linear(4 * 1536, hidden) + hidden**2 + 2 * hidden + 3 * hidden * inner


def latent_attention() -> int:
    """NV-Embed: 512 latents of 4096, cross-attention of 8 heads of 4096 features, a gated MLP, three norms."""
    attention = 4096 * 8 * 4096 * 4
    return 512 * 4096 + attention + _linear(4096, 8 * 4096) + _linear(4 * 4096, 4096) + 3 * 2 * 4096


def task_adapters() -> int:
    """jina-embeddings-v3: adapters of rank 4 for five tasks on every linear and on both embedding tables."""
    layer = (1024 + 3072) + (1024 + 1024) + (1024 + 4096) + (4096 + 1024)
    return 5 * 4 * (24 * layer + (250002 + 1024) + (1 + 1024) + (1024 + 1024))


def every_second_layer_of_experts() -> int:
    """nomic-embed-text-v2-moe: in 6 of 12 layers 8 experts and a router with one bias for all instead of an MLP."""
    mlp = 2 * 768 * 3072 + 3072 + 768
    return 6 * (8 * 2 * 768 * 3072 + 8 * 768 + 768 - mlp)


BESIDES = {
    "Qwen/Qwen2-VL-2B-Instruct": qwen2_vl(1536),
    "Qwen/Qwen2-VL-7B-Instruct": qwen2_vl(3584),
    "Qwen/Qwen2.5-VL-3B-Instruct": qwen25_vl(2048, 3420),
    "Qwen/Qwen2.5-VL-7B-Instruct": qwen25_vl(3584, 3420),
    "Qwen/Qwen2.5-VL-32B-Instruct": qwen25_vl(5120, 3456),
    "Qwen/Qwen2.5-VL-72B-Instruct": qwen25_vl(8192, 3456),
    "Qwen/Qwen3-VL-2B-Instruct": qwen3_vl(2048, 1024, 4096, 24, 3),
    "Qwen/Qwen3-VL-4B-Instruct": qwen3_vl(2560, 1024, 4096, 24, 3),
    "Qwen/Qwen3-VL-8B-Instruct": qwen3_vl(4096, 1152, 4304, 27, 3),
    "Qwen/Qwen3-VL-32B-Instruct": qwen3_vl(5120, 1152, 4304, 27, 3),
    "Qwen/Qwen3-VL-30B-A3B-Instruct": qwen3_vl(2048, 1152, 4304, 27, 3),
    "Qwen/Qwen3.5-4B": qwen3_vl(2560, 1024, 4096, 24, 0),
    "Qwen/Qwen3.5-9B": qwen3_vl(4096, 1152, 4304, 27, 0),
    "Qwen/Qwen3.5-27B": qwen3_vl(5120, 1152, 4304, 27, 0),
    "Qwen/Qwen3.6-27B": qwen3_vl(5120, 1152, 4304, 27, 0),
    "Qwen/Qwen3.5-35B-A3B": qwen3_vl(2048, 1152, 4304, 27, 0),
    "Qwen/Qwen3.6-35B-A3B": qwen3_vl(2048, 1152, 4304, 27, 0),
    "google/embeddinggemma-300m": 2 * 768 * 3072,
    "google/gemma-3-4b-pt": siglip(2560),
    "google/gemma-3-4b-it": siglip(2560),
    "google/gemma-3-12b-pt": siglip(3840),
    "google/gemma-3-12b-it": siglip(3840),
    "google/gemma-3-27b-pt": siglip(5376),
    "google/gemma-3-27b-it": siglip(5376),
    "jinaai/jina-embeddings-v3": task_adapters(),
    "meta-llama/Llama-3.2-11B-Vision": mllama(4096, 40, 448),
    "meta-llama/Llama-3.2-11B-Vision-Instruct": mllama(4096, 40, 560),
    "meta-llama/Llama-3.2-90B-Vision-Instruct": mllama(8192, 100, 560),
    "meta-llama/Llama-4-Maverick-17B-128E": llama4(5120),
    "meta-llama/Llama-4-Maverick-17B-128E-Instruct": llama4(5120),
    "meta-llama/Llama-4-Scout-17B-16E": llama4(5120),
    "meta-llama/Llama-4-Scout-17B-16E-Instruct": llama4(5120),
    "microsoft/Phi-3.5-vision-instruct": clip_large(3072),
    "mistralai/Ministral-3-3B-Instruct-2512": pixtral(3072),
    "mistralai/Ministral-3-8B-Instruct-2512": pixtral(4096),
    "mistralai/Ministral-3-14B-Instruct-2512": pixtral(5120),
    "mistralai/Mistral-Small-3.1-24B-Base-2503": pixtral(5120),
    "mistralai/Mistral-Small-3.1-24B-Instruct-2503": pixtral(5120),
    "mistralai/Mistral-Small-3.2-24B-Instruct-2506": pixtral(5120),
    "nomic-ai/nomic-embed-text-v2-moe": every_second_layer_of_experts(),
    "nvidia/NV-Embed-v2": latent_attention(),
    "sentence-transformers/gtr-t5-base": 768 * 768,
    "sentence-transformers/sentence-t5-base": 768 * 768,
    "zai-org/GLM-4.5V": glm4v(4096, 10944),
}
