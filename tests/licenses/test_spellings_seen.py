"""What people really write as a licence names what a person settled by hand that it names: 291 declarations, no more."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from benchmarks.license_spellings import shown
from checker.licenses.registry import ids, resolve
from checker.licenses.spellings import records

FILE = Path(__file__).parents[2] / "benchmarks" / "data" / "license_spellings.csv"


def seen() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", seen(), ids=lambda row: f"{row['spelling']} {row['license_name']}".strip())
def test_a_declaration_names_what_was_settled_by_hand(row: dict[str, str]) -> None:
    assert shown(resolve(row["spelling"], license_name=row["license_name"])) == row["names"]


@pytest.mark.parametrize("row", seen(), ids=lambda row: f"{row['spelling']} {row['license_name']}".strip())
def test_case_and_separators_of_a_declaration_do_not_count(row: dict[str, str]) -> None:
    name = row["license_name"] or row["spelling"]
    assert shown(resolve(name.replace("-", " ").title())) == shown(resolve(name))


def test_nearly_all_rows_that_name_a_licence_name_one_that_is_known() -> None:
    for source, of_known in (("catalogue", 0.97), ("llmfit", 0.97)):
        rows = [row for row in seen() if row["source"] == source and row["spelling"] not in SAYS_NOTHING]
        rows += [row for row in seen() if row["source"] == source and row["license_name"]]
        known = sum(int(row["rows"]) for row in rows if row["names"] != "-" and not row["names"].startswith("one of"))
        several = sum(int(row["rows"]) for row in rows if row["names"].startswith("one of"))
        total = sum(int(row["rows"]) for row in rows)
        assert (known + several) / total >= of_known


SAYS_NOTHING = ("other", "unknown", "custom", "proprietary")

VARIATIONS = """\
Apache 2.0 | Apache-2.0
apache license version 2 | Apache-2.0
Licensed under the Apache License, Version 2.0 | -
Apache-2.0 License | Apache-2.0
MIT licence | MIT
The MIT License (MIT) | MIT
MIT-0 | -
BSD 3-Clause "New" or "Revised" License | BSD-3-Clause
BSD 2-clause "Simplified" license | BSD-2-Clause
new bsd | BSD-3-Clause
GNU General Public License v3.0 | GPL-3.0-only
GNU Affero General Public License v3.0 | AGPL-3.0-only
GNU Lesser General Public License v2.1 | LGPL-2.1-only
LGPLv3 | LGPL-3.0-only
Creative Commons Attribution 4.0 International | CC-BY-4.0
Creative Commons Attribution-NonCommercial 4.0 International | CC-BY-NC-4.0
CC BY-NC-SA 4.0 | CC-BY-NC-SA-4.0
cc-by-nc-nd 3.0 | CC-BY-NC-ND-3.0
CC0 | CC0-1.0
CC-BY | one of(CC-BY-2.0, CC-BY-2.5, CC-BY-3.0, CC-BY-4.0)
Llama 2 Community License Agreement | llama2
Llama 3 | one of(llama3, llama3.1, llama3.2, llama3.3)
Meta Llama 3 Community License Agreement | llama3
Llama 3.1 Community License Agreement | llama3.1
LLAMA 3.2 COMMUNITY LICENSE AGREEMENT | llama3.2
Llama-3.3 | llama3.3
Llama 4 Community License | llama4
Gemma Terms of Use | gemma
Gemma license | gemma
Qwen | qwen
Qwen LICENSE AGREEMENT | qwen
Qwen Research License | qwen-research
Tongyi Qianwen LICENSE AGREEMENT | tongyi-qianwen
Qianwen LICENSE | tongyi-qianwen
DeepSeek License | deepseek-license
DeepSeek Model License | deepseek-license
Mistral Research License | mrl
MNPL-0.1 | mnpl
Nvidia Open | one of(nvidia-open-model, nvidia-open-model-agreement-2026, nvidia-nemotron-open-model)
NVIDIA Open Model License | nvidia-open-model
Nvidia Nemotron Open | nvidia-nemotron-open-model
DBRX LICENSE | databricks-open-model
Falcon-180B TII License | unread(falcon-180b)
Jamba Open | unread(jamba-open-model)
AI2 ImpACT Low-risk | unread(ai2-impact-lr)
Modified MIT | one of(mistral-modified-mit, kimi-k2, minimax-m2, minimax-m2.1)
Stability AI Community License | stability-ai-community
BigScience RAIL License v1.0 | bigscience-bloom-rail-1.0
BigCode OpenRAIL-M v1 | bigcode-openrail-m
CreativeML Open RAIL++-M | openrail++
OpenRAIL | one of(bigscience-openrail-m, creativeml-openrail-m, bigscience-bloom-rail-1.0, bigcode-openrail-m, openrail++)
Yi License | one of(yi-1.0, yi-2.1)
LFM Open License v1.0 | lfm-1.0
Llama 2 Community | llama2
Llama 3 Community | llama3
Llama 3.1 Community | llama3.1
Llama 4 | llama4
Mistral Research | mrl
CC-BY-NC-4.0 (non-commercial) | -
Non-commercial | -
Proprietary | -
"""  # fmt: skip


@pytest.mark.parametrize("line", VARIATIONS.splitlines())
def test_free_spellings_of_leaderboards_and_cards_are_read(line: str) -> None:
    spelling, _, names = line.partition(" | ")
    assert shown(resolve(spelling)) == names


def test_every_licence_is_known_by_its_name_its_reference_and_its_hub_names() -> None:
    for license_id, record in records().items():
        names = [record["name"], record["spdx"] or record["license_ref"], license_id, *record.get("hub_ids", ())]
        assert [name for name in names if shown(resolve(name)) != license_id] == []
    assert len(ids()) == len(records())
