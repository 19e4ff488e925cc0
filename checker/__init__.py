"""Weighbridge checks the AI models that a project declares against facts about them and an organisation's policy."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checker.pins import Pin, pin

__all__ = ["HOME", "Pin", "__version__", "pin"]
__version__ = "0.1.0"

HOME = "https://weighbridge.example"
"""The project's home."""


def __getattr__(name: str) -> object:
    """`checker.pin` and its type, loaded by whoever first asks for them: the command's start is a budget."""
    if name in ("Pin", "pin"):
        from checker import pins

        return getattr(pins, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
