"""Reads the front matter of a model card: what README.md declares between its first two lines of dashes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from checker.document import tree
from checker.document.errors import InputError
from checker.document.place import SourceFile, lines_of
from checker.facts.model import Parent, Relation
from checker.value import NamedTuple

_DASHES = "---"


class Card(NamedTuple):
    """What a card declares of the licence and of the parents."""

    license: str
    """As it is written, several joined by AND since all apply; empty where the card declares none."""
    license_name: str
    license_link: str
    parents: tuple[Parent, ...]
    pipeline_tag: str
    library_name: str
    tags: tuple[str, ...] = ()


def front_matter(readme: SourceFile) -> SourceFile | None:
    """The front matter on its own lines of the file; None where the file has none."""
    lines = lines_of(readme.text)
    if not lines or lines[0].rstrip() != _DASHES:
        return None
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == _DASHES), None)
    return None if end is None else SourceFile(readme.name, "\n".join(("", *lines[1:end], "")))


def read_card(front: SourceFile) -> Card:
    """What the front matter declares.

    Raises:
        InputError: it is no YAML of the kind that we read, or no mapping.
    """
    root = tree.parse(front)
    if not isinstance(root, tree.Mapping):
        raise InputError.one("the front matter is no mapping", expected="`key: value` lines", at=root.at)
    return card_of(_plain(root))


def card_of(stated: Mapping[str, Any]) -> Card:
    """What a card's front matter declares, from its decoded content: keys that hold another kind count as absent.

    The Hub gives the content of a card as JSON. There and in the card itself `license` may be a list, and `base_model`
    a name, a list of names, or a mapping with `relation` and `models`.
    """
    base = stated.get("base_model")
    apart = base if isinstance(base, Mapping) else {}
    bases = _texts(apart.get("models", apart.get("model")) if apart else base)
    relation = _relation(_text(apart.get("relation")) or _text(stated.get("base_model_relation")), len(bases))
    return Card(
        license=" AND ".join(_texts(stated.get("license"))),
        license_name=_text(stated.get("license_name")),
        license_link=_text(stated.get("license_link")),
        parents=tuple(Parent(_id_in(base), relation) for base in bases),
        pipeline_tag=_text(stated.get("pipeline_tag")),
        library_name=_text(stated.get("library_name")),
        tags=_texts(stated.get("tags")),
    )


def parents_by_tags(parents: tuple[Parent, ...], tags: Iterable[str]) -> tuple[Parent, ...]:
    """The parents with the relation that the Hub's tags state; those that only tags name are added.

    The Hub writes `base_model:ID` for each parent and `base_model:RELATION:ID` where it knows how the model descends.
    """
    named = [tag.removeprefix(_BASE_TAG).partition(":") for tag in tags if tag.startswith(_BASE_TAG)]
    relations = {model: _relation(relation, 1) for relation, _, model in named if model}
    plain = [Parent(only, Relation.UNSTATED) for only, _, model in named if not model and only not in relations]
    stated = [*parents, *(Parent(model, relation) for model, relation in relations.items()), *plain]
    first: dict[str, Parent] = {}
    for parent in stated:
        first.setdefault(parent.model.casefold(), parent)
    known = {model.casefold(): relation for model, relation in relations.items()}
    found = []
    for name, parent in first.items():
        relation = known.get(name, Relation.UNSTATED)
        found.append(parent if relation is Relation.UNSTATED else parent._replace(relation=relation))
    return tuple(found)


_BASE_TAG = "base_model:"


def _id_in(base: str) -> str:
    """The model's id, where a card gives its address on the Hub instead."""
    return base.removeprefix("https://huggingface.co/").removeprefix("https://hf.co/").strip("/") or base


def _relation(stated: str, parents: int) -> Relation:
    if stated in ("adapter", "finetune", "merge", "quantized"):
        return Relation(stated)
    return Relation.MERGE if parents > 1 else Relation.UNSTATED


def _plain(node: tree.Node) -> Any:
    """The node's content as JSON would give it, each scalar as the text that stands there."""
    if isinstance(node, tree.Mapping):
        return {key: _plain(entry.value) for key, entry in node.items.items()}
    if isinstance(node, tree.Sequence):
        return [_plain(item) for item in node.items]
    return None if node.empty else node.text


def _text(value: object) -> str:
    return next(iter(_texts(value)), "")


def _texts(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(item for item in values if isinstance(item, str) and item)
