"""The GPUs that a plan runs on, named or by their memory."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from checker.document.bind import Block, refuse
from checker.document.errors import Problem
from checker.document.place import NOWHERE, At
from checker.document.scalars import Count, Memory, Text


class Devices(Block):
    """Equal GPUs, of which one may know no more than how many they are."""

    gpu: At[Annotated[str, Text]] | None = Field(default=None, examples=["L40S", "RTX 4090"])
    """The GPU's name in any usual spelling; `weighbridge fit --list-gpus` lists those that are known."""
    vram: At[Annotated[int, Memory]] | None = None
    """Memory of one GPU, for one that is not known by name; `24 GB` stands for that of a card sold with 24 GB."""
    count: At[Annotated[int, Count]] = Field(default=At(1, NOWHERE), examples=[1])
    """How many of them."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.gpu is not None and self.vram is not None:
            sentence = "`gpu` and `vram` are both given"
            raise refuse(Problem(sentence, expected="one of them", at=self.vram.at, also=self.gpu.at))
        return self


class Hardware(Devices):
    """Equal GPUs: which one (`gpu`) or how much memory each has (`vram`), and how many."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["gpu"]}, {"required": ["vram"]}]})

    @model_validator(mode="after")
    def _said(self) -> Self:
        if self.gpu is None and self.vram is None:
            raise refuse(Problem("the hardware is not said", expected="`gpu` or `vram`", at=self.at))
        return self
