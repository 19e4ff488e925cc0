"""Which stored formats a runtime loads, as far as its documentation says."""

from __future__ import annotations

from checker.memory.plan import Runtime
from checker.memory.weights import GGUF

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
    if runtime is Runtime.LLAMA_CPP and not gguf and quantization not in ("none", "mxfp4"):
        return f"llama.cpp loads GGUF files, and {quantization} is no type of them"
    if runtime is Runtime.TRANSFORMERS and gguf and quantization not in _PLAIN:
        return f"transformers de-quantises GGUF files while it loads them, so {quantization} says nothing of the memory"
    if runtime is Runtime.TGI and gguf:
        return f"TGI is not known to load GGUF files such as {quantization}"
    if runtime is Runtime.TGI and quantization in ("mxfp4", "nvfp4"):
        return f"TGI is not known to load {quantization}"
    if runtime is Runtime.TEI and quantization not in _PLAIN:
        return f"TEI is not known to load quantised weights such as {quantization}"
    return None
