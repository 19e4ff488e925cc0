"""Reads the judged cases of kinds and puts each to the code as a record, in several ways of writing it down."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from checker.facts.kind import Kind, Training

FOLDER = Path(__file__).parents[1] / "data" / "kinds"
OBJECTIVES = frozenset(
    ("chat", "text-generation", "similarity", "reranking", "multi-label-classification", "multi-class-classification")
)
_ALSO_INSTRUCT = {"chat": "instruct", "reasoning": "instruct"}
_LISTS = ("architectures", "tags")
_TEXTS = ("model_type", "pipeline_tag", "library_name", "chat_template", "base_model", "relation")
_OF_FILES = re.compile(r"(modules\.json|1_Pooling|adapter_config\.json|files)\b")


class Case(NamedTuple):
    """One judged model."""

    id: str
    signals: tuple[str, ...]
    architecture_class: str
    """In the vocabulary of `classify`; `unknown` where nothing can be said."""
    variant: str
    """The same, chat and reasoning counted as instruct."""
    suitable: frozenset[str]
    unsuitable: frozenset[str]
    """Objectives judged not to suit; every other one where the file does not list them."""


def cases(name: str) -> Iterator[Case]:
    """The cases of one file: `dev`, `wide`, `held_out`, `held_out_two` or `made`."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            suitable = _objectives(row["suitable_objectives"])
            unsuitable = row.get("unsuitable_objectives")
            yield Case(
                row["hf_id"],
                _pieces(row["signals"]),
                _class(row["expected_architecture_class"], row["expected_variant"]),
                variant(row["expected_variant"]),
                suitable,
                OBJECTIVES - suitable if unsuitable is None else _objectives(unsuitable),
            )


def variant(written: str) -> str:
    """A variant without what stands in brackets; chat, reasoning and merged chat variants count as instruct."""
    plain = re.sub(r"\(.*?\)", "", written).strip()
    return _ALSO_INSTRUCT.get(plain, plain)


def answered(kind: Kind) -> tuple[str, str, frozenset[str]]:
    """What `classify` says, in the words of a case."""
    training = variant(kind.training) if isinstance(kind.training, Training) else "unknown"
    return kind.architecture_class or "unknown", training, frozenset(kind.objectives)


def by_keys(case: Case) -> dict[str, Any]:
    """A record with each signal under its key and everything else in a list of notes."""
    record: dict[str, Any] = {"id": case.id, "notes": []}
    for piece in case.signals:
        key, found, value = piece.partition("=")
        if found and key in _LISTS:
            record[key] = [item.strip() for item in re.split(r",(?![^(]*\))", value)]
        elif found and key in _TEXTS:
            record[key] = value
        elif found and key == "card text":
            record["card"] = value.strip('"')
        elif found and key.startswith("base_model:"):
            record |= {"base_model": value, "relation": key.partition(":")[2]}
        elif _OF_FILES.match(piece):
            record.setdefault("files", []).append(piece)
        else:
            record["notes"].append(piece)
    return record


def by_texts(case: Case) -> dict[str, Any]:
    """The same with one text where others have a list."""
    record = by_keys(case)
    for key in ("architectures", "tags"):
        if key in record:
            record[key] = ", ".join(record[key])
    record["notes"] = "; ".join(record["notes"])
    return record


def by_notes(case: Case) -> dict[str, Any]:
    """The id and free remarks, nothing else."""
    return {"id": case.id, "notes": list(case.signals)}


WRITTEN: dict[str, Callable[[Case], dict[str, Any]]] = {"keys": by_keys, "texts": by_texts, "notes": by_notes}


def _class(written: str, variant: str) -> str:
    """Multimodal and state-space are attributes of a decoder; late interaction has a class of its own."""
    plain = re.sub(r"\(.*?\)", "", written).strip()
    if "late interaction" in variant:
        return "late-interaction"
    return "decoder" if plain in ("multimodal decoder", "ssm/hybrid") else plain


def _objectives(written: str) -> frozenset[str]:
    return frozenset(re.sub(r"\(.*?\)", "", item).strip() for item in written.split(";")) & OBJECTIVES


def _pieces(text: str) -> tuple[str, ...]:
    """The signals, divided at semicolons outside brackets and quotes."""
    pieces, depth, quoted = [""], 0, False
    for letter in text:
        quoted ^= letter == '"'
        depth += (letter in "({") - (letter in ")}")
        if letter == ";" and not quoted and depth <= 0:
            pieces.append("")
        else:
            pieces[-1] += letter
    return tuple(piece.strip() for piece in pieces if piece.strip())
