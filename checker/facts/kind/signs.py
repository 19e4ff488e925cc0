"""Turns signals into the signs that the tables look at: folded text, words of names, and what follows from them."""

from __future__ import annotations

import re

from checker.facts.kind.families import body_in, body_of, is_recurrent
from checker.facts.kind.rows import exact_patterns
from checker.facts.kind.signals import Signals

Signs = dict[str, tuple[str, ...]]

_ASSUMED = {
    "architecture": "architectures",
    "task": "pipeline_tag",
    "library": "library_name",
    "tag": "tags",
    "file": "files",
    "module": "modules",
    "template": "chat_template",
    "template_text": "template_text",
    "labels": "label_count",
    "label": "labels",
    "problem": "problem_type",
    "adapter": "adapter_task",
}
"""The field of `Signals` behind a sign, where it has another name."""
_FROM_A_NAME = frozenset(("name", "last", "size", "parent", "owner"))
_BILLIONS = r"(?<![a-z0-9.])\d+(?:\.\d+)?b(?![a-z0-9])"


def signs_of(signals: Signals) -> Signs:
    """Every sign with what is seen of it."""
    owner, _, own = signals.id.casefold().rpartition("/")
    parents = tuple(parent.model.casefold().rpartition("/")[2] for parent in signals.parents)
    found: dict[str, tuple[str, ...]] = {
        "architecture": _folded(signals.architectures),
        "model_type": _folded((signals.model_type,)),
        "body": tuple(filter(None, (_body(signals)[0],))),
        "task": _folded((signals.pipeline_tag,)),
        "library": _folded((signals.library_name,)),
        "tag": _folded(signals.tags),
        "file": _folded((*signals.files, *(name.rpartition("/")[2] for name in signals.files))),
        "module": _folded((*signals.modules, *(name.rpartition(".")[2] for name in signals.modules))),
        "template": () if signals.chat_template is None else ("yes" if signals.chat_template else "no",),
        "template_text": _folded((signals.template_text,)),
        "labels": _count(signals),
        "label": _folded(signals.labels),
        "problem": _folded((signals.problem_type,)),
        "adapter": _folded((signals.adapter_task,)),
        "config": signals.settings,
        "owner": _folded((owner,)),
        "name": (*_folded((own,)), *words(own)),
        "parent": tuple(text for name in parents for text in (name, *words(name))),
        "relation": _folded(tuple(parent.relation for parent in signals.parents)),
        "said": _folded((" ".join(signals.card.split()), *signals.remarks)),
    }
    found["last"] = last_word(own)
    found["size"] = tuple(word for name in (own, *parents) for word in re.findall(_BILLIONS, name))
    return found


def words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case: runs of letters and digits."""
    return tuple(re.findall(r"[a-z0-9]+", name.casefold()))


def last_word(*names: str) -> tuple[str, ...]:
    """The last word that the table of variants knows as one of training, in the first name that has one."""
    known = exact_patterns("last", "variant")
    for name in names:
        if found := [word for word in words(name) if word in known]:
            return (found[-1],)
    return ()


def is_read(sign: str, signals: Signals) -> bool:
    """Whether the sign was read somewhere: neither assumed by somebody nor taken from a name."""
    if sign == "body":
        return _body(signals)[1]
    return sign not in _FROM_A_NAME and _ASSUMED.get(sign, sign) not in signals.unsure


def recurrent(signals: Signals) -> bool:
    """Whether some layers are recurrent, by the family's name."""
    return is_recurrent(signals.model_type, *signals.architectures)


def _body(signals: Signals) -> tuple[str, bool]:
    """The half of the transformer, and whether the configuration says so rather than a name."""
    if "encoder-decoder" in signals.settings:
        return "encoder-decoder", True
    for stated in (signals.model_type, *signals.architectures):
        if body := body_of(stated):
            if body == "encoder" and "is-decoder" in signals.settings:
                return "decoder", True
            return body, True
    for name in (signals.id.rpartition("/")[2], *(parent.model.rpartition("/")[2] for parent in signals.parents)):
        if body := body_in(name):
            return body, False
    return "", False


def _count(signals: Signals) -> tuple[str, ...]:
    count = signals.label_count if signals.label_count is not None else len(signals.labels) or None
    return () if count is None else (("none", "one", "two")[count] if count <= 2 else "many",)


def _folded(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text.casefold() for text in texts if text)
