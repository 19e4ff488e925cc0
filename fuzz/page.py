"""The tables of docs/fuzzing.md, made from the records: `python -m fuzz.page` writes them, and a test compares them."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

from fuzz import expressions
from fuzz.run import recorded
from fuzz.target import ROOT, names

PAGE = ROOT / "docs" / "fuzzing.md"
_BEGIN = "<!-- record: begin (`python3 dev.py fuzz` writes this block, and a test compares it) -->\n"
_END = "<!-- record: end -->\n"


def made(page: str) -> str:
    """The page with its block as the records have it."""
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n{''.join(_block())}\n{_END}{after}"


def write(path: Path = PAGE) -> None:
    """Put the block in its place."""
    path.write_text(made(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


def _block() -> Iterator[str]:
    record = recorded()
    inputs = sum(one["inputs"] for one in record.values())
    full = [name for name, one in record.items() if one["inputs"] >= 1_000_000]
    yield f"{inputs:,} inputs in all. A million or more each: {', '.join(full) or 'none'}.\n\n"
    yield "| target | what comes in | inputs | of them following branches | processor | edges | slowest | memory |\n|---|---|--:|--:|--:|--:|--:|--:|\n"
    for name in names():
        about = (_about(name) or "").partition("\n")[0].rstrip(".").replace("|", "\\|")
        if one := record.get(name):
            yield (
                f"| {name} | {about} | {one['inputs']:,} | {one['followed']:,} | {one['processor_seconds']:,} s | {one['edges']:,}"
                f" | {1000 * one['slowest_seconds']:.0f} ms | {one['grown_mib']:.0f} MiB |\n"
            )
        else:
            yield f"| {name} | {about} | – | – | – | – | – | – |\n"
    rows = json.loads(expressions.RECORD.read_text(encoding="utf-8"))["expressions"]
    unread = sum(row["analysis"] == "cannot read it" for row in rows)
    yield (
        f"\n{len(rows)} regular expressions: regexploit finds nothing in {len(rows) - unread} and cannot read {unread};"
        f" {sum(bool(row['bounded']) for row in rows)} take the square of a length that is bounded.\n"
    )


def _about(name: str) -> str | None:
    """The docstring of a target, without importing what it tries."""
    return ast.get_docstring(ast.parse((ROOT / "fuzz" / "targets" / f"{name.replace('-', '_')}.py").read_text("utf-8")))


if __name__ == "__main__":
    write()
