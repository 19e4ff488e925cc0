"""The part of a model's facts that memory depends on, as the estimates take it."""

from __future__ import annotations

from collections.abc import Mapping

from checker.facts.fact import Fact
from checker.facts.model import ArchitectureClass, Dimensions, Facts
from checker.memory.families import family_of
from checker.memory.model import Model


def model_of(facts: Facts) -> Model:
    """The part of the facts that memory depends on."""

    def value(fact: object) -> object:
        return fact.value if isinstance(fact, Fact) else None

    dimensions = value(facts.dimensions)
    parameters, architecture = value(facts.parameters), value(facts.architecture_class)
    model_type, torch_dtype = value(facts.model_type), value(facts.torch_dtype)
    sizes = dimensions if isinstance(dimensions, Dimensions) else Dimensions()
    context = value(facts.native_context)
    turned = isinstance(model_type, str) and family_of(model_type, encoder=False).rotary
    if sizes.max_position_embeddings is None and isinstance(context, int) and turned:
        # Rotary positions have no weights, so that the context says as much as the configuration would.
        sizes = sizes._replace(max_position_embeddings=context)
    model = Model(
        parameters=parameters if isinstance(parameters, int) else None,
        dimensions=sizes,
        architecture=architecture if isinstance(architecture, ArchitectureClass) else None,
        model_type=model_type if isinstance(model_type, str) else None,
        torch_dtype=torch_dtype if isinstance(torch_dtype, str) else None,
        multimodal=value(facts.multimodal) is True,
        state_space=value(facts.state_space) is True,
    )
    build = value(facts.build)
    if not isinstance(build, Mapping):
        return model
    from checker.memory.recorded import completed  # reads the library's defaults, of which the catalogue needs none

    return completed(model, build)
