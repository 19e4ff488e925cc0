"""What a customer may read: models, versions, licences, places, tuning and kinds of data, and nothing internal."""

from __future__ import annotations

import html

import pytest

MANIFEST = """\
weighbridge: 1
project: support-bot
use: {purpose: commercial, distribution: service, regions: EU, monthly_active_users: 10, intended: "answers @everybody"}
models:
  - name: internal-name
    model: meta-llama/Llama-3.1-8B-Instruct
    revision: 0e9e39f249a16976918f6564b8830bc894c89659
    objective: chat
    deployment: {context_window: 8192, hardware: {gpu: L40S, count: 2}}
    fine_tuning:
      goal: tone
      method: qlora
      data:
        - {name: secret-set, source: internal, personal_data: true, generated_by: none}
        - {name: other-set, source: internal, personal_data: false, generated_by: acme/teacher}
        - {name: third-set, source: internal, personal_data: false, generated_by: ./models/secret}
  - {model: acme/big, objective: chat, access: api, provider: acme-gateway, terms: "https://acme.example/terms"}
  - {name: small, model: acme/small, objective: chat, access: api, terms: services/contract.pdf}
  - name: quantised
    model: Qwen/Qwen2.5-7B-Instruct
    objective: chat
    deployment: {weights: {model: Qwen/Qwen2.5-7B-Instruct-AWQ}}
  - {name: own, model: ./models/secret, objective: similarity}
"""


@pytest.fixture
def written(project, weighbridge):
    folder = project({"services/bot/model.yaml": MANIFEST, "services/bot/models/secret/config.json": "{}"})
    run = weighbridge("check", "--output", "markdown=out.md", "--for", "customer", "--today", "2026-11-02")
    assert run.code in (1, 3)
    return html.unescape((folder / "out.md").read_text(encoding="utf-8"))


def row(written, begins):
    return next(line for line in written.splitlines() if line.startswith(f"| {begins}"))


def test_each_model_is_a_row_with_what_a_customer_asks(written):
    assert row(written, "<code>meta-llama/Llama-3.1-8B-Instruct") == (
        "| <code>meta-llama/Llama-3.1-8B-Instruct</code> | <code>0e9e39f249a1</code> | Llama 3.1 Community License | chat"
        " | our own hardware, 2 x L40S; EU | yes (qlora, for tone)"
        " | personal data; no personal data; outputs of acme/teacher; outputs of a model of our own |"
    )
    assert "service of acme-gateway" in row(written, "<code>acme/big")
    assert "terms of the service: https" in row(written, "<code>acme/big").replace("\u200b", "")


def test_what_is_really_loaded_is_a_row_of_its_own(written):
    assert "| not pinned |" in row(written, "<code>Qwen/Qwen2.5-7B-Instruct-AWQ</code>")
    assert row(written, "<code>Qwen/Qwen2.5-7B-Instruct</code>")


def test_nothing_internal_is_in_it(written):
    for internal in ("services/", "model.yaml", "./models", "secret", "internal-name", "waive", "policy", "exit code"):
        assert internal not in written
    assert "a model of our own" in written


def test_nobody_is_mentioned_and_what_is_not_tested_is_said(written):
    assert "@everybody" not in written
    assert "Nothing here tests a model's outputs" in written


def test_a_declaration_that_cannot_be_read_is_said(project, weighbridge):
    readable = MANIFEST.partition("  - {name: own")[0]
    project({"a/model.yaml": readable, "b/model.yaml": "weighbridge: 1\nmodles: []\n"})
    out = weighbridge("check", "--output", "markdown", "--for", "customer").out
    assert "**Not complete: 1 declaration of models could not be read.**" in out


@pytest.mark.parametrize("output", ["text", "html", "json"])
def test_no_other_output_can_be_asked_for_with_it(project, weighbridge, output):
    project({"model.yaml": MANIFEST})
    run = weighbridge("check", "--for", "customer", "--output", "markdown=a.md", "--output", f"{output}=b")
    assert run.code == 2
    assert f"--for customer and output `{output}`" in run.err
