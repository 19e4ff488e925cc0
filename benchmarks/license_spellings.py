"""How much of what people really write as a licence is understood: `python benchmarks/license_spellings.py`.

It resolves each distinct licence of two tables and prints what share of their rows names a text that was read, one
that is known by name alone, several between which it does not choose, or nothing that is known. The strings with their
counts and with what each of them names, settled by hand, are in `data/license_spellings.csv`:

- `catalogue`: what the cards of 564 catalogued models declare (`license`, with the `license_name` beside `other`);
- `llmfit`: the column `license` of the model table in llmfit 1.1.17 (PyPI, MIT): 16,849 rows, 3,665 without one.

`--llmfit PATH` counts the table anew in a wheel or a binary of llmfit, and lists the strings that the file lacks.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import time
import zipfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from checker.licenses.registry import AllOf, Ambiguous, AnyOf, Resolution, Resolved, Unrecognised, resolve

DATA = Path(__file__).parent / "data" / "license_spellings.csv"
KINDS = ("read", "known by name", "several, not chosen between", "not known", "names no licence")


class Row(NamedTuple):
    """One distinct declaration."""

    source: str
    spelling: str
    license_name: str
    rows: int
    """How many models declare it."""
    names: str
    """What it names, settled by hand and written as `shown` writes answers."""


def rows() -> list[Row]:
    """The distinct declarations."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return [
            Row(source, text, name, int(count), names)
            for source, text, name, count, names in list(csv.reader(file))[1:]
        ]


def answer(row: Row) -> Resolution:
    """What our code makes of a declaration."""
    return resolve(row.spelling, license_name=row.license_name)


def shown(found: Resolution) -> str:
    """An answer on one line: an id, `all(a, b)`, `any(a, b)`, `one of(a, b)`, `unread(a)`, or `-`."""
    match found:
        case Resolved(text):
            return text.id
        case AllOf(parts=inner):
            return f"all({', '.join(map(shown, inner))})"
        case AnyOf(choices=inner):
            return f"any({', '.join(map(shown, inner))})"
        case Ambiguous(candidates=candidates):
            return f"one of({', '.join(candidates)})"
        case Unrecognised(unread=unread):
            return f"unread({unread})" if unread else "-"


def kind(row: Row, found: Resolution) -> str:
    """Under which of `KINDS` a row is counted; of several licences together, the least known counts."""
    match found:
        case Resolved():
            return KINDS[0]
        case Ambiguous():
            return KINDS[2]
        case AllOf(parts=inner) | AnyOf(choices=inner):
            return max((kind(row, one) for one in inner), key=KINDS.index)
        case Unrecognised(unread=unread, reason=reason):
            return KINDS[1] if unread else KINDS[4] if reason.startswith("`") else KINDS[3]


def main() -> None:
    """Print the shares and the rate, and with `--llmfit` what a newer table holds besides."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--llmfit", type=Path, metavar="PATH", help="a wheel or a binary of llmfit")
    parser.add_argument("--list", action="store_true", help="print every declaration with what it names")
    args = parser.parse_args()
    known = rows()
    if args.llmfit is not None:
        known = _counted(args.llmfit, known)
    for source in dict.fromkeys(row.source for row in known):
        _report(source, [row for row in known if row.source == source], listed=args.list)
    _rate(known)


def _report(source: str, declared: list[Row], *, listed: bool) -> None:
    counts: Counter[str] = Counter()
    strings: Counter[str] = Counter()
    wrong = []
    for row in declared:
        found = answer(row)
        counts[kind(row, found)] += row.rows
        strings[kind(row, found)] += 1
        if listed:
            print(f"  {row.rows:>6}  {row.spelling} {row.license_name}  ->  {shown(found)}")
        if shown(found) != row.names:
            wrong.append(
                f"  {row.spelling} {row.license_name}: {shown(found)}, settled by hand as {row.names or 'nothing'}"
            )
    bearing = sum(counts.values()) - counts[KINDS[4]]
    print(
        f"{source}: {len(declared)} distinct declarations, {sum(counts.values())} rows, {bearing} that name a licence"
    )
    for name in KINDS[:4]:
        print(f"  {name:<28} {counts[name]:>6} rows  {counts[name] / bearing:7.2%}   {strings[name]:>4} declarations")
    print(f"  {KINDS[4]:<28} {counts[KINDS[4]]:>6} rows (other, unknown, custom, proprietary)")
    print(f"  otherwise than settled by hand: {len(wrong)}", *wrong, sep="\n")


def _rate(declared: list[Row]) -> None:
    start, repeats = time.perf_counter(), 20
    for _ in range(repeats):
        for row in declared:
            answer(row)
    each = (time.perf_counter() - start) / repeats / len(declared)
    print(f"a declaration takes {each * 1e6:.0f} µs on average")


def _counted(path: Path, known: list[Row]) -> list[Row]:
    """The declarations, those of llmfit counted anew in a table that is embedded in a binary as JSON."""
    settled = {row.spelling: row.names for row in known if row.source == "llmfit"}
    table = _table(_binary(path))
    counts = Counter(model["license"] for model in table if model.get("license"))
    print(f"{path.name}: {len(table)} rows, {len(table) - counts.total()} without a licence")
    counted = [
        Row("llmfit", spelling, "", count, settled.get(spelling, "")) for spelling, count in counts.most_common()
    ]
    return [*(row for row in known if row.source != "llmfit"), *counted]


def _binary(path: Path) -> bytes:
    if path.suffix != ".whl":
        return path.read_bytes()
    with zipfile.ZipFile(path) as wheel:
        return wheel.read(next(name for name in wheel.namelist() if "/scripts/llmfit" in name))


def _table(binary: bytes) -> list[dict[str, str]]:
    """The longest JSON list of objects in which some name a licence."""
    decoder = json.JSONDecoder()
    tables: list[list[dict[str, str]]] = []
    for match in re.finditer(rb'\[\s*\{\s*"name"', binary):
        text = binary[match.start() :].decode("utf-8", "replace")
        try:
            table, _ = decoder.raw_decode(text)
        except ValueError:
            continue
        if any("license" in model for model in table):
            tables.append(table)
    return max(tables, key=len)


if __name__ == "__main__":
    main()
