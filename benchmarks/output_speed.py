"""What outputs cost: nothing where they are not asked for, and how long 5,000 findings take in each format.

Run it with `python dev.py bench output_speed`. The report is made by hand: 1,000 manifests of 43 lines,
five findings each, of all rules in turn. Each format is rendered in a process of its own; seconds are those of `render`
alone, "MiB more" is the peak of the process beyond what it held before, "MiB" all of it (Linux and macOS).
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
FINDINGS = 5_000
MANIFESTS = 1_000
ROUNDS = 5
MANIFEST = """\
weighbridge: 1
owner: support-platform
models:
  - model: Qwen/Qwen2.5-7B-Instruct
    revision: main
    objective: chat
"""


def made():
    """A report of 5,000 findings in 1,000 manifests, and its surroundings."""
    from checker.document.place import Place, SourceFile
    from checker.rulebook.discover import rule_ids
    from checker.surroundings import Surroundings
    from checker.verdict import JudgedManifest, Verdict
    from tests.report.made import STAMP, detail, evaluation, model, report

    manifests, rules = [], rule_ids()
    for number in range(MANIFESTS):
        name = f"services/s{number:04}/model.yaml"
        entries = "".join(f"  - model: acme/m{number}-{line}\n    revision: main\n" for line in range(20))
        source = SourceFile(name, f"weighbridge: 1\nowner: team-{number}\nmodels:\n{entries}")
        found = [
            evaluation(
                rules[(number + line) % len(rules)],
                Verdict.FAIL,
                detail(f"`main` {line}", at=Place(source, 5 + 2 * line, 15, 4)),
            )
            for line in range(FINDINGS // MANIFESTS)
        ]
        manifests.append(JudgedManifest(name, f"s{number}", "team", "live", STAMP, (model(*found),)))
    names = {one.file: one.file for one in manifests}
    return report()._replace(manifests=tuple(manifests)), Surroundings(names)


def peak_mib() -> float:
    """The most memory that this process has held, in MiB (2**20 bytes)."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def render_one(name: str) -> None:
    """In a process of its own: render once and print seconds, MiB and characters."""
    from checker import report as formats

    result, surroundings = made()
    form = formats.load(name)
    supply = {"report": result, "surroundings": surroundings, "wishes": formats.Wishes()}
    before, start = peak_mib(), time.perf_counter()
    written = form.render(**{need: supply[need] for need in form.needs})
    print(time.perf_counter() - start, peak_mib() - before, peak_mib(), len(written))


def child(*arguments: str) -> str:
    """What this file prints when it is run with some arguments."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, __file__, *arguments], capture_output=True, text=True, check=True, env=environment
    )
    return done.stdout


def rendered() -> list[str]:
    """Every format but those that show what was judged beside the verdicts, which these findings do not have."""
    from checker.report import formats, load

    return [name for name in formats() if not load(name).needs_basis]


def formats_of_5000() -> None:
    print(f"{FINDINGS} findings in {MANIFESTS} manifests, median of {ROUNDS} runs")
    print(f"{'':10}{'seconds':>9}{'MiB more':>10}{'MiB':>8}{'characters':>13}")
    for name in rendered():
        rows = [[float(part) for part in child(name).split()] for _ in range(ROUNDS)]
        seconds, more, peak, characters = (median(column) for column in zip(*rows, strict=True))
        print(f"{name:10}{seconds:9.3f}{more:10.1f}{peak:8.1f}{characters:13,.0f}")


def load_one(name: str) -> None:
    """In a process of its own: what is loaded after a plain check's modules, and the milliseconds it takes."""
    for had_by_all in ("checker.commands.check", "checker.report.text"):
        import_module(had_by_all)

    had, start = set(sys.modules), time.perf_counter()
    from checker import report as formats

    form = formats.load(name)
    if "surroundings" in form.needs:
        import_module("checker.surroundings")
    print(1000 * (time.perf_counter() - start), len(set(sys.modules) - had))


def imports() -> None:
    """What a plain check loads of the outputs, and what each of them would add."""
    from checker.report import formats

    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "model.yaml").write_text(MANIFEST, encoding="utf-8")
        program = (
            "import sys; from checker.command_line import run; run(['check']);"
            "print(*sorted(name for name in sys.modules if name.startswith(('checker.report.', 'checker.surroundings',"
            " 'checker.pages', 'jinja2'))), file=sys.stderr)"
        )
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    print(f"\na plain check loads of all outputs: {done.stderr.strip()}; what each would add to it:")
    for name in formats():
        rows = [[float(part) for part in child("--load", name).split()] for _ in range(ROUNDS)]
        milliseconds, modules = (median(column) for column in zip(*rows, strict=True))
        print(f"{name:10}{milliseconds:7.1f} ms{modules:5.0f} modules")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--load"]:
        load_one(sys.argv[2])
    elif sys.argv[1:]:
        render_one(sys.argv[1])
    else:
        formats_of_5000()
        imports()
