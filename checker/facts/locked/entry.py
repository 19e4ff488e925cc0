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
Moment: TypeAlias = Annotated[
    str, Form("a time in UTC such as 2026-11-28T17:05:00Z", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
]

RECORD = "Hub record"
"""The source of what the Hub itself says of a model beside its files."""


class Stated(NamedTuple, Generic[T_co]):
    """One fact as a lock holds it."""

    value: T_co
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
    group_size: int | None = None


class RopeScaling(NamedTuple):
    """How positions are stretched beyond those that the model was trained with, by `rope_scaling` of config.json."""

    kind: str
    """`rope_type`: linear, dynamic, yarn, llama3, longrope, …"""
    factor: float | None = None
    original_context: int | None = None
    """`original_max_position_embeddings`, in tokens."""


class GgufFile(NamedTuple):
    """What the header of a GGUF file says."""

    path: str
    architecture: str | None = None
    quantization: str | None = None
    """The name of `general.file_type`: Q4_K_M, F16, …"""
    parameters: int | None = None
    """Elements of all tensors."""
    context: int | None = None
    """`ARCHITECTURE.context_length`, in tokens."""


class ScanIssue(NamedTuple):
    """A file that a scanner on the Hub objects to."""

    path: str
    level: str
    """As the Hub says it: caution, suspicious, unsafe."""


class SecurityScan(NamedTuple):
    """What the Hub's scanners say of the files."""

    done: bool
    """Whether all scans had ended."""
    issues: tuple[ScanIssue, ...] = ()


class LockedFacts(NamedTuple):
    """What is known of a model at one commit; None where no source says it. Names are those of `Facts`."""

    license: Stated[str] | None = None
    """What the card declares, as written; several joined by AND; empty where the card was read and declares none."""
    license_name: Stated[str] | None = None
    license_link: Stated[str] | None = None
    license_note: Stated[str] | None = None
    license_tag: Stated[str] | None = None
    """The Hub's tag `license:…` without its prefix."""
    license_files: Stated[tuple[LicenseFile, ...]] | None = None
    """Files with licence texts, which stand under `texts` by their digest; an empty list says that the repository was
    listed and has none."""
    parents: Stated[tuple[Parent, ...]] | None = None
    """Base models with their relation; an empty list says that a source names the model a root."""

    architecture_class: Stated[ArchitectureClass] | None = None
    multimodal: Stated[bool] | None = None
    state_space: Stated[bool] | None = None
    variant: Stated[Variant] | None = None
    head: Stated[Head] | None = None
    model_type: Stated[str] | None = None
    architectures: Stated[tuple[str, ...]] | None = None
    pipeline_tag: Stated[str] | None = None
    library_name: Stated[str] | None = None
    tags: Stated[tuple[str, ...]] | None = None

    parameters: Stated[int] | None = None
    parameters_by_dtype: Stated[dict[str, int]] | None = None
    """Elements by the type that the safetensors headers name: BF16, F32, I32, …"""
    active_parameters: Stated[int] | None = None
    dimensions: Stated[Dimensions] | None = None
    build: Stated[dict[str, int | float | bool | str | tuple[str, ...]]] | None = None
    """Further keys of config.json that an estimate of memory reads, as they stand there: kinds of layers, ranks of
    latent attention, experts, state sizes; those of a nested text model among them."""
    torch_dtype: Stated[str] | None = None
    quantization: Stated[Quantization] | None = None
    native_context: Stated[int] | None = None
    """In tokens, without rope scaling that a user would have to add."""
    rope_scaling: Stated[RopeScaling] | None = None
    chat_template: Stated[bool] | None = None
    """Whether the tokenizer's configuration, or a file of its own, has a chat template."""
    release_date: Stated[str] | None = None

    weight_formats: Stated[tuple[str, ...]] | None = None
    remote_code: Stated[bool] | None = None
    auto_map: Stated[tuple[str, ...]] | None = None
    """Classes that `auto_map` names: code of the model's repository that loading would run."""
    gguf: Stated[tuple[GgufFile, ...]] | None = None

    gate: Stated[Gate] | None = None
    private: Stated[bool] | None = None
    disabled: Stated[bool] | None = None
    security: Stated[SecurityScan] | None = None


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
    files: tuple[LockedFile, ...] = ()
    """Files of the repository at that commit, sorted by path."""

    @property
    def id(self) -> str:
        """The id that the model has today."""
        return self.now_called or self.model
