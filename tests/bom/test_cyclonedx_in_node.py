"""CycloneDX's own JavaScript library, which shares no code with ours, reads the documents and finds no fault."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.node

HERE = Path(__file__).parent


def judged(document: dict, version: str) -> object:
    command = ["node", str(HERE / "cyclonedx.mjs"), str(HERE.parents[1] / ".node"), version]
    content = json.dumps(document)
    done = subprocess.run(command, input=content, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("version", ["1.6", "1.7"])
def test_it_is_valid_by_the_strict_schema(bom, version):
    document = bom(f"cyclonedx-{version}")
    assert judged(document, version) is None
    document["components"][0]["tpye"] = "machine-learning-model"
    assert judged(document, version)
