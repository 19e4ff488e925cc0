"""Weights of what a model has beside its text part: vision towers and the projectors behind them.

Each formula follows the modelling code of one kind of tower in transformers; a kind that is not here is not counted.
"""

from collections.abc import Callable, Mapping
from typing import Any

from checker.facts.config import text_config

_Config = Mapping[str, Any]


def vision_parameters(config: _Config) -> int | None:
    """Weights outside the text model; 0 for a model of text alone, None where the configuration does not tell."""
    vision = config.get("vision_config")
    if not isinstance(vision, Mapping):
        return None if any(isinstance(config.get(key), Mapping) for key in ("audio_config", "speech_config")) else 0
    if isinstance(config.get("audio_config"), Mapping):
        return None
    family = config.get("model_type")
    tower = _TOWERS.get(family if isinstance(family, str) else "")
    if tower is None:
        return None
    try:
        return tower(config, vision, int(text_config(config).get("hidden_size") or config.get("hidden_size") or 0))
    except (KeyError, TypeError, ValueError):
        return None


def _size(vision: _Config, *keys: str, default: int | None = None) -> int:
    """A count that the configuration states under one of these names.

    Raises:
        KeyError: it states none, and the library has no default.
    """
    for key in keys:
        value = vision.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
    if default is None:
        raise KeyError(keys[0])
    return default


def _block(width: int, middle: int, *, gated: bool = False, bias: bool = True, norm: int = 2) -> int:
    """Attention of four matrices, an MLP and two norms of `norm` weights a feature."""
    mlp = 3 * width * middle + (2 * middle + width if bias else 0) if gated else 2 * width * middle + middle + width
    return 4 * width * width + (4 * width if bias else 0) + mlp + 2 * norm * width


def _siglip(vision: _Config) -> int:
    """SigLIP (arXiv:2303.15343): patches with bias, a position for each, plain blocks, a norm at the end."""
    width, layers = _size(vision, "hidden_size", default=768), _size(vision, "num_hidden_layers", default=12)
    patch, image = _size(vision, "patch_size", default=16), _size(vision, "image_size", default=224)
    table = 3 * patch * patch * width + width + (image // patch) ** 2 * width
    return table + layers * _block(width, _size(vision, "intermediate_size", default=3072)) + 2 * width


def _clip(vision: _Config) -> int:
    """CLIP (arXiv:2103.00020): patches without bias, a class token, positions, norms before and after the blocks."""
    width, layers = _size(vision, "hidden_size", default=768), _size(vision, "num_hidden_layers", default=12)
    patch, image = _size(vision, "patch_size", default=32), _size(vision, "image_size", default=224)
    table = 3 * patch * patch * width + width + ((image // patch) ** 2 + 1) * width
    return table + layers * _block(width, _size(vision, "intermediate_size", default=3072)) + 4 * width


def _llava(config: _Config, vision: _Config, hidden: int) -> int:
    """LLaVA (arXiv:2310.03744): CLIP, SigLIP or Pixtral, and two matrices that lead to the text."""
    width = _size(vision, "hidden_size", default=768)
    if vision.get("model_type") == "pixtral":
        return _pixtral(config, vision, hidden)
    tower = _siglip(vision) if vision.get("model_type") == "siglip_vision_model" else _clip(vision)
    return tower + width * hidden + hidden + hidden * hidden + hidden


def _gemma3(_config: _Config, vision: _Config, hidden: int) -> int:
    """Gemma 3 (arXiv:2503.19786): SigLIP, a norm and one matrix."""
    width = _size(vision, "hidden_size", default=768)
    return _siglip(vision) + width + width * hidden


def _qwen2_vl(_config: _Config, vision: _Config, hidden: int) -> int:
    """Qwen2-VL (arXiv:2409.12191): 3D patches, plain blocks, and a merger of four patches."""
    width, layers = _size(vision, "embed_dim", default=1280), _size(vision, "depth", default=32)
    ratio, patch = int(vision.get("mlp_ratio", 4)), _size(vision, "patch_size", "spatial_patch_size", default=14)
    frames, merge = _size(vision, "temporal_patch_size", default=2), _size(vision, "spatial_merge_size", default=2)
    wide = width * merge * merge
    merger = 2 * width + wide * wide + wide + wide * hidden + hidden
    return 3 * frames * patch * patch * width + layers * _block(width, ratio * width) + merger


def _qwen25_vl(_config: _Config, vision: _Config, hidden: int) -> int:
    """Qwen2.5-VL (arXiv:2502.13923): as before, with gated MLPs and RMSNorm."""
    width, layers = _size(vision, "hidden_size", default=1280), _size(vision, "depth", default=32)
    middle, patch = _size(vision, "intermediate_size", default=3420), _size(vision, "patch_size", default=14)
    frames, merge = _size(vision, "temporal_patch_size", default=2), _size(vision, "spatial_merge_size", default=2)
    out, wide = _size(vision, "out_hidden_size", default=hidden), width * merge * merge
    merger = width + wide * wide + wide + wide * out + out
    return 3 * frames * patch * patch * width + layers * _block(width, middle, gated=True, norm=1) + merger


def _pixtral(config: _Config, vision: _Config, hidden: int) -> int:
    """Pixtral (arXiv:2410.07073): patches without bias, rotary blocks without biases, and two matrices to the text."""
    width, layers = _size(vision, "hidden_size", default=1024), _size(vision, "num_hidden_layers", default=24)
    middle, patch = _size(vision, "intermediate_size", default=4096), _size(vision, "patch_size", default=16)
    tower = 3 * patch * patch * width + width + layers * _block(width, middle, gated=True, bias=False, norm=1)
    if config.get("model_type") == "mistral3":
        merge = _size(config, "spatial_merge_size", default=2)
        return tower + width + merge * merge * width * width + width * hidden + hidden * hidden
    return tower + width * hidden + hidden + hidden * hidden + hidden


def _intern(config: _Config, vision: _Config, hidden: int) -> int:
    """InternVL (arXiv:2312.14238): class token and positions, scaled plain blocks, and a merger of four patches."""
    width, layers = _size(vision, "hidden_size"), _size(vision, "num_hidden_layers")
    patch, image = _size(vision, "patch_size", default=14), _size(vision, "image_size", default=448)
    norm = 1 if vision.get("norm_type") == "rms_norm" else 2
    block = _block(width, _size(vision, "intermediate_size"), norm=norm) + 2 * width
    if vision.get("qkv_bias") is False:
        block -= 3 * width
    if vision.get("qk_normalization") is True:
        block += 2 * width
    tower = 3 * patch * patch * width + width + width + ((image // patch) ** 2 + 1) * width + layers * block
    wide = width * int((1 / float(config.get("downsample_ratio", 0.5))) ** 2)
    return tower + 2 * wide + wide * hidden + hidden + hidden * hidden + hidden


def _mllama(_config: _Config, vision: _Config, hidden: int) -> int:
    """Llama 3.2 Vision (arXiv:2407.21783): blocks without attention biases, gated global ones, tables of tiles."""
    width, layers = _size(vision, "hidden_size", default=1280), _size(vision, "num_hidden_layers", default=32)
    globals_, middle = _size(vision, "num_global_layers", default=8), _size(vision, "intermediate_size", default=5120)
    patch, image = _size(vision, "patch_size", default=14), _size(vision, "image_size", default=448)
    tiles, ratios = _size(vision, "max_num_tiles", default=4), len(vision.get("supported_aspect_ratios") or [0] * 8)
    patches = (image // patch) ** 2 + 1
    block = _block(width, middle) - 4 * width
    tables = 3 * patch * patch * width + width + patches * width + 1 + (ratios + 1) * tiles * patches * width
    tiled = 2 * ((ratios + 1) * tiles * width + 1)
    tower = tables + tiled + layers * block + globals_ * (block + 2) + 4 * width
    out = _size(vision, "vision_output_dim", default=7680)
    return tower + out * hidden + hidden


_TOWERS: dict[str, Callable[[_Config, _Config, int], int]] = {
    "aya_vision": _llava,
    "gemma3": _gemma3,
    "internvl_chat": _intern,
    "llava": _llava,
    "mistral3": _pixtral,
    "mllama": _mllama,
    "paligemma": lambda config, vision, hidden: (
        _siglip(vision) + _size(vision, "hidden_size", default=768) * hidden + hidden
    ),
    "qwen2_5_vl": _qwen25_vl,
    "qwen2_vl": _qwen2_vl,
}
"""By the configuration's `model_type`."""
