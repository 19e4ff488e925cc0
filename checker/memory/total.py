"""The total of a model's parameters by its structure, for a model of which nobody states it."""

from checker.facts.parameters.total import total
from checker.memory.estimate import NotEstimable
from checker.memory.model import Model
from checker.memory.plan import Method, Task, TrainingPlan


def parameters_of(model: Model) -> int | NotEstimable:
    """All weights of the text model and what stands beside it, or why they cannot be counted."""
    from checker.memory.count.inventory import inventory
    from checker.memory.model import is_encoder, nonsense
    from checker.memory.program import prepared

    if refusal := nonsense(model):
        return refusal
    task = Task.EMBED if is_encoder(model) else Task.CAUSAL
    made = prepared(model._replace(parameters=_ANY), TrainingPlan(Method.FULL, 8, task=task))
    if isinstance(made, NotEstimable):
        counted = total(model.model_type or "", model.dimensions)
        return made if counted is None else counted + (model.traits.vision_parameters or 0)
    if model.multimodal and model.traits.vision_parameters is None:
        return NotEstimable("the weights of its vision part are not counted", ("parameters",))
    return inventory(made.program).total + (model.traits.vision_parameters or 0)


_ANY = 1 << 60
"""More than any model has, where a total is asked for and not yet known."""
