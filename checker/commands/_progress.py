"""A bar for long work, on a terminal only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from checker.console import Console

Item = TypeVar("Item")


def shown(items: Iterable[Item], total: int, unit: str, console: Console) -> Iterable[Item]:
    """The items, counted on standard error as they pass; elsewhere than on a terminal they only pass."""
    if not console.err.isatty():
        return items
    from checker.hub.progress import bars  # only a terminal needs it

    return bars()(items, total=total, unit=f" {unit}", file=console.err, leave=False)
