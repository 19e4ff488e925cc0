"""Whether `check` accepts the manifest that answers make, judged by the gate before the file is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checker import gate
from checker.document.place import SourceFile
from checker.exit_code import ExitCode
from checker.manifest.load import load
from checker.request import Request
from checker.selection.reason import reason
from checker.verdict import Report, Verdict
from checker.vocabulary import unknown_names

_WORDS = {
    ExitCode.OK: "nothing blocks",
    ExitCode.BLOCKED: "a finding blocks",
    ExitCode.UNKNOWN: "something is unknown",
}


def checked(source: SourceFile, folder: Path, request: Request) -> Report:
    """The report that `check` would make of the manifest once it lies in the folder."""
    manifest = load(source, unknown_names=unknown_names)
    return gate.reported(request, (gate.judge_manifest(manifest, source.name, folder, request),), ())


def lines(report: Report) -> Iterator[tuple[str, int]]:
    """What the report comes to: lines, each with its indent."""
    code = ExitCode(report.exit_code)
    yield f"weighbridge check: {_WORDS[code]} (code {code:d})", 0
    for model in (model for manifest in report.manifests for model in manifest.models):
        for one in model.evaluations:
            if one.verdict in (Verdict.FAIL, Verdict.NOT_EVALUATED):
                yield f"{'blocks' if one.blocks else 'advice'}: {reason(one)}", 2
