"""What the tests of the questions share; those that need a pseudo-terminal are collected where there are any."""

from __future__ import annotations

import os

import pytest

from checker.facts.catalogue import Catalogue
from tests.in_process import inside

__all__ = ["inside"]
collect_ignore = [] if os.name == "posix" else ["test_terminal.py"]

FEW = (
    "BAAI/bge-m3",
    "BAAI/bge-reranker-v2-m3",
    "FacebookAI/roberta-base",
    "Qwen/Qwen2.5-7B",
    "Qwen/Qwen2.5-7B-Instruct",
    "Qwen/Qwen2.5-72B-Instruct",
    "google/gemma-2-9b-it",
    "ibm-granite/granite-3.3-8b-instruct",
    "meta-llama/Llama-3.1-8B-Instruct",
    "mistralai/Mistral-7B-v0.3",
)


@pytest.fixture
def few(monkeypatch) -> tuple[str, ...]:
    """A catalogue that names ten models, so that what is judged is judged fast."""
    monkeypatch.setattr(Catalogue, "ids", lambda self: FEW)
    return FEW
