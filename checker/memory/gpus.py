"""GPUs by any of their usual spellings, and the memory that a program finds on them.

The list is `gpus.json`, one product a line. A name that stands for several products (an A100 has 40 or 80 GB) is never
resolved to one of them.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from checker.document.nearest import nearest
from checker.memory.gpu_names import LONGEST, Key, key
from checker.value import NamedTuple

Kind = Literal["data-centre", "workstation", "consumer", "laptop", "unified", "embedded"]
"""What a product is built for; `unified` and `embedded` ones share their memory with the system."""


class Gpu(NamedTuple):
    """One product."""

    name: str
    vendor: str
    kind: Kind
    marketed_gb: int
    """What the box says, of the whole board."""
    usable_bytes: int
    """What the driver, PyTorch or Metal reports for one device, where a public source says; else the marketed number
    read as GiB."""
    source: str
    devices: int = 1
    """GPUs that software sees in one board; `count` counts those."""
    note: str = ""
    """What else to know: error correction, unified memory, several dies."""
    also: tuple[str, ...] = ()
    """Other names of it that its own name does not give: another amount on the box, a cloud's instance type."""
    common: bool = False
    """Whether it is sold or rented widely, so that it is worth naming as an alternative."""


class Unrecognised(NamedTuple):
    """No product of the list has that name."""

    spelling: str
    nearest: str | None
    """The name in the list that is closest to it."""

    @property
    def example(self) -> str | None:
        """A name that would be found."""
        return self.nearest

    @property
    def sentence(self) -> str:
        """What is wrong, as one sentence without a full stop."""
        hint = f"; did you mean `{self.nearest}`?" if self.nearest else ""
        return f"`{quoted(self.spelling)}` is no GPU of the list{hint}"


class Ambiguous(NamedTuple):
    """Several products have that name."""

    spelling: str
    candidates: tuple[str, ...]

    @property
    def example(self) -> str | None:
        """A name that would be found."""
        return self.candidates[0]

    @property
    def sentence(self) -> str:
        """What is wrong, as one sentence without a full stop."""
        names = ", ".join(f"`{name}`" for name in self.candidates)
        return f"`{quoted(self.spelling)}` names several GPUs: {names}"


@lru_cache(maxsize=512)  # a thousand manifests name few GPUs
def find(spelling: str) -> Gpu | Unrecognised | Ambiguous:
    """The GPU that somebody means: `4090`, `RTX4090`, `NVIDIA GeForce RTX 4090`, `H100 80GB SXM`, `a100-80gb`."""
    wanted = key(spelling)
    fitting = _fitting(wanted) if wanted.core and len(spelling) <= LONGEST else []
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        return Ambiguous(spelling, tuple(gpu.name for gpu in fitting))
    return Unrecognised(spelling, _nearest(wanted, spelling))


@cache
def gpus() -> tuple[Gpu, ...]:
    """All GPUs of the list, as they stand in it: by vendor, kind and generation."""
    records = json.loads(Path(__file__).with_name("gpus.json").read_bytes())
    for record in records:
        if "also" in record:
            record["also"] = tuple(record["also"])
    return tuple(Gpu(**record) for record in records)


def _fitting(wanted: Key) -> list[Gpu]:
    """Products that may be meant; those whose family is said exactly, where there are any."""
    exact, looser = [], []
    for gpu in gpus():
        # Reading every name would take longer than all the rest of a look-up: most are passed over.
        if wanted.core not in _run_together(gpu):
            continue
        families = [its.family for its in map(key, (gpu.name, *gpu.also)) if _fits(wanted, its, gpu)]
        if wanted.family in families:
            exact.append(gpu)
        elif families:
            looser.append(gpu)
    return exact or looser


def _fits(wanted: Key, its: Key, gpu: Gpu) -> bool:
    return (
        (wanted.core, wanted.laptop) == (its.core, its.laptop)
        and wanted.family <= its.family
        and wanted.size in (None, its.size or gpu.marketed_gb)
        and wanted.vendors <= {gpu.vendor}
    )


def _run_together(gpu: Gpu) -> str:
    """A product's names without the characters that names of the list hold beside letters and digits."""
    names = f"{gpu.name}|{'|'.join(gpu.also)}" if gpu.also else gpu.name
    return names.lower().replace(" ", "").replace("+", "")


def _nearest(wanted: Key, spelling: str) -> str | None:
    """A product whose number begins alike (best with the memory that is said), with its characters in
    another order, else the closest name.
    """
    if not wanted.core:
        return None
    keys = [(key(gpu.name), gpu) for gpu in gpus()]
    alike = [(its, gpu) for its, gpu in keys if its.core.startswith(wanted.core)]
    if alike:
        return min(alike, key=lambda pair: _distance(wanted, *pair))[1].name
    cores = {its.core: gpu.name for its, gpu in reversed(keys)}
    swapped = next((core for core in cores if sorted(core) == sorted(wanted.core)), None)
    found = swapped or nearest(wanted.core[:LONGEST], cores)
    return cores[found] if found else nearest(spelling[:LONGEST], [gpu.name for gpu in gpus()])


def _distance(wanted: Key, its: Key, gpu: Gpu) -> tuple[bool, bool, bool]:
    return wanted.size not in (None, gpu.marketed_gb), wanted.core != its.core, wanted.laptop != its.laptop


def quoted(spelling: str) -> str:
    """A spelling as a message shows it: cut where it is long, without characters that act on a terminal."""
    from checker.document.errors import shown, visible  # only a mistake needs them

    return visible(shown(spelling))
