"""Notebooks whose cells cannot be read are said to be unread, never green."""

import sys
from pathlib import Path
from subprocess import run

import pytest


@pytest.mark.parametrize("text", ['{"cells":[{"cell_type":"code","source":5}]}', "{}", '{"worksheets":[1]}'])
def test_broken_notebook_is_not_green(tmp_path: Path, text: str) -> None:
    (tmp_path / "n.ipynb").write_text(text)
    done = run(
        [sys.executable, "-m", "checker", "scan", "."], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert "not read: n.ipynb" in done.stdout
