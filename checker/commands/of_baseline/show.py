"""Show what a file of results says, and what in it does not agree with itself.

Exit code 0 where nothing contradicts itself, 1 where something is impossible, 2 where the file cannot be used.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from checker.baseline.doubts import doubts
from checker.baseline.read import read_results
from checker.baseline.results import Baseline, Doubt, TaskResult
from checker.commands._values import path
from checker.commands.of_baseline._rendered import add_output, line, number, table
from checker.console import Console
from checker.document.as_json import dumps
from checker.exit_code import ExitCode


def configure(parser: ArgumentParser) -> None:
    """Add the options of `baseline show`."""
    parser.add_argument(
        "file", type=path, metavar="FILE|FOLDER", help="results in any known format, or a folder that MTEB wrote"
    )
    add_output(parser)


def run(args: Namespace, console: Console) -> int:
    """Print the results."""
    results = read_results(Path(args.file), Path(args.file).as_posix())
    found = doubts(results, console.today)
    if args.output == "json":
        console.out.write(dumps(_as_json(results, found), indent=2, ensure_ascii=True) + "\n")
    else:
        console.out.write(_as_text(results, found, args.output == "markdown"))
    return ExitCode.BLOCKED if any(doubt.certain for doubt in found) else ExitCode.OK


def _as_json(results: Baseline, found: tuple[Doubt, ...]) -> dict[str, object]:
    tasks = [{**task._asdict(), "scores": [score._asdict() for score in task.scores]} for task in results.tasks]
    for task in tasks:
        for score in task["scores"]:
            del score["decimals"]
    return {
        **{key: getattr(results, key) for key in ("path", "format", "tool", "model", "revision", "subject", "adapter")},
        "made_on": str(results.made_on) if results.made_on else None,
        "partial": results.partial or None,
        "tasks": tasks,
        "doubts": [{"sentence": doubt.sentence, "certain": doubt.certain} for doubt in found],
    }


def _as_text(results: Baseline, found: tuple[Doubt, ...], markdown: bool) -> str:
    unstated = "not stated"
    facts = (
        f"{results.path}: {results.format}{f' ({results.tool})' if results.tool else ''}",
        f"subject: {results.subject}{' (heuristic: by its figures)' if results.subject_is_inferred else ''}",
        f"model: {results.model or unstated} at {results.revision or unstated}",
        *([f"adapter: {results.adapter}"] if results.adapter else []),
        f"made on: {results.made_on or unstated}",
        *([f"not the whole task: {results.partial}"] if results.partial else []),
    )
    rows = [row for task in results.tasks for row in _rows(task)]
    head = ("task", "version", "shots", "questions", "metric", "score", "standard error")
    said = [f"{'impossible' if doubt.certain else 'heuristic'}: {doubt.sentence}" for doubt in found]
    return "".join(
        (
            *(line(fact, markdown) for fact in facts),
            "\n",
            table(head, rows, markdown),
            *(["\n"] if said else []),
            *(line(sentence, markdown) for sentence in said),
        )
    )


def _rows(task: TaskResult) -> list[tuple[str, ...]]:
    def stated(value: object) -> str:
        return "-" if value is None else str(value)

    return [
        (task.name, stated(task.version), stated(task.shots), stated(task.samples), score.name, number(score.value),
         number(score.stderr))
        for score in task.scores
    ]  # fmt: skip
