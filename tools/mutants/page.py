"""The tables of docs/mutation.md, out of the records in tests/mutation/."""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RECORDS = ROOT / "tests" / "mutation"
PAGE = ROOT / "docs" / "mutation.md"
BEGIN, END = (
    "<!-- records: begin (`python3 dev.py mutants` writes this block, and a test compares it) -->",
    "<!-- records: end -->",
)
LOGIC = (
    *("AugAssign", "BinaryOperation", "BooleanOperation", "ComparisonTarget", "UnaryOperation"),
    *("Float", "IfExp", "Imaginary", "In", "Integer", "Is", "IsNot", "Match", "Name", "NotIn", "Break", "Continue"),
)
KINDS = {
    "conditions, operators and numbers": LOGIC,
    "values that are assigned": ("Assign", "AnnAssign", "Lambda"),
    "arguments of calls": ("Call",),
    "words": ("SimpleString",),
}


COUNTS = ("existing", "drawn", "pending", "killed", "timeout", "survived", "unreached", "equivalent")


def tables() -> str:
    """All of them, as Markdown."""
    records = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(RECORDS.glob("*.json"))]
    titles = (
        "mutants",
        "drawn",
        "not judged yet",
        "killed",
        "too long",
        "survived",
        "unreached",
        "equivalent",
        "noticed",
    )
    head = f"| package | {' | '.join(titles)} |\n"
    by_kind = f"| package | {' | '.join(KINDS)} |\n"
    parts = (
        f"{head}|---|{'---:|' * 9}\n{''.join(map(_row, records))}",
        "Noticed, of those judged that are not equivalent, by what was changed:\n",
        f"{by_kind}|---|{'---:|' * len(KINDS)}\n{''.join(map(_by_kind, records))}",
        "".join(f"- `{record['package']}`, seed {record['seed']}: {_runs(record)}\n" for record in records),
    )
    return "\n".join(parts)


def _row(record) -> str:
    cells = [f"`{record['package']}/`", *(str(record[name]) for name in COUNTS), f"{record['noticed_percent']} %"]
    return f"| {' | '.join(cells)} |\n"


def _by_kind(record) -> str:
    cells = []
    for kinds in KINDS.values():
        found = [record["kinds"][kind] for kind in kinds if kind in record["kinds"]]
        noticed = sum(one.get("killed", 0) + one.get("timeout", 0) for one in found)
        judged = sum(sum(one.values()) - one.get("equivalent", 0) - one.get("pending", 0) for one in found)
        cells.append(f"{noticed} of {judged}")
    return f"| `{record['package']}/` | {' | '.join(cells)} |\n"


def _runs(record) -> str:
    return "; ".join(f"{run['mutants']} in {run['minutes']} min at {run['commit'][:12]}" for run in record["runs"])


def page() -> str:
    """The page with the tables as the records are now."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    return f"{before}{BEGIN}\n\n{tables()}\n{END}{rest.partition(END)[2]}"


def write() -> None:
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
