"""How kinds of change are found: every file in `kinds/` is one, and its name is its name."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

from checker.remedies.case import Kind

_FOLDER = Path(__file__).parent / "kinds"


@cache
def kinds() -> tuple[Kind, ...]:
    """All kinds, the one that changes least first."""
    found = []
    for path in _FOLDER.glob("[a-z]*.py"):
        module = import_module(f"checker.remedies.kinds.{path.stem}")
        found.append(
            Kind(
                name=path.stem.replace("_", "-"),
                rules=module.RULES,
                reads=getattr(module, "READS", ()),
                size=module.SIZE,
                is_graded=getattr(module, "IS_GRADED", False),
                most=getattr(module, "MOST", 1),
                steps=module.steps,
            )
        )
    return tuple(sorted(found, key=lambda kind: (kind.size, kind.name)))


def kinds_for(rule: str, reads: tuple[str, ...] = ()) -> tuple[Kind, ...]:
    """The kinds that may settle a finding of a rule, the one that changes least first.

    Args:
        rule: the rule's id.
        reads: of a rule of the policy's own the variables that decide it: what changes one of them may settle it.
    """
    return tuple(kind for kind in kinds() if rule in kind.rules or (kind.reads and _touches(kind, reads)))


def _touches(kind: Kind, reads: tuple[str, ...]) -> bool:
    return any(name.startswith(kind.reads) for name in reads)
