"""The words without which a file uses no model: its reader looks for them first, and they alone for in a large file."""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_letters, digits

from checker.scan import command, python
from checker.scan.python_calls import CALLS
from checker.value import NamedTuple


class Words(NamedTuple):
    """What a kind of file has at least one of where its reader finds a model."""

    words: tuple[str, ...]
    folded: bool = False
    """Whether capitals make no difference."""

    def are_in(self, text: str) -> bool:
        """Whether a text holds one of them."""
        seen = text.lower() if self.folded else text
        return any(word in seen for word in self.words)

    def are_in_parts(self, parts: Iterable[bytes]) -> bool:
        """Whether a file holds one of them, given its bytes part by part; a word may begin in one and end in the next.

        The bytes of zero are passed over: with them, UTF-16 and UTF-32 write what others write without.
        """
        words = tuple(word.encode() for word in self.words)
        overlap = max(map(len, words)) - 1
        tail = b""
        for part in parts:
            seen = tail + part.replace(b"\0", b"")
            seen = seen.lower() if self.folded else seen
            if any(word in seen and _is_written(word, seen) for word in words):
                return True
            tail = seen[-overlap:]
        return False


def _is_written(word: bytes, seen: bytes) -> bool:
    """Whether a word stands for itself: three or four letters come about in every large picture in Base64."""
    if len(word) > _BY_CHANCE or not word.isalnum():
        return True
    at = seen.find(word)
    while at >= 0:
        end = at + len(word)
        if at == 0 or seen[at - 1] not in _BASE64 or end == len(seen) or seen[end] not in _BASE64_TO_THE_END:
            return True
        at = seen.find(word, at + 1)
    return False


_BY_CHANCE = 4
"""Letters of the longest word that a few MiB of Base64 hold by chance."""
_BASE64 = frozenset(f"{ascii_letters}{digits}+/".encode())
_BASE64_TO_THE_END = _BASE64 | {ord("=")}

PYTHON = Words(python.WORDS)
SCRIPT = Words((*command.WORDS, *python.WORDS))
"""Of what a shell is given, which may hold Python, and of notebooks, which may hold both."""
SETTINGS = Words(
    (
        *("model", "gguf", "llm", "hf://", "huggingface", "ollama", "repo_id", "vllm", "embed", "hf_", "rerank"),
        "tokenizer",
        *(word.lower() for word in command.WORDS),
        *(name.lower() for name, row in CALLS.items() if not row.packages),
    ),
    folded=True,
)
_BY_KIND = {
    "python": PYTHON,
    "notebook": SCRIPT,
    "yaml": SETTINGS,
    "variables": SETTINGS,
    "shell": SCRIPT,
    "powershell": SCRIPT,
    "make": SCRIPT,
    "procfile": SCRIPT,
    "docker": SCRIPT,
}


def of(kind: str) -> Words | None:
    """The words that a large file of a kind is looked through for; None where its reader judges by something else."""
    return _BY_KIND.get(kind)
