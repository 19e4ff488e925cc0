"""The library's defaults that the package ships say what the library says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

FILE = Path(__file__).resolve().parents[3] / "checker" / "memory" / "library_defaults.json"
KNOWN = json.loads(FILE.read_text(encoding="utf-8"))


def test_there_is_a_record_for_each_family_that_people_train():
    types = KNOWN["model_types"]
    assert {"llama", "qwen3", "gemma3_text", "mixtral", "deepseek_v3", "bert", "t5", "gpt2", "mamba"} <= set(types)
    assert list(types) == sorted(types)


def test_what_a_class_derives_is_null_and_what_it_states_is_not():
    llama = KNOWN["model_types"]["llama"]["defaults"]
    assert (llama["hidden_size"], llama["head_dim"], llama["num_key_value_heads"]) == (4096, None, None)


def test_the_pattern_of_layers_is_kept_where_a_class_makes_it():
    kinds = KNOWN["model_types"]["gemma3_text"]["layer_types"]
    assert kinds == ["sliding_attention"] * 5 + ["full_attention"]


@pytest.mark.tracer
def test_the_file_is_what_the_tool_makes_of_the_library(tmp_path, monkeypatch):
    import importlib.util

    path = FILE.parents[2] / "tools" / "library_defaults.py"
    spec = importlib.util.spec_from_file_location("library_defaults", path)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    monkeypatch.setattr(tool, "TARGET", tmp_path / "made.json")
    tool.main()
    assert (tmp_path / "made.json").read_text(encoding="utf-8") == FILE.read_text(encoding="utf-8")
