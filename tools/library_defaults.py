"""Write checker/memory/library_defaults.json: what the installed transformers takes for keys that a config.json lacks.

Needs the extra `trace`. One model type a line; `aliases` are the library's own names for common ones, `parts` the model
types of nested configurations, `layer_types` the shortest period of the kinds of layer that the class derives itself.
"""

import dataclasses
import json
import re
import sys
from pathlib import Path

import transformers
from transformers import CONFIG_MAPPING

TARGET = Path(__file__).resolve().parent.parent / "checker" / "memory" / "library_defaults.json"
MODEL_TYPES = (
    "afmoe",
    "albert",
    "apertus",
    "arcee",
    "aya_vision",
    "bailing_hybrid",
    "bamba",
    "bart",
    "bert",
    "big_bird",
    "bigbird_pegasus",
    "biogpt",
    "bitnet",
    "blenderbot",
    "bloom",
    "camembert",
    "codegen",
    "cohere",
    "cohere2",
    "cwm",
    "dbrx",
    "deberta",
    "deberta-v2",
    "deepseek_v2",
    "deepseek_v3",
    "deepseek_v32",
    "deepseek_v4",
    "distilbert",
    "dots1",
    "electra",
    "ernie",
    "ernie4_5",
    "ernie4_5_moe",
    "eurobert",
    "exaone",
    "exaone4",
    "falcon",
    "falcon_h1",
    "falcon_mamba",
    "flex_olmo",
    "gemma",
    "gemma2",
    "gemma3",
    "gemma3_text",
    "gemma3n",
    "gemma3n_text",
    "gemma4",
    "gemma4_text",
    "glm",
    "glm4",
    "glm4_moe",
    "glm4_moe_lite",
    "glm4v_moe",
    "glm4v_moe_text",
    "glm_moe_dsa",
    "gpt2",
    "gpt_bigcode",
    "gpt_neo",
    "gpt_neox",
    "gpt_oss",
    "gptj",
    "granite",
    "granitemoe",
    "granitemoehybrid",
    "granitemoeshared",
    "gte",
    "helium",
    "hunyuan_v1_dense",
    "hunyuan_v1_moe",
    "internlm3",
    "jamba",
    "jetmoe",
    "jina_embeddings_v3",
    "kimi_linear",
    "led",
    "lfm2",
    "lfm2_moe",
    "llama",
    "llama4",
    "llama4_text",
    "llava",
    "longformer",
    "longt5",
    "m2m_100",
    "mamba",
    "mamba2",
    "marian",
    "mbart",
    "megatron-bert",
    "minicpm3",
    "minimax",
    "minimax_m2",
    "ministral",
    "ministral3",
    "mistral",
    "mistral3",
    "mixtral",
    "mllama",
    "mllama_text_model",
    "mobilebert",
    "modernbert",
    "modernbert-decoder",
    "mpnet",
    "mpt",
    "mt5",
    "nanochat",
    "nemotron",
    "nemotron_h",
    "nomic_bert",
    "olmo",
    "olmo2",
    "olmo3",
    "olmo_hybrid",
    "olmoe",
    "opt",
    "paligemma",
    "pegasus",
    "persimmon",
    "phi",
    "phi3",
    "phi4_multimodal",
    "phimoe",
    "pixtral",
    "qwen2",
    "qwen2_5_vl",
    "qwen2_5_vl_text",
    "qwen2_moe",
    "qwen2_vl",
    "qwen2_vl_text",
    "qwen3",
    "qwen3_5",
    "qwen3_5_moe",
    "qwen3_5_moe_text",
    "qwen3_5_text",
    "qwen3_moe",
    "qwen3_next",
    "qwen3_vl",
    "qwen3_vl_moe",
    "qwen3_vl_moe_text",
    "qwen3_vl_text",
    "recurrent_gemma",
    "rembert",
    "roberta",
    "roberta-prelayernorm",
    "roformer",
    "rwkv",
    "seed_oss",
    "siglip_vision_model",
    "smollm3",
    "solar_open",
    "squeezebert",
    "stablelm",
    "starcoder2",
    "switch_transformers",
    "t5",
    "t5gemma",
    "t5_gemma_module",
    "umt5",
    "vaultgemma",
    "xglm",
    "xlm-roberta",
    "xlm-roberta-xl",
    "xlnet",
    "zamba",
    "zamba2",
)
LEFT_OUT = re.compile(
    r"_token_id$|_token_ids$|_token_index$|^(eos|bos|pad|cls|sep|mask|decoder_start|forced)_|rope_(parameters|scaling|theta)"
    r"|rotary_emb_base|_theta$|initializer|_eps$|epsilon|^use_cache$|^(id2label|label2id|problem_type|dtype|return_dict)$"
    r"|^(architectures|_name_or_path|transformers_version|output_|chunk_size_feed_forward|is_encoder_decoder$)"
    r"|^(tokenizer_class|prefix|task_specific|summary_|pretraining_tp|language|finetuning_task|gradient_checkpointing$)"
    r"|router_(aux|z)_loss|_loss_coef|scale_(attn|fmt)|multiplier|_scaling_factor$|logits_scaling|query_pre_attn|time_step_(limit|min|max|floor|init|scale)"
    r"|scale_embedding|alpha|qa_dropout|^max_length$|init_std|max_bias|norm_limit"
    r"|ignore_index|static_position|num_beams|early_stopping|begin_suppress|suppress_tokens|projector"
    r"|^(sep|pad|vision|image|video|audio|boi|eoi|eoa|boa)_|(?<!inter)_factor$|^(slow_but_exact|output_router_logits)"
)
"""Keys that do not move memory: special tokens, rotary bases, initialisation, epsilons, decoding, loss weights."""


def plain(value: object) -> bool:
    """Whether a default is a value that a config.json may hold."""
    return isinstance(value, bool | int | float | str | None.__class__) or (
        isinstance(value, list | tuple) and all(plain(one) for one in value)
    )


def field_defaults(config: type) -> dict[str, object]:
    """The defaults of a class as it states them: null where it derives the value from others."""
    found = {}
    for field in dataclasses.fields(config):
        factory = field.default_factory
        value = field.default if factory is dataclasses.MISSING else factory()
        if value is not dataclasses.MISSING and plain(value) and not LEFT_OUT.search(field.name):
            found[field.name] = value
    return found


def period(kinds: list[str]) -> list[str]:
    """The shortest beginning whose repetition gives the whole list, or the list itself."""
    for length in range(1, len(kinds)):
        if all(kind == kinds[index % length] for index, kind in enumerate(kinds)):
            return kinds[:length]
    return kinds


def described(model_type: str) -> dict[str, object]:
    """What is written of one model type."""
    config = CONFIG_MAPPING[model_type]
    parts = {name: part.model_type for name, part in config.sub_configs.items() if hasattr(part, "model_type")}
    record: dict[str, object] = {"defaults": field_defaults(config)}
    aliases = {name: own for name, own in config.attribute_map.items() if not LEFT_OUT.search(name)}
    if aliases:
        record["aliases"] = aliases
    if any(parts.values()):
        record["parts"] = parts
    kinds = getattr(config(), "layer_types", None)
    if kinds and record["defaults"].get("layer_types") is None:
        record["layer_types"] = period(list(kinds))
    return record


def main() -> None:
    """Write the file, sorted, so that another version of the library shows as a readable difference."""
    known = sorted(name for name in MODEL_TYPES if name in CONFIG_MAPPING)
    lines = [f" {json.dumps(name)}: {json.dumps(described(name), sort_keys=True)}" for name in known]
    text = f'{{"transformers": "{transformers.__version__}",\n"model_types": {{\n' + ",\n".join(lines) + "\n}}\n"
    TARGET.write_text(text, encoding="utf-8", newline="\n")
    sys.stderr.write(f"{len(known)} model types; not in this version: {sorted(set(MODEL_TYPES) - set(known))}\n")


if __name__ == "__main__":
    main()
