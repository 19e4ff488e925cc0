"""GPUs by any of their usual spellings, and the memory that a program finds on them.

The list is `gpus.json`, one product a line. A name that stands for several products (an A100 has 40 or 80 GB) is never
resolved to one of them.
"""

import json
import re
from functools import cache
from pathlib import Path

from checker.document.nearest import nearest
from checker.value import NamedTuple


class Gpu(NamedTuple):
    """One product."""

    name: str
    vendor: str
    marketed_gb: int
    """What the box says."""
    usable_bytes: int
    """What the driver reports, where a public source says; else the marketed number read as GiB."""
    source: str
    note: str = ""
    """What else to know: error correction, unified memory, several dies."""


class Unrecognised(NamedTuple):
    """No product of the list has that name."""

    spelling: str
    nearest: str | None
    """The name in the list that is closest to it."""

    @property
    def example(self) -> str | None:
        """A name that would be found."""
        return self.nearest

    @property
    def sentence(self) -> str:
        """What is wrong, as one sentence without a full stop."""
        hint = f"; did you mean `{self.nearest}`?" if self.nearest else ""
        return f"`{self.spelling}` is no GPU of the list{hint}"


class Ambiguous(NamedTuple):
    """Several products have that name."""

    spelling: str
    candidates: tuple[str, ...]

    @property
    def example(self) -> str | None:
        """A name that would be found."""
        return self.candidates[0]

    @property
    def sentence(self) -> str:
        """What is wrong, as one sentence without a full stop."""
        names = ", ".join(f"`{name}`" for name in self.candidates)
        return f"`{self.spelling}` names several GPUs: {names}"


def find(spelling: str) -> Gpu | Unrecognised | Ambiguous:
    """The GPU that somebody means: `4090`, `RTX4090`, `NVIDIA GeForce RTX 4090`, `H100 80GB SXM`, `a100-80gb`."""
    words, size = _key(spelling)
    fitting = [gpu for key, gpu in _by_key() if key[0] == words and size in (None, gpu.marketed_gb)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        return Ambiguous(spelling, tuple(gpu.name for gpu in fitting))
    return Unrecognised(spelling, _nearest(words, spelling))


@cache
def gpus() -> tuple[Gpu, ...]:
    """All GPUs of the list, as they stand in it: by vendor and generation."""
    text = Path(__file__).with_name("gpus.json").read_text(encoding="utf-8")
    return tuple(Gpu(**record) for record in json.loads(text))


@cache
def _by_key() -> tuple[tuple[tuple[tuple[str, ...], int | None], Gpu], ...]:
    return tuple((_key(gpu.name), gpu) for gpu in gpus())


_SAYS_NOTHING = re.compile(
    r"\b(nvidia|geforce|tesla|g?rtx|gpu|graphics|card|amd|radeon|instinct|rx|apple|gen(eration)?"
    r"|sxm\d?|pcie|oam|hbm\d?e?|memory|unified)\b"
)
_SIZE = re.compile(r"(?<![a-z0-9])(\d{1,3}) ?(?:gb|gib|g)(?![a-z0-9])")
_GLUED = re.compile(r"(?<=\d{4})(?=ti|super)|(?<=ti)(?=super)|(?<=rtx|gtx)(?=\d)|(?<=rtx)(?=a\d)")


def _key(spelling: str) -> tuple[tuple[str, ...], int | None]:
    """The words that tell products apart, and the memory in GB where the spelling says it."""
    text = re.sub(r"[^a-z0-9]+", " ", spelling[:100].casefold())
    size = _SIZE.search(text)
    words = _SAYS_NOTHING.sub(" ", _GLUED.sub(" ", _SIZE.sub(" ", text)))
    return tuple(words.split()), int(size.group(1)) if size else None


def _nearest(words: tuple[str, ...], spelling: str) -> str | None:
    """A product of the same words and another memory, else the closest name."""
    same = [gpu.name for key, gpu in _by_key() if key[0] == words]
    bare = {" ".join(key[0]): gpu.name for key, gpu in reversed(_by_key())}
    found = nearest(" ".join(words)[:100], bare)
    return same[0] if same else bare[found] if found else nearest(spelling[:100], [gpu.name for gpu in gpus()])
