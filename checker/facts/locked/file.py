"""Reads and writes `model.lock`: JSON with one fact a line, so that a review sees the change of a fact as one line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from checker.document.as_json import dumps
from checker.document.each_once import KeyTwice, each_once
from checker.document.errors import InputError, Problem, shown
from checker.document.place import Place, SourceFile
from checker.document.read import from_text, read_bytes
from checker.facts.locked.entry import LockEntry, Sha256
from checker.facts.locked.lock import FORMAT, Lock, content_of, digest_of
from checker.facts.locked.shape import Odd, read_record
from checker.value import NamedTuple

if TYPE_CHECKING:
    from checker.document.json_place import Places

MAX_BYTES = 8 * 1024 * 1024
"""The largest lock that is read: 8 MiB, some 400 models."""
_MOST_PROBLEMS = 20
_MARKS = ("<<<<<<< ", "=======\n", ">>>>>>> ")


class OtherFormatError(InputError):
    """A lock of another format, of which this version can say nothing, and which it must not replace."""


class Document(NamedTuple):
    """The whole of a lock file."""

    weighbridge_lock: int
    """The format of this file; a higher one needs a newer Weighbridge."""
    sha256: Sha256
    """Over the content (`models` and `texts`): finds an accidental edit, and no fraud, since anybody can compute it."""
    models: tuple[LockEntry, ...]
    """One item a model and revision, sorted."""
    texts: dict[str, tuple[str, ...]] = {}
    """Lines of licence files by the SHA-256 of the file's bytes."""


def read(path: Path, name: str | None = None) -> Lock:
    """The lock at `path`, called `name` in messages (default: the path as given, with forward slashes).

    Raises:
        InputError: it cannot be read, is larger than `MAX_BYTES`, is no lock of a format that this version knows, holds
            something else than a lock does, or its digest does not fit its content.
    """
    return parse(source(path, name))


def source(path: Path, name: str | None = None) -> SourceFile:
    """The text of the file at `path`; raises `InputError` where it cannot be read, as `read` does."""
    shown_as = path.as_posix() if name is None else name
    return from_text(shown_as, read_bytes(path, shown_as, MAX_BYTES), MAX_BYTES)


def may_be_ours(text: str) -> bool:
    """Whether a text that is no lock may have been one: it is empty, has our key, or marks that a merge left.

    The middle one underlines titles in other files.
    """
    return not text.strip() or "weighbridge_lock" in text or any(mark in text for mark in _MARKS[::2])


def parse(source: SourceFile) -> Lock:
    """The lock in a text; raises `InputError` as `read` does."""
    document = decoded(source)
    odd: list[Odd] = []
    lock = read_record(Document, document, odd)
    refuse(source, odd)
    refuse_doubles(source, [(entry.model, entry.revision) for entry in lock.models])
    refuse_other_content(source, lock.sha256)
    return Lock(lock.models, lock.texts, source.name, lock.sha256)


def refuse(source: SourceFile, odd: list[Odd]) -> None:
    """Raise an `InputError` where anything in a lock is odd, each thing with its place."""
    if odd:
        from checker.document.json_place import Places  # only a mistake needs it

        places = Places(source)
        raise InputError(tuple(_problem(places, one) for one in odd[:_MOST_PROBLEMS]))


def as_text(lock: Lock) -> str:
    """The file: keys in a fixed order, a line for each fact, each file and each line of a licence text."""
    content = content_of(lock)
    head = f' "weighbridge_lock": {FORMAT},\n "sha256": "",\n'
    models = _block("[", [_entry(entry) for entry in content["models"]], "]", 1)
    texts = [
        f"{_json(digest)}: {_block('[', [_json(line) for line in lines], ']', 2)}"
        for digest, lines in content["texts"].items()
    ]
    tail = f',\n "texts": {_block("{", texts, "}", 1)}' if texts else ""
    text = f'{{\n{head} "models": {models}{tail}\n}}\n'
    return text.replace('"sha256": ""', f'"sha256": "{digest_of(text, "")}"', 1)


def write(path: Path, lock: Lock) -> None:
    """Put the lock in the place of the file at `path` in one step; an equal one is left as it is.

    Raises:
        InputError: the folder does not exist or cannot be written.
    """
    from checker.document.write import replace_file

    replace_file(path, as_text(lock))


def _entry(entry: dict[str, Any]) -> str:
    """One model: its identity, then a line for each fact and each file."""
    lines = []
    for key, value in entry.items():
        if key == "facts":
            facts = [f"{_json(name)}: {_json(fact)}" for name, fact in value.items()]
            lines.append(f'"facts": {_block("{", facts, "}", 3)}')
        elif key == "files":
            lines.append(f'"files": {_block("[", [_json(file) for file in value], "]", 3)}')
        else:
            lines.append(f"{_json(key)}: {_json(value)}")
    return _block("{", lines, "}", 2)


def _block(opening: str, lines: list[str], closing: str, depth: int) -> str:
    if not lines:
        return opening + closing
    indent = " " * (depth + 1)
    return f"{opening}\n" + ",\n".join(indent + line for line in lines) + f"\n{' ' * depth}{closing}"


def _json(value: Any) -> str:
    """JSON on one line, in which a reviewer sees what is there."""
    return dumps(value, ensure_ascii=False)


def decoded(source: SourceFile) -> dict[str, Any]:
    """The JSON object in a text that is a lock of the format that this version reads.

    Raises:
        InputError: it is none.
    """

    def no_lock(sentence: str, at: Place | None) -> NoReturn:
        merged = all(mark in source.text for mark in _MARKS)
        hint = "a merge left its marks here; " if merged else ""
        raise InputError.one(
            sentence,
            expected="a lock as `weighbridge lock` writes it",
            hint=f"{hint}run `weighbridge lock`",
            at=at,
            file="" if at else source.name,
        )

    try:
        document = json.loads(source.text, parse_constant=_no_constant, object_pairs_hook=each_once)
    except json.JSONDecodeError as error:
        no_lock(f"this is no JSON ({error.msg})", Place(source, error.lineno, error.colno))
    except KeyTwice as error:
        no_lock(str(error), None)
    except (RecursionError, ValueError):  # nested too deep, NaN, or a number of thousands of digits
        no_lock("this is no JSON that can be read", None)
    if type(document) is not dict or "weighbridge_lock" not in document:
        no_lock("this is no lock of Weighbridge: it has no key `weighbridge_lock`", Place(source, 1, 1))
    _refuse_other_format(source, document)
    return document


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse_other_format(source: SourceFile, document: dict[str, Any]) -> None:
    written = document["weighbridge_lock"]
    if type(written) is int and written == FORMAT:  # `true` is 1 to Python
        return
    newer = type(written) is int and written > FORMAT
    raise OtherFormatError.one(
        f"the lock has format {written}: a newer weighbridge is needed" if newer else "`weighbridge_lock` is no format",
        expected=f"{FORMAT}, the format that this version reads",
        hint="update weighbridge" if newer else "move what bears this name, and run `weighbridge lock`",
        at=_place(source, ("weighbridge_lock",)),
    )


def refuse_doubles(source: SourceFile, keys: Sequence[tuple[str, str | None]]) -> None:
    """Raise an `InputError` where two entries have one key."""
    seen: dict[tuple[str, str | None], int] = {}
    for index, key in enumerate(keys):
        first = seen.setdefault(key, index)
        if first != index:
            raise InputError.one(
                f"{shown(key[0])} stands here twice at the same revision",
                expected="one entry a model and revision",
                hint="run `weighbridge lock`",
                at=_place(source, ("models", index, "model")),
                also=_place(source, ("models", first, "model")),
            )


def refuse_other_content(source: SourceFile, stated: str) -> None:
    """Raise an `InputError` where the digest that a lock states is not that of its text."""
    if stated != digest_of(source.text, stated):
        raise InputError.one(
            "the digest does not fit the content: the lock was edited or merged by hand",
            expected="the digest of what stands here",
            hint="run `weighbridge lock`, which resolves the models again",
            at=_place(source, ("sha256",)),
        )


def _problem(places: Places, odd: Odd) -> Problem:
    hint = "; ".join(part for part in (odd.hint, "`weighbridge lock` writes it anew") if part)
    return Problem(odd.sentence, expected=odd.expected, hint=hint, at=places.of(odd.path, of_key=odd.of_key))


def _place(source: SourceFile, path: tuple[str | int, ...]) -> Place:
    from checker.document.json_place import place_in  # as above

    return place_in(source, path)


def lock_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a lock, made from the types."""
    from checker.document.schema import BASE
    from checker.facts.locked.shape import schema_of

    definitions: dict[str, Any] = {}
    schema_of(Document, definitions)
    whole = definitions.pop("Document")
    whole["properties"]["weighbridge_lock"]["const"] = FORMAT
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{BASE}lock.schema.json",
        "title": "Weighbridge lock",
        **whole,
        "$defs": dict(sorted(definitions.items())),
    }
