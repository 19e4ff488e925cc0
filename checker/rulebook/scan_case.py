"""What the rules that compare a scan with a manifest are given: one model, and the places that use it."""

from __future__ import annotations

from collections.abc import Iterator

from checker.document.place import Place
from checker.manifest.model import ModelEntry
from checker.value import NamedTuple


class Setting(NamedTuple):
    """One thing that the line of a use says, under the manifest's key for it."""

    key: str
    value: str
    at: Place


class Sighting(NamedTuple):
    """One place that uses a model."""

    how: str
    """How it is used, in a word: loaded, served, trained."""
    model: str
    """As it is written there."""
    revision: str | None
    at: Place
    settings: tuple[Setting, ...]
    from_manifest: bool = False
    """Whether the place reads the manifest instead of naming the model, so that it cannot differ."""


class Unnamed(NamedTuple):
    """A use whose model reading cannot name, or a file or a part of one that could not be read."""

    what: str
    why: str
    at: Place
    is_unread: bool = False
    """Whether nobody has read what stands there, so that it may use any model in any number of places."""


class ScanCase(NamedTuple):
    """One model of a scan, as the rules see it."""

    model: str
    declared: bool
    """Whether the entry stands in a manifest; else it was made from what was found."""
    manifest: str
    """The manifest that declares it, or that would."""
    sightings: tuple[Sighting, ...]
    unnamed: tuple[Unnamed, ...]
    """What of the scan names no model: any of it may be this one."""
    whole: bool
    """Whether a whole folder was read, so that what was not found is not there."""


class Difference(NamedTuple):
    """One thing that a use says otherwise than the manifest."""

    key: str
    declared: str
    found: str
    at: Place


_COMPARED = {
    "deployment.context_window": ("deployment", "context_window"),
    "deployment.quantization": ("deployment", "quantization"),
    "deployment.runtime": ("deployment", "runtime"),
    "fine_tuning.method": ("fine_tuning", "method"),
    "fine_tuning.rank": ("fine_tuning", "rank"),
    "fine_tuning.sequence_length": ("fine_tuning", "sequence_length"),
    "fine_tuning.micro_batch_size": ("fine_tuning", "micro_batch_size"),
}
"""What is compared where both sides say it: keys of an entry by their path."""
_SHORT_COMMIT = 7
"""Hex digits that git takes at least for an abbreviated commit."""


def differences(entry: ModelEntry, sighting: Sighting, pinned: str | None) -> Iterator[Difference]:
    """What a use says otherwise than the entry that declares its model.

    Args:
        entry: the entry.
        sighting: the use.
        pinned: the revision that manifest or lock pin; None where neither does.
    """
    used = sighting.revision
    if used is not None and pinned is not None and not _is_same_commit(used, pinned):
        yield Difference("revision", pinned, used, sighting.at)
    for setting in sighting.settings:
        path = _COMPARED.get(setting.key)
        stated = _stated(entry, path) if path else None
        if stated is not None and stated != setting.value:
            yield Difference(setting.key, stated, setting.value, setting.at)


def _is_same_commit(used: str, pinned: str) -> bool:
    return used == pinned or (len(used) >= _SHORT_COMMIT and pinned.startswith(used.lower()))


def _stated(entry: ModelEntry, path: tuple[str, str]) -> str | None:
    block = getattr(entry, path[0])
    value = getattr(block, path[1], None) if block is not None else None
    return None if value is None else str(value.value)


def pinned_of(entry: ModelEntry, sighting: Sighting) -> str | None:
    """The revision that the manifest pins for the repository that a use names."""
    weights = entry.deployment.weights if entry.deployment else None
    if weights is not None and weights.model.value.casefold() == sighting.model.casefold():
        return weights.revision.value if weights.revision else None
    return entry.revision.value if entry.revision else None
