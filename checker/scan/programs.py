"""The programs whose command lines name a model: servers, downloads, and the words that stand around them."""

from __future__ import annotations

from checker.scan.use import Kind
from checker.value import NamedTuple


class Program(NamedTuple):
    """One program that takes a model's name."""

    flags: tuple[str, ...]
    """Options that hold it, without their dashes."""
    kind: Kind
    position: bool = False
    """Whether the first plain word is the name, where no option holds it."""
    runtime: str = ""
    objective: str = ""
    ollama: bool = False


_VLLM = Program(("model", "model_tag"), Kind.SERVED, position=True, runtime="vllm")
_LLAMA_CPP = Program(("hf_repo", "hf", "hfr", "model", "m"), Kind.SERVED, runtime="llama.cpp")
_DOWNLOAD = Program((), Kind.DOWNLOADED, position=True)
PROGRAMS: dict[str, Program] = {
    "vllm serve": _VLLM,
    "vllm.entrypoints.openai.api_server": _VLLM._replace(position=False),
    "vllm.entrypoints.api_server": _VLLM._replace(position=False),
    "text-generation-launcher": Program(("model_id",), Kind.SERVED, runtime="tgi"),
    "text-embeddings-router": Program(("model_id",), Kind.EMBEDDER, runtime="tei", objective="similarity"),
    "sglang.launch_server": Program(("model_path", "model"), Kind.SERVED),
    "lmdeploy serve": Program((), Kind.SERVED, position=True),
    "aphrodite run": Program((), Kind.SERVED, position=True),
    "mlx_lm.server": Program(("model",), Kind.SERVED),
    "mlx_lm.generate": Program(("model",), Kind.SERVED),
    "llama-server": _LLAMA_CPP,
    "llama-cli": _LLAMA_CPP,
    "llama_cpp.server": _LLAMA_CPP,
    "ollama run": Program((), Kind.SERVED, position=True, objective="chat", ollama=True),
    "ollama pull": Program((), Kind.DOWNLOADED, position=True, ollama=True),
    "huggingface-cli download": _DOWNLOAD,
    "hf download": _DOWNLOAD,
    "infinity_emb v2": Program(("model_id",), Kind.EMBEDDER, objective="similarity"),
}
"""By the words that begin the command."""
TRAINED = ("model_name_or_path", "pretrained_model_name_or_path", "base_model", "model_id_or_path")
"""Options of trainings that hold the base model."""
SWITCHES = frozenset(
    [
        "trust_remote_code",
        "enforce_eager",
        "enable_prefix_caching",
        "enable_auto_tool_choice",
        "enable_lora",
        "detach",
        "rm",
        "d",
        "it",
        "i",
        "t",
        "quiet",
        "q",
        "disable_log_requests",
        "enable_chunked_prefill",
        "privileged",
        "init",
        "local_dir_use_symlinks",
        "force_download",
        "omni",
        "jinja",
        "flash_attn",
        "enable_reasoning",
        "interactive",
        "verbose",
        "insecure",
        "tty",
        "no_mmap",
        "mlock",
        "headless",
        "disable_log_stats",
        "enable_sleep_mode",
    ]
)
"""Options that take no value."""
WRAPPERS = frozenset(
    [
        "sudo",
        "exec",
        "nohup",
        "time",
        "env",
        "command",
        "then",
        "do",
        "else",
        "if",
        "while",
        "eval",
        "tini",
        "--",
        "-",
        "uv",
        "poetry",
        "pipenv",
        "pdm",
        "run",
        "accelerate",
        "launch",
        "stdbuf",
        "numactl",
        "RUN",
        "{",
        "(",
        "!",
        "&",
        "conda",
        "mamba",
        "micromamba",
        "nice",
        "xvfb-run",
        "dumb-init",
        "until",
        "not",
        "srun",
        "setsid",
        "@",
        "wait",
    ]
)
"""Words in front of a command that run it or belong to the shell."""
SHELLS = frozenset(("bash", "sh", "zsh", "ash", "/bin/bash", "/bin/sh", "dash"))
"""Programs that run a script handed over as text."""
