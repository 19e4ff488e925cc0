"""The schemas through the YAML language server that editors use: completion, hover and diagnostics."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from checker.published import FOLDER

ROOT = Path(__file__).parents[2]
SERVER = ROOT / ".node" / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
pytestmark = pytest.mark.node


class Editor:
    """As much of an editor as a language server needs: it opens texts, asks, and waits for the answer."""

    def __init__(self, schemas: dict[str, str]) -> None:
        self._schemas = schemas
        self._process = subprocess.Popen(
            [shutil.which("node") or "node", str(SERVER), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._number = 0
        self._opened = 0
        self._configured = False
        self.diagnostics: dict[str, list[str]] = {}
        self.ask("initialize", processId=None, rootUri=None, capabilities={"workspace": {"configuration": True}})
        self._send("initialized", params={})
        while not self._configured:
            self._receive()

    def close(self) -> None:
        self.ask("shutdown")
        self._send("exit")
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()

    def open(self, name: str, text: str) -> str:
        self._opened += 1
        uri = f"file:///project/{self._opened}/{name}"
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._send("textDocument/didOpen", params={"textDocument": document})
        return uri

    def ask(self, method: str, **params: object) -> object:
        self._number += 1
        self._send(method, id=self._number, params=params)
        while True:
            message = self._receive()
            if message.get("id") == self._number and "method" not in message:
                assert "error" not in message
                return message["result"]

    def until_judged(self, uri: str) -> list[str]:
        while uri not in self.diagnostics:
            self._receive()
        return self.diagnostics[uri]

    def _send(self, method: str, **rest: object) -> None:
        self._write({"jsonrpc": "2.0", "method": method, **rest})

    def _write(self, message: dict[str, object]) -> None:
        body = json.dumps(message).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _receive(self) -> dict:
        stream = self._process.stdout
        assert stream is not None
        length = 0
        while (line := stream.readline().strip()) or not length:
            assert line, "the language server has gone"
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        message = json.loads(stream.read(length))
        if message.get("method") == "workspace/configuration":
            settings = {"schemas": self._schemas, "schemaStore": {"enable": False}, "validate": True}
            sections = message["params"]["items"]
            answers = [settings if item.get("section") == "yaml" else {} for item in sections]
            self._write({"jsonrpc": "2.0", "id": message["id"], "result": answers})
            self._configured = True
        elif "id" in message and "method" in message:
            self._write({"jsonrpc": "2.0", "id": message["id"], "result": None})
        elif message.get("method") == "textDocument/publishDiagnostics":
            found = [one["message"] for one in message["params"]["diagnostics"]]
            self.diagnostics[message["params"]["uri"]] = found
        return message


def schema(kind: str) -> str:
    return (FOLDER / f"{kind}.draft-07.schema.json").as_uri()


@pytest.fixture(scope="module")
def editor():
    editor = Editor({schema("manifest"): "**/model.yaml", schema("policy"): "**/policy.yaml"})
    yield editor
    editor.close()


def at(text: str) -> tuple[str, dict[str, int]]:
    """The text without its mark `^`, and where that stood."""
    before, after = text.split("^")
    return before + after, {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}


def offered(editor: Editor, name: str, marked: str) -> dict[str, str]:
    """What completion offers at the mark, each with its documentation."""
    text, position = at(marked)
    uri = editor.open(name, text)
    answer = editor.ask("textDocument/completion", textDocument={"uri": uri}, position=position)
    items = answer["items"] if isinstance(answer, dict) else answer
    return {item["label"]: _plain(item.get("documentation", "")) for item in items}


def hovered(editor: Editor, name: str, marked: str) -> str:
    text, position = at(marked)
    uri = editor.open(name, text)
    answer = editor.ask("textDocument/hover", textDocument={"uri": uri}, position=position)
    return _plain(answer["contents"])


def _plain(documentation: object) -> str:
    return documentation["value"] if isinstance(documentation, dict) else str(documentation)


HEAD = "weighbridge: 1\nowner: team\nmodels:\n  - model: Qwen/Qwen3-8B\n"


def test_the_objectives_are_offered(editor):
    labels = offered(editor, "model.yaml", HEAD + "    objective: ^\n")
    assert {"chat", "text-generation", "similarity", "reranking", "other"} <= labels.keys()


def test_the_keys_of_a_block_are_offered_with_what_they_mean(editor):
    labels = offered(editor, "model.yaml", HEAD + "    objective: chat\n    fine_tuning:\n      ^\n")
    assert {"method", "rank", "sequence_length", "micro_batch_size", "hardware"} <= labels.keys()
    assert "Tokens of one training sample." in labels["sequence_length"]


def test_an_example_of_a_free_value_is_offered(editor):
    assert "Qwen/Qwen3-8B" in offered(editor, "model.yaml", "weighbridge: 1\nmodels:\n  - model: ^\n")


def test_a_key_says_what_it_means(editor):
    said = hovered(editor, "model.yaml", HEAD + "    obj^ective: chat\n")
    assert "What it is to do." in said
    said = hovered(editor, "model.yaml", HEAD + "    objective: chat\n    deployment: {context_win^dow: 8192}\n")
    assert "Tokens of one request, prompt and answer together." in said


def test_a_first_line_that_names_the_schema_is_enough(editor):
    first = f"# yaml-language-server: $schema={schema('manifest')}\n"
    assert "chat" in offered(editor, "chat.weighbridge.yaml", first + HEAD + "    objective: ^\n")


def test_an_unknown_key_is_underlined_and_a_good_manifest_is_not(editor):
    bad = editor.open("model.yaml", f"# yaml-language-server: $schema={schema('manifest')}\n{HEAD}    colour: red\n")
    assert any("colour" in message for message in editor.until_judged(bad))
    text = (ROOT / "examples" / "passes" / "model.yaml").read_text("utf-8")
    good = editor.open("model.yaml", f"# yaml-language-server: $schema={schema('manifest')}\n{text}")
    assert editor.until_judged(good) == []


def test_a_policy_offers_rules_levels_and_settings(editor):
    head = "policy: acme\nversion: 1\nrules:\n"
    assert {"license-allowed", "context-window"} <= offered(editor, "policy.yaml", head + "  ^\n").keys()
    levels = offered(editor, "policy.yaml", head + "  license-known: ^\n")
    assert {"advisory", "soft-mandatory", "hard-mandatory", '"off"'} <= levels.keys()
    assert "share" in offered(editor, "policy.yaml", head + "  context-window:\n    ^\n")
