"""An answer of the Hub about a model, and its listing of files: any JSON; what is kept of them is bounded."""

import json

from checker.hub.errors import HubError
from checker.hub.record import listed_files, read_answer
from tests.hub.models import minilm, qwen

LONGEST = 1024
REFUSES = (HubError,)
WORDS = ('"id"', '"sha"', '"siblings"', '"rfilename"', '"size"', '"lfs"', '"sha256"', '"blobId"', '"cardData"', '"license"', '"base_model"', '"gated"', '"auto"', '"safetensors"', '"parameters"', '"gguf"', '"securityRepoStatus"', '"scansDone"', "../", "null", "[]", "{}", "9223372036854775808")


def seeds():
    commit = "a" * 40
    yield json.dumps({"id": "acme/one", "sha": commit, "siblings": [{"rfilename": "config.json", "size": 6, "blobId": "b" * 40}], "cardData": {"license": "mit", "base_model": ["acme/base"]}, "gated": False, "tags": ["a"]}).encode()
    yield json.dumps({"id": "acme/one", "sha": commit, "safetensors": {"parameters": {"BF16": 12}}, "securityRepoStatus": {"scansDone": True, "filesWithIssues": [{"path": "a.bin", "level": "unsafe"}]}, "siblings": []}).encode()
    yield json.dumps([{"type": "file", "path": "a.gguf", "size": 6, "oid": "b" * 40, "lfs": {"oid": "c" * 64, "size": 9}}]).encode()
    yield json.dumps({"id": "a/b", "sha": commit, "gguf": {"total": 7, "architecture": "llama", "context_length": 10}, "siblings": [{"rfilename": "m.gguf"}], "baseModels": {"relation": "quantized", "models": [{"id": "c/d"}]}, "cardData": {}}).encode()


def one(data):
    try:
        answer = json.loads(data)
    except (ValueError, RecursionError):
        return  # the client says that it is no JSON
    if isinstance(answer, list):
        _safe(listed_files(answer))
    if isinstance(answer, dict):
        read = read_answer(answer)
        _safe(read.files or ())
        assert read.names == {file.path for file in read.files or ()}
        assert all(len(tag) <= 400 and "\n" not in tag for tag in read.record.tags or ())


def _safe(files):
    for file in files:
        assert not file.path.startswith("/"), file.path
        assert ".." not in file.path.split("/"), file.path
        assert file.size is None or file.size >= 0
