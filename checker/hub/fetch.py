"""Fetches what a lock holds of one model: its record, its small files, and the headers of weights only where needed."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Callable, Mapping
from typing import Any

from checker.document.characters import from_json
from checker.document.errors import InputError
from checker.document.read import from_text
from checker.facts.card import Card, front_matter, read_card
from checker.facts.config import word
from checker.facts.fact import Unknown
from checker.facts.folder import Found
from checker.facts.gguf import Header, NotGgufError, header_in
from checker.facts.locked.entry import LockedFile
from checker.facts.locked.resolve import MAX_LICENSE, Resolved, is_license_file
from checker.facts.no_number import SIZED, no_number_in
from checker.facts.safetensors import NotSafetensorsError, added, elements_by_dtype, header_length, loaded
from checker.hub.client import Hub
from checker.hub.drift import is_pin
from checker.hub.errors import Failure, HubError
from checker.hub.record import Answer, listed_files, read_answer
from checker.value import NamedTuple

MAX_SMALL_BYTES = 8 << 20
"""The largest configuration, tokenizer configuration or card that is read; vocabularies stand in other files."""
_FIRST_BYTES = 1 << 17
"""One request fetches the header of most safetensors files whole: some 100 bytes a tensor."""
MAX_HEADER_BYTES = 25_000_000
"""The limit of the Hub's own library for the header of a safetensors file."""
MAX_SHARDS = 64
"""Files of weights whose headers are read at most; the Hub itself counts parameters of nearly all larger models."""
MAX_GGUF_FILES = 4
"""GGUF files of a repository whose headers are read at most: many hold one model in twenty types."""
_JSON = {
    "config": ("config.json", dict),
    "tokenizer": ("tokenizer_config.json", dict),
    "adapter": ("adapter_config.json", dict),
    "pooling_limit": ("sentence_bert_config.json", dict),
}


class Blobs:
    """Contents of small files by their git blob id: what a hundred models share is fetched once."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}
        self._gates: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def once(self, file: LockedFile | None, read: Callable[[], bytes | None]) -> bytes | None:
        """The content of a file, read unless a file of the same blob id was; two threads do not read one at once."""
        if file is None or file.blob is None:
            return read()
        with self._lock:
            gate = self._gates.setdefault(file.blob, threading.Lock())
        with gate:
            content = self._held.get(file.blob)
            if content is None and (content := read()) is not None:
                self._held[file.blob] = content
            return content


class Fetched(NamedTuple):
    """What came of one model."""

    resolved: Resolved
    gated: HubError | None
    """Why no file was read, where the Hub gives the record of a gated model and not its files."""


def fetch(hub: Hub, model: str, revision: str | None, *, at: str, asked: str | None, blobs: Blobs) -> Fetched:
    """Everything that the Hub gives of a model at a revision.

    Args:
        hub: the connection.
        model: the id as the manifest writes it.
        revision: as the manifest writes it; None where it names none.
        at: the time in UTC, as the lock writes it.
        asked: the revision to ask for, which is the locked commit where the lock holds one.
        blobs: files that this run has read already.

    Raises:
        HubError: the record cannot be had, or a file that decides what the model is.
    """
    answer = read_answer(hub.record(model, asked))
    if is_pin(asked) and answer.commit != asked:
        raise HubError(
            Failure.MISREAD,
            f"{hub.endpoint.shown} was asked for {model} at {asked} and answers with {answer.commit}",
            "check HF_ENDPOINT: a commit stands for itself",
        )
    if answer.files and all(file.size is None for file in answer.files):
        # Mirrors list names alone; the Hub itself never needs this request.
        answer = answer._replace(files=listed_files(hub.tree(answer.id, answer.commit)) or answer.files)
    one = _Fetch(hub, answer, blobs)
    return Fetched(one.resolved(model, revision, at), one.gated)


class _Fetch:
    """One model's files at its commit, and what could not be read of them."""

    def __init__(self, hub: Hub, answer: Answer, blobs: Blobs) -> None:
        self._hub = hub
        self._answer = answer
        self._blobs = blobs
        self._files = {file.path: file for file in answer.files or ()}
        self.gated: HubError | None = None
        self.notes: list[str] = []

    def resolved(self, model: str, revision: str | None, at: str) -> Resolved:
        answer = self._answer
        held = {name: self._json(path, kind) for name, (path, kind) in _JSON.items()}
        modules = self._json("modules.json", list) or []
        card = answer.card or self._card()
        licenses = self._licenses()
        elements = self._elements()
        gguf = self._gguf()
        if self.gated is not None:
            self.notes.append(f"{self.gated.sentence}: no file of it was read, only its record and the names of files")
        tokenizer: Mapping[str, Any] | Unknown | None = held["tokenizer"]
        if tokenizer is None and "tokenizer_config.json" in answer.names:
            tokenizer = Unknown("remote_code", "tokenizer_config.json was not read")
        return Resolved(
            model=model,
            revision=revision,
            commit=answer.commit,
            resolved_at=at,
            resolved_from=self._hub.endpoint.shown,
            found=Found(
                name=answer.id,
                names=answer.names,
                config=held["config"],
                tokenizer=tokenizer,
                adapter=held["adapter"],
                pooling_limit=held["pooling_limit"],
                modules=tuple(word(item, "type") or "" for item in modules if type(item) is dict),
                card=card,
                hub_id=answer.id,
            ),
            files=answer.files or (),
            record=answer.record,
            elements=elements,
            gguf=gguf,
            licenses=licenses,
            listed=answer.files is not None,
            notes=tuple(self.notes),
        )

    def _content(self, path: str, most: int) -> bytes | None:
        """The bytes of a small file; None where there is none, or where it may not be read."""
        file = self._files.get(path)
        if (self._answer.files is not None and file is None) or self.gated is not None:
            return None
        if file is not None and (file.size or 0) > most:
            self.notes.append(f"{path} has {file.size} bytes and was not read: at most {most} are")
            return None
        try:
            return self._blobs.once(file, lambda: self._read(path, file, most))
        except HubError as error:
            if error.failure is not Failure.GATED:
                raise
            self.gated = error
            return None

    def _read(self, path: str, file: LockedFile | None, most: int) -> bytes | None:
        content = self._hub.file(self._answer.id, self._answer.commit, path, most)
        if content is not None:
            self._check(path, file, content)
        return content

    def _check(self, path: str, file: LockedFile | None, content: bytes) -> None:
        """What came must be what the record names, wherever it names a digest."""
        if file is None or (file.blob is None and file.sha256 is None):
            return
        if file.sha256 is not None:
            fits = hashlib.sha256(content).hexdigest() == file.sha256
        else:
            blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
            fits = blob.hexdigest() == file.blob
        if not fits:
            raise HubError(
                Failure.TRUNCATED,
                f"{path} of {self._answer.id} is not the file that the record names: its digest differs",
                "try again; if it stays, a proxy or a mirror on the way changes answers",
            )

    def _json(self, path: str, kind: type) -> Any:
        content = self._content(path, MAX_SMALL_BYTES)
        if content is None:
            return None
        try:
            value = from_json(content)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict) and path in SIZED and (odd := no_number_in(value)):
            self.notes.append(f"{path} was left out: {odd.sentence}")
            return None
        if isinstance(value, kind):
            return value
        if path not in self._files:  # nobody named it, so what came may be the page of a portal
            raise HubError(
                Failure.NOT_JSON,
                f"{path} of {self._answer.id} is no JSON of that kind",
                "look at the address with a browser: something else may answer there",
            )
        self.notes.append(f"{path} is no JSON {'list' if kind is list else 'object'} and was left out")
        return None

    def _card(self) -> Card | Unknown:
        content = self._content("README.md", MAX_SMALL_BYTES)
        if content is None:
            why = "the card was not read" if "README.md" in self._answer.names else "the model has no card"
            return Unknown("license", why)
        try:
            front = front_matter(from_text("README.md", content, MAX_SMALL_BYTES))
            return Unknown("license", "README.md has no front matter") if front is None else read_card(front)
        except InputError as error:
            return Unknown("license", f"README.md cannot be read: {error.problems[0].sentence}")

    def _licenses(self) -> dict[str, bytes]:
        paths = sorted(path for path in self._answer.names if is_license_file(path))
        found = {path: self._content(path, MAX_LICENSE) for path in paths}
        return {path: content for path, content in found.items() if content is not None}

    def _elements(self) -> dict[str, int] | None:
        """Elements by type from the headers, where the record does not say them."""
        if self._answer.record.parameters_by_dtype is not None or self.gated is not None:
            return None
        names = loaded(self._answer.names)
        if len(names) > MAX_SHARDS:
            self.notes.append(f"{len(names)} files of weights, and the record counts no parameters: not counted here")
            return None
        try:
            return added(self._header(name) for name in names) if names else None
        except NotSafetensorsError as error:
            self.notes.append(f"a header of the safetensors files cannot be read: {error}")
        except HubError as error:
            if error.failure is not Failure.GATED:
                raise
            self.gated = error
        return None

    def _header(self, path: str) -> dict[str, int]:
        model, commit = self._answer.id, self._answer.commit
        first = self._hub.part(model, commit, path, 0, _FIRST_BYTES)
        length = header_length(first)
        if length > MAX_HEADER_BYTES:
            raise NotSafetensorsError(f"{path} has a header of {length} bytes, and at most {MAX_HEADER_BYTES} are read")
        header = first[8 : 8 + length]
        if len(header) < length:
            header += self._hub.part(model, commit, path, len(first), length - len(header))
        if len(header) < length:
            raise NotSafetensorsError(f"{path} ends inside its header")
        return elements_by_dtype(header)

    def _gguf(self) -> dict[str, Header]:
        """Headers of GGUF files, where the record says nothing of them."""
        if self._answer.record.gguf is not None or self.gated is not None:
            return {}
        names = sorted(path for path in self._answer.names if path.endswith(".gguf") and "/" not in path)
        models = [name for name in names if "mmproj" not in name]
        if len(models) > MAX_GGUF_FILES:
            self.notes.append(f"of {len(models)} GGUF files the headers of the first {MAX_GGUF_FILES} were read")
        headers = {}
        for name in models[:MAX_GGUF_FILES]:
            part = RemoteFile(self._hub, self._answer.id, self._answer.commit, name)
            try:
                headers[name] = header_in(io.BufferedReader(part, _CHUNK_BYTES))
            except NotGgufError as error:
                self.notes.append(f"the header of {name} cannot be read: {error}")
            except HubError as error:
                if error.failure is not Failure.GATED:
                    raise
                self.gated = error
                break
        return headers


_CHUNK_BYTES = 1 << 20
"""Bytes that one request for a part of a file asks for."""
_MAX_GGUF_BYTES = 64 << 20
"""The tables of a vocabulary of 256,000 tokens take some 10 MB."""


class RemoteFile(io.RawIOBase):
    """A file at the Hub that is read from its beginning in ranges, as far as somebody reads."""

    def __init__(self, hub: Hub, model: str, commit: str, path: str) -> None:
        self._hub = hub
        self._place = (model, commit, path)
        self._at = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with what comes next; 0 at the end, and where no header has its end."""
        length = min(len(buffer), _MAX_GGUF_BYTES - self._at)
        part = self._hub.part(*self._place, self._at, length) if length > 0 else b""
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)
