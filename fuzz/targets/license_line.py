"""A file of `license check --batch`, CSV or JSON lines: each question is answered, and never by a bug of ours."""

import csv
import json
from io import BytesIO, StringIO

from checker.licenses.question.batch import answers
from checker.licenses.question.question import COLUMNS, RELATIONS, USES
from fuzz.given import SHAPED, Given, json_text, shaped

LONGEST = 256
TABLE = b"\1"
"""What an input begins with whose other bytes change a seed that is written as CSV."""
_QUESTIONS = (
    {
        "case_id": "a",
        "base_licenses": ["llama3.1", "cc-by-nc-4.0"],
        "relation": "merge",
        "derivative_license": "llama3.1;mit",
        "derivative_name": "acme/Llama-one",
        "use": "commercial",
        "distributed": "yes",
        "mau": 700_000_001,
        "region": "DE",
        "multimodal": False,
        "extra_facts": {"student": "a model", "dau": 5},
    },
    {"id": "b", "base_licenses": "gemma", "relation": "distill", "revenue_usd": "1000000", "revenue_period": "month"},
    {"base_licenses": "GPL-3.0-only OR (MIT AND Apache-2.0)", "derivative_license": "mit", "distributed": "weights"},
)
WORDS = (
    *COLUMNS,
    *RELATIONS,
    *USES,
    "yes",
    "no",
    "mit",
    "gemma",
    "llama4",
    "openrail",
    '"',
    '""',
    ",",
    ";",
    "=",
    "\r\n",
)


def seeds():
    for number, question in enumerate(_QUESTIONS):
        yield json.dumps(question).encode()[:LONGEST]
        yield SHAPED + bytes((number,))
        yield TABLE + bytes((number,))
    yield b'base_licenses,use,id\nmit,commercial,1\n\n"gemma;mit",internal,"2\n'
    yield b'{"base_licenses": "mit"}\n\n[]\n{"base_licenses": "mit", "mau": "x"}\n'


def one(data):
    found = list(answers(BytesIO(_file(data)), "questions"))
    records = [json.loads(answer.text) for answer in found]
    assert not any(answer.bug for answer in found), found
    assert all(answer.text.isascii() and answer.text.count("\n") == 1 for answer in found)
    assert all("error" not in record or record["verdict"] == "unknown" for record in records)
    lines = [record["line"] for record in records]
    assert lines == sorted(set(lines)), "one answer a line, in order"


def _file(data):
    if not data.startswith(TABLE):
        return json_text(data, _QUESTIONS, COLUMNS)
    row = shaped(Given(data[1:]), _QUESTIONS, COLUMNS)
    if not isinstance(row, dict):
        return str(row).encode("utf-8", "replace")
    written = StringIO(newline="")
    table = csv.writer(written)
    table.writerow(row)
    table.writerow([";".join(map(str, cell)) if isinstance(cell, (list, dict)) else cell for cell in row.values()])
    return written.getvalue().encode("utf-8", "replace")
