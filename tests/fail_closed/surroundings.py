"""Locks, waivers, clocks and environments that would decide in the policy's place."""

from __future__ import annotations

import json

from checker.facts.locked.lock import digest_of
from tests.fail_closed.case import GATE, MANIFEST, POLICY, QWEN, Case, manifest

UNPINNED = manifest(QWEN, "main")
PROJECT = "waivers: {from: project, approvers: [legal@example.com], max_days: 90}\n" + POLICY
WAIVER = """\
waivers:
  - id: W-1
    rule: revision-pinned
    project: bot
    model: assistant
    kind: migration
    reason: pinned in January
    approver: legal@example.com
    approved_on: 2026-11-01
    expires: 2026-12-31
"""
ON = f"{GATE} --today 2026-11-28"


def lock(text: str | bytes) -> dict[str, str | bytes | None]:
    """A lock beside the manifest."""
    return {"model.lock": text}


def whole(model: str, license_id: str) -> dict[str, str | bytes | None]:
    """A lock that reads well, with one model in it."""
    fact = {"value": license_id, "certainty": "verified", "source": "README.md"}
    entry = {"model": model, "revision": "main", "commit": QWEN, "resolved_at": "2026-11-02T10:00:00Z"}
    entry |= {"resolved_from": "https://huggingface.co", "facts": {"license": fact}, "files": []}
    text = json.dumps({"weighbridge_lock": 1, "sha256": "", "models": [entry]})
    return lock(text.replace('"sha256": ""', f'"sha256": "{digest_of(text, "")}"', 1))


FRESH = {"policy.yaml": POLICY.replace("[Apache-2.0]", "[MIT]") + "  lock-fresh: soft-mandatory\n"}


def waived(old: str = "", new: str = "") -> dict[str, str | bytes | None]:
    """An unpinned model, and its waiver with some words in the place of others."""
    assert old in WAIVER
    return {**UNPINNED, "policy.yaml": PROJECT, "waivers.yaml": WAIVER.replace(old, new, 1)}


CASES = (
    Case("an empty lock", 2, "this is no JSON", lock("")),
    Case("a lock that is no JSON", 2, "this is no JSON", lock('{"weighbridge_lock": 1,')),
    Case("a lock of another tool", 2, "this is no lock of Weighbridge", lock("{}")),
    Case(
        "a lock of a format to come",
        2,
        "newer weighbridge",
        lock('{"weighbridge_lock": 2, "sha256": "0", "models": []}'),
    ),
    *(
        Case(f"lock: {how}", 2, says, lock(text), f"lock {options}")
        for options in ("--offline", "--check", "--from-cache")
        for how, says, text in (
            (f"a lock of another tool, {options}", "is not replaced", '{"name": "x", "lockfileVersion": 3}'),
            (f"a lock of a format to come, {options}", "newer weighbridge", '{"weighbridge_lock": 2}'),
        )
    ),
    Case(
        "a lock edited by hand",
        2,
        "sha256",
        lock('{"weighbridge_lock": 1, "sha256": "' + "0" * 64 + '", "models": []}'),
    ),
    Case("a lock without its digest", 2, "sha256", lock('{"weighbridge_lock": 1, "models": []}')),
    Case("a lock that is a folder", 2, "model.lock is a folder", {"model.lock/readme": ""}),
    Case("a lock in YAML", 2, "this is no JSON", lock("weighbridge_lock: 1\nmodels: []\n")),
    Case("a lock of bytes", 2, "the file is UTF-16", lock(b"\xff\xfe\x00")),
    Case("a lock of another manifest", 1, "model.lock does not hold it", {**whole("acme/other", "mit"), **FRESH}),
    Case(
        "a lock of another manifest where the policy asks for one",
        1,
        "model.lock does not hold this model",
        {
            **whole("acme/other", "mit"),
            "policy.yaml": f"{POLICY}require: lock\n",
            **manifest(f"    revision: {QWEN}\n", ""),
        },
    ),
    Case(
        "a lock that contradicts the catalogue",
        1,
        "found license mit in the lock",
        {**whole("Qwen/Qwen2.5-7B-Instruct", "mit"), **FRESH},
    ),
    Case(
        "a lock's licence in the place of the catalogue's",
        1,
        "found Apache-2.0",
        {**whole("Qwen/Qwen2.5-7B-Instruct", "mit"), **FRESH},
    ),
    Case("a waiver that counts", 0, "waived", waived(), ON),
    Case("a waiver that has expired", 1, "revision-pinned", waived("2026-12-31", "2026-11-27"), ON),
    Case("a waiver without an end", 2, "expires", waived("    expires: 2026-12-31\n", ""), ON),
    Case("a waiver that never ends", 2, "expires", waived("2026-12-31", "never"), ON),
    Case("a waiver for too long", 1, "revision-pinned", waived("2026-12-31", "2036-12-31"), ON),
    Case("a waiver of the future", 1, "revision-pinned", waived("2026-11-01", "2026-11-29"), ON),
    Case("a waiver by nobody", 1, "revision-pinned", waived("legal@example.com", "''"), ON),
    Case("a waiver by somebody else", 1, "revision-pinned", waived("legal@example.com", "me@example.com"), ON),
    Case("a waiver of another project", 1, "revision-pinned", waived("project: bot", "project: bots"), ON),
    Case("a waiver of another model", 1, "revision-pinned", waived("model: assistant", "model: writer"), ON),
    Case(
        "a waiver of every model",
        2,
        "the key `model` is missing in waivers[0]",
        waived("    model: assistant\n", ""),
        ON,
    ),
    Case("a waiver with a wildcard", 1, "revision-pinned", waived("model: assistant", "model: '*'"), ON),
    Case(
        "a waiver of a rule with a typo",
        1,
        "revision-pinned",
        waived("rule: revision-pinned", "rule: revision-pined"),
        ON,
    ),
    Case(
        "a waiver of what no waiver covers",
        1,
        "license-allowed",
        {**waived("revision-pinned", "license-allowed"), "policy.yaml": PROJECT.replace("[Apache-2.0]", "[MIT]")},
        ON,
    ),
    Case("a waiver file with a typo", 2, "the key `waivers` is missing", waived("waivers:", "waiver:"), ON),
    Case(
        "an empty file of waivers",
        2,
        "waivers.yaml:1:1: error: the file is empty",
        {**waived(), "waivers.yaml": ""},
        ON,
    ),
    Case("waivers that the policy does not admit", 1, "revision-pinned", {**waived(), "policy.yaml": POLICY}, ON),
    Case("waivers that are left aside", 1, "relaxed: --ignore-waivers", waived(), f"{ON} --ignore-waivers"),
    Case("a clock of 1970", 0, "relaxed: --today 1970-01-01", command=f"{GATE} --today 1970-01-01"),
    Case("a waiver under a clock of 1970", 1, "revision-pinned", waived(), f"{GATE} --today 1970-01-01"),
    Case("a waiver under a clock of 2100", 1, "revision-pinned", waived(), f"{GATE} --today 2100-01-01"),
    Case("a day that is none", 2, "is no day", command=f"{GATE} --today 2026-02-30"),
    Case("an empty day", 2, "is no day", command=f"{GATE} --today="),
    Case("report only keeps bad input", 2, "empty", {"model.yaml": ""}, f"{GATE} --exit-zero"),
    Case(
        "report only keeps what is unknown",
        3,
        "license-known",
        manifest("Qwen/Qwen2.5", "acme/Qwen2.5"),
        f"{GATE} --exit-zero",
    ),
    Case("report only says so", 0, "relaxed: --exit-zero", UNPINNED, f"{ON} --exit-zero"),
    Case("an output of no known format", 2, "is no format", command=f"{GATE} --output jsn"),
    Case(
        "an output into a folder that is not there",
        2,
        "r.json: error: cannot be written",
        command=f"{GATE} --output json=gone/r.json",
    ),
    Case(
        "an output in the place of a folder",
        2,
        "here: error: cannot be written",
        {"here/readme": ""},
        f"{GATE} --output json=here",
    ),
    Case("two outputs into one file", 2, "two outputs", command=f"{GATE} --output json=r --output sarif=r"),
    Case("an output that never changes the code", 1, "revision-pinned", UNPINNED, f"{ON} --json"),
    Case(
        "rubbish in the variables",
        1,
        "revision-pinned",
        UNPINNED,
        ON,
        {
            "COLUMNS": "many",
            "NO_COLOR": "\u2603",
            "GITHUB_ACTIONS": "perhaps",
            "LC_ALL": "C",
            "TZ": "Nowhere/None",
            "HF_ENDPOINT": "::",
        },
    ),
    Case(
        "rubbish in the variables of the network, which no check asks",
        0,
        "nothing blocks",
        environment={
            "HTTPS_PROXY": "foo://x",
            "ALL_PROXY": "http://a..b:1",
            "SSL_CERT_FILE": "nowhere",
            "HF_HOME": "/dev/null",
            "HF_TOKEN": "\u2603",
            "HF_HUB_ETAG_TIMEOUT": "soon",
            "HF_OIDC_RESOURCE": "x",
        },
    ),
    Case(
        "the network denied",
        0,
        "nothing blocks",
        environment={"HTTPS_PROXY": "http://127.0.0.1:9", "HF_ENDPOINT": "http://127.0.0.1:9"},
    ),
    Case("a number of processes that is none", 2, "is no number", command=f"{GATE} --jobs 0"),
    Case("a level to fail on with a typo", 2, "hard-mandatory", command=f"{GATE} --fail-on hard"),
    Case(
        "advice that was asked to stop",
        1,
        "checklist-complete",
        {"policy.yaml": POLICY + "  checklist-complete: advisory\n", "model.yaml": MANIFEST},
        f"{ON} --fail-on advisory",
    ),
)
