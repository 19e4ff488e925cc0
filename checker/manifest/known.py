"""What the project says of a model where no source does: facts of certainty `claimed`, each with its evidence."""

from collections.abc import Iterator
from typing import Annotated, TypeAlias

from pydantic import Field

from checker.document.bind import Block
from checker.document.place import At
from checker.document.scalars import Number, OneOrMany, Text, Whole, Word, YesNo
from checker.facts.model import ArchitectureClass, Head, Variant
from checker.value import NamedTuple

TextAt: TypeAlias = At[Annotated[str, Text]]


class Claim(Block):
    """A value that the project states, and what it rests on."""

    evidence: TextAt | None = Field(default=None, examples=["https://huggingface.co/acme/one/blob/main/config.json"])
    """Where the value can be read: a URL, or a file of the repository."""


class TextClaim(Claim):
    """A text that the project states."""

    value: TextAt
    """The text, as the model's own files spell it."""


class TextsClaim(Claim):
    """Several texts that the project states."""

    value: OneOrMany[TextAt] = Field(min_length=1)
    """The texts, as the model's own files spell them."""


class CountClaim(Claim):
    """A number that the project states."""

    value: At[Annotated[int, Whole, Field(ge=1)]]
    """The number."""


class YesNoClaim(Claim):
    """Something that the project says holds or does not."""

    value: At[Annotated[bool, YesNo]]
    """Whether it holds."""


class ArchitectureClaim(Claim):
    """The kind of architecture that the project states."""

    value: At[Annotated[ArchitectureClass, Word]]
    """What the model is built to do."""


class VariantClaim(Claim):
    """The kind of training that the project states."""

    value: At[Annotated[Variant, Word]]
    """The kind of training behind the checkpoint."""


class HeadClaim(Claim):
    """The kind of classification head that the project states."""

    value: At[Annotated[Head, Word]]
    """What the head computes over its labels."""


class BenchmarkClaim(Claim):
    """A published score that the project states."""

    value: At[Annotated[float, Number, Field(ge=0)]]
    """The score, in per cent unless the benchmark has a scale of its own."""
    setting: TextAt | None = Field(default=None, examples=["5-shot"])
    """Shots, prompting and metric, as published."""


class DimensionClaims(Block):
    """Sizes of the model, under the names that config.json gives them."""

    num_hidden_layers: CountClaim | None = None
    """Layers."""
    hidden_size: CountClaim | None = None
    """Features of the residual stream."""
    intermediate_size: CountClaim | None = None
    """Features inside the feed-forward block."""
    num_attention_heads: CountClaim | None = None
    """Query heads."""
    num_key_value_heads: CountClaim | None = None
    """Key-value heads."""
    head_dim: CountClaim | None = None
    """Features of one head."""
    vocab_size: CountClaim | None = None
    """Tokens of the vocabulary."""
    tie_word_embeddings: YesNoClaim | None = None
    """Whether the head shares the embedding's weights."""
    max_position_embeddings: CountClaim | None = None
    """Positions."""
    sliding_window: CountClaim | None = None
    """Tokens that a local layer looks back."""
    num_experts: CountClaim | None = None
    """Experts of one layer."""
    experts_per_tok: CountClaim | None = None
    """Experts used for one token."""
    moe_intermediate_size: CountClaim | None = None
    """Features inside one expert."""
    num_shared_experts: CountClaim | None = None
    """Experts used for every token."""
    shared_expert_intermediate_size: CountClaim | None = None
    """Features inside a shared expert."""
    kv_lora_rank: CountClaim | None = None
    """Rank of the compressed key-value cache."""


class Stated(NamedTuple):
    """One claim, by the name of its fact."""

    name: str
    """The name of the fact; `dimensions.head_dim` and `benchmarks.MMLU` for those that stand under another."""
    value: At[object]
    """For facts that are several texts, `value` is a tuple of them."""
    evidence: At[str] | None
    claim: Claim


class Known(Block):
    """What the project knows of the model and no source states; certainty `claimed`."""

    license: TextClaim | None = None
    """The licence: a Hub id or an SPDX expression."""
    license_name: TextClaim | None = None
    """The name of a licence that has no id."""
    license_link: TextClaim | None = None
    """Where that licence can be read."""
    architecture_class: ArchitectureClaim | None = None
    """What the model is built to do."""
    multimodal: YesNoClaim | None = None
    """Whether it takes more than text."""
    state_space: YesNoClaim | None = None
    """Whether some layers are state-space or otherwise recurrent instead of attention."""
    variant: VariantClaim | None = None
    """The kind of training behind the checkpoint."""
    head: HeadClaim | None = None
    """What a classification head computes over its labels."""
    model_type: TextClaim | None = None
    """`model_type` of config.json."""
    architectures: TextsClaim | None = None
    """`architectures` of config.json."""
    pipeline_tag: TextClaim | None = None
    """The Hub's task."""
    library_name: TextClaim | None = None
    """The library that the card names."""
    parameters: CountClaim | None = None
    """Parameters in all, experts included."""
    active_parameters: CountClaim | None = None
    """Parameters used for one token, where that differs."""
    dimensions: DimensionClaims | None = None
    """Sizes of the model, each a claim of its own."""
    torch_dtype: TextClaim | None = None
    """Number format of the checkpoint."""
    native_context: CountClaim | None = None
    """Tokens that the model was trained for."""
    release_date: TextClaim | None = None
    """The day of the release, as YYYY-MM-DD."""
    benchmarks: dict[str, BenchmarkClaim] = Field(default={}, examples=[{"MMLU": {"value": 68.4, "setting": "5-shot"}}])
    """Published scores, by the benchmark's name."""
    weight_formats: TextsClaim | None = None
    """File formats of the weights: safetensors, gguf, onnx, pickle."""
    remote_code: YesNoClaim | None = None
    """Whether loading runs code from the model's repository."""
    gated: YesNoClaim | None = None
    """Whether the Hub asks for a licence click or an approval before download."""

    def stated(self) -> Iterator[Stated]:
        """Every claim, in the order in which facts are listed."""
        for name in type(self).model_fields:
            held = getattr(self, name)
            if isinstance(held, Claim):
                yield _stated(name, held)
            elif isinstance(held, DimensionClaims):
                sizes = ((size, getattr(held, size)) for size in DimensionClaims.model_fields)
                yield from (_stated(f"{name}.{size}", claim) for size, claim in sizes if claim is not None)
            elif isinstance(held, dict):
                yield from (_stated(f"{name}.{benchmark}", claim) for benchmark, claim in held.items())


def _stated(name: str, claim: Claim) -> Stated:
    value = getattr(claim, "value")  # noqa: B009 - each kind of claim has a value of its own type
    if isinstance(value, tuple):
        value = At(tuple(item.value for item in value), value[0].at)
    return Stated(name, value, claim.evidence, claim)
