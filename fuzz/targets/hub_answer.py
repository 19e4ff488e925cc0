"""An answer of the Hub about a model, and its listing of files: any JSON; what is kept of them is bounded."""

import json

from checker.document.characters import from_json
from checker.hub.errors import HubError
from checker.hub.record import listed_files, read_answer
from fuzz.given import SHAPED, json_text

LONGEST = 512
REFUSES = (HubError,)
_KEYS = (
    *(
        "id",
        "modelId",
        "sha",
        "siblings",
        "rfilename",
        "size",
        "lfs",
        "sha256",
        "blobId",
        "cardData",
        "license",
        "base_model",
    ),
    *("base_model_relation", "relation", "models", "gated", "private", "disabled", "safetensors", "parameters", "gguf"),
    *("architecture", "total", "context_length", "chat_template", "config", "tokenizer_config", "securityRepoStatus"),
    *(
        "scansDone",
        "filesWithIssues",
        "path",
        "level",
        "tags",
        "pipeline_tag",
        "library_name",
        "baseModels",
        "../",
        "/",
    ),
)
WORDS = (*(f'"{key}"' for key in _KEYS), "null", "[]", "{}", "9223372036854775808")
_ANSWERS = (
    {
        "id": "acme/one",
        "sha": "a" * 40,
        "gated": False,
        "private": False,
        "tags": ["a", "base_model:a/b"],
        "siblings": [
            {"rfilename": "config.json", "size": 6, "blobId": "b" * 40},
            {"rfilename": "m.gguf", "lfs": {"sha256": "c" * 64, "size": 9}},
        ],
        "cardData": {"license": "mit", "base_model": ["acme/base"], "tags": ["b"]},
        "safetensors": {"parameters": {"BF16": 12}, "total": 12},
        "gguf": {"total": 7, "architecture": "llama", "context_length": 10},
        "securityRepoStatus": {"scansDone": True, "filesWithIssues": [{"path": "a.bin", "level": "unsafe"}]},
        "config": {"tokenizer_config": {"chat_template": "x"}},
    },
    {
        "modelId": "a/b",
        "sha": "a" * 40,
        "cardData": {},
        "siblings": [],
        "baseModels": {"relation": "quantized", "models": [{"id": "c/d"}, "e/f"]},
    },
    [{"type": "file", "path": "a.gguf", "size": 6, "oid": "b" * 40, "lfs": {"oid": "c" * 64, "size": 9}}],
)


def seeds():
    for number, answer in enumerate(_ANSWERS):
        yield json.dumps(answer).encode()[:LONGEST]
        yield SHAPED + bytes((number, 1, 1, 1, 0, 3, 3))


def one(data):
    try:
        answer = from_json(json_text(data, _ANSWERS, _KEYS))
    except (ValueError, RecursionError):
        return  # the client says that it is no JSON
    if isinstance(answer, list):
        _bounded(listed_files(answer))
    if isinstance(answer, dict):
        read = read_answer(answer)
        _bounded(read.files or ())
        assert read.names == {file.path for file in read.files or ()}
        assert all(len(tag) <= 400 and "\n" not in tag for tag in read.record.tags or ())


def _bounded(files):
    for file in files:
        assert not file.path.startswith("/"), file.path
        assert ".." not in file.path.split("/"), file.path
        assert file.size is None or file.size >= 0
