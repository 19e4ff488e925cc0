"""What the journals prove of a period, as sections."""

from __future__ import annotations

from collections.abc import Iterator

from checker.fleet.page.cells import Section, code_cell, section
from checker.fleet.period import Period


def period_sections(period: Period) -> Iterator[Section]:
    """The population, what is missing of it, and the sample."""
    yield section(
        f"Runs from {period.first} to {period.last}",
        ("Repository", "Runs"),
        period.repositories.items(),
        said=f"{period.runs:,} runs; {period.relaxed:,} of them relaxed, {period.dirty:,} over files that differed from"
        " their commit.",
    )
    yield section("Journals that do not hold together", ("Place", "Why"), ((one.at, one.why) for one in period.broken))
    yield section("Never seen", ("Repository",), ((one,) for one in period.never_seen))
    yield section("Expected, and not seen in the period", ("Repository",), ((one,) for one in period.not_in_period))
    yield section("Seen, and not expected", ("Repository",), ((one,) for one in period.unexpected))
    yield section(
        "Commits without a run",
        ("Day", "Repository", "Commit"),
        ((one.day.isoformat(), one.repository, one.commit) for one in period.missing),
    )
    yield section(
        "Not compared, so that missing runs are not known", ("Repository",), ((one,) for one in period.not_compared)
    )
    yield section(
        f"Sample of {len(period.sample)} runs, seed {period.seed}",
        ("Time", "Repository", "Commit", "Code", "Line", "SHA-256 of the line", "Manifests", "Not judged again"),
        (
            (
                *(f"{one.run.time:%Y-%m-%dT%H:%M:%SZ}", one.run.repository, one.run.commit, code_cell(one.run.code)),
                *(one.at, one.line_sha256),
                "; ".join(
                    f"{file.file}: recorded {file.recorded_code}, judged again {file.judged_again},"
                    f" content in the commit: {file.in_commit}"
                    for file in one.files
                ),
                one.not_judged,
            )
            for one in period.sample
        ),
        most=len(period.sample),
    )
