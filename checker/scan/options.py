"""What settings of libraries and servers mean in a manifest: one table for calls, command lines and YAML."""

from __future__ import annotations

from checker.document.digits import whole
from checker.document.place import Place
from checker.memory.formats import FORMATS
from checker.scan.use import Option

_CONTEXT = "deployment.context_window"
SERVING = {
    **dict.fromkeys(("max_model_len", "max_total_tokens", "context_length", "n_ctx", "ctx_size", "num_ctx"), _CONTEXT),
    **dict.fromkeys(("context_window", "max_total_token_num", "session_len"), _CONTEXT),
    **dict.fromkeys(("quantization", "quantize"), "deployment.quantization"),
}
TRAINING = {
    **dict.fromkeys(
        ("max_seq_length", "sequence_len", "cutoff_len", "max_length", "model_max_length"), "sequence_length"
    ),
    **dict.fromkeys(("lora_r", "lora_rank", "r"), "rank"),
    **dict.fromkeys(("per_device_train_batch_size", "micro_batch_size"), "micro_batch_size"),
    "gradient_checkpointing": "gradient_checkpointing",
}
_QUANTIZATIONS = {word: name for name, stored in FORMATS.items() for word in stored.server_words}


def serving(settings: dict[str, tuple[object, Place]]) -> tuple[Option, ...]:
    """What a server's settings say of the deployment; names count with `-` or `_` alike."""
    found: dict[str, Option] = {}
    for name, (value, at) in settings.items():
        key = SERVING.get(name.replace("-", "_").lower())
        read = _quantization(value) if key == "deployment.quantization" else _count(value)
        if key and read:
            found.setdefault(key, Option(key, read, at))
    for name, written in (("load_in_4bit", "nf4"), ("load_in_8bit", "int8")):
        if name in settings and _true(settings[name][0]):
            key = "deployment.quantization"
            found.setdefault(key, Option(key, written, settings[name][1]))
    return tuple(found.values())


def training(settings: dict[str, tuple[object, Place]]) -> tuple[Option, ...]:
    """What a training's settings say of the fine-tuning."""
    found: dict[str, Option] = {}
    for name, (value, at) in settings.items():
        key = TRAINING.get(name.replace("-", "_").lower())
        if key == "gradient_checkpointing":
            read = str(value).lower() if str(value).lower() in ("true", "false") else ""
        else:
            read = _count(value)
        if key and read:
            found.setdefault(key, Option(f"fine_tuning.{key}", read, at))
    method = _method(settings)
    if method is not None:
        found["method"] = method
        if method.value == "full":
            found.pop("rank", None)
    return tuple(found.values())


def _method(settings: dict[str, tuple[object, Place]]) -> Option | None:
    """full, lora or qlora, as axolotl (`adapter`), LLaMA-Factory (`finetuning_type`) and TRL (`use_peft`) say it."""
    key = "fine_tuning.method"
    four = [settings[name] for name in ("load_in_4bit", "use_4bit") if name in settings and _true(settings[name][0])]
    four += [settings[name] for name in ("quantization_bit",) if name in settings and _count(settings[name][0]) == "4"]
    said = next((settings[name] for name in ("adapter", "finetuning_type", "peft_method") if name in settings), None)
    word = str(said[0]).lower() if said else ""
    if said is None and "use_peft" in settings and _true(settings["use_peft"][0]):
        said, word = settings["use_peft"], "lora"
    if said is None:
        return None
    if word == "lora":
        return Option(key, "qlora", four[0][1]) if four else Option(key, "lora", said[1])
    return Option(key, word, said[1]) if word in ("qlora", "full") else None


def _count(value: object) -> str:
    text = str(value).strip().replace("_", "")
    if text.lower().endswith("k") and text[:-1].isdecimal() and len(text) < 6:
        return str(int(text[:-1]) * (1024 if text.endswith("K") else 1000))
    return str(whole(text, 9) or "")


def _quantization(value: object) -> str:
    return _QUANTIZATIONS.get(str(value).lower(), "")


def _true(value: object) -> bool:
    return str(value).lower() in ("true", "1", "yes", "")
