"""The GPUs that a plan runs on: named, as a cloud's instance, or by their memory."""

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from checker.document.bind import Block, refuse
from checker.document.errors import Problem
from checker.document.place import NOWHERE, At, Place
from checker.document.scalars import Count, Memory, Text

if TYPE_CHECKING:
    from checker.memory.hardware import Stated


class Devices(Block):
    """Equal GPUs, of which one may know no more than how many they are."""

    gpu: At[Annotated[str, Text]] | None = Field(default=None, examples=["L40S", "RTX 4090"])
    """The GPU's name in any usual spelling; `weighbridge fit --list-gpus` lists those that are known."""
    vram: At[Annotated[int, Memory]] | None = None
    """Memory of one GPU, for one that is not known by name; `24 GB` stands for that of a card sold with 24 GB."""
    instance: At[Annotated[str, Text]] | None = Field(default=None, examples=["g5.xlarge", "a2-highgpu-1g"])
    """A cloud instance, in the place of its GPUs; `weighbridge hardware NAME` says which those are."""
    count: At[Annotated[int, Count]] = Field(default=At(1, NOWHERE), examples=[1])
    """How many of them; default: 1, of an instance all."""

    @property
    def stated(self) -> "Stated":
        """What is said, in the words of those who know GPUs."""
        from checker.memory.hardware import Stated

        return Stated(
            gpu=self.gpu.value if self.gpu else None,
            vram=self.vram.value if self.vram else None,
            instance=self.instance.value if self.instance else None,
            devices=None if self.count.at is NOWHERE else self.count.value,
        )

    @property
    def named_at(self) -> Place | None:
        """Where it is said what they are; None where only their number is."""
        return next((one.at for one in (self.gpu, self.vram, self.instance) if one is not None), None)

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        given = [(name, one.at) for name in NAMES if (one := getattr(self, name)) is not None]
        if len(given) > 1:
            (first, first_at), (second, second_at) = given[:2]
            sentence = f"`{first}` and `{second}` are both given"
            raise refuse(Problem(sentence, expected="one of them", at=second_at, also=first_at))
        return self

    @model_validator(mode="after")
    def _has_so_many(self) -> Self:
        if self.instance is None or self.count.at is NOWHERE:
            return self
        from checker.memory.instances import Instance, find  # few manifests name one

        found = find(self.instance.value)
        if isinstance(found, Instance) and self.count.value > found.devices:
            sentence = f"`count` is {self.count.value}, and {found.name} has {found.devices} x {found.gpu}"
            expected = f"at most {found.devices}: `count` is of GPUs, and a plan runs on one machine"
            raise refuse(Problem(sentence, expected=expected, at=self.count.at, also=self.instance.at))
        return self


NAMES = ("gpu", "vram", "instance")
"""The keys that say what the hardware is."""


class Hardware(Devices):
    """Equal GPUs: which one (`gpu`), of which cloud instance, or how much memory each has (`vram`), and how many."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": [name]} for name in NAMES]})

    @model_validator(mode="after")
    def _said(self) -> Self:
        if self.named_at is None:
            raise refuse(Problem("the hardware is not said", expected="`gpu`, `vram` or `instance`", at=self.at))
        return self
