"""How a choice is written: one file, one format."""

from functools import cache
from importlib import import_module
from pathlib import Path

from checker.selection.chosen import Chosen


@cache
def formats() -> tuple[str, ...]:
    """The names of all formats, sorted."""
    return tuple(sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py")))


def rendered(name: str, chosen: Chosen) -> str:
    """The choice in the format of that name."""
    text: str = import_module(f"checker.selection.form.{name}").render(chosen)
    return text
