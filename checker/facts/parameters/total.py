"""The number of parameters of a model, by its family, its dimensions and what else its configuration says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from checker.facts.model import Dimensions
from checker.facts.parameters.decoder import DECODERS, decoder, unused_for_one_token
from checker.facts.parameters.encoder import ENCODERS, bart, encoder, t5
from checker.facts.parameters.need import DimensionUnknownError, need
from checker.facts.parameters.recurrent import RECURRENT

Traits: TypeAlias = Mapping[str, Any]
"""What a checkpoint's configuration says beyond its dimensions (int, bool or str), by the name in the family's formula.
Any family takes `labels`, the outputs of a classification head, and `dense_head`, a square layer in front of them."""

_SEQUENCE_TO_SEQUENCE: dict[str, Callable[..., int]] = {
    "bart": partial(bart, learned_positions=True),
    "mt5": partial(t5, gated=True, tied=False),
    "pegasus": partial(bart, learned_positions=False),
    "t5": partial(t5, gated=False, tied=True),
}


def total(family: str, dims: Dimensions, traits: Traits | None = None) -> int | None:
    """All parameters; None where no formula covers the family, or where a dimension or trait that it needs is unknown.

    Args:
        family: the `model_type` of the configuration.
        dims: the dimensions.
        traits: see `Traits`.

    Raises:
        TypeError, ValueError: the family's formula knows no such trait.
    """
    own = dict(traits or {})
    labels, dense = int(own.pop("labels", 0)), bool(own.pop("dense_head", False))
    try:
        backbone = _backbone(family, dims, own)
        hidden = need(dims.hidden_size)
    except DimensionUnknownError:
        return None
    return None if backbone is None else backbone + labels * (hidden + 1) + dense * (hidden * hidden + hidden)


def active(family: str, dims: Dimensions, traits: Traits | None = None) -> int | None:
    """Parameters that work on one token of a mixture of experts; None where it is none, or no formula covers it."""
    whole = total(family, dims, traits)
    if whole is None or not dims.num_experts or not dims.experts_per_tok or family not in DECODERS:
        return None
    return whole - unused_for_one_token(dims, DECODERS[family]._replace(**dict(traits or {})))


def _backbone(family: str, dims: Dimensions, traits: dict[str, Any]) -> int | None:
    if family in DECODERS:
        return decoder(dims, DECODERS[family]._replace(**traits))
    if family in ENCODERS:
        return encoder(dims, ENCODERS[family]._replace(**traits))
    if family in _SEQUENCE_TO_SEQUENCE:
        return _SEQUENCE_TO_SEQUENCE[family](dims, **traits)
    return RECURRENT[family](dims, **traits) if family in RECURRENT else None
