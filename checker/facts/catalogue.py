"""The facts that are shipped with Weighbridge: one JSON file a model, read only when that model is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cached_property
from json import loads
from pathlib import Path
from typing import Any

from checker.document.nearest import nearest
from checker.facts.fact import Certainty, Fact, Origin, Source, Unknown
from checker.facts.model import ArchitectureClass, Benchmark, Dimensions, Facts, Head, Parent, Relation, Variant

SHIPPED = Path(__file__).parent / "catalogue"

_ID = re.compile(r"[\w-][\w.-]{0,95}/[\w-][\w.-]{0,95}", re.ASCII)
_AT_REVISION = frozenset(
    (
        "architecture_class",
        "multimodal",
        "state_space",
        "variant",
        "also_serves",
        "head",
        "model_type",
        "architectures",
        "parameters",
        "active_parameters",
        "dimensions",
        "torch_dtype",
        "native_context",
    )
)
"""Facts that hold at the commit that the file names; of the others no source says at which commit they were read."""


class Catalogue:
    """Recorded facts by model id; nothing is read before it is asked for."""

    def __init__(self, folder: Path = SHIPPED) -> None:
        self._folder = folder
        self._found: dict[str, Facts] = {}

    def find(self, model_id: str) -> Facts | None:
        """What is recorded of the model of that id, or of the one that had it as a former name; None for any other.

        Another spelling in capitals is the same model, as it is on the Hub; `Facts.found_as` keeps what was asked for.
        """
        if model_id in self._found:
            return self._found[model_id]
        document = self._read(model_id)
        if document is None and (today := self._former_ids.get(model_id)) is not None:
            document = self._read(today["now"])
        if document is None and (spelled := self._folded.get(model_id.casefold())) is not None:
            document = self._read(spelled)  # the Hub leads any capitals to the one repository
        if document is None:
            return None
        return self._found.setdefault(model_id, _facts(document, model_id, self._formerly.get(document["id"], ())))

    def ids(self) -> tuple[str, ...]:
        """The ids of all models, sorted: for finding the nearest name. Lists the folder once."""
        return self._ids

    def nearest(self, model_id: str) -> str | None:
        """The recorded id to offer for one that is not: of that name under another publisher, or spelled alike."""
        name = model_id.rpartition("/")[2].casefold()
        namesakes = [known for known in self._ids if known.rpartition("/")[2].casefold() == name]
        return nearest(model_id, namesakes or self._ids) or next(iter(namesakes), None)

    def digest(self) -> str:
        """SHA-256 in hexadecimal that changes with any content of the catalogue; written down, not computed."""
        return str(self._about["sha256"])

    @property
    def recorded(self) -> date:
        """The day on which the catalogue's sources were last looked at."""
        return date.fromisoformat(self._about["recorded"])

    @cached_property
    def _about(self) -> dict[str, str]:
        about: dict[str, str] = loads((self._folder / "about.json").read_text(encoding="utf-8"))
        return about

    @cached_property
    def _former_ids(self) -> dict[str, dict[str, str]]:
        former: dict[str, dict[str, str]] = loads((self._folder / "former_ids.json").read_text(encoding="utf-8"))
        return former

    @cached_property
    def _folded(self) -> dict[str, str]:
        """Ids by their letters without capitals: present ids, and former ones with what they became."""
        former = {name.casefold(): today["now"] for name, today in self._former_ids.items()}
        return former | {name.casefold(): name for name in self._ids}

    @cached_property
    def _formerly(self) -> dict[str, tuple[str, ...]]:
        names: dict[str, tuple[str, ...]] = {}
        for former, today in self._former_ids.items():
            names[today["now"]] = (*names.get(today["now"], ()), former)
        return names

    @cached_property
    def _ids(self) -> tuple[str, ...]:
        files = self._folder.glob("*/*.json")
        return tuple(sorted((f"{file.parent.name}/{file.stem}" for file in files), key=str.casefold))

    def _read(self, model_id: str) -> dict[str, Any] | None:
        if not _ID.fullmatch(model_id):  # an id comes from outside and must not leave the folder
            return None
        try:
            text = (self._folder / f"{model_id}.json").read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return None
        document: dict[str, Any] = loads(text)
        return document if document["id"] == model_id else None


def _facts(document: dict[str, Any], found_as: str, former_ids: tuple[str, ...]) -> Facts:
    model = document["id"]
    revision = document["revision"]["value"] if "revision" in document else None
    known: dict[str, Any] = {
        name: Fact(
            _READ[name](stated["value"]) if name in _READ else stated["value"],
            Certainty(stated["certainty"]),
            Source(Origin.CATALOGUE, stated["source"], model, revision if name in _AT_REVISION else None),
        )
        for name, stated in document["facts"].items()
    }
    for name, reason in document.get("left_out", {}).items():
        known[name] = Unknown(name, f"the catalogue leaves it out: {reason}")
    benchmarks = tuple(
        Fact(
            Benchmark(**stated["value"]),
            Certainty(stated["certainty"]),
            Source(Origin.CATALOGUE, stated["source"], model),
        )
        for stated in document.get("benchmarks", ())
    )
    return Facts(
        model=model,
        found_as=found_as,
        former_ids=former_ids,
        revision=revision,
        benchmarks=benchmarks,
        conflicts=tuple(document.get("conflicts", ())),
        notes=tuple(document.get("notes", ())),
        **known,
    )


def _dimensions(sizes: dict[str, Any]) -> Dimensions:
    return Dimensions(**sizes)


def _parents(pairs: list[list[str]]) -> tuple[Parent, ...]:
    return tuple(Parent(model, Relation(relation)) for model, relation in pairs)


_READ: dict[str, Callable[[Any], object]] = {
    "also_serves": tuple,
    "architecture_class": ArchitectureClass,
    "architectures": tuple,
    "dimensions": _dimensions,
    "head": Head,
    "parents": _parents,
    "variant": Variant,
}
"""Facts whose value is more than JSON can say."""
