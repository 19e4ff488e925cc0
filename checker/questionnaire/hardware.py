"""The audit of hardware: what the drivers show of this machine, and what people write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from checker.document.errors import InputError
from checker.hardware import Machine, declared
from checker.memory import gpus, instances
from checker.memory.units import gib

NONE = "none"
DETECTED = "detected"
EXPECTED = (
    "a GPU's name such as RTX 4090, `2 x L40S`, a cloud's instance, an amount of memory such as `8 GiB`, "
    f"`{DETECTED}` for what this machine has, or `{NONE}`"
)
_TIMES = re.compile(r"(?i)(\d{1,5})\s*(?:x|\*)\s*(.+)|(.+?)\s+(?:x|\*)\s*(\d{1,5})", re.A)
_AMOUNT = re.compile(r"(?i)(\d+(?:\.\d+)?)\s*([mgt]i?b)", re.A)
_UNITS = {unit.casefold(): unit for unit in ("MB", "GB", "TB", "MiB", "GiB", "TiB")}
"""As a manifest writes them, whatever case somebody types."""


def reader(machine: Callable[[], Machine | None]) -> Callable[[str], dict[str, str]]:
    """How an answer is read into `gpu`, `vram` or `instance`, and `count`.

    Args:
        machine: what this machine has; asked only where an answer depends on it.
    """

    def read(said: str) -> dict[str, str]:
        if said.casefold() == NONE:
            return {"gpu": ""}
        if said.casefold() == DETECTED:
            found = offered(machine())
            if not found:
                raise _refused("no GPU was detected here")
            return found
        match = _TIMES.fullmatch(said)
        count, name = (match[1] or match[4], match[2] or match[3]) if match else ("", said)
        if match and not int(count):
            raise _refused(f"`{said}` counts no device")
        if _TIMES.fullmatch(name):
            raise _refused(f"`{said}` counts twice")
        amount = _AMOUNT.fullmatch(name)
        keys = {"vram": f"{amount[1]} {_UNITS[amount[2].casefold()]}"} if amount else {_key(name): name}
        return keys | ({"count": str(int(count))} if count else {})

    return read


def offered(machine: Machine | None) -> dict[str, str]:
    """The keys for the GPUs of this machine; empty where none was seen, or nobody could ask."""
    kinds = declared(machine) if machine is not None else ()
    return dict(kinds[0].keys) if kinds else {}


def said_of(machine: Machine | None) -> Iterator[str]:
    """What the drivers show, a line each, and what could not be asked."""
    if machine is None:
        yield "this machine was not asked"
        return
    kinds = declared(machine)
    for kind in kinds:
        yield f"this machine has {kind.sentence}: {kind.yaml}"
    if not kinds:
        memory = machine.system.memory_bytes
        yield f"this machine shows no GPU{f'; it has {gib(memory)} of memory' if memory else ''}"
    if len(kinds) > 1:
        yield "a plan runs on equal GPUs: the first kind is taken"
    for trouble in machine.troubles if not kinds else machine.uncertain:
        yield f"{trouble.sentence}{f'; {trouble.remedy}' if trouble.remedy else ''}"


def _key(name: str) -> str:
    """The key that a name belongs to: exactly one GPU of the list has it, or one instance of a cloud."""
    if isinstance(instances.find(name), instances.Instance):
        return "instance"  # the list of GPUs knows some families as well, but not how many an instance has
    found = gpus.find(name)
    if isinstance(found, gpus.Gpu):
        return "gpu"
    if isinstance(found, gpus.Unrecognised):
        hint = f"did you mean `{found.nearest}`?" if found.nearest else ""
        raise _refused(f"`{name}` is no GPU of the list", hint)
    raise _refused(found.sentence)


def _refused(sentence: str, hint: str = "") -> InputError:
    return InputError.one(sentence, expected=EXPECTED, hint=hint, file="--gpu")
