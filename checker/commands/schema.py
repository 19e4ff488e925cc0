"""Print the JSON Schema of manifests, policies, locks, reports or answers of `fit`, for editors and for other tools."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from checker.console import Console
from checker.document.schema import draft_07
from checker.published import SCHEMAS, as_text
from checker.verdict import ExitCode

EXAMPLES = """\
examples:
  weighbridge schema manifest > manifest.schema.json
  weighbridge schema policy --draft-07       for editors that know draft 07 only
"""


def configure(parser: ArgumentParser) -> None:
    """Add the options of `schema`."""
    parser.add_argument("kind", choices=tuple(SCHEMAS), metavar="KIND", help=f"one of {', '.join(SCHEMAS)}")
    parser.add_argument("--draft-07", action="store_true", help="in draft 07 instead of 2020-12")


def run(args: Namespace, console: Console) -> int:
    """Print the schema, made afresh from the typed models."""
    schema = SCHEMAS[args.kind]()
    console.out.write(as_text(draft_07(schema, f"{args.kind}.draft-07.schema.json") if args.draft_07 else schema))
    return ExitCode.OK
