"""`explain` tells all of a record, with clauses and sources, and says what is not known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checker.licenses import spellings
from checker.licenses.registry import load, resolve
from checker.licenses.schema import record_schema
from checker.licenses.telling import as_values, told
from checker.licenses.terms import section

RECORDS = spellings.records()


def flat(text: str) -> str:
    return " ".join(text.split())


TOLD = sorted((Path(__file__).parent / "told").glob("*.txt"))


@pytest.mark.parametrize("path", TOLD, ids=lambda path: path.stem)
def test_a_licence_is_told_in_plain_words(path: Path) -> None:
    assert told(resolve(path.stem)) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("license_id", sorted(RECORDS))
def test_every_clause_every_duty_and_every_source_is_told(license_id: str) -> None:
    text, said = load(license_id), flat(told(resolve(license_id)))
    clauses = [text.derivative_terms.clause, text.output_training.clause, text.hosting_clause]
    clauses += [one.clause for one in text.conditions] + [one.clause for one in text.territory]
    clauses += [one.clause for one in text.obligations]
    assert [clause for clause in clauses if clause and f"({section(clause)})" not in said] == []
    sources = [source.source for source in (text.evidence, *text.further_sources)]
    assert [source for source in sources if flat(source) not in said] == []
    facts = [*(one.wording for one in text.obligations), *text.remarks, *text.models_seen, *text.spellings, text.name]
    assert [fact for fact in facts if flat(fact) not in said] == []


@pytest.mark.parametrize(("spelling", "says"), [
    ("llama3.1", "with more than 700 million users a month (licensee and affiliates, all products and services; measured"
                 " once, in 2024-06): request a licence from Meta; nothing is licensed otherwise (section 2)"),
    ("qwen", "with more than 100 million users a month (the product or service; measured at any time): request a licence"
             " from Alibaba Cloud; nothing is licensed otherwise [only commercial use] (section 4)"),
    ("llama3.2", "nothing is granted for licensees with their seat in the European Union, for multimodal models; end"
                 " users of a product that embeds it are exempt (Acceptable Use Policy)"),
    ("tencent-hunyuan-a13b", "nothing is granted for use in South Korea (sections 1(l), 2, 5(c))"),
    ("kimi-k3", "for those in a model-as-a-service business; only commercial use; internal use is exempt] (section 2)"),
    ("internlm-weights-2023", "Use restrictions: not known: that part was not read"),
    ("CC-BY-SA-3.0", "also accepted: CC-BY-SA-4.0"),
    ("GPL-2.0-only", "cannot be joined in one work with Apache-2.0, GPL-3.0-only"),
    ("GPL-3.0-or-later", "Or any later version; none is known."),
    ("Apache-2.0 WITH LLVM-exception", "With LLVM-exception, which permits more; what it permits was not read."),
    ("MIT OR acme", "`MIT OR acme` offers a choice: one of these is enough. MIT License (MIT)"),
    ("MIT AND acme", "`MIT AND acme` names several licences: all of these apply. MIT License (MIT)"),
    ("MIT AND acme", "acme: no licence of that name is known"),
])  # fmt: skip
def test_what_singles_a_licence_out_is_told(spelling: str, says: str) -> None:
    assert says in flat(told(resolve(spelling)))


def test_a_family_is_told_by_what_parts_its_members() -> None:
    assert told(resolve("falcon-llm-license")) == (
        "`falcon-llm-license` names no single licence; these differ in their terms:\n"
        "  falcon-llm-1.0: TII Falcon LLM License 1.0; the text has not been read\n"
        "  falcon-2-11b: Falcon 2 11B TII License 1.0; 2024-05; commercial use granted; derivatives may carry own terms,"
        " which have to hold the use restrictions\n"
        "  falcon-3: Falcon 3 TII Falcon License (Falcon-LLM License 2.0); 2024-12; commercial use granted; derivatives"
        " may carry own terms, which have to hold the use restrictions\n"
        "Name the one that is meant; the file LICENSE beside the model says which it is.\n"
    )


@pytest.mark.parametrize(("spelling", "kind", "expected"), [
    ("Llama 3.1", "license", RECORDS["llama3.1"]),
    ("gpl", "candidates", ["GPL-2.0-only", "GPL-3.0-only"]),
    ("acme", "reason", "no licence of that name is known"),
])  # fmt: skip
def test_other_tools_get_the_record_itself(spelling: str, kind: str, expected: Any) -> None:
    assert as_values(resolve(spelling))[kind] == expected


@pytest.mark.parametrize("spelling", ["MIT", "gpl", "falcon-180b", "acme", "MIT OR (isc AND acme)", "GPL-2.0+"])
def test_every_answer_can_be_written_as_json(spelling: str) -> None:
    def records(values: dict[str, Any]) -> list[dict[str, Any]]:
        inner = [one for key in ("choices", "parts") for part in values.get(key, ()) for one in records(part)]
        return [*inner, *([values["license"]] if "license" in values else [])]

    values = json.loads(json.dumps(as_values(resolve(spelling))))
    assert values["kind"] in ("license", "family", "unread", "unknown", "any-of", "all-of")
    for record in records(values):
        Draft202012Validator(record_schema()).validate(record)


def test_what_is_told_of_one_licence_says_what_was_added_to_its_name() -> None:
    assert as_values(resolve("GPL-3.0-or-later")) == {
        "kind": "license", "or_later": True, "exception": "", "license": RECORDS["GPL-3.0-only"],
    }  # fmt: skip
    assert as_values(resolve("Apache-2.0 WITH LLVM-exception"))["exception"] == "LLVM-exception"
