"""Weights of what a model has beside its text part: vision towers and the projectors behind them."""

from collections.abc import Mapping
from typing import Any


def vision_parameters(config: Mapping[str, Any]) -> int | None:
    """Weights outside the text model; 0 for a model of text alone, None where the configuration does not tell."""
    return 0 if not isinstance(config.get("vision_config"), Mapping) else None
