"""One file, one format; a format is found by its file name and imported only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path

from checker.verdict import Report

_FOLDER = Path(__file__).parent


@cache
def formats() -> tuple[str, ...]:
    """The names of all formats, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("[a-z]*.py")))


def load(name: str) -> Callable[[Report], str]:
    """The `render` of a format.

    Raises:
        ModuleNotFoundError: there is no format of that name.
    """
    render: Callable[[Report], str] = import_module(f"checker.report.{name}").render
    return render
