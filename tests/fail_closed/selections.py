"""`select` over tables that hold no answer, and answers that nothing passes."""

from __future__ import annotations

from tests.fail_closed.case import POLICY, Case

TABLE = "model,license\nQwen/Qwen2.5-7B-Instruct,apache-2.0\n"
SELECT = "select --objective chat --policy policy.yaml"

CASES = (
    Case(
        "select: a table that is not there",
        2,
        "gone.csv: error: there is no such file",
        command=f"{SELECT} --map model=model --models gone.csv",
    ),
    Case(
        "select: an empty table",
        2,
        "t.csv: error: it is empty",
        {"t.csv": ""},
        f"{SELECT} --map model=model --models t.csv",
    ),
    Case(
        "select: a table with a head alone",
        2,
        "no row names a model",
        {"t.csv": "model,license\n"},
        f"{SELECT} --map model=model --models t.csv",
    ),
    Case(
        "select: a table without ids",
        2,
        "no column is called `model`",
        {"t.csv": "licence\nMIT\n"},
        f"{SELECT} --map model=model --models t.csv",
    ),
    Case(
        "select: a table that is no text",
        2,
        "it is no text in UTF-8",
        {"t.csv": b"\xff\xfe\0\0"},
        f"{SELECT} --map model=model --models t.csv",
    ),
    Case(
        "select: a column that is not there",
        2,
        "no column is called `nope`",
        {"t.csv": TABLE},
        f"{SELECT} --map model=model --models t.csv --map nope=license",
    ),
    Case(
        "select: a field that is not there",
        2,
        "expected COLUMN=FIELD with one of",
        {"t.csv": TABLE},
        f"{SELECT} --map model=model --models t.csv --map license=licens",
    ),
    Case(
        "select: a parquet that is none",
        2,
        "it is no Parquet",
        {"t.parquet": "no"},
        f"{SELECT} --map model=model --models t.parquet",
    ),
    Case(
        "select: a line that is no JSON",
        2,
        "line 2 is no JSON",
        {"t.jsonl": '{"model": "Qwen/Qwen3-8B"}\n{"model": \n'},
        f"{SELECT} --map model=model --models t.jsonl",
    ),
    Case(
        "select: a lock edited by hand",
        2,
        "t.lock:1:35: error: `sha256` is",
        {"t.lock": '{"weighbridge_lock": 1, "sha256": "0", "models": []}'},
        f"{SELECT} --models t.lock",
    ),
    Case(
        "select: verdicts into a folder that is not there",
        2,
        "gone/v.csv: error: cannot be written",
        {"t.csv": TABLE},
        f"{SELECT} --map model=model --models t.csv --verdicts gone/v.csv",
    ),
    Case(
        "select: verdicts over the table",
        2,
        "the verdicts would take the place of the table",
        {"t.csv": TABLE},
        f"{SELECT} --map model=model --models t.csv --verdicts t.csv",
    ),
    Case("select: nothing passes", 3, "0 pass", {"policy.yaml": POLICY.replace("[Apache-2.0]", "[]")}, SELECT),
    Case(
        "select: nothing in the table passes",
        3,
        "0 pass",
        {
            "t.csv": TABLE.replace("Qwen/Qwen2.5-7B-Instruct", "CohereLabs/aya-23-8B").replace(
                "apache-2.0", "cc-by-nc-4.0"
            )
        },
        f"{SELECT} --map model=model --models t.csv",
    ),
    Case(
        "select: an objective with a typo",
        2,
        "`models[0].objective` is `chatt`",
        command="select --objective chatt --policy policy.yaml",
    ),
)
