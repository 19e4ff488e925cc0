"""What a safe fix is asked with, and what it proposes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checker.document.place import SourceFile
from checker.document.tree import Mapping
from checker.manifest.model import Manifest
from checker.remedies.bench import Bench
from checker.value import NamedTuple


class Draft(NamedTuple):
    """A manifest that can be read, before a fix."""

    source: SourceFile
    manifest: Manifest
    root: Mapping
    """As it is written."""
    bench: Bench


class Fix(NamedTuple):
    """One fix."""

    text: str
    """The whole file with it."""
    said: str


class Fixer(NamedTuple):
    """One kind of safe fix, loaded."""

    name: str
    fixes: Callable[[Draft], Iterator[Fix]]
