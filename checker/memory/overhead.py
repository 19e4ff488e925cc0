"""Memory outside the tensors: the driver's context, the runtime's own libraries, captured graphs."""

from __future__ import annotations

from checker.memory.units import GIB

CUDA_CONTEXT = GIB // 2
"""Context and loaded kernels of one process: 0.5 GiB; `nvidia-smi` shows 0.3 to 0.6 GB above what tensors take."""

VLLM_OTHER = int(0.3 * GIB)
"""What vLLM's start-up log calls non-torch memory on one GPU: 0.08 to 0.3 GiB."""

VLLM_GRAPHS = int(0.7 * GIB)
"""Captured CUDA graphs, outside `gpu_memory_utilization` in vLLM 0: 0.27 to 1.12 GiB in logs, the middle here."""

NCCL = 2 * GIB
"""What a second GPU adds on each: 1.8 GiB in one vLLM log (1.79 on one GPU, 3.58 on each of two)."""

VLLM_SHARE = 0.9
"""The part of the card that vLLM takes whatever the model needs (`gpu_memory_utilization`)."""
