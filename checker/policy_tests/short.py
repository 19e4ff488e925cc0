"""Short forms of a file of cases, spelled out before it is bound: an outcome alone, the value of a fact alone."""

from __future__ import annotations

from collections.abc import Callable

from checker.document.tree import Entry, Mapping, Node, Scalar, Sequence
from checker.manifest.known import Known

GROUPS = ("dimensions", "benchmarks")
"""Facts that are several claims, each under a name of its own."""

Turn = Callable[[Node], Node]


def spelled_out(root: Node) -> Node:
    """The tree with every short form as the mapping that it stands for; whatever is no such form stays as it is."""
    return _at(root, "cases", lambda cases: _each(cases, _case))


def _case(case: Node) -> Node:
    expected = _at(case, "expect", lambda rules: _values(rules, lambda said: _each(said, _named("outcome"))))
    return _at(expected, "facts", lambda facts: _each(facts, _facts))


def _facts(facts: Node) -> Node:
    with_parents = _at(facts, "parents", lambda parents: _each(parents, _named("model")))
    if not isinstance(with_parents, Mapping):
        return with_parents
    claim = _named("value")
    turns = {name: claim for name in Known.model_fields if name not in GROUPS}
    turns |= {name: lambda group: _values(group, claim) for name in GROUPS}
    items = {
        key: entry._replace(value=turns[key](entry.value)) if key in turns else entry
        for key, entry in with_parents.items.items()
    }
    return with_parents._replace(items=items)


def _named(key: str) -> Turn:
    """A value alone stands for a mapping with it under this key."""

    def turn(node: Node) -> Node:
        return node if isinstance(node, Mapping) else Mapping({key: Entry(node.at, node)}, node.at)

    return turn


def _at(node: Node, key: str, turn: Turn) -> Node:
    if not isinstance(node, Mapping) or key not in node.items:
        return node
    entry = node.items[key]
    return node._replace(items={**node.items, key: entry._replace(value=turn(entry.value))})


def _values(node: Node, turn: Turn) -> Node:
    if not isinstance(node, Mapping):
        return node
    return node._replace(items={key: entry._replace(value=turn(entry.value)) for key, entry in node.items.items()})


def _each(node: Node, turn: Turn) -> Node:
    """Each item of a list, or the one value that stands without brackets; nothing stays nothing."""
    if isinstance(node, Sequence):
        return node._replace(items=[turn(item) for item in node.items])
    return node if isinstance(node, Scalar) and node.empty else turn(node)
