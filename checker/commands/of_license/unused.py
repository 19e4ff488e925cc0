"""List entries of the policy's licence lists that no model of the manifests in hand is under.

The answer is for the manifests that it is asked about: another project may need what this one does not. Exit code 0.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

from checker import applying
from checker.commands import _gate, _values
from checker.console import Console
from checker.document.as_json import dumps
from checker.document.errors import visible
from checker.document.read import read
from checker.exit_code import ExitCode
from checker.facts.catalogue import Catalogue
from checker.facts.fact import Unknown
from checker.gather import gather
from checker.licenses.declared import declared
from checker.licenses.registry import Resolution
from checker.licenses.unused import unused
from checker.manifest.discover import discover
from checker.manifest.load import load as load_manifest
from checker.manifest.project import repository_root
from checker.policy.policy import ResolvedRule

_LISTS = ("allow", "deny", "review")
_RULE = "license-allowed"


def configure(parser: ArgumentParser) -> None:
    """Add the options of `license unused`."""
    parser.add_argument("paths", nargs="*", type=_values.path, metavar="PATH", help="manifests or folders; default: .")
    _gate.add_policy(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object an entry and line")


def run(args: Namespace, console: Console) -> int:
    """Print the entries, each with the line of the list that holds it."""
    root = repository_root(Path()) or Path()
    policy = applying.policy_for(root, args.policy, console.environ.get("WEIGHBRIDGE_POLICY"), console.today)
    rule = policy.rules.get(_RULE)
    used = list(_used(tuple(map(Path, args.paths or ["."]))))
    for setting, entry, place in _entries(rule, used) if rule else ():
        if args.json:
            record = {"list": setting, "license": entry, "at": place}
            console.out.write(f"{dumps(record, ensure_ascii=False)}\n")
        else:
            console.out.write(visible(f"{place}: {setting}: no model here is under {entry}") + "\n")
    return ExitCode.OK


def _used(paths: tuple[Path, ...]) -> Iterator[Resolution]:
    catalogue = Catalogue()
    for path in discover(paths).ours:
        manifest = load_manifest(read(path, path.as_posix()))
        root = repository_root(path.parent) or path.parent
        for entry in manifest.models:
            dossier = gather(entry, path.parent, root, catalogue)
            for one in (dossier, dossier.weights):
                stated = declared(one.facts) if one else None
                if stated is not None and not isinstance(stated, Unknown):
                    yield stated.resolution


def _entries(rule: ResolvedRule, used: list[Resolution]) -> Iterator[tuple[str, str, str]]:
    settings = rule.settings
    for name in _LISTS:
        for entry in unused(getattr(settings, name, None) or (), used):
            yield name, entry, str(rule.set_by[name].at)
    for context, lists in getattr(settings, "contexts", {}).items():
        for name in _LISTS:
            for entry in unused(getattr(lists, name), used):
                yield f"contexts.{context}.{name}", entry, str(rule.set_by["contexts"].at)
