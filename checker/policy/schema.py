"""The JSON Schema of policies, put together from the rules' settings: a new rule extends it by existing."""

from __future__ import annotations

from typing import Any

from checker.document.schema import JsonSchema, generate
from checker.policy.custom import CustomRule
from checker.policy.file import OrganisationFile, ProjectFile
from checker.rulebook.discover import load_rule, rule_ids
from checker.rulebook.documentation import documentation
from checker.rulebook.schedule import Enforcement


def policy_schema() -> JsonSchema:
    """What an organisation's policy may hold."""
    return _with_rules(generate(OrganisationFile, "Weighbridge policy", "policy.schema.json"))


def project_policy_schema() -> JsonSchema:
    """What a project's `weighbridge-policy.yaml` may hold."""
    return _with_rules(generate(ProjectFile, "Weighbridge policy of a project", "project-policy.schema.json"))


def _with_rules(schema: JsonSchema) -> JsonSchema:
    definitions: dict[str, Any] = dict(schema.get("$defs", {}))
    definitions["enforcement"] = _ENFORCEMENT
    properties: dict[str, JsonSchema] = {}
    for rule_id in rule_ids():
        settings = generate(load_rule(rule_id).settings, rule_id, rule_id)
        definitions.update(settings.get("$defs", {}))
        properties[rule_id] = {
            "description": documentation(rule_id).summary,
            "anyOf": [
                {"$ref": "#/$defs/enforcement"},
                {
                    "type": "object",
                    "properties": {"enforcement": _LEVEL, **settings["properties"]},
                    "additionalProperties": False,
                },
            ],
        }
    custom = generate(CustomRule, "custom", "custom")
    definitions.update(custom.get("$defs", {}))
    properties["custom"] = {
        "description": "Rules of the policy's own, in the Common Expression Language.",
        "type": "array",
        "items": {
            "type": "object",
            "properties": {**custom["properties"], "enforcement": _LEVEL},
            "required": custom["required"],
            "additionalProperties": False,
        },
    }
    rules = {
        "description": schema["properties"]["rules"]["description"],
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    return {**schema, "properties": {**schema["properties"], "rules": rules}, "$defs": definitions}


_LEVEL = {"description": "Its level, or levels by date.", "$ref": "#/$defs/enforcement"}
_ENFORCEMENT = {
    "description": "The rule's level, or a list of the level for now and levels that begin on given days.",
    "anyOf": [
        {"type": "string", "enum": list(Enforcement)},
        {
            "type": "array",
            "minItems": 1,
            "prefixItems": [{"type": "string", "enum": list(Enforcement)}],
            "items": {
                "type": "object",
                "properties": {
                    "from": {
                        "description": "The first day of this level, UTC.",
                        "type": "string",
                        "format": "date",
                        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
                    },
                    "enforcement": {"description": "The level.", "type": "string", "enum": list(Enforcement)},
                },
                "required": ["from", "enforcement"],
                "additionalProperties": False,
            },
        },
    ],
}
