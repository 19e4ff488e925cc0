"""Tables of models: CSV and JSON lines, hostile cells, and the verdict of every row."""

from __future__ import annotations

import csv
import io
import json

import pytest

from checker.facts.fact import Fact, Unknown
from checker.selection.table import Columns, facts_of, model_in
from checker.selection.table_file import chunks, places, rows_of
from checker.selection.verdicts import COLUMNS

MAP = ("id=model", "lic=license", "kind=architecture_class", "size=parameters", "ctx=native_context", "mmlu=MMLU")
MAPPED = tuple(f"--map={one}" for one in (*MAP, "tuned=variant", "sha=revision"))
SHA = "a" * 40
TABLE = f"""\
id,lic,kind,size,ctx,mmlu,tuned,sha
acme/good-7b,apache-2.0,decoder,7.6B,32768,70.5,instruct,{SHA}
acme/short,mit,decoder,7000000000,4096,60,instruct,{SHA}
acme/closed,cc-by-nc-4.0,decoder,8B,32768,,instruct,{SHA}
acme/dark,,decoder,8B,32768,55,instruct,{SHA}
=cmd|' /C calc'!A0,mit,decoder,8B,32768,55,instruct,{SHA}
acme/odd,mit,decoder,many,32768,5e9,instruct,{SHA}
"""


def rows(path, columns):
    """What each row states; None where it names no model."""
    for chunk in chunks(path, columns):
        for row in rows_of(chunk):
            cells = [row[place] for place in places(chunk)]
            model = model_in(cells[0])
            yield model and facts_of(model, cells, columns, "t")


SELECT = ("select", "--objective", "chat", "--models", "t.csv", *MAPPED)


@pytest.mark.parametrize(
    ("cell", "parameters"),
    [("7.6B", 7_600_000_000), ("350m", 350_000_000), ("12", 12), ("-1", None), ("1e99", None), ("nan", None),
     ("9" * 30, None), ("\x1b[31m", None), ("0", None)],
)  # fmt: skip
def test_an_amount_is_read_or_left_unknown(tmp_path, cell, parameters):
    path = tmp_path / "t.csv"
    path.write_text(f"id,size\nacme/a,{cell}\n", encoding="utf-8")
    facts = next(rows(path, Columns.of_options(["id=model", "size=parameters"])))
    if parameters is None:
        assert isinstance(facts.parameters, Unknown)
        assert "not understood" in facts.parameters.reason
    else:
        assert isinstance(facts.parameters, Fact)
        assert facts.parameters.value == parameters


def test_json_lines_state_the_same_as_csv(tmp_path):
    (tmp_path / "t.csv").write_text(TABLE, encoding="utf-8")
    cells = list(csv.DictReader(io.StringIO(TABLE)))
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, cells)) + "\n\n", encoding="utf-8")
    both = [
        [facts and [type(fact) for fact in facts] for facts in rows(path, Columns.of_options(MAP))]
        for path in (tmp_path / "t.csv", tmp_path / "t.jsonl")
    ]
    assert both[0] == both[1]
    assert len(both[0]) == 6


def test_every_row_gets_a_verdict(project, inside):
    folder = project({"t.csv": TABLE})
    run = inside(*SELECT, "--context-window", "16384", "--verdicts", "v.csv", "--policy", "weighbridge:enterprise")
    found = list(csv.DictReader(io.StringIO((folder / "v.csv").read_text(encoding="utf-8"))))
    assert [row["group"] for row in found][2:] == ["stopped", "not-evaluated", "refused", "not-evaluated"]
    assert "context-window" in found[1]["rules"]
    assert "license-allowed" in found[2]["rules"]
    assert found[4]["model"].startswith("'=cmd")
    assert run.code in (1, 3)
    assert "whose statements count as declared" in run.out


def test_without_a_plan_the_row_that_states_everything_passes(project, inside):
    folder = project({"t.csv": TABLE})
    run = inside(*SELECT, "--verdicts", "v.jsonl", "--json")
    assert run.code == 0
    verdicts = [json.loads(line) for line in (folder / "v.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (verdicts[0]["group"], verdicts[0]["row"]) == ("passes", 1)
    assert json.loads(run.out)["models"][0]["quality"]["score"] == 70.5
    assert [row["group"] for row in verdicts].count("refused") == 1


@pytest.mark.parametrize(
    ("files", "arguments", "told"),
    [
        ({"t.csv": TABLE}, ("--models", "t.csv", "--map", "idd=model"), "did you mean `id`"),
        ({"t.csv": TABLE}, ("--models", "t.csv", "--map", "id=modl"), "did you mean `model`"),
        ({"t.csv": TABLE}, ("--models", "t.csv", "--map", "lic=license"), "no column names the model"),
        ({"t.csv": TABLE}, ("--models", "t.csv", "--map=id=model", "--map=lic=model"), "two columns for model"),
        ({"t.csv": 'id\n"open\n'}, ("--models", "t.csv", "--map", "id=model"), "is no CSV"),
        ({"t.csv": "id\n???\n"}, ("--models", "t.csv", "--map", "id=model"), "no row names a model (1 were read)"),
        ({"t.jsonl": "{"}, ("--models", "t.jsonl", "--map", "id=model"), "line 1 is no JSON"),
        ({"t.jsonl": "[" * 100_000}, ("--models", "t.jsonl", "--map", "id=model"), "line 1 is no JSON"),
        ({"t.jsonl": "[1]"}, ("--models", "t.jsonl", "--map", "id=model"), "line 1 is no JSON object"),
        ({"t.csv": "x" * 1_100_000}, ("--models", "t.csv", "--map", "id=model"), "more than 1048576 characters"),
        ({}, ("--models", "none.csv", "--map", "id=model"), "there is no such file"),
        ({}, ("--map", "id=model"), "--map without --models"),
        ({"t.csv": TABLE}, ("--models=t.csv", "--map=id=model", "--verdicts=no/v.csv"), "cannot be written"),
    ],
)
def test_what_is_no_table_is_said(project, inside, files, arguments, told):
    project(files)
    run = inside("select", "--objective", "chat", *arguments)
    assert run.code == 2
    assert told in run.err


def test_bytes_that_are_no_text_are_said(tmp_path, inside):
    (tmp_path / "t.csv").write_bytes(b"id\n\xff\xfe\n")
    assert "no text in UTF-8" in inside("select", "--objective", "chat", "--models", "t.csv", "--map", "id=model").err


def _parquet(path, **columns):
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table(columns), path)


def test_parquet_states_the_same_as_csv(project, inside):
    folder = project({"t.csv": TABLE})
    cells = list(csv.DictReader(io.StringIO(TABLE)))
    _parquet(folder / "t.parquet", **{name: [row[name] or None for row in cells] for name in cells[0]})
    for name in ("t.csv", "t.parquet"):
        inside("select", "--objective", "chat", "--models", name, *MAPPED, "--verdicts", f"{name}.out.csv")
    both = [(folder / f"{name}.out.csv").read_text(encoding="utf-8") for name in ("t.csv", "t.parquet")]
    assert both[0] == both[1]
    assert "acme/good-7b,passes" in both[0]


NO_TEXT = b"a\xffb"
"""Three texts of a byte, of which the second is no UTF-8."""
LONGEST = 128 * 1024


def _bad_texts():
    import pyarrow as pa

    offsets = b"".join(number.to_bytes(4, "little") for number in range(4))
    return pa.Array.from_buffers(pa.string(), 3, [None, pa.py_buffer(offsets), pa.py_buffer(NO_TEXT)])


def _refusals():
    import pyarrow as pa

    kinds = {
        "date32[day]": pa.array([1, 2**31 - 1, None], pa.date32()),
        "timestamp[us]": pa.array([1, 2**62, None], pa.timestamp("us")),
        "timestamp[ns]": pa.array([1, 123456789, None], pa.timestamp("ns")),
        "duration[s]": pa.array([1, 2**62, None], pa.duration("s")),
        "binary": pa.array([b"a", b"\xff", None]),
        "list<element: int64>": pa.array([[1], [], None]),
    }
    expected = "expected texts, numbers, or true and false"
    yield from ((cells, f"t.parquet: error: column `x` holds {kind}: {expected}") for kind, cells in kinds.items())
    yield _bad_texts(), "t.parquet: error: row 2, column `x`: it is no text in UTF-8"
    yield ["a", "b", "c" * (LONGEST + 1)], f"t.parquet: error: row 3, column `x`: a text of {LONGEST + 1} bytes"


@pytest.mark.parametrize(
    ("cells", "told"), list(_refusals()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_no_column_states_is_told_with_its_place(project, inside, cells, told):
    _parquet(project({}) / "t.parquet", id=["acme/a", "acme/b", "acme/c"], x=cells)
    for field in ("parameters", "release_date"):
        run = inside("select", "--objective", "chat", "--models", "t.parquet", "--map=id=model", f"--map=x={field}")
        assert (run.code, told in run.err) == (2, True), run.err


def test_parquet_is_read_of_every_kind_of_text_and_number(project):
    import pyarrow as pa

    for cells in (
        pa.array(["7B", "7B"], pa.large_string()),
        pa.array(["7B", "7B"], pa.string_view()),
        pa.array(["7B", "7B"]).dictionary_encode(),
        pa.array([7_000_000_000] * 2).dictionary_encode(),
        pa.array([7e9, 7e9]),
        ["c" * LONGEST, "7B"],
    ):
        path = project({}) / "t.parquet"
        _parquet(path, id=["acme/a", "acme/b"], x=cells)
        assert list(rows(path, Columns.of_options(["id=model", "x=parameters"])))[1].parameters.value == 7_000_000_000


def test_a_small_file_that_spells_out_gigabytes_is_read_in_small_parts(project):
    import pyarrow as pa

    path = project({}) / "t.parquet"
    cells = pa.array(["a" * 20_000]).dictionary_encode().take(pa.array([0] * 20_000))
    _parquet(path, id=["acme/a"] * 20_000, x=cells)
    assert path.stat().st_size < 2_000
    parts = list(chunks(path, Columns.of_options(["id=model", "x=license"])))
    assert max(len(part.data) for part in parts) < 9 * 1024 * 1024
    assert [part.first for part in parts[:3]] == [1, 420, 839]
    assert sum(1 for part in parts for _ in rows_of(part)) == 20_000


def test_a_group_of_rows_that_is_larger_than_memory_allows_is_refused(project, inside, monkeypatch):
    from checker.selection import parquet

    monkeypatch.setattr(parquet, "MAX_GROUP_BYTES", 1 << 20)
    _parquet(project({}) / "t.parquet", id=[f"acme/{number:080d}" for number in range(30_000)])
    run = inside("select", "--objective", "chat", "--models", "t.parquet", "--map=id=model")
    assert (run.code, "row group 1 holds 2 MiB" in run.err) == (2, True), run.err


def _varint(number, of_bytes=0):
    """A whole number as Thrift's compact protocol writes it, in so many bytes."""
    number, out = number << 1, []
    while number > 127 or len(out) < of_bytes - 1:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("compression", ["snappy", "zstd"])
def test_what_the_footer_states_of_a_size_is_not_believed(project, inside, monkeypatch, version, compression):
    import pyarrow as pa
    import pyarrow.parquet as pq

    from checker.selection import parquet

    monkeypatch.setattr(parquet, "MAX_GROUP_BYTES", 1 << 20)
    path = project({}) / "t.parquet"
    table = pa.table({"id": [f"acme/{number:080d}" for number in range(30_000)]})
    pq.write_table(table, path, compression=compression, data_page_version=version)
    stated = pq.read_metadata(path).row_group(0).column(0).total_uncompressed_size
    written = _varint(stated)
    path.write_bytes(path.read_bytes().replace(written, _varint(1000, len(written))))
    assert pq.read_metadata(path).row_group(0).column(0).total_uncompressed_size == 1000
    run = inside("select", "--objective", "chat", "--models", "t.parquet", "--map=id=model")
    assert (run.code, "row group 1 holds 2 MiB of the columns that are mapped" in run.err) == (2, True), run.err


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("compression", ["snappy", "gzip", "zstd", "lz4", "brotli"])
def test_a_page_that_unpacks_to_more_than_its_header_says_is_refused(project, inside, version, compression):
    """The library does that, and what is counted of a column rests on it."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = project({}) / "t.parquet"
    table = pa.table({"id": [f"acme/{number:080d}" for number in range(3_000)]})
    pq.write_table(table, path, compression=compression, data_page_version=version, use_dictionary=False)
    start = pq.read_metadata(path).row_group(0).column(0).data_page_offset
    data = bytearray(path.read_bytes())
    end = start + 3 + next(n for n, byte in enumerate(data[start + 3 :], 1) if byte < 128)
    assert data[start] == data[start + 2] == 0x15  # the kind of page, then what it unpacks to
    data[start + 3 : end] = _varint(9_000, end - start - 3)
    path.write_bytes(data)
    run = inside("select", "--objective", "chat", "--models", "t.parquet", "--map=id=model")
    assert (run.code, run.err.startswith("t.parquet: error: it is no Parquet: ")) == (2, True), run.err


@pytest.mark.parametrize("encoding", ["DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"])
def test_texts_that_are_told_by_what_they_share_with_others_are_refused_by_column(project, inside, encoding):
    """A page of them may unpack to gigabytes, and the library does not read them as we do."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path, table = project({}) / "t.parquet", pa.table({"id": ["acme/a"]})
    pq.write_table(table, path, use_dictionary=False, column_encoding={"id": encoding})
    run = inside("select", "--objective", "chat", "--models", "t.parquet", "--map=id=model")
    expected = "expected texts one by one or by a dictionary, as writers do unless they are told otherwise"
    assert (run.code, run.err) == (2, f"t.parquet: error: column `id` is written as {encoding}: {expected}\n")


_CONTRADICTION = "t.parquet: error: it is no Parquet: its footer contradicts itself: expected a Parquet file\n"


@pytest.mark.parametrize(
    ("damaged", "code", "told"),
    [pytest.param(b"license", 2, _CONTRADICTION, id="mapped"), pytest.param(b"other", 3, "", id="not mapped")],
)
def test_a_damaged_record_of_a_column_does_not_end_the_process(project, started, damaged, code, told):
    """Its schema says that no cell is empty, and its statistics count empty ones; of other columns nothing is asked."""
    folder = project({})
    _parquet(folder / "t.parquet", id=["Qwen/Qwen2.5-7B-Instruct"] * 9, license=["apache-2.0"] * 9, other=["x"] * 9)
    content = (folder / "t.parquet").read_bytes()
    optional, required = (b"\x25" + bit + b"\x18" + bytes([len(damaged)]) + damaged for bit in (b"\x02", b"\x00"))
    assert content.count(optional) == 1  # a column's repetition, then its name
    (folder / "t.parquet").write_bytes(content.replace(optional, required))
    maps = ("--map=id=model", "--map=license=license")
    run = started("select", "--objective", "chat", "--models", "t.parquet", *maps)
    assert (run.code, run.err if code == 2 else "") == (code, told), run.err


def test_a_table_whose_pages_hold_fewer_rows_than_its_footer_says_is_refused(project, inside):
    """The library passes over a page of values without their number, and is content with what is left."""
    path = project({}) / "t.parquet"
    _parquet(path, id=["acme/a", "acme/b", "acme/a"])
    damaged = bytearray(path.read_bytes())
    assert damaged[4:6] == bytes((0x15, 4))  # the kind of the first page: a dictionary
    damaged[5] = 6  # values, in the form of version 2
    path.write_bytes(damaged)
    run = inside("select", "--objective", "chat", "--models", "t.parquet", "--map=id=model")
    told = "its pages hold 0 rows, and its footer says 3: expected a Parquet file"
    assert (run.code, run.err) == (2, f"t.parquet: error: it is no Parquet: {told}\n")


def test_verdicts_go_out_as_parquet(project, inside):
    import pyarrow.parquet as pq

    folder = project({"t.csv": TABLE})
    assert inside(*SELECT, "--verdicts", "v.parquet").code == 0
    found = pq.read_table(folder / "v.parquet").to_pydict()
    assert found["row"] == [1, 2, 3, 4, 5, 6]
    assert found["group"][0] == "passes"
    assert found["group"][4] == "refused"
    assert "acme/closed" in found["model"]
    assert "license-allowed" in found["reasons"][2]


def test_cells_of_other_kinds_leave_facts_unknown(project, inside):
    folder = project({})
    _parquet(
        folder / "t.parquet",
        id=["acme/a", "acme/b", "acme/c"],
        license=[1, 2, None],
        size=[float("nan"), float("inf"), 7.6e9],
        kind=[True, False, None],
    )
    maps = ("id=model", "license=license", "size=parameters", "kind=architecture_class")
    run = inside("select", "--objective", "chat", "--models", "t.parquet", *(f"--map={one}" for one in maps), "--json")
    assert run.code == 3
    assert json.loads(run.out)["tally"]["not-evaluated"] == 3


@pytest.mark.parametrize(
    ("content", "arguments", "told"),
    [
        (b"PAR1 no more", ("--map=id=model",), "it is no Parquet"),
        (None, ("--map=idd=model",), "no column is called `idd`"),
    ],
)
def test_what_is_no_parquet_is_said(project, inside, content, arguments, told):
    folder = project({})
    if content is None:
        _parquet(folder / "t.parquet", id=["acme/a"])
    else:
        (folder / "t.parquet").write_bytes(content)
    run = inside("select", "--objective", "chat", "--models", "t.parquet", *arguments)
    assert run.code == 2
    assert told in run.err


def test_a_missing_extra_is_named(project, inside, monkeypatch):
    import sys

    folder = project({"t.csv": TABLE})
    (folder / "t.parquet").write_bytes(b"")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    for arguments in (("--models", "t.parquet", "--map=id=model"), (*SELECT[3:], "--verdicts", "v.parquet")):
        run = inside("select", "--objective", "chat", *arguments)
        assert run.code == 2
        assert 'pip install "weighbridge[fleet]"' in run.err


def test_a_large_table_is_judged_by_several_processes_with_the_same_result(project, inside, monkeypatch):
    from checker.selection import table_file

    lines = [f'acme/m{number},{("mit", "gemma", "")[number % 3]},{number % 5}B,"two\nlines"' for number in range(90)]
    folder = project({"t.csv": "id,lic,size,note\n" + "\n".join(lines) + "\n"})
    monkeypatch.setattr(table_file, "CHUNK_LINES", 20)
    maps = [f"--map={one}" for one in ("id=model", "lic=license", "size=parameters")]
    outs = []
    for jobs in ("1", "2"):
        run = inside("select", "--objective", "chat", "--models", "t.csv", *maps, "--jobs", jobs, "--verdicts", "v.csv")
        outs.append((run.out, (folder / "v.csv").read_text(encoding="utf-8")))
    assert outs[0] == outs[1]
    assert outs[0][1].count("\n") == 91
    assert "\n90,acme/m89," in outs[0][1]


def test_an_error_in_another_process_is_still_one_of_input(project, inside, monkeypatch):
    from checker.selection import table_file

    monkeypatch.setattr(table_file, "CHUNK_LINES", 2)
    project({"t.jsonl": '{"id": "a/b"}\n' * 5 + "{\n"})
    run = inside("select", "--objective", "chat", "--models", "t.jsonl", "--map=id=model", "--jobs", "2")
    assert run.code == 2
    assert "line 6 is no JSON" in run.err


def test_what_is_held_of_a_large_table_are_its_best_rows_and_what_is_named(project, inside, monkeypatch):
    from checker.selection import table_file

    monkeypatch.setattr(table_file, "CHUNK_LINES", 10)
    lines = [f"acme/m{number:02},mit,decoder,instruct,{1024 << number % 8},{SHA}" for number in range(60)]
    project({"t.csv": "id,lic,kind,tuned,ctx,sha\n" + "\n".join(lines) + "\n"})
    maps = ("id=model", "lic=license", "kind=architecture_class", "tuned=variant", "ctx=native_context", "sha=revision")
    asked = ("select", "--objective", "chat", "--models", "t.csv", *(f"--map={one}" for one in maps))
    run = inside(*asked, "--top", "2")
    assert "60 pass\n   1. acme/m07 " in run.out
    assert "   2. acme/m15 " in run.out
    assert "and 58 more" in run.out
    assert inside(*asked, "--top", "1", "--why", "m32").out.startswith("acme/m32: passes")


def test_the_models_of_a_lock_are_judged_as_a_manifest_beside_it_would_be(project, inside, tmp_path):
    from checker.facts.locked.file import write
    from checker.facts.locked.lock import Lock
    from tests.facts.locked.entries import entry

    folder = project({})
    write(folder / "some.lock", Lock(entries=(entry(),)))
    run = inside("select", "--objective", "chat", "--models", "some.lock", "--verdicts", "v.csv")
    assert "known as a manifest beside it would know them" in run.out
    found = list(csv.DictReader(io.StringIO((folder / "v.csv").read_text(encoding="utf-8"))))
    assert [row["model"] for row in found] == ["Qwen/Qwen2.5-7B-Instruct"]
    assert inside("select", "--objective", "chat", "--models", "some.lock", "--map=a=model").code == 2


@pytest.mark.parametrize("models", [(), ("--models", "model.lock")])
def test_a_cluster_without_a_table_is_refused(inside, models):
    run = inside("select", "--objective", "chat", *models, "--cluster", "tcp://127.0.0.1:1")
    assert run.code == 2
    assert "--cluster without a table" in run.err


def test_what_was_kept_of_one_table_does_not_stand_for_rows_of_the_next(tmp_path, inside):
    for name, license_id in (("one", "mit"), ("two", "cc-by-nc-4.0")):
        (tmp_path / f"{name}.csv").write_text(f"model,license\nacme/{name},{license_id}\nacme/other,{license_id}\n")
    asked = (
        "select",
        "--objective",
        "chat",
        "--purpose",
        "commercial",
        "--map",
        "model=model",
        "--map",
        "license=license",
    )
    first = inside(*asked, "--models", "one.csv", "--verdicts", "one.out.csv")
    second = inside(*asked, "--models", "two.csv", "--verdicts", "two.out.csv")
    again = inside(*asked, "--models", "one.csv", "--verdicts", "again.csv")
    assert first == again
    assert (tmp_path / "one.out.csv").read_text() == (tmp_path / "again.csv").read_text()
    assert "license-allowed" in (tmp_path / "two.out.csv").read_text()
    assert second.code != 70


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it is empty: expected a line with the names of the columns, and rows"),
        ("id,id\na/b,c/d\n", "2 columns are called `id`"),
        (f"id\na/{'b' * 200_000}\n", "expected cells of at most 131072 characters"),
        ('id\n"a/b\n', "expected quotes that are closed"),
    ],
)
def test_a_table_that_says_two_things_or_none_is_refused(project, inside, text, told):
    project({"t.csv": text})
    run = inside("select", "--objective", "chat", "--models", "t.csv", "--map=id=model")
    assert run.code == 2
    assert told in run.err


def _said_in_csv(path, run):
    assert path.read_text(encoding="utf-8").splitlines()[0].split(",") == list(COLUMNS)
    told = [line for line in run.err.splitlines() if line.startswith(f"{path.name}: relaxed: ")]
    return [line.removeprefix(f"{path.name}: relaxed: ") for line in told]


def _said_in_lines(path, run):
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert all(list(row) == [*COLUMNS, "relaxations"] for row in rows)
    [said] = {tuple(row["relaxations"]) for row in rows}
    return list(said)


def _said_in_parquet(path, run):
    import pyarrow.parquet as pq

    schema = pq.read_schema(path)
    assert schema.names == list(COLUMNS)
    return json.loads(schema.metadata[b"relaxations"])


BRACE = '"acme/brace}\n{",,,,,,,\n'
"""A cell that looks like the end of one object and the beginning of the next."""
SAID = {"v.csv": _said_in_csv, "v.jsonl": _said_in_lines, "v.ndjson": _said_in_lines, "v.parquet": _said_in_parquet}


@pytest.mark.parametrize(("name", "said"), SAID.items(), ids=SAID)
@pytest.mark.parametrize("models", [("--models", "t.csv", *MAPPED), ()], ids=["table", "catalogue"])
def test_a_file_of_verdicts_keeps_its_columns_and_what_loosens_the_run_is_said(project, inside, name, said, models):
    folder = project({"t.csv": TABLE + BRACE, "pyproject.toml": ""})
    asked = ("select", "--objective", "chat", *models, "--verdicts", name, "--json")
    assert said(folder / name, inside(*asked)) == []
    project({"pyproject.toml": '[tool.weighbridge]\npolicy = "weighbridge:enterprise"\n'})
    run = inside(*asked, "--today", "2026-11-01")
    assert said(folder / name, run) == json.loads(run.out)["relaxations"]
    assert said(folder / name, run) == ["--today 2026-11-01", "the project chose its policy in pyproject.toml"]


@pytest.mark.parametrize(
    ("name", "first"), [("v.JSONL", b'{"row": 1'), ("v.PARQUET", b"PAR1"), ("v.CSV", b"row,model")]
)
def test_the_end_of_a_name_says_the_format_in_letters_of_any_size(project, inside, name, first):
    folder = project({"t.csv": TABLE})
    inside("select", "--objective", "chat", "--models", "t.csv", *MAPPED, "--verdicts", name)
    assert (folder / name).read_bytes().startswith(first)
