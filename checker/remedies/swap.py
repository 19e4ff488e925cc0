"""Puts another model into an entry: what was about the former one alone goes with it."""

from __future__ import annotations

from checker.document.tree import Mapping, Node
from checker.document.tree import Sequence as List
from checker.facts.fact import Unknown
from checker.facts.model import Facts
from checker.licenses.declared import declared
from checker.licenses.registry import Resolved
from checker.manifest.edit import Edit
from checker.remedies.case import Case

OF_ONE_MODEL: tuple[tuple[str, ...], ...] = (
    *(("revision",), ("license",), ("baseline",), ("derived_from",), ("root",), ("known",), ("measured",)),
    *(("obligations",), ("deployment", "weights")),
)
"""Keys that speak of one model and of no other."""


def swapped(case: Case, facts: Facts) -> tuple[Edit, ...] | None:
    """The edits that name the model, pinned at the commit at which its facts were recorded.

    None where no commit of it is known.
    """
    if facts.revision is None:
        return None
    edits = [Edit(case.path("model"), facts.model), Edit(case.path("revision"), facts.revision)]
    for keys in OF_ONE_MODEL[1:]:
        if not is_written(case, keys):
            continue
        stated = _license(facts) if keys == ("license",) else None
        edits.append(Edit(case.path(*keys), stated))
    return tuple(edits)


def is_written(case: Case, keys: tuple[str, ...]) -> bool:
    """Whether the entry has that key."""
    node: Node = case.root
    for step in case.path(*keys):
        if isinstance(step, int):
            assert isinstance(node, List)
            node = node.items[step]
        elif not isinstance(node, Mapping) or step not in node.items:
            return False
        else:
            node = node.items[step].value
    return True


def _license(facts: Facts) -> str | None:
    stated = declared(facts)
    if isinstance(stated, Unknown) or not isinstance(stated.resolution, Resolved):
        return None
    return stated.resolution.license.id
