"""What a scan found, as lines of text: how much was read, what is used where, and what could not be named."""

from __future__ import annotations

from collections.abc import Iterator

from checker.document.errors import shown, visible
from checker.scan.use import Scan, Use
from checker.verdict import Report

_PLACES = 6
"""Places of one model that are listed."""
_UNNAMED = 40
"""Uses without a name, and files that could not be read, that are listed."""


def scan_lines(report: Report) -> Iterator[str]:
    """Every path that was read, with what it uses."""
    for scan in report.scans:
        yield from _scanned(scan)


def _scanned(scan: Scan) -> Iterator[str]:
    models: dict[str, list[Use]] = {}
    for use in scan.uses:
        models.setdefault(use.model, []).append(use)
    read = f"{scan.files_read} of {scan.files_seen} files read"
    used = (
        f"{len(models)} model{'' if len(models) == 1 else 's'} used" if models else "no model that can be named is used"
    )
    if not (models or scan.unresolved or scan.unread):
        used = "no model is used"
    yield f"scanned {visible(scan.root)}: {read}, {used}"
    for model, uses in models.items():
        places = ", ".join(f"{use.kind} at {use.at}" for use in uses[:_PLACES])
        more = f" and at {len(uses) - _PLACES} places more" if len(uses) > _PLACES else ""
        yield f"  {visible(model)}: {visible(places)}{more}"
        yield from (f"    {visible(note)}" for note in sorted({use.note for use in uses if use.note}))
    for pin in scan.pins:
        yield f"  {visible(pin.name)}: taken from the manifest at {visible(str(pin.at))}"
    unnamed = [f"names no model: {one.at}: `{shown(one.what)}`: {one.why}" for one in scan.unresolved]
    unnamed += [f"not read: {one.file}: {shown(one.why)}" for one in scan.unread]
    yield from (f"  {visible(line)}" for line in unnamed[:_UNNAMED])
    if len(unnamed) > _UNNAMED:
        yield f"  and {len(unnamed) - _UNNAMED} more of these; --json has them all"
    if scan.left_out:
        folders = ", ".join(scan.left_out[:_PLACES])
        more = f" and {len(scan.left_out) - _PLACES} more" if len(scan.left_out) > _PLACES else ""
        yield f"  left out: {visible(folders)}{more}"
