"""For a customer: which models a product runs on, under which terms, where, tuned or not, and which kinds of data.

Nothing internal: no path of a file, no line, no finding, no waiver, no policy.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.document.markdown import code, prose, row
from checker.facts.dossier import Dossier
from checker.facts.fact import Unknown
from checker.licenses.declared import declared
from checker.licenses.registry import Resolved
from checker.manifest.hardware import Hardware
from checker.manifest.model import Access, Manifest, ModelEntry
from checker.report.text import NOT_TESTED
from checker.verdict import JudgedManifest, Report

NEEDS_BASIS = True
"""The page shows what the manifest declares."""

_TITLES = ("model", "version", "licence", "used for", "where it runs", "tuned", "data it was tuned with")

_PATHS = (".", "/", "~", "\\")
"""How the path of a model of our own begins."""


def render(report: Report) -> str:
    """The page in Markdown, a table for each project."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield "# AI models in use"
    yield ""
    if report.refused:
        count = len(report.refused)
        yield f"**Not complete: {count} declaration{'s' * (count > 1)} of models could not be read.**"
        yield ""
    for manifest in report.manifests:
        yield f"## {prose(manifest.project)}"
        yield ""
        yield from _project(manifest)
        yield ""
    yield f"{NOT_TESTED} As of {report.today}; licences as their publishers declare them."


def _project(judged: JudgedManifest) -> Iterator[str]:
    if judged.basis is None:
        raise LookupError(f"{judged.file} was judged without keeping its basis")
    manifest = judged.basis.manifest
    if manifest.use and manifest.use.intended:
        yield prose(f"Intended use: {manifest.use.intended.value}")
        yield ""
    yield row(_TITLES)
    yield row(("---",) * len(_TITLES))
    for entry, dossier in zip(manifest.models, judged.basis.dossiers, strict=True):
        yield row(tuple(_cells(manifest, entry, dossier)))
        if dossier.weights is not None:  # what is really loaded, by whoever made it
            yield row(tuple(_cells(manifest, entry.as_loaded_weights(), dossier.weights)))


def _cells(manifest: Manifest, entry: ModelEntry, dossier: Dossier) -> Iterator[str]:
    locked = dossier.lock.entry or dossier.lock.approved
    commit = entry.revision.value if entry.revision else locked.commit if locked else None
    yield "a model of our own" if entry.is_local else code(dossier.facts.model)
    yield code(commit[:12]) if commit else "not pinned"
    yield prose(_terms(entry, dossier))
    yield prose(entry.task.value if entry.task else entry.objective.value)
    yield prose(_where(manifest, entry))
    yield prose(_tuned(entry))
    yield prose(_data(entry))


def _terms(entry: ModelEntry, dossier: Dossier) -> str:
    if entry.access.value is Access.API:
        address = entry.terms.value if entry.terms and "://" in entry.terms.value else ""  # no path of ours
        return f"terms of the service: {address}" if address else "terms of the service"
    stated = declared(dossier.facts)
    if isinstance(stated, Unknown):
        return "not known"
    return stated.resolution.license.name if isinstance(stated.resolution, Resolved) else stated.problem


def _where(manifest: Manifest, entry: ModelEntry) -> str:
    if entry.access.value is Access.API:
        return f"service of {entry.provider.value}" if entry.provider else "somebody's service"
    places = ", ".join(region.value for region in manifest.use.regions) if manifest.use else ""
    own = entry.deployment.hardware or manifest.hardware if entry.deployment else None
    return "; ".join(part for part in (_named(own), places) if part) or "not stated"


def _named(hardware: Hardware | None) -> str:
    if hardware is None:
        return ""
    if hardware.instance is not None:
        return f"our own hardware, {hardware.instance.value}"
    name = hardware.gpu.value if hardware.gpu else "GPU"
    return f"our own hardware, {hardware.count.value} x {name}"


def _tuned(entry: ModelEntry) -> str:
    tuning = entry.fine_tuning
    if tuning is None:
        return "no"
    method = tuning.method.value.value if tuning.method else "method not stated"
    goal = f", for {tuning.goal.value.value}" if tuning.goal else ""
    return f"yes ({method}{goal})"


def _data(entry: ModelEntry) -> str:
    sets = entry.fine_tuning.data if entry.fine_tuning else ()
    personal = {True: "personal data", False: "no personal data", None: "personal data not stated"}
    kinds = (personal[one.personal_data.value if one.personal_data else None] for one in sets)
    teachers = (one.generated_by.value for one in sets if one.generated_by and one.generated_by.value != "none")
    generated = (f"outputs of {'a model of our own' if one.startswith(_PATHS) else one}" for one in teachers)
    found = dict.fromkeys((*kinds, *generated))
    return "; ".join(found) or ("not stated" if entry.fine_tuning else "none")
