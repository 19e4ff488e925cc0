"""Whatever is offered holds: applied, it gives the verdict that it promises; and no fix adds a finding."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker import gate
from checker.document.read import read
from checker.facts.catalogue import Catalogue
from checker.remedies.fixing import fixed
from checker.remedies.search import remedies_of
from checker.remedy import Remedy
from checker.request import Request
from checker.verdict import Report, Verdict

pytestmark = pytest.mark.no_cover  # other tests cover what these try at length; measuring it doubles their time

TODAY = date(2026, 11, 28)
MODELS = (
    *("Qwen/Qwen2.5-7B-Instruct", "Qwen/Qwen2.5-7B", "meta-llama/Llama-3.1-8B-Instruct", "google/gemma-2-9b-it"),
    *("mistralai/Mistral-7B-Instruct-v0.3", "microsoft/Phi-3-mini-4k-instruct", "BAAI/bge-m3", "Qwen/Qwen3-8B"),
    "CohereLabs/c4ai-command-r7b-12-2024",
)
"""Bases and instruct models, an embedder, and licences of several kinds."""
ENTRY = st.fixed_dictionaries(
    {
        "model": st.sampled_from(MODELS),
        "revision": st.sampled_from(("main", "pinned", None)),
        "window": st.sampled_from((4096, 32768, 200_000)),
        "requests": st.sampled_from((1, 24)),
        "license": st.sampled_from((None, "apache 2.0", "MIT")),
        "quantization": st.sampled_from((None, "none", "awq-int4")),
        "method": st.sampled_from((None, None, "lora")),
        "hardware": st.sampled_from((None, "{gpu: L4}", "{vram: 24 GiB}")),
        "flow": st.booleans(),
    }
)
MANIFESTS = st.tuples(st.lists(ENTRY, min_size=1, max_size=2), st.sampled_from(("{gpu: L40S}", "{vram: 16 GiB}")))


def written(entries: list[dict], hardware: str) -> str:
    """A manifest, its entries in one style or another."""
    text = f"weighbridge: 1\nhardware: {hardware}   # shared\nmodels:\n"
    return text + "".join(_entry(number, **entry) for number, entry in enumerate(entries))


def _entry(number: int, *, model: str, revision: str | None, flow: bool, **rest) -> str:
    facts = Catalogue().find(model)
    commit = facts.revision if facts and revision == "pinned" else revision
    served = {
        "context_window": rest["window"],
        "parallel_requests": rest["requests"],
        "quantization": rest["quantization"],
        "hardware": rest["hardware"],
    }
    deployment = ", ".join(f"{key}: {value}" for key, value in served.items() if value is not None)
    pairs = {"name": f"m{number}", "objective": "chat", "model": model, "revision": commit, "license": rest["license"]}
    if rest["method"]:
        pairs["fine_tuning"] = f"{{method: {rest['method']}, sequence_length: 4096, hardware: {{gpu: RTX 4090}}}}"
    pairs["deployment"] = f"{{{deployment}}}"
    lines = [f"{key}: {value}" for key, value in pairs.items() if value is not None]
    return f"  - {{{', '.join(lines)}}}\n" if flow else "  - " + "   # c\n    ".join(lines) + "\n"


def judge(text: str, path: Path) -> Report:
    path.write_text(text, encoding="utf-8", newline="")
    return gate.judge(_request(path))


def _request(path: Path) -> Request:
    return Request(paths=(path,), policy=None, environment_policy=None, today=TODAY, keep_basis=True, proposals=False)


def applied(text: str, remedy: Remedy) -> str:
    """The text with the remedy's stretches replaced, the last one first."""
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for one in reversed(remedy.replacements):
        start, end = starts[one.line - 1] + one.column - 1, starts[one.end_line - 1] + one.end_column - 1
        text = text[:start] + one.text + text[end:]
    return text


def failing(report: Report) -> set[tuple[int, str]]:
    """What fails, by the position of its entry: a remedy may change the model and with it the entry's name."""
    return {
        (number, one.rule)
        for number, model in enumerate(report.manifests[0].models)
        for one in model.evaluations
        if one.verdict is Verdict.FAIL or one.blocks
    }


QUIET = settings(
    max_examples=5, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@QUIET
@given(made=MANIFESTS)
def test_an_offered_remedy_gives_the_verdict_that_it_promises(tmp_path, monkeypatch, made):
    monkeypatch.chdir(tmp_path)
    path, text = Path("model.yaml"), written(*made)
    before = judge(text, path)
    found = remedies_of(before.manifests[0], before, _request(path))
    remedies = [one for finding in found.findings for one in finding.remedies]
    for remedy in [*remedies, *([found.together] if found.together else [])]:
        changed = applied(text, remedy)
        after = judge(changed, path)
        assert int(after.exit_code) == remedy.after.exit_code
        assert sorted(f"{one.rule} of {one.model}" for one in after.stopping) == sorted(remedy.after.left)
        assert failing(after) < failing(before)


@QUIET
@given(made=MANIFESTS, unsafe=st.booleans())
def test_a_fix_adds_no_finding_and_a_second_one_changes_nothing(tmp_path, monkeypatch, made, unsafe):
    monkeypatch.chdir(tmp_path)
    path, text = Path("model.yaml"), written(*made)
    before = judge(text, path)
    once = fixed(read(path), _request(path), unsafe=unsafe)
    after = judge(once.text, path)
    assert failing(after) <= failing(before)
    twice = fixed(read(path), _request(path), unsafe=unsafe)
    assert (twice.text, twice.safe, twice.unsafe) == (once.text, (), ())


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_safe_fix_changes_no_line_but_its_own(tmp_path, monkeypatch, ending):
    monkeypatch.chdir(tmp_path)
    entry = {"model": MODELS[0], "revision": "pinned", "window": 4096, "requests": 1, "license": "apache 2.0"}
    text = written([{**entry, "quantization": None, "method": None, "hardware": None, "flow": True}], "{gpu: L40S}")
    path = Path("model.yaml")
    judge(text.replace("\n", ending), path)
    done = fixed(read(path), _request(path), unsafe=False)
    assert done.text == text.replace("apache 2.0", "Apache-2.0").replace("\n", ending)
