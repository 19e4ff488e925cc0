"""Say what kind of model this is, which objectives it suits, and by which signs.

Exit code 0 says that there is an answer, 2 that the input cannot be used, 3 that signs are ambiguous or say nothing.
A batch ends with 0 when every line has an answer, an error being one.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from checker.commands._values import named, path
from checker.console import Console
from checker.document.errors import InputError, visible
from checker.document.system import from_home
from checker.exit_code import ExitCode

if TYPE_CHECKING:
    from checker.facts.kind import Kind

EXAMPLES = """\
examples:
  weighbridge classify Qwen/Qwen3-Embedding-0.6B     what the catalogue knows, else the name alone
  weighbridge classify ./models/ours --json          a folder with config.json, modules.json, a card …
  weighbridge classify --json --batch models.jsonl   one JSON record of signals a line, one JSON answer a line
"""


def configure(parser: ArgumentParser) -> None:
    """Add the options of `classify`."""
    parser.add_argument("model", nargs="?", type=named, metavar="MODEL|DIR", help="a Hub id, or a folder with a model")
    parser.add_argument(
        "--batch", type=path, metavar="FILE", help="answer each line of a JSON Lines file; `-` is standard input"
    )
    parser.add_argument("--json", action="store_true", help="the answer as JSON; a batch always is")


def run(args: Namespace, console: Console) -> int:
    """Answer, and return the code that the answer has."""
    if (args.batch is None) == (args.model is None):
        found = "no model is named" if args.model is None else f"{args.model} beside --batch"
        raise InputError.one(found, expected="a Hub id or a folder, or else --batch FILE", file="classify")
    if args.batch is not None:
        from checker.commands._batch import answer_batch
        from checker.facts.kind.answer import answers

        return answer_batch(args.batch, answers, console, expected="a JSON record a line")
    from checker.facts.kind import Standing
    from checker.facts.kind.answer import as_json, as_text

    kind = _kind(args.model, console)
    if args.json:
        from checker.document.as_json import dumps

        console.out.write(dumps(as_json(args.model, kind), indent=2, ensure_ascii=False) + "\n")
    else:
        console.out.write(as_text(args.model, kind))
    return ExitCode.UNKNOWN if kind.standing in (Standing.AMBIGUOUS, Standing.UNKNOWN) else ExitCode.OK


def _kind(model: str, console: Console) -> Kind:
    from checker.facts.catalogue import Catalogue
    from checker.facts.kind import Signals, classify

    path = from_home(model)
    if model.startswith((".", "/", "~")) or path.is_absolute() or path.is_dir():
        from checker.facts.folder import find_in, signals_of

        return classify(signals_of(find_in(path, path.as_posix(), Path(path.resolve().anchor))))
    catalogue = Catalogue()
    facts = catalogue.find(model)
    if facts is None:
        near = catalogue.nearest(model)
        meant = f"; did you mean {visible(near)}?" if near else ""
        console.err.write(f"note: {visible(model)} is not in the catalogue: only its name was looked at{meant}\n")
        return classify(Signals(id=model))
    from checker.facts.kind import recorded

    return recorded.held_against_record(classify(recorded.signals_of(facts)), facts)
