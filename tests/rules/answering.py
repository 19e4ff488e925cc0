"""What a rule answers to an entry, whole: every word, place and figure that reaches a report.

A file of `answers/` is one rule's. Each case begins with an entry as the rule's docstring writes them, maybe with files
beside the manifest (`with NAME: TEXT`) or judged `in short`, as `select` judges its many candidates; what the rule
answers is written below, and a test compares it.
`python -m tests.rules.answering` writes the answers anew from the rules: read the difference before you commit it.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from checker.document.place import Place
from checker.facts.fact import Fact
from checker.rulebook.discover import judges_scans, judges_waivers
from checker.rulebook.documentation import as_files
from checker.rulebook.outcome import Due, Stack
from checker.verdict import Detail, Evaluation, Missing
from tests.rules.judged import judged, judged_scan, judged_waiver

FOLDER = Path(__file__).parent / "answers"
LINE_END = "\n"


class Case(NamedTuple):
    """One entry, with the files beside its manifest."""

    entry: str
    files: tuple[tuple[str, str], ...] = ()
    in_short: bool = False


def cases(text: str) -> list[Case]:
    """The cases that a file of answers holds, without the answers."""
    found: list[Case] = []
    for line in text.splitlines():
        if line.startswith("{"):
            found.append(Case(line))
        elif line.startswith("with "):
            name, _, content = line.removeprefix("with ").partition(": ")
            found[-1] = found[-1]._replace(files=(*found[-1].files, (name, content)))
        elif line == "in short":
            found[-1] = found[-1]._replace(in_short=True)
    return found


def blocks() -> Iterator[tuple[str, str]]:
    """Each case of each file, with its answer: the rule's id and the text."""
    for path in sorted(FOLDER.glob("*.txt")):
        for block in re.split(r"^(?={)", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            yield path.stem, block.rstrip("\n") + "\n"


def written(rule_id: str, case: Case) -> str:
    """A case with the answer that the rule gives now."""
    with tempfile.TemporaryDirectory() as folder:
        evaluation = _judged(Path(folder).resolve() / "project", rule_id, case)
        answer = [line.replace(str(Path(folder).resolve()), "…") for line in _told(evaluation)]
    given = [case.entry, *(f"with {name}: {content}" for name, content in case.files)]
    given += ["in short"] if case.in_short else []
    return "\n".join((*given, *(f"    {line}" for line in answer))) + "\n"


def _judged(folder: Path, rule_id: str, case: Case) -> Evaluation:
    (folder / "local").mkdir(parents=True)
    for name, content in case.files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    if judges_scans(rule_id):
        return judged_scan(folder, rule_id, case.entry)
    if judges_waivers(rule_id):
        return judged_waiver(folder, rule_id, case.entry)
    example = as_files(rule_id, case.entry)
    if example.lock is not None:
        (folder / "model.lock").write_text(example.lock, encoding="utf-8")
    return judged(folder, example.manifest, example.policy, in_short=case.in_short)[0]


def _told(answer: Evaluation) -> list[str]:
    said = " ".join(filter(None, (answer.verdict.value, answer.reason, answer.margin)))
    return [
        f"{said}; {'blocks' if answer.blocks else 'does not block'}, settled by {answer.settled_by}",
        *(line for one in answer.findings for line in _finding(one)),
        *(line for one in answer.missing for line in _missing(one)),
        *(f"because {_fact(one)}" for one in answer.evidence),
        *(f"note: {note}" for note in answer.notes),
        *(f"line: {line}" for line in answer.lines),
        *([_stack(answer.stack)] if answer.stack else []),
        *(_due(one) for one in answer.duties),
    ]


def _finding(one: Detail) -> list[str]:
    return [
        f"{_place(one.at)}: {'blocks' if one.blocks else 'advises'}, by {one.policy.setting}",
        f"  expected: {one.expected}",
        f"  found: {one.found}",
        f"  recognised by: {one.value.replace(LINE_END, ' / ')}",
        f"  remedy: {one.remedy}",
        *(f"  because {_fact(evidence)}" for evidence in one.evidence),
        *(f"  line: {line}" for line in one.lines),
    ]


def _missing(one: Missing) -> list[str]:
    asked = one.yaml.replace(LINE_END, "\\n")
    return [f"{_place(one.at)}: {one.name} is missing: {one.reason}", f"  in {Path(one.where).name}: {asked}"]


def _fact(fact: Fact[object]) -> str:
    value = str(fact.value)
    shown = value if len(value) <= 60 else f"{value[:57]}…"
    return f"{shown}, {fact.certainty} ({fact.source.origin} {fact.source.detail} of {fact.source.model})"


def _stack(stack: Stack) -> str:
    parts = " + ".join(f"{name} {amount}".strip() for name, amount in stack.parts)
    return f"sum: {stack.what}: {parts} of {stack.usable} of {stack.limit}"


def _due(due: Due) -> str:
    looked = f", {due.by} on {due.checked_on}, {due.age_days} days ago" if due.checked_on else ""
    shown = f"shown in {due.shown}" if due.shown else f"not shown: {due.why_not}"
    return f"duty: {due.asks}: {shown}{looked}{'; by omission' if due.by_omission else ''}"


def _place(at: Place) -> str:
    return f"{Path(at.file.name).name}:{at.line}:{at.column}+{at.width}"


if __name__ == "__main__":
    for path in sorted(FOLDER.glob("*.txt")):
        answers = [written(path.stem, case) for case in cases(path.read_text(encoding="utf-8"))]
        path.write_text("\n".join(answers), encoding="utf-8", newline="\n")
