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
