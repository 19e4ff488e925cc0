"""Weighbridge checks the AI models that a project declares against facts about them and an organisation's policy."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checker.api import AppliedPolicy, Evaluation, Finding, Report, check
    from checker.document.errors import InputError, Problem
    from checker.document.place import Place, SourceFile
    from checker.pins import Pin, pin
    from checker.rulebook.schedule import Enforcement
    from checker.verdict import Verdict

__all__ = [
    "AppliedPolicy",
    "Enforcement",
    "Evaluation",
    "Finding",
    "InputError",
    "Pin",
    "Place",
    "Problem",
    "Report",
    "SourceFile",
    "Verdict",
    "__version__",
    "check",
    "pin",
]
__version__ = "0.1.0"

HOME = "https://weighbridge.example"
"""The project's home."""

_ROOMS = {
    "api": ("AppliedPolicy", "Evaluation", "Finding", "Report", "check"),
    "document.errors": ("InputError", "Problem"),
    "document.place": ("Place", "SourceFile"),
    "pins": ("Pin", "pin"),
    "rulebook.schedule": ("Enforcement",),
    "verdict": ("Verdict",),
}
"""Where each public name lives."""


def __getattr__(name: str) -> object:
    """A public name, loaded by whoever first asks for it: the command's start is a budget."""
    for room, names in _ROOMS.items():
        if name in names:
            from importlib import import_module

            return getattr(import_module(f"checker.{room}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
