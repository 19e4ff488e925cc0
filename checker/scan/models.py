"""Gathers uses by model, and says of each model what an entry of a manifest would say of it."""

from __future__ import annotations

from collections.abc import Iterable

from checker.document.digits import whole
from checker.document.place import NOWHERE, Place
from checker.document.tree import Entry, Mapping, Node, Scalar, Sequence
from checker.facts.catalogue import Catalogue
from checker.manifest.choices import Objective
from checker.manifest.deployment import Quantization, Runtime
from checker.scan.use import Kind, Option, Use
from checker.value import NamedTuple

_FIRST = (
    *(Kind.SERVED, Kind.TRAINED, Kind.EMBEDDER, Kind.RERANKER, Kind.PIPELINE, Kind.LOADED, Kind.ASKED, Kind.CONFIGURED),
    *(Kind.ADAPTER_BASE, Kind.FILE, Kind.DOWNLOADED, Kind.TOKENIZER),
)
"""Which use of a model speaks for it first."""
_DEPLOYED = frozenset(
    (Kind.SERVED, Kind.LOADED, Kind.PIPELINE, Kind.EMBEDDER, Kind.RERANKER, Kind.FILE, Kind.CONFIGURED)
)


class Used(NamedTuple):
    """One model with all its uses, as an entry would describe it."""

    key: str
    """The id that all its spellings share, in small letters."""
    model: str
    """As the first use writes it."""
    uses: tuple[Use, ...]
    objective: Option | None
    """What it is for; None where neither code nor the model itself tells."""
    task: Option | None
    inferred: bool
    """Whether the objective comes from the model's kind and not from the line that uses it."""
    revision: str | None
    options: tuple[Option, ...]
    """The further keys of the entry."""
    access: str
    """`weights`, or `api` where somebody's service runs it."""


def key_of(model: str, catalogue: Catalogue) -> str:
    """One name for all spellings of a model: its present id where the catalogue knows it."""
    recorded = catalogue.find(model) if "/" in model or not model.startswith(".") else None
    return (recorded.model if recorded else model).casefold()


def gathered(uses: Iterable[Use], catalogue: Catalogue) -> tuple[Used, ...]:
    """The models of a scan, in the order in which they are found."""
    groups: dict[str, list[Use]] = {}
    for use in uses:
        groups.setdefault(key_of(use.model, catalogue), []).append(use)
    return tuple(_used(key, tuple(group), catalogue) for key, group in groups.items())


def _used(key: str, uses: tuple[Use, ...], catalogue: Catalogue) -> Used:
    ranked = sorted(uses, key=lambda use: _FIRST.index(use.kind))
    speaking, first = _options(ranked), ranked[0]
    objective, inferred = _objective(first, speaking, catalogue)
    revisions = [use.revision for use in ranked if use.revision]
    return Used(
        key=key,
        model=first.model,
        uses=tuple(ranked),
        objective=objective,
        task=speaking.get("task") if objective and objective.value == Objective.OTHER else None,
        inferred=inferred,
        revision=revisions[0] if revisions else None,
        options=tuple(option for name, option in speaking.items() if name not in ("objective", "task")),
        access="api" if all(use.kind is Kind.ASKED for use in uses) else "weights",
    )


def _options(uses: list[Use]) -> dict[str, Option]:
    """What the uses say together; the largest window and batch count, since they ask for the most memory."""
    found: dict[str, Option] = {}
    for use in uses:
        for option in use.options:
            other = found.get(option.key)
            mine, its = whole(option.value), whole(other.value) if other else None
            if other is None or (mine is not None and its is not None and mine > its):
                found[option.key] = option
        if use.kind in (Kind.LOADED, Kind.PIPELINE) and "deployment.quantization" in found:
            found.setdefault("deployment.runtime", Option("deployment.runtime", Runtime.TRANSFORMERS.value, use.at))
    if not any(use.kind in _DEPLOYED for use in uses):
        found.pop("deployment.quantization", None)
    if found.get("deployment.quantization", Option("", "none", uses[0].at)).value not in set(Quantization):
        del found["deployment.quantization"]
    return found


def _objective(first: Use, speaking: dict[str, Option], catalogue: Catalogue) -> tuple[Option | None, bool]:
    """What the model is for: as the line says, made sharper or replaced by what the model is made for."""
    stated = speaking.get("objective")
    suits = _suits(first.model, catalogue)
    if stated is not None and stated.value == Objective.TEXT_GENERATION and Objective.CHAT in suits:
        return stated._replace(value=Objective.CHAT.value), True
    if stated is not None:
        return stated, False
    decoder = Objective.CHAT if Objective.CHAT in suits else Objective.TEXT_GENERATION
    if decoder in suits:
        return Option("objective", decoder.value, first.at), True
    return (Option("objective", suits[0], first.at), True) if len(suits) == 1 else (None, False)


def _suits(model: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The objectives that the model serves, by the record or, a heuristic, by its name."""
    from checker.facts.kind import Signals, Standing, classify, recorded

    if model.startswith("."):
        return ()
    facts = catalogue.find(model)
    kind = classify(recorded.signals_of(facts)) if facts else classify(Signals(id=model))
    kind = recorded.held_against_record(kind, facts) if facts else kind
    return () if kind.standing in (Standing.AMBIGUOUS, Standing.UNKNOWN) else kind.objectives


def as_tree(models: tuple[Used, ...]) -> Mapping:
    """A manifest that declares the models, each value standing where code says it."""
    entries: list[Node] = []
    names: set[str] = set()
    for used in models:
        at = used.uses[0].at
        entry = Mapping({}, at)
        _put(entry, "model", used.model, at)
        name = unique_name(used.model, names)
        if name is not None:
            _put(entry, "name", name, at)
        if used.revision:
            pinning = next((use for use in used.uses if use.revision == used.revision), used.uses[0])
            _put(entry, "revision", used.revision, pinning.at)
        objective = used.objective or Option("objective", Objective.OTHER.value, at)
        _put(entry, "objective", objective.value, objective.at)
        if objective.value == Objective.OTHER:
            _put(entry, "task", used.task.value if used.task else "not stated", at)
        if used.access == "api":
            _put(entry, "access", "api", at)
        for option in used.options:
            block, _, key = option.key.partition(".")
            inner = entry.items.setdefault(block, Entry(at, Mapping({}, at))).value
            assert isinstance(inner, Mapping)
            _put(inner, key, option.value, option.at)
        entries.append(entry)
    at = entries[0].at if entries else NOWHERE
    root = Mapping({}, at)
    _put(root, "weighbridge", "1", at)
    root.items["models"] = Entry(at, Sequence(entries, at))
    return root


def unique_name(model: str, names: set[str]) -> str | None:
    """A name for an entry where the last part of its id is taken; None where it is free."""
    last = model.rstrip("/").rpartition("/")[2]
    if last not in names:
        names.add(last)
        return None
    name = next(one for one in _candidates(model, last) if one not in names)
    names.add(name)
    return name


def _candidates(model: str, last: str) -> Iterable[str]:
    yield model.strip("./").replace("/", "-")
    yield from (f"{last}-{number}" for number in range(2, 100_000))


def _put(mapping: Mapping, key: str, text: str, at: Place) -> None:
    mapping.items[key] = Entry(at, Scalar(text, True, at))
