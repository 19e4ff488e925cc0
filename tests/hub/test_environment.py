"""A variable that the Hub's library or its HTTP layer cannot read is named, and nobody is asked; rubbish elsewhere is none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.hub.conftest import CERTIFICATE, ID
from tests.hub.stub import Answer, Stub, content, drips, endless, silent
from tests.in_process import weighbridge  # noqa: F401

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pipes, and names that are no text, exist on POSIX only")
MANIFEST = f"weighbridge: 1\nowner: support\nmodels:\n  - model: {ID}\n    objective: chat\n"
NO_BYTE = "\udcff"
"""What a byte that is no UTF-8 becomes in the environment."""
LONG = "9" * 5000
PROXY = "is no address of a proxy that can be used here: expected http://host:port"
WHOLE = "expected seconds, or no such variable"
PEM = "expected a file of certificates, PEM"
FILE = "expected a file with a token, or a folder without it"
LETTERS = "expected letters, digits and `_` alone"

Variables = dict[str, str]
CONNECTING: tuple[tuple[Variables, str], ...] = (
    *(
        ({"HTTP_PROXY": value}, f"HTTP_PROXY {PROXY}")
        for value in (
            *("foo://x", "://", "::", "http://", "http://[::1", "http://a..b:1", "x" * 64, "a b"),
            *("http://proxy:99999", "http://proxy:0", "http://1.2.3.999", "http://proxy\n", NO_BYTE),
        )
    ),
    ({"HTTPS_PROXY": "foo://x"}, f"HTTPS_PROXY {PROXY}"),
    ({"ALL_PROXY": "socks5://127.0.0.1:1"}, f"ALL_PROXY {PROXY}"),  # without the library that speaks it
    ({"all_proxy": "http://me:secret@a..b"}, f"all_proxy {PROXY}"),
    ({"http_proxy": "foo://x", "HTTP_PROXY": "http://127.0.0.1:9"}, f"http_proxy {PROXY}"),
    (
        {"NO_PROXY": f"http://a/{NO_BYTE}"},
        "NO_PROXY holds bytes that are not UTF-8: expected names of hosts, with commas between them",
    ),
    ({"SSL_CERT_FILE": "absent"}, f"SSL_CERT_FILE leads to absent: there is no such file: {PEM}"),
    ({"SSL_CERT_FILE": "folder"}, f"SSL_CERT_FILE leads to folder: it is a folder: {PEM}"),
    ({"SSL_CERT_FILE": "pipe"}, f"SSL_CERT_FILE leads to pipe: it is a pipe: {PEM}"),
    ({"SSL_CERT_FILE": "token"}, f"SSL_CERT_FILE leads to token: it holds no certificate: {PEM}"),
    (
        {"SSL_CERT_FILE": "", "SSL_CERT_DIR": "token:absent"},
        "SSL_CERT_DIR names no folder: `token:absent`: expected a folder of certificates, PEM",
    ),
    *(
        ({"SSLKEYLOGFILE": path}, f"SSLKEYLOGFILE cannot be written: {path}: expected a file, or no such variable")
        for path in ("absent/keys", "folder", "pipe")
    ),
    (
        {"HF_HUB_USER_AGENT_ORIGIN": "ä"},
        "HF_HUB_USER_AGENT_ORIGIN cannot stand in a header: `ä`: expected ASCII on one line",
    ),
    (
        {"HF_HUB_USER_AGENT_ORIGIN": "a\nX: b"},
        "HF_HUB_USER_AGENT_ORIGIN cannot stand in a header: `a\\x0aX: b`: expected ASCII on one line",
    ),
    ({"HF_TOKEN": "ä"}, f"HF_TOKEN is no token: {LETTERS}"),
    ({"HUGGING_FACE_HUB_TOKEN": "a b"}, f"HUGGING_FACE_HUB_TOKEN is no token: {LETTERS}"),
    (
        {"HF_ENDPOINT": "http://a..b"},
        "HF_ENDPOINT is no address: `http://a..b`: expected such as https://huggingface.co",
    ),
)
"""What is read anew for each connection."""
IMPORTING: tuple[tuple[Variables, str], ...] = (
    ({"HF_HUB_ETAG_TIMEOUT": "x"}, f"HF_HUB_ETAG_TIMEOUT is no whole number: `x`: {WHOLE}"),
    ({"HF_HUB_ETAG_TIMEOUT": LONG}, f"HF_HUB_ETAG_TIMEOUT is no whole number: `{LONG[:100]}`: {WHOLE}"),
    ({"HF_HUB_DOWNLOAD_TIMEOUT": ""}, f"HF_HUB_DOWNLOAD_TIMEOUT is no whole number: ``: {WHOLE}"),
    ({"HF_HUB_DOWNLOAD_TIMEOUT": "1.5"}, f"HF_HUB_DOWNLOAD_TIMEOUT is no whole number: `1.5`: {WHOLE}"),
    (
        {"TQDM_MININTERVAL": "x"},
        "TQDM_MININTERVAL: could not convert string to float: 'x': expected what tqdm takes, or no such variable",
    ),
)
"""What is read once, while the library is imported."""
STORED: tuple[tuple[Variables, str], ...] = (
    ({"HF_TOKEN_PATH": "folder"}, f"HF_TOKEN_PATH leads to folder: it is a folder: {FILE}"),
    ({"HF_TOKEN_PATH": "pipe"}, f"HF_TOKEN_PATH leads to pipe: it is a pipe: {FILE}"),
    ({"HF_TOKEN_PATH": "latin"}, f"HF_TOKEN_PATH leads to latin: it holds no token: {LETTERS}"),
    ({"HF_TOKEN_PATH": "two"}, f"HF_TOKEN_PATH leads to two: it holds no token: {LETTERS}"),
    (
        {"HF_TOKEN_PATH": "t" * 300},
        f"HF_TOKEN_PATH leads to {'t' * 300}: the file cannot be read (File name too long): {FILE}",
    ),
    ({"HF_HOME": "/dev/null"}, f"HF_HOME leads to /dev/null/token: there is no such file: {FILE}"),
    (
        {"HF_OIDC_RESOURCE": "x", "ACTIONS_ID_TOKEN_REQUEST_URL": "::", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "ä"}
        | {"GITHUB_ACTIONS": "true"},
        "HF_OIDC_RESOURCE gives no token: Relative URLs cannot have a path starting with ':': expected what `Trusted "
        "Publishers` of the Hub documents, or no such variable",
    ),
)
"""What decides which token is sent; the library has read it before the first test of a process."""
WITHOUT_EFFECT: Variables = {
    "HF_HUB_VERBOSITY": "x",
    "HF_HUB_OFFLINE": "perhaps",
    "HF_HUB_DISABLE_PROGRESS_BARS": "x",
    "HF_DEBUG": "x",
    "HF_HUB_ETAG_TIMEOUT": "-1",
    "HF_HUB_CACHE": "/dev/null",
    "HF_XET_CACHE": "/dev/null",
    "HF_INFERENCE_ENDPOINT": "::",
    "CLAUDE_CONFIG_DIR": NO_BYTE,
    "AI_AGENT": "ä",
    "NO_PROXY": "a,,b..c,[,[::1,http://h:999999,*x,((,://",
    "SSL_CERT_DIR": "absent",
    "TQDM_DISABLE": "x",
    "TQDM_NO_SUCH_OPTION": "x",
}


def named(row: tuple[Variables, str]) -> object:
    return pytest.param(*row, id=ascii(" ".join(f"{name}={value[:20]}" for name, value in row[0].items())))


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stub: Stub) -> None:
    for name in ("no_proxy", "NO_PROXY", "SSL_CERT_DIR", "SSLKEYLOGFILE", "GITHUB_ACTIONS", "HF_OIDC_RESOURCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_ENDPOINT", stub.url)
    (tmp_path / "model.yaml").write_text(MANIFEST)
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "token").write_text("hf_one\n")
    (tmp_path / "two").write_text("hf_one\nhf_two\n")
    (tmp_path / "latin").write_bytes(b"hf_\xe9")


@pytest.mark.parametrize(("environment", "said"), [named(row) for row in CONNECTING])
def test_what_no_connection_can_be_made_with_is_named(
    weighbridge: Command,  # noqa: F811
    stub: Stub,
    environment: Variables,
    said: str,
) -> None:
    run = weighbridge("lock", **environment)
    assert (run.code, run.err) == (2, f"environment: error: {said}\n")
    assert stub.requests == []


@pytest.mark.parametrize(("environment", "said"), [named(row) for row in IMPORTING + STORED])
def test_what_the_library_reads_by_itself_is_named(
    started: Command, stub: Stub, environment: Variables, said: str
) -> None:
    run = started("lock", **environment)
    assert (run.code, run.err) == (2, f"environment: error: {said}\n")
    assert stub.requests == []


@pytest.mark.parametrize(("environment", "said"), [named(IMPORTING[0]), named(IMPORTING[-1]), named(CONNECTING[-1])])
def test_the_cache_of_this_machine_is_read_by_the_same_library(
    started: Command, environment: Variables, said: str
) -> None:
    run = started("lock", "--from-cache", **environment)
    assert (run.code, run.err) == (2, f"environment: error: {said}\n")


def test_all_variables_that_cannot_be_used_are_named_at_once(weighbridge: Command) -> None:  # noqa: F811
    run = weighbridge("lock", HF_HUB_ETAG_TIMEOUT="x", HTTP_PROXY="foo://x", SSL_CERT_FILE="absent")
    assert run.code == 2
    assert [line.split()[2] for line in run.err.splitlines()] == ["HF_HUB_ETAG_TIMEOUT", "HTTP_PROXY", "SSL_CERT_FILE"]


def test_rubbish_that_nobody_needs_is_without_effect(started: Command) -> None:
    run = started("lock", **WITHOUT_EFFECT)
    assert (run.code, run.out.splitlines()[1].partition(";")[0]) == (0, "model.lock: 1 model"), run.err


@pytest.mark.parametrize(
    "environment",
    [
        {"NO_PROXY": "x, *", "HTTP_PROXY": "foo://x"},
        {"http_proxy": "", "HTTP_PROXY": "foo://x"},
        {"HTTPS_PROXY": "", "SSL_CERT_DIR": ""},
        {"HTTPS_PROXY": "https://me:ä@[::1]:8080/"},
        {"HTTPS_PROXY": "proxy.example:3128"},
        {"SSL_CERT_FILE": "", "SSL_CERT_DIR": f"absent{os.pathsep}folder"},
        {"SSLKEYLOGFILE": os.devnull},
        {"HF_HUB_USER_AGENT_ORIGIN": "acme/1.0 gate"},
    ],
    ids=str,
)
def test_what_can_be_used_is_not_refused(weighbridge: Command, environment: Variables) -> None:  # noqa: F811
    run = weighbridge("lock", **environment)
    assert (run.code, run.err) == (0, "")


def test_a_server_that_gives_no_token_now_is_unknown_and_no_mistake(started: Command, stub: Stub) -> None:
    run = started("lock", HF_OIDC_RESOURCE="acme/bot", HF_OIDC_ID_TOKEN="x", SSL_CERT_FILE=str(CERTIFICATE))
    assert run.code == 3  # the server knows no POST, which is its failure
    assert run.err.startswith("error: no token for HF_OIDC_RESOURCE: Server error '501 ")
    assert run.err.endswith("; try again later; every lock is as it was\n")


SLOWLY = "the answer came too slowly to wait for its end; try again later, or give it more time with --timeout"
WITHOUT_END = (
    "the answer does not end: more than 65536 bytes; look at the address with a browser: something else answers there"
)
NOTHING = "no answer from 127.0.0.1 in 0.3 s; try again later, or give it more time with --timeout"


@pytest.mark.parametrize(("answer", "why"), [(silent, NOTHING), (drips, SLOWLY), (endless, WITHOUT_END)])
@pytest.mark.parametrize("asked", ["the service of CI", "the Hub"])
def test_a_server_that_is_asked_for_a_token_is_not_waited_for_without_end(
    started: Command, stub: Stub, asked: str, answer: Answer, why: str
) -> None:
    stub.instead("/identity" if asked == "the service of CI" else "/oauth/token", answer)
    of_ci = {
        "GITHUB_ACTIONS": "true",
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"{stub.url}/identity",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "x",
    }
    environment = of_ci if asked == "the service of CI" else {"HF_OIDC_ID_TOKEN": "x"}
    run = started("lock", "--timeout", "0.3", HF_OIDC_RESOURCE="acme/bot", **environment)
    assert (run.code, run.err) == (3, f"error: no token for HF_OIDC_RESOURCE: {why}; every lock is as it was\n")


def test_a_token_that_the_hub_hands_out_is_sent(started: Command, stub: Stub) -> None:
    stub.instead("/oauth/token", content(b'{"access_token": "hf_new", "expires_in": 60}'))
    run = started("lock", HF_OIDC_RESOURCE="acme/bot", HF_OIDC_ID_TOKEN="x")
    assert run.code == 0, run.err
    assert {one.headers.get("authorization") for one in stub.requests[1:]} == {"Bearer hf_new"}


def test_a_login_that_is_not_renewed_in_time_counts_as_it_is(started: Command, stub: Stub, tmp_path: Path) -> None:
    stub.instead("/oauth/token", drips)
    (tmp_path / "stored_tokens").write_text("[me]\nhf_token = hf_old\nrefresh_token = x\nexpires_at = 1\n")
    (tmp_path / "token").write_text("hf_old")
    run = started("lock", "--timeout", "0.3", HF_HOME=str(tmp_path))
    assert run.code == 0, run.err
    assert [one.path for one in stub.requests][:1] == ["/oauth/token"]
    assert {one.headers.get("authorization") for one in stub.requests[1:]} == {"Bearer hf_old"}
