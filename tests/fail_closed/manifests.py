"""Manifests that would not be judged, or would be judged kinder than what they are about."""

from __future__ import annotations

from tests.fail_closed.case import GATE, MANIFEST, POLICY, QWEN, Case, added, manifest, policy, ruled

LICENCE = ("license-known", "license-allowed")
NON_COMMERCIAL = MANIFEST.replace("Qwen/Qwen2.5-7B-Instruct", "CohereLabs/aya-23-8B").replace(
    f"    revision: {QWEN}\n", ""
)
_IN_BRACES = "{weighbridge: 1, owner: team, models: [{model: CohereLabs/aya-23-8B, objective: chat}]}"
ALL = "check --policy policy.yaml"


def whole(text: str | bytes) -> dict[str, str | bytes | None]:
    """A whole manifest."""
    return {"model.yaml": text}


def beside(name: str, text: str | None = NON_COMMERCIAL) -> dict[str, str | bytes | None]:
    """A manifest that must not pass under another name, and none under ours."""
    return {"model.yaml": None, name: text}


CASES = (
    Case("no file of that name", 2, "no such file", {"model.yaml": None}),
    Case("nothing in the folder", 2, "no-input", {"model.yaml": None}, ALL),
    Case("an empty name", 2, "a path is empty", command="check '' --policy policy.yaml"),
    Case("an empty file", 2, "empty", whole("")),
    Case("an empty file in a walk", 2, "no-input", whole(""), ALL),
    Case("comments alone", 2, "empty", whole("# weighbridge: 1\n# models: []\n")),
    Case(
        "comments alone in a walk", 2, "no-input", whole("".join(f"# {line}\n" for line in MANIFEST.splitlines())), ALL
    ),
    Case("no models", 2, "models", whole("weighbridge: 1\nowner: team\nmodels: []\n")),
    Case("models without a value", 2, "models", whole("weighbridge: 1\nowner: team\nmodels:\n")),
    Case("models left out", 2, "models", whole("weighbridge: 1\nowner: team\n")),
    Case("models with a typo", 2, "did you mean", manifest("models:", "model:")),
    Case("models that are one", 2, "models", manifest("  - name", "    name")),
    Case("a model that is null", 2, "models", whole("weighbridge: 1\nowner: team\nmodels: [null]\n")),
    Case(
        "an entry without a model",
        2,
        "the key `model` is missing in models[0]",
        manifest("    model: Qwen/Qwen2.5-7B-Instruct\n", ""),
    ),
    Case(
        "a model without a value",
        2,
        "`models[0].model` has no value",
        manifest("model: Qwen/Qwen2.5-7B-Instruct", "model:"),
    ),
    Case("an empty model", 2, "`models[0].model` is", manifest("model: Qwen/Qwen2.5-7B-Instruct", "model: ''")),
    Case("a head with a typo", 2, "the key `weighbridge` is missing", manifest("weighbridge:", "weighbrige:")),
    Case(
        "a head with a typo in a walk",
        2,
        "the key `weighbridge` is missing",
        manifest("weighbridge:", "weighbrige:"),
        ALL,
    ),
    Case(
        "a head in capitals in a walk",
        2,
        "the key `weighbridge` is missing",
        manifest("weighbridge:", "Weighbridge:"),
        ALL,
    ),
    Case(
        "a head in quotes in a walk",
        1,
        "license-allowed",
        {"model.yaml": NON_COMMERCIAL.replace("weighbridge:", '"weighbridge":')},
        ALL,
    ),
    Case(
        "a head behind a space in a walk",
        1,
        "license-allowed",
        {"model.yaml": NON_COMMERCIAL.replace("weighbridge:", "weighbridge :")},
        ALL,
    ),
    Case("a head behind a mark", 1, "license-allowed", whole(b"\xef\xbb\xbf" + NON_COMMERCIAL.encode()), ALL),
    Case(
        "line ends of another system", 1, "license-allowed", whole(NON_COMMERCIAL.replace("\n", "\r\n").encode()), ALL
    ),
    Case(
        "a flow mapping in a walk",
        1,
        "license-allowed",
        whole("{weighbridge: 1, owner: t, models: [{model: CohereLabs/aya-23-8B, objective: chat}]}\n"),
        ALL,
    ),
    Case(
        "an indented head in a walk",
        1,
        "license-allowed",
        whole("".join(f"  {line}\n" for line in NON_COMMERCIAL.splitlines())),
        ALL,
    ),
    Case("a format to come", 2, "newer weighbridge", manifest("weighbridge: 1", "weighbridge: 2")),
    Case("a format that is text", 2, "`weighbridge` is `one`", manifest("weighbridge: 1", "weighbridge: one")),
    Case("a format below one", 2, "`weighbridge` is `0`", manifest("weighbridge: 1", "weighbridge: 0")),
    Case("another extension", 1, "license-allowed", beside("model.yml"), ALL),
    Case("our own name", 1, "license-allowed", beside("weighbridge.yaml"), ALL),
    Case("a name with ours in it", 1, "license-allowed", beside("bot.weighbridge.yaml"), ALL),
    Case("a sub-folder", 1, "license-allowed", beside("services/bot/model.yaml"), ALL),
    Case("a sub-folder beside a good one", 1, "license-allowed", {"services/bot/model.yaml": NON_COMMERCIAL}, ALL),
    Case("a name that we do not read", 2, "no-input", beside("model.json"), ALL),
    Case("a name in capitals", 1, "license-allowed", beside("MODEL.YAML"), ALL),
    Case("a plural name", 2, "no-input", beside("models.yaml"), ALL),
    Case("a dot folder", 2, "no-input", beside(".github/model.yaml"), ALL),
    Case(
        "a good file beside a broken one",
        2,
        "b/model.yaml:3:1: error: the end of the file",
        {"b/model.yaml": "weighbridge: 1\nmodels: [\n"},
        ALL,
    ),
    Case("half a file", 2, "the key `model` is missing", whole(MANIFEST[:60])),
    Case("bytes that are no UTF-8", 2, "UTF-8", whole(MANIFEST.encode("utf-16"))),
    Case("a key given twice", 2, "second time", manifest("owner: team", "owner: team\nowner: other")),
    Case("models given twice", 2, "second time", whole(MANIFEST + "models: []\n")),
    Case("two documents", 2, "document", whole(MANIFEST + "---\n" + NON_COMMERCIAL)),
    Case("an anchor", 2, "anchor", manifest("owner: team", "owner: &o team")),
    Case(
        "two entries of one name",
        2,
        "assistant",
        whole(MANIFEST + "  - {name: assistant, model: Qwen/Qwen3-8B, objective: chat}\n"),
    ),
    Case("a folder for a manifest", 2, "no-input", {"model.yaml": None, "model.yaml/readme": ""}, GATE),
    Case("an unknown model", 3, "license-known", manifest("Qwen/Qwen2.5-7B-Instruct", "acme/unheard-of")),
    Case(
        "an unknown model with a licence",
        3,
        "license-allowed",
        manifest("Qwen/Qwen2.5-7B-Instruct", "acme/unheard-of\n    license: Apache-2.0"),
    ),
    Case(
        "the id of a known model in other letters",
        3,
        "license-known",
        manifest("Qwen/Qwen2.5-7B-Instruct", "QWEN/qwen2.5-7b-lnstruct"),
    ),
    Case(
        "an id with a space behind",
        2,
        "models[0].model",
        manifest("Qwen/Qwen2.5-7B-Instruct", "'Qwen/Qwen2.5-7B-Instruct '"),
    ),
    Case(
        "a letter that looks alike",
        2,
        "models[0].model",
        manifest("Qwen/Qwen2.5-7B-Instruct", "Qwеn/Qwen2.5-7B-Instruct"),
    ),
    Case(
        "a model beside it that is refused",
        1,
        "writer",
        whole(MANIFEST + "  - {name: writer, model: CohereLabs/aya-23-8B, objective: chat}\n"),
    ),
    Case("a model behind an API", 3, "license", added("access: api\nprovider: acme\nterms: https://example.com/terms")),
    Case(
        "the licence as the project believes it",
        1,
        "license-allowed",
        {"model.yaml": NON_COMMERCIAL + "    license: Apache-2.0\n"},
    ),
    Case(
        "a licence that the project claims",
        3,
        "license-known",
        {
            "model.yaml": MANIFEST.replace("Qwen/Qwen2.5-7B-Instruct", "acme/unheard-of")
            + "    known: {license: {value: Apache-2.0, evidence: https://example.com}}\n"
        },
    ),
    Case(
        "a claim against a fact",
        1,
        "license-allowed",
        {"model.yaml": NON_COMMERCIAL + "    known: {license: {value: Apache-2.0, evidence: https://example.com}}\n"},
    ),
    Case("a claim without a value", 2, "value", added("known: {native_context: {evidence: https://example.com}}")),
    Case("a claim about nothing", 2, "known", added("known: {licence: {value: MIT, evidence: https://example.com}}")),
    Case(
        "a licence that nobody states",
        3,
        "the folder has no README.md",
        {**manifest(f"Qwen/Qwen2.5-7B-Instruct\n    revision: {QWEN}", "./local"), "local/config.json": "{}"},
    ),
    Case("a licence of a list", 2, "license", added("license: [Apache-2.0, MIT]")),
    Case("a licence of a mapping", 2, "license", added("license: {name: Apache-2.0}")),
    Case(
        "a licence `other`",
        1,
        "license-declared",
        {**added("license: other"), **ruled("license-declared: soft-mandatory")},
    ),
    Case("a branch for a revision", 1, "revision-pinned", manifest(QWEN, "main")),
    Case("a revision of 39 digits", 1, "revision-pinned", manifest(QWEN, QWEN[:-1])),
    Case("a revision of zeros", 0, "recorded at", manifest(QWEN, "0" * 40)),
    Case("a revision in capitals", 1, "revision-pinned", manifest(QWEN, "main".upper())),
    Case("no revision and no lock", 1, "revision-pinned", manifest(f"    revision: {QWEN}\n", "")),
    Case("an objective with a typo", 2, "chat", manifest("objective: chat", "objective: chatt")),
    Case("an objective left out", 2, "objective", manifest("    objective: chat\n", "")),
    Case("an objective without a task", 2, "task", manifest("objective: chat", "objective: other")),
    Case(
        "retired, and judged", 1, "license-allowed", whole(NON_COMMERCIAL.replace("owner:", "status: retired\nowner:"))
    ),
    Case("a status with a typo", 2, "status", manifest("owner:", "status: retird\nowner:")),
    Case("a purpose with a typo", 2, "commercial", manifest("owner:", "use: {purpose: comercial}\nowner:")),
    Case(
        "users below nothing", 2, "monthly_active_users", manifest("owner:", "use: {monthly_active_users: -1}\nowner:")
    ),
    Case("users as words", 2, "monthly_active_users", manifest("owner:", "use: {monthly_active_users: few}\nowner:")),
    Case(
        "weights of another model", 1, "license-allowed", added("deployment: {weights: {model: CohereLabs/aya-23-8B}}")
    ),
    Case(
        "a parent that is refused",
        1,
        "license-lineage",
        {
            "model.yaml": MANIFEST.replace("Qwen/Qwen2.5-7B-Instruct", "acme/ours").replace(
                f"    revision: {QWEN}\n", ""
            )
            + "    derived_from: [CohereLabs/aya-23-8B]\n",
            **policy("license-known: hard-mandatory", "license-lineage: hard-mandatory"),
        },
    ),
    Case("a GPU with a typo", 2, "did you mean", added("deployment: {context_window: 4096, hardware: {gpu: L44}}")),
    Case("no GPU at all", 2, "count", added("deployment: {context_window: 4096, hardware: {gpu: L4, count: 0}}")),
    Case("a context of nothing", 2, "context_window", added("deployment: {context_window: 0, hardware: {gpu: L4}}")),
    Case(
        "a context beyond the model's",
        1,
        "context-window",
        {
            **added("deployment: {context_window: 1048576, hardware: {gpu: L4}}"),
            **ruled("context-window: soft-mandatory"),
        },
    ),
    Case("memory without a unit", 2, "vram", added("deployment: {context_window: 4096, hardware: {vram: 24}}")),
    Case(
        "a baseline that is not there",
        1,
        "evals/baseline.json",
        {
            **added("baseline: evals/baseline.json\nfine_tuning: {goal: tone, method: lora, sequence_length: 512}"),
            **ruled("baseline-recorded: soft-mandatory"),
        },
    ),
    Case(
        "a baseline outside",
        2,
        "baseline",
        {**added("baseline: ../../baseline.json"), **ruled("baseline-recorded: soft-mandatory")},
    ),
    Case("a local model among git's own files", 2, ".Git/x", manifest("Qwen/Qwen2.5-7B-Instruct", "./a/.Git/x")),
    Case(
        "a local model outside",
        2,
        "leads out of the manifest's folder",
        manifest("Qwen/Qwen2.5-7B-Instruct", "./../../models/x"),
    ),
    Case(
        "a local model that is not there",
        2,
        "there is no folder ./models/x",
        manifest("Qwen/Qwen2.5-7B-Instruct", "./models/x"),
    ),
    Case("the empty file on standard input", 2, "empty", command="check - --policy policy.yaml"),
    Case(
        "a refused one on standard input",
        1,
        "license-allowed",
        command="check - --policy policy.yaml",
        stdin=NON_COMMERCIAL,
    ),
    Case(
        "a foreign file among those given",
        0,
        "nothing was checked",
        {"model.yaml": "apiVersion: v1\n"},
        "check --discovered model.yaml --policy policy.yaml",
    ),
    Case(
        "a file in the folder that no run may skip",
        2,
        "a tab in the indentation",
        {"model.yaml": "weighbridge: 1\n\tmodels:\n"},
        ALL,
    ),
    *(
        Case(f"one that blocks beside one that passes, {how}", 1, "license-allowed", {"a/model.yaml": text}, ALL)
        for how, text in (
            ("on the line that begins the document", "--- " + _IN_BRACES),
            (
                "in braces, its number last",
                _IN_BRACES.replace("{weighbridge: 1, ", "{").replace("]}", "],\n weighbridge: 1}"),
            ),
            ("its number behind a question mark", NON_COMMERCIAL.replace("weighbridge: 1", "? weighbridge\n: 1")),
        )
    ),
    *(
        Case(
            f"one that cannot be read beside one that passes, in {wide}",
            2,
            f"a/model.yaml:{says}",
            {"a/model.yaml": NON_COMMERCIAL.encode(wide)},
            ALL,
        )
        for wide, says in (
            ("utf-16-le", "1:2: error: a NUL character"),
            ("utf-16-be", "1:1: error: a NUL character"),
            ("utf-32", " error: the file is UTF-32"),
            ("utf-32-be", "1:1: error: a NUL character"),
        )
    ),
    *(
        Case(
            f"one that spells its key {how}, beside one that passes",
            1,
            "license-allowed",
            {"a/model.yaml": NON_COMMERCIAL.replace("weighbridge: 1", key)},
            ALL,
        )
        for how, key in (
            ("with an escape", '"weigh\\x62ridge": 1'),
            ("over two lines", '? "weigh\\\n  bridge"\n: 1'),
        )
    ),
    Case(
        "one whose model has a name that no system has, beside one that fails",
        2,
        "(file name too long)",
        {
            "a/model.yaml": MANIFEST.replace("Qwen/Qwen2.5-7B-Instruct", f"./{'a' * 300}"),
            "b/model.yaml": NON_COMMERCIAL,
        },
        ALL,
    ),
    Case(
        "one beside a file of a virtual environment",
        1,
        "license-allowed",
        {"a/model.yaml": NON_COMMERCIAL, "a/pyvenv.cfg": ""},
        ALL,
    ),
    Case(
        "other rules than asked",
        1,
        "license-allowed",
        {**whole(NON_COMMERCIAL), "policy.yaml": POLICY},
        "check model.yaml --policy policy.yaml --fail-on hard-mandatory",
    ),
)
