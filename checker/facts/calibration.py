"""What `weighbridge calibrate` measured: runs of plans on devices, in a file that is the project's word."""

from __future__ import annotations

from checker.value import NamedTuple

NAME = "model.calibration.json"
"""The file beside a manifest."""


class Run(NamedTuple):
    """A few real steps of one plan with random weights; all amounts in bytes."""

    plan_sha256: str
    """Of the plan and the sizes of its model (`checker.memory.digest`)."""
    model: str
    plan: str
    """The plan in words, for people."""
    device: str
    """`cuda` or `cpu`; on a processor tensors are counted, and nothing of a GPU is."""
    gpu: str
    """The GPU's name in the list, else as the driver writes it; on a processor empty."""
    gpu_bytes: int
    allocated_bytes: int
    """The most that lived in tensors at once, in the last step."""
    reserved_bytes: int | None
    device_bytes: int | None
    """What the driver showed of the process."""
    estimated_bytes: int
    """What the estimate said of the tensors."""
    steps: int
    measured_on: str
    versions: tuple[tuple[str, str], ...]

    @property
    def context_bytes(self) -> int | None:
        """What the driver showed beside the allocator's pool; None where that was not measured."""
        if self.device_bytes is None or self.reserved_bytes is None:
            return None
        return max(0, self.device_bytes - self.reserved_bytes)

    @property
    def difference(self) -> float:
        """How far the estimate of the tensors lies from what was measured, as a share of that."""
        return self.estimated_bytes / self.allocated_bytes - 1

    @property
    def identity(self) -> tuple[str, str, str]:
        """A later run of the same plan on the same device takes its place."""
        return self.plan_sha256, self.device, self.gpu


class Calibration(NamedTuple):
    """A file of runs."""

    file: str
    """Its name, as reports show it."""
    runs: tuple[Run, ...]

    def of_plan(self, plan_sha256: str) -> tuple[Run, ...]:
        """The runs of one plan, those on GPUs first."""
        return tuple(
            sorted((run for run in self.runs if run.plan_sha256 == plan_sha256), key=lambda one: one.device == "cpu")
        )
