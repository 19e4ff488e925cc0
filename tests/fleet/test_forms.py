"""Every format of an audit tells the same, and none lets a name become something else."""

from __future__ import annotations

import csv
import html
import json
import re
import sys
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from pyarrow import parquet

from tests.fleet.conftest import PASSES, STOPPED

HOSTILE = STOPPED.replace("owner: team", 'owner: "=HYPERLINK(1)<script>alert(1)</script>\\e[31m"')


@pytest.fixture
def written(fleet, inside, tmp_path):
    """The folder of an audit in every format."""
    fleet.add("passes", model__yaml=PASSES)
    fleet.add("<b>&", model__yaml=HOSTILE)
    fleet.add("broken", model__yaml="weighbridge: 1\nmodells: []\n")
    fleet.add("code", run__py='from transformers import AutoModel\nAutoModel.from_pretrained("gpt2")\n')
    targets = ("json=audit.json", "csv=tables", "parquet=parquet", "html=pages", "text=audit.txt")
    run = inside("audit", "src", *(part for target in targets for part in ("--output", target)))
    assert run.code == 2
    return tmp_path


def table(folder, name):
    with open(folder / "tables" / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_and_parquet_hold_the_same_tables(written):
    for file in (written / "parquet").glob("*.parquet"):
        rows = parquet.read_table(file).to_pylist()
        beside = table(written, file.stem)
        assert len(rows) == len(beside)
        for row, other in zip(rows, beside, strict=True):
            assert list(row) == list(other)


def test_a_table_without_rows_has_its_columns(written):
    assert parquet.read_table(written / "parquet" / "waivers.parquet").column_names[:4] == [
        "project",
        "path",
        "owner",
        "waiver_file",
    ]
    assert (written / "tables" / "waivers.csv").read_text().startswith("project,path,owner,waiver_file")


def test_findings_are_those_of_the_records(written):
    document = json.loads((written / "audit.json").read_text())
    expected = [
        (record["path"], one["rule"], one["at"])
        for record in document["records"]
        for manifest in record["manifests"]
        for one in manifest["findings"]
    ]
    rows = parquet.read_table(written / "parquet" / "findings.parquet").to_pylist()
    assert [(row["path"], row["rule"], row["at"]) for row in rows] == expected
    assert expected


def test_no_cell_of_a_spreadsheet_begins_a_formula(written):
    owners = [row["owner"] for row in table(written, "owners")]
    assert any("HYPERLINK" in owner for owner in owners)
    assert not any(owner.startswith(("=", "+", "-", "@")) for owner in owners)


def test_text_shows_no_control_character(written):
    assert "\x1b" not in (written / "audit.txt").read_text()


class Seen(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]


def pages(written):
    return sorted((written / "pages").rglob("*.html"))


def test_pages_hold_no_script_and_no_mark_up_of_others(written):
    for page in pages(written):
        seen = Seen()
        seen.feed(page.read_text(encoding="utf-8"))
        assert not {"script", "b", "iframe", "img"} & set(seen.tags)
        assert "\x1b" not in page.read_text(encoding="utf-8")


def test_every_link_of_a_page_leads_to_a_page(written):
    followed = 0
    for page in pages(written):
        seen = Seen()
        seen.feed(page.read_text(encoding="utf-8"))
        for address in seen.addresses:
            if not address.startswith("#"):
                assert (page.parent / unquote(address)).is_file(), (page, address)
                followed += 1
    assert followed > 20


def test_each_project_and_each_model_has_a_page(written):
    document = json.loads((written / "audit.json").read_text())
    assert len(list((written / "pages" / "projects").iterdir())) == document["totals"]["projects"] == 4
    assert len(list((written / "pages" / "models").iterdir())) == document["totals"]["distinct_models"]


def test_lists_are_cut_into_pages(fleet, inside, tmp_path, monkeypatch):
    monkeypatch.setattr("checker.fleet.page.lists.PAGE", 2)
    for number in range(5):
        fleet.add(f"p{number}", model__yaml=PASSES)
    inside("audit", "src", "--output", "html=pages")
    listed = [
        re.findall(r"projects/\d+\.html", (tmp_path / "pages" / f"projects-{number}.html").read_text())
        for number in (1, 2, 3)
    ]
    assert [len(one) for one in listed] == [2, 2, 1]
    assert len({name for one in listed for name in one}) == 5


def test_parquet_without_its_extra_says_what_to_install(fleet, inside, monkeypatch):
    fleet.add("a", model__yaml=PASSES)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    run = inside("audit", "src", "--output", "parquet=out")
    assert run.code == 2
    assert 'pip install "weighbridge[fleet]"' in run.err


def test_every_form_names_what_loosens_the_run(fleet, inside, tmp_path):
    fleet.add("a", model__yaml=STOPPED)
    (fleet.folder / "a" / "pyproject.toml").write_text('[tool.weighbridge]\npolicy = "weighbridge:starter"\n')
    targets = ("json=audit.json", "csv=tables", "parquet=parquet", "html=pages", "text=audit.txt")
    loosened = ("--exit-zero", "--ignore-waivers", "--today", "2026-01-01")
    assert inside("audit", "src", *loosened, *(part for target in targets for part in ("--output", target))).code == 0
    relaxations = json.loads((tmp_path / "audit.json").read_text())["relaxations"]
    assert len(relaxations) == 4
    [row] = table(tmp_path, "run")
    [same] = parquet.read_table(tmp_path / "parquet" / "run.parquet").to_pylist()
    assert row["relaxations"].replace("'--", "--") == same["relaxations"] == "; ".join(relaxations)
    assert (row["today"], same["policy_sha256"]) == ("2026-01-01", row["policy_sha256"])
    pages = html.unescape((tmp_path / "pages" / "index.html").read_text())
    assert all(one in text for one in relaxations for text in ((tmp_path / "audit.txt").read_text(), pages))
