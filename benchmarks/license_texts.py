"""Recognises licence texts beside ScanCode: `python benchmarks/license_texts.py FOLDER [--scancode PYTHON]`.

FOLDER holds texts named after the licence that each is (`llama3.txt`, `kimi-k2@k2.6.txt`); none is shipped, since most
of their terms do not allow it. `--scancode` is the interpreter of an environment that holds scancode-toolkit.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from checker.licenses.identify import Identified, LooksLike, identify

ASK_SCANCODE = """
import json, sys
from licensedcode.cache import get_index
index = get_index()
for path in sys.argv[1:]:
    matches = index.match(location=path)
    found = sorted({f"{match.rule.license_expression} {match.score():.0f}" for match in matches})
    print(json.dumps({"path": path, "found": found}))
"""
SCANCODE_SAYS = {
    "MIT": "mit", "Apache-2.0": "apache-2.0", "BSD-3-Clause": "bsd-new", "BSD-2-Clause": "bsd-simplified",
    "llama1": "llama-license-2023", "llama2": "llama-2-license-2023", "llama3.1": "llama-3.1-license-2024",
    "llama3.2": "llama-3.2-license-2024", "llama3.3": "llama-3.3-license-2024", "llama4": "llama-4-cla-2025",
    "qwen": "qwen-2024", "tongyi-qianwen": "tongyi-qianwen-2023", "falcon-2-11b": "falcon-2-11b-1.0",
    "kimi-k2": "moonshot-ai-modified-mit-2025", "deepseek-license": "deepseek-la-1.0", "gemma": "gemma-tou-2025-03-24",
}  # fmt: skip
"""The key of LicenseDB for a licence of ours. One that is not listed has none, so that no answer can be right."""


class Row(NamedTuple):
    """One text: what it is, and what both say."""

    truth: str
    ours: str
    seconds: float
    theirs: str


def main() -> None:
    """Print what both say of every text, and how often each is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scancode", type=Path, help="the Python of an environment with scancode-toolkit")
    options = parser.parse_args()
    paths = sorted(options.folder.glob("*.txt"))
    theirs = _scancode(options.scancode, paths) if options.scancode else {}
    rows = [_row(path, theirs.get(str(path), [])) for path in paths]
    print(f"{'text':<26} {'ours':<40} ScanCode (rule and score)")
    for row in rows:
        print(f"{row.truth:<26} {row.ours:<40} {row.theirs}")
    wrong = [row.truth for row in rows if not row.ours.startswith("=") and not row.ours.startswith("?")]
    right = sum(row.ours.startswith("=") for row in rows)
    print(f"ours: {right} of {len(rows)} recognised, {len(wrong)} wrong {wrong or ''}".rstrip())
    if theirs:
        told = [row for row in rows if _is_right(row)]
        missed = [row.truth for row in rows if not _is_right(row)]
        print(f"ScanCode: {len(told)} of {len(rows)} right; not: {', '.join(missed)}")
    median = sorted(row.seconds for row in rows)[len(rows) // 2]
    print(f"ours: {1000 * median:.0f} ms a text (median)")


def _row(path: Path, theirs: list[str]) -> Row:
    text = path.read_text(encoding="utf-8")
    truth = path.stem.partition("@")[0]
    start = perf_counter()
    found = identify(text)
    seconds = perf_counter() - start
    match found:
        case Identified(license_id):
            ours = f"{'=' if license_id == truth else 'WRONG'} {license_id} {found.version}".rstrip()
        case LooksLike(license_id):
            ours = f"? looks like {license_id}"
        case _:
            ours = "? unrecognised"
    return Row(truth, ours, seconds, "; ".join(theirs))


def _is_right(row: Row) -> bool:
    """Whether ScanCode names the one key that LicenseDB has for the text, at any score, and no other."""
    return {found.rpartition(" ")[0] for found in row.theirs.split("; ")} == {SCANCODE_SAYS.get(row.truth)}


def _scancode(python: Path, paths: list[Path]) -> dict[str, list[str]]:
    command = [str(python), "-c", ASK_SCANCODE, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    answers = map(json.loads, done.stdout.splitlines())
    return {answer["path"]: answer["found"] for answer in answers}


if __name__ == "__main__":
    main()
