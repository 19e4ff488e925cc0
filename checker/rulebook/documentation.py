"""A rule's documentation, read from the rule file itself: its docstring, and the docstrings of its settings."""

import re
from json import dumps
from typing import Any

from checker.document.place import SourceFile
from checker.document.schema import attribute_docstrings
from checker.document.tree import Mapping, Node, Scalar, Sequence, parse
from checker.rulebook.discover import Rule, direction_of, load_rule
from checker.rulebook.settings import Settler
from checker.value import NamedTuple

_SECTIONS = ("What", "Why", "Fix", "Passes", "Fails")
_SECTION = re.compile(rf"^({'|'.join(_SECTIONS)}):", re.MULTILINE)


class Setting(NamedTuple):
    """One option of a rule."""

    name: str
    meaning: str
    tighter: str
    """What a lower layer may do with it."""
    default: str


class Documentation(NamedTuple):
    """What a person reads about a rule."""

    id: str
    summary: str
    what: str
    why: str
    fix: str
    settled_by: Settler
    settings: tuple[Setting, ...]
    passes: tuple[str, ...]
    """Entries of `models`, as YAML, of which the rule holds."""
    fails: tuple[str, ...]


def documentation(rule_id: str) -> Documentation:
    """The documentation of one rule.

    Raises:
        ValueError: the docstring of the rule lacks a section.
    """
    rule = load_rule(rule_id)
    summary, _, rest = rule.docstring.partition("\n")
    sections = _sections(rest)
    lacking = [name for name in ("What", "Why", "Fix") if not sections.get(name)]
    if lacking:
        raise ValueError(f"rule {rule_id}: the docstring lacks {', '.join(lacking)}")
    return Documentation(
        id=rule_id,
        summary=summary.strip(),
        what=_one_line(sections["What"]),
        why=_one_line(sections["Why"]),
        fix=_one_line(sections["Fix"]),
        settled_by=rule.settled_by,
        settings=_settings(rule),
        passes=_examples(sections.get("Passes", "")),
        fails=_examples(sections.get("Fails", "")),
    )


def _sections(text: str) -> dict[str, str]:
    parts = _SECTION.split(text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _examples(text: str) -> tuple[str, ...]:
    """Flow mappings, one a line; a line that is indented further than the first goes on from the line before."""
    joined: list[str] = []
    for line in text.strip().splitlines():
        if line.strip().startswith("{") and not _is_open(joined):
            joined.append(line.strip())
        elif joined:
            joined[-1] = f"{joined[-1]} {line.strip()}"
    return tuple(joined)


def _is_open(joined: list[str]) -> bool:
    return bool(joined) and joined[-1].count("{") != joined[-1].count("}")


def _settings(rule: Rule) -> tuple[Setting, ...]:
    meanings = attribute_docstrings(rule.settings)
    return tuple(
        Setting(
            name=name,
            meaning=meanings.get(name, ""),
            tighter=direction_of(rule.settings, name).words,
            default=_shown(field.get_default(call_default_factory=True)),
        )
        for name, field in rule.settings.model_fields.items()
    )


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_shown(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(_shown, value))}]"
    return "none" if value is None else str(value)


class Example(NamedTuple):
    """An example of a docstring, as the files that a user would write."""

    manifest: str
    policy: str
    lock: str | None
    """The `model.lock` beside the manifest; None where there is none."""


_OF_THE_POLICY = ("settings", "organisation", "api")
_OF_THE_MANIFEST = ("use", "hardware", "status")


def as_files(rule_id: str, written: str) -> Example:
    """The manifest and the policy that an example stands for.

    An example is one entry of `models`, its objective chat where it says none; the keys `settings`, `organisation` and
    `api` in it belong to the policy, `use`, `hardware` and `status` to the manifest, and `lock` is the model's entry in
    a `model.lock`, of which the keys that matter are written.
    """
    root = parse(SourceFile(f"{rule_id} example", written))
    assert isinstance(root, Mapping)  # the docstrings are ours, and a test reads each of them
    parts = {key: flow(entry.value) for key, entry in root.items.items()}
    entry = {key: text for key, text in parts.items() if key not in (*_OF_THE_POLICY, *_OF_THE_MANIFEST, "lock")}
    entry.setdefault("objective", "chat")
    shared = "".join(f"{key}: {parts[key]}\n" for key in _OF_THE_MANIFEST if key in parts)
    lines = "\n    ".join(f"{key}: {text}" for key, text in entry.items())
    said = "".join(f"{key}: {parts[key]}\n" for key in ("organisation", "api") if key in parts)
    settings = parts.get("settings", "{}")[1:-1]
    rule = f"{{enforcement: hard-mandatory{', ' if settings else ''}{settings}}}"
    return Example(
        manifest=f"weighbridge: 1\nowner: example\n{shared}models:\n  - {lines}\n",
        policy=f"policy: example\nversion: 1\n{said}rules:\n  {rule_id}: {rule}\n",
        lock=_lock(entry, root.items["lock"].value) if "lock" in parts else None,
    )


def _lock(entry: dict[str, str], node: Node) -> str:
    """A `model.lock` with one entry; what the example leaves out is as the resolver would write it."""
    from checker.facts.locked.entry import LockEntry
    from checker.facts.locked.file import as_text
    from checker.facts.locked.lock import lock_of
    from checker.facts.locked.shape import read_record

    usual = {"commit": "5617a9f61b028005a4858fdac845db406aefb181", "resolved_at": "2026-11-20T09:00:00Z"}
    named = {"model": entry["model"], "resolved_from": "https://huggingface.co"}
    pinned = {"revision": entry["revision"]} if "revision" in entry else {}
    stated = plain_value(node)
    return as_text(lock_of([read_record(LockEntry, {**named, **pinned, **usual, **stated}, [])]))


def plain_value(node: Node) -> Any:
    """A node as JSON would hold it."""
    if isinstance(node, Mapping):
        return {key: plain_value(entry.value) for key, entry in node.items.items()}
    if isinstance(node, Sequence):
        return [plain_value(item) for item in node.items]
    if node.plain and node.text in ("true", "false"):
        return node.text == "true"
    return int(node.text) if node.plain and node.text.isdecimal() else node.text


def flow(node: Node) -> str:
    """A node as YAML on one line."""
    if isinstance(node, Scalar):
        return node.text if node.plain else dumps(node.text)
    if isinstance(node, Mapping):
        return "{" + ", ".join(f"{key}: {flow(entry.value)}" for key, entry in node.items.items()) + "}"
    return "[" + ", ".join(map(flow, node.items)) + "]"
