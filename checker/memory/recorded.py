"""A model by its recorded facts and by what its configuration, as a lock keeps it, says beyond the dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.facts.config import NULLS, SIZES
from checker.memory.config import described
from checker.memory.estimate import NotEstimable
from checker.memory.model import Model
from checker.memory.total import parameters_of


def completed(model: Model, build: Mapping[str, Any]) -> Model:
    """The model with the sizes and traits that its configuration implies; as it is where the two do not fit together.

    Args:
        model: what the facts say. Its total, its class and its kinds stand.
        build: what `checker.facts.config.build` kept of the configuration.
    """
    try:
        whole = described(_configuration(model, build))
    except (TypeError, ValueError, ZeroDivisionError, AttributeError, StopIteration):
        return model  # a lock is anybody's text: what the readers trip over says nothing
    if isinstance(whole, NotEstimable):
        return model
    stated = {name: size for name, size in model.dimensions._asdict().items() if size is not None}
    found = whole._replace(
        parameters=model.parameters,
        dimensions=whole.dimensions._replace(**stated),
        architecture=model.architecture or whole.architecture,
        torch_dtype=model.torch_dtype or whole.torch_dtype,
        multimodal=model.multimodal,
        state_space=model.state_space or whole.state_space,
    )
    if model.parameters is None:
        return found
    text = parameters_of(found._replace(multimodal=False))
    if isinstance(text, NotEstimable):
        return model
    if model.multimodal:
        beside = model.parameters - text
        return found._replace(traits=found.traits._replace(vision_parameters=beside)) if beside >= 0 else model
    return found if abs(model.parameters - text) <= _OFF * max(model.parameters, text) else model


_OFF = 0.3
"""How far a total may lie from what the configuration makes: heads of a task and the like are not in it."""


def _configuration(model: Model, build: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration again, under the names that the Hub's library gives its keys."""
    sizes = {SIZES[name][0] if name in SIZES else name: size for name, size in model.dimensions._asdict().items()}
    nulls = build.get(NULLS, ())
    stated = {key: list(value) if isinstance(value, tuple) else value for key, value in build.items() if key != NULLS}
    known = {key: size for key, size in sizes.items() if size is not None}
    return {"model_type": model.model_type, **dict.fromkeys(nulls), **stated, **known}
