"""Entries of locks for tests: of a real model, at the commit that the catalogue records and at another."""

from __future__ import annotations

from typing import Any

from checker.facts.fact import Certainty
from checker.facts.locked.entry import RECORD, Gate, LockedFacts, LockedFile, LockEntry, Stated
from checker.facts.model import Dimensions, Parent, Relation

QWEN = "Qwen/Qwen2.5-7B-Instruct"
AT = "a09a35458c702b33eeacc393d103063234e8bc28"
"""The commit at which the catalogue records it."""
ELSEWHERE = "b" * 40
DECLARED, VERIFIED, INFERRED = Certainty.DECLARED, Certainty.VERIFIED, Certainty.INFERRED
SIZES = Dimensions(
    num_hidden_layers=28,
    hidden_size=3584,
    intermediate_size=18944,
    num_attention_heads=28,
    num_key_value_heads=4,
    vocab_size=152064,
    max_position_embeddings=32768,
)
FACTS = LockedFacts(
    license=Stated("apache-2.0", DECLARED, "README.md"),
    license_tag=Stated("apache-2.0", DECLARED, RECORD),
    parents=Stated((Parent("Qwen/Qwen2.5-7B", Relation.FINETUNE),), DECLARED, "README.md"),
    model_type=Stated("qwen2", VERIFIED, "config.json"),
    architectures=Stated(("Qwen2ForCausalLM",), VERIFIED, "config.json"),
    parameters=Stated(7615616512, VERIFIED, RECORD),
    dimensions=Stated(SIZES, VERIFIED, "config.json"),
    native_context=Stated(32768, DECLARED, "config.json"),
    weight_formats=Stated(("safetensors",), VERIFIED, "names of files"),
    remote_code=Stated(False, VERIFIED, "config.json without `auto_map`"),
    gate=Stated(Gate.NO, VERIFIED, RECORD),
)
FILES = (LockedFile("config.json", 663, blob="c" * 40), LockedFile("model.safetensors", 15, sha256="d" * 64))


def entry(revision: str | None = None, commit: str | None = AT, **changes: Any) -> LockEntry:
    """An entry of the model; facts by name change those of `FACTS`, None takes one out."""
    own = {name: changes.pop(name) for name in LockEntry._fields if name in changes}
    made = LockEntry(QWEN, revision, commit, "2026-11-20T09:00:00Z", "https://huggingface.co", files=FILES)
    return made._replace(facts=FACTS._replace(**changes), **own)
