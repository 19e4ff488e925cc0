"""A server on loopback that answers as the Hub documents it, and fails in every way that a network knows."""

from __future__ import annotations

import hashlib
import json
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

LARGE_BYTES = 10_000
"""What is larger is kept apart, as large file storage does."""


class Request(NamedTuple):
    """One request as it came in."""

    path: str
    headers: dict[str, str]


@dataclass
class Model:
    """A repository that the server holds, at one commit."""

    id: str
    files: dict[str, bytes] = field(default_factory=dict)
    card: dict[str, Any] | None = None
    record: dict[str, Any] = field(default_factory=dict)
    """What the record says beside id, commit, files and card; None takes a key out."""
    sizes: dict[str, int] = field(default_factory=dict)
    """Of files whose bytes nobody may ask for: weights."""
    revisions: dict[str, str] = field(default_factory=dict)
    """Commits of further branches and tags."""

    @property
    def commit(self) -> str:
        """Changes with the content."""
        content = [self.id, *(f"{path} {hashlib.sha1(data).hexdigest()}" for path, data in sorted(self.files.items()))]
        return hashlib.sha1("\n".join([*content, json.dumps(self.card)]).encode()).hexdigest()

    def answer(self, revision: str) -> dict[str, Any]:
        """The body of `/api/models/ID/revision/REVISION?blobs=True&securityStatus=True`."""
        stated: dict[str, Any] = {
            "_id": hashlib.md5(self.id.encode()).hexdigest()[:24],
            "id": self.id,
            "modelId": self.id,
            "author": self.id.partition("/")[0],
            "sha": self.revisions.get(revision, self.commit),
            "lastModified": "2026-10-01T12:00:00.000Z",
            "createdAt": "2025-03-01T12:00:00.000Z",
            "private": False,
            "gated": False,
            "disabled": False,
            "downloads": 12,
            "likes": 3,
            "tags": ["transformers", "region:us"],
            "siblings": [*map(sibling, self.files.items()), *map(unread, self.sizes.items())],
            "securityRepoStatus": {"scansDone": True, "filesWithIssues": []},
            "usedStorage": 1000,
            "spaces": [],
        }
        if self.card is not None:
            stated["cardData"] = self.card
        stated |= self.record
        return {key: value for key, value in stated.items() if value is not None}


def sibling(item: tuple[str, bytes]) -> dict[str, Any]:
    path, data = item
    if len(data) > LARGE_BYTES:
        return large(path, len(data), hashlib.sha256(data).hexdigest())
    return {"rfilename": path, "blobId": git_blob(data), "size": len(data)}


def unread(item: tuple[str, int]) -> dict[str, Any]:
    path, size = item
    return large(path, size, hashlib.sha256(path.encode()).hexdigest())


def large(path: str, size: int, sha256: str) -> dict[str, Any]:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {size}\n".encode()
    lfs = {"sha256": sha256, "size": size, "pointerSize": len(pointer)}
    return {"rfilename": path, "blobId": git_blob(pointer), "size": size, "lfs": lfs}


def git_blob(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


Answer = Callable[["Handler"], None]


class Stub:
    """The server's state: what it holds, how it fails, and what it was asked."""

    def __init__(self) -> None:
        self.models: dict[str, Model] = {}
        self.renamed: dict[str, str] = {}
        self.answers: dict[str, list[Answer]] = {}
        """By the beginning of a path, what comes instead; the last one stays."""
        self.requests: list[Request] = []
        self.sent_bytes = 0
        self.delay_seconds = 0.0
        self.storage = ""
        """Where large files are redirected to; empty for answering them here."""
        self.url = ""
        self.released = threading.Event()
        """Set when the test is over, so that nothing hangs."""
        self.lock = threading.Lock()

    def add(self, model: Model) -> Model:
        self.models[model.id] = model
        return model

    def instead(self, beginning: str, *answers: Answer) -> None:
        """Answer paths that begin so by each of these in turn, and by the last one from then on."""
        self.answers[beginning] = list(answers)

    def paths(self) -> list[str]:
        return [request.path for request in self.requests]


class Handler(BaseHTTPRequestHandler):
    """Speaks the paths of the Hub that are asked for."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes: the second would wait 40 ms for the first's receipt
    stub: Stub

    def log_message(self, *_: object) -> None:
        """Tests read what was asked from `Stub.requests`."""

    def handle(self) -> None:
        with suppress(ConnectionError):  # whoever asked has heard enough
            super().handle()

    def do_GET(self) -> None:
        answer = self.taken_down()
        if self.stub.delay_seconds:
            time.sleep(self.stub.delay_seconds)
        if answer is not None:
            answer(self)
            return
        path = unquote(urlsplit(self.path).path)
        if path.startswith("/api/models/"):
            self.record(path.removeprefix("/api/models/"))
        else:
            self.file(path)

    def do_POST(self) -> None:
        """Asks for a token, which nobody gets unless a test says how."""
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        answer = self.taken_down()
        if answer is None:
            self.send_error(501, "Unsupported method ('POST')")
        else:
            answer(self)

    def taken_down(self) -> Answer | None:
        """Note what is asked; the answer that comes instead."""
        stub = self.stub
        with stub.lock:
            stub.requests.append(Request(self.path, {key.lower(): value for key, value in self.headers.items()}))
            instead = next((key for key in stub.answers if self.path.startswith(key)), None)
            answers = stub.answers.get(instead or "", [])
            return answers.pop(0) if len(answers) > 1 else answers[0] if answers else None

    def record(self, path: str) -> None:
        name, _, revision = path.partition("/revision/")
        if name in self.stub.renamed:
            target = self.path.replace(name, self.stub.renamed[name])
            self.send(b"Temporary Redirect. Redirecting", 307, {"Location": target})
            return
        model = self.stub.models.get(name)
        if model is None:
            refused("RepoNotFound", "Repository not found", 404 if "Authorization" in self.headers else 401)(self)
        elif revision not in ("", "main", model.commit, *model.revisions, *model.revisions.values()):
            refused("RevisionNotFound", f"Invalid rev id: {revision}", 404)(self)
        else:
            self.send(json.dumps(model.answer(revision)).encode(), 200, {"Content-Type": "application/json"})

    def file(self, path: str) -> None:
        name, _, rest = path.removeprefix("/").partition("/resolve/")
        commit, _, file = rest.partition("/")
        model = self.stub.models.get(self.stub.renamed.get(name, name))
        data = model.files.get(file) if model else None
        if data is None:
            refused("EntryNotFound", "Entry not found", 404)(self)
        elif len(data) > LARGE_BYTES and self.stub.storage:
            self.send(b"", 302, {"Location": f"{self.stub.storage}/{name}/resolve/{commit}/{file}"})
        else:
            self.ranged(data, commit)

    def ranged(self, data: bytes, commit: str) -> None:
        headers = {"X-Repo-Commit": commit, "ETag": f'"{git_blob(data)}"', "Accept-Ranges": "bytes"}
        asked = self.headers.get("Range", "")
        if not asked.startswith("bytes="):
            self.send(data, 200, headers)
            return
        start, _, end = asked.removeprefix("bytes=").partition("-")
        if int(start) >= len(data):
            self.send(b"", 416, {"Content-Range": f"bytes */{len(data)}"})
            return
        part = data[int(start) : int(end) + 1]
        headers["Content-Range"] = f"bytes {start}-{int(start) + len(part) - 1}/{len(data)}"
        self.send(part, 206, headers)

    def send(self, body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for key, value in (headers or {}).items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with self.stub.lock:  # before the client can have it, and a test can ask
            self.stub.sent_bytes += len(body)
        self.wfile.write(body)


def refused(code: str, message: str, status: int, **headers: str) -> Answer:
    """An error as the Hub sends it."""
    told = {"Content-Type": "application/json", "X-Error-Message": message, **headers}
    if code:
        told["X-Error-Code"] = code

    def answer(handler: Handler) -> None:
        handler.send(json.dumps({"error": message}).encode(), status, told)

    return answer


GATED = refused("GatedRepo", "Access to this model is restricted. You must be authenticated.", 401)
DISABLED = refused("", "Access to this resource is disabled.", 403)
BAD_TOKEN = refused("", "Invalid credentials in Authorization header", 401)
BUSY = refused("", "Service unavailable", 503)


def limited(**headers: str) -> Answer:
    """Too many requests, with these headers."""
    return refused("", "You have reached your limit", 429, **{key.replace("_", "-"): v for key, v in headers.items()})


def page(handler: Handler) -> None:
    """What a login portal answers to everything."""
    handler.send(b"<!DOCTYPE html><html><body>Log in</body></html>", 200, {"Content-Type": "text/html"})


def content(body: bytes, **headers: str) -> Answer:
    """Any body."""
    return lambda handler: handler.send(body, 200, {"Content-Type": "application/json", **headers})


def ends_early(handler: Handler) -> None:
    """The connection closes before the length that was announced."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"id": "acme/')
    handler.close_connection = True


def endless(handler: Handler) -> None:
    """More and more of a body that never ends."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    handler.close_connection = True
    while not handler.stub.released.is_set():
        handler.wfile.write(b" " * 65536)


def drips(handler: Handler) -> None:
    """A byte now and then: each is in time and the end never comes."""
    handler.send_response(200)
    handler.end_headers()
    handler.close_connection = True
    while not handler.stub.released.wait(0.05):
        handler.wfile.write(b" ")


def silent(handler: Handler) -> None:
    """Nothing comes."""
    handler.close_connection = True
    handler.stub.released.wait(20)


def leads_to(address: str) -> Answer:
    """A redirect."""
    return lambda handler: handler.send(b"", 307, {"Location": address})


@contextmanager
def serving(stub: Stub | None = None) -> Iterator[Stub]:
    """A running server on loopback."""
    held = stub or Stub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"stub": held}))
    server.daemon_threads = True
    held.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield held
    finally:
        held.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def safetensors_header(tensors: Mapping[str, tuple[str, list[int]]]) -> bytes:
    """The beginning of a safetensors file with these types and shapes, and none of its weights."""
    size = {"F32": 4, "BF16": 2, "F16": 2, "I32": 4, "I64": 8, "F8_E4M3": 1, "U8": 1}
    header, offset = dict[str, Any](), 0
    for name, (dtype, shape) in tensors.items():
        elements = 1
        for one in shape:
            elements *= one
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [offset, offset + elements * size[dtype]]}
        offset += elements * size[dtype]
    text = json.dumps({"__metadata__": {"format": "pt"}, **header}).encode()
    return struct.pack("<Q", len(text)) + text


def gguf_header(pairs: Mapping[str, object], tensors: Mapping[str, list[int]]) -> bytes:
    """The beginning of a GGUF file with these keys and shapes."""

    def text(value: str) -> bytes:
        return struct.pack("<Q", len(value.encode())) + value.encode()

    def value(given: object) -> bytes:
        if isinstance(given, str):
            return struct.pack("<I", 8) + text(given)
        if isinstance(given, list):
            return struct.pack("<IIQ", 9, 8, len(given)) + b"".join(map(text, given))
        return struct.pack("<II", 4, given)

    body = b"".join(text(key) + value(given) for key, given in pairs.items())
    for name, shape in tensors.items():
        body += text(name) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *shape)
        body += struct.pack("<IQ", 0, 0)
    return b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(pairs)) + body
