"""Reads what the Hub says of a model: every field may be absent, or of another shape than documented."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from checker.facts.card import Card, card_of
from checker.facts.locked.entry import Gate, GgufFile, LockedFile, ScanIssue, SecurityScan
from checker.facts.locked.resolve import Record
from checker.hub.errors import Failure, HubError
from checker.value import NamedTuple

MAX_FILES = 100_000
"""Files of a repository that are kept; those after them are left out."""
_MAX_TAGS = 400
"""Tags of a model, and findings of a security scan, that are kept."""
_MAX_TEXT = 400
"""Characters of a name or a tag that are kept; paths and links may have more."""
_MAX_PATH = 2_000
"""Characters of a path or a link."""
_MAX_COUNT = (1 << 63) - 1
"""What a number of an answer may be at most: sizes and counts of the Hub fit into 64 bits."""
_ID = re.compile(r"(?!.*(--|\.\.))\w[\w.-]{0,95}(/\w[\w.-]{0,95})?(?<![.-])", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Answer(NamedTuple):
    """What the Hub says of a model at one commit."""

    id: str
    """The id that the model has today."""
    commit: str
    files: tuple[LockedFile, ...] | None
    """None where the Hub lists none at all."""
    card: Card | None
    """None where the answer holds no card: it may still exist as a file."""
    record: Record

    @property
    def names(self) -> frozenset[str]:
        """The paths of all files."""
        return frozenset(file.path for file in self.files or ())


def read_answer(data: Mapping[str, Any]) -> Answer:
    """What an answer of `/api/models/ID` says.

    Raises:
        HubError: it names no model or no commit, so that nothing in it can be pinned.
    """
    model, commit = _text(data.get("id")) or _text(data.get("modelId")), _text(data.get("sha"))
    if not _ID.fullmatch(model) or not _COMMIT.fullmatch(commit):
        raise HubError(
            Failure.MISREAD,
            f"the endpoint names no {'commit' if _ID.fullmatch(model) else 'id'} of the model that it answers about",
            "check HF_ENDPOINT: the address must speak the Hub's API",
        )
    tags = tuple(_texts(data.get("tags")))[:_MAX_TAGS]
    front = data.get("cardData")
    return Answer(
        id=model,
        commit=commit,
        files=_files(data.get("siblings")),
        card=_card(front, data.get("baseModels")) if isinstance(front, dict) else None,
        record=Record(
            tags=tags or None,
            pipeline_tag=_text(data.get("pipeline_tag")) or None,
            library_name=_text(data.get("library_name")) or None,
            parameters_by_dtype=_by_dtype(data.get("safetensors")),
            gguf=_gguf(data),
            chat_template=_chat_template(data),
            gate=_gate(data.get("gated")),
            private=_flag(data.get("private")),
            disabled=_flag(data.get("disabled")),
            security=_security(data.get("securityRepoStatus")),
        ),
    )


def _card(front: Mapping[str, Any], base_models: object) -> Card:
    """The card as the answer holds it; `baseModels` stands in where the card names no base."""
    card = card_of(front)
    if card.parents or not isinstance(base_models, dict):
        return card
    listed = base_models.get("models")
    names = [item.get("id") if isinstance(item, dict) else item for item in listed] if isinstance(listed, list) else []
    base = {"relation": base_models.get("relation"), "models": names}
    return card_of({**front, "base_model": base})


def _by_dtype(value: object) -> dict[str, int] | None:
    """Elements by type; None where the answer gives a total alone, or nothing."""
    stated = _mapping(_mapping(value).get("parameters"))
    counts = {name: count for name, number in stated.items() if (count := _count(number)) and len(name) < 40}
    return counts or None


def _files(value: object) -> tuple[LockedFile, ...] | None:
    if not isinstance(value, list):
        return None
    found = (_file(item) for item in value[:MAX_FILES] if isinstance(item, dict))
    return tuple(file for file in found if file is not None)


def _file(item: Mapping[str, Any]) -> LockedFile | None:
    path = _text(item.get("rfilename"), _MAX_PATH)
    if not path or path.startswith("/") or ".." in path.split("/"):
        return None
    lfs = _mapping(item.get("lfs"))
    size = item.get("size", lfs.get("size"))
    sha256, blob = _text(lfs.get("sha256")), _text(item.get("blobId"))
    return LockedFile(
        path=path,
        size=size if type(size) is int and 0 <= size <= _MAX_COUNT else None,
        sha256=sha256 if _SHA256.fullmatch(sha256) else None,
        # Of a file in large file storage the blob is a pointer, whose id says nothing that its SHA-256 does not.
        blob=blob if _COMMIT.fullmatch(blob) and not lfs else None,
    )


def listed_files(tree: list[Any]) -> tuple[LockedFile, ...]:
    """The files in an answer of `/api/models/ID/tree/COMMIT`, whose keys are others than those of the record."""
    items = [item for item in tree[:MAX_FILES] if isinstance(item, dict) and item.get("type") == "file"]
    siblings = [
        {
            "rfilename": item.get("path"),
            "size": item.get("size"),
            "blobId": item.get("oid"),
            "lfs": {"sha256": lfs.get("oid"), "size": lfs.get("size")} if (lfs := _mapping(item.get("lfs"))) else None,
        }
        for item in items
    ]
    return _files(siblings) or ()


def _gate(value: object) -> Gate | None:
    if value is False:
        return Gate.NO
    return Gate(value) if value in ("auto", "manual") else None


def _gguf(data: Mapping[str, Any]) -> GgufFile | None:
    """What the Hub read from one GGUF file; it does not say which, so the first by name that holds a model stands."""
    stated = _mapping(data.get("gguf"))
    names = sorted(file.path for file in _files(data.get("siblings")) or () if file.path.endswith(".gguf"))
    models = [name for name in names if "mmproj" not in name]
    if not stated or not models:
        return None
    return GgufFile(
        path=models[0],
        architecture=_text(stated.get("architecture")) or None,
        parameters=_count(stated.get("total")),
        context=_count(stated.get("context_length")),
    )


def _chat_template(data: Mapping[str, Any]) -> bool | None:
    """True where the Hub shows one; that it shows none does not say that there is none."""
    tokenizer = _mapping(_mapping(data.get("config")).get("tokenizer_config"))
    shown = tokenizer.get("chat_template") or _mapping(data.get("gguf")).get("chat_template")
    return True if shown else None


def _security(value: object) -> SecurityScan | None:
    status = _mapping(value)
    if type(status.get("scansDone")) is not bool:
        return None
    listed = status.get("filesWithIssues")
    issues = [
        ScanIssue(_text(item.get("path"), _MAX_PATH), _text(item.get("level")))
        for item in (listed if isinstance(listed, list) else [])[:_MAX_TAGS]
        if isinstance(item, dict) and _text(item.get("path"))
    ]
    return SecurityScan(status["scansDone"], tuple(issues))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _count(value: object) -> int | None:
    return value if type(value) is int and 0 < value <= _MAX_COUNT else None


def _text(value: object, most: int = _MAX_TEXT) -> str:
    """A text on one line; of a list, its first one."""
    return next(_texts(value, most), "")


def _texts(value: object, most: int = _MAX_TEXT) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and item.strip():
            yield " ".join(item.split())[:most]
