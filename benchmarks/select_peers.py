"""`weighbridge select` beside llmfit over llmfit's own table, and a million verdicts beside DuckDB, in one run.

Run it with `python dev.py bench select_peers`. It makes an environment of its own, `.select-peers` in the project's
folder, from the registry that pip is set up with: llmfit (PyPI, MIT) and duckdb run there as they are; neither is in
our locks. llmfit's table lies in its program as JSON. It states no class of architecture and no kind of training, so
these two columns are made once, before anything is timed, by our tables of signs over its columns and names.

- the answer: five models for chat, ours with licence, architecture, kind, size and context judged by the enterprise
  policy, and once more with the memory of serving them; `llmfit recommend` as it comes. In turns, medians, peak memory.
- the verdicts: the table's rows over and over to 1,000,000, each with an id and a commit of its own; every row's
  verdict written as CSV. DuckDB makes bare comparisons of the same columns in SQL, over the same CSV, on two threads.

Never an assert.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.license_spellings import _table  # noqa: E402
from checker.facts.kind import Signals, Standing, classify  # noqa: E402

PEERS = ("llmfit==1.1.17", "duckdb==2.0.1")
HOME = ROOT / ".select-peers"
ROUNDS = 5
MILLION = 1_000_000
COMMIT = "c" * 40
SLOW = "weighbridge select, served"
"""Estimates the memory of thousands of models: one round."""
SIZES = ("num_hidden_layers", "hidden_size", "num_attention_heads", "num_key_value_heads", "head_dim", "vocab_size")
COLUMNS = (
    *("model", "revision", "license", "architecture_class", "variant", "parameters", "native_context", "model_type"),
    *SIZES,
)
PLAIN = ("--objective", "chat", "--size-class", "general")
SERVED = (*PLAIN, "--context-window", "8192", "--gpu", "RTX 4090")
SQL = """
copy (select model, case
        when architecture_class is distinct from 'decoder' then 'stopped'
        when license is null then 'not-evaluated'
        when license not in ('apache-2.0', 'mit', 'bsd-3-clause', 'llama3.1', 'llama3.2', 'llama3.3') then 'stopped'
        when parameters < 7e9 or parameters >= 9e9 then 'advice'
        else 'passes' end as verdict
      from read_csv('{table}', all_varchar=false)) to '{verdicts}' (header)
"""


def environment() -> Path:
    """The folder with the peers' programs, which is made where it lacks."""
    stamp, python = HOME / "peers.txt", HOME / "bin" / "python"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8").split() != list(PEERS):
        subprocess.run([sys.executable, "-m", "venv", "--clear", HOME], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True)
        stamp.write_text("\n".join(PEERS), encoding="utf-8")
    return HOME / "bin"


def rows(table: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The table's rows under our names."""
    for model in table:
        kind = classify(Signals(id=model["name"], model_type=model["architecture"], pipeline_tag=model["pipeline_tag"]))
        sure = kind.standing is not Standing.AMBIGUOUS
        row = {
            "model": model["name"],
            "revision": COMMIT,
            "license": model.get("license") or "",
            "architecture_class": kind.architecture_class if sure and kind.architecture_class else "",
            "variant": kind.training.variant if sure and kind.training else "",
            "parameters": model["parameters_raw"],
            "native_context": model["context_length"],
            "model_type": model["architecture"],
        }
        yield row | {size: model.get(size) or "" for size in SIZES}


def write(path: Path, found: list[dict[str, Any]], most: int | None = None) -> int:
    """Write the table, or its rows over and over to so many."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        for number in range(most or len(found)):
            row = found[number % len(found)]
            if most:
                row = row | {"model": f"{row['model'][:80]}-{number}", "revision": f"{number:040x}"}
            writer.writerow(row)
    return most or len(found)


def spent(*command: object) -> tuple[float, float]:
    """Seconds on the wall, and the highest resident memory in MB (10**6 bytes) of the process and its children."""
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    watch = [sys.executable, "-S", "-c", WATCH, *map(str, command)]  # small, for a child begins with its parent's peak
    run = subprocess.run(watch, env=environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
    wall, most = run.stdout.split()
    return float(wall), int(most) * 1024 / 1e6


WATCH = """
import resource, subprocess, sys, time
begin = time.perf_counter()
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def ours(table: Path, *options: object) -> tuple[object, ...]:
    """Our command over a table with every column mapped."""
    maps = [f"--map={column}={column}" for column in COLUMNS]
    return (sys.executable, "-m", "checker", "select", "--models", table, *maps, *options)


def answers(table: Path, programs: Path) -> None:
    """Five models, ours and theirs in turns."""
    asked = {
        "weighbridge select": ours(table, *PLAIN),
        "weighbridge select, served": ours(table, *SERVED),
        "llmfit recommend": (programs / "llmfit", "recommend"),
    }
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in asked}
    for command in asked.values():
        spent(*command)  # what is compiled at the first start is not timed
    for number in range(ROUNDS):
        for name, command in asked.items():
            if name != SLOW or number == 0:
                found[name].append(spent(*command))
    theirs = [wall for wall, _ in found["llmfit recommend"]]
    for name, runs in found.items():
        walls, most = [wall for wall, _ in runs], max(memory for _, memory in runs)
        ratio = median(wall / other for wall, other in zip(walls, theirs, strict=False))
        print(
            f"{name:<28} wall {median(walls):.2f} s ({min(walls):.2f} to {max(walls):.2f}), {most:.0f} MB,"
            f" {ratio:.2f} of llmfit"
        )


def verdicts(folder: Path, table: Path, count: int, programs: Path) -> None:
    """Every row's verdict, ours and DuckDB's in turns."""
    script = folder / "bare.py"
    sql = SQL.format(table=table, verdicts=folder / "bare.csv")
    script.write_text(f"import duckdb\nduckdb.execute('set threads to 2')\nduckdb.execute({sql!r})\n", encoding="utf-8")
    rates: dict[str, list[float]] = {"weighbridge": [], "DuckDB, bare comparisons": []}
    memory: Counter[str] = Counter()
    for _ in range(3):
        for name, command in (
            ("weighbridge", ours(table, *PLAIN, "--jobs", 2, "--verdicts", folder / "ours.csv")),
            ("DuckDB, bare comparisons", (programs / "python", script)),
        ):
            wall, most = spent(*command)
            rates[name].append(count / wall)
            memory[name] = max(memory[name], int(most))
    for name, found in rates.items():
        print(
            f"{name:<28} {median(found):>9.0f} rows a second ({min(found):.0f} to {max(found):.0f}), {memory[name]} MB"
        )
    ratio = median(theirs / own for own, theirs in zip(*rates.values(), strict=True))
    print(f"DuckDB is {ratio:.1f} times as fast")
    with (folder / "ours.csv").open(encoding="utf-8", newline="") as stream:
        groups = Counter(row["group"] for row in csv.DictReader(stream))
    print(f"{groups.total()} verdicts: {', '.join(f'{number} {name}' for name, number in groups.most_common())}")


def main() -> None:
    """Print both comparisons."""
    programs = environment()
    table = _table((programs / "llmfit").read_bytes())
    found = list(rows(table))
    differ = len({json.dumps({k: v for k, v in row.items() if k != "model"}) for row in found})
    print(f"llmfit's table: {len(found)} rows, {differ} that differ in more than the id")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "llmfit.csv", found)
        answers(folder / "llmfit.csv", programs)
        count = write(folder / "million.csv", found, MILLION)
        verdicts(folder, folder / "million.csv", count, programs)


if __name__ == "__main__":
    main()
