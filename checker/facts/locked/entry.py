"""What a lock holds of one model at one commit, each fact with its certainty and the file that states it."""

from enum import StrEnum
from typing import Annotated, Generic, TypeAlias, TypeVar

from checker.facts.fact import Certainty
from checker.facts.locked.shape import Form
from checker.facts.model import ArchitectureClass, Dimensions, Head, LicenseFile, Parent, Variant
from checker.value import NamedTuple

T_co = TypeVar("T_co", covariant=True)

Commit: TypeAlias = Annotated[str, Form("a commit of 40 hexadecimal digits", "[0-9a-f]{40}")]
Sha256: TypeAlias = Annotated[str, Form("a SHA-256 of 64 hexadecimal digits", "[0-9a-f]{64}")]


def _is_moment(text: str) -> bool:
    from datetime import datetime

    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


Moment: TypeAlias = Annotated[
    str,
    Form(
        "a time in UTC such as 2026-11-28T17:05:00Z",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z",
        _is_moment,
    ),
]

RECORD = "Hub record"
"""The source of what the Hub itself says of a model beside its files."""


class Stated(NamedTuple, Generic[T_co]):
    """One fact as a lock holds it."""

    value: T_co
    """The fact itself; the key that holds it says what that is, and in which unit."""
    certainty: Certainty
    """`verified`: read from bytes at the commit, or from the Hub's own record; `declared`: somebody's statement, such
    as a card; `inferred`: our heuristic."""
    source: str
    """The file of the model's repository that states it, `Hub record`, or, if inferred, the sign that decided."""
    commit: Commit | None = None
    """The commit at which it was read, where that is not the entry's own."""


class LockedFile(NamedTuple):
    """One file of the model's repository."""

    path: str
    """Relative, with forward slashes."""
    size: int | None = None
    """In bytes."""
    sha256: Sha256 | None = None
    """Of the content, in hexadecimal: for files in large file storage, and for local files that were hashed."""
    blob: Commit | None = None
    """The git blob id (SHA-1) of any other file."""


class Gate(StrEnum):
    """What the Hub asks for before it hands out files."""

    NO = "no"
    AUTO = "auto"
    """A click on the terms, granted at once."""
    MANUAL = "manual"
    """An approval by the publisher."""


class Quantization(NamedTuple):
    """How the weights are quantised, by `quantization_config` of config.json."""

    method: str
    """`quant_method`: awq, gptq, fp8, bitsandbytes, …"""
    bits: int | None = None
    """Bits of one weight."""
    group_size: int | None = None
    """Weights that share a scale."""


class RopeScaling(NamedTuple):
    """How positions are stretched beyond those that the model was trained with, by `rope_scaling` of config.json."""

    kind: str
    """`rope_type`: linear, dynamic, yarn, llama3, longrope, …"""
    factor: float | None = None
    """By how much the context is stretched."""
    original_context: int | None = None
    """`original_max_position_embeddings`, in tokens."""


class GgufFile(NamedTuple):
    """What the header of a GGUF file says."""

    path: str
    """From the repository's root, with forward slashes."""
    architecture: str | None = None
    """`general.architecture`: llama, qwen2, …"""
    quantization: str | None = None
    """The name of `general.file_type`: Q4_K_M, F16, …"""
    parameters: int | None = None
    """Elements of all tensors."""
    context: int | None = None
    """`ARCHITECTURE.context_length`, in tokens."""


class ScanIssue(NamedTuple):
    """A file that a scanner on the Hub objects to."""

    path: str
    """From the repository's root, with forward slashes."""
    level: str
    """As the Hub says it: caution, suspicious, unsafe."""


class SecurityScan(NamedTuple):
    """What the Hub's scanners say of the files."""

    done: bool
    """Whether all scans had ended."""
    issues: tuple[ScanIssue, ...] = ()
    """Files that were objected to."""


class LockedFacts(NamedTuple):
    """What is known of a model at one commit; None where no source says it. Names are those of `Facts`."""

    license: Stated[str] | None = None
    """What the card declares, as written; several joined by AND; empty where the card was read and declares none."""
    license_name: Stated[str] | None = None
    """The card's `license_name`, as written."""
    license_link: Stated[str] | None = None
    """The card's `license_link`: an address, or a file of the repository."""
    license_note: Stated[str] | None = None
    """What the card says of the licence beside these: further terms, a key such as `commercial: false`."""
    license_tag: Stated[str] | None = None
    """The Hub's tag `license:…` without its prefix."""
    license_files: Stated[tuple[LicenseFile, ...]] | None = None
    """Files with licence texts, which stand under `texts` by their digest; an empty list says that the repository was
    listed and has none."""
    parents: Stated[tuple[Parent, ...]] | None = None
    """Base models with their relation; an empty list says that a source names the model a root."""

    architecture_class: Stated[ArchitectureClass] | None = None
    """What it is built to do, which decides the objectives that it can serve."""
    multimodal: Stated[bool] | None = None
    """Whether it takes more than text."""
    state_space: Stated[bool] | None = None
    """Whether some layers are state-space or otherwise recurrent instead of attention."""
    variant: Stated[Variant] | None = None
    """The kind of training behind it; chat, reasoning and merged chat variants count as instruct."""
    head: Stated[Head] | None = None
    """What its classification head computes: `sigmoid` for independent labels, `softmax` for one label of several."""
    model_type: Stated[str] | None = None
    """`model_type` of config.json: llama, qwen2, bert, …"""
    architectures: Stated[tuple[str, ...]] | None = None
    """`architectures` of config.json: the classes of code that load it."""
    pipeline_tag: Stated[str] | None = None
    """The task by the card or by the Hub: text-generation, feature-extraction, …"""
    library_name: Stated[str] | None = None
    """The library by the card or by the Hub: transformers, sentence-transformers, …"""
    tags: Stated[tuple[str, ...]] | None = None
    """The tags of the card, or of the Hub's record."""

    parameters: Stated[int] | None = None
    """Parameters in all, experts included."""
    parameters_by_dtype: Stated[dict[str, int]] | None = None
    """Elements by the type that the safetensors headers name: BF16, F32, I32, …"""
    active_parameters: Stated[int] | None = None
    """Parameters that are used for one token, where that differs."""
    dimensions: Stated[Dimensions] | None = None
    """Sizes from config.json."""
    build: Stated[dict[str, int | float | bool | str | tuple[str, ...]]] | None = None
    """Further keys of config.json that an estimate of memory reads, as they stand there: kinds of layers, ranks of
    latent attention, experts, state sizes; those of a nested text model among them."""
    torch_dtype: Stated[str] | None = None
    """The number format that config.json names: bfloat16, float16, …"""
    quantization: Stated[Quantization] | None = None
    """How the weights are quantised."""
    native_context: Stated[int] | None = None
    """In tokens, without rope scaling that a user would have to add."""
    rope_scaling: Stated[RopeScaling] | None = None
    """How positions are stretched beyond those that it was trained with."""
    chat_template: Stated[bool] | None = None
    """Whether the tokenizer's configuration, or a file of its own, has a chat template."""
    release_date: Stated[str] | None = None
    """The day of its release, YYYY-MM-DD."""

    weight_formats: Stated[tuple[str, ...]] | None = None
    """File formats of the weights: safetensors, gguf, onnx, pickle, …"""
    remote_code: Stated[bool] | None = None
    """Whether loading it runs code of its repository."""
    auto_map: Stated[tuple[str, ...]] | None = None
    """Classes that `auto_map` names: code of the model's repository that loading would run."""
    gguf: Stated[tuple[GgufFile, ...]] | None = None
    """What the headers of its GGUF files say."""

    gate: Stated[Gate] | None = None
    """What the Hub asks for before it hands out files: nothing (`no`), a click on the terms (`auto`), or an approval by
    the publisher (`manual`)."""
    private: Stated[bool] | None = None
    """Whether the Hub shows it to its owners alone."""
    disabled: Stated[bool] | None = None
    """Whether the Hub has disabled it."""
    security: Stated[SecurityScan] | None = None
    """What the Hub's scanners say of its files."""


class LockEntry(NamedTuple):
    """One model at one commit."""

    model: str
    """The id as the manifest writes it: the key, together with `revision`."""
    revision: str | None
    """The revision as the manifest writes it; None where it names none, which is the default branch."""
    commit: Commit | None
    """The commit that the revision stood for, 40 hexadecimal digits; None for a folder, and for a model that only the
    catalogue knew and at no commit."""
    resolved_at: Moment
    """The time of resolution in UTC, `2026-11-28T17:05:00Z`."""
    resolved_from: str
    """The endpoint (`https://huggingface.co`), `folder`, `cache`, `catalogue`, or `organisation`."""
    now_called: str | None = None
    """The id that the model has today, where that differs from `model`."""
    ancestor_only: bool = False
    """Whether it was resolved only because other models descend from it; such a model is not approved by being here."""
    notes: tuple[str, ...] = ()
    """What a reader has to know, such as that the model is gated and no token was there."""
    facts: LockedFacts = LockedFacts()
    """What is known of it."""
    files: tuple[LockedFile, ...] = ()
    """Files of the repository at that commit, sorted by path."""

    @property
    def id(self) -> str:
        """The id that the model has today."""
        return self.now_called or self.model

    @property
    def is_closed(self) -> bool:
        """Whether the model is gated and whoever wrote the lock could not read its files."""
        gate = self.facts.gate
        return gate is not None and gate.value is not Gate.NO and self.facts.model_type is None
