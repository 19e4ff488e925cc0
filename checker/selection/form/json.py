"""For programs: every candidate with its verdicts, criteria and scores; format 1, keys are only added."""

from __future__ import annotations

from typing import Any

from checker.document.as_json import dumps
from checker.facts.fact import Fact
from checker.facts.model import Benchmark
from checker.selection.chosen import Chosen, reasons
from checker.selection.judge import Group
from checker.selection.rank import Ranked

FORMAT_VERSION = 1


def render(chosen: Chosen) -> str:
    """The whole choice, whatever `--top` says."""
    basis = chosen.basis
    document = {
        "format": FORMAT_VERSION,
        "tool": {"name": "weighbridge", "version": basis.tool_version},
        "today": basis.today.isoformat(),
        "catalogue_sha256": basis.catalogue_sha256,
        "models_from": basis.models_from,
        "policy": {"name": basis.policy.name, "version": basis.policy.version, "sha256": basis.policy.sha256},
        "relaxations": list(basis.relaxations),
        "ranking": {"weights": dict(chosen.wishes.weights), "benchmark": chosen.wishes.benchmark or None},
        "tally": {group.value: chosen.count(group) for group in Group},
        "models": [_model(one) for one in chosen.all],
    }
    return dumps(document, indent=1, ensure_ascii=False) + "\n"


def _model(one: Ranked) -> dict[str, Any]:
    judged = one.judged
    return {
        "model": judged.id,
        "revision": judged.facts.revision,
        "group": judged.group.value,
        "score": round(one.score, 6),
        "criteria": {name: None if value is None else round(value, 6) for name, value in one.criteria.items()},
        "front": one.front,
        "quality": None if one.quality is None else _benchmark(one.quality),
        "memory_bytes": one.memory,
        "usable_bytes": one.limit,
        "changes": [
            {"key": ".".join(change.path), "value": change.value, "said": change.said} for change in judged.changes
        ],
        "reasons": list(reasons(judged)),
        "benchmarks": [_benchmark(fact) for fact in judged.facts.benchmarks],
        "verdicts": {each.rule: each.verdict.value for each in judged.evaluations},
    }


def _benchmark(fact: Fact[Benchmark]) -> dict[str, Any]:
    score = fact.value
    return {
        "name": score.name,
        "score": score.score,
        "setting": score.setting,
        "reported_by": "publisher" if score.first_party else "third-party",
        "source": fact.source.detail,
    }
