"""Draws whole projects: a manifest with several models, an organisation's policy, a project's layer, files beside them.

Values are those that users write, right ones and wrong ones; a world that the gate refuses is a world too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import strategies as st

from checker import applying, gate
from checker.facts.catalogue import Catalogue
from checker.request import Request
from checker.verdict import Report
from tests.in_process import forget

TODAY = date(2026, 11, 28)
MODELS = (
    *("Qwen/Qwen2.5-7B-Instruct", "Qwen/Qwen2.5-7B", "meta-llama/Llama-3.1-8B-Instruct", "google/gemma-2-9b-it"),
    *("mistralai/Mistral-7B-Instruct-v0.3", "microsoft/Phi-3-mini-4k-instruct", "Qwen/Qwen2.5-3B-Instruct"),
    *("CohereLabs/aya-23-8B", "BAAI/bge-m3", "BAAI/bge-reranker-v2-m3", "google-bert/bert-base-uncased"),
    *("deepseek-ai/DeepSeek-R1-Distill-Llama-8B", "acme/unheard-of", "./tuned", "./bare"),
)
"""Base and instruct models, an embedder, a reranker, an encoder, one that descends from another, licences of several
kinds, one that nobody knows, and two local folders."""
FOLDERS = {
    "tuned/README.md": "---\nlicense: apache-2.0\nbase_model: meta-llama/Llama-3.1-8B\n---\n# A fine-tune\n",
    "tuned/model.safetensors": "",
    "bare/pytorch_model.bin": "",
    "bare/config.json": '{"model_type": "qwen2", "architectures": ["Qwen2ForCausalLM"], "max_position_embeddings": 4096}',
}
LICENSES = ("Apache-2.0", "MIT", "llama3.1", "gemma", "cc-by-nc-4.0", "qwen-research", "BSD-3-Clause")
LEVELS = ("advisory", "soft-mandatory", "hard-mandatory")
HARDWARE = ({"gpu": "L4"}, {"gpu": "L40S", "count": 2}, {"vram": "24 GiB"}, {"gpu": "RTX 4090"}, {"vram": "200 GiB"})


def _sometimes(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A mapping with any of these keys, in any order."""
    return st.permutations(sorted(keys)).flatmap(
        lambda order: st.fixed_dictionaries({}, optional={key: keys[key] for key in order})
    )


def _one(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


DATA_SET = _sometimes(
    source=_one("internal", "hub"),
    license=_one("proprietary", "cc-by-nc-4.0", "Apache-2.0"),
    generated_by=_one("none", "meta-llama/Llama-3.1-8B-Instruct", "acme/oracle"),
).map(lambda keys: {"name": "tickets", **keys})
FINE_TUNING = _sometimes(
    goal=_one("tone", "new-language", "domain-knowledge"),
    rank=_one(8, 64),
    sequence_length=_one(1024, 4096),
    hardware=_one(*HARDWARE),
    data=st.lists(DATA_SET, max_size=1),
    produces=_sometimes(
        name=_one("Llama-Acme-8B", "acme-chat"), license=_one("llama3.1", "MIT"), shared=_one("no", "weights")
    ),
).flatmap(lambda keys: _one("lora", "qlora").map(lambda method: {"method": method, **keys}))
DEPLOYMENT = _sometimes(
    runtime=_one("vllm", "transformers", "tgi"),
    quantization=_one("none", "awq-int4", "fp8"),
    context_window=_one(2048, 8192, 32768, 200_000),
    parallel_requests=_one(1, 32),
    hardware=_one(*HARDWARE),
)
KNOWN = _sometimes(
    license=_one({"value": "Apache-2.0"}, {"value": "gemma"}),
    native_context=_one({"value": 131072}, {"value": 4096}),
    variant=_one({"value": "instruct"}, {"value": "base"}),
    architecture_class=_one({"value": "decoder"}, {"value": "encoder"}),
    parameters=_one({"value": 7_000_000_000}),
)
ENTRY = _sometimes(
    license=_one(*LICENSES, "apache 2.0", "other"),
    revision=_one("main", "pinned", "v1.0"),
    size_class=_one("edge", "general", "expert"),
    fine_tuning=FINE_TUNING,
    deployment=DEPLOYMENT,
    documents=st.just("long-form"),
    derived_from=_one(["meta-llama/Llama-3.1-8B"], ["acme/elder"], "google/gemma-2-9b"),
    known=KNOWN,
    access=_one("weights", "weights", "api"),
)
USE = _sometimes(
    purpose=_one("commercial", "research", "personal"),
    distribution=_one("service", ["internal", "weights"], "on-device"),
    regions=_one(["EU"], ["US", "EU"]),
    monthly_active_users=_one(1000, 800_000_000),
)
HEAD = _sometimes(owner=st.just("team@example.com"), status=_one("live", "planned"), hardware=_one(*HARDWARE), use=USE)
SETTINGS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "license-allowed": {
        "allow": st.lists(_one(*LICENSES), min_size=1, unique=True),
        "deny": st.lists(_one(*LICENSES), max_size=2, unique=True),
        "deny_categories": _one(["non-commercial"], ["copyleft"]),
    },
    "license-known": {"min_certainty": _one("verified", "declared", "inferred", "claimed")},
    "license-lineage": {"unknown": _one("report", "fail")},
    "license-use": {"assume_purpose": _one("commercial", "research"), "assume_users_below": _one(100_000_000)},
    "context-window": {"share": _one(0.5, 1.0), "long_form": _one(32768, 65536)},
    "serving-fits": {"headroom": _one("5%", "40%")},
    "training-fits": {"headroom": _one("5%", "40%")},
    "publisher-allowed": {"allow": _one(["Qwen"], ["Qwen", "meta-llama", "google"], ["acme"])},
    "model-approved": {"models": _one(["Qwen/*"], ["Qwen/*", "meta-llama/*", "BAAI/bge-m3"])},
    "model-denied": {"models": _one(["google/*"], ["*/*-3B-*"], ["CohereLabs/aya-23-8B"])},
    "weights-format": {"allow": _one(["safetensors"], ["safetensors", "gguf"])},
    "benchmark-floor": {"floors": _one({"MMLU": 60}, {"MMLU": 75, "HumanEval": 50})},
    "required-blocks": {"blocks": _one(["deployment"], ["fine_tuning", "deployment"])},
    "size-class": {},
    "architecture-objective": {"min_certainty": _one("verified", "declared")},
    "base-or-instruct": {},
    "revision-pinned": {},
    "remote-code": {},
    "checklist-complete": {},
    "data-license": {},
    "data-generated-by": {},
    "license-declared": {},
    "facts-known": {},
    "api-allowed": {},
}
"""What a policy of ours may set; every rule's level besides."""


@st.composite
def _rules(draw: st.DrawFn, levels: tuple[str, ...], most: int) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(sorted(SETTINGS)), min_size=1, max_size=most, unique=True))
    return {
        name: {"enforcement": draw(st.sampled_from(levels)), **draw(_sometimes(**SETTINGS[name]))} for name in names
    }


class World(NamedTuple):
    """One project and the policies that it is judged by."""

    manifest: dict[str, Any]
    policy: dict[str, Any]

    def write(self, folder: Path) -> Path:
        """Put it into a folder; the path of the manifest."""
        for name, text in FOLDERS.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (folder / "policy.yaml").write_text(written(self.policy), encoding="utf-8")
        (folder / "model.yaml").write_text(written(self.manifest), encoding="utf-8")
        return folder / "model.yaml"


def written(document: Mapping[str, Any]) -> str:
    """A document as YAML: its own keys as lines, what is below in flow style."""
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in document.items())


@st.composite
def manifests(draw: st.DrawFn, most: int = 3) -> dict[str, Any]:
    """What a project may declare."""
    models = []
    for number in range(draw(st.integers(1, most))):
        model = draw(st.sampled_from(MODELS))
        keys = {"name": f"m{number}", "model": model, "objective": draw(st.sampled_from(_objectives(model)))}
        extra = draw(ENTRY)
        if extra.get("revision") == "pinned":
            recorded = CATALOGUE.find(model)
            extra["revision"] = recorded.revision if recorded and recorded.revision else "f" * 40
        if model.startswith("./"):
            extra.pop("revision", None)
        if extra.get("access") == "api":
            extra |= {"provider": "acme-gateway"}
        models.append(keys | extra)
    return {"weighbridge": 1, "project": "bot", **draw(HEAD), "models": models}


CATALOGUE = Catalogue()


def _objectives(model: str) -> tuple[str, ...]:
    """The right objective most often, and a wrong one."""
    for part, objective in (("reranker", "reranking"), ("bge", "similarity"), ("bert", "multi-label-classification")):
        if part in model:
            return (objective, objective, "chat")
    return ("chat", "chat", "text-generation", "similarity")


def policies() -> st.SearchStrategy[dict[str, Any]]:
    """What an organisation may ask for: rules of its own, on a shipped pack or not."""
    pack = st.sampled_from(
        ({}, {"extends": ["weighbridge:enterprise"]}, {"extends": "weighbridge:starter"}, {"api": {"providers": ["x"]}})
    )
    seat = st.sampled_from(({}, {"organisation": {"seat": "US"}}, {"organisation": {"seat": "DE"}}))
    return st.builds(
        lambda base, who, rules: {"policy": "acme", "version": 1, **base, **who, "rules": rules},
        pack,
        seat,
        _rules(LEVELS, 12),
    )


def layers() -> st.SearchStrategy[dict[str, Any]]:
    """What a project may add, tightening or not."""
    return st.builds(lambda rules: {"rules": rules}, _rules((*LEVELS, "off"), 4))


def worlds(most: int = 3) -> st.SearchStrategy[World]:
    """A project and the organisation's policy."""
    return st.builds(World, manifests(most), policies())


def judged(paths: Iterable[Path], policy: Path) -> Report:
    """What the gate says of manifests, with what it judged.

    Raises:
        InputError: the policy cannot be used.
    """
    forget(applying, gate)  # a process reads each file once, and these are written anew
    return gate.judge(
        Request(
            tuple(paths), policy=str(policy), environment_policy=None, today=TODAY, keep_basis=True, proposals=False
        )
    )
