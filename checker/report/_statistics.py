"""How often each rule had each verdict, as a table for a terminal."""

from __future__ import annotations

from collections import Counter

from checker.verdict import Report, Verdict


def statistics(report: Report) -> str:
    """One line a rule, those that stop the gate most often first, and the sum."""
    counts = Counter((evaluation.rule, evaluation.verdict) for evaluation in report.evaluations)
    blocks = Counter(evaluation.rule for evaluation in report.evaluations if evaluation.blocks)
    rules = sorted({rule for rule, _ in counts}, key=lambda rule: (-blocks[rule], rule))
    rows = [["rule", *map(str, Verdict), "blocks"]]
    rows += [[rule, *(str(counts[rule, verdict]) for verdict in Verdict), str(blocks[rule])] for rule in rules]
    rows.append(["all", *(str(count) for count in report.tally.values()), str(blocks.total())])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "".join(f"{_row(row, widths)}\n" for row in rows)


def _row(cells: list[str], widths: list[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    return "  ".join((first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)))
