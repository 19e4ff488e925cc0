"""Reads what the Hub says of a model: every field may be absent, or of another shape than documented."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from checker.facts.card import Card
from checker.facts.locked.entry import Gate, LockedFile, ScanIssue, SecurityScan
from checker.facts.model import Parent, Relation
from checker.hub.errors import Failure, HubError
from checker.value import NamedTuple

MAX_FILES = 100_000
_MAX_TAGS = 400
_MAX_TEXT = 400
"""Characters of a licence's name, a tag or an id that are kept; a link may have more."""
_MAX_LINK = 2_000
_MAX_COUNT = (1 << 63) - 1
_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class GgufRecord(NamedTuple):
    """What the Hub read from the header of one of a model's GGUF files."""

    parameters: int | None
    architecture: str | None
    context: int | None
    chat_template: bool


class Record(NamedTuple):
    """What the Hub says of a model at one commit; None or empty for what it does not say."""

    id: str
    """The id that the model has today."""
    commit: str
    private: bool | None
    gate: Gate | None
    disabled: bool | None
    files: tuple[LockedFile, ...] | None
    """None where the Hub lists none at all."""
    tags: tuple[str, ...]
    pipeline_tag: str
    library_name: str
    card: Card | None
    """None where the record holds no card: it may still exist as a file."""
    config: Mapping[str, Any]
    """The few keys of config.json and tokenizer_config.json that the Hub keeps itself."""
    parameters: int | None
    parameters_by_dtype: Mapping[str, int]
    gguf: GgufRecord | None
    security: SecurityScan | None

    @property
    def names(self) -> frozenset[str]:
        """The paths of all files."""
        return frozenset(file.path for file in self.files or ())

    def file(self, path: str) -> LockedFile | None:
        """The file of that path; None where there is none."""
        return next((file for file in self.files or () if file.path == path), None)

    @property
    def license_tag(self) -> str | None:
        """The Hub's tag `license:…` without its prefix."""
        return next((tag.removeprefix("license:") for tag in self.tags if tag.startswith("license:")), None)


def read_record(data: Mapping[str, Any]) -> Record:
    """The record in an answer of `/api/models/ID`.

    Raises:
        HubError: it names no model or no commit, so that nothing in it can be pinned.
    """
    model = _text(data.get("id")) or _text(data.get("modelId"))
    commit = _text(data.get("sha"))
    if not model or not _COMMIT.fullmatch(commit):
        raise HubError(
            Failure.MISREAD,
            f"the endpoint names no {'commit' if model else 'id'} of the model it answers about",
            "check HF_ENDPOINT: the address must speak the Hub's API",
        )
    tags = tuple(_texts(data.get("tags")))[:_MAX_TAGS]
    safetensors, by_dtype = _mapping(data.get("safetensors")), dict[str, int]()
    for name, number in _mapping(safetensors.get("parameters")).items():
        if (count := count_of(number)) is not None and len(name) < 40:
            by_dtype[name] = count
    config = _mapping(data.get("config"))
    return Record(
        id=model,
        commit=commit,
        private=_flag(data.get("private")),
        gate=_gate(data.get("gated")),
        disabled=_flag(data.get("disabled")),
        files=_files(data.get("siblings")),
        tags=tags,
        pipeline_tag=_text(data.get("pipeline_tag")),
        library_name=_text(data.get("library_name")),
        card=_card(data, tags),
        config=config,
        parameters=count_of(safetensors.get("total")) or (sum(by_dtype.values()) or None),
        parameters_by_dtype=by_dtype,
        gguf=_gguf(data.get("gguf")),
        security=_security(data.get("securityRepoStatus")),
    )


def card_of(front: Mapping[str, Any]) -> Card:
    """What decoded front matter of a card declares, whatever the shapes of its values."""
    bases, stated = _bases(front.get("base_model"))
    relation = _relation(_text(front.get("base_model_relation")) or stated, len(bases))
    return Card(
        license=" AND ".join(_texts(front.get("license"))),
        license_name=_text(front.get("license_name")),
        license_link=_text(front.get("license_link"), _MAX_LINK),
        parents=tuple(Parent(base, relation) for base in bases),
        pipeline_tag=_text(front.get("pipeline_tag")),
        library_name=_text(front.get("library_name")),
    )


def count_of(value: object) -> int | None:
    """A count that fits 64 bits; None for anything else."""
    return value if type(value) is int and 0 < value <= _MAX_COUNT else None


def _card(data: Mapping[str, Any], tags: Sequence[str]) -> Card | None:
    front = data.get("cardData")
    if not isinstance(front, dict):
        return None
    card = card_of(front)
    listed, relation = _bases(data.get("baseModels"))
    by_tag = dict(_tagged_parents(tags))
    names = [parent.model for parent in card.parents] or listed or list(by_tag)
    given = _relation(relation, len(names))

    def related(name: str) -> Relation:
        own = card.parents[0].relation if card.parents else Relation.UNSTATED
        surer = [each for each in (own, given) if each is not Relation.UNSTATED and each is not Relation.MERGE]
        return next(iter(surer), by_tag.get(name, own if own is not Relation.UNSTATED else given))

    return card._replace(parents=tuple(Parent(name, related(name)) for name in names))


def _tagged_parents(tags: Sequence[str]) -> Iterator[tuple[str, Relation]]:
    """Pairs of the tags `base_model:RELATION:ID`, which the Hub derives from a card and from the files."""
    for tag in tags:
        prefix, _, rest = tag.partition(":")
        relation, separator, name = rest.partition(":")
        if prefix == "base_model" and separator and name:
            yield name, _relation(relation, 1)


def _bases(value: object) -> tuple[list[str], str]:
    """Ids of base models and a relation, from a text, a list, or `{"relation": …, "models": […]}`."""
    if isinstance(value, dict):
        names, _ = _bases(value.get("models") if "models" in value else value.get("id", value.get("name")))
        return names, _text(value.get("relation"))
    if isinstance(value, list):
        return [name for item in value for name in _bases(item)[0]], ""
    name = _text(value).removeprefix("https://huggingface.co/").removeprefix("https://hf.co/").strip("/")
    return ([name] if name else []), ""


def _relation(stated: str, parents: int) -> Relation:
    if stated in ("adapter", "finetune", "merge", "quantized"):
        return Relation(stated)
    return Relation.MERGE if parents > 1 else Relation.UNSTATED


def _files(value: object) -> tuple[LockedFile, ...] | None:
    if not isinstance(value, list):
        return None
    found = (_file(item) for item in value[:MAX_FILES] if isinstance(item, dict))
    return tuple(sorted((file for file in found if file is not None), key=lambda file: file.path))


def _file(item: Mapping[str, Any]) -> LockedFile | None:
    path = _text(item.get("rfilename"), _MAX_LINK)
    if not path or path.startswith("/") or ".." in path.split("/"):
        return None
    lfs = _mapping(item.get("lfs"))
    size = item.get("size") if type(item.get("size")) is int else lfs.get("size")
    sha256, blob = _text(lfs.get("sha256")), _text(item.get("blobId"))
    return LockedFile(
        path=path,
        size=size if type(size) is int and 0 <= size <= _MAX_COUNT else None,
        sha256=sha256 if _SHA256.fullmatch(sha256) else None,
        # Of a file in large file storage the blob is a pointer, whose id says nothing that its SHA-256 does not.
        blob=blob if _COMMIT.fullmatch(blob) and not lfs else None,
    )


def _gate(value: object) -> Gate | None:
    if value is False:
        return Gate.NO
    return Gate(value) if value in ("auto", "manual") else None


def _gguf(value: object) -> GgufRecord | None:
    if not isinstance(value, dict) or not value:
        return None
    return GgufRecord(
        parameters=count_of(value.get("total")),
        architecture=_text(value.get("architecture")) or None,
        context=count_of(value.get("context_length")),
        chat_template=bool(_text(value.get("chat_template"))),
    )


def _security(value: object) -> SecurityScan | None:
    status = _mapping(value)
    if type(status.get("scansDone")) is not bool:
        return None
    listed = status.get("filesWithIssues")
    issues = [
        ScanIssue(_text(item.get("path"), _MAX_LINK), _text(item.get("level")))
        for item in (listed if isinstance(listed, list) else ())[:_MAX_TAGS]
        if isinstance(item, dict) and item.get("path")
    ]
    return SecurityScan(status["scansDone"], tuple(issues))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _text(value: object, most: int = _MAX_TEXT) -> str:
    """A text on one line; a list gives its first one."""
    return next(iter(_texts(value, most)), "")


def _texts(value: object, most: int = _MAX_TEXT) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and item.strip():
            yield " ".join(item.split())[:most]
