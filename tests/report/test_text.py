"""The text report, whole, as a person reads it."""

from __future__ import annotations

import re

from checker.report import Wishes
from checker.report.text import render
from checker.rulebook.schedule import Enforcement
from checker.verdict import Verdict

from .made import WAIVER, detail, evaluation, model, report

MANIFEST = """\
weighbridge: 1
project: demo
owner: team@example.com
models:
  - model: Qwen/Qwen2.5-7B-Instruct
    revision: main
    objective: similarity
  - model: acme/unheard-of
    revision: a09a35458c702b33eeacc393d103063234e8bc28
    objective: chat
"""
POLICY = """\
policy: acme
version: 7
rules:
  architecture-objective: soft-mandatory
  revision-pinned: [advisory, {from: 2027-02-01, enforcement: soft-mandatory}]
  weights-format: hard-mandatory
"""
EXPECTED = """\
model.yaml: project demo, owner team@example.com, status not stated
  policy acme 7, named by --policy; sha256 SHA
  note: revision-pinned blocks in 70 days, from 2027-02-01 (soft-mandatory)

model.yaml:7:16: architecture-objective: blocks (soft-mandatory), model Qwen2.5-7B-Instruct
    7 |     objective: similarity
      |                ^^^^^^^^^^ found Qwen/Qwen2.5-7B-Instruct is of class decoder
  acme.yaml:4:27: policy (`suitable` has its default)
    4 |   architecture-objective: soft-mandatory
      |                           ^^^^^^^^^^^^^^ expected a model of class bi-encoder or late-interaction or \
sparse-retriever for similarity
  evidence: decoder (inferred; catalogue: curated)
  remedy:   choose a model of class bi-encoder or late-interaction or sparse-retriever, or correct `objective`
  settles:  you

model.yaml:6:15: revision-pinned: advice (advisory), model Qwen2.5-7B-Instruct
    6 |     revision: main
      |               ^^^^ found `main`, which can be moved
  acme.yaml:5:20: policy
    5 |   revision-pinned: [advisory, {from: 2027-02-01, enforcement: soft-mandatory}]
      |                    ^ expected a commit of 40 hexadecimal digits under `revision`
  remedy:   write the commit that was reviewed: a09a35458c702b33eeacc393d103063234e8bc28 is the one that the facts \
here were recorded at
  settles:  you

Qwen2.5-7B-Instruct: Qwen/Qwen2.5-7B-Instruct at main
  facts: catalogue of 2026-11-23 (0 days old), recorded at a09a35458c70
  assumed: identity, architecture and dimensions were recorded at a09a35458c70 and are assumed to hold at main
  not applicable: weights-format: only files can tell, and neither a lock nor a local folder was read
  failed: architecture-objective, revision-pinned

unheard-of: acme/unheard-of at a09a35458c702b33eeacc393d103063234e8bc28
  facts: none are known of this model; a claim under `known:` or the catalogue would state some
  not evaluated: architecture-objective (blocks, soft-mandatory; settles: you)
    model.yaml:8:5: `architecture_class` is missing: no source states it
    model.yaml would state it:
      known:
        architecture_class: {value: decoder, evidence: https://…}
  not applicable: weights-format: only files can tell, and neither a lock nor a local folder was read
  passed: revision-pinned

Nothing here tests a model's outputs, bias, safety, privacy or accuracy in use.
Findings state what is declared and which terms follow; they are no legal advice.
weighbridge VERSION, judged as of 2026-11-23, catalogue sha256 CATALOGUE
hint: `weighbridge check --remedies` looks for changes that settle this, each judged before it is offered
exit code 1: 1 blocking; 1 that block because they could not be evaluated
2 models · 1 passed · 2 failed · 1 not evaluated · 2 not applicable
"""


def test_a_report_reads_like_this(weighbridge, project):
    project({"model.yaml": MANIFEST, "acme.yaml": POLICY})
    run = weighbridge("check", "--policy", "acme.yaml", "--today", "2026-11-23")
    assert run.code == 1
    shown = re.sub(r"\nrelaxed: --today [0-9-]+(?=\n)", "", run.out)  # said unless the tests run on that very day
    shown = re.sub(r"sha256 [0-9a-f]{64}", "sha256 SHA", shown)
    shown = re.sub(r"catalogue sha256 [0-9a-f]{16}", "catalogue sha256 CATALOGUE", shown)
    shown = re.sub(r"weighbridge [0-9.]+, judged", "weighbridge VERSION, judged", shown)
    assert shown == EXPECTED


def test_what_blocks_comes_first_and_of_it_the_gravest_level_whichever_model_it_is_of():
    hard, soft, advice = Enforcement.HARD_MANDATORY, Enforcement.SOFT_MANDATORY, Enforcement.ADVISORY
    waived = evaluation("remote-code", Verdict.WAIVED, detail(waiver=WAIVER, blocks=False), enforcement=hard)
    made = report(
        model(waived, evaluation("size-class", Verdict.FAIL, detail(blocks=False), enforcement=advice), name="a"),
        model(evaluation("revision-pinned", Verdict.FAIL, detail(), enforcement=soft), name="b"),
        model(evaluation("license-allowed", Verdict.FAIL, detail(), enforcement=hard), name="c"),
    )
    found = re.findall(r"model\.yaml:4:15: ([\w-]+): (\w+) \(([\w-]+)\)", render(made, Wishes()))
    assert found == [
        ("license-allowed", "blocks", "hard-mandatory"),
        ("revision-pinned", "blocks", "soft-mandatory"),
        ("size-class", "advice", "advisory"),
        ("remote-code", "waived", "hard-mandatory"),
    ]
