"""The auditor's page in a real browser: it sorts, filters, prints, asks nobody anything, and axe finds no fault."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.report.test_html import HOSTILE, with_texts

pytestmark = [pytest.mark.browser, pytest.mark.node]

HERE = Path(__file__).parent
NODE = HERE.parents[2] / ".node"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")


def opened(report: Path) -> dict:
    browser = next(path for path in map(shutil.which, BROWSERS) if path)
    command = ["node", str(HERE / "page.mjs"), str(NODE), browser, str(report), str(report.parent)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def report(project, weighbridge) -> Path:
    folder = project({"model.yaml": with_texts(HOSTILE)})
    weighbridge("check", "--output", "html=report.html", "--today", "2026-11-02")
    return folder / "report.html"


def test_it_works_in_a_browser(report):
    said = opened(report)
    assert said["errors"] == said["dialogs"] == []
    assert {address.partition(":")[0] for address in said["requests"]} == {"file"}
    assert said["violations"] == {"light": [], "dark": []}
    assert said["sizes"]["light"] != said["sizes"]["dark"]
    assert said["sortedUp"] == sorted(said["before"])
    assert said["sortedUp"] != said["before"]
    assert said["sortedDown"] == sorted(said["before"], reverse=True)
    assert said["ariaSort"] == "ascending"
    assert all(verdict.startswith("fail") for verdict in said["onlyFails"])
    assert said["count"] == f"{said['count'].split()[0]} of {len(said['before'])}"
    assert said["filtered"] == ["license-allowed"]
    assert said["pdfBegins"] == "%PDF-"
    assert said["pdfBytes"] > 20_000
    assert said["toolsWithoutScript"] == 0
    assert said["rowsWithoutScript"] == len(said["before"])
    assert (report.parent / "dark.png").read_bytes().startswith(b"\x89PNG")


def test_the_checks_notice_a_fault(report):
    text = report.read_text(encoding="utf-8")
    faulty = text.replace('<html lang="en">', "<html>").replace(
        "</main>", '<img src="https://acme.example/x.png"></main>'
    )
    assert faulty.count("acme.example/x.png") == 1
    report.write_text(faulty, encoding="utf-8")
    said = opened(report)
    assert any(fault.startswith("html-has-lang") for fault in said["violations"]["light"])
    assert any("Content Security Policy" in error for error in said["errors"])
