"""The public surface as text: every name, its signature, its fields and its members.

`python -m tests.api.surface` records it anew; whoever does that says in the changelog what changed for users.
"""

from __future__ import annotations

import enum
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import checker

RECORD = Path(__file__).with_name("surface.txt")


def surface() -> str:
    """What `checker.__all__` promises."""
    return "\n".join(line for name in checker.__all__ for line in _lines(name, getattr(checker, name))) + "\n"


def _lines(name: str, held: object) -> Iterator[str]:
    if not isinstance(held, type):
        yield f"{name}{_signature(held)}" if callable(held) else f"{name}: {type(held).__name__}"
        return
    base = next((base.__name__ for base in (Exception, str, tuple) if issubclass(held, base)), "object")
    yield f"class {name}({base})"
    if issubclass(held, enum.Enum):
        yield from (f"    {member.name} = {member.value!r}" for member in held)
    fields = inspect.get_annotations(held)
    yield from (f"    {field}: {_type(kind)}" for field, kind in fields.items() if not field.startswith("_"))
    for member, value in vars(held).items():
        if member.startswith("_") or member in fields:
            continue
        if isinstance(value, property):
            yield f"    {member} -> {_type(inspect.get_annotations(value.fget)['return'])}"
        elif inspect.isfunction(value):
            yield f"    {member}{_signature(value)}"


def _signature(function: Callable[..., object]) -> str:
    return _type(re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(inspect.signature(function))))


def _type(annotation: object) -> str:
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return re.sub(r"\b(?:checker\.)?(?:\w+\.)+(?=[A-Z])", "", text)


if __name__ == "__main__":
    RECORD.write_text(surface(), "utf-8", newline="\n")
