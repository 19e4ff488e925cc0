"""What a model is sought for: an entry of a manifest without `model`, or the options that state the same keys."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary

from checker.document.bind import bind
from checker.document.errors import InputError
from checker.document.nearest import did_you_mean
from checker.document.place import Place, SourceFile
from checker.document.tree import Entry, Mapping, Node, Scalar, Sequence
from checker.manifest.load import load
from checker.manifest.model import Manifest, ModelEntry
from checker.manifest.tokens import written
from checker.value import NamedTuple

CANDIDATE = "candidate"
"""What stands for the model's name while none is chosen."""

KEYS: dict[str, tuple[str, ...]] = {
    "objective": ("models", "objective"),
    "task": ("models", "task"),
    "size_class": ("models", "size_class"),
    "documents": ("models", "documents"),
    "goal": ("models", "fine_tuning", "goal"),
    "method": ("models", "fine_tuning", "method"),
    "sequence_length": ("models", "fine_tuning", "sequence_length"),
    "micro_batch_size": ("models", "fine_tuning", "micro_batch_size"),
    "rank": ("models", "fine_tuning", "rank"),
    "context_window": ("models", "deployment", "context_window"),
    "parallel_requests": ("models", "deployment", "parallel_requests"),
    "quantization": ("models", "deployment", "quantization"),
    "kv_cache": ("models", "deployment", "kv_cache"),
    "runtime": ("models", "deployment", "runtime"),
    "gpu": ("hardware", "gpu"),
    "vram": ("hardware", "vram"),
    "instance": ("hardware", "instance"),
    "count": ("hardware", "count"),
    "purpose": ("use", "purpose"),
    "distribution": ("use", "distribution"),
    "region": ("use", "regions"),
    "monthly_active_users": ("use", "monthly_active_users"),
}
"""Where in a manifest stands what an option states."""


class Question(NamedTuple):
    """A manifest in which one entry is open."""

    manifest: Manifest
    entry: ModelEntry
    """The open entry; its model is a stand-in."""
    node: Mapping
    """The entry as it is written."""
    source: SourceFile
    """The manifest's file, or the options, one a line."""
    written: bool
    """Whether it stands in a file."""

    @property
    def others(self) -> tuple[ModelEntry, ...]:
        """The entries whose models are chosen already."""
        return tuple(entry for entry in self.manifest.models if entry is not self.entry)


def of_options(given: Dictionary[str, str]) -> Question:
    """The question that options ask, by the names of `KEYS`.

    Raises:
        InputError: everything that is wrong with them, each shown as the option that it was.
    """
    if "objective" not in given:
        raise InputError.one(
            "no objective is named",
            expected="`--objective chat` or the like, or a manifest with an entry that has no `model`",
            file="select",
        )
    _refuse_idle_hardware(given)
    lines = [f"--{key.replace('_', '-')} {value}" for key, value in given.items()]
    source = SourceFile("options", "\n".join(line.replace("\n", " ") for line in lines))
    start = Place(source, 1, 1)
    root, entry = Mapping({}, start), Mapping({}, start)
    root.items["weighbridge"] = Entry(start, Scalar("1", True, start))
    for number, (key, text) in enumerate(given.items(), start=1):
        column = len(key) + 4
        key_at = Place(source, number, 1, column - 2)
        *blocks, last = KEYS[key]
        block = entry if blocks[0] == "models" else root
        for name in blocks[1:] if blocks[0] == "models" else blocks:
            found = block.items.setdefault(name, Entry(key_at, Mapping({}, key_at))).value
            assert isinstance(found, Mapping)  # only blocks lead to a key
            block = found
        block.items[last] = Entry(
            key_at, Scalar(written(last, text), True, Place(source, number, column, max(len(text), 1)))
        )
    root.items["models"] = Entry(start, Sequence([_completed(entry)], start))
    manifest = bind(root, Manifest)
    return Question(manifest, manifest.models[0], entry, source, written=False)


def _refuse_idle_hardware(given: Dictionary[str, str]) -> None:
    """Hardware that no plan uses would leave every memory rule without anything to judge."""
    hardware = [key for key in ("gpu", "vram", "instance", "count") if key in given]
    if hardware and not any(KEYS[key][1] in ("fine_tuning", "deployment") for key in given):
        raise InputError.one(
            f"--{hardware[0]} is named, and nothing that would run on it",
            expected="`--context-window` for serving, or `--method` and `--sequence-length` for a fine-tuning",
            file="select",
        )


def of_manifest(source: SourceFile, named: str | None = None) -> Question:
    """The open entry of a manifest: the one without `model`, or the one that is named.

    Raises:
        InputError: the manifest cannot be used, or it is not clear which entry is meant.
    """
    found: list[tuple[int, Mapping]] = []

    def completed(root: Node) -> Node:
        found.append(_open_entry(root, source, named))
        return root

    manifest = load(source, complete=completed)
    index, node = found[0]
    return Question(manifest, manifest.models[index], node, source, written=True)


def _open_entry(root: Node, source: SourceFile, named: str | None) -> tuple[int, Mapping]:
    """The entry in question, which gets a stand-in for its model; a copy of it as it is written."""
    models = root.items.get("models") if isinstance(root, Mapping) else None
    items = models.value.items if models is not None and isinstance(models.value, Sequence) else []
    entries = [(index, item) for index, item in enumerate(items) if isinstance(item, Mapping)]
    if named is not None:
        meant = [(index, item) for index, item in entries if _name(item) == named]
        names = [name for _, item in entries if (name := _name(item))]
        expected, hint = f"one of {', '.join(names)}" if names else "an entry with `name`", did_you_mean(named, names)
        refusal = InputError.one(f"no entry is called `{named}`", expected=expected, hint=hint, file=source.name)
    else:
        meant = [(index, item) for index, item in entries if "model" not in item.items]
        sentence = f"{len(meant) or 'no'} entries have no `model`" if len(meant) != 1 else ""
        expected = "one entry without it, or `--entry NAME`"
        refusal = InputError.one(sentence, expected=expected, file=source.name)
    if len(meant) != 1:
        raise refusal
    index, item = meant[0]
    written = Mapping(dict(item.items), item.at)
    _completed(item)
    return index, written


def _name(item: Mapping) -> str:
    """The name that is written, else the last part of the model's id."""
    for key in ("name", "model"):
        entry = item.items.get(key)
        if entry is not None and isinstance(entry.value, Scalar):
            return entry.value.text.rpartition("/")[2] if key == "model" else entry.value.text
    return ""


def _completed(entry: Mapping) -> Mapping:
    """The entry with a stand-in for its model, and without what is about one model alone."""
    entry.items["model"] = Entry(entry.at, Scalar(CANDIDATE, True, entry.at))
    for key in ("revision", "license", "baseline", "derived_from", "root", "known", "measured", "obligations"):
        entry.items.pop(key, None)
    return entry
