"""CycloneDX 1.6 and 1.7 ML-BOM as JSON: models with model cards, pedigree, evidence, and what was attested of them.

Written by hand, since cyclonedx-python-lib has no model card; tests hold it against that library's strict validator.
Source of every field: the JSON schemas of CycloneDX 1.6 and 1.7 (ECMA-424).
"""

from __future__ import annotations

from collections.abc import Iterator
from json import dumps
from typing import Any, TypeAlias

from checker import HOME
from checker.bom.attestations import declarations, standards
from checker.bom.document import as_text
from checker.bom.identity import document_uuid, page, purl, reference
from checker.bom.inventory import DataUsed, FactLine, Inventory, Item, Kin, StatedLicense
from checker.facts.fact import Fact, NotRead, Unknown
from checker.facts.model import Benchmark

Json: TypeAlias = dict[str, Any]
"""A JSON object on its way out; nothing reads it again."""


def render(inventory: Inventory, name: str) -> str:
    """The document of one project; `name` is the format's, and ends with the version that is written."""
    version = name.rpartition("-")[2]
    content = _content(inventory)
    head: Json = {
        "$schema": f"http://cyclonedx.org/schema/bom-{version}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": version,
        "serialNumber": document_uuid(inventory, version + dumps(content, sort_keys=True)).urn,
        "version": 1,
    }
    return as_text({**head, **content})


def _content(inventory: Inventory) -> Json:
    project = reference("project", inventory.project)
    models = [_model(item, inventory) for item in inventory.items]
    datasets = [_dataset(item, used) for item in inventory.items for used in item.data]
    owner = {"manufacturer": {"name": inventory.owner}} if inventory.owner else {}
    return {
        "metadata": {
            "timestamp": inventory.created.strftime("%Y-%m-%dT%H:%M:%SZ"),
            **_lifecycle(inventory.status),
            "tools": {"components": [_tool(inventory)]},
            "component": {"type": "application", "bom-ref": project, "name": inventory.project, **owner},
            "properties": list(_properties(inventory)),
        },
        "components": models + datasets,
        "dependencies": _dependencies(inventory, project),
        "declarations": declarations(inventory, project),
        "definitions": {"standards": standards(inventory)},
    }


_PHASES = {"planned": "design", "live": "operations", "retired": "decommission"}


def _lifecycle(status: str) -> Json:
    """The phase, where the manifest states its status."""
    return {"lifecycles": [{"phase": _PHASES[status]}]} if status in _PHASES else {}


def _tool(inventory: Inventory) -> Json:
    return {
        "type": "application",
        "bom-ref": "tool:weighbridge",
        "name": "weighbridge",
        "version": inventory.tool_version,
        "externalReferences": [{"type": "website", "url": HOME}],
    }


def _properties(inventory: Inventory) -> Iterator[Json]:
    yield _property("manifest", inventory.file)
    yield _property("policy", f"{inventory.policy.name} {inventory.policy.version}")
    yield _property("policy:sha256", inventory.policy.project_sha256 or inventory.policy.sha256)
    yield _property("judged-as-of", inventory.today.isoformat())
    for relaxation in inventory.relaxations:
        yield _property("relaxed", relaxation)
    yield _property("catalogue:sha256", inventory.catalogue_sha256)
    for lock in inventory.locks:
        yield _property("lock", f"{lock.file}, sha256 {lock.sha256}")
    if inventory.intended:
        yield _property("use:intended", inventory.intended)


def _property(name: str, value: str) -> Json:
    return {"name": f"weighbridge:{name}", "value": value}


def _model(item: Item, inventory: Inventory) -> Json:
    component: Json = {
        "type": "machine-learning-model",
        "bom-ref": model_reference(item),
        "name": item.short_name,
    }
    if item.publisher:
        component["group"] = item.publisher
    if item.supplier:
        component["supplier"] = {"name": item.supplier}
    if item.commit:
        component["version"] = item.commit
    if item.license:
        component["licenses"] = _licenses(item.license)
    if item.on_hub:
        component |= {"purl": purl(item.id, item.commit), "externalReferences": _references(item)}
    if item.kin:
        component["pedigree"] = {"ancestors": [_ancestor(kin) for kin in _once(item.kin)], "notes": _ways(item.kin)}
    if item.files:
        component["components"] = [_file(item, file.path, file.sha256) for file in item.files]
    component |= {"modelCard": _card(item, inventory), "properties": list(_model_properties(item))}
    return component


def model_reference(item: Item) -> str:
    """How the rest of the document refers to a model."""
    return reference("model", item.name)


def _licenses(stated: StatedLicense) -> list[Json]:
    named = {"id": stated.expression} if stated.listed else {"name": stated.expression or stated.spelling}
    return [{"license": {**named, "acknowledgement": "declared"}}]


def _references(item: Item) -> list[Json]:
    return [{"type": "distribution", "url": page(item.id, item.commit)}, {"type": "model-card", "url": page(item.id)}]


def _once(kin: tuple[Kin, ...]) -> list[Kin]:
    """Each ancestor once, though several ways may lead to it."""
    return list({one.id: one for one in reversed(kin)}.values())[::-1]


def _ancestor(kin: Kin) -> Json:
    publisher, slash, name = kin.id.partition("/")
    component: Json = {"type": "machine-learning-model", "name": name or publisher}
    if slash:
        component |= {"group": publisher, "purl": purl(kin.id, kin.revision)}
    if kin.revision:
        component["version"] = kin.revision
    if kin.license:
        component["licenses"] = _licenses(kin.license)
    return component


def _ways(kin: tuple[Kin, ...]) -> str:
    return "; ".join(f"{one.child} descends from {one.id} ({one.relation}, {one.certainty})" for one in kin)


def _file(item: Item, path: str, digest: str) -> Json:
    hashes = {"hashes": [{"alg": "SHA-256", "content": digest}]} if digest else {}
    return {"type": "file", "bom-ref": reference("file", item.name, path), "name": path, **hashes}


def _card(item: Item, inventory: Inventory) -> Json:
    known = item.known
    parameters: Json = {"task": item.objective}
    if isinstance(known.model_type, Fact):
        parameters["architectureFamily"] = known.model_type.value
    if isinstance(known.architectures, Fact) and known.architectures.value:
        parameters["modelArchitecture"] = ", ".join(known.architectures.value)
    if item.data:
        parameters["datasets"] = [{"ref": data_reference(item, used)} for used in item.data]
    card: Json = {"modelParameters": parameters}
    if item.benchmarks:
        card["quantitativeAnalysis"] = {"performanceMetrics": [_metric(fact) for fact in item.benchmarks]}
    considerations: Json = {"useCases": [inventory.intended]} if inventory.intended else {}
    if item.missing:
        considerations["technicalLimitations"] = [f"not stated in this document: {gap}" for gap in item.missing]
    if considerations:
        card["considerations"] = considerations
    return card


def _metric(fact: Fact[Benchmark]) -> Json:
    score = fact.value
    by = "its publisher" if score.first_party else "others"
    return {"type": score.name, "value": str(score.score), "slice": f"{score.setting}; reported by {by}"}


def data_reference(item: Item, used: DataUsed) -> str:
    """How the rest of the document refers to a set of data."""
    return reference("data", item.name, used.name)


def _dataset(item: Item, used: DataUsed) -> Json:
    component: Json = {
        "type": "data",
        "bom-ref": data_reference(item, used),
        "name": used.name,
        "data": [{"type": "dataset", "name": used.name, **_sensitive(used)}],
    }
    if used.license:
        component["licenses"] = _licenses(used.license)
    said = (("source", used.source), ("generated-by", used.generated_by))
    component["properties"] = [_property(f"data:{name}", value) for name, value in said if value]
    return component


def _sensitive(used: DataUsed) -> Json:
    return {"sensitiveData": ["personal data"]} if used.personal else {}


def _model_properties(item: Item) -> Iterator[Json]:
    yield _property("name", item.name)
    yield _property("id", item.id)
    yield _property("objective", item.objective)
    if item.provider:
        yield _property("access", f"api: {item.provider}")
    if item.believed:
        yield _property("license:believed", item.believed)
    for line in item.facts:
        yield from _fact(line)
    for gap in item.missing:
        yield _property("missing", gap)
    for name in ("weight_formats", "remote_code", "gated"):
        fact = getattr(item.known, name)
        if isinstance(fact, (Unknown, NotRead)):
            yield _property(f"unknown:{name}", fact.reason)


def _fact(line: FactLine) -> Iterator[Json]:
    yield _property(f"fact:{line.name}", line.value)
    yield _property(f"fact:{line.name}:certainty", line.certainty.value)
    yield _property(f"fact:{line.name}:source", line.source)


def _dependencies(inventory: Inventory, project: str) -> list[Json]:
    models = sorted(model_reference(item) for item in inventory.items)
    data = [
        {"ref": model_reference(item), "dependsOn": sorted({data_reference(item, used) for used in item.data})}
        for item in inventory.items
        if item.data
    ]
    return [{"ref": project, "dependsOn": models}, *data]
