"""The file of a calibration: read within its format, and written with one run more."""

from __future__ import annotations

from json import dumps
from pathlib import Path
from typing import Any, Literal

from typing_extensions import TypedDict

from checker.document.characters import HALF
from checker.document.errors import InputError, shown
from checker.document.json_bounded import decoded
from checker.document.read import read
from checker.facts.calibration import Calibration, Run

FORMAT = 1


class JsonRun(TypedDict):
    """One run as it stands in the file; amounts in bytes, null where they were not measured."""

    plan_sha256: str
    """SHA-256, in hex, of the plan and the sizes of its model."""
    model: str
    """The model's id."""
    plan: str
    """The plan in words, for people."""
    device: Literal["cuda", "cpu"]
    """`cuda`, or `cpu`, on which tensors are counted and nothing of a GPU is."""
    gpu: str
    """The GPU's name in the list, else as the driver writes it; empty on a processor."""
    gpu_bytes: int
    """The memory of the GPU; 0 on a processor."""
    allocated_bytes: int
    """The most that lived in tensors at once, in the last step."""
    reserved_bytes: int | None
    """The most that the allocator's pool held."""
    device_bytes: int | None
    """What the driver showed of the process."""
    estimated_bytes: int
    """What the estimate said of the tensors."""
    steps: int
    """How many steps ran."""
    measured_on: str
    """The day of the run, YYYY-MM-DD."""
    versions: dict[str, str]
    """The version of each library that ran, by its name."""


class JsonCalibration(TypedDict):
    """The file."""

    format: Literal[1]
    """The version of this format."""
    runs: list[JsonRun]
    """The runs, one for each plan and device."""


def load(path: Path) -> Calibration:
    """The calibration in a file.

    Raises:
        InputError: it cannot be used.
    """
    content = decoded(read(path))
    try:
        _refuse_other_format(path, content["format"])
        if not isinstance(content["runs"], list):
            raise TypeError("runs are no list")
        return Calibration(path.name, tuple(_run(record) for record in content["runs"]))
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        told = f"{type(error).__name__}: {str(error)[:80]}"
        raise _unusable(
            path, f"this is no calibration ({told})", "a file that `weighbridge calibrate` wrote"
        ) from error


def _refuse_other_format(path: Path, written: object) -> None:
    if type(written) is not int or written != FORMAT:  # `true` is 1 to Python
        raise _unusable(path, f"format {shown(dumps(written))}", f"format {FORMAT}; a newer weighbridge may be needed")


def _unusable(path: Path, sentence: str, expected: str) -> InputError:
    return InputError.one(sentence, expected=expected, file=path.as_posix())


def _run(record: dict[str, Any]) -> Run:
    if set(record) != set(Run._fields):
        raise ValueError(f"keys {', '.join(sorted(set(record) ^ set(Run._fields)))}")
    for name in ("plan_sha256", "model", "plan", "device", "gpu", "measured_on"):
        _refuse_no_text(record[name], name)
    for name in ("gpu_bytes", "allocated_bytes", "estimated_bytes", "steps", "reserved_bytes", "device_bytes"):
        value = record[name]
        may_lack = name in ("reserved_bytes", "device_bytes") and value is None
        least = 0 if name == "gpu_bytes" else 1
        if not may_lack and (isinstance(value, bool) or not isinstance(value, int) or not least <= value < 1 << 60):
            raise ValueError(f"{name} is no amount")
    if record["device"] not in ("cuda", "cpu"):
        raise ValueError("device is neither cuda nor cpu")
    for name, version in record["versions"].items():
        _refuse_no_text(name, "a library's name")
        _refuse_no_text(version, "a library's version")
    return Run(**{**record, "versions": tuple(sorted(record["versions"].items()))})


def _refuse_no_text(value: object, name: str) -> None:
    if not isinstance(value, str) or HALF.search(value):
        raise TypeError(f"{name} is no text")


def with_run(calibration: Calibration | None, run: Run) -> str:
    """The text of the file with one run more, in the place of an earlier one of the same plan and device."""
    kept = [one for one in calibration.runs if one.identity != run.identity] if calibration else []
    runs = sorted((*kept, run), key=lambda one: (one.model, one.identity))
    records = [{**one._asdict(), "versions": dict(one.versions)} for one in runs]
    return dumps({"format": FORMAT, "runs": records}, indent=2) + "\n"
