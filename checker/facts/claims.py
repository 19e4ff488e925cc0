"""The project's own word (`known:`): it fills what no source states and never overrides what one does."""

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from checker.document.errors import InputError, Problem
from checker.document.nearest import did_you_mean
from checker.document.place import Place
from checker.facts.fact import Certainty, Fact, Origin, Source, Unknown
from checker.facts.model import ArchitectureClass, Benchmark, Dimensions, Facts, Head, Variant
from checker.value import NamedTuple

Value: TypeAlias = str | int | float | bool | tuple[str, ...]


class Claim(NamedTuple):
    """One statement of a manifest."""

    name: str
    """The fact: `native_context`, `dimensions.head_dim`, `benchmarks.MMLU`."""
    value: Value
    evidence: str
    """Where the value can be read; empty where the manifest names nothing."""
    at: Place
    setting: str = ""
    """Of a benchmark: shots, prompting and metric."""


class Contradiction(NamedTuple):
    """A claim that a surer fact denies."""

    name: str
    claimed: Fact[object]
    surer: Fact[object]
    at: Place


def apply(facts: Facts, claims: Iterable[Claim]) -> tuple[Facts, tuple[Contradiction, ...]]:
    """The facts with the unknown ones filled by claims, and the claims that surer facts contradict.

    A claim about one size joins the known dimensions, which are then no surer than it.

    Raises:
        InputError: every claim of a fact that does not exist, or of a value of another kind.
    """
    problems: list[Problem] = []
    contradictions: list[Contradiction] = []
    for claim in claims:
        try:
            value = _kind_of(claim).read(claim)
        except _NotUsableError as error:
            problems.append(error.problem)
            continue
        group, _, member = claim.name.partition(".")
        if isinstance(value, float):
            value = Benchmark(member, value, claim.setting or "not stated", first_party=False)
        source = Source(Origin.MANIFEST, claim.evidence or "no evidence named", facts.model, at=claim.at)
        stated = Fact(value, Certainty.CLAIMED, source)
        join = {"dimensions": _join_size, "benchmarks": _join_score}.get(group, _fill)
        facts, denied = join(facts, member or group, stated)
        if denied is not None:
            contradictions.append(Contradiction(claim.name, stated, denied, claim.at))
    if problems:
        raise InputError(tuple(problems))
    return facts, tuple(contradictions)


def known_yaml(name: str) -> str:
    """Lines of a manifest's entry that would state the fact; empty where a project cannot state it."""
    group, _, member = name.partition(".")
    if name == "parents":
        return "derived_from: [org/base-model]"
    if name == "dimensions":
        sizes = "".join(f"\n    {size}: {_example(_SIZES[size])}" for size in _MAIN_SIZES)
        return f"known:\n  dimensions:{sizes}"
    if group == "dimensions" and member in _SIZES:
        return f"known:\n  dimensions:\n    {member}: {_example(_SIZES[member])}"
    if group == "benchmarks" and member:
        return f"known:\n  benchmarks:\n    {member}: {{value: 65.0, setting: 5-shot, evidence: https://…}}"
    return f"known:\n  {name}: {_example(_KINDS[name])}" if name in _KINDS else ""


_Joined: TypeAlias = tuple[Facts, Fact[object] | None]
"""The facts with the claim in them, or unchanged with the surer fact that contradicts it."""


def _fill(facts: Facts, name: str, claimed: Fact[Any]) -> _Joined:
    current = getattr(facts, name)
    if not isinstance(current, Fact):
        filled: dict[str, Any] = {name: claimed}
        return facts._replace(**filled), None
    return facts, None if _same(current.value, claimed.value) else current


def _join_size(facts: Facts, size: str, claimed: Fact[Any]) -> _Joined:
    current = facts.dimensions
    if isinstance(current, Unknown):
        return facts._replace(dimensions=claimed._replace(value=Dimensions(**{size: claimed.value}))), None
    known = getattr(current.value, size)
    if known is None:
        detail = f"{current.source.detail} + {size} as claimed ({claimed.source.detail})"
        dimensions = current.value._replace(**{size: claimed.value})
        return facts._replace(
            dimensions=Fact(dimensions, Certainty.CLAIMED, claimed.source._replace(detail=detail))
        ), None
    return facts, None if known == claimed.value else current._replace(value=known)


def _join_score(facts: Facts, name: str, claimed: Fact[Any]) -> _Joined:
    """Scores under other settings stand beside each other; one under the same setting is the same fact."""
    same = [
        score
        for score in facts.benchmarks
        if score.value.name.casefold() == name.casefold() and score.value.setting == claimed.value.setting
    ]
    if not same:
        return facts._replace(benchmarks=(*facts.benchmarks, claimed)), None
    return facts, None if any(score.value.score == claimed.value.score for score in same) else same[0]


def _same(known: object, claimed: object) -> bool:
    """Whether two values say the same; texts in any case, lists in any order."""
    if isinstance(known, tuple) and isinstance(claimed, tuple):
        return {str(item).casefold() for item in known} == {str(item).casefold() for item in claimed}
    if isinstance(known, str) and isinstance(claimed, str):
        return known.casefold() == claimed.casefold()
    return known == claimed


class _NotUsableError(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


class _Kind(NamedTuple):
    """One kind of value: what it is called, one that a manifest could hold, and how it is read."""

    expected: str
    example: str
    convert: Callable[[Any], object]
    """Raises ValueError for a value of another kind."""

    def read(self, claim: Claim) -> object:
        """The claim's value as facts hold it."""
        try:
            return self.convert(claim.value)
        except ValueError:
            sentence = f"`known.{claim.name}` is {claim.value!r}"
            raise _NotUsableError(Problem(sentence, expected=self.expected, at=claim.at)) from None


def _kind_of(claim: Claim) -> _Kind:
    group, _, member = claim.name.partition(".")
    if claim.name in _KINDS:
        return _KINDS[claim.name]
    if group == "dimensions" and member in _SIZES:
        return _SIZES[member]
    if group == "benchmarks" and member:
        return _SCORE
    names = (*_KINDS, *(f"dimensions.{size}" for size in _SIZES), "benchmarks.NAME")
    problem = Problem(
        f"no fact is called `{claim.name}`",
        expected=f"one of {', '.join((*_KINDS, 'dimensions', 'benchmarks'))}",
        hint=did_you_mean(claim.name, names),
        at=claim.at,
    )
    raise _NotUsableError(problem)


def _text(value: Value) -> str:
    if isinstance(value, str) and value:
        return value
    raise ValueError(value)


def _texts(value: Value) -> tuple[str, ...]:
    texts = value if isinstance(value, tuple) else (value,)
    return tuple(_text(text) for text in texts)


def _count(value: Value) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    raise ValueError(value)


def _flag(value: Value) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(value)


def _score(value: Value) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return float(value)
    raise ValueError(value)


def _day(value: Value) -> str:
    from datetime import date

    return date.fromisoformat(_text(value)).isoformat()


def _example(kind: _Kind) -> str:
    return f"{{value: {kind.example}, evidence: https://…}}"


_TEXT = _Kind("a text", "text", _text)
_FLAG = _Kind("true or false", "false", _flag)
_SCORE = _Kind("a score of at least 0", "65.0", _score)
_KINDS = {
    "license": _Kind("a licence id", "apache-2.0", _text),
    "license_name": _TEXT,
    "license_link": _Kind("an address", "https://…", _text),
    "architecture_class": _Kind(f"one of {', '.join(ArchitectureClass)}", "decoder", ArchitectureClass),
    "multimodal": _FLAG,
    "state_space": _FLAG,
    "variant": _Kind(f"one of {', '.join(Variant)}", "instruct", Variant),
    "head": _Kind(f"one of {', '.join(Head)}", "softmax", Head),
    "model_type": _Kind("a text", "llama", _text),
    "architectures": _Kind("one or several class names", "[LlamaForCausalLM]", _texts),
    "pipeline_tag": _Kind("a text", "text-generation", _text),
    "library_name": _Kind("a text", "transformers", _text),
    "parameters": _Kind("a whole number of at least 1", "8030261248", _count),
    "active_parameters": _Kind("a whole number of at least 1", "3353032704", _count),
    "torch_dtype": _Kind("a text", "bfloat16", _text),
    "native_context": _Kind("a whole number of tokens", "131072", _count),
    "release_date": _Kind("a day as YYYY-MM-DD", "2026-01-31", _day),
    "weight_formats": _Kind("one or several formats: safetensors, gguf, onnx, pickle", "[safetensors]", _texts),
    "remote_code": _FLAG,
    "gated": _FLAG,
}
"""The facts that a project can state, and what their values look like."""

_SIZES = {
    name: _FLAG
    if name == "tie_word_embeddings"
    else _Kind("a whole number of at least 1", {"vocab_size": "128256", "hidden_size": "4096"}.get(name, "32"), _count)
    for name in Dimensions._fields
}
_MAIN_SIZES = (
    "num_hidden_layers",
    "hidden_size",
    "intermediate_size",
    "num_attention_heads",
    "num_key_value_heads",
    "head_dim",
    "vocab_size",
    "tie_word_embeddings",
)
"""What an estimate of memory cannot do without."""
