"""What the auditor's page shows of each manifest beside the verdicts, taken out of what it was judged on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from markupsafe import Markup
from pydantic import BaseModel

from checker.facts.dossier import Dossier
from checker.facts.fact import Unknown
from checker.facts.lineage import Lineage
from checker.facts.model import Facts
from checker.facts.telling import absent, known, title
from checker.facts.words import in_words, said_by, score_in_words
from checker.licenses.declared import declared
from checker.licenses.registry import Resolved
from checker.manifest.model import ModelEntry
from checker.report.pictures import lineage as lineage_picture
from checker.report.pictures import memory as memory_picture
from checker.report.pictures.lineage import Descent, Member
from checker.rulebook.outcome import Stack
from checker.value import NamedTuple
from checker.verdict import Evaluation, JudgedManifest, JudgedModel, Report, Verdict


class FactRow(NamedTuple):
    """One fact of a model."""

    name: str
    value: str
    certainty: str
    source: str


class Picture(NamedTuple):
    """A picture with the numbers or steps that it shows, as lines."""

    title: str
    svg: Markup
    lines: tuple[str, ...]


class DutyRow(NamedTuple):
    """One duty of one model: as a licence lays it upon the project, or as the manifest alone names it."""

    model: str
    duty: str
    shown: str
    """What shows it, or why nothing does."""
    is_shown: bool
    looked: str
    """Who looked and when."""
    age: str


class DataRow(NamedTuple):
    """One set of data of a fine-tuning."""

    model: str
    name: str
    source: str
    license: str
    personal: str
    generated_by: str


class ModelPart(NamedTuple):
    """One model on the page."""

    judged: JudgedModel
    commit: str
    """Which commit is used and what pins it, in words."""
    facts: tuple[FactRow, ...]
    unknown: tuple[str, ...]
    pictures: tuple[Picture, ...]
    lineage: Picture | None


class ManifestPart(NamedTuple):
    """One manifest on the page."""

    judged: JudgedManifest
    use: tuple[tuple[str, str], ...]
    """Key and value of what the manifest says of the use."""
    models: tuple[ModelPart, ...]
    duties: tuple[DutyRow, ...]
    data: tuple[DataRow, ...]

    @property
    def evaluations(self) -> tuple[Evaluation, ...]:
        """All evaluations, in the order of the models."""
        return tuple(one for model in self.judged.models for one in model.evaluations)

    def of(self, *verdicts: Verdict) -> tuple[Evaluation, ...]:
        """The evaluations with one of these verdicts."""
        return tuple(one for one in self.evaluations if one.verdict in verdicts)


def parts(report: Report) -> tuple[ManifestPart, ...]:
    """Each judged manifest of the run."""
    return tuple(_part(manifest, report) for manifest in report.manifests)


def _part(manifest: JudgedManifest, report: Report) -> ManifestPart:
    basis = manifest.basis
    if basis is None:
        raise LookupError(f"{manifest.file} was judged without keeping its basis")
    entries: list[tuple[ModelEntry, Dossier]] = []
    for entry, dossier in zip(basis.manifest.models, basis.dossiers, strict=True):
        entries.append((entry, dossier))
        if dossier.weights is not None:
            entries.append((entry.as_loaded_weights(), dossier.weights))
    judged = list(zip(manifest.models, entries, strict=True))
    return ManifestPart(
        judged=manifest,
        use=tuple(_use(manifest)),
        models=tuple(_model(model, entry, dossier) for model, (entry, dossier) in judged),
        duties=tuple(row for model, (entry, _) in judged for row in _duties(model, entry, report.today)),
        data=tuple(row for model, (entry, _) in judged for row in _data(model.name, entry)),
    )


def _use(manifest: JudgedManifest) -> Iterator[tuple[str, str]]:
    use = manifest.basis.manifest.use if manifest.basis else None
    if use is None:
        return
    for name in type(use).model_fields:
        value = getattr(use, name, None)
        if value:
            values = value if isinstance(value, tuple) else (value,)
            yield name.rstrip("_").replace("_", " "), ", ".join(_written(one) for one in values)


def _written(located: object) -> str:
    value = getattr(located, "value", located)
    if isinstance(value, BaseModel):
        pairs = ((name.rstrip("_"), getattr(value, name)) for name in type(value).model_fields)
        return ", ".join(f"{name} {_written(one)}" for name, one in pairs if one is not None)
    return str(value)


def _commit(judged: JudgedModel, entry: ModelEntry, dossier: Dossier) -> str:
    if judged.revision:
        return f"{judged.revision} (in the manifest)"
    if entry.is_local:
        return "a folder of the project, at the project's own commit"
    locks = (("the project's lock", dossier.lock.entry), ("the organisation's facts", dossier.lock.approved))
    pinned = [f"{lock.commit} (in {where})" for where, lock in locks if lock and lock.commit]
    return pinned[0] if pinned else "not pinned"


def _model(judged: JudgedModel, entry: ModelEntry, dossier: Dossier) -> ModelPart:
    facts = dossier.facts
    rows = [
        FactRow(title(name), in_words(fact.value), fact.certainty.value, said_by(fact)) for name, fact in known(facts)
    ]
    unknown = [f"{title(name)}: {fact.reason}" for name, fact in absent(facts)]
    for fact in facts.benchmarks:
        name, words = f"benchmark {fact.value.name}", score_in_words(fact.value)
        rows.append(FactRow(name, words, fact.certainty.value, said_by(fact)))
    stacks = ((one.rule, one.stack) for one in judged.evaluations if one.stack is not None)
    return ModelPart(
        judged,
        _commit(judged, entry, dossier),
        tuple(rows),
        tuple(unknown),
        pictures=tuple(_bar(judged.name, rule, stack) for rule, stack in stacks),
        lineage=_family(dossier),
    )


def _bar(name: str, rule: str, stack: Stack) -> Picture:
    from checker.memory.units import gib

    title = f"{name}: {rule}, {stack.what}"
    lines = tuple(f"{part}: {gib(size)}" for part, size in stack.parts)
    return Picture(title, memory_picture.draw(title, stack), lines)


def _family(dossier: Dossier) -> Picture | None:
    descents = tuple(dict.fromkeys(_descents(dossier.facts.model, dossier.lineage)))
    if not descents:
        return None
    own = Member(dossier.facts.model, _terms(dossier.facts))
    members = {own.id: own}
    for path in dossier.lineage.paths():
        ancestor = path[-1]
        known = ancestor.facts
        name = ancestor.parent.value.model if isinstance(known, Unknown) else known.model
        members.setdefault(name, Member(name, "unknown" if isinstance(known, Unknown) else _terms(known)))
    title = f"What {own.id} descends from"
    lines = tuple(
        f"{one.child} ({members[one.child].license}) descends from {one.parent}"
        f" ({members[one.parent].license}): {one.relation}"
        for one in descents
    )
    return Picture(title, lineage_picture.draw(title, tuple(members.values()), descents), lines)


def _descents(child: str, lineage: Lineage) -> Iterator[Descent]:
    for ancestor in lineage.parents:
        known = ancestor.facts
        name = ancestor.parent.value.model if isinstance(known, Unknown) else known.model
        yield Descent(child, name, ancestor.parent.value.relation.value)
        yield from _descents(name, ancestor.above)


def _terms(facts: Facts) -> str:
    """The licence as one short text."""
    stated = declared(facts)
    if isinstance(stated, Unknown):
        return "licence unknown"
    if isinstance(stated.resolution, Resolved):
        return stated.resolution.license.id
    return f"`{stated.spelling}`, no single text" if stated.spelling else "no licence declared"


def _duties(judged: JudgedModel, entry: ModelEntry, today: date) -> Iterator[DutyRow]:
    due = [one for evaluation in judged.evaluations for one in evaluation.duties]
    for one in due:
        looked = _looked(one.checked_on, one.by) or ("in this run" if one.shown else "")
        yield DutyRow(judged.name, one.asks, one.shown or one.why_not, bool(one.shown), looked, _days(one.age_days))
    if due:
        return
    for line in entry.obligations:  # no rule judged it: what the manifest says is all there is
        checked = line.checked_on.value if line.checked_on else None
        looked = _looked(checked, line.by.value if line.by else "")
        age = _days((today - checked).days if checked else None)
        yield DutyRow(judged.name, line.duty.value, f"{line.where.value}: not judged", False, looked, age)


def _looked(checked: date | None, by: str) -> str:
    return " by ".join(part for part in (checked.isoformat() if checked else "", by) if part)


def _days(age: int | None) -> str:
    return "" if age is None else f"{age} day{'' if age == 1 else 's'}"


def _data(model: str, entry: ModelEntry) -> Iterator[DataRow]:
    personal = {True: "yes", False: "no", None: "not stated"}
    for used in entry.fine_tuning.data if entry.fine_tuning else ():
        yield DataRow(
            model,
            name=used.name.value,
            source=used.source.value if used.source else "not stated",
            license=used.license.value if used.license else "not stated",
            personal=personal[used.personal_data.value if used.personal_data else None],
            generated_by=used.generated_by.value if used.generated_by else "not stated",
        )
