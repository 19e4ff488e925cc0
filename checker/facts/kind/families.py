"""Which half of the transformer a family of models is built from, by `model_type`, by class name, or by its name."""

from __future__ import annotations

from checker.facts.parameters.decoder import DECODERS
from checker.facts.parameters.encoder import ENCODERS
from checker.facts.parameters.recurrent import RECURRENT

BODIES: dict[str, tuple[str, ...]] = {
    "encoder": (
        *ENCODERS,
        *("bert-generation", "biobert", "canine", "convbert", "data2vec-text", "ernie", "ernie_m", "esm", "eurobert"),
        *("flaubert", "fnet", "funnel", "gte", "ibert", "jina_bert", "jina-bert", "layoutlm", "layoutlmv3", "lilt"),
        *("luke", "megatron-bert", "mobilebert", "modernbert-decoder", "mra", "neobert", "nystromformer", "nezha"),
        *("nomic", "rembert", "roc_bert", "rocbert", "roformer", "squeezebert", "splinter", "tinybert", "xlm", "xlnet"),
        *("xlm-roberta-flash", "xlm-roberta-xl", "xmod", "mdeberta", "distilroberta", "phobert", "herbert", "mmbert"),
        *("minilm", "scibert", "finbert", "legal-bert", "bertweet", "codebert", "unixcoder", "ettin", "deberta-v3"),
    ),
    "encoder-decoder": (
        *("bart", "bigbird_pegasus", "blenderbot", "blenderbot-small", "encoder-decoder", "fsmt", "led", "longt5"),
        *("m2m_100", "m2m100", "marian", "mbart", "mt5", "mvp", "nllb", "nllb-moe", "pegasus", "pegasus_x", "plbart"),
        *("prophetnet", "switch_transformers", "t5", "t5gemma", "t5gemma2", "umt5", "byt5", "ul2", "codet5", "mt0"),
        *("madlad", "aya-101", "tk-instruct", "t0", "opus-mt", "florence2", "indictrans", "flan-t5", "flan-ul2"),
    ),
    "decoder": (
        *DECODERS,
        *RECURRENT,
        *("aya", "beagle", "bitnet", "chameleon", "codegen", "codegemma", "codellama", "codestral", "cohere2"),
        *("command", "cpmant", "ctrl", "devstral", "deepseek", "diffllama", "dolly", "dots1", "emu3", "exaone"),
        *("gemma3n", "glm", "gpt-sw3", "gpt_neox_japanese", "grok", "hermes", "hunyuan", "idefics", "internlm"),
        *("internvl_chat", "jais", "janus", "jetmoe", "kimi", "kosmos", "llama", "llava", "magistral", "mamba2"),
        *("minicpm", "minicpmv", "minimax", "ministral", "mistral", "mixtral", "mllama", "moonshine-lm"),
        *("nemotron", "nous", "olmo", "openai-gpt", "openelm", "openchat", "orca", "orion", "palmyra", "persimmon"),
        *("phi", "phi3_v", "phi4mm", "pixtral", "plamo", "qwen", "qwq", "recurrent_gemma", "redpajama", "rwkv5"),
        *("rwkv6", "rwkv7", "skywork", "smollm", "smolvlm", "solar", "stablelm", "starcoder", "starling", "telechat"),
        *("tinyllama", "tulu", "vicuna", "wizardlm", "xgen", "xglm", "xverse", "yi", "zamba", "zamba2", "zephyr"),
        *("bamba", "baichuan2", "aquila", "cerebras", "pythia", "dolphin", "openhermes", "smaug", "granite"),
        *("neuralbeagle", "paligemma", "molmo", "ovis", "cogvlm", "internlm2", "hyperclova", "trinity"),
    ),
}
"""The half, and what names it: a `model_type`, the beginning of a class's name, or a word of a model's name."""

_RECURRENT_WORDS = (
    "mamba",
    "rwkv",
    "jamba",
    "zamba",
    "recurrentgemma",
    "recurrent_gemma",
    "griffin",
    "bamba",
    "retnet",
)
"""Words of a `model_type` or of an architecture whose layers are recurrent, all or some of them."""


def body_of(name: str) -> str:
    """`encoder`, `decoder` or `encoder-decoder` of a `model_type` or a class name; empty where no family is known.

    The longest name decides: `t5gemma` is no `gemma`, and `modernbert` no `bert`.
    """
    folded = _folded(name)
    found = _EXACT.get(folded)
    if found is not None:
        return found
    longest = max((known for known in _EXACT if folded.startswith(known)), key=len, default="")
    return _EXACT[longest] if longest else ""


def body_in(name: str) -> str:
    """The half of the family that a model's name contains, by the longest family name in it; empty for none."""
    folded = _folded(name)
    longest = max((known for known in _EXACT if len(known) > _SHORT and known in folded), key=len, default="")
    if not longest:
        longest = max(_words(name) & _EXACT.keys(), key=len, default="")
    return _EXACT[longest] if longest else ""


def is_recurrent(*names: str) -> bool:
    """Whether one of these, a `model_type` or an architecture, names a family with recurrent layers."""
    return any(
        name in RECURRENT or any(word in name.casefold().replace("-", "_") for word in _RECURRENT_WORDS)
        for name in names
    )


_SHORT = 3
"""Names up to this length count as whole words only: `yi` is part of many words."""


def _folded(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _words(name: str) -> set[str]:
    return {"".join(run) for run in _runs(name.casefold())}


def _runs(name: str) -> list[list[str]]:
    """Runs of letters and digits, and the same without digits at the end: `t5` counts, and so does `phi` of `phi3`."""
    runs: list[list[str]] = []
    for part in "".join(letter if letter.isalnum() else " " for letter in name).split():
        runs.append(list(part))
        runs.append(list(part.rstrip("0123456789")))
    return runs


_EXACT = {_folded(name): body for body, names in BODIES.items() for name in names}
