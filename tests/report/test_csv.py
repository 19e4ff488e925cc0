"""The table for spreadsheets: a row an evaluation, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

import pytest

from checker.report.csv import COLUMNS

MANIFEST = """\
weighbridge: 1
project: {project}
models:
  - model: nvidia/NV-Embed-v2
    objective: similarity
"""


@pytest.fixture
def rows(project, weighbridge):
    def read(text: str) -> list[dict[str, str]]:
        folder = project({"model.yaml": text})
        weighbridge("check", "--output", "csv=table.csv", "--today", "2026-11-02")
        written = (folder / "table.csv").read_bytes()
        assert written.count(b"\r\n") == written.count(b"\n")
        relaxed, *found = csv.DictReader(io.StringIO(written.decode("utf-8"), newline=""))
        assert (relaxed["verdict"], relaxed["notes"]) == ("relaxed", "'--today 2026-11-02")
        return found

    return read


def test_each_evaluation_is_a_row(rows):
    found = rows(MANIFEST.format(project="support-bot"))
    assert tuple(found[0]) == COLUMNS
    allowed = next(row for row in found if row["rule"] == "license-allowed")
    assert (allowed["verdict"], allowed["blocks"], allowed["settled_by"]) == ("fail", "yes", "legal")
    assert allowed["place"].startswith("model.yaml:4:")
    assert "CC-BY-NC-4.0" in allowed["found"]
    assert {row["verdict"] for row in found} >= {"pass", "fail", "not-applicable"}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+2", "@SUM(A1)", "  =cmd|' /C calc'!A0", "＝1+1"])
def test_a_formula_becomes_text(rows, text):
    (project,) = {row["project"] for row in rows(MANIFEST.format(project=f'"{text}"'))}
    assert project == f"'{text}"


def test_a_formula_behind_a_semicolon_becomes_text_too(rows):
    (project,) = {row["project"] for row in rows(MANIFEST.format(project='"a;=1+1; @B;c; - d"'))}
    assert project == "a;'=1+1; '@B;c; '- d"


def test_control_characters_are_left_out(rows):
    (project,) = {row["project"] for row in rows(MANIFEST.format(project='"a\\tb\\u202Ec"'))}
    assert project == "a b c"


def test_a_manifest_that_cannot_be_used_is_a_row(rows):
    (row,) = rows("weighbridge: 1\nmodels:\n  - modle: a/b\n    objective: chat\n    model: c/d\n")
    assert (row["rule"], row["verdict"], row["blocks"]) == ("unusable-input", "refused", "yes")
    assert "modle" in row["found"]
