"""Judges what a scan finds: declared models by their manifests, the others as entries at their first use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from os.path import normpath
from pathlib import Path

from checker import applying, engine, gate
from checker.document.bind import bind
from checker.document.errors import InputError
from checker.document.inside import refuse_link_out
from checker.document.place import Place, SourceFile
from checker.document.read import read
from checker.document.tree import Entry, Mapping, Scalar
from checker.facts.catalogue import Catalogue
from checker.gather import gather
from checker.manifest.choices import Objective
from checker.manifest.discover import NAMES, discover, is_ours
from checker.manifest.load import load
from checker.manifest.model import Manifest, ModelEntry
from checker.manifest.project import repository_root
from checker.request import Request
from checker.rulebook.scan_case import ScanCase, Setting, Sighting, Unnamed, differences, pinned_of
from checker.scan.find import scan
from checker.scan.models import Used, as_tree, gathered, key_of
from checker.scan.use import Kind, Scan, Unresolved, Use
from checker.value import NamedTuple
from checker.verdict import Basis, JudgedManifest, JudgedModel, RefusedManifest, Report
from checker.vocabulary import unknown_names

DRAFT = "model.yaml"
"""The name of the manifest that is drafted."""
_NO_MANIFEST = (
    "there is no manifest: what is used was judged as if it were declared; `weighbridge scan --write` drafts one"
)


class Declared(NamedTuple):
    """One manifest of the scanned folder."""

    path: Path
    manifest: Manifest


class Part(NamedTuple):
    """What a scan of one folder comes to."""

    folder: Path
    scan: Scan
    undeclared: tuple[Used, ...]
    """The models that no manifest declares: what a draft would hold."""
    has_manifest: bool
    judged: tuple[gate.Judged, ...]


class Result(NamedTuple):
    """What a run comes to."""

    report: Report
    parts: tuple[Part, ...]
    """One for each path."""


def judge(request: Request, exclude: tuple[str, ...] = ()) -> Result:
    """Scan the paths of a request, each by itself, and judge what they use under the policy.

    Args:
        request: what the run is asked to do.
        exclude: patterns of paths that are not read.

    Raises:
        InputError: a path or the policy cannot be used, or a path holds nothing that is read.
    """
    applying.refuse_unusable_policy(request)
    catalogue = Catalogue()
    parts = tuple(_part(path, request, exclude, catalogue) for path in request.paths)
    report = gate.reported(request, _each_file_once(judged for part in parts for judged in part.judged), ())
    return Result(report._replace(scans=tuple(part.scan for part in parts)), parts)


class Compared(NamedTuple):
    """One manifest held against the code below its folder."""

    cases: tuple[ScanCase, ...]
    """For each of its entries where it is used."""
    undeclared: Manifest | None
    """What it does not declare and code uses, as entries; None where there is nothing of the kind."""
    undeclared_cases: tuple[ScanCase, ...]


def compare(path: Path, manifest: Manifest, catalogue: Catalogue) -> Compared:
    """Hold one manifest against the code below its folder; nothing is judged yet.

    Args:
        path: where the manifest lies.
        manifest: the manifest.
        catalogue: the recorded models.

    Raises:
        InputError: the folder holds too many files.
    """
    found = _with_folders_of_weights(scan(path.parent, (), catalogue))
    cases, undeclared = _compared(gathered(found.uses, catalogue), [Declared(path, manifest)], found, catalogue)
    others = tuple(_undeclared_case(model, path.as_posix(), found) for model in undeclared)
    return Compared(cases[0], bind(as_tree(undeclared), Manifest) if undeclared else None, others)


def _undeclared_case(model: Used, where: str, found: Scan) -> ScanCase:
    return ScanCase(model.model, False, where, tuple(map(_sighting, model.uses)), _unnamed(found), found.whole)


def _each_file_once(judged: Iterable[gate.Judged]) -> tuple[gate.Judged, ...]:
    """Two paths below one manifest: what each adds stands beside the other's, and the entries stand once."""
    kept: dict[str, gate.Judged] = {}
    for one in judged:
        other = kept.get(one.file)
        if isinstance(other, JudgedManifest) and isinstance(one, JudgedManifest):
            kept[one.file] = _both(other, one)
        else:
            kept[one.file] = one
    return tuple(kept.values())


def _both(one: JudgedManifest, other: JudgedManifest) -> JudgedManifest:
    """One manifest with what two parts judged for it; an entry that both judged stands once."""
    known = {(model.name, model.at) for model in one.models}
    if other.basis is None or one.basis is None:
        return one._replace(models=(*one.models, *(m for m in other.models if (m.name, m.at) not in known)))
    models, entries, dossiers = list(one.models), list(one.basis.manifest.models), list(one.basis.dossiers)
    judged = iter(other.models)
    for entry, dossier in zip(other.basis.manifest.models, other.basis.dossiers, strict=True):
        own = [next(judged), *([next(judged)] if dossier.weights is not None else [])]
        if (own[0].name, own[0].at) not in known:
            models += own
            entries.append(entry)
            dossiers.append(dossier)
    manifest = one.basis.manifest.model_copy(update={"models": tuple(entries)})
    return one._replace(models=tuple(models), basis=Basis(manifest, tuple(dossiers)))


def _part(root: Path, request: Request, exclude: tuple[str, ...], catalogue: Catalogue) -> Part:
    folder = root if root.is_dir() else root.parent
    found = _with_folders_of_weights(scan(root, exclude, catalogue))
    models = gathered(found.uses, catalogue)
    declared, refused = _manifests(folder)
    cases, undeclared = _compared(models, declared, found, catalogue)
    judged: list[JudgedManifest] = []
    for one, scans in zip(declared, cases, strict=True):
        try:
            judged.append(gate.judge_manifest(one.manifest, one.path.as_posix(), one.path.parent, request, scans=scans))
        except InputError as error:
            refused.append(RefusedManifest(one.path.as_posix(), error.problems))
    has_manifest = bool(declared or refused)
    home = declared[0].path if declared else folder / DRAFT
    extra = _undeclared(undeclared, home, found, request, has_manifest=has_manifest)
    all_ = judged if extra is None else _joined(judged, extra)
    return Part(folder, found, undeclared, has_manifest, (*all_, *refused))


def _joined(judged: list[JudgedManifest], extra: JudgedManifest) -> list[JudgedManifest]:
    """The models that are declared nowhere beside those of the manifest that would declare them."""
    for number, one in enumerate(judged):
        if one.file == extra.file:
            return [*judged[:number], _both(one, extra), *judged[number + 1 :]]
    return [*judged, extra]


def _manifests(folder: Path) -> tuple[list[Declared], list[RefusedManifest]]:
    """The manifests in the folder, and those above it in its repository; that nearest to the folder first."""
    declared, refused = [], []
    for path in (*discover((folder,)).ours, *_above(folder)):
        try:
            refuse_link_out(path, "is not read")
            declared.append(Declared(path, load(read(path), unknown_names=unknown_names)))
        except InputError as error:
            refused.append(RefusedManifest(path.as_posix(), error.problems))
    declared.sort(
        key=lambda one: (not folder.is_relative_to(one.path.parent), len(one.path.parts), one.path.as_posix())
    )
    return declared, refused


def _above(folder: Path) -> Iterator[Path]:
    root = repository_root(folder)
    for number, around in enumerate(folder.resolve().parents if root else ()):
        if root is None or not around.is_relative_to(root):
            return
        shown = Path(*[".."] * (number + 1)) if folder == Path() else folder / Path(*[".."] * (number + 1))
        for name in NAMES:
            if (around / name).is_file() and is_ours(around / name):
                yield Path(normpath(shown / name))


def _with_folders_of_weights(found: Scan) -> Scan:
    """A file of weights stands for the folder that it lies in; one beside code stands for nothing that has a name."""
    kept, lost = [], []
    for use in found.uses:
        if use.kind is Kind.FILE:
            folder = use.model.rpartition("/")[0]
            if folder == ".":
                why = "weights of which nothing else is known: in a folder of their own they can be declared"
                lost.append(Unresolved(use.model, why, use.at))
                continue
            kept.append(use._replace(model=folder))
        else:
            kept.append(use)
    return found._replace(uses=tuple(kept), unresolved=(*found.unresolved, *lost))


def _compared(
    models: tuple[Used, ...], declared: list[Declared], found: Scan, catalogue: Catalogue
) -> tuple[list[tuple[ScanCase, ...]], tuple[Used, ...]]:
    """For each entry of each manifest where it is used, and the models that no manifest declares."""
    entries = [(number, place) for number, one in enumerate(declared) for place in range(len(one.manifest.models))]
    names = {
        at: frozenset(_names(declared[at[0]], declared[at[0]].manifest.models[at[1]], catalogue)) for at in entries
    }
    used: dict[tuple[int, int], list[Sighting]] = {at: [] for at in entries}
    undeclared = []
    for model in models:
        left = []
        for use in model.uses:
            candidates = [at for at in entries if model.key in names[at] or _is_below(use, names[at])]
            near = _nearest(candidates, declared, use.at)
            if not near:
                left.append(use)
                continue
            sighting = _sighting(use)
            used[min(near, key=lambda at: _differing(declared[at[0]].manifest.models[at[1]], sighting))].append(
                sighting
            )
        if left:
            undeclared.append(model._replace(uses=tuple(left)))
    for pin in found.pins:
        named = [at for at in entries if declared[at[0]].manifest.models[at[1]].display_name == pin.name]
        for at in _nearest(named, declared, pin.at)[:1]:
            named_model = declared[at[0]].manifest.models[at[1]].model.value
            used[at].append(Sighting("taken from the manifest", named_model, None, pin.at, (), from_manifest=True))
    unnamed = _unnamed(found)
    cases = [
        tuple(
            ScanCase(
                model=entry.model.value,
                declared=True,
                manifest=one.path.as_posix(),
                sightings=tuple(used[number, place]),
                unnamed=unnamed,
                whole=found.whole and not found.unread and one.path.is_relative_to(found.root),
            )
            for place, entry in enumerate(one.manifest.models)
        )
        for number, one in enumerate(declared)
    ]
    return cases, tuple(undeclared)


def _names(declared: Declared, entry: ModelEntry, catalogue: Catalogue) -> Iterator[str]:
    """Under what an entry's model may be found: its id, its loaded artefact, and where a local one lies."""
    weights = entry.deployment.weights if entry.deployment else None
    for model in (entry.model.value, weights.model.value if weights else ""):
        if model:
            yield key_of(model, catalogue)
        if model.startswith("."):
            yield (declared.path.parent / model).as_posix().casefold()


def _is_below(use: Use, names: frozenset[str]) -> bool:
    return use.kind is Kind.FILE and any(Path(use.at.file.name.casefold()).is_relative_to(name) for name in names)


def _nearest(candidates: list[tuple[int, int]], declared: list[Declared], at: Place) -> list[tuple[int, int]]:
    """The entries of the manifest around the file, the innermost first; of any where none is around it."""
    file = Path(at.file.name)
    around = [one for one in candidates if file.is_relative_to(declared[one[0]].path.parent)]
    if not around:
        is_covered = any(file.is_relative_to(one.path.parent) for one in declared)
        return [] if is_covered else candidates
    deepest = max(len(declared[one[0]].path.parts) for one in around)
    return [one for one in around if len(declared[one[0]].path.parts) == deepest]


def _differing(entry: ModelEntry, sighting: Sighting) -> int:
    return sum(1 for _ in differences(entry, sighting, pinned_of(entry, sighting)))


def _sighting(use: Use) -> Sighting:
    settings = tuple(Setting(one.key, one.value, one.at) for one in use.options)
    return Sighting(use.kind.value, use.model, use.revision, use.at, settings)


def _unnamed(found: Scan) -> tuple[Unnamed, ...]:
    unread = (Unnamed(one.file, one.why, Place(SourceFile(one.file, ""), 1, 1), True) for one in found.unread)
    return (*(Unnamed(one.what, one.why, one.at, one.is_unread) for one in found.unresolved), *unread)


def _undeclared(
    models: tuple[Used, ...], home: Path, found: Scan, request: Request, *, has_manifest: bool
) -> JudgedManifest | None:
    """What no manifest declares, judged by the same engine as if each model were an entry at its first use."""
    unnamed = _unnamed(found)
    if not models and not unnamed:
        return None
    where = home.as_posix()
    standing = applying.standing(applying.key_of(request, applying.root_of(home.parent)))
    manifest = bind(as_tree(models), Manifest)
    cases = tuple(_undeclared_case(model, where, found) for model in models)
    try:
        judged = gate.judge_manifest(manifest, where, home.parent, request, scans=cases)
    except InputError as error:
        local = tuple(model for model in models if model.model.startswith("."))
        if not local:
            raise
        # A folder of weights that cannot be judged names no model; the others must count nevertheless.
        why = error.problems[0].sentence
        lost = tuple(Unresolved(model.model, f"local weights: {why}", model.uses[0].at) for model in local)
        others = tuple(model for model in models if model not in local)
        rest = found._replace(unresolved=(*found.unresolved, *lost))
        return _undeclared(others, home, rest, request, has_manifest=has_manifest)
    nameless = _nameless(unnamed, standing, where, has_manifest=has_manifest)
    if not models and nameless is None:
        return None
    notes = judged.notes if has_manifest else (*judged.notes, _NO_MANIFEST)
    all_ = (*judged.models, nameless) if nameless is not None else judged.models
    basis = judged.basis if nameless is None or judged.basis is None else _with_nameless(judged.basis, nameless)
    return judged._replace(models=tuple(_asking(model, where) for model in all_), notes=notes, basis=basis)


def _with_nameless(basis: Basis, nameless: JudgedModel) -> Basis:
    """The basis with an entry of which nothing is known, for documents that show each model with its facts."""
    stated = {"model": "unnamed", "objective": Objective.OTHER.value, "task": "not stated"}
    at = nameless.at
    entry = bind(Mapping({key: Entry(at, Scalar(text, True, at)) for key, text in stated.items()}, at), ModelEntry)
    dossier = gather(entry, Path(), Path(), Catalogue())
    manifest = basis.manifest.model_copy(update={"models": (*basis.manifest.models, entry)})
    return Basis(manifest, (*basis.dossiers, dossier))


def _asking(model: JudgedModel, manifest: str) -> JudgedModel:
    """What is asked for belongs into the manifest, not into the code at which the question arose."""
    evaluations = tuple(
        evaluation._replace(
            missing=tuple(
                one._replace(where=manifest) if one.where == one.at.file.name else one for one in evaluation.missing
            )
        )
        for evaluation in model.evaluations
    )
    return model._replace(evaluations=evaluations)


def _nameless(
    unnamed: tuple[Unnamed, ...], standing: engine.Standing, manifest: str, *, has_manifest: bool
) -> JudgedModel | None:
    """The uses that name no model, as one model of which nothing is known; None where the policy only has them said."""
    if not unnamed:
        return None
    case = ScanCase("", has_manifest, manifest, (), unnamed, False)
    name = "models that nobody names"
    evaluations = []
    for rule in standing.scan_rules:
        given = {"scan": case, "entry": None, "manifest": None, "lock": None, "settings": rule.resolved.settings}
        outcome = rule.rule.check(**{need: given[need] for need in rule.rule.needs})
        evaluations.append(engine.evaluated(rule, engine.Judged(name, name, unnamed[0].at), outcome))
    if not any(evaluation.missing for evaluation in evaluations):
        return None
    return JudgedModel(
        name=name,
        id=name,
        found_as=name,
        at=unnamed[0].at,
        revision=None,
        origin=None,
        nearest=None,
        recorded_at=None,
        assumptions=(),
        evaluations=tuple(evaluations),
    )
