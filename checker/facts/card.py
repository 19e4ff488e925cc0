"""Reads the front matter of a model card: what README.md declares between its first two lines of dashes."""

from checker.document.errors import InputError
from checker.document.place import SourceFile
from checker.document.tree import Mapping, Node, Scalar, Sequence, parse
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
    lines = readme.text.splitlines()
    if not lines or lines[0].rstrip() != _DASHES:
        return None
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == _DASHES), None)
    return None if end is None else SourceFile(readme.name, "\n".join(("", *lines[1:end], "")))


def read_card(front: SourceFile) -> Card:
    """What the front matter declares.

    Raises:
        InputError: it is no YAML of the kind that we read, or no mapping.
    """
    root = parse(front)
    if not isinstance(root, Mapping):
        raise InputError.one("the front matter is no mapping", expected="`key: value` lines", at=root.at)
    bases = _texts(root, "base_model")
    relation = _relation(_text(root, "base_model_relation"), len(bases))
    return Card(
        license=" AND ".join(_texts(root, "license")),
        license_name=_text(root, "license_name"),
        license_link=_text(root, "license_link"),
        parents=tuple(Parent(_id_in(base), relation) for base in bases),
        pipeline_tag=_text(root, "pipeline_tag"),
        library_name=_text(root, "library_name"),
        tags=_texts(root, "tags"),
    )


def _id_in(base: str) -> str:
    """The model's id, where a card gives its address on the Hub instead."""
    return base.removeprefix("https://huggingface.co/").removeprefix("https://hf.co/").strip("/") or base


def _relation(stated: str, parents: int) -> Relation:
    if stated in ("adapter", "finetune", "merge", "quantized"):
        return Relation(stated)
    return Relation.MERGE if parents > 1 else Relation.UNSTATED


def _text(root: Mapping, key: str) -> str:
    return next(iter(_texts(root, key)), "")


def _texts(root: Mapping, key: str) -> tuple[str, ...]:
    node: Node | None = root.items[key].value if key in root.items else None
    nodes = node.items if isinstance(node, Sequence) else [] if node is None else [node]
    return tuple(item.text for item in nodes if isinstance(item, Scalar) and not item.empty and item.text)
