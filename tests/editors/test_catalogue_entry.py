"""What is proposed to SchemaStore: only names that are ours alone, and schemas that exist."""

from __future__ import annotations

import json
from fnmatch import fnmatch
from pathlib import Path

from checker.document.schema import BASE
from checker.manifest.discover import NAMES, SUFFIXES
from checker.policy.load import PROJECT_FILE
from checker.published import files

CATALOGUE = Path(__file__).parents[2] / "docs" / "setup" / "schemastore-catalog.json"


def test_the_entries_name_our_files_and_no_others():
    entries = json.loads(CATALOGUE.read_text("utf-8"))
    manifest, project = (entry["fileMatch"] for entry in entries)
    assert manifest == [*(name for name in NAMES if "weighbridge" in name), *(f"*{suffix}" for suffix in SUFFIXES)]
    assert project == [PROJECT_FILE]
    assert not any(fnmatch("model.yaml", pattern) for entry in entries for pattern in entry["fileMatch"])


def test_the_entries_lead_to_schemas_that_are_published():
    for entry in json.loads(CATALOGUE.read_text("utf-8")):
        assert entry.keys() == {"name", "description", "fileMatch", "url"}
        assert entry["url"].removeprefix(BASE) in files()
