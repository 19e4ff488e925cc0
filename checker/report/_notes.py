"""What lies beside manifests and did not count, once for each sentence: formats without a head of their own say it."""

from __future__ import annotations

from checker.surroundings import Surroundings
from checker.value import NamedTuple
from checker.verdict import Report


class Note(NamedTuple):
    """One thing that a reader may take for part of the judgement and that is none."""

    said: str
    file: str
    """The first manifest beside which it lies."""
    others: int
    """Beside how many further manifests the same is to be said."""

    def sentence(self, surroundings: Surroundings) -> str:
        """What is said, and of which manifests."""
        name = surroundings.paths.get(self.file, self.file)
        further = f" and {self.others} more" if self.others else ""
        return f"{self.said} ({name}{further})"


def notes(report: Report) -> tuple[Note, ...]:
    """The notes of all manifests, in their order; the same sentence stands once, however many it is about."""
    files: dict[str, dict[str, None]] = {}
    for manifest in report.manifests:
        for said in manifest.notes:
            files.setdefault(said, {})[manifest.file] = None
    return tuple(Note(said, next(iter(named)), len(named) - 1) for said, named in files.items())
