"""Which stored formats a runtime loads, and which kinds of model it serves, as far as its documentation says."""

from __future__ import annotations

from checker.memory.formats import FORMATS, GGUF
from checker.memory.model import Model, is_encoder
from checker.memory.plan import Runtime, Task

_PLAIN = frozenset({"none", "F32", "F16", "BF16"})


def cannot_load(runtime: Runtime, quantization: str) -> str | None:
    """Why a runtime is not taken to load a format; None where it does.

    llama.cpp reads GGUF alone, which has a type for MXFP4 too. vLLM reads GGUF through a plugin
    (docs.vllm.ai/en/latest/features/quantization/gguf); transformers de-quantises it while loading, but for one family
    on Apple's GPUs (huggingface.co/docs/transformers/quantization/gguf), so that the file's size says nothing. TGI's
    CUDA server and TEI document no support of it, TGI none of MXFP4 and NVFP4
    (huggingface.co/docs/text-generation-inference/conceptual/quantization), and TEI none of any quantised weights.
    """
    gguf = quantization in GGUF
    stored = FORMATS.get(quantization)
    in_gguf = gguf or quantization == "none" or (stored is not None and stored.gguf_type != "")
    if runtime is Runtime.LLAMA_CPP and not in_gguf:
        return f"llama.cpp loads GGUF files, and {quantization} is no type of them"
    if runtime is Runtime.TRANSFORMERS and gguf and quantization not in _PLAIN:
        return f"transformers de-quantises GGUF files while it loads them, so {quantization} says nothing of the memory"
    if runtime is Runtime.TGI and gguf:
        return f"TGI is not known to load GGUF files such as {quantization}"
    if runtime is Runtime.TGI and stored is not None and not stored.on_tgi:
        return f"TGI is not known to load {quantization}"
    if runtime is Runtime.TEI and quantization not in _PLAIN:
        return f"TEI is not known to load quantised weights such as {quantization}"
    return None


_TEI_DECODERS = frozenset({"mistral", "qwen2", "qwen3", "gemma3", "gemma3_text"})
"""Families without an encoder that TEI embeds with (huggingface.co/docs/text-embeddings-inference/supported_models)."""


def cannot_serve(runtime: Runtime, model: Model, task: Task) -> str | None:
    """Why a runtime is not taken to serve a kind of model for a task; None where it does.

    TEI embeds and classifies (huggingface.co/docs/text-embeddings-inference/supported_models); TGI generates
    (huggingface.co/docs/text-generation-inference/supported_models).
    """
    writes = task is Task.CAUSAL
    if runtime is Runtime.TEI and writes:
        return "TEI embeds and classifies texts, it generates none"
    if runtime is Runtime.TEI and not is_encoder(model) and model.model_type not in _TEI_DECODERS:
        return f"TEI is not known to embed with a model of family `{model.model_type or model.architecture}`"
    if runtime is Runtime.TGI and not writes:
        return "TGI generates texts, it embeds and classifies none"
    return None
