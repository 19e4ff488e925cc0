"""Everything that can be known of one model, as typed facts."""

from collections.abc import Mapping
from enum import StrEnum

from checker.facts.fact import Fact, NotRead, Unknown
from checker.value import NamedTuple


class ArchitectureClass(StrEnum):
    """What a model is built to do, which decides the objectives that it can serve."""

    DECODER = "decoder"
    BI_ENCODER = "bi-encoder"
    CROSS_ENCODER = "cross-encoder"
    ENCODER = "encoder"
    ENCODER_DECODER = "encoder-decoder"
    LATE_INTERACTION = "late-interaction"
    SPARSE_RETRIEVER = "sparse-retriever"
    DIFFUSION = "diffusion"
    SPEECH = "speech"
    VISION = "vision"
    OTHER = "other"


class Variant(StrEnum):
    """The kind of training behind a checkpoint. Chat, reasoning and merged chat variants count as instruct."""

    BASE = "base"
    INSTRUCT = "instruct"
    EMBEDDING = "embedding"
    RERANKER = "reranker"
    CLASSIFIER = "classifier"
    OTHER = "other"


class Head(StrEnum):
    """What a classification head computes over its labels."""

    SIGMOID = "sigmoid"
    """Independent labels: multi-label."""
    SOFTMAX = "softmax"
    """One label of several: multi-class (binary included)."""


class Dimensions(NamedTuple):
    """Sizes from config.json under the Hub's own names; None where no source gives that size.

    All are counts: layers, features, heads, tokens of vocabulary, positions, experts.
    """

    num_hidden_layers: int | None = None
    """Layers."""
    hidden_size: int | None = None
    """Features of a token between layers."""
    intermediate_size: int | None = None
    """Features inside the feed-forward block of a dense layer."""
    num_attention_heads: int | None = None
    """Query heads of a layer."""
    num_key_value_heads: int | None = None
    """Key-value heads of a layer."""
    head_dim: int | None = None
    """Features of one head."""
    vocab_size: int | None = None
    """Tokens of the vocabulary."""
    tie_word_embeddings: bool | None = None
    """Whether the input embeddings and the output head are one matrix."""
    max_position_embeddings: int | None = None
    """Positions that the configuration provides for, in tokens."""
    sliding_window: int | None = None
    """Tokens that a layer with a window looks back."""
    num_experts: int | None = None
    """Experts that a layer chooses from."""
    experts_per_tok: int | None = None
    """Experts that one token is sent to."""
    moe_intermediate_size: int | None = None
    """Features inside one of these experts."""
    num_shared_experts: int | None = None
    """Experts that every token passes."""
    shared_expert_intermediate_size: int | None = None
    """Features inside a shared expert."""
    kv_lora_rank: int | None = None
    """Features that latent attention keeps of keys and values together."""


class Relation(StrEnum):
    """How a model descends from another."""

    FINETUNE = "finetune"
    ADAPTER = "adapter"
    QUANTIZED = "quantized"
    MERGE = "merge"
    DISTILL = "distill"
    """Trained on the parent's outputs."""
    UNSTATED = "unstated"


class Parent(NamedTuple):
    """One model that another descends from."""

    model: str
    """Its id on the Hub."""
    relation: Relation
    """How the model descends from it; `distill`: it was trained on its outputs."""


class LicenseFile(NamedTuple):
    """A file of the model's repository with the text of a licence."""

    path: str
    """From the repository's root, with forward slashes."""
    sha256: str
    """Of the file's bytes, in hexadecimal."""
    license: str | None = None
    """The id of the licence that the text is known to be; absent where nobody identified it."""


class Benchmark(NamedTuple):
    """One published score."""

    name: str
    """As the guidance spells it: MMLU, HumanEval, …"""
    score: float
    """In per cent, 0 to 100, unless the benchmark's own scale differs."""
    setting: str
    """Shots, prompting and metric, as published."""
    first_party: bool
    """Whether the model's publisher reports it."""


class Facts(NamedTuple):
    """What is known of one model. A field is a fact, or says that it is unknown, or that nobody could look."""

    model: str
    """The id that the model has today, or the path of a local folder."""
    found_as: str
    """The id that the manifest gave; differs from `model` where that is a former name or another spelling."""
    former_ids: tuple[str, ...] = ()
    """Ids that the model had before."""
    revision: str | None = None
    """The commit at which most of these facts were recorded."""

    license: Fact[str] | Unknown = Unknown("license")
    """What the card declares, as it is written there: a Hub id, an SPDX expression, `other`, or empty where
    the card was read and declares none."""
    license_name: Fact[str] | Unknown = Unknown("license_name")
    license_link: Fact[str] | Unknown = Unknown("license_link")
    license_note: Fact[str] | Unknown = Unknown("license_note")
    """What the card says of the licence beside these: further terms, a key such as `commercial: false`."""
    license_tag: Fact[str] | Unknown = Unknown("license_tag")
    """The licence by the Hub's own tag, where a lock holds it."""
    license_files: Fact[tuple[LicenseFile, ...]] | Unknown = Unknown("license_files")
    """Files with licence texts, where a lock holds them; an empty tuple says that there are none."""
    parents: Fact[tuple[Parent, ...]] | Unknown = Unknown("parents")
    """The models that it descends from; an empty tuple says that a source names it a root."""

    architecture_class: Fact[ArchitectureClass] | Unknown = Unknown("architecture_class")
    multimodal: Fact[bool] | Unknown = Unknown("multimodal")
    state_space: Fact[bool] | Unknown = Unknown("state_space")
    """Whether some layers are state-space or otherwise recurrent instead of attention."""
    variant: Fact[Variant] | Unknown = Unknown("variant")
    also_serves: Fact[tuple[str, ...]] | Unknown = Unknown("also_serves")
    """Objectives beyond those of its class that it was trained for too: an embedder that also answers."""
    head: Fact[Head] | Unknown = Unknown("head")
    model_type: Fact[str] | Unknown = Unknown("model_type")
    architectures: Fact[tuple[str, ...]] | Unknown = Unknown("architectures")
    pipeline_tag: Fact[str] | Unknown = Unknown("pipeline_tag")
    library_name: Fact[str] | Unknown = Unknown("library_name")

    parameters: Fact[int] | Unknown = Unknown("parameters")
    """Parameters in all, experts included."""
    active_parameters: Fact[int] | Unknown = Unknown("active_parameters")
    """Parameters used for one token, where that differs."""
    dimensions: Fact[Dimensions] | Unknown = Unknown("dimensions")
    build: Fact[Mapping[str, int | float | bool | str | tuple[str, ...]]] | Unknown = Unknown("build")
    """What config.json says of the build beyond the dimensions, where it was read; an empty one says nothing more."""
    torch_dtype: Fact[str] | Unknown = Unknown("torch_dtype")
    native_context: Fact[int] | Unknown = Unknown("native_context")
    """Tokens that the model was trained for, without rope scaling that a user would have to add."""

    release_date: Fact[str] | Unknown = Unknown("release_date")
    hub_status: Fact[str] | Unknown = Unknown("hub_status")
    """Said where the model is gone from the Hub."""
    benchmarks: tuple[Fact[Benchmark], ...] = ()

    weight_formats: Fact[tuple[str, ...]] | Unknown | NotRead = NotRead("weight_formats")
    """File formats of the weights: safetensors, gguf, onnx, pickle."""
    remote_code: Fact[bool] | Unknown | NotRead = NotRead("remote_code")
    """Whether loading runs code from the model's repository (`auto_map`)."""
    gated: Fact[bool] | Unknown | NotRead = NotRead("gated")
    """Whether the Hub asks for a licence click or an approval before download."""
    unsafe_files: Fact[tuple[str, ...]] | Unknown | NotRead = NotRead("unsafe_files")
    """Files that the Hub's scanners object to, each with their word for it."""

    conflicts: tuple[str, ...] = ()
    """Where sources of these facts contradict each other, in words."""
    notes: tuple[str, ...] = ()
    """What a reader has to know to read these facts right, in words."""
