"""The JSON Schema of files of cases, short forms included."""

from __future__ import annotations

from typing import Any

from checker.document.schema import JsonSchema, generate
from checker.policy_tests.file import CaseFile, Outcome
from checker.policy_tests.short import GROUPS
from checker.rulebook.discover import rule_ids
from checker.rulebook.documentation import documentation

_OUTCOME = {"type": "string", "enum": list(Outcome)}
_VALUE = {"type": ["string", "number", "boolean", "array"]}


def cases_schema() -> JsonSchema:
    """What a file NAME.test.yaml may hold."""
    schema = generate(CaseFile, "Weighbridge policy tests", "policy-tests.schema.json")
    definitions = schema["$defs"]
    case, facts = definitions["Case"]["properties"], definitions["StatedFacts"]["properties"]
    one = {"anyOf": [_OUTCOME, {"$ref": "#/$defs/Expectation"}]}
    case["expect"] = _by_rule(case["expect"], {"anyOf": [*one["anyOf"], {"type": "array", "items": one}]})
    case["levels"] = _by_rule(case["levels"], case["levels"]["additionalProperties"])
    own = ("model", "certainty", "revision")
    for name in facts:
        if name not in (*own, *GROUPS):
            facts[name] = _or_value(facts[name])
    sizes = definitions["DimensionClaims"]["properties"]
    sizes.update({name: _or_value(size) for name, size in sizes.items()})
    facts["benchmarks"]["additionalProperties"] = _or_value(facts["benchmarks"]["additionalProperties"])
    return schema


def _by_rule(schema: JsonSchema, value: Any) -> JsonSchema:
    """A mapping whose keys are ids of rules, so that an editor completes them; others may be the policy's own."""
    kept = {key: part for key, part in schema.items() if key in ("description", "examples", "type")}
    rules = {rule: {"description": documentation(rule).summary, **value} for rule in rule_ids()}
    return {**kept, "properties": rules, "additionalProperties": value}


def _or_value(schema: JsonSchema) -> JsonSchema:
    """A claim, or its value alone."""
    described: JsonSchema = {key: schema.pop(key) for key in ("description", "examples") if key in schema}
    return {**described, "anyOf": [_VALUE, schema]}
