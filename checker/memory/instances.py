"""Cloud instances by their names, and the GPUs that they have: `instances.json`, one a line with its source."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from checker.document.nearest import nearest
from checker.value import NamedTuple

LONGEST = 160
"""Characters of a name that are read."""
GPUS_APART = ("n1",)
"""Families of Google's whose machines have the GPUs that somebody attaches: their names do not say which."""


class Instance(NamedTuple):
    """One kind of machine that a cloud rents out."""

    name: str
    cloud: str
    gpu: str
    """The name of its GPU in the list of GPUs."""
    devices: int
    """GPUs that software sees in it."""
    source: str
    """The cloud's own page about it."""
    read: str
    """What was read: that page, or a public copy or list where the page itself was not at hand."""
    checked: str
    """The day on which it was read."""
    part: str = ""
    """Which part of a GPU it has, where it has no whole one."""
    part_gib: int = 0
    """The memory of that part in GiB, as the cloud states it; 0 for whole GPUs."""


class NoInstance(NamedTuple):
    """No instance of the list has that name."""

    spelling: str
    nearest: str | None
    reason: str = ""
    """Why it cannot be one, where that is known."""

    @property
    def sentence(self) -> str:
        """What is wrong, as one sentence without a full stop."""
        from checker.document.errors import shown, visible  # only a mistake needs them

        return f"`{visible(shown(self.spelling))}` {self.reason or 'is no cloud instance of the list'}"


def find(spelling: str) -> Instance | NoInstance:
    """The instance that somebody names: `g5.xlarge`, `ml.g5.xlarge`, `NC24ads_A100_v4`, `a2-highgpu-1g`."""
    wanted = _key(spelling)
    known = _by_key()
    if len(spelling) <= LONGEST and wanted in known:
        return known[wanted]
    if wanted.partition("-")[0] in GPUS_APART and wanted.partition("-")[2]:
        return NoInstance(spelling, None, "has the GPUs that are attached to it, which its name does not tell")
    near = nearest(wanted[:LONGEST], known)
    return NoInstance(spelling, known[near].name if near else None)


@cache
def instances() -> tuple[Instance, ...]:
    """All instances of the list, by cloud and family."""
    return tuple(Instance(**record) for record in json.loads(Path(__file__).with_name("instances.json").read_bytes()))


@cache
def _by_key() -> dict[str, Instance]:
    return {_key(one.name): one for one in instances()}


def _key(spelling: str) -> str:
    """Case, blanks and the prefixes of services do not matter: SageMaker's `ml.`, Azure's `Standard_`."""
    folded = "_".join(spelling[:LONGEST].casefold().split())
    return folded.removeprefix("ml.").removeprefix("standard_")
