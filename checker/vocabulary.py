"""Names in a manifest that other rooms know: a licence that is misspelt or ambiguous, a GPU that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from checker.document.errors import Problem
from checker.document.place import At
from checker.licenses.registry import Ambiguous, Unrecognised, resolve
from checker.manifest.model import Hardware, Manifest
from checker.memory import gpus


def unknown_names(manifest: Manifest) -> tuple[Problem, ...]:
    """What is misspelt; a licence that is merely unknown to us stays what it is, since a project may know others."""
    found = [_license_problem(at) for at in _licenses(manifest)]
    found += [_gpu_problem(at) for at in _gpus(manifest)]
    return tuple(problem for problem in found if problem is not None)


def _licenses(manifest: Manifest) -> Iterator[At[str]]:
    for entry in manifest.models:
        produced = entry.fine_tuning.produces if entry.fine_tuning else None
        stated = (entry.license, produced.license if produced else None)
        yield from (named for named in stated if named is not None)


def _license_problem(written: At[str]) -> Problem | None:
    named = resolve(written.value)
    if isinstance(named, Ambiguous):
        return Problem(
            sentence=f"`{written.value}` names no single licence: its members differ in their terms",
            expected=f"one of {', '.join(named.candidates)}",
            at=written.at,
        )
    if isinstance(named, Unrecognised) and named.nearest is not None:
        return Problem(
            sentence=f"`{written.value}` is no licence that is known here",
            expected="an SPDX id, a Hub id or a licence's name; `LicenseRef-…` for one of your own",
            hint=f"did you mean `{named.nearest}`?",
            at=written.at,
        )
    return None


def _gpus(manifest: Manifest) -> Iterator[At[str]]:
    blocks: list[Hardware | None] = [manifest.hardware]
    for entry in manifest.models:
        blocks.append(entry.fine_tuning.hardware if entry.fine_tuning else None)
        blocks.append(entry.deployment.hardware if entry.deployment else None)
    yield from (block.gpu for block in blocks if block is not None and block.gpu is not None)


def _gpu_problem(gpu: At[str]) -> Problem | None:
    named = gpus.find(gpu.value)
    if isinstance(named, gpus.Gpu):
        return None
    if isinstance(named, gpus.Ambiguous):
        return Problem(
            sentence=f"`{gpu.value}` is sold with different amounts of memory",
            expected=f"one of {', '.join(named.candidates)}",
            at=gpu.at,
        )
    return Problem(
        sentence=f"`{gpu.value}` is no GPU that is known here",
        expected="a GPU's name, or `vram:` with its memory",
        hint=f"did you mean `{named.nearest}`?" if named.nearest else "",
        at=gpu.at,
    )
