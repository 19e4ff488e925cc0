"""One file, one format; a format is found by its file name and imported only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path

from checker.value import NamedTuple

_FOLDER = Path(__file__).parent


class Format(NamedTuple):
    """One format, loaded."""

    render: Callable[..., str]
    needs: tuple[str, ...]
    """The names of the arguments that `render` takes: `report`, and of `surroundings` and `wishes` what it uses."""
    needs_basis: bool
    """Whether it shows what was judged beside the verdicts."""


class Wishes(NamedTuple):
    """What a reader asked of the outputs; no wish changes a verdict."""

    explain: bool = False
    """`--explain`: the chain of each outcome."""
    include_waived: bool = False
    """`--sarif-include-waived`."""
    controls: tuple[str, ...] = ()
    """`--controls`: names of the frameworks whose controls are shown."""


@cache
def formats() -> tuple[str, ...]:
    """The names of all formats, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("[a-z]*.py")))


READERS = {"customer": ("markdown", "_customer")}
"""Who may be written for, beside those who run the gate: in which format, and by which module."""


def load(name: str) -> Format:
    """One format.

    Raises:
        ModuleNotFoundError: there is no format of that name.
    """
    return _format(name)


def load_for(reader: str) -> Format:
    """The document for a reader of `READERS`."""
    return _format(READERS[reader][1])


def _format(name: str) -> Format:
    module = import_module(f"checker.report.{name}")
    code = module.render.__code__
    return Format(module.render, code.co_varnames[: code.co_argcount], getattr(module, "NEEDS_BASIS", False))
