"""Facts of several sources made one: the first source that states a fact is taken, and what contradicts it is said."""

from __future__ import annotations

from typing import Any

from checker.facts.fact import Certainty, Fact, NotRead, Unknown
from checker.facts.model import Dimensions, Facts, Parent, Relation
from checker.value import NamedTuple

_NOT_JOINED = ("model", "found_as", "former_ids", "revision", "benchmarks", "conflicts", "notes")
_NOT_COMPARED = frozenset(
    (
        *("license_note", "license_link", "license_tag", "license_files", "parents", "multimodal", "state_space"),
        *("architecture_class", "variant", "pipeline_tag", "library_name", "active_parameters", "release_date"),
        *("torch_dtype", "hub_status", "gated", "head", "unsafe_files", "build"),
    )
)
"""Facts in which two honest sources differ: judgements, what no commit holds, and what a card words freely."""
_COMPARED_SIZES = (
    *("num_hidden_layers", "hidden_size", "num_attention_heads", "num_key_value_heads", "vocab_size"),
    *("num_experts", "experts_per_tok", "kv_lora_rank"),
)
_NEAR = 0.05
"""How far totals may lie apart: files store heads twice, and parts that do not answer are counted by some."""


class Disagreement(NamedTuple):
    """One fact that two sources state differently."""

    name: str
    taken: Fact[object]
    other: Fact[object]


class Joined(NamedTuple):
    """The facts of two sources and where they disagree."""

    facts: Facts
    disagreements: tuple[Disagreement, ...]


def join(first: Facts, second: Facts, *, trusted: bool) -> Joined:
    """Every fact of `first`, and those of `second` that it does not state.

    Where both state a fact, `first` counts if it is `trusted`, and `second` otherwise if the two disagree. What
    `second` only infers contradicts nothing. What `first` only infers gives way to what `second` states or infers,
    since that was looked at by people. Of two native contexts the
    smaller counts: a configuration's positions may reach further than the training did. Parents add up, since an
    ancestor can only add terms.

    Args:
        first: the source that is nearer: a lock at the pinned commit.
        second: the source that fills gaps: the catalogue, or the organisation's facts at another commit.
        trusted: whether `first` counts where the two disagree.
    """
    taken: dict[str, Any] = {}
    disagreements = []
    for name in Facts._fields:
        if name in _NOT_JOINED:
            continue
        one, other = getattr(first, name), getattr(second, name)
        if not isinstance(one, Fact) or not isinstance(other, Fact):
            taken[name] = _stated(one, other)
            continue
        apart = other.certainty is not Certainty.INFERRED and differs(name, one.value, other.value)
        taken[name] = _surer(name, one, other) if trusted or not apart else other
        if apart:
            disagreements.append(Disagreement(name, taken[name], other if taken[name] is one else one))
    facts = first._replace(
        former_ids=tuple(dict.fromkeys((*first.former_ids, *second.former_ids))),
        revision=first.revision or second.revision,
        benchmarks=first.benchmarks or second.benchmarks,
        conflicts=(*first.conflicts, *second.conflicts),
        notes=(*first.notes, *second.notes),
        **taken,
    )
    return Joined(facts, tuple(disagreements))


def _stated(one: Any, other: Any) -> Any:
    """The one of the two that is a fact; else the one that says more."""
    if isinstance(one, Fact):
        return one
    if isinstance(other, Fact):
        return other
    return one if isinstance(other, NotRead) or (isinstance(one, Unknown) and one != type(one)(one.name)) else other


def _surer(name: str, one: Fact[Any], other: Fact[Any]) -> Fact[Any]:
    if name == "native_context":
        return other if other.value < one.value else one
    if name == "parents":
        return _both(one, other)
    if name == "dimensions":
        return one._replace(value=_filled(one.value, other.value))
    return other if one.certainty is Certainty.INFERRED and other.certainty.reaches(Certainty.INFERRED) else one


def _both(one: Fact[tuple[Parent, ...]], other: Fact[tuple[Parent, ...]]) -> Fact[tuple[Parent, ...]]:
    """The parents of both sources, each once, with the relation that one of them states."""
    relations: dict[str, Relation] = {}
    for parent in (*one.value, *other.value):
        if relations.get(parent.model.casefold(), Relation.UNSTATED) is Relation.UNSTATED:
            relations[parent.model.casefold()] = parent.relation
    first: dict[str, Parent] = {}
    for parent in (*one.value, *other.value):
        first.setdefault(parent.model.casefold(), parent._replace(relation=relations[parent.model.casefold()]))
    stating = one if one.value or not other.value else other
    return stating._replace(value=tuple(first.values()))


def _filled(one: Dimensions, other: Dimensions) -> Dimensions:
    """The sizes of `one`; what it leaves out, as configurations leave out a library's defaults, is that of `other`."""
    left_out = {name: getattr(other, name) for name, size in one._asdict().items() if size is None}
    return one._replace(**left_out)


def differs(name: str, one: Any, other: Any) -> bool:
    """Whether two values of a fact cannot both be right."""
    if name in _NOT_COMPARED:
        return False
    if name == "parameters":
        return bool(abs(one - other) > _NEAR * max(one, other))
    if name == "native_context":
        return bool(one > other * _STRETCHED)
    if name == "dimensions":
        return any(_apart(getattr(one, size), getattr(other, size)) for size in _COMPARED_SIZES)
    if isinstance(one, tuple):
        return {str(item).casefold() for item in one} != {str(item).casefold() for item in other}
    if isinstance(one, str):
        return one.casefold() != str(other).casefold()
    different: bool = one != other
    return different


_STRETCHED = 4
"""Up to so many times the context that is recorded, positions of a configuration are no contradiction to it."""


def _apart(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other
