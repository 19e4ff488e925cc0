"""What a calibration says of a plan: the runs with that plan, and what of them may stand in for the estimate."""

from __future__ import annotations

from checker.facts.calibration import Calibration, Run
from checker.memory.bands import CONTEXT
from checker.memory.digest import of_plan
from checker.memory.fit import Fit, Fitting
from checker.memory.model import Model
from checker.memory.plan import Hardware, TrainingPlan
from checker.memory.units import gib
from checker.value import NamedTuple


class Matching(NamedTuple):
    """The runs of one plan."""

    runs: tuple[Run, ...]
    run: Run | None
    """The one on the very GPU that the plan names, the one with most memory if there are several; it may count."""

    @property
    def needed(self) -> int | None:
        """What a step needs of that GPU by measurement, bytes; None where no run was on it."""
        return None if self.run is None else needed(self.run)


def matching(calibration: Calibration, model: Model, plan: TrainingPlan, hardware: Hardware | None) -> Matching:
    """The runs of `plan`; one on another GPU is shown and says nothing of this one, nor does one on a processor."""
    runs = calibration.of_plan(of_plan(model, plan))
    on_it = [run for run in runs if run.device == "cuda" and hardware is not None and run.gpu == hardware.label]
    return Matching(runs, max(on_it, key=needed, default=None))


def needed(run: Run) -> int:
    """Tensors and the context beside the pool: what the driver showed of it, else half a GiB as in the estimates.

    What the pool holds beyond the tensors is given back before memory runs out; the headroom is for that.
    """
    return run.allocated_bytes + (run.context_bytes if run.context_bytes is not None else CONTEXT)


def held(amount: int, capacity: int, headroom: float) -> Fitting:
    """A measured amount held against a device; it has no error band."""
    limit = int(capacity * (1 - headroom))
    return Fitting(Fit.YES if amount <= limit else Fit.NO, amount, amount, amount, limit, capacity)


def said(run: Run, file: str) -> str:
    """A run as a report shows it, without a full stop."""
    where = f"on {run.gpu}" if run.device == "cuda" else "counted on a processor, which says nothing of a GPU"
    return (
        f"{file}: {run.steps} steps of this plan took {gib(run.allocated_bytes)} in tensors {where}"
        f" ({run.measured_on}; estimated {gib(run.estimated_bytes)}, {run.difference:+.1%})"
    )
