"""One file, one format of an audit: each has `write(target, inventory, records)`, and says what its target is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Protocol

from checker.fleet.inventory import Inventory
from checker.fleet.record import Records
from checker.value import NamedTuple


class Write(Protocol):
    """Writes an audit to a file or a folder."""

    def __call__(self, target: Path, inventory: Inventory, records: Records) -> None:
        """Write it.

        Raises:
            InputError: the target cannot be written, or the format needs an extra that is not installed.
        """


class Form(NamedTuple):
    """One format."""

    name: str
    render: Callable[[Inventory, Records], Iterator[str]] | None
    """The document as pieces of text; None where the format is a folder of files."""
    write: Write | None
    """Writes the folder; None where the format is one document."""


@cache
def formats() -> tuple[str, ...]:
    """The names of all formats."""
    return tuple(sorted(one.stem for one in Path(__file__).parent.glob("*.py") if not one.stem.startswith("_")))


def load(name: str) -> Form:
    """The format of that name."""
    module = import_module(f"{__name__}.{name}")
    return Form(name, getattr(module, "render", None), getattr(module, "write", None))
