"""How an audit ends: the code for all projects together, and the tally in a line."""

from __future__ import annotations

from checker.exit_code import ExitCode
from checker.fleet.inventory import Inventory

CODE_WORDS = {
    "0": "passed",
    "1": "blocked",
    "2": "not usable",
    "3": "not evaluated",
    "70": "ended by a bug",
    "141": "cut off by their reader",
}
"""What the code of a project, or of a run in a journal, says of it, behind any number."""


def closing(inventory: Inventory) -> str:
    """The tally in a line."""
    totals = inventory.totals
    codes = ", ".join(f"{count} {CODE_WORDS.get(code, code)}" for code, count in totals.codes.items())
    unjudged = inventory.period.not_judged if inventory.period is not None else 0
    sampled = f"; {many(unjudged, 'sampled run')} not judged again" if unjudged else ""
    kept = f"; {totals.kept} kept from an earlier run" if totals.kept else ""
    return (
        f"{many(totals.projects, 'project')}: {codes}; {many(totals.manifests, 'manifest')},"
        f" {many(totals.models, 'entry', 'entries')} of {many(totals.distinct_models, 'model')}{sampled}{kept}"
    )


def exit_code(inventory: Inventory) -> ExitCode:
    """The gate's code for all projects together: a bug, bad input, a finding, then what is unknown."""
    codes = dict(inventory.totals.codes)
    if inventory.period is not None and inventory.period.broken:  # what was changed is no evidence
        codes[str(int(ExitCode.BAD_INPUT))] = 1
    if inventory.period is not None and inventory.period.not_judged:  # what was asked of the sample is not known
        codes[str(int(ExitCode.UNKNOWN))] = 1
    for code in (ExitCode.BUG, ExitCode.BAD_INPUT, ExitCode.BLOCKED, ExitCode.UNKNOWN):
        if codes.get(str(int(code))):
            return code
    return ExitCode.OK


def many(count: int, one: str, several: str = "") -> str:
    """A number with its noun: `1 project`, `2 projects`."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"
