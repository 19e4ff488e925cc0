"""What a scan finds: models that are used, uses whose model nobody can name, and files that could not be read."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from checker.document.place import Place
from checker.value import NamedTuple


class Kind(StrEnum):
    """How a model is used."""

    LOADED = "loaded"
    """Code loads its weights: `from_pretrained` and its relatives."""
    TOKENIZER = "tokenizer"
    """Code loads no more than its tokenizer, processor or configuration."""
    EMBEDDER = "embedder"
    RERANKER = "reranker"
    PIPELINE = "pipeline"
    DOWNLOADED = "downloaded"
    """Its files are fetched; what for, the line does not say."""
    SERVED = "served"
    """A server is started with it."""
    TRAINED = "trained"
    """It is the base of a fine-tuning."""
    ADAPTER_BASE = "adapter base"
    """An adapter of the repository belongs to it."""
    ASKED = "asked"
    """Somebody's service runs it."""
    CONFIGURED = "configured"
    """A configuration names it under a key that says model."""
    FILE = "file"
    """Its weights lie in the repository."""


class Option(NamedTuple):
    """One thing that the line says about the use, under the manifest's key for it."""

    key: str
    """The path in an entry of `models`, such as `deployment.context_window`; or `objective`, `task`."""
    value: str
    at: Place


class Use(NamedTuple):
    """One place at which one model is used."""

    model: str
    """The id on the Hub, or `./path` from the scanned folder."""
    revision: str | None
    """What the line pins: a commit, a branch or a tag; None where it pins nothing."""
    kind: Kind
    at: Place
    options: tuple[Option, ...] = ()
    note: str = ""
    """What is no more than likely about it, such as an id that stands for another registry's name."""


class Pinned(NamedTuple):
    """A place that takes its model from the manifest: `checker.pin("assistant")`, `weighbridge get assistant.model`."""

    name: str
    """The entry's name in the manifest."""
    at: Place


class Unresolved(NamedTuple):
    """A use of a model that reading alone cannot name."""

    what: str
    """The expression or the name as it is written."""
    why: str
    at: Place
    is_unread: bool = False
    """Whether nobody has read what stands there, so that it may use any number of models, each of any name."""


class Unread(NamedTuple):
    """A file that could not be read or parsed: what it uses is unknown."""

    file: str
    why: str


class Found(NamedTuple):
    """What one file holds."""

    uses: tuple[Use, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    pins: tuple[Pinned, ...] = ()


def together(parts: Iterable[Found]) -> Found:
    """What several parts of a file hold."""
    known = list(parts)
    return Found(
        tuple(use for part in known for use in part.uses),
        tuple(one for part in known for one in part.unresolved),
        tuple(pin for part in known for pin in part.pins),
    )


class Scan(NamedTuple):
    """What a folder holds."""

    root: str
    """The folder as the user named it."""
    files_read: int
    """Files of a kind that can name a model, and that were read."""
    files_seen: int
    """All files that were looked at by name."""
    uses: tuple[Use, ...]
    unresolved: tuple[Unresolved, ...]
    pins: tuple[Pinned, ...]
    unread: tuple[Unread, ...]
    left_out: tuple[str, ...]
    """Folders that were not entered: vendored code, virtual environments, build output, links."""
    whole: bool
    """Whether a whole folder was read, so that what was not found is not used in it."""
