"""Every command and each of its actions: what it says with `--help`, to a slip, and to a good and a bad input."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

import checker
from checker.command_line import command_names, overview
from tests.commands.steps import ADA, GIB, libraries
from tests.in_process import weighbridge
from tests.packaging.offline import ROOT
from tests.repository import MANIFEST, POLICY, ledger

__all__ = ["libraries", "weighbridge"]

PINNED = ("--policy", "policy.yaml", "--today", "2026-11-28")
BASELINE = (
    '{"results": {"mmlu": {"acc,none": 0.7}}, "versions": {"mmlu": 1}, "config": {"model_args": "pretrained=a/b"}}'
)
ADDED = (
    *("--policy", "policy.yaml", "--today", "2026-11-28", "--rule", "revision-pinned", "--model", "assistant"),
    *("--project", "bot", "--reason", "a second one", "--approver", "legal@example.com", "--expires", "30d"),
)
CASES_OF_POLICY = """\
weighbridge_policy_tests: 1
today: 2026-11-28
cases:
  - {name: Apache-2.0 is allowed, model: Qwen/Qwen2.5-7B-Instruct, expect: {license-allowed: pass}}
"""
ANSWERED = (
    *("--objective", "similarity", "--context-window", "512", "--gpu", "L4", "--size-class", "edge"),
    *("--purpose", "commercial", "--distribution", "service", "--model", "BAAI/bge-m3"),
)
POLICY_SHA = "0" * 64


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples, a project with a policy and a waiver, results of an evaluation, and a pair of keys."""
    made = tmp_path_factory.mktemp("every")
    for name in ("passes", "stopped"):
        shutil.copytree(ROOT / "examples" / name, made / name)
    for name in (".git", "bot", "locked", "made", "new", "tested"):
        (made / name).mkdir()
    files = {"bot/model.yaml": MANIFEST, "policy.yaml": POLICY, "waivers.yaml": ledger(), "results.json": BASELINE}
    files |= {
        "locked/model.yaml": MANIFEST,
        "tested/policy.yaml": POLICY,
        "tested/policy.test.yaml": CASES_OF_POLICY,
        "tested/failing.test.yaml": CASES_OF_POLICY.replace("pass}", "fail}") + "policy: policy.yaml\n",
        "licence.txt": (ROOT / "LICENSE").read_text("utf-8"),
        "broken.yaml": "weighbridge: 1\nmodels: [",
        "empty.yaml": "",
    }
    for name, text in files.items():
        (made / name).write_text(text, "utf-8")
    key = Ed25519PrivateKey.generate()
    (made / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (made / "key.pub").write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return made


CASES: dict[str, list[tuple[tuple[str, ...], int, str]]] = {
    "attest": [
        (("passes", "--key", "key.pem", "--output", "a.json"), 0, ""),
        (("stopped", "--key", "key.pem", "--output", "b.json"), 1, "attested FAILED (blocked)"),
        (("passes", "--key", "none.pem"), 2, "none.pem: error: there is no such file"),
        (("passes",), 2, "the following arguments are required: --key"),
    ],
    "audit": [
        (("bot", *PINNED), 0, "1 project"),
        (("nowhere",), 2, "nowhere: error: there is no such folder"),
        (("bot", "--output", "htlm"), 2, "did you mean `html`?"),
    ],
    "baseline show": [
        (("results.json",), 0, "mmlu"),
        (("none.json",), 2, "there is no such file"),
        (("results.json", "--output", "jsn"), 2, "did you mean `json`?"),
    ],
    "baseline compare": [
        (("results.json", "results.json"), 3, ""),
        (("results.json", "none.json"), 2, "none.json: error: there is no such file"),
    ],
    "baseline plan": [
        (("passes",), 0, "lm-evaluation-harness"),
        (("broken.yaml",), 2, "broken.yaml:2:"),
    ],
    "bom": [
        (("--format", "cyclonedx-1.6", "passes"), 0, '"bomFormat": "CycloneDX"'),
        (("--format", "spdx-3", "passes"), 2, "did you mean `spdx-3.0`?"),
        (("--format", "spdx-2.3", "nowhere"), 2, "there is no such file"),
    ],
    "calibrate": [
        (("Qwen/Qwen2.5-7B-Instruct", "--method", "lora", "--file", "runs.json"), 0, "recorded in runs.json"),
        (("nobody/nothing", "--method", "lora"), 3, "is not in the catalogue"),
        (("nobody/nothing", "--device", "cpux"), 2, "did you mean `cpu`?"),
        (("nowhere.yaml",), 2, "error"),
    ],
    "check": [
        (("passes",), 0, "nothing blocks"),
        (("stopped",), 1, "exit code 1: 5 blocking"),
        (("bot", *PINNED), 0, "waived"),
        (("broken.yaml",), 2, "broken.yaml:2:"),
        (("empty.yaml",), 2, "empty.yaml"),
        (("passes", "--policy", "weighbridge:entreprise"), 2, "did you mean `weighbridge:enterprise`?"),
        (("passes", "--today", "tomorrow"), 2, "`tomorrow` is no day: expected YYYY-MM-DD"),
        (("passes", "--fail-on", "advisry"), 2, "did you mean `advisory`?"),
    ],
    "classify": [
        (("Qwen/Qwen2.5-7B-Instruct",), 0, "decoder, instruct"),
        ((), 2, "no model is named"),
    ],
    "completion": [
        (("fish",), 0, "weighbridge"),
        (("fsh",), 2, "did you mean `fish`?"),
    ],
    "explain": [
        (("context-window",), 0, "trained for"),
        (("llama-3.1",), 0, "llama3.1"),
        (("BAAI/bge-m3",), 0, "bi-encoder"),
        (("contxt-window",), 2, "did you mean `context-window`?"),
    ],
    "fit": [
        (("BAAI/bge-m3", "--serve", "--context-window", "512", "--gpu", "L4"), 0, "fits"),
        (("Qwen/Qwen2.5-7B-Instruct", "--method", "full", "--sequence-length", "512", "--gpu", "L4"), 1, "does not fit"),
        (("nobody/nothing", "--method", "lora"), 3, "is not in the catalogue"),
        (("BAAI/bge-m3", "--method", "lorra"), 2, "did you mean `lora`?"),
        (("BAAI/bge-m3", "--gpu", "L41"), 2, "L41"),
    ],
    "get": [
        (("assistant.revision", "passes"), 0, "0e9e39f249a16976918f6564b8830bc894c89659"),
        (("assistent.revision", "passes"), 2, "did you mean `assistant`?"),
    ],
    "hardware": [
        (("L4",), 0, "L4 (NVIDIA)"),
        (("L99",), 2, "is neither a GPU nor a cloud instance"),
    ],
    "init": [
        ((*ANSWERED, "--print"), 0, "  - model: BAAI/bge-m3\n"),
        ((*ANSWERED, "made"), 0, "nothing blocks"),
        (("--name", "bot", "new"), 2, "--objective: error: not answered"),
        (("--objective", "chatt", "new"), 2, "did you mean `chat`?"),
    ],
    "license check": [
        (("--base", "apache-2.0", "--use", "commercial", "--distributed", "no"), 0, "ok"),
        (("--base", "llama3.1", "--relation", "finetune", "--as", "apache-2.0", "--distributed", "yes"), 1, "conflict"),
        (("--base", "nobody-knows"), 3, "unknown"),
        (("--base", "mit", "--relation", "finetun"), 2, "did you mean `finetune`?"),
    ],
    "license identify": [
        (("licence.txt",), 0, "licence.txt: Apache-2.0"),
        (("nowhere",), 2, "there is no such file"),
    ],
    "license notices": [
        (("passes/model.yaml",), 0, "NOTICE of support-bot"),
        (("nowhere.yaml",), 2, "there is no such file"),
    ],
    "license unused": [
        (("passes",), 0, "no model here is under"),
        (("passes", "--policy", "none.yaml"), 2, "none.yaml: error: there is no such file"),
    ],
    "lock": [
        (("--offline", "locked"), 0, "model.lock"),
        (("--check", "passes"), 1, "not-locked"),
        (("--check", "broken.yaml"), 2, "broken.yaml:2:"),
        (("passes", "--jobs", "0"), 2, "expected 1 to 64"),
    ],
    "policy check": [
        (("policy.yaml",), 0, "acme"),
        (("empty.yaml",), 2, "empty.yaml"),
    ],
    "policy impact": [
        (("--from", "weighbridge:starter", "--to", "weighbridge:starter", "stopped"), 0, ""),
        (("--from", "weighbridge:starter", "--to", "weighbridge:enterprise", "stopped"), 1, "translator"),
        (("--from", "weighbridge:starter", "--to", "none.yaml", "stopped"), 2, "there is no such file"),
    ],
    "policy show": [
        (("--policy", "policy.yaml"), 0, "policy acme 1"),
        (("--policy", "none.yaml"), 2, "there is no such file"),
    ],
    "policy test": [
        (("tested/policy.test.yaml",), 0, "1 of 1 cases hold"),
        (("tested/failing.test.yaml",), 1, "0 of 1 cases hold"),
        (("policy.yaml",), 2, "policy"),
        (("none.test.yaml",), 2, "there is no such"),
    ],
    "scan": [
        (("passes",), 0, "no model is used"),
        (("nowhere",), 2, "there is no such file or folder"),
    ],
    "schema": [
        (("waivers",), 0, '"title": "Weighbridge waivers"'),
        (("waiver",), 2, "did you mean `waivers`?"),
    ],
    "select": [
        (("--objective", "reranking", "--context-window", "512", "--gpu", "L4"), 0, "15 passes"),
        (("--objective", "chat", "--context-window", "99999999", "--gpu", "L4"), 3, "0 passes"),
        (("nowhere.yaml",), 2, "there is no such file"),
        (("--objective", "chatt"), 2, "did you mean `chat`?"),
    ],
    "verify": [
        (("none.json", "--key", "key.pub", "--policy-digest", POLICY_SHA), 2, "none.json: error: there is no such file"),
        (("a.json", "--key", "key.pub", "--policy-digest", "3"), 2, "`3` is no SHA-256"),
    ],
    "waiver list": [
        (("--policy", "policy.yaml", "--today", "2026-11-28"), 0, "W-1"),
        (("--policy", "weighbridge:enterprise"), 2, "admits no waivers"),
    ],
    "waiver add": [
        ((*ADDED, "--kind", "migration"), 0, "W-2026"),
        ((*ADDED, "--kind", "emergencyy"), 2, "did you mean `emergency`?"),
        (("--policy", "weighbridge:enterprise"), 2, "admits no waivers"),
    ],
    "waiver prune": [
        ((*PINNED, "--dry-run"), 0, ""),
        (("--policy", "none.yaml"), 2, "there is no such file"),
    ],
}  # fmt: skip


GOOD_ELSEWHERE = {"baseline compare", "verify"}
"""What they take is made by other commands first: tests/baseline, and `test_what_was_attested_is_verified` below."""


WITHOUT_CODES_OF_THEIR_OWN = {"baseline", "completion", "explain", "license", "policy", "schema", "waiver"}
"""Commands of which each action says what its codes mean, or which only print what they are asked for."""


def actions(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(found[0].choices) if found else {}


@pytest.fixture(scope="module")
def parsers() -> dict[str, argparse.ArgumentParser]:
    """The parser of each command that does something, by what is typed to reach it."""
    found = {}
    for name, parser in actions(overview()).items():
        inner = actions(parser)
        found |= {f"{name} {action}": one for action, one in inner.items()} if inner else {name: parser}
    return found


def test_every_command_has_a_good_and_a_bad_case(parsers):
    ends = {command: {code for _, code, _ in cases} for command, cases in CASES.items()}
    assert set(ends) == set(parsers)
    assert {command for command in parsers if 2 not in ends[command]} == set()
    assert {command for command in parsers if 0 not in ends[command]} == GOOD_ELSEWHERE


@pytest.mark.parametrize(
    ("command", "arguments", "code", "said"),
    [(command, *case) for command, cases in CASES.items() for case in cases],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)
def test_a_command_ends_as_its_input_deserves(command, arguments, code, said, folder, weighbridge, libraries):
    libraries((18 * GIB,) * 3, gpu=ADA)
    run = weighbridge(*command.split(), *arguments, cwd=folder, HF_HUB_OFFLINE="1")
    assert run.code == code, run.out + run.err
    assert said in run.out + run.err
    assert "Traceback" not in run.err


def test_what_was_attested_is_verified(folder, weighbridge):
    digest = checker.check(folder / "passes").policies[0].sha256
    for example, code in (("passes", 0), ("stopped", 1)):
        weighbridge("attest", example, "--key", "key.pem", "--output", f"{example}.json", cwd=folder)
        run = weighbridge("verify", f"{example}.json", "--key", "key.pub", "--policy-digest", digest, cwd=folder)
        assert run.code == code, run.out + run.err


@pytest.mark.parametrize("command", command_names())
def test_every_command_has_help_with_examples(command, weighbridge):
    run = weighbridge(command, "--help")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith(f"usage: weighbridge {command}")
    assert f"  weighbridge {command}" in run.out.partition("examples:")[2]


@pytest.mark.parametrize("command", CASES)
def test_help_says_all_that_is_told_of_the_command_and_its_codes(command, parsers, weighbridge):
    run = weighbridge(*command.split(), "--help", COLUMNS="80")
    assert " ".join(parsers[command].description.split()) in " ".join(run.out.split())
    told = run.out.partition("\n\n")[2].partition("examples:")[0]
    assert max(map(len, told.splitlines())) <= 80


@pytest.mark.parametrize("command", sorted(set(command_names()) - WITHOUT_CODES_OF_THEIR_OWN))
def test_help_says_what_the_exit_codes_mean(command, weighbridge):
    told = weighbridge(command, "--help").out.partition("positional arguments:")[0]
    assert "xit code" in told or "0: " in told


@pytest.mark.parametrize("command", CASES)
def test_help_says_what_each_option_does(command, parsers, weighbridge):
    run = weighbridge(*command.split(), "--help")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith(f"usage: weighbridge {command} ")
    assert [action.dest for action in parsers[command]._actions if not action.help] == []


@pytest.mark.parametrize("command", CASES)
def test_a_slip_in_an_option_ends_with_two_and_the_nearest_name(command, parsers, weighbridge):
    option = max(parsers[command]._option_string_actions, key=len)
    slip = f"{option[:-2]}{option[-1]}"
    run = weighbridge(*command.split(), slip)
    assert (run.code, run.out) == (2, "")
    if "required: " not in run.err:
        assert run.err.startswith(
            f"weighbridge {command}: error: no option is called `{slip}`; did you mean `{option}`?"
        )
    assert run.err.endswith(f"`weighbridge {command} --help` lists what it takes\n")


@pytest.mark.parametrize("arguments", [("--ignore",), ("--exit",), ("--allow",), ("--exit=1",)])
def test_the_beginning_of_an_option_is_not_the_option(arguments, weighbridge):
    run = weighbridge("check", *arguments)
    assert (run.code, run.out) == (2, "")
    assert f"no option is called `{arguments[0].partition('=')[0]}`" in run.err


def test_what_was_typed_is_shown_without_control_characters(weighbridge):
    run = weighbridge("check", "--\x1b[31mred")
    assert run.code == 2
    assert "\x1b" not in run.err


def test_an_argument_too_many_is_named(weighbridge):
    run = weighbridge("schema", "manifest", "policy")
    assert (run.code, run.err.splitlines()[0]) == (2, "weighbridge schema: error: `policy` is one argument too many")


def test_a_command_that_does_not_exist_is_named_with_the_nearest(weighbridge):
    run = weighbridge("chekc")
    assert run.code == 2
    assert "`chekc` is none of" in run.err
    assert "did you mean `check`?" in run.err
