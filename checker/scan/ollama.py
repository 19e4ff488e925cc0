"""Which repository on the Hub a name of Ollama's library stands for: a table of names, and so no more than likely.

Source: the library's pages (https://ollama.com/library/NAME), which name the publisher and the size of each tag. The
files behind a tag are a quantised copy whose commit the library does not state.
"""

from __future__ import annotations

_DEFAULT = "latest"
_LIBRARY = {
    "llama3.1": {"latest": "8b", "8b": "meta-llama/Llama-3.1-8B-Instruct", "70b": "meta-llama/Llama-3.1-70B-Instruct"},
    "llama3.2": {"latest": "3b", "1b": "meta-llama/Llama-3.2-1B-Instruct", "3b": "meta-llama/Llama-3.2-3B-Instruct"},
    "llama3.3": {"latest": "70b", "70b": "meta-llama/Llama-3.3-70B-Instruct"},
    "llama3": {
        "latest": "8b",
        "8b": "meta-llama/Meta-Llama-3-8B-Instruct",
        "70b": "meta-llama/Meta-Llama-3-70B-Instruct",
    },
    "llama2": {"latest": "7b", "7b": "meta-llama/Llama-2-7b-chat-hf", "13b": "meta-llama/Llama-2-13b-chat-hf"},
    "mistral": {"latest": "7b", "7b": "mistralai/Mistral-7B-Instruct-v0.3"},
    "mixtral": {"latest": "8x7b", "8x7b": "mistralai/Mixtral-8x7B-Instruct-v0.1"},
    "mistral-nemo": {"latest": "12b", "12b": "mistralai/Mistral-Nemo-Instruct-2407"},
    "qwen2.5": {
        "latest": "7b",
        "0.5b": "Qwen/Qwen2.5-0.5B-Instruct",
        "1.5b": "Qwen/Qwen2.5-1.5B-Instruct",
        "3b": "Qwen/Qwen2.5-3B-Instruct",
        "7b": "Qwen/Qwen2.5-7B-Instruct",
        "14b": "Qwen/Qwen2.5-14B-Instruct",
        "32b": "Qwen/Qwen2.5-32B-Instruct",
        "72b": "Qwen/Qwen2.5-72B-Instruct",
    },
    "qwen2.5-coder": {
        "latest": "7b",
        "1.5b": "Qwen/Qwen2.5-Coder-1.5B-Instruct",
        "7b": "Qwen/Qwen2.5-Coder-7B-Instruct",
        "14b": "Qwen/Qwen2.5-Coder-14B-Instruct",
        "32b": "Qwen/Qwen2.5-Coder-32B-Instruct",
    },
    "qwen3": {
        "latest": "8b",
        "0.6b": "Qwen/Qwen3-0.6B",
        "1.7b": "Qwen/Qwen3-1.7B",
        "4b": "Qwen/Qwen3-4B",
        "8b": "Qwen/Qwen3-8B",
        "14b": "Qwen/Qwen3-14B",
        "32b": "Qwen/Qwen3-32B",
        "30b": "Qwen/Qwen3-30B-A3B",
    },
    "gemma2": {
        "latest": "9b",
        "2b": "google/gemma-2-2b-it",
        "9b": "google/gemma-2-9b-it",
        "27b": "google/gemma-2-27b-it",
    },
    "gemma3": {
        "latest": "4b",
        "1b": "google/gemma-3-1b-it",
        "4b": "google/gemma-3-4b-it",
        "12b": "google/gemma-3-12b-it",
        "27b": "google/gemma-3-27b-it",
        "270m": "google/gemma-3-270m-it",
    },
    "phi3": {"latest": "3.8b", "3.8b": "microsoft/Phi-3-mini-4k-instruct", "mini": "microsoft/Phi-3-mini-4k-instruct"},
    "phi4": {"latest": "14b", "14b": "microsoft/phi-4"},
    "deepseek-r1": {
        "1.5b": "deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B",
        "7b": "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B",
        "14b": "deepseek-ai/DeepSeek-R1-Distill-Qwen-14B",
        "32b": "deepseek-ai/DeepSeek-R1-Distill-Qwen-32B",
        "latest": "8b",
        "8b": "deepseek-ai/DeepSeek-R1-0528-Qwen3-8B",
        "671b": "deepseek-ai/DeepSeek-R1-0528",
    },
    "tinyllama": {"latest": "1.1b", "1.1b": "TinyLlama/TinyLlama-1.1B-Chat-v1.0"},
    "codellama": {
        "latest": "7b",
        "7b": "codellama/CodeLlama-7b-Instruct-hf",
        "13b": "codellama/CodeLlama-13b-Instruct-hf",
    },
    "gpt-oss": {"latest": "20b", "20b": "openai/gpt-oss-20b", "120b": "openai/gpt-oss-120b"},
    "nomic-embed-text": {"latest": "v1.5", "v1.5": "nomic-ai/nomic-embed-text-v1.5"},
    "mxbai-embed-large": {"latest": "335m", "335m": "mixedbread-ai/mxbai-embed-large-v1"},
    "all-minilm": {
        "latest": "22m",
        "22m": "sentence-transformers/all-MiniLM-L6-v2",
        "33m": "sentence-transformers/all-MiniLM-L12-v2",
    },
    "bge-m3": {"latest": "567m", "567m": "BAAI/bge-m3"},
    "embeddinggemma": {"latest": "300m", "300m": "google/embeddinggemma-300m"},
}
EMBEDDERS = frozenset(("nomic-embed-text", "mxbai-embed-large", "all-minilm", "bge-m3", "embeddinggemma"))
"""Names of the library that are no chat models."""


def hub_id_of(name: str) -> str | None:
    """The repository that a name of the library most likely stands for; None where the table has none."""
    model, _, tag = name.lower().partition(":")
    sizes = _LIBRARY.get(model)
    if sizes is None:
        return None
    size = (tag or _DEFAULT).split("-")[0]
    found = sizes.get(size, "")
    return found if "/" in found else sizes.get(found)
