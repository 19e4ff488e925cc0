"""Whether a file that a page shows is one: the real loaders take it."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Iterator

from ruamel.yaml import YAML

from checker.baseline.read import of_source
from checker.custom.expression import mistakes
from checker.document.place import SourceFile
from checker.manifest.load import load
from checker.policy.file import read_organisation, read_project
from checker.policy_tests.file import read_cases
from checker.waivers.file import read_ledger
from tests.documentation.command_line import commands, trouble
from tests.packaging.offline import ROOT

MANIFEST = "weighbridge: 1\nowner: acme\n"
ENTRY = f"{MANIFEST}models:\n  - model: Qwen/Qwen2.5-7B-Instruct\n    objective: chat\n"
POLICY = "policy: acme\nversion: 1\n"
_HOOKS = ROOT / ".pre-commit-hooks.yaml"
_ACTION = ROOT / "action.yml"


def take_yaml(body: str) -> None:
    """Load what a block shows as what it is; a part is put where it belongs.

    Raises:
        InputError: it cannot be used.
        AssertionError: it names a hook, an input or a command that there is not.
    """
    keys = re.findall(r"^([A-Za-z_-]+|- [a-z]+):", textwrap.dedent(body), re.MULTILINE)
    first = keys[0] if keys else ""
    if len(set(keys)) < len(keys):  # one line beside another that would do as well
        for line in body.splitlines():
            take_yaml(f"{line}\n")
    elif loader := _LOADERS.get(first):
        if first == "weighbridge" and not re.search(r"^weighbridge: \d", body, re.MULTILINE):
            _take_ci(body)  # GitLab's job of that name
        else:
            loader(body)
    else:
        _take_ci(body)


def _source(text: str) -> SourceFile:
    return SourceFile("block.yaml", text)


def _manifest(body: str) -> None:
    load(_source(body if "\nmodels:" in f"\n{body}" else body + ENTRY.removeprefix(MANIFEST)), allow_empty=True)


def _in_manifest(body: str) -> None:
    _manifest(MANIFEST + body)


def _in_entry(body: str) -> None:
    load(_source(ENTRY + textwrap.indent(textwrap.dedent(body), "    ")))


def _waivers(body: str) -> None:
    if re.search(r"^waivers:\n  - ", body, re.MULTILINE):
        read_ledger(_source(body))
    else:
        read_organisation(_source(POLICY + body))


def _take_hooks(body: str) -> None:
    offered = {hook["id"] for hook in YAML(typ="safe").load(_HOOKS)}
    for repository in YAML(typ="safe").load(body)["repos"]:
        named = {hook["id"] for hook in repository["hooks"]}
        assert named <= offered, f"no hook {named - offered}"
        for hook in repository["hooks"]:
            assert trouble(" ".join(["weighbridge check", *hook.get("args", [])])) is None


_LOADERS: dict[str, Callable[[str], object]] = {
    "weighbridge": _manifest,
    "use": _in_manifest,
    "models": _in_manifest,
    "hardware": _in_manifest,
    "known": _in_entry,
    "measured": _in_entry,
    "policy": lambda body: read_organisation(_source(body)),
    "rules": lambda body: read_project(_source(body)),
    "waivers": _waivers,
    "weighbridge_policy_tests": lambda body: read_cases(_source(body)),
    "repos": _take_hooks,
}


def _take_ci(body: str) -> None:
    """A workflow, or a part of one: our action has the inputs, and our commands are some."""
    inputs = set(YAML(typ="safe").load(_ACTION)["inputs"])
    for mapping in _mappings(YAML(typ="safe").load(textwrap.dedent(body))):
        if str(mapping.get("uses", "")).startswith("weighbridge/weighbridge@"):
            unknown = set(mapping.get("with", {})) - inputs
            assert not unknown, f"the action has no input {unknown}"
        for key in ("script", "before_script", "run"):
            lines = mapping.get(key) or []
            for command in commands("\n".join([lines] if isinstance(lines, str) else lines)):
                if command.startswith(("weighbridge ", "pip ")):
                    assert trouble(command) is None, command


def _mappings(node: object) -> Iterator[dict[str, object]]:
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _mappings(child)


def take_json(body: str) -> None:
    """Parse it, and load it where it is a file of ours without anything left out."""
    found = json.loads(body)
    if "weighbridge_baseline" in found:
        of_source(SourceFile("block.json", body), "block.json")


def take_cel(body: str) -> None:
    """Compile each line by the rules of a policy."""
    for line in commands(body):
        assert mistakes(line) == (), line


def take_python(body: str) -> None:
    """Compile it."""
    compile(body, "block.py", "exec")
