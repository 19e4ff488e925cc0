"""What a free text says of a runtime's version."""

from __future__ import annotations

import pytest

from checker.memory.versions import version_of


@pytest.mark.parametrize(
    ("text", "name", "release", "eager"),
    [
        ("", "vllm", None, False),
        ("4.38.2", "transformers", (4, 38), False),
        ("v0.7.3", "vllm", (0, 7), False),
        ("vllm 0.10.1.1", "vllm", (0, 10), False),
        ("transformers==4.51.3", "transformers", (4, 51), False),
        ("transformers4.46.0", "transformers", (4, 46), False),
        ("4.45.0.dev0", "transformers", (4, 45), False),
        ("4.35.2", "transformers", (4, 35), True),
        ("transformers 4.35.2, FlashAttention 2", "transformers", (4, 35), False),
        ("torch2.1.2,FA2.5.6", "transformers", (4, 38), False),
        ("2023", "transformers", (4, 35), True),
        ("eager", "transformers", None, True),
        ("sdpa", "transformers", None, False),
    ],
)
def test_a_release_is_read_or_told_by_its_time(text, name, release, eager):
    found = version_of(text, name)
    assert (found.release, found.eager) == (release, eager)
    assert "not understood" not in found.note


@pytest.mark.parametrize(("text", "name"), [("nightly", "vllm"), ("2031", "transformers"), ("b6123", "llama.cpp")])
def test_what_is_not_understood_is_said(text, name):
    found = version_of(text, name)
    assert found.release is None
    assert found.note == f"runtime_version `{text}` is not understood; the current behaviour is taken"


def test_a_release_told_by_its_time_is_said():
    assert version_of("2023", "transformers").note == "2023 is taken for transformers 4.35"
    assert "PyTorch 2.1 is taken for transformers 4.38" in version_of("torch 2.1.2", "transformers").note


def test_an_unknown_release_is_before_none():
    assert not version_of("", "vllm").before(99, 0)
    assert version_of("0.7.3", "vllm").before(0, 8)
    assert not version_of("0.8.0", "vllm").before(0, 8)
