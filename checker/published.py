"""The JSON Schemas that are published: made from the typed models, shipped as files, and held together by a test."""

from __future__ import annotations

from collections.abc import Callable
from json import dumps
from pathlib import Path
from typing import Any, get_args

from typing_extensions import get_type_hints, is_typeddict

from checker.document.schema import JsonSchema, draft_07, generate

FOLDER = Path(__file__).parent / "schemas"


def _manifest() -> JsonSchema:
    from checker.manifest.model import Manifest

    return generate(Manifest, "Weighbridge manifest", "manifest.schema.json")


def _policy() -> JsonSchema:
    from checker.policy.schema import policy_schema

    return policy_schema()


def _project_policy() -> JsonSchema:
    from checker.policy.schema import project_policy_schema

    return project_policy_schema()


def _policy_tests() -> JsonSchema:
    from checker.policy_tests.schema import cases_schema

    return cases_schema()


def _waivers() -> JsonSchema:
    from checker.waivers.file import WaiverFile

    return generate(WaiverFile, "Weighbridge waivers", "waivers.schema.json")


def _baseline() -> JsonSchema:
    from checker.baseline.formats.weighbridge import OwnBaseline

    return generate(OwnBaseline, "Weighbridge baseline", "baseline.schema.json")


def _report() -> JsonSchema:
    from checker.report.json import JsonReport

    return _of_typed_dicts(JsonReport, "report", "Weighbridge report")


def _fit() -> JsonSchema:
    from checker.sizing.json_types import JsonAnswer, JsonEntries, JsonRefusal

    title = "Weighbridge answer to a plan, to a line of a batch, or to a manifest"
    return _of_typed_dicts(JsonAnswer | JsonRefusal | JsonEntries, "fit", title)


def _hardware() -> JsonSchema:
    from checker.hardware.as_json import JsonMachine, JsonNamed

    return _of_typed_dicts(JsonMachine | JsonNamed, "hardware", "Weighbridge hardware: a machine, or what has a name")


def _calibration() -> JsonSchema:
    from checker.facts.calibration_file import JsonCalibration

    return _of_typed_dicts(JsonCalibration, "calibration", "Weighbridge calibration")


def _of_typed_dicts(kind: Any, name: str, title: str) -> JsonSchema:
    """The schema of a document whose type is a `TypedDict`, or one of several."""
    from pydantic import TypeAdapter

    from checker.document.schema import BASE

    made = _with_docstrings(TypeAdapter[object](kind).json_schema(), kind)
    definitions = {key: _closed(held) for key, held in made.pop("$defs").items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{BASE}{name}.schema.json",
        **(_closed(made) if "properties" in made else made),  # one of several has no keys of its own
        "title": title,
        "$defs": definitions,
    }


def _with_docstrings(schema: JsonSchema, kind: Any) -> JsonSchema:
    """A schema that pydantic made of records, with the docstrings of their keys."""
    classes = {record.__name__: record for record in _records(kind)}
    told = _told(schema, classes.get(schema.get("title", "")))
    return {**told, "$defs": {key: _told(held, classes.get(key)) for key, held in schema["$defs"].items()}}


def _records(kind: Any, seen: tuple[type, ...] = ()) -> tuple[type, ...]:
    """The typed dictionaries and the models that an annotation holds, each once."""
    from pydantic import BaseModel

    is_model = isinstance(kind, type) and issubclass(kind, BaseModel)
    if (is_typeddict(kind) or is_model) and kind not in seen:
        seen = (*seen, kind)
        for inner in get_type_hints(kind).values():
            seen = _records(inner, seen)
    for inner in get_args(kind):
        seen = _records(inner, seen)
    return seen


def _told(schema: JsonSchema, record: type | None) -> JsonSchema:
    """A record's schema with the docstrings of its keys."""
    from checker.document.schema import attribute_docstrings

    meanings = attribute_docstrings(record) if record is not None else {}
    keys = schema.get("properties", {})
    told = {key: {**held, "description": meanings[key]} if key in meanings else held for key, held in keys.items()}
    return {**schema, "properties": told} if keys else schema


def _audit() -> JsonSchema:
    from checker.document.schema import BASE
    from checker.fleet.inventory import Document

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{BASE}audit.schema.json",
        **_with_docstrings(Document.model_json_schema(mode="serialization"), Document),
        "title": "Weighbridge audit of many projects",
    }


def _lock() -> JsonSchema:
    from checker.facts.locked.file import lock_schema

    return lock_schema()


def _license() -> JsonSchema:
    from checker.licenses.schema import record_schema

    return record_schema()


def _closed(record: JsonSchema) -> JsonSchema:
    """A record has the keys that its class names and no others."""
    return {**record, "additionalProperties": False}


SCHEMAS: dict[str, Callable[[], JsonSchema]] = {
    "manifest": _manifest,
    "policy": _policy,
    "project-policy": _project_policy,
    "policy-tests": _policy_tests,
    "waivers": _waivers,
    "baseline": _baseline,
    "report": _report,
    "fit": _fit,
    "calibration": _calibration,
    "audit": _audit,
    "hardware": _hardware,
    "lock": _lock,
    "license": _license,
}
"""What makes the schema of each kind of file."""


def as_text(schema: JsonSchema) -> str:
    """A schema as it is shipped and printed."""
    return dumps(schema, indent=2, ensure_ascii=False) + "\n"


def files() -> dict[str, str]:
    """All schema files by name: each in 2020-12 and, for editors, in draft 07."""
    made = {}
    for name, make in SCHEMAS.items():
        schema = make()
        made[f"{name}.schema.json"] = as_text(schema)
        made[f"{name}.draft-07.schema.json"] = as_text(draft_07(schema, f"{name}.draft-07.schema.json"))
    return made


def write() -> None:
    """Put the schemas into the folder that is shipped."""
    from checker.document.write import replace_file

    FOLDER.mkdir(exist_ok=True)
    for name, text in files().items():
        replace_file(FOLDER / name, text)
