"""The manifest, `model.yaml`: what a project declares of the models that it uses."""

from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import ConfigDict, Field, model_validator

from checker.document.bind import Block, Later, refuse
from checker.document.errors import Problem
from checker.document.place import At
from checker.document.scalars import Text, Whole, Word
from checker.manifest.choices import Access, Documents, Goal, Method, Objective, Purpose, SizeClass, Status
from checker.manifest.deployment import Deployment, KvCache, LoadedWeights, Quantization, Runtime
from checker.manifest.entry import ModelEntry
from checker.manifest.hardware import Hardware

if TYPE_CHECKING:
    from checker.manifest.use import Use
else:
    # Most manifests do without; `checker.manifest.entry` has more such blocks.
    Use = Annotated[Any, Later("checker.manifest.use", "Use")]

__all__ = [
    "FORMAT",
    "Access",
    "Deployment",
    "Documents",
    "Goal",
    "Hardware",
    "KvCache",
    "LoadedWeights",
    "Manifest",
    "Method",
    "ModelEntry",
    "Objective",
    "Purpose",
    "Quantization",
    "Runtime",
    "SizeClass",
    "Status",
]

FORMAT = 1
"""The format of manifests that this version reads."""


class Manifest(Block):
    """What a project declares of the models that it uses."""

    # An editor asks for models; the loader has to tell "none" from "not said" and may be told that none is fine.
    model_config = ConfigDict(json_schema_extra={"required": ["weighbridge", "models"]})

    weighbridge: At[Annotated[int, Whole, Field(ge=1, le=FORMAT)]] = Field(examples=[FORMAT])
    """The format of this file."""
    project: At[Annotated[str, Text]] | None = Field(default=None, examples=["support-bot"])
    """The project's name; default: the repository's, else the folder's name."""
    owner: At[Annotated[str, Text]] | None = Field(default=None, examples=["support-platform@example.com"])
    """Who answers for it: a team or an address."""
    status: At[Annotated[Status, Word]] | None = None
    """Whether the models are in use; recorded."""
    use: Use | None = None
    """How the product uses its models."""
    hardware: Hardware | None = None
    """Shared hardware: models without hardware of their own are added up on it."""
    models: tuple[ModelEntry, ...] = Field(default=(), json_schema_extra={"minItems": 1})
    """The models that the project uses."""

    @model_validator(mode="after")
    def _unique_names(self) -> Self:
        first: dict[str, ModelEntry] = {}
        problems = []
        for entry in self.models:
            other = first.setdefault(entry.display_name, entry)
            if other is not entry:
                problems.append(_same_name(entry, other))
        if problems:
            raise refuse(*problems)
        return self


def _same_name(entry: ModelEntry, other: ModelEntry) -> Problem:
    return Problem(
        f"a second model is called `{entry.display_name}`",
        expected="a `name` that is unique in this file" if entry.name else "a `name` that tells the two apart",
        at=(entry.name or entry.model).at,
        also=(other.name or other.model).at,
    )
