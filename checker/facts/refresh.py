"""Brings entries of the shipped catalogue up to what the Hub says today, and keeps what people decided."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeAlias

from checker.facts.fact import Certainty
from checker.facts.locked.entry import LockEntry, Stated
from checker.facts.locked.shape import plain
from checker.facts.model import Dimensions, Parent
from checker.facts.parameters.total import total
from checker.facts.upkeep import upkeep
from checker.value import NamedTuple

Resolve: TypeAlias = Callable[[str], LockEntry]
"""The lock's entry of a model at the head of its default branch."""
HUB = "hub"
"""The source of what is taken from the Hub's record and files; it is explained in sources.json once it is used."""
JUDGED = "judged"
"""The source of our own judgement of a model that is new to the catalogue."""
_MEANINGS = {
    HUB: {"certainty": "declared", "meaning": "the Hub's record and the model's files, read by `dev.py catalogue`"},
    JUDGED: {"certainty": "inferred", "meaning": "our judgement of the names in the model's files"},
}
_TAKEN = (
    *("license", "license_name", "license_link", "parents", "model_type", "architectures", "pipeline_tag"),
    *("library_name", "dimensions", "parameters", "torch_dtype", "native_context"),
)
"""Facts that the Hub is asked for; the others are people's work: scores, releases, kinds, active parameters."""
_OUR_JUDGEMENT = ("architecture_class", "multimodal", "state_space", "variant", "head")
_BY_HAND = frozenset(("curated", "page", "publication", "published-configuration"))
"""Kinds of sources that somebody chose; what they state is kept."""


class Change(NamedTuple):
    """One fact of the catalogue that the Hub states otherwise."""

    model: str
    name: str
    before: object
    """What the catalogue holds; None where it holds nothing."""
    now: object
    """What the Hub says."""
    kept: str = ""
    """Why the catalogue's value stays all the same; empty where it was changed."""

    def __str__(self) -> str:
        kept = f" (kept: {self.kept})" if self.kept else ""
        return f"{self.model}: {self.name}: {_shown(self.before)} -> {_shown(self.now)}{kept}"


def refresh(ids: Iterable[str], resolve: Resolve, folder: Path) -> tuple[Change, ...]:
    """Refresh the entries of some models; one that the catalogue does not hold is added.

    Args:
        ids: the models' ids.
        resolve: asks for one of them; what it raises ends the run before anything of that model is written.
        folder: the catalogue.
    """
    changes: list[Change] = []
    for model in ids:
        file = folder / f"{model}.json"
        document = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
        made, differing = refreshed(document, resolve(model))
        changes += differing
        if made != document:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(made), encoding="utf-8")
    _explain_sources(folder)
    upkeep(folder)
    return tuple(changes)


def refreshed(document: dict[str, Any] | None, entry: LockEntry) -> tuple[dict[str, Any], tuple[Change, ...]]:
    """A model's document as the Hub has it today, and every fact in which the two differ.

    A fact that somebody corrected, left out or took from a source by hand stays; so does a total that is what the
    dimensions make, and of two contexts the smaller.
    """
    model = entry.id
    made: dict[str, Any] = {"id": model, "facts": {}} if document is None else json.loads(json.dumps(document))
    changes: list[Change] = []
    if entry.commit and made.get("revision", {}).get("value") != entry.commit:
        changes.append(Change(model, "revision", made.get("revision", {}).get("value"), entry.commit))
        made["revision"] = {"value": entry.commit, "certainty": "declared", "source": HUB}
    for name in _TAKEN:
        stated: Stated[Any] | None = getattr(entry.facts, name)
        if stated is not None and stated.certainty is not Certainty.INFERRED:
            _take(made, model, name, _value(name, stated.value), changes)
    if document is None:
        for name in _OUR_JUDGEMENT:
            if (judged := getattr(entry.facts, name)) is not None:
                made["facts"][name] = {"value": plain(judged.value), "certainty": "inferred", "source": JUDGED}
                changes.append(Change(model, name, None, plain(judged.value)))
    return made, tuple(changes)


def _take(made: dict[str, Any], model: str, name: str, value: Any, changes: list[Change]) -> None:
    held = made["facts"].get(name)
    if held is not None:
        value = _joined(name, held["value"], value)
    if held is not None and _same(held["value"], value):
        return
    kept = _kept(made, name, held, value)
    changes.append(Change(model, name, held and held["value"], value, kept))
    if not kept:
        made["facts"][name] = {"value": value, "certainty": "declared", "source": HUB}


def _kept(made: dict[str, Any], name: str, held: dict[str, Any] | None, value: Any) -> str:
    """Why a fact of the catalogue stays as it is; empty where it gives way."""
    for section in ("corrected", "left_out"):
        if name in made.get(section, {}):
            return f"{section.replace('_', ' ')} by hand: {made[section][name]}"
    if held is not None and _BY_HAND & set(kinds_of(held["source"])):
        return f"from {held['source']}"
    if name == "native_context" and held is not None and held["value"] < value:
        return "of two contexts the smaller counts"
    if name == "parameters":
        return _unexplained(made, value)
    return ""


def _unexplained(made: dict[str, Any], parameters: int) -> str:
    """Why a total cannot be taken: the catalogue holds only totals that its dimensions make."""
    arithmetic = made.get("arithmetic", {})
    if isinstance(arithmetic, str):
        return ""
    traits = dict(arithmetic)
    family = traits.pop("family", made["facts"].get("model_type", {}).get("value", ""))
    besides = sum(traits.pop("besides", {}).values())
    sizes = Dimensions(**made["facts"].get("dimensions", {}).get("value", {}))
    derived = total(family, sizes, traits)
    if derived is None:
        return "no formula gives a total from the dimensions; look at it by hand"
    return "" if derived + besides == parameters else f"the dimensions make {derived + besides}; look at it by hand"


def _value(name: str, value: Any) -> Any:
    if name == "parents":
        return [[parent.model, str(parent.relation)] for parent in value if isinstance(parent, Parent)]
    return plain(value)


def _joined(name: str, held: Any, value: Any) -> Any:
    """What both say together: sizes and parents that only the catalogue knows are not lost."""
    if name == "dimensions":
        return {**held, **value}
    if name == "parents":
        known = {model.casefold() for model, _ in held}
        return [*held, *(pair for pair in value if pair[0].casefold() not in known)]
    return value


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    equal: bool = one == other
    return equal


def kinds_of(source: str) -> list[str]:
    """The kinds that a source is made of: `kind (detail)`, several joined by ` + ` outside brackets."""
    outside, depth = "", 0
    for character in source:
        depth += (character == "(") - (character == ")")
        outside += character if depth == 0 and character != ")" else ""
    return [kind.strip() for kind in outside.split(" + ")]


def _explain_sources(folder: Path) -> None:
    """Sources that a refresh uses are explained in sources.json, beside the catalogue's folder."""
    used = set()
    for file in folder.glob("*/*.json"):
        document = json.loads(file.read_text(encoding="utf-8"))
        facts = [*document["facts"].values(), *([document["revision"]] if "revision" in document else [])]
        used |= {kind for fact in facts for kind in kinds_of(fact["source"])} & _MEANINGS.keys()
    path = folder.parent / "sources.json"
    kinds = json.loads(path.read_text(encoding="utf-8"))
    if used - kinds.keys():
        kinds |= {kind: _MEANINGS[kind] for kind in used}
        lines = [f" {json.dumps(kind)}: {json.dumps(kinds[kind], ensure_ascii=False)}" for kind in sorted(kinds)]
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8", newline="\n")


def _shown(value: object) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)
