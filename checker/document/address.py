"""Tells whether an address names a host that may be looked up and a port that exists; nothing is looked up."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit


def names_a_host(address: str) -> bool:
    """Whether a connection to `SCHEME://HOST[:PORT]…` could be tried: what it cannot be fails before anybody is asked.

    Ports are 1 to 65535, and a label of a host's name has 1 to 63 characters (RFC 1035, section 2.3.4).
    """
    if not address.isprintable():  # `urlsplit` drops line ends; a byte that is not UTF-8 is not printable either
        return False
    try:
        parts = urlsplit(address)
        return parts.port != 0 and (_is_number(parts) if "[" in parts.netloc else _is_name(parts.hostname or ""))
    except ValueError:  # a bracket without its other half, a port beyond all, a label that is empty or too long
        return False


def _is_name(host: str) -> bool:
    host.encode("idna")
    return bool(host) and not _NEVER_IN_A_NAME & set(host)


def _is_number(parts: SplitResult) -> bool:
    """Whether nothing but a port stands behind the brackets, whose content `urlsplit` has read as IPv6."""
    return parts.netloc.rpartition("]")[2].partition(":")[0] == ""


_NEVER_IN_A_NAME = frozenset(" %")
