"""From what a resolver found of a model to its entry in the lock: one way for the Hub, a folder and the Hub's cache."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from checker.facts.card import Card, parents_by_tags
from checker.facts.config import LARGEST, text_config, word
from checker.facts.fact import Certainty, Fact
from checker.facts.folder import Found, facts_of
from checker.facts.gguf import Header
from checker.facts.locked.entry import (
    RECORD,
    Gate,
    GgufFile,
    LockedFacts,
    LockedFile,
    LockEntry,
    Quantization,
    RopeScaling,
    SecurityScan,
    Stated,
)
from checker.facts.model import ArchitectureClass, Dimensions, LicenseFile
from checker.facts.safetensors import floats
from checker.value import NamedTuple

T = TypeVar("T")

_DECLARED, _VERIFIED = Certainty.DECLARED, Certainty.VERIFIED
MAX_LICENSE = 256 * 1024
"""Bytes of the longest licence text that a lock keeps; of a longer one it keeps the digest alone."""
LICENSE_NAMES = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "USE_POLICY")
"""What names of files with terms begin with, in any capitals."""


class Record(NamedTuple):
    """What a server itself says of a model beside its files; None for what it does not say."""

    tags: tuple[str, ...] | None = None
    pipeline_tag: str | None = None
    library_name: str | None = None
    parameters_by_dtype: Mapping[str, int] | None = None
    """Totals that the server read from the safetensors headers."""
    gguf: GgufFile | None = None
    """What the server read from the header of a GGUF file."""
    chat_template: bool | None = None
    gate: Gate | None = None
    private: bool | None = None
    disabled: bool | None = None
    security: SecurityScan | None = None


class Resolved(NamedTuple):
    """Everything that a resolver found of one model at one commit."""

    model: str
    """The id as the manifest writes it."""
    revision: str | None
    commit: str | None
    resolved_at: str
    """In UTC, `2026-11-28T17:05:00Z`."""
    resolved_from: str
    """The endpoint, `folder`, or `cache`."""
    found: Found
    """The contents of configuration files and the card; `name` is the id that the model has today."""
    files: tuple[LockedFile, ...] = ()
    record: Record = Record()
    elements: Mapping[str, int] | None = None
    """Elements by type, where the resolver read the safetensors headers itself."""
    gguf: Mapping[str, Header] = {}
    """Headers of GGUF files that the resolver read itself."""
    licenses: Mapping[str, bytes] = {}
    """Contents of files with licence texts, by path."""
    listed: bool = True
    """Whether `files` names all files, so that an absent licence file is known to be absent."""
    notes: tuple[str, ...] = ()


class Entered(NamedTuple):
    """An entry of the lock and the licence texts that belong to it."""

    entry: LockEntry
    texts: Mapping[str, tuple[str, ...]]


def enter(resolved: Resolved, identify: Callable[[str], str | None] = lambda _: None) -> Entered:
    """The lock's entry for what was found.

    Args:
        resolved: what a resolver found; nothing is read here.
        identify: the id of the licence that a text is known to be; None where it is none of those.
    """
    found = _with_record(resolved.found, resolved.record)
    known = {**_from_files(found), **_from_record(resolved.record), **_from_weights(found, resolved)}
    if (template := _chat_template(resolved)) is not None:
        known["chat_template"] = template
    licenses, texts = _licenses(resolved, identify)
    if licenses is not None:
        known["license_files"] = licenses
    today = found.name if found.name != resolved.model and resolved.resolved_from.startswith("http") else None
    entry = LockEntry(
        model=resolved.model,
        revision=resolved.revision,
        commit=resolved.commit,
        resolved_at=resolved.resolved_at,
        resolved_from=resolved.resolved_from,
        now_called=today,
        notes=resolved.notes,
        facts=LockedFacts(**known),
        files=tuple(sorted(resolved.files, key=lambda file: file.path)),
    )
    return Entered(entry, texts)


def is_license_file(path: str) -> bool:
    """Whether a file at the top of a repository holds terms, by its name."""
    return "/" not in path and path.upper().startswith(LICENSE_NAMES)


def _with_record(found: Found, record: Record) -> Found:
    """The same files, the card completed by what only the server says."""
    card = found.card
    if not isinstance(card, Card):
        return found
    return found._replace(
        card=card._replace(
            pipeline_tag=card.pipeline_tag or record.pipeline_tag or "",
            library_name=card.library_name or record.library_name or "",
            parents=parents_by_tags(card.parents, record.tags or ()),
        )
    )


def _from_files(found: Found) -> dict[str, Any]:
    """What the folder's reader tells, and what only a lock keeps of the same files."""
    facts = facts_of(found)
    known: dict[str, Any] = {
        name: Stated(fact.value, fact.certainty, fact.source.detail)
        for name in LockedFacts._fields
        if isinstance(fact := getattr(facts, name, None), Fact)
    }
    if found.config is not None:
        known |= _from_config(found.config)
    if isinstance(found.card, Card) and found.card.tags:
        known["tags"] = Stated(found.card.tags, _DECLARED, "README.md")
    return known


def _from_config(config: Mapping[str, Any]) -> dict[str, Any]:
    text = text_config(config)
    taken = {
        "quantization": _quantization(config.get("quantization_config") or text.get("quantization_config")),
        "rope_scaling": _rope(text.get("rope_scaling") or text.get("rope_parameters")),
        "auto_map": _classes(config.get("auto_map")),
    }
    return {name: Stated(value, _VERIFIED, "config.json") for name, value in taken.items() if value is not None}


def _quantization(stated: object) -> Quantization | None:
    if not isinstance(stated, Mapping):
        return None
    method = word(stated, "quant_method", "quant_algo") or "unnamed"
    bits, group = (_count(stated, *keys) for keys in (("bits", "w_bit"), ("group_size", "q_group_size")))
    if method == "bitsandbytes" and bits is None:
        bits = 4 if stated.get("load_in_4bit") is True else 8 if stated.get("load_in_8bit") is True else None
    return Quantization(method, bits, group)


def _rope(stated: object) -> RopeScaling | None:
    if not isinstance(stated, Mapping):
        return None
    kind = word(stated, "rope_type", "type")
    if kind is None or kind == "default":
        return None
    factor = stated.get("factor")
    usable = isinstance(factor, int | float) and not isinstance(factor, bool) and 0 < factor < _LARGEST_FACTOR
    return RopeScaling(kind, factor if usable else None, _count(stated, "original_max_position_embeddings"))


_LARGEST_FACTOR = 1_000_000
"""By which a context may be said to be stretched; what is larger is taken for no statement."""


def _count(stated: Mapping[str, Any], *keys: str) -> int | None:
    return next((value for key in keys if type(value := stated.get(key)) is int and 0 < value < 1 << 53), None)


def _classes(auto_map: object) -> tuple[str, ...] | None:
    """The classes that `auto_map` names, sorted; a tokenizer's value is a list of two, one of which may be null."""
    if not isinstance(auto_map, Mapping):
        return None
    values = [one for value in auto_map.values() for one in (value if isinstance(value, list) else [value])]
    return tuple(sorted({value for value in values if isinstance(value, str)})) or None


def _chat_template(resolved: Resolved) -> Stated[bool] | None:
    """Whether there is one; that there is none only a whole list of files can say, or the server."""
    found, theirs = resolved.found, resolved.record.chat_template
    own = next((name for name in ("chat_template.jinja", "chat_template.json") if name in found.names), None)
    if own:
        return Stated(True, _VERIFIED, own)
    if isinstance(found.tokenizer, Mapping) and found.tokenizer.get("chat_template"):
        return Stated(True, _VERIFIED, "tokenizer_config.json")
    if theirs is not None:
        return Stated(theirs, _VERIFIED, RECORD)
    if isinstance(found.tokenizer, Mapping) and resolved.listed:
        return Stated(False, _VERIFIED, "tokenizer_config.json")
    header = next(iter(resolved.gguf.values()), None)
    return None if header is None else Stated("tokenizer.chat_template" in header.metadata, _VERIFIED, "GGUF header")


def _from_record(record: Record) -> dict[str, Any]:
    """What the server itself says: its own switches are verified, what it copied from a card is declared."""
    tags = record.tags
    license_tag = next((tag.removeprefix("license:") for tag in tags or () if tag.startswith("license:")), None)
    declared = {
        "license_tag": license_tag,
        "pipeline_tag": record.pipeline_tag,
        "library_name": record.library_name,
        "tags": tags,
    }
    verified = {
        "gate": record.gate,
        "private": record.private,
        "disabled": record.disabled,
        "security": record.security,
    }
    stated = {name: Stated(value, _DECLARED, RECORD) for name, value in declared.items() if value}
    return {
        **stated,
        **{name: Stated(value, _VERIFIED, RECORD) for name, value in verified.items() if value is not None},
    }


def _from_weights(found: Found, resolved: Resolved) -> dict[str, Any]:
    """What the headers of weights tell, read here or by the server."""
    known: dict[str, Any] = {}
    own, theirs = resolved.elements, resolved.record.parameters_by_dtype
    elements, source = (own, "safetensors headers") if own is not None else (theirs, RECORD)
    if elements:
        known["parameters_by_dtype"] = Stated(dict(elements), _VERIFIED, source)
        if count := _parameters(found, elements, source):
            known["parameters"] = count
    files = tuple(_gguf(path, header) for path, header in sorted(resolved.gguf.items()))
    if not files and resolved.record.gguf is not None:
        files = (resolved.record.gguf,)
    if files:
        source = ", ".join(file.path for file in files) if resolved.gguf else RECORD
        known["gguf"] = Stated(files, _VERIFIED, source)
        if found.config is None and not elements:
            known |= _from_gguf(files[0], resolved.gguf.get(files[0].path), source)
    return known


def _parameters(found: Found, elements: Mapping[str, int], source: str) -> Stated[int] | None:
    """The total by the headers: exact unless weights are packed or only an adapter's.

    Some files hold what is no parameter of its own: a tied head a second time, causal masks (GPT-2, Pythia), rotary
    frequencies (Llama 2). Where the total exceeds what the dimensions make by exactly that, the smaller number counts.
    """
    count = floats(elements)
    config = found.config
    if (
        count is None
        or count >= LARGEST
        or config is None
        or config.get("quantization_config")
        or found.adapter is not None
    ):
        return None
    counted, sizes = facts_of(found).parameters, facts_of(found).dimensions
    if isinstance(counted, Fact) and isinstance(sizes, Fact):
        why = _stored_beside(sizes.value).get(count - counted.value)
        if why:
            return Stated(counted.value, _VERIFIED, f"{source}, less {why}")
    return Stated(count, _VERIFIED, source)


def _stored_beside(sizes: Dimensions) -> dict[int, str]:
    """What a file may hold beside the parameters, by its number of elements."""
    layers, positions = sizes.num_hidden_layers or 0, sizes.max_position_embeddings or 0
    masks, rotary = layers * positions * positions, layers * (sizes.head_dim or 0) // 2
    if not sizes.head_dim and sizes.num_attention_heads:
        rotary = layers * ((sizes.hidden_size or 0) // sizes.num_attention_heads) // 2
    beside = {
        rotary: "the rotary frequencies that are stored",
        masks: "the causal masks that are stored",
        masks + layers: "the causal masks that are stored",  # with the value that masks, a scalar a layer
        (sizes.vocab_size or 0) * (sizes.hidden_size or 0): "the tied head that is stored twice",
    }
    return {elements: why for elements, why in beside.items() if elements}


def _gguf(path: str, header: Header) -> GgufFile:
    return GgufFile(
        path=path,
        architecture=header.architecture,
        quantization=header.quantization,
        parameters=header.parameters,
        context=header.whole("context_length"),
    )


def _from_gguf(file: GgufFile, header: Header | None, source: str) -> dict[str, Any]:
    """What stands in for a configuration where a repository holds GGUF files alone."""
    known: dict[str, Any] = {}
    if file.architecture:
        known["model_type"] = Stated(file.architecture, _VERIFIED, source)
        if file.architecture in _GGUF_DECODERS:
            known["architecture_class"] = Stated(ArchitectureClass.DECODER, Certainty.INFERRED, "a GGUF architecture")
    if file.parameters:
        known["parameters"] = Stated(file.parameters, _VERIFIED, source)
    if file.context:
        known["native_context"] = Stated(file.context, _DECLARED, source)
    if header is not None:
        known["dimensions"] = Stated(_gguf_dimensions(header), _VERIFIED, source)
    return known


_GGUF_DECODERS = frozenset(
    (
        *("command-r", "cohere2", "deepseek2", "falcon", "gemma", "gemma2", "gemma3", "glm4", "gpt-oss", "granite"),
        *(
            "llama",
            "mistral3",
            "olmo2",
            "phi2",
            "phi3",
            "qwen2",
            "qwen2moe",
            "qwen3",
            "qwen3moe",
            "smollm3",
            "starcoder2",
        ),
    )
)
"""Architectures of llama.cpp that generate text and are seldom anything else."""


def _gguf_dimensions(header: Header) -> Dimensions:
    vocabulary = header.arrays.get("tokenizer.ggml.tokens")
    return Dimensions(
        num_hidden_layers=header.whole("block_count"),
        hidden_size=header.whole("embedding_length"),
        intermediate_size=header.whole("feed_forward_length"),
        num_attention_heads=header.whole("attention.head_count"),
        num_key_value_heads=header.whole("attention.head_count_kv"),
        head_dim=header.whole("attention.key_length"),
        vocab_size=header.whole("vocab_size") or vocabulary,
        max_position_embeddings=header.whole("context_length"),
        sliding_window=header.whole("attention.sliding_window"),
        num_experts=header.whole("expert_count"),
        experts_per_tok=header.whole("expert_used_count"),
        moe_intermediate_size=header.whole("expert_feed_forward_length"),
        num_shared_experts=header.whole("expert_shared_count"),
        kv_lora_rank=header.whole("attention.kv_lora_rank"),
    )


def _licenses(
    resolved: Resolved, identify: Callable[[str], str | None]
) -> tuple[Stated[tuple[LicenseFile, ...]] | None, dict[str, tuple[str, ...]]]:
    """The files with terms: their digests, what they are known to be, and their texts."""
    files, texts = [], {}
    for path, content in sorted(resolved.licenses.items()):
        digest = hashlib.sha256(content).hexdigest()
        text = _text_of(content)
        files.append(LicenseFile(path, digest, identify(text) if text is not None else None))
        if text is not None:
            texts[digest] = tuple(text.split("\n"))
    if files:
        return Stated(tuple(files), _VERIFIED, ", ".join(file.path for file in files)), texts
    absent = resolved.listed and not any(is_license_file(file.path) for file in resolved.files)
    return (Stated((), _VERIFIED, "names of files") if absent and resolved.files else None), texts


def _text_of(content: bytes) -> str | None:
    try:
        return content.decode("utf-8") if len(content) <= MAX_LICENSE else None
    except UnicodeDecodeError:
        return None
