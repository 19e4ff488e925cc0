"""The JSON report holds to its published schema, whatever a run found."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from checker.published import SCHEMAS

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize(
    ("paths", "code"),
    [(("passes",), 0), (("stopped",), 1), (("passes", "stopped", "broken.yaml"), 2)],
)
def test_a_report_holds_to_the_schema(weighbridge, tmp_path, paths, code):
    broken = tmp_path / "broken.yaml"
    broken.write_text("weighbridge: 1\nmodels: [{model: a/b, objective: chat, colour: red}]\nmodels: []\n")
    run = weighbridge("check", "--json", *(str(broken if path.endswith("yaml") else EXAMPLES / path) for path in paths))
    assert run.code == code
    report = json.loads(run.out)
    jsonschema.Draft202012Validator(SCHEMAS["report"]()).validate(report)
    assert report["weighbridge_report"] == 1
    assert report["exit_code"] == code


def test_every_evaluation_is_recorded_with_what_decided_it(weighbridge):
    report = json.loads(weighbridge("check", "--json", str(EXAMPLES / "stopped")).out)
    evaluations = [e for m in report["manifests"] for model in m["models"] for e in model["evaluations"]]
    assert sum(report["tally"].values()) == len(evaluations)
    for evaluation in evaluations:
        assert bool(evaluation["findings"]) is (evaluation["verdict"] == "fail")
        assert bool(evaluation["missing"]) is (evaluation["verdict"] == "not-evaluated")
        assert bool(evaluation["reason"]) is (evaluation["verdict"] == "not-applicable")


def test_a_schema_without_surprises_is_closed():
    schema = SCHEMAS["report"]()
    assert schema["additionalProperties"] is False
    assert all(definition["additionalProperties"] is False for definition in schema["$defs"].values())
