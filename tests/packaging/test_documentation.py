"""The documentation builds with a page for each rule, and no page or anchor that it links to is missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import dev
from tests.packaging.offline import ROOT, offline_environment, ok, tool
from tools import site


def test_the_site_builds_in_strict_mode(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs", tmp_path / "docs", ignore=shutil.ignore_patterns(*dev.MADE_PAGES))
    shutil.copy2(ROOT / "zensical.toml", tmp_path)
    site.write_pages(tmp_path / "docs")
    config = site.write_config(tmp_path)
    ok(
        tool("zensical"),
        "build",
        "--strict",
        "--config-file",
        config.name,
        cwd=tmp_path,
        environment=offline_environment(),
    )
    rules = [path.stem.replace("_", "-") for path in (ROOT / "checker" / "rules").glob("[a-z]*.py")]
    pages = [*(f"rules/{rule}" for rule in rules), "setup/pre-commit"]
    assert [page for page in pages if not (tmp_path / "site" / page / "index.html").is_file()] == []
