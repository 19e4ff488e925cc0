"""How a model is served: the artefact that is loaded, the runtime, the window, and the hardware."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from checker.document.bind import Block
from checker.document.place import NOWHERE, At
from checker.document.scalars import Count, Text, Word
from checker.manifest.hardware import Hardware
from checker.manifest.model_id import ModelId, Revision
from checker.memory.choices import Runtime
from checker.memory.formats import DECLARED

__all__ = ["Deployment", "KvCache", "LoadedWeights", "Quantization", "Runtime", "ServingKeys"]


class Quantization(StrEnum):
    """How the weights are stored: the names of `memory.formats`, so that a format is one row there."""

    locals().update((name if name.isidentifier() else name.replace("-", "_"), name) for name in DECLARED)


class KvCache(StrEnum):
    """Number format of the KV cache."""

    FP16 = "fp16"
    BF16 = "bf16"
    FP8 = "fp8"
    INT8 = "int8"
    Q8_0 = "q8_0"
    Q5_1 = "q5_1"
    Q5_0 = "q5_0"
    IQ4_NL = "iq4_nl"
    Q4_1 = "q4_1"
    Q4_0 = "q4_0"


class LoadedWeights(Block):
    """The artefact that is really loaded, such as a quantised copy of the model; judged too."""

    model: At[Annotated[str, ModelId]] = Field(examples=["hugging-quants/Meta-Llama-3.1-8B-Instruct-AWQ-INT4"])
    """Its Hub id, or `./path`."""
    revision: At[Annotated[str, Revision]] | None = Field(
        default=None, examples=["a09a35458c702b33eeacc393d103063234e8bc28"]
    )
    """Its commit; default: the commit in model.lock."""


class ServingKeys(Block):
    """What decides the memory of serving: the keys that manifest, options and batches of `fit` share."""

    runtime: At[Annotated[Runtime, Word]] | None = None
    """What serves it; default: vllm, tei for encoders, llama.cpp for GGUF."""
    runtime_version: At[Annotated[str, Text]] | None = Field(default=None, examples=["0.11.0"])
    """The runtime's version; what is not understood counts as current."""
    quantization: At[Annotated[Quantization, Word]] | None = None
    """How the loaded weights are stored; default: as the weights are."""
    context_window: At[Annotated[int, Count]] | None = Field(default=None, examples=[8192, 32768])
    """Tokens of one request, prompt and answer together."""
    prompt_tokens: At[Annotated[int, Count]] | None = Field(default=None, examples=[6144])
    """The part of the context that is prompt; default: all of it."""
    parallel_requests: At[Annotated[int, Count]] = Field(default=At(1, NOWHERE), examples=[8])
    """Requests served at the same time, each with a window of its own."""
    kv_cache: At[Annotated[KvCache, Word]] = At(KvCache.FP16, NOWHERE)
    """Number format of the KV cache."""


class Deployment(ServingKeys):
    """One way in which the model is served."""

    weights: LoadedWeights | None = None
    """What is loaded, where that is not the model's own repository."""
    hardware: Hardware | None = None
    """Where it runs; default: the manifest's shared hardware."""
