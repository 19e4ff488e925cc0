"""What code and charts take from a manifest instead of writing it a second time: id, commit, licence, window.

Only what is asked for is read: no policy, no catalogue, no rule, and no typed model, so that a service may ask at its
start. A manifest that cannot be used in whole is `check`'s to refuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from checker.document.digits import whole
from checker.document.errors import InputError, shown
from checker.document.nearest import did_you_mean
from checker.document.place import Place
from checker.document.read import read
from checker.document.system import path_text, told
from checker.document.tree import Mapping, Node, Scalar, Sequence, parse
from checker.value import NamedTuple

if TYPE_CHECKING:
    from checker.facts.locked.lock import Lock

NAMES = ("model.yaml", "model.yml", "weighbridge.yaml")
"""The files that are looked for in a folder, the first one found counting."""
_COMMIT = re.compile("[0-9a-f]{40}")
_VALUES = {
    "model": ("model",),
    "license": ("license",),
    "objective": ("objective",),
    "provider": ("provider",),
    "runtime": ("deployment", "runtime"),
    "quantization": ("deployment", "quantization"),
    "context_window": ("deployment", "context_window"),
    "parallel_requests": ("deployment", "parallel_requests"),
    "kv_cache": ("deployment", "kv_cache"),
    "weights.model": ("deployment", "weights", "model"),
    "weights.revision": ("deployment", "weights", "revision"),
}
"""Where each key stands in an entry of `models`; `revision` comes from the lock where the manifest names none."""
KEYS = tuple(sorted((*_VALUES, "revision")))
"""What can be asked for."""


class Pin(NamedTuple):
    """One model as the project declares it, at the commit that the manifest or its lock pins.

    Example:
        >>> from checker import pin
        >>> pin("embedder", "examples/passes").repository
        {'repo_id': 'BAAI/bge-m3', 'revision': '5617a9f61b028005a4858fdac845db406aefb181'}
    """

    name: str
    """The entry's name in the manifest."""
    model: str
    """The Hub id, or the path of a local folder from the manifest's own."""
    revision: str
    """The commit of 40 hexadecimal digits; empty for a local folder and for a model behind an API."""
    license: str
    """As the manifest writes it; empty where it names none."""
    context_window: int | None
    """Tokens of the declared window."""

    @property
    def pretrained(self) -> dict[str, str]:
        """Keywords of `from_pretrained(**…)` in transformers and its relatives."""
        return {"pretrained_model_name_or_path": self.model, **self._revision}

    @property
    def repository(self) -> dict[str, str]:
        """Keywords of `snapshot_download(**…)` and `hf_hub_download(**…)` in huggingface_hub."""
        return {"repo_id": self.model, **self._revision}

    @property
    def _revision(self) -> dict[str, str]:
        return {"revision": self.revision} if self.revision else {}


class _Entry(NamedTuple):
    node: Mapping
    name: str
    at: Place


def pin(name: str, manifest: str | Path = ".") -> Pin:
    """The model that the manifest calls `name`, so that code need not repeat its id and commit.

    Nothing is judged: that is for `check`, before the code runs.

    Args:
        name: the entry's name, or the last part of the id where it has none.
        manifest: the file, or its folder.

    Example:
        >>> from checker import pin
        >>> found = pin("assistant", "examples/passes")
        >>> found.pretrained["pretrained_model_name_or_path"]
        'meta-llama/Llama-3.1-8B-Instruct'

    Raises:
        InputError: there is no such file or name, or no commit is pinned.
        TypeError: an argument is of another type.
    """
    if not isinstance(name, str):
        raise TypeError(f"`name` is a {type(name).__name__}: expected text")
    with told():
        return _pinned(name, manifest_in(Path(path_text(manifest, "manifest"))))


def _pinned(name: str, path: Path) -> Pin:
    entry = _entry(path, name)
    window = _text(entry.node, _VALUES["context_window"])
    if window and whole(window) is None:
        raise InputError.one(f"context_window is `{window}`", expected="a number of tokens", at=entry.at)
    model, license_name = _model(entry), _text(entry.node, _VALUES["license"]) or ""
    for key, found in (("model", model), ("license", license_name)):
        _refuse_more_than_one(found, key, entry)
    return Pin(
        name=entry.name,
        model=model,
        revision=_revision(path, entry),
        license=license_name,
        context_window=whole(window) if window else None,
    )


def value(asked: str, manifest: Path) -> str:
    """One value by `NAME.KEY`.

    Raises:
        InputError: there is no such file, name or key, or the manifest does not state the value.
    """
    path = manifest_in(manifest)
    key = next((key for key in sorted(KEYS, key=len, reverse=True) if asked.endswith(f".{key}")), None)
    if key is None:
        raise _no_key(asked, tuple(entry.name for entry in _entries(path)))
    entry = _entry(path, asked.removesuffix(f".{key}"))
    found = _revision(path, entry) if key == "revision" else _text(entry.node, _VALUES[key])
    if not found:
        raise InputError.one(
            f"`{entry.name}` states no {key}", expected=f"`{'.'.join(_VALUES.get(key, (key,)))}`", at=entry.at
        )
    _refuse_more_than_one(found, key, entry)
    return found


def _no_key(asked: str, names: tuple[str, ...]) -> InputError:
    """What is wrong with `asked`, which ends with no key: a name or a key may have been left out."""
    expected = f"NAME.KEY, the key one of {', '.join(KEYS)}"
    if asked in KEYS:
        hint = f"did you mean `{names[0]}.{asked}`?" if len(names) == 1 else f"the names are {', '.join(names)}"
        return InputError.one(f"`{asked}` names no model", expected=expected, hint=hint if names else "", file="get")
    name, _, wrong = asked.rpartition(".")
    if asked in names or not name:
        hint = f"did you mean `{asked}.model`?" if asked in names else ""
        return InputError.one(f"`{asked}` names no key", expected=expected, hint=hint, file="get")
    return InputError.one(f"`{wrong}` is no key", expected=expected, hint=did_you_mean(wrong, KEYS), file="get")


def _refuse_more_than_one(found: str, key: str, entry: _Entry) -> None:
    """Refuse a value that a script could take for a line more, a word more or an option: `$(weighbridge get …)`.

    A licence and a provider are people's words, and a folder's name may hold blanks: these are one line.
    """
    words = key in ("license", "provider") or found.startswith(("./", "../"))
    if not found.isprintable() or found.startswith("-") or (not words and any(map(str.isspace, found))):
        raise InputError.one(
            f"`{entry.name}` states a {key} that is no single {'line' if words else 'word'}: `{shown(found)}`",
            expected="one without line ends and control characters that does not begin with a dash",
            at=entry.at,
        )


def names(manifest: Path) -> tuple[str, ...]:
    """The names of all models, in the order of the manifest."""
    return tuple(entry.name for entry in _entries(manifest_in(manifest)))


def manifest_in(path: Path) -> Path:
    """The manifest of a folder; any other path is taken for one.

    Raises:
        InputError: no manifest is in the folder.
    """
    if not path.is_dir():
        return path
    found = next((path / name for name in NAMES if (path / name).is_file()), None)
    if found is None:
        raise InputError.one("no manifest is here", expected=f"one of {', '.join(NAMES)}", file=path.as_posix())
    return found


def _entry(path: Path, name: str) -> _Entry:
    entries = tuple(_entries(path))
    found = [entry for entry in entries if entry.name == name]
    if len(found) == 1:
        return found[0]
    known = [entry.name for entry in entries]
    sentence = f"no model is called `{name}`" if not found else f"{len(found)} models are called `{name}`"
    raise InputError.one(
        sentence,
        expected=f"one of {', '.join(known)}" if known else "a model under `models`",
        hint=did_you_mean(name, known),
        file=path.as_posix(),
    )


def _entries(path: Path) -> Iterator[_Entry]:
    root = parse(read(path))
    held = root.items.get("models") if isinstance(root, Mapping) else None
    if not isinstance(root, Mapping) or "weighbridge" not in root.items or held is None:
        raise InputError.one("this is no Weighbridge manifest", expected="`weighbridge: 1` and `models`", at=root.at)
    for node in held.value.items if isinstance(held.value, Sequence) else ():
        if isinstance(node, Mapping):
            last = (_text(node, ("model",)) or "").rstrip("/").rpartition("/")[2]
            yield _Entry(node, _text(node, ("name",)) or last, node.at)


def _text(node: Node, keys: tuple[str, ...]) -> str | None:
    """The scalar below these keys as it is written; None where there is none."""
    for key in keys:
        held = node.items.get(key) if isinstance(node, Mapping) else None
        if held is None:
            return None
        node = held.value
    return node.text if isinstance(node, Scalar) and not node.empty else None


def _model(entry: _Entry) -> str:
    model = _text(entry.node, ("model",))
    if model is None:
        raise InputError.one(f"`{entry.name}` names no model", expected="`model`", at=entry.at)
    return model


def _revision(path: Path, entry: _Entry) -> str:
    """The commit: as the manifest writes it, else from the lock; empty where nothing can be pinned."""
    model, written = _model(entry), _text(entry.node, ("revision",))
    if model.startswith((".", "/")) or _text(entry.node, ("access",)) == "api":
        return ""
    if written is not None and _COMMIT.fullmatch(written):
        return written
    lock = _lock(path)
    held = lock.find(model, written) if lock else None
    if held is not None and held.commit:
        return held.commit
    said = f"`{written}`, which moves" if written else "none"
    raise InputError.one(
        f"no commit is pinned for `{entry.name}`: its revision is {said}",
        expected="40 hexadecimal digits under `revision`, or an entry in model.lock",
        hint="`weighbridge lock` writes one",
        at=entry.at,
    )


def _lock(path: Path) -> Lock | None:
    beside = path.parent / "model.lock"
    if not beside.exists():
        return None
    from checker.facts.locked.file import read as read_lock

    return read_lock(beside)
