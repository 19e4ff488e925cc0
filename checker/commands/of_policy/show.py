"""The resolved policy, each value with the layer that set it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from checker import applying
from checker.commands import _gate
from checker.console import Console
from checker.document.errors import visible
from checker.exit_code import ExitCode
from checker.manifest.project import repository_root
from checker.policy.policy import Policy, ResolvedRule, introduced


def configure(parser: ArgumentParser) -> None:
    """Add the options of `policy show`."""
    _gate.add_policy(parser)
    parser.add_argument(
        "--output",
        choices=("text", "json", "html"),
        default="text",
        metavar="FORMAT",
        help="one of text, json, html (in sentences, for people who read no YAML); default: text",
    )
    parser.add_argument("--json", action="store_const", const="json", dest="output", help="--output json")


def run(args: Namespace, console: Console) -> int:
    """Print the policy."""
    policy = _applying(args.policy, console)
    if args.output == "html":
        from checker.pages.policy import as_html

        console.out.write(as_html(policy, console.today))
    else:
        console.out.write((as_json if args.output == "json" else as_text)(policy, console.today))
    return ExitCode.OK


def _applying(option: str | None, console: Console) -> Policy:
    """The policy that `check` would use for this folder."""
    root = repository_root(Path()) or Path()
    return applying.policy_for(root, option, console.environ.get("WEIGHBRIDGE_POLICY"), console.today)


def as_text(policy: Policy, today: date) -> str:
    """The resolved policy for a terminal."""
    return "".join(f"{visible(line)}\n" for line in _lines(policy, today))


def _lines(policy: Policy, today: date) -> Iterator[str]:
    yield introduced(policy.name, policy.version, policy.chosen_by)
    yield f"sha256 {policy.sha256}"
    if policy.project_sha256:
        yield f"sha256 {policy.project_sha256} with the project's layer"
    yield f"layers, the top one first: {', '.join(f'{layer.name} ({layer.rank})' for layer in policy.layers)}"
    providers = policy.providers.allowed
    named = ", ".join(providers) if providers is not None else "none named: models behind an API cannot be evaluated"
    yield f"api.providers: {named}"
    yield from (f"opinion: {opinion.sentence}" for opinion in policy.opinions)
    for rule in policy.rules.values():
        yield ""
        yield f"{rule.id}: {_levels(rule, today)}"
        yield f"  enforcement set by {_set_by(rule, 'enforcement')}"
        for name, value in rule.stated().items():
            yield f"  {name}: {_shown(value)}, set by {_set_by(rule, name)}"


def _levels(rule: ResolvedRule, today: date) -> str:
    later = "".join(f", {step.enforcement} from {step.begins}" for step in rule.schedule.after(today))
    return f"{rule.level(today)}{later}"


def _set_by(rule: ResolvedRule, name: str) -> str:
    set_by = rule.set_by.get(name)
    return f"{set_by.layer.name} ({set_by.at})" if set_by else "the rule's default"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_shown(item)}" for key, item in value.items()) + "}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_shown, value))}]"
    return "none" if value in (None, "") else " ".join(str(value).split())


def as_json(policy: Policy, today: date) -> str:
    """The resolved policy for programs."""
    from checker.document.as_json import dumps

    content = {
        "policy": policy.name,
        "version": policy.version,
        "sha256": policy.sha256,
        "project_sha256": policy.project_sha256,
        "chosen_by": policy.chosen_by,
        "layers": [layer._asdict() for layer in policy.layers],
        "providers": policy.providers.allowed,
        "rules": {
            rule.id: {
                "enforcement": rule.level(today),
                "schedule": [
                    {"from": str(step.begins), "enforcement": step.enforcement} for step in rule.schedule.steps
                ],
                "settings": rule.stated(),
                "set_by": {name: str(set_by.at) for name, set_by in sorted(rule.set_by.items())},
            }
            for rule in policy.rules.values()
        },
    }
    return dumps(content, indent=2, sort_keys=True, default=str) + "\n"
