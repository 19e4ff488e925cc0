"""The header of a GGUF file, from its first byte."""

from io import BytesIO

from checker.facts.gguf import NotGgufError, header_in
from tests.facts.headers import gguf

REFUSES = (NotGgufError,)
WORDS = (
    "GGUF",
    "general.architecture",
    "general.file_type",
    "llama.context_length",
    "llama",
    "\x09\x00\x00\x00",
    "\x08\x00\x00\x00",
)


def seeds():
    yield gguf({"general.architecture": "llama", "general.file_type": 15, "llama.context_length": 8192}, {"a": [4, 8]})
    yield gguf({"tokens": ["a", "b"], "types": [1, 2], "yes": True}, {}, version=2)
    yield gguf({}, {})


def one(data):
    header = header_in(BytesIO(data))
    assert header.parameters >= 0
    for value in (header.architecture, header.quantization):
        assert value is None or isinstance(value, str)
    assert (header.whole("context_length") or 1) > 0
