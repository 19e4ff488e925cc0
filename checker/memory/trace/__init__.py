"""The tracer: one training step of the library's own modelling code, without weights and without a GPU.

`trace` runs transformers and PEFT on tensors that have shapes and no content, made to behave as on a GPU, and follows
what lives. Nothing here is imported by a check: torch takes seconds to load.
"""

from collections.abc import Mapping

from checker.document.extra import install
from checker.memory.trace.asked import check
from checker.memory.trace.plan import NotInstalledError, RefusedError, Traced, TraceError, TracePlan

__all__ = ["NotInstalledError", "RefusedError", "TraceError", "TracePlan", "Traced", "check", "require", "trace"]

NEEDED = ("torch", "transformers", "peft")
"""The libraries of the extra `trace`."""


def require() -> None:
    """Raise `NotInstalledError` where the extra `trace` is not installed; imports none of it."""
    from importlib.util import find_spec

    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise NotInstalledError(
            f"a trace runs the model's own code and needs {', '.join(missing)}: "
            f"{install('trace')} (a CPU build of torch is enough)"
        )


def trace(config: Mapping[str, object], plan: TracePlan) -> Traced:
    """Trace one training step of the model that a config.json's content describes.

    Pure CPU, seconds; the memory of the GPU is counted, none is used. Raises `RefusedError` where configuration or plan
    cannot be traced (custom code, unknown model type, nonsense), `NotInstalledError` without the extra.
    """
    check(config, plan)
    require()
    from checker.memory.trace.step import traced

    return traced(config, plan)
