"""The total of a model's parameters by its structure, for a model of which nobody states it."""

from checker.facts.parameters.total import total
from checker.memory.estimate import NotEstimable
from checker.memory.layer_kinds import is_mixed
from checker.memory.model import Model
from checker.memory.recurrent_total import recurrent_parameters


def parameters_of(model: Model) -> int | NotEstimable:
    """All weights, or why they cannot be counted."""
    if is_mixed(model):
        return recurrent_parameters(model)
    counted = total(model.model_type or "", model.dimensions)
    return NotEstimable(f"no formula counts the parameters of `{model.model_type}`") if counted is None else counted
