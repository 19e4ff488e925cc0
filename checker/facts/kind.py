"""Judges what a model is built to do by the names in its files: a heuristic, so every answer is inferred."""

from collections.abc import Callable, Mapping
from typing import Any

from checker.facts.config import labels, text_config, word, words
from checker.facts.model import ArchitectureClass, Head, Variant
from checker.facts.parameters.decoder import DECODERS
from checker.facts.parameters.encoder import ENCODERS
from checker.facts.parameters.recurrent import RECURRENT
from checker.value import NamedTuple


class Signs(NamedTuple):
    """What a folder shows of a model's kind."""

    config: Mapping[str, Any]
    modules: tuple[str, ...]
    """Types listed in modules.json: what sentence-transformers chains behind the model."""
    names: frozenset[str]
    """Names of files and folders, relative and with forward slashes."""
    pipeline_tag: str = ""
    """The task that the card names."""

    @property
    def architecture(self) -> str:
        """The first class of the configuration's `architectures`; empty where there is none."""
        return next(iter(words(self.config, "architectures")), "")

    @property
    def family(self) -> str:
        """`model_type` of the text model."""
        return word(text_config(self.config), "model_type") or word(self.config, "model_type") or ""

    def has_module(self, name: str) -> bool:
        """Whether modules.json lists a module of that class."""
        return any(module.rpartition(".")[2] == name for module in self.modules)


class Kind(NamedTuple):
    """The answer, and the sign that gave it."""

    architecture_class: ArchitectureClass
    variant: Variant | None
    """None where the files do not tell a base model from an instruction-tuned one."""
    because: str


def judge(signs: Signs) -> Kind | None:
    """What the model is built to do; None where no row holds."""
    for because, holds, architecture_class, variant in _TABLE:
        if holds(signs):
            return Kind(architecture_class, variant, because)
    return None


def is_multimodal(signs: Signs) -> bool:
    """Whether the configuration has parts for images or sound beside the text model."""
    return any(isinstance(signs.config.get(key), dict) for key in ("vision_config", "audio_config", "vision_tower_cfg"))


def is_state_space(signs: Signs) -> bool:
    """Whether some layers are recurrent, by the family's name."""
    return signs.family in RECURRENT


def head_of(config: Mapping[str, Any]) -> Head | None:
    """What a classification head computes, where the configuration says which problem it solves."""
    problem = word(config, "problem_type")
    return {"multi_label_classification": Head.SIGMOID, "single_label_classification": Head.SOFTMAX}.get(problem or "")


def _scores(signs: Signs) -> int | None:
    """Outputs of a head over the whole sequence; 0 for a model without one, None where their number is not stated."""
    return labels(signs.config) if signs.architecture.endswith("ForSequenceClassification") else 0


def _is_encoder(signs: Signs) -> bool:
    return signs.family in ENCODERS and signs.config.get("is_decoder") is not True


def _is_decoder(signs: Signs) -> bool:
    return signs.family in DECODERS or is_state_space(signs)


def _is_halved(signs: Signs) -> bool:
    return signs.config.get("is_encoder_decoder") is True


def _is_multimodal(signs: Signs) -> bool:
    return is_multimodal(signs) and signs.architecture.endswith("ForConditionalGeneration")


_A, _V = ArchitectureClass, Variant
_Row = tuple[str, Callable[[Signs], bool], ArchitectureClass, Variant | None]
_SPEECH = ("ForSpeechSeq2Seq", "ForCTC", "ForAudioClassification", "WhisperForConditionalGeneration")
_SEEING = ("ForImageClassification", "ForObjectDetection", "ForSemanticSegmentation")
_TABLE: tuple[_Row, ...] = (
    ("model_index.json", lambda s: "model_index.json" in s.names, _A.DIFFUSION, _V.OTHER),
    ("a module for sparse vectors", lambda s: s.has_module("SpladePooling"), _A.SPARSE_RETRIEVER, _V.EMBEDDING),
    ("ColBERT in the architecture", lambda s: "ColBERT" in s.architecture, _A.LATE_INTERACTION, _V.EMBEDDING),
    ("a pooling module", lambda s: s.has_module("Pooling"), _A.BI_ENCODER, _V.EMBEDDING),
    ("1_Pooling", lambda s: "1_Pooling/config.json" in s.names, _A.BI_ENCODER, _V.EMBEDDING),
    ("a speech architecture", lambda s: s.architecture.endswith(_SPEECH), _A.SPEECH, _V.OTHER),
    ("a vision architecture", lambda s: s.architecture.endswith(_SEEING), _A.VISION, _V.OTHER),
    ("a ranking architecture", lambda s: s.architecture.endswith("ForRanking"), _A.CROSS_ENCODER, _V.RERANKER),
    ("a card that ranks", lambda s: s.pipeline_tag == "text-ranking", _A.CROSS_ENCODER, _V.RERANKER),
    ("a card that embeds", lambda s: s.pipeline_tag == "sentence-similarity", _A.BI_ENCODER, _V.EMBEDDING),
    ("one score a sequence", lambda s: _scores(s) == 1, _A.CROSS_ENCODER, _V.RERANKER),
    ("a classifier on both halves", lambda s: _scores(s) != 0 and _is_halved(s), _A.ENCODER_DECODER, _V.CLASSIFIER),
    ("a classifier on a decoder", lambda s: _scores(s) != 0 and _is_decoder(s), _A.DECODER, _V.CLASSIFIER),
    ("a classifier on an encoder", lambda s: _scores(s) != 0, _A.ENCODER, _V.CLASSIFIER),
    ("labels for tokens", lambda s: s.architecture.endswith("ForTokenClassification"), _A.ENCODER, _V.OTHER),
    ("is_encoder_decoder", _is_halved, _A.ENCODER_DECODER, None),
    ("a masked language model", lambda s: s.architecture.endswith("ForMaskedLM"), _A.ENCODER, _V.BASE),
    ("a pretraining head", lambda s: s.architecture.endswith("ForPreTraining"), _A.ENCODER, _V.BASE),
    ("a causal language model", lambda s: s.architecture.endswith(("ForCausalLM", "LMHeadModel")), _A.DECODER, None),
    ("a text model with other senses", _is_multimodal, _A.DECODER, None),
    (
        "an encoder without a head",
        lambda s: s.architecture.endswith("Model") and _is_encoder(s),
        _A.BI_ENCODER,
        _V.EMBEDDING,
    ),
)
"""The first row that holds decides. Files of sentence-transformers outrank `architectures`: an embedder that was made
from a decoder still says ForCausalLM there."""
