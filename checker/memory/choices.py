"""What a manifest states and an estimate takes as it stands: importing these words loads nothing else."""

from enum import StrEnum


class Method(StrEnum):
    """Which weights are trained, and how the others are held."""

    FULL = "full"
    """All weights."""
    LORA = "lora"
    """Low-rank adapters on frozen weights."""
    QLORA = "qlora"
    """Low-rank adapters on frozen weights of four bits."""


class Runtime(StrEnum):
    """What loads the weights and answers requests."""

    VLLM = "vllm"
    TGI = "tgi"
    LLAMA_CPP = "llama.cpp"
    TRANSFORMERS = "transformers"
    TEI = "tei"
