"""Commands beside `check` that could say yes to what they have not looked at."""

from __future__ import annotations

from tests.fail_closed.case import BAD, BLOCK, DIGEST, FOLDER, MANIFEST, POLICY, QWEN, Case, manifest

AUDIT = "audit . --policy policy.yaml"
LONG = "a" * 300


POLICIED = (
    *("audit .", "bom --format spdx-2.3", "check", "init --print --no-input --objective chat"),
    *("explain", "explain license-allowed", "explain custom-rules", "explain mit --json", "license unused"),
    *("lock --offline", "lock --from-cache", "lock --offline --for-organisation Qwen/Qwen2.5-7B-Instruct -o o.lock"),
    *("policy show", "policy check policy.yaml", "scan", "select --objective chat", "waiver list", "waiver prune"),
)
"""Commands that take a policy, whether or not they judge."""
ALL_OFF = "policy: acme\nversion: 1\nrules: {license-known: off}\n"

CASES = (
    *(
        Case(f"{command}: a policy that is {what}", 2, says, {"off.yaml": ALL_OFF}, f"{command} --policy={named}")
        for command in POLICIED
        for what, named, says in (
            ("not there", "gone.yaml", "gone.yaml: error: there is no such file"),
            ("empty", "", "--policy: error: no policy is named"),
            ("all off", "off.yaml", "every rule is off"),
        )
    ),
    *(
        Case(f"{command}: {how}", 2, "the batch is empty", {"asked.jsonl": text}, f"{command} --batch asked.jsonl")
        for command in ("fit", "classify")
        for how, text in (("an empty batch", ""), ("a batch of blank lines", " \n\n"))
    ),
    *(
        Case(f"license check: {how}", 2, words, {"asked.csv": text}, "license check --batch asked.csv")
        for how, words, text in (
            ("an empty batch", "no column `base_licenses`", ""),
            ("a batch of a header alone", "the batch is empty", "base_licenses\n\n"),
            ("a column of licences that stands twice", "two columns", "base_licenses,base_licenses\ngpl-3.0,mit\n"),
        )
    ),
    Case("fit: nothing on standard input", 2, "the batch is empty", command="fit --batch -"),
    *(
        Case(f"{command}: a name that no system has", 2, "(file name too long)", command=command.replace("LONG", LONG))
        for command in (
            *(
                "check LONG",
                "check --output json=LONG",
                "audit LONG",
                "scan LONG",
                "select LONG",
                "lock LONG --offline",
            ),
            *("bom LONG --format spdx-2.3", "get a.model LONG", "fit LONG", "fit Qwen/Qwen3-8B --gpu L4 --plot LONG"),
            *(
                "classify LONG",
                "calibrate LONG",
                "policy test LONG",
                "policy impact --to policy.yaml --from HEAD:LONG .",
            ),
            *("baseline show LONG", "baseline plan LONG", "baseline compare LONG model.yaml", "license identify LONG"),
            *("license notices LONG", "hardware L4 --write LONG", "init LONG --objective chat --no-input"),
        )
    ),
    *(
        Case(
            f"init: {what} of thousands of digits",
            2,
            words,
            {"model.yaml": None},
            f"init {option} {'9' * 5000} --no-input",
        )
        for what, words, option in (
            ("a count", "no count", "--objective chat --gpu L4 --count"),
            ("an answer", "--objective: error: `999", "--objective"),
        )
    ),
    *(
        Case(f"{command} of nobody's home", 2, "the home of nobody", command=f"{command} ~nobody-here/x")
        for command in ("classify", "fit", "calibrate")
    ),
    Case("audit: an empty folder", 2, "the folder is empty", {"nothing": FOLDER}, "audit nothing --policy policy.yaml"),
    Case(
        "audit: a root that is not there",
        2,
        "gone: error: there is no such folder",
        command="audit gone --policy policy.yaml",
    ),
    Case(
        "audit: a root that is not there beside one that is",
        2,
        "gone: error: there is no such folder",
        command="audit . gone --policy policy.yaml",
    ),
    Case("audit: an empty root", 2, "a path is empty", command="audit '' --policy policy.yaml"),
    Case(
        "audit: a file for a root",
        2,
        "model.yaml: error: there is no such folder",
        command="audit model.yaml --policy policy.yaml",
    ),
    Case("audit: one project that blocks", 1, "license-allowed", {"a/model.yaml": BAD}, AUDIT),
    Case(
        "audit: one project that cannot be read",
        2,
        "a/model.yaml:3:1: the end of the file where a value belongs",
        {"a/model.yaml": "weighbridge: 1\nmodels: [\n"},
        AUDIT,
    ),
    Case(
        "audit: one model that nobody knows",
        3,
        "license-known",
        {"a/model.yaml": MANIFEST.replace("Qwen/", "acme/")},
        AUDIT,
    ),
    Case(
        "audit: a project without models",
        2,
        "models",
        {"a/model.yaml": "weighbridge: 1\nowner: t\nmodels: []\n"},
        AUDIT,
    ),
    Case(
        "audit: a policy that is not there",
        2,
        "gone.yaml: error: there is no such file",
        command="audit . --policy gone.yaml",
    ),
    Case("audit: another policy than required", 2, "sha256", command=f"{AUDIT} --require-policy {DIGEST}"),
    Case(
        "audit: report only keeps what cannot be read",
        2,
        "a/model.yaml:3:1: the end of the file where a value belongs",
        {"a/model.yaml": "weighbridge: 1\nmodels: [\n"},
        f"{AUDIT} --exit-zero",
    ),
    Case(
        "audit: report only keeps what is unknown",
        3,
        "license-known",
        {"a/model.yaml": MANIFEST.replace("Qwen/", "acme/")},
        f"{AUDIT} --exit-zero",
    ),
    Case(
        "audit: a store that holds what nobody kept",
        1,
        "license-allowed",
        {**BLOCK, ".store/aa/x.json": "{}"},
        f"{AUDIT} --store .store",
    ),
    Case(
        "audit: a file for the store",
        2,
        ".store: error: no folder for results",
        {".store": ""},
        f"{AUDIT} --store .store",
    ),
    Case(
        "audit: an output into a file that is there",
        2,
        "model.yaml: error: no folder can be made here",
        command=f"{AUDIT} --output csv=model.yaml",
    ),
    Case(
        "audit: journals that are not there",
        2,
        "journal",
        command="audit . --records evidence --period 2026-07-01..2026-09-30",
    ),
    Case(
        "audit: a period that ends before it begins",
        2,
        "is no period",
        command="audit . --records . --period 2026-09-30..2026-07-01",
    ),
    Case(
        "audit: a layer that loosens",
        2,
        "license-known",
        {"weighbridge-policy.yaml": "rules: {license-known: off}\n"},
        AUDIT,
    ),
    Case(
        "scan: a folder that is not there",
        2,
        "gone: error: there is no such file or folder",
        command="scan gone --policy policy.yaml",
    ),
    Case(
        "scan: a model that is not declared",
        1,
        "models-declared",
        {"bot.py": 'from transformers import pipeline\npipeline("text-generation", model="CohereLabs/aya-23-8B")\n'},
        "scan . --policy weighbridge:enterprise",
    ),
    Case(
        "scan: code that cannot be read",
        3,
        "`code` is missing: bot.py: Python cannot parse it",
        {"bot.py": "def (:\n    from_pretrained('CohereLabs/aya-23-8B')\n"},
        "scan . --policy weighbridge:enterprise",
    ),
    Case(
        "scan: a command whose quote does not close",
        3,
        "`code` is missing: vllm serve 'CohereLabs/aya-23-8B",
        {"run.sh": "vllm serve 'CohereLabs/aya-23-8B\n"},
        "scan . --policy weighbridge:enterprise",
    ),
    Case(
        "scan: a file that is too large to be read",
        3,
        "`code` is missing: bot.py: the file is larger than 1 MiB",
        {"bot.py": "AutoModel.from_pretrained('CohereLabs/aya-23-8B')\n" + "#" * (1 << 20)},
        "scan . --policy weighbridge:enterprise",
    ),
    Case(
        "scan: a damaged notebook",
        3,
        "`code` is missing: bot.ipynb: no JSON",
        {"bot.ipynb": '{"cells": ['},
        "scan . --policy weighbridge:enterprise",
    ),
    Case(
        "audit: code that cannot be read, and no manifest",
        3,
        "bot.py: Python cannot parse it",
        {"new/.git": FOLDER, "new/bot.py": "def (:\n    from_pretrained('CohereLabs/aya-23-8B')\n"},
        "audit new --policy weighbridge:enterprise",
    ),
    Case(
        "scan: a manifest that cannot be read",
        2,
        "model.yaml:3:1: error: the end of the file where a value belongs",
        {"model.yaml": "weighbridge: 1\nmodels: [\n"},
        "scan . --policy policy.yaml",
    ),
    Case("scan: a manifest that blocks", 1, "license-allowed", BLOCK, "scan . --policy policy.yaml"),
    Case(
        "scan: another policy than required",
        2,
        "sha256",
        command=f"scan . --policy policy.yaml --require-policy {DIGEST}",
    ),
    Case(
        "scan: everything left out is said",
        1,
        "relaxed: --exclude *.py: not read",
        {"bot.py": 'AutoModel.from_pretrained("CohereLabs/aya-23-8B")\n', **BLOCK},
        "scan . --policy policy.yaml --exclude '*.py'",
    ),
    Case("scan: an empty folder", 2, "no file to read", {"here": FOLDER}, "scan here --policy policy.yaml"),
    Case(
        "scan: files that nobody reads",
        2,
        "none of its files is read (2 in all)",
        {"a/b.js": "", "a/c.csv": ""},
        "scan a",
    ),
    Case("scan: a file that nobody reads", 2, "no reader takes this file", {"b.js": "x"}, "scan b.js"),
    Case("scan: everything left out", 2, "--exclude leaves out *", command="scan . --policy policy.yaml --exclude '*'"),
    Case(
        "baseline: a file that is not there",
        2,
        "gone.json: error: there is no such file",
        command="baseline show gone.json",
    ),
    Case(
        "baseline: an empty file", 2, "b.json:1:1: error: the file is no JSON", {"b.json": ""}, "baseline show b.json"
    ),
    Case("baseline: no results in it", 2, "`results` is empty", {"b.json": '{"results": {}}'}, "baseline show b.json"),
    Case(
        "baseline: results that are no numbers",
        2,
        "`results.mmlu.acc,none` is NaN",
        {"b.json": '{"results": {"mmlu": {"acc,none": NaN}}}'},
        "baseline show b.json",
    ),
    Case(
        "record: a file for the folder",
        2,
        "j: error: the run cannot be recorded",
        {"j": ""},
        "check model.yaml --policy policy.yaml --record j",
    ),
    Case(
        "record: a run that blocks is recorded, and blocks",
        1,
        "license-allowed",
        BLOCK,
        "check model.yaml --policy policy.yaml --record j",
    ),
    Case(
        "fix: what it cannot fix blocks still",
        1,
        "license-allowed",
        BLOCK,
        "check model.yaml --policy policy.yaml --fix",
    ),
    Case(
        "fix: as a patch, the code is that of the file as it is",
        1,
        "as it is",
        BLOCK,
        "check model.yaml --policy policy.yaml --fix --diff",
    ),
    Case(
        "fix: a manifest that cannot be read",
        2,
        "model.yaml:3:1: error: the end of the file where a value belongs",
        {"model.yaml": "weighbridge: 1\nmodels: [\n"},
        "check model.yaml --policy policy.yaml --fix",
    ),
    Case("fix: nothing to fix", 2, "no-input", {"model.yaml": None}, "check --policy policy.yaml --fix"),
    Case(
        "fix: never a licence out of the allow list",
        1,
        "license-allowed",
        {"model.yaml": BAD + "    license: Apache-2.0\n"},
        "check model.yaml --policy policy.yaml --fix",
    ),
    Case("since: no repository", 2, "git", command="check model.yaml --policy policy.yaml --since main"),
    Case(
        "write-waivers: none counts",
        1,
        "license-allowed",
        {"model.yaml": BAD, "policy.yaml": "waivers: {from: project, approvers: [l@example.com]}\n" + POLICY},
        "check model.yaml --policy policy.yaml --write-waivers",
    ),
    Case("lock: no manifest", 2, "no manifest was found", {"model.yaml": None}, "lock --offline"),
    Case(
        "lock: a model that the catalogue lacks",
        3,
        "acme/",
        {"model.yaml": MANIFEST.replace("Qwen/", "acme/")},
        "lock --offline model.yaml",
    ),
    Case("lock: drift by the catalogue", 2, "--check asks the Hub", command="lock --offline --check model.yaml"),
    Case(
        "lock: a folder of files that is not there",
        3,
        "gone: there is no such folder",
        command="lock --from-dir gone model.yaml",
    ),
    Case(
        "lock: a mistyped model to upgrade",
        2,
        "no manifest names Qwen/Qwen2.5-7B-Instrukt",
        command="lock --offline --upgrade Qwen/Qwen2.5-7B-Instrukt model.yaml",
    ),
    Case("get: a model that is not there", 2, "no model is called `writer`", command="get writer.revision"),
    Case(
        "get: a key that is not pinned",
        2,
        "no commit is pinned for `assistant`",
        manifest(f"    revision: {QWEN}\n", ""),
        "get assistant.revision",
    ),
    Case("fit: an unknown model", 3, "`acme/x` is not in the catalogue", command="fit acme/x --gpu L4"),
    Case(
        "fit: an unknown GPU",
        2,
        "`L44` is no GPU of the list",
        command="fit Qwen/Qwen2.5-7B-Instruct --gpu L44 --serve --context-window 4096",
    ),
    Case(
        "license identify: a text that is none",
        3,
        "no licence that we know has such a text",
        {"l.txt": "hello"},
        "license identify l.txt",
    ),
    Case(
        "license identify: a folder that is not there",
        2,
        "gone: error: there is no such",
        command="license identify gone",
    ),
    Case("license identify: an empty folder", 2, "no licence file", {"d/x/y.py": ""}, "license identify d"),
    Case(
        "bom: a manifest that is not there",
        2,
        "model.yaml: error: there is no such file",
        {"model.yaml": None},
        "bom model.yaml --format cyclonedx-1.6",
    ),
    Case(
        "waiver list: a file that cannot be read",
        2,
        "waivers.yaml:2:1: error: the end of the file where a value belongs",
        {
            "policy.yaml": "waivers: {from: project, approvers: [l@example.com]}\n" + POLICY,
            "waivers.yaml": "waivers: [\n",
        },
        "waiver list --policy policy.yaml",
    ),
    Case(
        "waiver prune: a file that cannot be read",
        2,
        "waivers.yaml:2:1: error: the end of the file where a value belongs",
        {
            "policy.yaml": "waivers: {from: project, approvers: [l@example.com]}\n" + POLICY,
            "waivers.yaml": "waivers: [\n",
        },
        "waiver prune --policy policy.yaml",
    ),
    Case(
        "init: a manifest that is there",
        2,
        "model.yaml: error: it is there already",
        command="init --no-input --objective chat",
    ),
    Case("classify: an unknown model", 3, "acme/x is not in the catalogue", command="classify acme/x"),
    Case("explain: a rule with a typo", 2, "license-known", command="explain license-knwn"),
    Case("no command", 2, "usage", command=""),
    Case("a command with a typo", 2, "check", command="chek model.yaml"),
    Case("an option with a typo", 2, "no option is called `--polcy`", command="check model.yaml --polcy policy.yaml"),
)
