"""A table of models as `select --from` takes it, CSV or JSON lines: each row states facts, or leaves them unknown."""

from io import StringIO

from checker.facts.fact import Fact, Unknown
from checker.selection import table_file
from checker.selection.table import FIELDS, Columns, commit_in, facts_of, model_in
from fuzz.target import source

LONGEST = 512
_COLUMNS = Columns.of_options([f"{field}={field}" for field in FIELDS])
WORDS = (*FIELDS, '"', '""', ",", "\r\n", ";", "7B", "1.5e9", "true", "decoder", "70%", "=1+1", '{"model": "a/b", ')
_HEADER = ",".join(FIELDS)


def seeds():
    yield b"c" + f"{_HEADER}\r\nacme/one{',1' * (len(FIELDS) - 1)}\r\n".encode()
    yield b"c" + f'{_HEADER}\nacme/two,"a ""b"",\nc"{",yes" * (len(FIELDS) - 2)}\n'.encode()
    yield b'j{"model": "acme/one", "parameters": 7000000000, "MMLU": 0.5, "license": "mit"}\n\n{"model": 1}\n'


def one(data):
    text = source(data[1:], "models.csv").text
    read = table_file._of_csv if data[:1] == b"c" else table_file._of_json
    for chunk in read(table_file._lines(StringIO(text, newline=""), "models.csv"), "models.csv", _COLUMNS):
        at = table_file.places(chunk)
        for row in table_file.rows_of(chunk):
            cells = [row[place] for place in at]
            model = model_in(cells[0])
            commit_in(cells[-1])
            if model is not None:
                for fact in facts_of(model, cells, _COLUMNS, "models.csv"):
                    if isinstance(fact, Unknown):
                        assert len(fact.reason) < 400
                    assert not isinstance(fact, Fact) or fact.value is not None
