"""A resolved policy with one more layer of the organisation below it, written elsewhere than in a policy file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from checker.document.bind import Block, bind
from checker.document.errors import InputError, Problem
from checker.document.scalars import OneOrMany
from checker.document.tree import Node
from checker.policy.file import Api, stated_rules
from checker.policy.licensee import narrowed
from checker.policy.policy import Layer, Policy, Rank, ResolvedRule
from checker.policy.resolve import RuleState, State, Value, apply, resolved
from checker.policy.waivers import WaiverBlock, resolved_terms
from checker.rulebook.licensee import Providers
from checker.rulebook.opinions import Opinion


class LayerBlock(Block):
    """What a policy that extends another one adds."""

    api: Api | None = None
    """Whose API may be used."""
    waivers: WaiverBlock | None = None
    """How exceptions are recorded."""
    opinions: OneOrMany[Opinion] = ()
    """How the organisation reads licences."""
    rules: Any = None
    """Level and settings of each rule, by the rule's id."""


def extended(policy: Policy, written: Node, name: str, folder: Path) -> Policy:
    """The policy as an organisation's file that extends it would resolve.

    Args:
        policy: what is extended.
        written: the layer: `rules`, `api`, `waivers` and `opinions`, as a policy writes them.
        name: what the layer is called.
        folder: where its file of waivers would lie.

    Raises:
        InputError: the layer cannot be used, or it loosens what the organisation's own files state.
    """
    problems: list[Problem] = []
    try:
        block = bind(written, LayerBlock, path="layer")
    except InputError as error:
        problems += error.problems
    stated = stated_rules(written, problems)
    if problems:
        raise InputError(tuple(problems))
    layer = Layer(Rank.ORGANISATION, name)
    accepted = block.api.providers if block.api else ()
    own = Providers(tuple(one.value for one in accepted) if block.api else None)
    terms = resolved_terms(block.waivers, folder, name, policy.waivers) if block.waivers else policy.waivers
    return policy._replace(
        layers=(*policy.layers, layer),
        rules=resolved(apply(_state(policy.rules), layer, stated)),
        providers=narrowed((policy.providers,), own, accepted),
        waivers=terms,
        opinions=(*block.opinions, *policy.opinions),
    )


def _state(rules: dict[str, ResolvedRule]) -> State:
    """The rules as layers are joined: what the organisation's own files state may not be loosened below them."""
    return {
        rule.id: RuleState(_value(rule, "enforcement", rule.schedule), _values(rule), rule.custom)
        for rule in rules.values()
    }


def _values(rule: ResolvedRule) -> dict[str, Value]:
    held = {**rule.stated(), **dict(rule.aside)}
    return {name: _value(rule, name, held[name]) for name in rule.set_by if name in held}


def _value(rule: ResolvedRule, name: str, value: Any) -> Value:
    set_by = rule.set_by[name]
    stated = Value(value, set_by)
    return stated if set_by.layer.rank is Rank.PACK else stated._replace(floor=stated)
