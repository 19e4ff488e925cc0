"""Say what a rule checks, why, how to fix it, and which settings it has; without a name, list all rules."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from checker.console import Console
from checker.document.errors import InputError
from checker.document.nearest import did_you_mean
from checker.exit_code import ExitCode
from checker.rulebook.discover import rule_ids
from checker.rulebook.documentation import Documentation, documentation

EXAMPLES = """\
examples:
  weighbridge explain                    all rules, a line each
  weighbridge explain context-window
  weighbridge explain license-use --markdown
"""


def configure(parser: ArgumentParser) -> None:
    """Add the options of `explain`."""
    parser.add_argument("rule", nargs="?", metavar="RULE", help="the id of a rule")
    parser.add_argument("--markdown", action="store_true", help="as a page of the documentation")


def run(args: Namespace, console: Console) -> int:
    """Print the documentation of one rule, or the list of all."""
    if args.rule is None:
        console.out.write(_listed())
        return ExitCode.OK
    if args.rule not in rule_ids():
        raise InputError.one(
            f"`{args.rule}` is no rule",
            expected="the id of a rule",
            hint=did_you_mean(args.rule, rule_ids()) or "`weighbridge explain` lists all rules",
            file="explain",
        )
    page = documentation(args.rule)
    console.out.write(as_markdown(page) if args.markdown else as_text(page))
    return ExitCode.OK


def _listed() -> str:
    width = max(map(len, rule_ids()))
    return "".join(f"{rule_id:<{width}}  {documentation(rule_id).summary}\n" for rule_id in rule_ids())


def as_text(page: Documentation) -> str:
    """The documentation of a rule for a terminal."""
    lines = [f"{page.id}: {page.summary}", ""]
    lines += [
        f"What: {page.what}",
        f"Why:  {page.why}",
        f"Fix:  {page.fix}",
        f"Settled by: {page.settled_by}",
        "",
        "Settings:",
    ]
    for setting in page.settings:
        lines.append(f"  {setting.name} (default {setting.default}): {setting.meaning}")
        lines.append(f"    A lower layer may set {setting.tighter}.")
    lines += [f"Passes: {example}" for example in page.passes] + [f"Fails:  {example}" for example in page.fails]
    return "\n".join(lines) + "\n"


def as_markdown(page: Documentation) -> str:
    """The documentation of a rule as a page."""
    lines = [f"# {page.id}", "", page.summary, ""]
    for title, text in (("What it checks", page.what), ("Why", page.why), ("How to fix it", page.fix)):
        lines += [f"## {title}", "", text, ""]
    lines += ["## Settings", "", "| setting | default | meaning | a lower layer may set |", "|---|---|---|---|"]
    lines += [
        f"| `{setting.name}` | `{setting.default}` | {setting.meaning} | {setting.tighter} |"
        for setting in page.settings
    ]
    lines += ["", f"Who can settle a finding: {page.settled_by}.", ""]
    for title, examples in (("Passes", page.passes), ("Fails", page.fails)):
        if examples:
            lines += [f"## {title}", "", "```yaml", *examples, "```", ""]
    return "\n".join(lines)
