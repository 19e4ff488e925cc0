"""Write a licence by its one id, where the spelling names exactly one text."""

from __future__ import annotations

from collections.abc import Iterator

from checker.document.errors import InputError
from checker.licenses.registry import canonical_id
from checker.manifest.edit import Edit, Path, edited
from checker.remedies.draft import Draft, Fix


def fixes(draft: Draft) -> Iterator[Fix]:
    """One fix for each licence of an entry, or of what it produces, that is spelled otherwise."""
    for position, entry in enumerate(draft.manifest.models):
        written: list[tuple[Path, str]] = []
        if entry.license is not None:
            written.append((("models", position, "license"), entry.license.value))
        produces = entry.fine_tuning.produces if entry.fine_tuning else None
        if produces is not None and produces.license is not None:
            written.append((("models", position, "fine_tuning", "produces", "license"), produces.license.value))
        for path, spelling in written:
            name = canonical_id(spelling)
            if name is not None and name != spelling:
                try:
                    text, _ = edited(draft.source, (Edit(path, name),))
                except InputError:
                    continue
                yield Fix(text, f"license `{spelling}` is written {name}")
