"""For documents and pull requests: an answer in Markdown, with the tables that text has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.document.markdown import code, fenced, prose, row
from checker.memory.plan import ServingPlan
from checker.memory.units import gib
from checker.sizing import as_text, tables
from checker.sizing.answer import Answer
from checker.sizing.context_cost import ERRORS_FROM, sentences
from checker.sizing.serving_report import Extras
from checker.sizing.start import Start, commands
from checker.sizing.tables import Table, piped
from checker.sizing.together import Together


def as_markdown(answer: Answer, extras: Extras | None = None) -> str:
    """One answer, with what stands beside it."""
    return "".join(f"{line}\n" for line in _lines(answer, extras or Extras()))


def _lines(answer: Answer, extras: Extras) -> Iterator[str]:
    yield f"## {prose(as_text.title(answer))}"
    yield ""
    yield prose(as_text.verdict(answer))
    yield ""
    yield from piped(_terms(answer))
    if answer.room is not None:
        yield from _list("Room on one GPU", tuple(as_text.room_lines(answer)))
    if answer.warnings:
        yield from _list("Warnings", answer.warnings)
    yield from _list("Assumptions", (*answer.assumptions, f"facts of the model: {answer.subject.certainty}"))
    if answer.alternatives:
        rows = tuple((each.change, gib(each.needed), each.fit.value) for each in answer.alternatives)
        yield from _titled("Instead", Table(("change", "needs", ""), rows))
    yield from _beside(answer, extras)
    if extras.start is not None:
        yield from _start(extras.start)
    elif started := commands(answer):
        yield from _titled_code("Start", started)


def _terms(answer: Answer) -> Table:
    return Table(
        ("term", "GiB", "how"),
        tuple((term.name, gib(term.bytes), term.formula) for term in answer.estimate.terms),
    )


def _beside(answer: Answer, extras: Extras) -> Iterator[str]:
    if extras.choices:
        yield from _titled("What fits", tables.of_choices(extras.choices, answer), as_text.choices_title(answer))
    for title, ladder in as_text.ladders(extras):
        yield from _titled(title, tables.of_ladder(ladder))
    if extras.unexplained:
        yield from ("", prose(f"How memory grows is not explained: {extras.unexplained}."))
    if extras.cost is not None and isinstance(answer.plan, ServingPlan):
        yield from _list("How memory grows with context and users", tuple(sentences(extras.cost, answer.plan)))
        yield ""
        yield from piped(tables.of_steps(extras.cost, answer.plan))
        yield from _list(f"Measured of {answer.plan.runtime} ({ERRORS_FROM})", as_text.measured(extras.cost))


def of_together(found: Together) -> str:
    """Several models on the same GPUs."""
    lines = (
        *_titled(as_text.together_verdict(found), tables.of_together(found)),
        "",
        *(f"- {prose(note)}" for note in as_text.together_notes(found)),
    )
    return "".join(f"{line}\n" for line in lines)


def heading(text: str) -> str:
    """What stands above the answer to one entry."""
    return f"# {prose(text)}\n\n"


def of_refusal(text: str) -> str:
    """Why there is no answer."""
    return f"{prose(text.strip())}\n"


def _start(start: Start) -> Iterator[str]:
    yield from _titled_code("Start", start.text.splitlines())
    if start.launch.flags:
        heads = ("option", "what it says", "source")
        yield from ("", row(heads), row(("---",) * len(heads)))
        for flag in start.launch.flags:
            yield row((code(" ".join(flag.words)), prose(flag.why), f"<{flag.source}>"))  # the address is ours
    if start.launch.notes:
        yield ""
        yield from (f"- {prose(note)}" for note in start.launch.notes)


def _titled(title: str, table: Table, words: str = "") -> Iterator[str]:
    yield from ("", f"### {prose(title)}", "")
    if words:
        yield from (prose(words), "")
    yield from piped(table)


def _list(title: str, items: Sequence[str]) -> Iterator[str]:
    yield from ("", f"### {prose(title)}", "")
    yield from (f"- {prose(item)}" for item in items)


def _titled_code(title: str, lines: Sequence[str]) -> Iterator[str]:
    yield from ("", f"### {prose(title)}", "", fenced("\n".join(lines), ""))
