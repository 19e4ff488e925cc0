"""Say what fine-tuning gained and lost, and what is within noise.

Exit code 0 where nothing was lost beyond noise, 1 where something was, 2 where a file cannot be used or contradicts
itself, 3 where something could not be compared or its noise is unknown, and nothing was lost.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import date
from pathlib import Path

from checker.baseline.comparison import LEVEL, QUANTILE, Change, Compared, Comparison, compare
from checker.baseline.doubts import doubts
from checker.baseline.read import read_results
from checker.baseline.results import Baseline
from checker.commands._values import path
from checker.commands.of_baseline._rendered import add_output, line, number, table
from checker.console import Console
from checker.document.as_json import dumps
from checker.document.errors import InputError
from checker.exit_code import ExitCode

_METHOD = (
    "noise: two-sided at 5 %, difference / sqrt(stderr_before² + stderr_after²) against the normal distribution "
    "(arXiv:2411.00640); the runs are taken as independent, pairs are not assumed"
)


def configure(parser: ArgumentParser) -> None:
    """Add the options of `baseline compare`."""
    parser.add_argument("before", type=path, metavar="BEFORE", help="results of the model before fine-tuning")
    parser.add_argument("after", type=path, metavar="AFTER", help="results of the model that came out")
    add_output(parser)


def run(args: Namespace, console: Console) -> int:
    """Print the comparison."""
    found = compare(_read(args.before, console.today), _read(args.after, console.today))
    if args.output == "json":
        console.out.write(dumps(_as_json(found), indent=2, ensure_ascii=True) + "\n")
    else:
        console.out.write(_as_text(found, args.output == "markdown"))
    return _code(found)


def _code(found: Comparison) -> int:
    if found.having(Change.LOST):
        return ExitCode.BLOCKED
    open_ones = found.having(Change.UNKNOWN, Change.CHANGED)
    return ExitCode.UNKNOWN if open_ones or found.not_compared or not found.compared else ExitCode.OK


def _read(name: str, today: date) -> Baseline:
    results = read_results(Path(name), Path(name).as_posix())
    impossible = [doubt.sentence for doubt in doubts(results, today) if doubt.certain]
    if impossible:
        raise InputError.one(
            f"the file contradicts itself: {'; '.join(impossible[:3])}",
            expected="results of one run",
            file=results.path,
        )
    return results


def _interval(compared: Compared) -> tuple[float, float] | None:
    if compared.stderr is None:
        return None
    reach = QUANTILE * compared.stderr
    return compared.difference - reach, compared.difference + reach


def _as_json(found: Comparison) -> dict[str, object]:
    return {
        "before": found.before.path,
        "after": found.after.path,
        "level": LEVEL,
        "paired": False,
        "compared": [
            {**each._asdict(), "change": each.change.value, "difference": each.difference, "interval": _interval(each)}
            for each in found.compared
        ],
        "not_compared": [each._asdict() for each in found.not_compared],
        "notes": [*found.notes, *_on_many(found)],
        "method": _METHOD,
    }


def _as_text(found: Comparison, markdown: bool) -> str:
    head = ("task", "metric", "before", "after", "difference", "95 % interval", "verdict")
    rows = [
        (each.task, each.metric, number(each.before), number(each.after), f"{each.difference:+.4g}", _written(each),
         f"{each.change.value}{f' ({each.note})' if each.note else ''}")
        for each in found.compared
    ]  # fmt: skip
    tally = ", ".join(f"{len(found.having(change))} {change.value}" for change in Change if found.having(change))
    lines = (
        *(f"not compared: {each.task}: {each.reason}" for each in found.not_compared),
        *found.notes,
        *_on_many(found),
        *([_METHOD] if found.compared else []),
        tally or "nothing could be compared",
    )
    shown = table(head, rows, markdown) + "\n" if rows else ""
    return shown + "".join(line(text, markdown) for text in lines)


def _written(compared: Compared) -> str:
    interval = _interval(compared)
    return "-" if interval is None else f"{interval[0]:+.3g} to {interval[1]:+.3g}"


def _on_many(found: Comparison) -> list[str]:
    """Of many comparisons some differ by chance."""
    tested = [each for each in found.compared if each.p_value is not None]
    if len(tested) < 2:
        return []
    alone = [each for each in found.having(Change.GAINED, Change.LOST, Change.CHANGED) if not each.stands]
    notes = [f"{len(tested)} comparisons: at 5 % about {len(tested) * LEVEL:.2g} would differ by chance alone"]
    if alone:
        names = ", ".join(f"{each.metric} of {each.task}" for each in alone)
        notes.append(f"not beyond noise for all comparisons together (Holm 1979): {names}")
    return notes
