"""What is seen of a model before its kind is judged: the same whether a Hub, a folder or a person says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from checker.facts.config import labels, text_config, word, words
from checker.facts.model import Parent
from checker.value import NamedTuple

_SENSES = {
    "vision_config": "vision",
    "vision_tower_cfg": "vision",
    "visual": "vision",
    "mm_vision_tower": "vision",
    "audio_config": "audio",
    "speech_config": "audio",
}
"""Keys of a configuration that describe a part for images or sound beside the text model."""


class Signals(NamedTuple):
    """The signals of one model. An empty field says that nothing was seen there, not that there is nothing."""

    id: str = ""
    """The Hub id, or a folder's name where that is the model's name."""
    architectures: tuple[str, ...] = ()
    model_type: str = ""
    """`model_type` of config.json, of the text part where that is nested."""
    pipeline_tag: str = ""
    library_name: str = ""
    tags: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """Names of files, relative and with forward slashes."""
    modules: tuple[str, ...] = ()
    """Types listed in modules.json: what sentence-transformers chains behind the model."""
    chat_template: bool | None = None
    """Whether the tokenizer has one; None where nobody looked."""
    template_text: str = ""
    """The template itself, where it was read."""
    parents: tuple[Parent, ...] = ()
    card: str = ""
    """Prose of the card."""
    labels: tuple[str, ...] = ()
    """The names in `id2label`."""
    label_count: int | None = None
    """Outputs of a classification head; None where nothing states it."""
    problem_type: str = ""
    adapter_task: str = ""
    """`task_type` of adapter_config.json."""
    settings: tuple[str, ...] = ()
    """Plain statements of the configuration: `encoder-decoder`, `is-decoder`, `vision`, `audio`, `quantized`."""
    remarks: tuple[str, ...] = ()
    """What somebody remarks beside all that, in words."""
    unsure: frozenset[str] = frozenset()
    """Fields that somebody assumed instead of reading them."""


def of_config(config: Mapping[str, Any], **others: Any) -> Signals:
    """The signals of a config.json.

    Args:
        config: its content.
        others: further fields of `Signals`.
    """
    text = text_config(config)
    named = config.get("id2label")
    found = Signals(
        architectures=words(config, "architectures"),
        model_type=word(text, "model_type") or word(config, "model_type") or "",
        labels=tuple(str(name) for name in named.values()) if isinstance(named, dict) else (),
        label_count=labels(config),
        problem_type=word(config, "problem_type") or "",
        settings=tuple(_settings(config)),
    )
    return found._replace(**others)


def _settings(config: Mapping[str, Any]) -> Iterable[str]:
    if config.get("is_encoder_decoder") is True:
        yield "encoder-decoder"
    if config.get("is_decoder") is True:
        yield "is-decoder"
    if isinstance(config.get("quantization_config"), dict):
        yield "quantized"
    yield from sorted({sense for key, sense in _SENSES.items() if config.get(key)})
