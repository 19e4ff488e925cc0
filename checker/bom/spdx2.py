"""SPDX 2.3 as JSON through spdx-tools, held against that library's validator before it leaves.

Only the JSON writer is imported: the library's general writers load every format. Its validator takes time that grows
with the square of the document, so that it is given one model after the other: nothing refers across models.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache

from boolean import Expression
from license_expression import Licensing, get_spdx_licensing
from spdx_tools.spdx.model import (
    Actor,
    ActorType,
    Annotation,
    AnnotationType,
    Checksum,
    ChecksumAlgorithm,
    CreationInfo,
    Document,
    ExternalPackageRef,
    ExternalPackageRefCategory,
    ExtractedLicensingInfo,
    Package,
    PackagePurpose,
    Relationship,
    RelationshipType,
    SpdxNoAssertion,
)
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
from spdx_tools.spdx.writer.json.json_writer import write_document_to_stream

from checker import HOME
from checker.bom.attestations import in_short
from checker.bom.identity import document_uuid, page, purl, spdx_id
from checker.bom.inventory import DataUsed, Inventory, Item, Kin, StatedLicense, WeightFile, judged_by, release_day
from checker.document.as_json import dumps

_ROOT = "SPDXRef-DOCUMENT"
_PROJECT = "SPDXRef-project"


def render(inventory: Inventory, name: str) -> str:
    """The document of one project, valid by SPDX 2.3.

    Raises:
        ValueError: the library's validator finds a mistake in it, which is a bug of ours.
    """
    document = _document(inventory)
    for part in _parts(document, inventory):
        problems = validate_full_spdx_document(part, "SPDX-2.3")
        if problems:
            raise ValueError(f"{name}: {problems[0].validation_message} ({problems[0].context.spdx_id})")
    return _as_json(document)


def _parts(document: Document, inventory: Inventory) -> Iterator[Document]:
    """The document cut into one for each model; together they hold every package, relation and annotation of it."""
    packages = {package.spdx_id: package for package in document.packages}
    describes, *_ = document.relationships
    for item, review in zip(inventory.items, document.annotations, strict=True):
        own = dict.fromkeys((_PROJECT, *(package.spdx_id for package in _packages(item))))
        yield Document(
            creation_info=document.creation_info,
            packages=[packages[one] for one in own],
            relationships=[describes, *_related_once(_relations(item))],
            annotations=[review],
            extracted_licensing_info=document.extracted_licensing_info,
        )


def _as_json(document: Document) -> str:
    from io import StringIO

    stream = StringIO()
    write_document_to_stream(document, stream, validate=False, drop_duplicates=False)  # there are none
    content = json.loads(stream.getvalue())
    for package in content["packages"]:
        for reference in package.get("externalRefs", ()):
            # The schema that SPDX published for 2.3 spells it with a hyphen; readers take both.
            reference["referenceCategory"] = reference["referenceCategory"].replace("_", "-")
    return dumps(content, indent=2, ensure_ascii=False) + "\n"


def _document(inventory: Inventory) -> Document:
    created = inventory.created.replace(tzinfo=None)  # the library takes naive times, as UTC
    tool = Actor(ActorType.TOOL, f"weighbridge-{inventory.tool_version}")
    packages, relations = [_project(inventory)], [Relationship(_ROOT, RelationshipType.DESCRIBES, _PROJECT)]
    for item in inventory.items:
        packages += _packages(item)
        relations += _relations(item)
    packages, relations = _once(packages), _related_once(relations)
    said = repr([(package.spdx_id, package.version, package.comment) for package in packages])
    return Document(
        creation_info=CreationInfo(
            spdx_version="SPDX-2.3",
            spdx_id=_ROOT,
            name=inventory.project,
            document_namespace=f"{HOME}/spdx/{document_uuid(inventory, 'spdx-2.3' + said)}",
            creators=[tool],
            created=created,
            document_comment=f"The models that {inventory.file} declares. {judged_by(inventory)}",
        ),
        packages=packages,
        relationships=relations,
        annotations=[_review(item, tool, created) for item in inventory.items],
        extracted_licensing_info=list(_extracted(inventory)),
    )


def _once(packages: Iterable[Package]) -> list[Package]:
    """Each package once: two models may have an ancestor in common."""
    return list({package.spdx_id: package for package in packages}.values())


def _related_once(relations: Iterable[Relationship]) -> list[Relationship]:
    def key(one: Relationship) -> tuple[str, str, str]:
        return (one.spdx_element_id, one.relationship_type.name, str(one.related_spdx_element_id))

    return list({key(one): one for one in relations}.values())


def _project(inventory: Inventory) -> Package:
    return Package(
        spdx_id=_PROJECT,
        name=inventory.project,
        download_location=SpdxNoAssertion(),
        supplier=Actor(ActorType.ORGANIZATION, inventory.owner) if inventory.owner else SpdxNoAssertion(),
        files_analyzed=False,
        license_concluded=SpdxNoAssertion(),
        license_declared=SpdxNoAssertion(),
        copyright_text=SpdxNoAssertion(),
        description=inventory.intended or None,
        primary_package_purpose=PackagePurpose.APPLICATION,
    )


def _packages(item: Item) -> Iterator[Package]:
    yield _model(item)
    yield from (_ancestor(kin) for kin in item.kin)
    yield from (_weights(item, file) for file in item.files)
    yield from (_data(item, used) for used in item.data)


def _model(item: Item) -> Package:
    facts = "; ".join(f"{line.name}: {line.value} ({line.certainty}; {line.source})" for line in item.facts)
    gaps = "".join(f" Not stated in this document: {gap}." for gap in item.missing)
    return _published(
        spdx_id("model", item.name),
        item.id,
        item.commit,
        item.license,
        on_hub=item.on_hub,
        supplier=item.supplier,
        comment=f"Used for {item.objective}. Facts: {facts or 'none'}.{gaps}",
        released=day.replace(tzinfo=None) if (day := release_day(item.known)) else None,
    )


def _ancestor(kin: Kin) -> Package:
    return _published(_kin_id(kin.id), kin.id, kin.revision, kin.license, on_hub="/" in kin.id)


def _kin_id(model: str) -> str:
    return spdx_id("ancestor", model)


def _published(
    identifier: str,
    model: str,
    commit: str | None,
    stated: StatedLicense | None,
    *,
    on_hub: bool,
    supplier: str = "",
    comment: str | None = None,
    released: datetime | None = None,
) -> Package:
    publisher, slash, name = model.partition("/")
    is_public = on_hub and bool(slash)
    supplier = supplier or (publisher if is_public else "")
    named = stated is not None and stated.expression
    return Package(
        spdx_id=identifier,
        name=name if is_public else model,
        version=commit,
        download_location=page(model, commit) if is_public else SpdxNoAssertion(),
        supplier=Actor(ActorType.ORGANIZATION, supplier) if supplier else SpdxNoAssertion(),
        files_analyzed=False,
        license_concluded=SpdxNoAssertion(),
        license_declared=_expression(stated),
        license_comment=None if stated is None or named else f"declared as `{stated.spelling}`, which names no text",
        copyright_text=SpdxNoAssertion(),
        comment=comment,
        external_references=[_purl(model, commit)] if is_public else [],
        primary_package_purpose=PackagePurpose.OTHER,
        release_date=released,
    )


def _expression(stated: StatedLicense | None) -> Expression | SpdxNoAssertion:
    if stated is None or not stated.expression:
        return SpdxNoAssertion()
    return _parsed(stated.expression)


@cache
def _parsed(expression: str) -> Expression:
    return _licensing().parse(expression)


@cache
def _licensing() -> Licensing:
    return get_spdx_licensing()  # reads all of SPDX's names: 30 ms


def _purl(model: str, commit: str | None) -> ExternalPackageRef:
    return ExternalPackageRef(ExternalPackageRefCategory.PACKAGE_MANAGER, "purl", purl(model, commit))


def _weights(item: Item, file: WeightFile) -> Package:
    """A weight file as a package: a file of SPDX 2.3 needs a SHA-1, which the Hub does not give."""
    return Package(
        spdx_id=spdx_id("file", item.name, file.path),
        name=file.path,
        version=item.commit,
        download_location=page(item.id, item.commit) if item.on_hub else SpdxNoAssertion(),
        files_analyzed=False,
        checksums=[Checksum(ChecksumAlgorithm.SHA256, file.sha256)] if file.sha256 else [],
        license_concluded=SpdxNoAssertion(),
        license_declared=SpdxNoAssertion(),
        copyright_text=SpdxNoAssertion(),
        comment=None if file.size_bytes is None else f"{file.size_bytes} bytes",
        primary_package_purpose=PackagePurpose.FILE,
    )


def _data(item: Item, used: DataUsed) -> Package:
    said = (("source", used.source), ("outputs of", used.generated_by))
    personal = {True: "holds personal data", False: "holds no personal data", None: "personal data not stated"}
    return Package(
        spdx_id=spdx_id("data", item.name, used.name),
        name=used.name,
        download_location=SpdxNoAssertion(),
        files_analyzed=False,
        license_concluded=SpdxNoAssertion(),
        license_declared=_expression(used.license),
        license_comment=f"declared as `{used.license.spelling}`" if used.license else None,
        copyright_text=SpdxNoAssertion(),
        comment="; ".join([*(f"{name}: {value}" for name, value in said if value), personal[used.personal]]),
        primary_package_purpose=PackagePurpose.OTHER,
    )


def _relations(item: Item) -> Iterator[Relationship]:
    model = spdx_id("model", item.name)
    yield Relationship(_PROJECT, RelationshipType.DEPENDS_ON, model)
    for kin in item.kin:
        child = model if kin.child == item.id else _kin_id(kin.child)
        comment = f"{kin.relation} ({kin.certainty})"
        yield Relationship(child, RelationshipType.DESCENDANT_OF, _kin_id(kin.id), comment)
    for file in item.files:
        yield Relationship(model, RelationshipType.CONTAINS, spdx_id("file", item.name, file.path))
    for used in item.data:
        yield Relationship(spdx_id("data", item.name, used.name), RelationshipType.DATA_FILE_OF, model)


def _review(item: Item, tool: Actor, created: datetime) -> Annotation:
    said = [f"{evaluation.rule}: {' '.join(in_short(evaluation))}" for evaluation in item.evaluations]
    return Annotation(
        spdx_id("model", item.name), AnnotationType.REVIEW, tool, created, "\n".join(said) or "not judged"
    )


def _extracted(inventory: Inventory) -> Iterator[ExtractedLicensingInfo]:
    """What SPDX does not list has to be described in the document that names it."""
    stated: dict[str, StatedLicense] = {}
    for item in inventory.items:
        found = (item.license, *(kin.license for kin in item.kin), *(used.license for used in item.data))
        stated |= {one.expression: one for one in found if one and one.expression and not one.listed}
    for reference, one in sorted(stated.items()):
        text = f"{one.name}. Its text is not part of this document: it lies with the model's files."
        yield ExtractedLicensingInfo(reference, text, one.name)
