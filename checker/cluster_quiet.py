"""Keeps Dask's profiler away from its workers while they judge.

The profiler asks for the frames of running functions every few milliseconds, and whoever holds a frame keeps what its
variables hold. The memory of a training step is counted by when tensors are let go, so that an estimate would now and
then come out too high.
"""

from __future__ import annotations

from distributed import WorkerPlugin
from distributed.worker import Worker

NAME = "weighbridge-quiet"
_CALLBACKS = ("profile", "profile-cycle")


class Quiet(WorkerPlugin):  # type: ignore[misc]  # its library carries no types
    """Stops the profiler of each worker, of those too that join later."""

    name = NAME
    idempotent = True

    def setup(self, worker: Worker) -> None:
        """Stop it; a worker that was started without one has none."""
        for name in _CALLBACKS:
            callback = worker.periodic_callbacks.get(name)
            if callback is not None:
                callback.stop()
