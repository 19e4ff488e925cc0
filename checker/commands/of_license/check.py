"""Say whether a model, or what is made of it, may be used and offered so by the terms of every licence behind it.

Exit code 0 says ok, or conditional: the duties that are left to prove are printed; 1 that there is a conflict;
2 unusable input; 3 that something is unknown, so that nothing can be said. A batch ends with 0 when every line has an
answer, an error being one.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from checker.commands._values import path
from checker.console import Console
from checker.document.as_json import dumps
from checker.document.errors import InputError
from checker.exit_code import ExitCode

_COLUMNS = {
    "base": "base_licenses",
    "relation": "relation",
    "offered_as": "derivative_license",
    "name": "derivative_name",
    "use": "use",
    "distributed": "distributed",
    "mau": "mau",
    "revenue": "revenue_usd",
    "revenue_period": "revenue_period",
    "region": "region",
    "fact": "extra_facts",
}
"""The options and the columns that they fill."""


def configure(parser: ArgumentParser) -> None:
    """Add the options: one for each column of a question."""
    add = parser.add_argument
    add("--base", action="append", metavar="LICENSE", help="a licence of what is taken: an id, an SPDX expression")
    add("--relation", metavar="RELATION", help="none, finetune, adapter, merge, quantized or distill")
    add("--as", action="append", dest="offered_as", metavar="LICENSE", help="a licence of the derivative; all apply")
    add("--name", metavar="NAME", help="the derivative's name, without the publisher")
    add("--use", metavar="USE", help="commercial, research or internal (in-house use by a company)")
    add("--distributed", metavar="yes|no|hosted", help="copies are passed on, nothing is, or others use a service")
    add("--mau", metavar="N", help="monthly active users of licensee and affiliates")
    add("--revenue", metavar="USD", help="revenue of licensee and affiliates")
    add("--revenue-period", metavar="year|month", help="the period of the revenue; default: year")
    add("--region", metavar="REGION", help="the licensee's seat and the place of use: EU, UK, US, a country's code")
    takes = parser.add_mutually_exclusive_group()
    takes.add_argument("--multimodal", action="store_const", const="yes", help="the model takes more than text")
    takes.add_argument("--text-only", action="store_const", const="no", dest="multimodal",
                       help="the model takes text alone")  # fmt: skip
    add("--fact", action="append", metavar="KEY=VALUE", help="what a question needs besides, as in a batch file")
    add(
        "--batch", type=path, metavar="FILE", help="answer each line of a CSV or JSON Lines file; `-` is standard input"
    )
    add("--json", action="store_true", help="the answer as JSON")


def run(args: Namespace, console: Console) -> int:
    """Answer, and return the code that the answer has."""
    given = {column: _column(getattr(args, option)) for option, column in _COLUMNS.items() if getattr(args, option)}
    given |= {"multimodal": args.multimodal} if args.multimodal else {}
    if args.batch is not None:
        if given:
            raise InputError.one(
                "options of one question beside --batch", expected="the questions in the file", file=_US
            )
        from checker.commands._batch import answer_batch
        from checker.licenses.question.batch import answers

        return answer_batch(args.batch, answers, console, expected="a question a line")
    if not args.base:
        expected = "--base LICENSE, once for each licence of what is taken; or --batch FILE"
        raise InputError.one("no base licence is named", expected=expected, file=_US)
    return _one(given, args.json, console)


_US = "license check"


def _column(value: str | list[str]) -> str:
    return ";".join(value) if isinstance(value, list) else value


def _one(given: dict[str, str], for_programs: bool, console: Console) -> int:
    from checker.licenses.question.answer import answer, as_lines
    from checker.licenses.question.question import of_columns

    record = answer(of_columns(given, _US))
    if for_programs:
        console.out.write(dumps(record, indent=2, ensure_ascii=False) + "\n")
    else:
        console.out.writelines(as_lines(record))
    return {"conflict": ExitCode.BLOCKED, "unknown": ExitCode.UNKNOWN}.get(record["verdict"], ExitCode.OK)
