"""Which rules read which keys of a manifest: every rule is asked about the examples of all rules, and watched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from checker import engine
from checker.document.bind import Block
from checker.document.place import SourceFile
from checker.facts.catalogue import Catalogue
from checker.gather import gather
from checker.manifest.load import load
from checker.manifest.model import Manifest
from checker.policy.load import Choice
from checker.policy.load import load as load_policy
from checker.policy.policy import ChosenBy
from checker.rulebook.discover import judges_scans, judges_waivers, rule_ids
from checker.rulebook.documentation import as_files, documentation

_DAY = date(2026, 11, 23)
_MORE = """\
weighbridge: 1
project: bot
owner: example
status: live
use: {purpose: commercial, distribution: [service], regions: [EU], monthly_active_users: 5, risk: {class: not-assessed}}
hardware: {gpu: L40S}
models:
  - name: assistant
    model: meta-llama/Llama-3.1-8B-Instruct
    license: llama3.1
    objective: chat
    size_class: general
    documents: long-form
    fine_tuning:
      goal: output-format
      method: qlora
      sequence_length: 1024
      hardware: {vram: 24 GiB, count: 1}
      data: [{name: tickets, source: internal, license: proprietary, generated_by: none}]
      produces: {name: Llama-Acme-8B, license: llama3.1, shared: weights}
    deployment:
      runtime: vllm
      runtime_version: 0.11.0
      quantization: fp8
      context_window: 8192
      prompt_tokens: 4096
      parallel_requests: 2
      kv_cache: fp8
    measured: {training_peak: 21.4 GiB, evidence: runs/a.json}
    obligations: [{duty: built-with-llama, where: https://acme.example, checked_on: 2026-11-02, by: legal}]
  - {name: embedder, model: BAAI/bge-m3, objective: similarity, deployment: {context_window: 512}}
"""
"""A manifest with what the examples of the rules leave out."""


@cache
def rules_by_key() -> dict[tuple[str, str], list[str]]:
    """The rules that read a key, by the class that holds it (empty for the manifest itself) and the key."""
    found: dict[tuple[str, str], set[str]] = {}
    with TemporaryDirectory() as folder:
        for manifest, policy in _cases():
            for rule, keys in _watched(Path(folder), manifest, policy):
                for key in keys:
                    found.setdefault(key, set()).add(rule)
    return {key: sorted(rules) for key, rules in found.items()}


def _cases() -> Iterator[tuple[str, str]]:
    """Manifests, each with the head of a policy that its rule wants, without rules."""
    yield _MORE, "policy: example\nversion: 1\nrules:\n"
    for rule in rule_ids():
        if judges_scans(rule) or judges_waivers(rule):
            continue
        page = documentation(rule)
        for example in (*page.passes[:1], *page.fails[:1]):
            files = as_files(rule, example)
            yield files.manifest, files.policy


def _watched(folder: Path, manifest: str, policy: str) -> Iterator[tuple[str, set[tuple[str, str]]]]:
    file = folder / "policy.yaml"
    head, _, own = policy.partition("rules:\n")
    of_rule = own.strip().partition(":")[0]
    others = "".join(f"  {rule}: advisory\n" for rule in rule_ids() if rule != of_rule)
    file.write_text(f"{head}rules:\n{own}{others}", encoding="utf-8")
    loaded = load(SourceFile(str(folder / "model.yaml"), manifest))
    dossiers = tuple(gather(entry, folder, folder, Catalogue()) for entry in loaded.models)
    standing = engine.as_it_stands(load_policy(Choice(str(file), ChosenBy.OPTION), None), _DAY)
    pairs = tuple(zip(loaded.models, dossiers, strict=True))
    for entry, dossier in pairs:
        case = engine.Case(entry, dossier, loaded, pairs, standing._replace(proposals=False))
        for rule in standing.rules:
            arguments = engine.Supply(case).arguments(rule)
            with _noting_reads() as keys:
                rule.rule.check(**arguments)
            yield rule.rule.id, keys


@contextmanager
def _noting_reads() -> Iterator[set[tuple[str, str]]]:
    """Note which fields of a manifest's blocks are read meanwhile."""
    keys: set[tuple[str, str]] = set()
    plain = Block.__getattribute__

    def noting(block: Any, name: str) -> Any:
        kind = type(block)
        if name in kind.model_fields:
            keys.add(("" if kind is Manifest else kind.__name__, kind.model_fields[name].alias or name))
        return plain(block, name)

    Block.__getattribute__ = noting  # type: ignore[method-assign]
    try:
        yield keys
    finally:
        del Block.__getattribute__
