"""The total of a model's parameters by its structure, for a model of which nobody states it."""

from checker.facts.model import ArchitectureClass
from checker.facts.parameters.total import total
from checker.memory.estimate import NotEstimable
from checker.memory.families import SEQUENCE_TO_SEQUENCE
from checker.memory.layer_kinds import is_mixed
from checker.memory.model import Model
from checker.memory.plan import Method, Task, TrainingPlan
from checker.memory.recurrent_total import recurrent_parameters
from checker.memory.traits import Traits


def parameters_of(model: Model) -> int | NotEstimable:
    """All weights of the text model and what stands beside it, or why they cannot be counted."""
    from checker.memory.count.inventory import inventory
    from checker.memory.model import is_encoder, nonsense
    from checker.memory.program import prepared

    if refusal := nonsense(model):
        return refusal
    if is_mixed(model):
        return recurrent_parameters(model)
    task = Task.EMBED if is_encoder(model) else Task.CAUSAL
    made = prepared(model._replace(parameters=_ANY), TrainingPlan(Method.FULL, 8, task=task))
    if isinstance(made, NotEstimable):
        counted = total(model.model_type or "", model.dimensions)
        return made if counted is None else counted + (model.traits.vision_parameters or 0)
    if model.multimodal and model.traits.vision_parameters is None:
        return NotEstimable("the weights of its vision part are not counted", ("parameters",))
    return inventory(made.program).total + (model.traits.vision_parameters or 0)


_NEAR = 0.01
"""How far the total of two stacks may lie from what their sizes make: a classifier's head, a table of positions."""
_T5_HEAD = 64
"""`d_kv` of a T5 that names none (transformers: configuration_t5.py)."""


def two_stacks(model: Model) -> Model | NotEstimable:
    """An encoder-decoder of the catalogue with what its total says of gate and head; any other model as it is.

    The dimensions hold one number of layers, which both stacks are taken to have, and neither the MLP's gate nor the
    tied head that T5 and its later versions differ in. The build whose weights make the stated total is the model's.
    """
    known = SEQUENCE_TO_SEQUENCE.get(model.model_type or "")
    dims, stated = model.dimensions, model.parameters
    one_stack = model.architecture is not ArchitectureClass.ENCODER_DECODER
    if known is None or stated is None or one_stack or model.traits != Traits():
        return model
    size = dims.head_dim or (_T5_HEAD if known.position_buckets else None)
    dims = dims._replace(num_key_value_heads=dims.num_key_value_heads or dims.num_attention_heads, head_dim=size)
    if size is None and dims.hidden_size and dims.num_attention_heads:
        dims = dims._replace(head_dim=dims.hidden_size // dims.num_attention_heads)
    made: int | NotEstimable = 0
    for gated in (False, True) if known.position_buckets else (known.gated,):
        for tied in (True, False) if dims.tie_word_embeddings is None else (dims.tie_word_embeddings,):
            traits = Traits(gated=gated, activation="gelu_new" if gated else None)
            built = model._replace(dimensions=dims._replace(tie_word_embeddings=tied), traits=traits)
            made = parameters_of(built)
            if isinstance(made, NotEstimable):
                return made
            if abs(made - stated) <= _NEAR * stated:
                return built
    return NotEstimable(
        f"{stated} parameters contradict the dimensions: two stacks of {dims.num_hidden_layers} layers"
        f" of {dims.hidden_size} make some {made}",
        ("parameters", "dimensions"),
    )


_ANY = 1 << 60
"""More than any model has, where a total is asked for and not yet known."""
