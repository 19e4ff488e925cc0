"""A Hub on loopback, and a connection to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.hub.client import Hub
from checker.hub.endpoint import Endpoint
from tests.hub.stub import Model, Stub, serving

ID = "acme/small"
CERTIFICATE = Path(__file__).parent / "data" / "loopback.pem"
"""A certificate of 127.0.0.1 that nobody but itself has signed, valid until 2126, and its key, which guards nothing."""


@pytest.fixture(autouse=True)
def _no_hub_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Neither variables nor a token of whoever runs the tests play a part."""
    for name in ("HF_ENDPOINT", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_HUB_OFFLINE", "GITHUB_EVENT_NAME"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))  # one to read, where a machine has hundreds
    monkeypatch.setenv("HF_HOME", str(tmp_path_factory.mktemp("hf_home")))


@pytest.fixture
def stub() -> Iterator[Stub]:
    """A Hub on loopback that holds one small model."""
    with serving() as running:
        running.add(Model(ID, {"config.json": b'{"model_type": "llama"}'}, card={"license": "mit"}))
        yield running


@pytest.fixture
def hub(stub: Stub) -> Iterator[Hub]:
    """A connection that does not wait between attempts."""
    with Hub(Endpoint(stub.url, timeout_seconds=10), sleep=lambda _: None) as connection:
        yield connection
