"""Tells what a text in the place of a model's name stands for: an id on the Hub, a path, or no model."""

from __future__ import annotations

import re
from enum import StrEnum

from checker.manifest.model_id import HUB_ID
from checker.scan.ollama import hub_id_of
from checker.value import NamedTuple

_HUB_ID = re.compile(HUB_ID)
_ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/(?P<id>[\w.-]+/[\w.-]+?)(?:\.git)?"
    r"(?:/(?:resolve|blob|tree|raw)/(?P<revision>[^/?#]+)(?:/(?P<file>[^?#]*))?)?(?::(?P<tag>[\w.-]+))?(?:[?#].*)?/?"
)
_SCHEMES = ("hf://", "hf-hub:", "hf_hub:", "huggingface/", "hosted_vllm/", "local:", "vllm/")
_OLLAMA = ("ollama/", "ollama_chat/", "ollama://")
_WEIGHTS = (".gguf", ".ggml", ".bin", ".pt", ".pth", ".ckpt", ".safetensors", ".onnx", ".tflite", ".engine", ".h5")
_FOLDERS = re.compile(
    r"(?:models?|checkpoints?|ckpts?|outputs?|results?|runs?|weights|artifacts?|saved?|saved_models?|data|tmp|logs?|lora"
    r"|adapters?|pretrained|experiments?|exp|trained|local|build|dist|assets|src|mnt|workspace|content|cache)/",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"(?i)(?:your|my)[-_ /]?|.*path[/_-]to[/_-]?.*|.*<.*>.*|(?:user(?:name)?|org(?:ani[sz]ation)?|owner|namespace"
    r"|hf[-_]user(?:name)?|repo|author)/.*|(?:model|model[-_]?(?:name|id)|repo[-_]id|none|null|default|auto|dummy|test|foo|bar|xxx|"
    r"todo|\.\.\.|…)|.*\b(?:your|my)[-_](?:model|org|user|hf|repo|name|finetuned|fine).*"
)
SERVICES = frozenset(
    (
        *("openai", "azure", "anthropic", "vertex_ai", "gemini", "bedrock", "groq", "together_ai", "openrouter"),
        *("cohere", "mistral", "fireworks_ai", "replicate", "perplexity", "deepinfra", "sagemaker", "xai", "litellm"),
        *("cerebras", "databricks", "watsonx", "nvidia_nim", "voyage", "jina_ai", "text-completion-openai", "novita"),
    )
)
"""Words before the slash by which routers such as LiteLLM choose a service: what follows is no id on the Hub."""


class Stands(StrEnum):
    """What a text stands for."""

    HUB = "hub"
    LOCAL = "local"
    PLACEHOLDER = "placeholder"
    ELSEWHERE = "elsewhere"
    """A model of another registry or service."""


class Name(NamedTuple):
    """What a text in the place of a name stands for."""

    stands: Stands
    model: str
    """The id or the path; what was written where it is neither."""
    revision: str | None = None
    quantization: str = ""
    note: str = ""


def understood(text: str) -> Name:
    """What a text in the place of a model's name stands for, by its form alone."""
    written = text.strip()
    if not written or len(written) > 300 or _PLACEHOLDER.fullmatch(written) or "\n" in written:
        return Name(Stands.PLACEHOLDER, written[:60])
    for scheme in _OLLAMA:
        if written.startswith(scheme):
            return of_ollama(written.removeprefix(scheme))
    for scheme in _SCHEMES:
        if written.startswith(scheme):
            written = written.removeprefix(scheme)
    if found := _ADDRESS.fullmatch(written):
        tag = found["tag"] or quantization_of(found["file"] or "")
        return Name(Stands.HUB, found["id"], found["revision"], quantization_of(f"-{tag}.gguf") if tag else "")
    if "://" in written:
        return Name(Stands.ELSEWHERE, written)
    if _is_path(written):
        return Name(Stands.LOCAL, _relative(written), None, quantization_of(written))
    id_, separator, revision = written.partition("@")
    if not _HUB_ID.fullmatch(id_) or ".." in id_:
        return Name(Stands.ELSEWHERE, written)
    return Name(Stands.HUB, id_, revision if separator and revision else None)


def of_ollama(text: str) -> Name:
    """What a name means to Ollama: `model:tag` of its library, or an id on the Hub behind `hf.co/`."""
    written = text.strip()
    if written.startswith(("hf.co/", "huggingface.co/", "https://")):
        return understood(written)
    if _PLACEHOLDER.fullmatch(written) or not written:
        return Name(Stands.PLACEHOLDER, written)
    if written.startswith((".", "/", "~")) or written.lower().endswith(_WEIGHTS):
        return Name(Stands.LOCAL, _relative(written), None, quantization_of(written))
    known = hub_id_of(written)
    if known is None:
        return Name(
            Stands.ELSEWHERE, written, note="a name of Ollama's library: which model on the Hub it is, nobody says"
        )
    note = f"`{written}` of Ollama's library, taken for {known}"
    return Name(Stands.HUB, known, None, quantization_of(f"{written.replace(':', '-')}.gguf"), note)


_QUANTIZATION = re.compile(
    r"(?i)(?:^|[-_.:/])(I?Q[1-8]_(?:K_[SML]|K|[01]|XXS|XS|NL|S|M)|MXFP4|BF16|F16|F32)(?=[-_.]|$)"
)


def quantization_of(file: str) -> str:
    """The type of a GGUF file by its name, as the manifest writes it; empty where the name says none."""
    if not file.lower().endswith(".gguf"):
        return ""
    found = _QUANTIZATION.search(file)
    return "" if found is None else "mxfp4" if found[1].upper() == "MXFP4" else found[1].upper()


def _is_path(text: str) -> bool:
    if (
        text.startswith((".", "/", "~", "\\", "$"))
        or "\\" in text
        or text.count("/") > 1
        or re.match("[A-Za-z]:", text)
    ):
        return True
    return text.lower().endswith(_WEIGHTS) or _FOLDERS.match(text) is not None or text.endswith("/")


def _relative(text: str) -> str:
    """A path as the manifest would write it, where it can."""
    plain = text.replace("\\", "/").rstrip("/") or text
    return plain if plain.startswith((".", "/", "~", "$")) else f"./{plain}"


def why_not(read: Name) -> str:
    """Why a text is no model that can be judged."""
    if read.note:
        return read.note
    return {
        Stands.LOCAL: "a local path: which model lies there, nobody says",
        Stands.PLACEHOLDER: "a placeholder",
        Stands.ELSEWHERE: "no name on the Hub",
    }.get(read.stands, "")
