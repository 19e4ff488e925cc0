"""Headers of weights are read within limits, and hostile ones are refused with the reason."""

import struct
from io import BytesIO

import pytest

from checker.facts.gguf import Header, NotGgufError, header_in, read_header
from checker.facts.safetensors import (
    NotSafetensorsError,
    added,
    elements_by_dtype,
    floats,
    header_length,
    loaded,
    read_elements,
)
from tests.facts.headers import gguf, safetensors


def test_elements_are_counted_by_type(tmp_path):
    file = tmp_path / "model.safetensors"
    file.write_bytes(
        safetensors({"a": ("BF16", [2, 3]), "b": ("BF16", []), "c": ("I64", [1, 5]), "d": ("F32", [0, 9])})
    )
    assert read_elements(file) == {"BF16": 7, "I64": 5, "F32": 0}


def test_counts_of_shards_add_up():
    assert added(({"BF16": 1}, {"BF16": 2, "F32": 3})) == {"BF16": 3, "F32": 3}


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({"BF16": 5, "F32": 2, "I64": 512, "BOOL": 1}, 7),
        ({"I32": 5, "F16": 2}, None),
        ({"U8": 5}, None),
        ({"I64": 5}, None),
        ({}, None),
    ],
)
def test_elements_are_parameters_unless_some_are_packed(elements, expected):
    assert floats(elements) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("model.safetensors", "consolidated.safetensors", "README.md"), ("model.safetensors",)),
        (
            ("model-00002-of-00002.safetensors", "model-00001-of-00002.safetensors", "consolidated.safetensors"),
            ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"),
        ),
        (("other.safetensors", "consolidated.safetensors", "unet/model.safetensors"), ("other.safetensors",)),
        (("pytorch_model.bin",), ()),
    ],
)
def test_a_second_copy_of_the_weights_is_not_counted(names, expected):
    assert loaded(names) == expected


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (b"{", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[]", "no object"),
        (b'{"a": 7}', "of the tensor a"),
        (b'{"a": {"dtype": 7, "shape": []}}', "of the tensor a"),
        (b'{"a": {"dtype": "F32", "shape": [-1]}}', "of the tensor a"),
        (b'{"a": {"dtype": "F32", "shape": [true]}}', "of the tensor a"),
        (b'{"a": {"dtype": "F32", "shape": "2"}}', "of the tensor a"),
        (b'{"a": {"dtype": "F32", "shape": [9007199254740992, 2]}}', "larger than any"),
        (b'{"a": {"dtype": "F32", "shape": ' + str([1] * 17).encode() + b"}}", "of the tensor a"),
        (b"\xff", "no JSON"),
    ],
)
def test_a_header_that_says_nothing_usable_is_refused(header, words):
    with pytest.raises(NotSafetensorsError, match=words):
        elements_by_dtype(header)


@pytest.mark.parametrize("first", [b"", b"1234567", b"\0" * 8, b"\xff" * 8, (1).to_bytes(8, "little")])
def test_a_length_that_no_header_has_is_refused(first):
    with pytest.raises(NotSafetensorsError, match="length"):
        header_length(first)


def test_a_file_that_ends_inside_its_header_is_refused(tmp_path):
    (tmp_path / "a").write_bytes(safetensors({"a": ("F32", [1])})[:-3])
    with pytest.raises(NotSafetensorsError, match="ends inside"):
        read_elements(tmp_path / "a")


METADATA = {
    "general.architecture": "llama",
    "general.file_type": 15,
    "llama.block_count": 32,
    "llama.rope": True,
    "tokenizer.ggml.tokens": ["<s>", "é"],
    "tokenizer.ggml.token_type": [1, 2, 3],
}


@pytest.mark.parametrize("version", [2, 3])
def test_metadata_and_the_sizes_of_tensors_are_read(tmp_path, version):
    (tmp_path / "m.gguf").write_bytes(gguf(METADATA, {"a": [2, 3], "b": [5]}, version))
    header = read_header(tmp_path / "m.gguf")
    assert header.metadata["llama.rope"] is True
    assert header.arrays == {"tokenizer.ggml.tokens": 2, "tokenizer.ggml.token_type": 3}
    assert (header.architecture, header.quantization, header.parameters) == ("llama", "Q4_K_M", 11)
    assert (header.whole("block_count"), header.whole("context_length")) == (32, None)


def test_a_header_without_names_says_nothing_of_them():
    header = Header({"general.architecture": 7, "general.file_type": "x"}, {}, 0)
    assert (header.architecture, header.quantization) == (None, None)
    assert Header({"general.file_type": 999}, {}, 0).quantization is None


def nested(depth: int) -> bytes:
    """One pair whose value is an array of an array of …"""
    inner = struct.pack("<IQ", 4, 0)
    for _ in range(depth):
        inner = struct.pack("<IQ", 9, 1) + inner
    return b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1) + b"k" + struct.pack("<I", 9) + inner


def one(kind: int, value: bytes) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1) + b"k" + struct.pack("<I", kind) + value


def test_an_array_of_arrays_is_passed_over():
    assert header_in(BytesIO(nested(2))).arrays == {"k": 1}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "ends inside"),
        (b"GGML" + b"\0" * 40, "does not begin with GGUF"),
        (b"GGUF" + struct.pack("<IQQ", 1, 0, 0), "its version is 1"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1 << 40, 0), "more tensors or pairs"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1 << 40), "more tensors or pairs"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1 << 40), "a text that is longer"),
        (gguf(METADATA, {})[:-5], "ends inside"),
        (one(99, b""), "a value of the unknown type 99"),
        (one(9, struct.pack("<IQ", 4, 1 << 40)), "an array that is larger"),
        (one(9, struct.pack("<IQ", 99, 1)), "an array of the unknown type 99"),
        (one(9, struct.pack("<IQ", 8, 1) + struct.pack("<Q", 1 << 40)), "larger than any|ends inside"),
        (nested(9), "an array that is larger"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1, 0) + struct.pack("<Q", 0) + struct.pack("<I", 99), "more dimensions"),
    ],
)
def test_a_hostile_gguf_header_is_refused(data, words):
    with pytest.raises(NotGgufError, match=words):
        header_in(BytesIO(data))


def test_a_header_that_never_ends_is_given_up():
    class Endless:
        def read(self, count: int) -> bytes:
            return b"\0" * count

    class Begun(Endless):
        first = one(9, struct.pack("<IQ", 8, 1 << 24) + struct.pack("<Q", 1 << 62))

        def read(self, count: int) -> bytes:
            taken, self.first = self.first[:count], self.first[count:]
            return taken or super().read(count)

    with pytest.raises(NotGgufError, match="its header is larger than any"):
        header_in(Begun())
