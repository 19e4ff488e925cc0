"""The arguments that a writer gets in a real run: a command runs in this process, and its call of the writer is kept."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Mapping
from contextlib import chdir
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from types import CodeType, FrameType
from typing import Any

from checker import applying, gate, surroundings
from checker.command_line import main
from checker.console import Console
from checker.value import NamedTuple
from fuzz.target import folder
from tests.baseline.files import newer
from tests.in_process import forget
from tests.repository import ledger, waiver

TODAY = date(2026, 11, 28)
PINNED = "a09a35458c702b33eeacc393d103063234e8bc28"
MANIFEST = f"""\
weighbridge: 1
project: bot
owner: team
status: live
use: {{purpose: commercial, distribution: [service], regions: [EU], intended: answers}}
models:
  - name: assistant
    model: Qwen/Qwen2.5-7B-Instruct
    revision: main
    license: MIT
    objective: chat
    deployment: {{context_window: 65536, hardware: {{gpu: L4}}}}
  - name: drafts
    model: acme/unknown
    revision: {PINNED}
    objective: chat
    access: api
    provider: acme-gateway
"""
POLICY = """\
policy: acme
version: 7
waivers: {from: project, approvers: [legal@example.com], max_days: 120}
organisation: {seat: US}
rules:
  revision-pinned: soft-mandatory
  license-allowed: {enforcement: hard-mandatory, allow: [Apache-2.0]}
  license-declared: soft-mandatory
  license-obligations: advisory
  context-window: advisory
  serving-fits: soft-mandatory
  waiver-expired: soft-mandatory
"""
WAIVERS = ledger(waiver(), waiver(id="W-2", rule="license-declared", expires="2026-11-20", ticket="T-1"))
FILES = {
    "model.yaml": MANIFEST,
    "policy.yaml": POLICY,
    "waivers.yaml": WAIVERS,
    "broken.weighbridge.yaml": "weighbridge: 1\ncolour: red\n",
}
"""A project with findings of every kind."""
TABLE = {
    "models.csv": "model,license,MMLU,parameters,architecture_class,num_hidden_layers,hidden_size\r\n"
    "Qwen/Qwen2.5-7B-Instruct,apache-2.0,0.74,7615616512,decoder,28,3584\r\n"
    "google/gemma-2-9b-it,gemma,0.71,9241705984,decoder,42,3584\r\nacme/one,mit,0.5,1000000000,decoder,24,2048\r\n"
}
"""Models to choose from."""
FLEET = {
    **{f"src/one/{name}": text for name, text in FILES.items()},
    **{f"src/two/{name}": text for name, text in FILES.items() if name != "waivers.yaml"},
    **{f"src/{name}/.git/HEAD": "ref: refs/heads/main\n" for name in ("one", "two", "three")},
    "policy.yaml": POLICY,
}
"""Three repositories, of which one has no manifest."""
NEWER = POLICY.replace("version: 7", "version: 8").replace("[Apache-2.0]", "[MIT]")
CASES = """\
weighbridge_policy_tests: 1
today: 2026-11-23
cases:
  - name: Apache-2.0 is accepted
    model: Qwen/Qwen2.5-7B-Instruct
    expect: {license-allowed: pass}
  - name: gemma is denied
    model: google/gemma-2-9b-it
    expect: {license-allowed: pass}
"""

RESULTS = {
    "before.json": json.dumps(newer({"mmlu": 0.5, "gsm8k": 0.25, "arc": 0.4})),
    "after.json": json.dumps(newer({"mmlu": 0.4, "gsm8k": 0.255, "boolq": 0.6}, model="acme/tuned")),
}
"""Results before and after a fine-tuning."""
TUNED = {
    "model.yaml": MANIFEST
    + """\
    fine_tuning: {method: lora, rank: 16, sequence_length: 2048, micro_batch_size: 1, hardware: {gpu: L4}}
    baseline_run: {on: 2026-10-03, tasks: [{task: mmlu, metric: acc, shots: 5}]}
"""
}
CODE = {
    "src/app.py": """\
from transformers import AutoModelForCausalLM
AutoModelForCausalLM.from_pretrained("acme/one", revision="main")
""",
    "src/serve.sh": "vllm serve acme/two --max-model-len 8192 --quantization awq\n",
    "src/ask.py": 'from openai import OpenAI\nOpenAI().chat.completions.create(model="gpt-4o", messages=[])\n',
}
"""Code that uses models."""
OWN_RULE = (
    POLICY
    + """\
  custom:
    - id: acme-small
      when: manifest.objective == "chat"
      assert: model.params <= 14000000000
      message: choose a model of 14B parameters or fewer
      enforcement: advisory
"""
)


class Run(NamedTuple):
    """A command in a folder of its own, and the writers whose arguments are kept."""

    command: str
    files: Mapping[str, str]
    writers: tuple[str, ...]
    """`module:function`."""
    in_characters: bool = False
    """Whether no text reaches the writers that a file could not hold: odd bytes of names were shown before."""

    def arguments(self) -> dict[str, Any]:
        """What they are called with, by name; the command runs once in this process."""
        return _of_run(self.command, tuple(self.files.items()), self.writers)


CHECK = Run(
    "check --policy policy.yaml --explain --output html --controls nist-ai-rmf model.yaml broken.weighbridge.yaml",
    FILES,
    ("checker.report.html:render",),
)
"""report, surroundings, wishes"""
BOM = Run(
    "bom --format cyclonedx-1.6 --policy policy.yaml --created 2026-11-02T00:00:00Z model.yaml",
    FILES,
    ("checker.bom.cyclonedx:render",),
    in_characters=True,
)
"""inventory, name"""
NOTICES = Run("license notices model.yaml", FILES, ("checker.licenses.notice_file:render",))
"""project, models, texts"""
AUDIT = Run(
    "audit src --policy policy.yaml --output json", FLEET, ("checker.fleet.form.json:render",), in_characters=True
)
"""inventory, records"""
SHOW = Run("policy show --policy policy.yaml", FILES, ("checker.commands.of_policy.show:as_text",))
"""policy, today"""
IMPACT = Run(
    "policy impact --from policy.yaml --to new.yaml src",
    FLEET | {"new.yaml": NEWER},
    ("checker.impact.as_text:render",),
)
"""impact"""
TRIED = Run("policy test policy.yaml", FILES | {"policy.test.yaml": CASES}, ("checker.policy_tests.as_text:render",))
"""results, wishes, listed"""
CHOICE = Run(
    "select --objective chat --gpu L4 --context-window 8192 --models models.csv --map model=model --map license=license"
    " --map MMLU=MMLU --map parameters=parameters",
    TABLE,
    ("checker.selection.form.text:render",),
)
"""chosen"""
PLAN = Run(
    "fit Qwen/Qwen2.5-7B-Instruct --serve --context-window 8192 --gpu L4", {}, ("checker.sizing.as_text:as_text",)
)
"""answer, extras"""
SHOWN = Run("baseline show before.json", RESULTS, ("checker.commands.of_baseline.show:_as_text",))
"""results, found"""
COMPARED = Run("baseline compare before.json after.json", RESULTS, ("checker.commands.of_baseline.compare:_as_text",))
"""found"""
EVALUATED = Run("baseline plan model.yaml", TUNED, ("checker.baseline.plan:plan",))
"""asked"""
STARTED = {
    target: Run(
        f"fit {planned} --serve --context-window 8192 --gpu L4 --command {target}",
        {},
        ("checker.commands._fit_answers:_text",),
    )
    for target, planned in (
        ("vllm", "Qwen/Qwen2.5-7B-Instruct"),
        ("tgi", "Qwen/Qwen2.5-7B-Instruct --runtime tgi"),
        ("tei", "BAAI/bge-m3 --runtime tei"),
        ("llama.cpp", "Qwen/Qwen2.5-7B-Instruct --runtime llama.cpp --quantization Q4_K_M"),
        ("kubernetes", "Qwen/Qwen2.5-7B-Instruct"),
    )
}
"""name, answer, made"""
LOCKED = Run("lock --offline .", {"model.yaml": MANIFEST}, ("checker.hub.outcome:as_text",))
"""outcome"""
DRAFTED = Run("scan --write src", CODE, ("checker.scan.draft:draft",))
"""models"""
EXPLAINED = Run(
    "explain acme-small --policy policy.yaml", {"policy.yaml": OWN_RULE}, ("checker.commands.explain:as_text",)
)
"""page"""
CLASSIFIED = Run("classify Qwen/Qwen2.5-7B-Instruct", {}, ("checker.facts.kind.answer:as_text",))
"""name, kind"""
LISTED = Run("waiver list --policy policy.yaml", FILES, ("checker.commands.of_waiver.list:_lines",))
"""waivers"""


@cache
def _of_run(command: str, files: tuple[tuple[str, str], ...], writers: tuple[str, ...]) -> dict[str, Any]:
    codes, found = {_code(one) for one in writers}, dict[str, Any]()

    def look(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code in codes and not found:
            found.update(frame.f_locals)
            if "records" in found:  # they lie in a file that is gone after the run
                found["records"] = tuple(found["records"]())

    with TemporaryDirectory() as room, chdir(room):
        for name, text in files:
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        forget(applying, gate, surroundings)
        out, err = io.StringIO(), io.StringIO()
        before = sys.getprofile()
        sys.setprofile(look)
        try:
            main(command.split(), Console(out, err, io.StringIO(), {}, TODAY))
        finally:
            sys.setprofile(before)
            forget(applying, gate, surroundings)  # another folder may have files of the same names
    assert found, f"{command} does not get there: {err.getvalue()}"
    return found


def _code(writer: str) -> CodeType:
    module, _, function = writer.partition(":")
    code: CodeType = getattr(import_module(module), function).__code__
    return code


def written_into(write: Callable[..., None], *, inventory: Any, records: Any) -> str:
    """Every file that an audit's format writes into a folder, each behind its name; none lies elsewhere."""
    with TemporaryDirectory(dir=_ROOM) as room:
        target = Path(room) / "target"
        write(target, inventory, lambda: iter(records))
        assert [one.name for one in Path(room).iterdir()] == ["target"], "a file beside the folder"
        files = sorted(one for one in target.rglob("*") if one.is_file())
        return PARTED.join(f"{one.relative_to(target)}\n{one.read_bytes().decode()}" for one in files)


PARTED = "\n\0\n"
"""Between the files of a folder."""
_ROOM = folder()
