"""What a project uses, as one value that every format of a bill of materials is written from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from checker.document.characters import in_characters
from checker.facts.dossier import Dossier
from checker.facts.fact import Certainty, Fact, NotRead, Unknown
from checker.facts.folder import weight_formats
from checker.facts.lineage import Ancestor, Lineage
from checker.facts.locked.entry import LockEntry
from checker.facts.model import Benchmark, Facts
from checker.facts.words import in_words, said_by
from checker.licenses.declared import declared
from checker.licenses.registry import Resolved, spdx_or_ref
from checker.manifest.model import Access, ModelEntry
from checker.value import NamedTuple
from checker.verdict import Basis, Evaluation, JudgedManifest, JudgedModel, LockStamp, PolicyStamp, Report

NO_PROVIDER = "not stated"
"""Stands for the provider of a model that is used through an API where the manifest names none."""
_NOT_FACTS = frozenset({"model", "found_as", "former_ids", "revision", "build", "benchmarks", "conflicts", "notes"})


class FactLine(NamedTuple):
    """One fact in words, with its source."""

    name: str
    value: str
    certainty: Certainty
    source: str
    """What stated it, and at which commit."""


class StatedLicense(NamedTuple):
    """The licence that a source states."""

    spelling: str
    """As it is written."""
    expression: str
    """The SPDX id, or a `LicenseRef-…`; empty where the spelling names no single text."""
    name: str
    listed: bool
    """Whether SPDX lists it."""
    certainty: Certainty | None


class WeightFile(NamedTuple):
    """One file of the weights."""

    path: str
    size_bytes: int | None
    sha256: str
    """In hexadecimal; empty where nobody recorded it."""


class Kin(NamedTuple):
    """One model that another descends from."""

    child: str
    """The id of the model that descends from it."""
    id: str
    relation: str
    revision: str | None
    license: StatedLicense | None
    certainty: Certainty


class DataUsed(NamedTuple):
    """One set of data that a fine-tuning uses, as the manifest declares it."""

    name: str
    source: str
    license: StatedLicense | None
    personal: bool | None
    generated_by: str


class Item(NamedTuple):
    """One model as the project uses it."""

    name: str
    """The entry's name, unique in the manifest."""
    id: str
    """The Hub id, or the path of a local folder."""
    local: bool
    provider: str
    """Whose service it is, where the project does not run the weights itself; else empty."""
    commit: str | None
    """The commit that is used; None where nobody pins one."""
    objective: str
    license: StatedLicense | None
    believed: str
    """The licence that the manifest names, as written; empty where it names none."""
    facts: tuple[FactLine, ...]
    known: Facts
    kin: tuple[Kin, ...]
    files: tuple[WeightFile, ...]
    data: tuple[DataUsed, ...]
    benchmarks: tuple[Fact[Benchmark], ...]
    evaluations: tuple[Evaluation, ...]
    missing: tuple[str, ...]
    """What a bill of materials should say of it and no source states."""

    @property
    def publisher(self) -> str:
        """The account on the Hub that the model lies under; empty for a local folder and for somebody's service."""
        return self.id.partition("/")[0] if self.on_hub and "/" in self.id else ""

    @property
    def on_hub(self) -> bool:
        """Whether the model is taken from the Hub; what a service calls a model says nothing of where it lies."""
        return not self.local and not self.provider

    @property
    def supplier(self) -> str:
        """Who hands it to the project: its publisher, or whose service it is; empty where nobody says so."""
        return self.publisher or ("" if self.provider == NO_PROVIDER else self.provider)

    @property
    def short_name(self) -> str:
        """The id without its publisher."""
        return self.id if self.provider else self.id.rstrip("/").rpartition("/")[2] or self.id


class Inventory(NamedTuple):
    """Everything that one project uses, and what was decided about it."""

    project: str
    owner: str
    status: str
    file: str
    intended: str
    """The use that the manifest declares, in its own words."""
    created: datetime
    """When the document is made, in UTC, without fractions of a second."""
    tool_version: str
    catalogue_sha256: str
    policy: PolicyStamp
    locks: tuple[LockStamp, ...]
    """The project's lock and the organisation's, as far as there are any."""
    today: date
    """The day as of which it was judged."""
    relaxations: tuple[str, ...]
    """What loosens the verdicts."""
    items: tuple[Item, ...]


def release_day(known: Facts) -> datetime | None:
    """The day of a model's release in UTC; None where a month alone is known, or what a lock states is no day."""
    stated = known.release_date
    if isinstance(stated, Unknown) or len(stated.value) != len("2024-07-23"):
        return None
    try:
        return datetime.fromisoformat(stated.value).replace(tzinfo=UTC)
    except ValueError:  # a card may state anything, and its lock with it
        return None


def judged_by(inventory: Inventory) -> str:
    """By which policy and as of which day it was judged, and what loosens that: a sentence or a few."""
    policy = inventory.policy
    said = f"Judged as of {inventory.today} by {policy.name} {policy.version}"
    relaxed = "".join(f" Relaxed: {one}." for one in inventory.relaxations)
    return f"{said} (sha256 {policy.project_sha256 or policy.sha256}).{relaxed}"


def inventory(judged: JudgedManifest, report: Report, created: datetime) -> Inventory:
    """What one judged manifest uses.

    Args:
        judged: the manifest, with its basis.
        report: the run that judged it.
        created: the time that the document carries.

    Raises:
        LookupError: the report was made without keeping what it was judged on.
    """
    if judged.basis is None:
        raise LookupError(f"{judged.file} was judged without keeping its basis")
    use = judged.basis.manifest.use
    listed = Inventory(
        project=judged.project,
        owner=judged.owner,
        status=judged.status,
        file=judged.file,
        intended=use.intended.value if use and use.intended else "",
        created=created,
        tool_version=report.tool_version,
        catalogue_sha256=report.catalogue_sha256,
        policy=judged.policy,
        locks=(*((judged.lock,) if judged.lock else ()), *judged.policy.facts),
        today=report.today,
        relaxations=report.relaxations,
        items=tuple(_items(judged.basis, judged.models)),
    )
    shown: Inventory = in_characters(listed)  # a path may hold bytes that are none
    return shown


def _items(basis: Basis, models: tuple[JudgedModel, ...]) -> Iterator[Item]:
    judged = iter(models)
    for entry, dossier in zip(basis.manifest.models, basis.dossiers, strict=True):
        yield _item(entry, dossier, next(judged))
        if dossier.weights is not None:
            yield _item(entry.as_loaded_weights(), dossier.weights, next(judged))


def _item(entry: ModelEntry, dossier: Dossier, judged: JudgedModel) -> Item:
    facts = dossier.facts
    locked = dossier.lock.entry or dossier.lock.approved
    item = Item(
        name=judged.name,
        id=judged.id,
        local=entry.is_local,
        provider=_provider(entry),
        commit=judged.revision or (locked.commit if locked else None),
        objective=entry.task.value if entry.task else entry.objective.value,
        license=_license(facts),
        believed=entry.license.value if entry.license else "",
        facts=tuple(_lines(facts)),
        known=facts,
        kin=tuple(_kin(facts.model, dossier.lineage)),
        files=tuple(_files(locked)) if locked else (),
        data=tuple(_data(entry)),
        benchmarks=facts.benchmarks,
        evaluations=judged.evaluations,
        missing=(),
    )
    return item._replace(missing=tuple(_missing(item)))


def _provider(entry: ModelEntry) -> str:
    if entry.access.value is not Access.API:
        return ""
    return entry.provider.value if entry.provider else NO_PROVIDER


def _files(locked: LockEntry) -> Iterator[WeightFile]:
    for file in locked.files:
        if weight_formats(frozenset((file.path,))):
            yield WeightFile(file.path, file.size, file.sha256 or "")


def _lines(facts: Facts) -> Iterator[FactLine]:
    for name in Facts._fields:
        fact = getattr(facts, name)
        if name not in _NOT_FACTS and isinstance(fact, Fact):
            yield FactLine(name, in_words(fact.value), fact.certainty, said_by(fact))


def _license(facts: Facts) -> StatedLicense | None:
    stated = declared(facts)
    if isinstance(stated, Unknown) or not stated.spelling:
        return None
    sure = facts.license.certainty if isinstance(facts.license, Fact) else None
    return written(stated.spelling, stated.resolution, sure)


def written(spelling: str, resolution: object, certainty: Certainty | None) -> StatedLicense:
    """A licence as it is written, with what SPDX calls it."""
    if isinstance(resolution, Resolved):
        text = resolution.license
        return StatedLicense(spelling, spdx_or_ref(text), text.name, text.spdx is not None, certainty)
    return StatedLicense(spelling, "", spelling, listed=False, certainty=certainty)


def _kin(child: str, lineage: Lineage) -> Iterator[Kin]:
    for ancestor in lineage.parents:
        yield _one_kin(child, ancestor)
        above = ancestor.parent.value.model if isinstance(ancestor.facts, Unknown) else ancestor.facts.model
        yield from _kin(above, ancestor.above)


def _one_kin(child: str, ancestor: Ancestor) -> Kin:
    known = ancestor.facts
    parent = ancestor.parent
    return Kin(
        child=child,
        id=parent.value.model if isinstance(known, Unknown) else known.model,
        relation=parent.value.relation.value,
        revision=None if isinstance(known, Unknown) else known.revision,
        license=None if isinstance(known, Unknown) else _license(known),
        certainty=parent.certainty,
    )


def _data(entry: ModelEntry) -> Iterator[DataUsed]:
    from checker.licenses.registry import resolve

    for used in entry.fine_tuning.data if entry.fine_tuning else ():
        stated = used.license.value if used.license else ""
        yield DataUsed(
            name=used.name.value,
            source=used.source.value if used.source else "",
            license=written(stated, resolve(stated), Certainty.CLAIMED) if stated else None,
            personal=used.personal_data.value if used.personal_data else None,
            generated_by=used.generated_by.value if used.generated_by else "",
        )


def _missing(item: Item) -> Iterator[str]:
    if item.commit is None and not item.local and not item.provider:
        yield "the commit that is used: neither the manifest nor a lock pins one"
    if item.license is None:
        yield "the licence: no source states it"
    elif not item.license.expression:
        yield f"which licence `{item.license.spelling}` is: it names no single text"
    if not item.files and not item.provider:
        why = "nothing reads the weights of a local folder" if item.local else "only a lock records them"
        yield f"the weight files with their digests: {why}"
    unhashed = [file.path for file in item.files if not file.sha256]
    if unhashed:
        yield f"the SHA-256 of {', '.join(unhashed)}"
    for name in ("parameters", "architectures", "release_date", "parents"):
        fact = getattr(item.known, name)
        if isinstance(fact, (Unknown, NotRead)):
            yield f"{name.replace('_', ' ')}: {fact.reason}"
    if not item.supplier and not item.local:
        yield f"the supplier: {'the manifest names no provider' if item.provider else 'the id names no publisher'}"
