"""Decides what kind of model the signals describe, by the tables, and says by which signs."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

from checker.facts.kind.rows import Row, first, table
from checker.facts.kind.signals import Signals
from checker.facts.kind.signs import Signs, is_read, last_word, recurrent, signs_of, words
from checker.facts.model import ArchitectureClass, Head, Variant
from checker.value import NamedTuple

Seen: TypeAlias = tuple[tuple[str, str], ...]
Found: TypeAlias = tuple[Row, Seen]
BY_DEFAULT = "assumed"


class Standing(StrEnum):
    """How sure an answer is, best first."""

    VERIFIED = "verified"
    """Files that were read leave no other answer."""
    DECLARED = "declared"
    """The publisher says so: configuration, card, tags, lineage."""
    INFERRED = "inferred"
    """Our heuristic, by names for the most part."""
    AMBIGUOUS = "ambiguous"
    """Signs contradict each other; the answer is the likelier of two."""
    UNKNOWN = "unknown"
    """No row of the tables holds."""


class Training(StrEnum):
    """What a checkpoint was trained to do: finer than the variant that rules judge by."""

    BASE = "base"
    INSTRUCT = "instruct"
    REASONING = "reasoning"
    ADAPTER = "adapter"
    EMBEDDING = "embedding"
    EMBEDDING_AND_GENERATION = "embedding+generation"
    RERANKER = "reranker"
    SIMILARITY_SCORER = "similarity scorer"
    REWARD_MODEL = "reward model"
    CLASSIFIER = "classifier"
    SAFETY_CLASSIFIER = "safety-classifier"
    ZERO_SHOT_CLASSIFIER = "zero-shot-nli classifier"
    NLI_CLASSIFIER = "nli classifier"
    TOKEN_CLASSIFIER = "token-classifier"
    QUESTION_ANSWERER = "question-answerer"
    SUMMARIZER = "summarizer"
    TRANSLATOR = "translator"
    OTHER = "other"

    @property
    def variant(self) -> Variant | None:
        """What rules call it; None for an adapter, which is what its base is."""
        return _VARIANTS[self]


_VARIANTS = {
    Training.BASE: Variant.BASE,
    Training.INSTRUCT: Variant.INSTRUCT,
    Training.REASONING: Variant.INSTRUCT,
    Training.ADAPTER: None,
    Training.EMBEDDING: Variant.EMBEDDING,
    Training.EMBEDDING_AND_GENERATION: Variant.EMBEDDING,
    Training.RERANKER: Variant.RERANKER,
    Training.SIMILARITY_SCORER: Variant.RERANKER,
    Training.REWARD_MODEL: Variant.OTHER,
    Training.CLASSIFIER: Variant.CLASSIFIER,
    Training.SAFETY_CLASSIFIER: Variant.OTHER,
    Training.ZERO_SHOT_CLASSIFIER: Variant.CLASSIFIER,
    Training.NLI_CLASSIFIER: Variant.CLASSIFIER,
    Training.TOKEN_CLASSIFIER: Variant.OTHER,
    Training.QUESTION_ANSWERER: Variant.OTHER,
    Training.SUMMARIZER: Variant.OTHER,
    Training.TRANSLATOR: Variant.OTHER,
    Training.OTHER: Variant.OTHER,
}


class Evidence(NamedTuple):
    """One row that decided something, and what was seen."""

    decides: str
    """architecture_class, variant, head, objectives or attributes."""
    answer: str
    because: str
    seen: Seen
    """Each sign with what was seen of it."""
    standing: Standing
    by_default: bool = False
    """Whether nothing spoke for it, and only nothing against it."""


class Kind(NamedTuple):
    """The answer: what the model is built and trained to do."""

    architecture_class: ArchitectureClass | None
    training: Training | None
    head: Head | None
    """What a classification head computes; None where there is none or it computes a single score."""
    objectives: tuple[str, ...]
    """Of the objectives that a manifest can name, those that it serves as it is or, an encoder, after fine-tuning."""
    attributes: tuple[str, ...]
    """multimodal, state-space, quantized, merged."""
    standing: Standing
    """The least sure of class and training."""
    evidence: tuple[Evidence, ...]

    def of(self, decides: str) -> Evidence | None:
        """The evidence for one part of the answer."""
        return next((item for item in self.evidence if item.decides == decides), None)


def classify(signals: Signals) -> Kind:
    """The kind of model that the signals describe. It reads nothing but its argument and the tables."""
    signs = signs_of(signals)
    evidence: list[Evidence] = []
    built, training = "", ""
    if (found := first("class", signs)) is not None:
        found = _with_body(found, signs)
        built, training = (part.strip() for part in found[0].gives.split("/"))
        evidence.append(_evidence("architecture_class", built, found, signals))
    signs["class"] = (built,) if built else ()
    if training:
        evidence.append(evidence[0]._replace(decides="variant", answer=training))
    adapted = first("adapter", signs)
    is_adapter = adapted is not None and adapted[0].gives == "adapter"
    if not training and built:
        found = first("variant", _of_base(signs, signals) if is_adapter else _with_inherited(signs, signals))
        assert found is not None  # its last rows take every class that leaves the variant open
        training = found[0].gives
        evidence.append(_evidence("variant", training, found, signals))
    signs["variant"] = (training,) if training else ()
    if adapted is not None and is_adapter:
        evidence = [item for item in evidence if item.decides != "variant"]
        evidence.append(_evidence("variant", "adapter", adapted, signals))
    head = _head(signs, signals, evidence)
    signs["standing"] = tuple(item.standing for item in evidence if item.decides == "variant")
    objectives = _objectives(signs, signals, evidence)
    attributes = _attributes(signs, signals, evidence)
    standings = [item.standing for item in evidence if item.decides in ("architecture_class", "variant")]
    return Kind(
        architecture_class=ArchitectureClass(built) if built else None,
        training=Training.ADAPTER if is_adapter else Training(training) if training else None,
        head=head,
        objectives=objectives,
        attributes=attributes,
        standing=max(standings, key=list(Standing).index) if len(standings) == 2 else Standing.UNKNOWN,
        evidence=tuple(evidence),
    )


def _with_inherited(signs: Signs, signals: Signals) -> Signs:
    """A copy of a model, in another format or under another owner, was trained as the model was."""
    parents = tuple(parent.model.casefold().rpartition("/")[2] for parent in signals.parents)
    same = bool(parents) and signals.id.casefold().rpartition("/")[2] == parents[0]
    if not (same or signs["relation"] == ("quantized",) or first("copy", signs)):
        return signs
    named = tuple(text for name in parents for text in (name, *words(name)))
    last = signs["last"] or last_word(*parents)
    return {**signs, "name": (*signs["name"], *named), "last": last, "relation": (), "parent": named}


def _of_base(signs: Signs, signals: Signals) -> Signs:
    """An adapter is what its base is: of the signs of training, only the base's name counts, and a chat template."""
    parents = tuple(parent.model.casefold().rpartition("/")[2] for parent in signals.parents)
    named = tuple(text for name in parents for text in (name, *words(name)))
    return {**signs, "name": named, "last": last_word(*parents), "relation": (), "parent": (), "tag": (), "said": ()}


def _with_body(found: Found, signs: Signs) -> Found:
    """A row that takes the class of the family's half; where no family is known, an encoder, and at most inferred."""
    row, seen = found
    if not row.gives.startswith("body /"):
        return found
    if not signs["body"]:
        sure = Standing.INFERRED if row.certainty in (Standing.VERIFIED, Standing.DECLARED) else row.certainty
        return row._replace(gives=row.gives.replace("body", "encoder", 1), certainty=sure), seen
    body = signs["body"][0]
    return row._replace(gives=row.gives.replace("body", body, 1)), (*seen, ("body", body))


def _evidence(decides: str, answer: str, found: Found, signals: Signals) -> Evidence:
    row, seen = found
    by_default = row.certainty == BY_DEFAULT
    standing = Standing.INFERRED if by_default else Standing(row.certainty or Standing.INFERRED)
    if standing in (Standing.VERIFIED, Standing.DECLARED) and not all(is_read(sign, signals) for sign, _ in seen):
        standing = Standing.INFERRED
    return Evidence(decides, answer, row.because, seen, standing, by_default)


def _head(signs: Signs, signals: Signals, evidence: list[Evidence]) -> Head | None:
    if signs["variant"] != ("classifier",):
        return None
    found = first("head", signs)
    assert found is not None  # its last row always holds
    signs["head"] = (found[0].gives,)
    evidence.append(_evidence("head", found[0].gives, found, signals))
    return {"sigmoid": Head.SIGMOID, "softmax": Head.SOFTMAX}.get(found[0].gives)


def _objectives(signs: Signs, signals: Signals, evidence: list[Evidence]) -> tuple[str, ...]:
    found = first("objectives", signs)
    assert found is not None  # its last row always holds
    evidence.append(_evidence("objectives", found[0].gives or "none", found, signals))
    return tuple(found[0].gives.split())


def _attributes(signs: Signs, signals: Signals, evidence: list[Evidence]) -> tuple[str, ...]:
    """Every attribute that a row gives, each once."""
    named: dict[str, None] = {}
    if recurrent(signals):
        named["state-space"] = None
        evidence.append(
            Evidence(
                "attributes",
                "state-space",
                "a family with recurrent layers",
                (("model_type", signals.model_type or signals.architectures[0]),),
                Standing.INFERRED,
            )
        )
    for row in table("attributes"):
        seen = row.evidence(signs)
        if seen is not None and row.gives not in named:
            named[row.gives] = None
            evidence.append(_evidence("attributes", row.gives, (row, seen), signals))
    return tuple(named)
