"""Every command that shows what others wrote, in every format: a text stays a text."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import NamedTuple

import pytest

from checker.selection import many
from tests.hostile import oracles
from tests.hostile.oracles import Oracle
from tests.hostile.workspace import laid_out
from tests.in_process import forget, weighbridge  # noqa: F401
from tests.report.told import media

ON = "--today 2026-11-28"
FORMATS = {name: medium.oracle for name, medium in media().items()}
"""Formats of `check`."""
EVERY = " ".join(f"--output {name}=out/{name}" for name in FORMATS)
WRITTEN = {f"out/{name}": oracle for name, oracle in FORMATS.items()}
POLICY = "--policy policy.yaml"


class Shown(NamedTuple):
    """A command, what its standard output is, and what it writes."""

    command: str
    out: Oracle = oracles.terminal
    written: dict[str, Oracle] = {}
    codes: tuple[int, ...] = (0, 1, 3)


def _of(command: str, **formats: Oracle) -> list[Shown]:
    return [Shown(f"{command} --output {name}", oracle) for name, oracle in formats.items()]


RUNS = (
    Shown(f"check model.yaml {POLICY} {ON} --explain {EVERY}", oracles.nothing_printed, WRITTEN),
    Shown(f"check served {POLICY} {ON} --remedies --forecast 90d", oracles.terminal),
    Shown(f"check open {POLICY} {ON} {EVERY}", oracles.nothing_printed, WRITTEN),
    Shown(f"check broken {POLICY} {ON} {EVERY}", oracles.nothing_printed, WRITTEN, (2,)),
    Shown(f"check projects {POLICY} {ON} {EVERY}", oracles.nothing_printed, WRITTEN, (2,)),
    Shown(f"check model.yaml {POLICY} {ON} --record journal", oracles.terminal),
    Shown(f"check model.yaml {ON} --for customer --output markdown", oracles.markdown),
    Shown(f"check model.yaml {ON} --statistics -v"),
    Shown(f"scan code {POLICY} {ON} {EVERY}", oracles.nothing_printed, WRITTEN, (0, 1, 2, 3)),
    Shown(f"audit projects open {POLICY} {ON} --output text", codes=(2,)),
    Shown(
        f"audit projects open {POLICY} {ON} --jobs 1 --output json=out/a.json --output html=out/page --output csv=out/tables",
        oracles.nothing_printed,
        {"out/a.json": oracles.of_json, "out/page/**/*.html": oracles.page, "out/tables/*.csv": oracles.table},
        (2,),
    ),
    *_of(
        f"select --objective chat {POLICY} {ON} --models table.csv --map model=model --map license=license --top 50",
        text=oracles.terminal,
        json=oracles.of_json,
        csv=oracles.table,
        markdown=oracles.markdown,
    ),
    Shown(
        f"select --objective chat {POLICY} {ON} --models table.csv --map model=model --verdicts out/v.csv",
        oracles.terminal,
        {"out/v.csv": oracles.table},
    ),
    *_of("baseline show results.json", text=oracles.terminal, json=oracles.of_json, markdown=oracles.markdown),
    *_of(
        "baseline compare results.json after.json",
        text=oracles.terminal,
        json=oracles.of_json,
        markdown=oracles.markdown,
    ),
    Shown("baseline plan open", codes=(0, 1, 2, 3)),
    Shown("fit served", oracles.terminal),
    Shown("fit served --markdown", oracles.markdown),
    Shown("fit served --json", oracles.of_json),
    Shown("fit served --plot out/p.svg", oracles.terminal, {"out/p.svg": oracles.picture}),
    *(
        Shown(f"bom open {POLICY} {ON} --format {name}", oracles.of_json)
        for name in ("cyclonedx-1.6", "spdx-2.3", "spdx-3.0")
    ),
    Shown("license notices model.yaml", oracles.notices),
    Shown("license identify texts", oracles.terminal),
    Shown("license identify texts --json", oracles.lines_of_json),
    Shown(f"license unused {POLICY} model.yaml", oracles.terminal),
    Shown(f"license unused {POLICY} model.yaml --json", oracles.lines_of_json),
    Shown("classify local", oracles.terminal),
    Shown("classify local --json", oracles.of_json),
    Shown(f"policy show {POLICY}", oracles.terminal),
    Shown(f"policy show {POLICY} --json", oracles.of_json),
    Shown(f"policy show {POLICY} --output html", oracles.page),
    Shown("policy check policy.yaml", oracles.terminal),
    Shown(f"explain acme-size {POLICY}", oracles.terminal),
    Shown(f"explain acme-size {POLICY} --markdown", oracles.markdown),
    *_of("policy test policy.yaml", text=oracles.terminal, json=oracles.of_json, junit=oracles.junit),
    *_of(
        f"policy impact --from older.yaml --to policy.yaml open {ON} --why",
        text=oracles.terminal,
        json=oracles.of_json,
        markdown=oracles.markdown,
    ),
    Shown(f"waiver list --policy ../policy.yaml {ON}", oracles.terminal),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("hostile")
    laid_out(made)
    (made / "out").mkdir()
    return made


@pytest.mark.parametrize("run", [pytest.param(run, id=run.command.replace(EVERY, "…")) for run in RUNS])
def test_a_text_stays_a_text(run: Shown, folder: Path, weighbridge):  # noqa: F811
    forget(many)
    here = folder / "open" if run.command.startswith("waiver") else folder
    done = weighbridge(*shlex.split(run.command), cwd=here)
    assert done.code in run.codes, done.err[-2000:]
    wrong = {"standard error": list(oracles.terminal(done.err)), "standard output": list(run.out(done.out))}
    for pattern, oracle in run.written.items():
        found = sorted(folder.glob(pattern))
        assert found, pattern
        for path in found:
            wrong[path.name] = list(oracle(path.read_bytes().decode()))
    assert {name: one[:10] for name, one in wrong.items() if one} == {}
