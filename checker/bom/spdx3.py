"""SPDX 3.0.1 with the AI and dataset profiles as JSON-LD, through spdx-python-model.

Source of the fields that the profiles require: SPDX 3.0.1, AI/Classes/AIPackage and Dataset/Classes/DatasetPackage
(supplier or originator, download location, version, primary purpose, release and build time, data set type). Neither
the JSON schema nor the SHACL shapes ask for them, so that they are checked here, and one that no source states is said.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC
from io import BytesIO
from typing import Any

from spdx_python_model import v3_0_1 as spdx

from checker import HOME
from checker.bom.attestations import in_short
from checker.bom.identity import document_uuid, page, purl, reference
from checker.bom.inventory import DataUsed, Inventory, Item, Kin, StatedLicense, judged_by, release_day
from checker.document.as_json import dumps
from checker.facts.fact import Fact
from checker.facts.model import Facts
from checker.verdict import Verdict

_REQUIRED = {
    "suppliedBy": "its supplier",
    "software_downloadLocation": "where it is downloaded from",
    "software_packageVersion": "its version, the commit",
    "releaseTime": "the time of its release",
}
"""What the AI profile requires of a model, beside its primary purpose."""
_REQUIRED_OF_DATA = {
    "originatedBy": "who made it",
    "software_downloadLocation": "where it is downloaded from",
    "releaseTime": "the time of its release",
    "builtTime": "when it was built",
}


def render(inventory: Inventory, name: str) -> str:
    """The document of one project; `name` is the format's."""
    stream = BytesIO()
    written = _Written(inventory)
    spdx.JSONLDSerializer(indent=2, ensure_ascii=False, sort_keys=True).write(
        written.objects, stream, force_at_graph=True
    )
    content = json.loads(stream.getvalue())
    content["@graph"] = sorted(content["@graph"], key=_order)
    return dumps(content, indent=2, ensure_ascii=False) + "\n"


def _order(element: dict[str, Any]) -> tuple[str, str]:
    return (element["type"], element.get("spdxId") or element.get("@id", ""))


class _Written:
    """The elements of one document while they are put together."""

    def __init__(self, inventory: Inventory) -> None:
        self.objects = spdx.SHACLObjectSet()
        self._inventory = inventory
        said = repr([(item.id, item.commit, item.facts, item.evaluations) for item in inventory.items])
        self._base = f"{HOME}/spdx3/{document_uuid(inventory, 'spdx-3.0' + said)}"
        self._info = spdx.CreationInfo(
            _id="_:creation",
            specVersion="3.0.1",
            created=inventory.created.astimezone(UTC),
        )
        tool = spdx.SoftwareAgent(
            _id=self._id("agent", "weighbridge"), name=f"weighbridge {inventory.tool_version}", creationInfo=self._info
        )
        self._info.createdBy = [tool]
        self._agents: dict[str, Any] = {}
        self._licenses: dict[str, Any] = {}
        self._relations = 0
        for one in (self._info, tool):
            self.objects.add(one)
        self._document()

    def _id(self, *parts: str) -> str:
        return f"{self._base}#{reference(*parts)}"

    def _add(self, kind: Any, *parts: str, **fields: Any) -> Any:
        given = {name: value for name, value in fields.items() if value is not None}
        element = kind(_id=self._id(*parts), creationInfo=self._info, **given)
        self.objects.add(element)
        return element

    def _document(self) -> None:
        inventory = self._inventory
        project = self._add(
            spdx.software_Package,
            "project",
            inventory.project,
            name=inventory.project,
            description=inventory.intended or None,
            suppliedBy=self._agent(inventory.owner) if inventory.owner else None,
            software_primaryPurpose=spdx.software_SoftwarePurpose.application,
        )
        models = [self._item(item) for item in inventory.items]
        self._relate(project, spdx.RelationshipType.dependsOn, *models)
        bom = self._add(
            spdx.software_Sbom,
            "bom",
            rootElement=[project],
            element=[project, *models],
            name=f"models of {inventory.project}",
        )
        profile = spdx.ProfileIdentifierType
        self._add(
            spdx.SpdxDocument,
            "document",
            name=inventory.project,
            comment=f"The models that {inventory.file} declares. {judged_by(inventory)}",
            rootElement=[bom],
            profileConformance=[
                profile.core, profile.software, profile.ai, profile.dataset, profile.simpleLicensing,
            ],
        )  # fmt: skip

    def _agent(self, name: str) -> Any:
        if name not in self._agents:
            self._agents[name] = self._add(spdx.Organization, "organization", name, name=name)
        return self._agents[name]

    def _relate(self, source: Any, kind: str, *targets: Any, comment: str | None = None) -> None:
        if targets:
            self._relations += 1
            fields = {"from_": source, "to": list(targets), "relationshipType": kind, "comment": comment}
            self._add(spdx.Relationship, "relation", f"{self._relations:04}", **fields)

    def _item(self, item: Item) -> Any:
        model = self._model(item)
        self._license(model, item.license)
        known = {item.id: model}
        for kin in item.kin:
            if kin.id not in known:
                known[kin.id] = self._ancestor(item, kin)
        for kin in item.kin:
            comment = f"{kin.relation} ({kin.certainty})"
            self._relate(known[kin.child], spdx.RelationshipType.descendantOf, known[kin.id], comment=comment)
        for file in item.files:
            digest = [spdx.Hash(algorithm=spdx.HashAlgorithm.sha256, hashValue=file.sha256)] if file.sha256 else None
            weights = self._add(spdx.software_File, "file", item.name, file.path, name=file.path, verifiedUsing=digest)
            self._relate(model, spdx.RelationshipType.contains, weights)
        self._relate(model, spdx.RelationshipType.trainedOn, *(self._data(item, used) for used in item.data))
        self._review(item, model)
        return model

    def _model(self, item: Item) -> Any:
        known = item.known
        facts = "; ".join(f"{line.name}: {line.value} ({line.certainty}; {line.source})" for line in item.facts)
        fields = {
            "name": item.id,
            "suppliedBy": self._agent(item.supplier) if item.supplier else None,
            "software_downloadLocation": page(item.id, item.commit) if item.on_hub else None,
            "software_packageUrl": purl(item.id, item.commit) if item.on_hub else None,
            "software_packageVersion": item.commit,
            "releaseTime": release_day(known),
        }
        limits = [f"not stated: {gap}" for gap in item.missing]
        limits += [f"not stated, though the AI profile requires it: {what}" for what in _absent(fields, _REQUIRED)]
        return self._add(
            spdx.ai_AIPackage,
            "model",
            item.name,
            **fields,
            software_primaryPurpose=spdx.software_SoftwarePurpose.model,
            ai_informationAboutApplication=self._inventory.intended or None,
            ai_domain=[item.objective],
            ai_typeOfModel=_types(known),
            ai_metric=[
                spdx.DictionaryEntry(key=f"{one.value.name} ({one.value.setting})", value=str(one.value.score))
                for one in item.benchmarks
            ],
            ai_limitation="; ".join(limits) or None,
            comment=f"Facts: {facts or 'none'}.",
        )

    def _ancestor(self, item: Item, kin: Kin) -> Any:
        publisher, slash, _ = kin.id.partition("/")
        fields = {
            "name": kin.id,
            "suppliedBy": self._agent(publisher) if slash else None,
            "software_downloadLocation": page(kin.id, kin.revision) if slash else None,
            "software_packageUrl": purl(kin.id, kin.revision) if slash else None,
            "software_packageVersion": kin.revision,
        }
        absent = _absent({**fields, "releaseTime": None}, _REQUIRED)
        said = "; ".join(f"not stated, though the AI profile requires it: {what}" for what in absent)
        ancestor = self._add(
            spdx.ai_AIPackage,
            "ancestor",
            item.name,
            kin.id,
            **fields,
            software_primaryPurpose=spdx.software_SoftwarePurpose.model,
            ai_limitation=said or None,
        )
        self._license(ancestor, kin.license)
        return ancestor

    def _data(self, item: Item, used: DataUsed) -> Any:
        presence = {True: spdx.PresenceType.yes, False: spdx.PresenceType.no, None: spdx.PresenceType.noAssertion}
        said = [
            f"{name}: {value}" for name, value in (("source", used.source), ("outputs of", used.generated_by)) if value
        ]
        said += [f"not stated, though the dataset profile requires it: {what}" for what in _REQUIRED_OF_DATA.values()]
        data = self._add(
            spdx.dataset_DatasetPackage,
            "data",
            item.name,
            used.name,
            name=used.name,
            software_primaryPurpose=spdx.software_SoftwarePurpose.data,
            dataset_datasetType=[spdx.dataset_DatasetType.noAssertion],
            dataset_hasSensitivePersonalInformation=presence[used.personal],
            comment="; ".join(said),
        )
        self._license(data, used.license)
        return data

    def _license(self, element: Any, stated: StatedLicense | None) -> None:
        if stated is None or not stated.expression:
            return
        key = stated.expression
        if key not in self._licenses:
            text = None if stated.listed else self._text(stated)
            custom = [spdx.DictionaryEntry(key=key, value=text._id)] if text else None
            fields = {"simplelicensing_licenseExpression": key, "simplelicensing_customIdToUri": custom}
            self._licenses[key] = self._add(spdx.simplelicensing_LicenseExpression, "license", key, **fields)
        self._relate(element, spdx.RelationshipType.hasDeclaredLicense, self._licenses[key])

    def _text(self, stated: StatedLicense) -> Any:
        text = f"{stated.name}. Its text is not part of this document: it lies with the model's files."
        fields = {"name": stated.name, "simplelicensing_licenseText": text}
        return self._add(spdx.simplelicensing_SimpleLicensingText, "text", stated.expression, **fields)

    def _review(self, item: Item, model: Any) -> None:
        for evaluation in item.evaluations:
            if evaluation.verdict is not Verdict.NOT_APPLICABLE:
                fields = {"subject": model, "annotationType": spdx.AnnotationType.review}
                said = f"{evaluation.rule}: {' '.join(in_short(evaluation))}"
                self._add(spdx.Annotation, "review", item.name, evaluation.rule, statement=said, **fields)


def _absent(fields: dict[str, Any], required: dict[str, str]) -> Iterator[str]:
    return (what for field, what in required.items() if fields.get(field) is None)


def _types(known: Facts) -> list[str]:
    stated = (known.architecture_class, known.model_type)
    return [str(fact.value) for fact in stated if isinstance(fact, Fact)]
