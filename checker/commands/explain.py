"""Say what a rule checks, what a licence asks, or what is recorded of a model; without a name, list all rules."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from checker.console import Console
from checker.document.as_json import dumps
from checker.document.errors import InputError, visible
from checker.document.nearest import did_you_mean
from checker.exit_code import ExitCode
from checker.facts.catalogue import Catalogue
from checker.rulebook.discover import rule_ids
from checker.rulebook.documentation import Documentation, documentation

if TYPE_CHECKING:
    from checker.licenses.registry import Resolution

CUSTOM = "custom-rules"
"""The name under which the variables of a policy's own rules are told."""

EXAMPLES = """\
examples:
  weighbridge explain                    all rules, a line each
  weighbridge explain context-window
  weighbridge explain license-use --markdown
  weighbridge explain llama3.1           what the text says, with clauses and sources; any spelling
  weighbridge explain "MIT OR Apache-2.0" --json
  weighbridge explain BAAI/bge-m3        what the catalogue holds of a model, with who states it
  weighbridge explain custom-rules       rules of a policy's own, and the variables that they may use
  weighbridge explain acme-small-models --policy acme.yaml
"""


def configure(parser: ArgumentParser) -> None:
    """Add the options of `explain`."""
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help="the id of a rule, a licence in any spelling, or a model"
    )
    parser.add_argument(
        "--policy",
        metavar="FILE",
        help="the policy whose own rules can be told too; default: what WEIGHBRIDGE_POLICY names",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--markdown", action="store_true", help="a rule as a page of the documentation")
    form.add_argument("--json", action="store_true", help="a licence or a model as its record, as JSON")


def run(args: Namespace, console: Console) -> int:
    """Print the documentation of one rule, what is known of a licence or a model, or the list of all rules."""
    own = _custom(args, console)
    if args.name is None:
        console.out.write(_listed())
    elif args.name == CUSTOM:
        console.out.write(_variables(as_page=args.markdown))
    elif own is not None:
        console.out.write(as_markdown(_escaped(own)) if args.markdown else as_text(own))
    elif args.name in rule_ids() and not args.json:
        page = documentation(args.name)
        console.out.write(as_markdown(page) if args.markdown else as_text(page))
    elif not args.markdown and (model := Catalogue().find(args.name)) is not None:
        from checker.facts import telling

        console.out.write(_json(telling.as_values(model)) if args.json else telling.told(model))
    else:
        console.out.write(_license(args.name, as_json=args.json, as_page=args.markdown))
    return ExitCode.OK


def _variables(*, as_page: bool) -> str:
    """How rules of a policy's own are written, with all their variables."""
    from checker.custom.variables import documented
    from checker.policy.custom_page import as_table, introduced

    return (as_table if as_page else introduced)(documented().values())


def _custom(args: Namespace, console: Console) -> Documentation | None:
    """A policy's own rule of that name. A policy that is named is read whatever is asked, and who named it is said.

    Raises:
        InputError: the policy cannot be used.
    """
    environment = console.environ.get("WEIGHBRIDGE_POLICY")
    if args.policy is None and environment is None:
        return None
    from checker.applying import policy_for
    from checker.policy.custom_page import page
    from checker.policy.policy import introduced

    policy = policy_for(Path(), args.policy, environment, console.today)
    # On standard error: what is told is a page or a record, whole as it stands.
    console.err.write(f"{visible(introduced(policy.name, policy.version, policy.chosen_by))}\n")
    rule = policy.rules.get(args.name)
    return page(rule) if rule is not None and rule.custom and not args.json else None


def _escaped(page: Documentation) -> Documentation:
    """What a policy's author wrote, as text of a page; our own rules are written in Markdown."""
    from checker.document.markdown import prose

    return page._replace(summary=prose(page.summary), what=prose(page.what), why=prose(page.why), fix=prose(page.fix))


def _license(spelling: str, *, as_json: bool, as_page: bool) -> str:
    """What is known of a licence.

    Raises:
        InputError: nothing of that name is known.
    """
    from checker.licenses.registry import Unrecognised, resolve
    from checker.licenses.telling import as_values, told

    found = resolve(spelling)
    if as_page or (isinstance(found, Unrecognised) and not found.unread):
        is_rule = spelling in rule_ids()
        raise InputError.one(
            f"`{spelling}` is {_NEITHER_JSON if as_json else 'no rule' if as_page else _NEITHER}",
            expected=_EITHER if as_json else "the id of a rule" + f", {_EITHER}" * (not as_page),
            hint="a rule is told without --json" if is_rule else _near(spelling, found, as_page=as_page),
            file="explain",
        )
    return _json(as_values(found)) if as_json else told(found)


_EITHER = "a licence in any spelling, or the id of a model of the catalogue"
_NEITHER_JSON = "neither a licence nor a model that the catalogue knows"
_NEITHER = "neither a rule, nor a licence, nor a model that the catalogue knows"


def _json(values: object) -> str:
    return dumps(values, indent=2, ensure_ascii=False) + "\n"


def _near(spelling: str, found: Resolution, *, as_page: bool) -> str:
    rule = did_you_mean(spelling, rule_ids())
    near = getattr(found, "nearest", None)
    if "/" in spelling and near is None and not as_page:
        near = Catalogue().nearest(spelling)
    return f"did you mean `{near}`?" if near else rule or _ALL_RULES


_ALL_RULES = "`weighbridge explain` lists all rules, and `--policy FILE` tells one of a policy's own"


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
    return "".join(f"{visible(line)}\n" for part in lines for line in part.split("\n"))


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
