"""What tells one plan of one model from another: a digest of all that the memory of a training step depends on."""

from __future__ import annotations

from enum import Enum
from hashlib import sha256
from json import dumps

from checker.memory.model import Model
from checker.memory.plan import TrainingPlan

SIZES = ("num_hidden_layers", "hidden_size", "intermediate_size", "num_attention_heads", "vocab_size")
"""The sizes that every source of a model states alike."""


def of_plan(model: Model, plan: TrainingPlan) -> str:
    """The digest, 64 hexadecimal digits: a copy of a model under another name has the same."""
    sizes = {name: getattr(model.dimensions, name) for name in SIZES}
    # What one source writes out another leaves to its default: as many heads of keys as of queries, no experts.
    sizes["num_key_value_heads"] = model.dimensions.num_key_value_heads or model.dimensions.num_attention_heads
    sizes["num_experts"] = model.dimensions.num_experts or 0
    asked = {name: value.value if isinstance(value, Enum) else value for name, value in plan._asdict().items()}
    stated = {"model_type": model.model_type, "sizes": sizes, "plan": asked}
    return sha256(dumps(stated, sort_keys=True).encode()).hexdigest()
