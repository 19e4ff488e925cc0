"""Names in a manifest that other rooms know: a licence that is misspelt or ambiguous, a GPU that does not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checker.document.errors import Problem
from checker.document.tree import Node, Scalar, scalars_at
from checker.licenses.registry import Ambiguous, Unrecognised, resolve
from checker.memory import gpus


def unknown_names(root: Node) -> Iterator[Problem]:
    """What is misspelt; a licence that is merely unknown to us stays what it is, since a project may know others.

    It takes the tree, so that a name is told together with whatever else is wrong with the file.
    """
    for keys, problem_of in _NAMES.items():
        for written in scalars_at(root, keys):
            if (problem := problem_of(written)) is not None:
                yield problem


def _license_problem(written: Scalar) -> Problem | None:
    named = resolve(written.text)
    if isinstance(named, Ambiguous):
        several = len(named.candidates) > 1
        why = "its members differ in their terms" if several else "it says no version"
        return Problem(
            sentence=f"`{written.text}` names no single licence: {why}",
            expected=("one of " if several else "") + ", ".join(named.candidates),
            at=written.at,
        )
    if isinstance(named, Unrecognised) and named.nearest is not None:
        return Problem(
            sentence=f"`{written.text}` is no licence that is known here",
            expected="an SPDX id, a Hub id or a licence's name; `LicenseRef-…` for one of your own",
            hint=f"did you mean `{named.nearest}`?",
            at=written.at,
        )
    return None


def _gpu_problem(gpu: Scalar) -> Problem | None:
    named = gpus.find(gpu.text)
    if isinstance(named, gpus.Gpu):
        return None
    if isinstance(named, gpus.Ambiguous):
        return Problem(
            sentence=f"`{gpu.text}` is sold with different amounts of memory",
            expected=f"one of {', '.join(named.candidates)}",
            at=gpu.at,
        )
    from checker.memory import instances  # most manifests name a GPU that there is

    rented = instances.find(gpu.text)
    hint = f"did you mean `{named.nearest}`?" if named.nearest else ""
    if isinstance(rented, instances.Instance):
        hint = f"it is a cloud instance: `instance: {rented.name}`"
    return Problem(
        sentence=f"`{gpu.text}` is no GPU that is known here",
        expected="a GPU's name, or `vram:` with its memory",
        hint=hint,
        at=gpu.at,
    )


def _instance_problem(written: Scalar) -> Problem | None:
    from checker.memory import instances

    found = instances.find(written.text)
    if isinstance(found, instances.Instance):
        return None
    return Problem(
        sentence=found.sentence,
        expected="one of `weighbridge hardware --list-instances`, or `gpu:` or `vram:` with `count:`",
        hint=f"did you mean `{found.nearest}`?" if found.nearest else "",
        at=written.at,
    )


_NAMES: dict[tuple[str, ...], Callable[[Scalar], Problem | None]] = {
    ("models", "license"): _license_problem,
    ("models", "fine_tuning", "produces", "license"): _license_problem,
    ("hardware", "gpu"): _gpu_problem,
    ("models", "fine_tuning", "hardware", "gpu"): _gpu_problem,
    ("models", "deployment", "hardware", "gpu"): _gpu_problem,
    ("hardware", "instance"): _instance_problem,
    ("models", "fine_tuning", "hardware", "instance"): _instance_problem,
    ("models", "deployment", "hardware", "instance"): _instance_problem,
}
"""Where a manifest writes names that other rooms know; a list on the way is entered."""
