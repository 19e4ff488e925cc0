"""The schemas of policies are the ones that ship."""

from __future__ import annotations

import json

import pytest

from checker.policy.schema import policy_schema, project_policy_schema
from checker.published import FOLDER


@pytest.mark.parametrize(
    ("made", "name"), [(policy_schema, "policy.schema.json"), (project_policy_schema, "project-policy.schema.json")]
)
def test_the_schema_that_ships_is_made_from_the_rules(made, name):
    assert made() == json.loads((FOLDER / name).read_text(encoding="utf-8"))
