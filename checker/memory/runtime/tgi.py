"""TGI: taken to need what vLLM needs, with the whole context cached in every layer."""

from checker.memory.runtime import vllm
from checker.memory.runtime.case import Case, Phase


def phases(case: Case) -> tuple[Phase, ...]:
    """Serving with a full cache."""
    return vllm.phases(_without_windows(case))


def _without_windows(case: Case) -> Case:
    return case._replace(cache=case.cache._replace(window=0))


def notes(case: Case) -> tuple[str, ...]:
    """What is assumed of TGI."""
    said = ["TGI is taken to need what vLLM needs"]
    if case.cache.window:
        said.append("TGI is taken to cache the whole context in layers with a sliding window too")
    return (*said, *vllm.parallel_note(case))
