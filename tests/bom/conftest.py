"""One project that uses models in every way that a bill of materials tells apart."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.in_process import weighbridge

__all__ = ["weighbridge"]

MANIFEST = """\
weighbridge: 1
project: support-bot
owner: support-platform
status: live
use: {purpose: commercial, distribution: service, regions: US, monthly_active_users: 1000, intended: answers questions}
models:
  - name: assistant
    model: meta-llama/Llama-3.1-8B-Instruct
    revision: 0e9e39f249a16976918f6564b8830bc894c89659
    license: llama3.1
    objective: chat
    fine_tuning:
      goal: output-format
      method: lora
      data:
        - {name: tickets 2025, source: internal, license: proprietary, personal_data: true, generated_by: none}
        - {name: public set, source: acme/public, license: cc-by-4.0, personal_data: false}
  - name: searcher
    model: nvidia/NV-Embed-v2
    objective: similarity
  - name: drafts
    model: acme/behind-an-api
    objective: text-generation
    access: api
    provider: acme-gateway
  - name: own
    model: ./own
    objective: chat
    derived_from: [Qwen/Qwen2.5-7B]
  - name: "odd <name> — ünïcode_1"
    model: acme/none-such
    objective: chat
    known: {license: {value: other}}
"""
CREATED = "2026-11-02T00:00:00Z"


@pytest.fixture
def bom(project, weighbridge) -> Callable[..., dict]:
    """The bill of materials of that project in one format, parsed."""
    project(
        {
            "model.yaml": MANIFEST,
            "own/config.json": json.dumps({"model_type": "llama", "architectures": ["LlamaForCausalLM"]}),
            "own/README.md": "---\nlicense: mit\n---\n",
        }
    )

    def write(name: str) -> dict:
        run = weighbridge("bom", "--format", name, "--created", CREATED, "--today", "2026-11-02")
        assert run.code == 0, run.err
        return json.loads(run.out)

    return write
