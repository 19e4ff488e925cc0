"""What no connection could be tried to is told from an address without asking anybody."""

from __future__ import annotations

import pytest

from checker.document.address import names_a_host


@pytest.mark.parametrize(
    "address",
    [
        *("http://hub.example", "https://hub.example:443/a%20b?c=d#e", "tcp://127.0.0.1:8786", "tcp://[::1]:8786"),
        *("http://hub.example.", "http://me:secret@hub.example:65535", "http://bücher.example", "http://a_b"),
        *(f"http://{'a' * 63}.example", "http://[fe80::1%25eth0]/"),
    ],
)
def test_a_name_or_a_number_with_a_port_that_exists_names_a_host(address: str) -> None:
    assert names_a_host(address)


@pytest.mark.parametrize(
    "address",
    [
        *("", "hub.example", "hub.example:80", "http://", "http:///x", "http://:80", "mailto:x", "::"),
        *("http://h:0", "http://h:65536", "http://h:x", "http://h:-1", f"http://h:{'9' * 5000}"),
        *("http://.", "http://a..b", f"http://{'a' * 64}", f"http://a.{'b' * 64}.c", "http://a b", "http://%5B"),
        *("http://[", "http://[::1", "http://[::1]x", "http://h\n", "http://h\udcff", "http://h/\udcff", "http://h/\0"),
    ],
    ids=lambda address: ascii(address[:30]),
)
def test_anything_else_names_none(address: str) -> None:
    assert not names_a_host(address)
