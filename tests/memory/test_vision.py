"""Weights of vision towers, against totals that publishers state."""

from __future__ import annotations

import pytest

from checker.memory.vision import vision_parameters

SIGLIP = {"model_type": "siglip_vision_model", "hidden_size": 1152, "intermediate_size": 4304, "num_hidden_layers": 27}
CLIP = {
    "model_type": "clip_vision_model",
    "hidden_size": 1024,
    "intermediate_size": 4096,
    "num_hidden_layers": 24,
    "image_size": 336,
    "patch_size": 14,
}
PIXTRAL = {"model_type": "pixtral", "hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 24}
MLLAMA = {"hidden_size": 1280, "image_size": 560, "supported_aspect_ratios": [[1, 1]] * 8}
INTERN = {"hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 24, "qkv_bias": True}


@pytest.mark.parametrize(
    ("config", "total"),
    [
        # Each total is the published one less the text model's: vicuna-7b with 64 more tokens, Gemma 2B with 1,216, …
        ({"model_type": "llava", "text_config": {"hidden_size": 4096}, "vision_config": CLIP}, 324_487_168),
        (
            {
                "model_type": "paligemma",
                "text_config": {"hidden_size": 2048},
                "vision_config": {**SIGLIP, "patch_size": 14, "image_size": 224},
            },
            2_923_466_480 - 2_506_172_416 - 1216 * 2048,
        ),
        (
            {
                "model_type": "gemma3",
                "text_config": {"hidden_size": 5376},
                "vision_config": {**SIGLIP, "patch_size": 14, "image_size": 896},
            },
            423_060_336,
        ),
        ({"model_type": "qwen2_vl", "hidden_size": 1536, "vision_config": {}}, 2_208_985_600 - 1_543_714_304),
        ({"model_type": "qwen2_5_vl", "hidden_size": 3584, "vision_config": {}}, 8_292_166_656 - 7_615_616_512),
        (
            {
                "model_type": "mistral3",
                "text_config": {"hidden_size": 5120},
                "vision_config": {**PIXTRAL, "patch_size": 14},
            },
            24_011_361_280 - 23_572_403_200,
        ),
        ({"model_type": "mllama", "text_config": {"hidden_size": 4096}, "vision_config": MLLAMA}, 895_028_755),
        (
            {"model_type": "internvl_chat", "llm_config": {"hidden_size": 2048}, "vision_config": INTERN},
            316_607_488,
        ),
    ],
)
def test_a_tower_and_its_projector_make_what_is_published(config, total):
    assert vision_parameters(config) == total


def test_pixtral_in_llava_is_counted_as_pixtral():
    config = {"model_type": "llava", "text_config": {"hidden_size": 5120}, "vision_config": PIXTRAL}
    projector = 1024 * 5120 + 5120 + 5120 * 5120 + 5120
    tower = 3 * 16 * 16 * 1024 + 1024 + 24 * (4 * 1024**2 + 3 * 1024 * 4096 + 2 * 1024)
    assert vision_parameters(config) == tower + projector


def test_biases_and_norms_of_internvit_follow_its_configuration():
    config = {"model_type": "internvl_chat", "llm_config": {"hidden_size": 2048}, "vision_config": INTERN}
    other = {**INTERN, "qkv_bias": False, "qk_normalization": True, "norm_type": "rms_norm"}
    difference = vision_parameters(config) - vision_parameters({**config, "vision_config": other})
    assert difference == 24 * (3 - 2 + 2) * 1024


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"model_type": "llama"}, 0),
        ({"model_type": "unheard_of", "vision_config": {"hidden_size": 1024}}, None),
        ({"model_type": "gemma3n", "vision_config": {}, "audio_config": {}}, None),
        ({"model_type": "voxtral", "audio_config": {}}, None),
        ({"model_type": "internvl_chat", "vision_config": {}}, None),
        ({"vision_config": {}}, None),
    ],
)
def test_what_is_no_text_and_not_known_is_not_counted(config, expected):
    assert vision_parameters(config) == expected


DEFAULTS = {
    "siglip": {"hidden_size": 768, "num_hidden_layers": 12, "patch_size": 16, "image_size": 224, "intermediate_size": 3072},
    "clip": {"hidden_size": 768, "num_hidden_layers": 12, "patch_size": 32, "image_size": 224, "intermediate_size": 3072},
    "qwen2_vl": {"embed_dim": 1280, "depth": 32, "mlp_ratio": 4, "patch_size": 14, "temporal_patch_size": 2,
                 "spatial_merge_size": 2},
    "qwen2_5_vl": {"hidden_size": 1280, "depth": 32, "intermediate_size": 3420, "patch_size": 14, "temporal_patch_size": 2,
                   "spatial_merge_size": 2},
    "pixtral": {"hidden_size": 1024, "num_hidden_layers": 24, "intermediate_size": 4096, "patch_size": 16},
    "mllama": {"hidden_size": 1280, "num_hidden_layers": 32, "num_global_layers": 8, "intermediate_size": 5120,
               "patch_size": 14, "image_size": 448, "max_num_tiles": 4, "vision_output_dim": 7680},
}  # fmt: skip
"""What transformers' configuration classes take where nothing is stated."""


@pytest.mark.parametrize(
    ("model_type", "tower", "defaults"),
    [
        ("llava", "siglip_vision_model", "siglip"),
        ("llava", "clip_vision_model", "clip"),
        ("llava", "pixtral", "pixtral"),
        ("aya_vision", "siglip_vision_model", "siglip"),
        ("gemma3", "siglip_vision_model", "siglip"),
        ("paligemma", "siglip_vision_model", "siglip"),
        ("mistral3", "pixtral", "pixtral"),
        ("mllama", "mllama_vision_model", "mllama"),
        ("qwen2_vl", "qwen2_vl", "qwen2_vl"),
        ("qwen2_5_vl", "qwen2_5_vl", "qwen2_5_vl"),
    ],
)
def test_a_tower_that_states_no_sizes_has_those_of_the_library(model_type, tower, defaults):
    def counted(**sizes):
        vision = {"model_type": tower, **sizes}
        return vision_parameters(
            {"model_type": model_type, "text_config": {"hidden_size": 2048}, "vision_config": vision}
        )

    whole = DEFAULTS[defaults]
    assert counted() == counted(**whole) > 0
    for key, size in whole.items():
        others = {name: value for name, value in whole.items() if name != key}
        assert counted(**others) == counted(**whole) != counted(**{**whole, key: 2 * size})


def test_the_patch_of_qwen2_vl_may_be_called_spatial():
    def counted(key):
        vision = {"model_type": "qwen2_vl", key: 28}
        return vision_parameters(
            {"model_type": "qwen2_vl", "text_config": {"hidden_size": 64}, "vision_config": vision}
        )

    assert counted("spatial_patch_size") == counted("patch_size")
