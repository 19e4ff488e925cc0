"""Tables that text and Markdown share: what fits, what context costs, what models need together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.document.errors import visible
from checker.memory.fit import Fit
from checker.memory.ladder import Cell, Ladder
from checker.memory.plan import ServingPlan
from checker.memory.units import GIB, gib
from checker.sizing.answer import Answer
from checker.sizing.choices import Choice
from checker.sizing.context_cost import ContextCost
from checker.sizing.together import Together
from checker.value import NamedTuple

MARKS = {Fit.YES: "fits", Fit.UNSURE: "tight", Fit.NO: "no"}
"""What stands in a cell of a ladder."""


class Table(NamedTuple):
    """Cells as they are read; all columns but the first are numbers or words that align with them."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def aligned(table: Table) -> Iterator[str]:
    """The table in columns, for a terminal."""
    lines = (table.heads, *table.rows)
    widths = [max(len(line[index]) for line in lines) for index in range(len(table.heads))]
    for line in lines:
        first, *others = (
            cell.ljust(width) if index == 0 else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        yield "  ".join((first, *others)).rstrip()


def piped(table: Table) -> Iterator[str]:
    """The table in Markdown."""
    yield f"| {' | '.join(map(cell_text, table.heads))} |"
    yield f"| --- |{' ---: |' * (len(table.heads) - 1)}"
    for row in table.rows:
        yield f"| {' | '.join(map(cell_text, row))} |"


def cell_text(text: str) -> str:
    """Text that stays one cell and no markup, no address, no mention and no reference."""
    shown = visible(text.strip())
    for character in ("\\", "|", "`", "*", "_", "<", "[", "!", "&", "~"):
        shown = shown.replace(character, f"\\{character}")
    for address in ("://", "www."):
        shown = shown.replace(address, address.replace(":", "\\:").replace(".", "\\."))
    if shown.startswith(("#", "+", "-")):
        shown = f"\\{shown}"
    for sign in ("@", "#"):  # code hosts look for them after they have taken a backslash away
        shown = shown.replace(sign, f"{sign}\u200b")
    return shown


def of_choices(choices: Sequence[Choice], answer: Answer) -> Table:
    """What fits by how the weights are stored; the plan's own line has an asterisk."""
    plan = answer.plan
    assert isinstance(plan, ServingPlan)
    if answer.hardware is None:
        rows = [
            (_stored(each), gib(each.estimate.peak_bytes), each.gpu.name if each.gpu else "none of the list")
            for each in choices
        ]
        return Table(("weights", "one GPU needs", "one is enough of"), tuple(rows))
    heads = ("weights", "GPUs", "each needs", "", "left", "requests", "context", "one is enough of")
    return Table(heads, tuple(_of_choice(each) for each in choices))


def _of_choice(choice: Choice) -> tuple[str, ...]:
    outcome = choice.fitting
    assert outcome is not None
    return (
        _stored(choice),
        str(choice.devices),
        gib(choice.estimate.peak_bytes),
        MARKS[outcome.fit],
        gib(outcome.limit - outcome.needed),
        "-" if choice.requests is None else str(choice.requests),
        "-" if choice.context is None else str(choice.context),
        choice.gpu.name if choice.gpu else "none of the list",
    )


def _stored(choice: Choice) -> str:
    words = "16 bits" if choice.quantization == "none" else choice.quantization
    return f"{words} *" if choice.planned else words


def of_ladder(ladder: Ladder) -> Table:
    """GiB of one GPU and what of it fits; the plan's own cell has an asterisk."""
    rows = tuple(
        (str(row), *(_cell(cell, asked=(i, j) == ladder.asked) for j, cell in enumerate(cells)))
        for i, (row, cells) in enumerate(zip(ladder.rows, ladder.cells, strict=True))
    )
    judged = any(cell.fit for row in ladder.cells for cell in row)
    pad = " " * 7 if judged else " "
    return Table((ladder.row_key, *(f"{column}{pad}" for column in ladder.columns)), rows)


def _cell(cell: Cell, *, asked: bool) -> str:
    mark = "*" if asked else " "
    if cell.needed is None:
        return f"?{mark}"
    amount = f"{cell.needed / GIB:.1f}"
    return f"{amount} {MARKS[cell.fit]:<5}{mark}" if cell.fit else f"{amount}{mark}"


def of_steps(cost: ContextCost, plan: ServingPlan) -> Table:
    """What each context costs."""
    judged = any(step.fit for step in cost.steps)
    several = plan.parallel_requests > 1
    heads = (
        "context",
        "one request",
        *((f"{plan.parallel_requests} requests",) if several else ()),
        "all that is needed",
    )
    rows = []
    for step in cost.steps:
        told = (
            str(step.context),
            _small(step.request),
            *((_small(step.requests),) if several else ()),
            gib(step.needed),
        )
        rows.append((*told, MARKS[step.fit] if step.fit else "") if judged else told)
    return Table((*heads, "") if judged else heads, tuple(rows))


def _small(size: int) -> str:
    return f"{size / GIB:.2f} GiB"


def of_together(found: Together) -> Table:
    """What each model needs, the part of a GPU that it may take, and the sum."""
    shares = found.shares()
    rows = [
        (name, gib(answer.estimate.peak_bytes), *((f"{share:.3f}",) if share is not None else ()))
        for name, answer, share in zip(found.names, found.answers, shares or (None,) * len(found.names), strict=True)
    ]
    last = ("together", gib(found.needed), *((f"{sum(shares):.3f}",) if shares else ()))
    return Table(("model", "needs", *(("may take",) if shares else ())), (*rows, last))
