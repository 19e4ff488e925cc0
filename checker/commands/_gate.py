"""The options by which every command that judges says which policy holds, and on which day."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError

from checker.commands._values import day


def configure(parser: ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--policy", metavar="FILE", help="the organisation's policy: a file, or weighbridge:PACK")
    parser.add_argument("--require-policy", type=sha256, metavar="SHA256", help="refuse any other resolved policy")
    parser.add_argument("--today", type=day, metavar="DATE", help="judge as of this day (YYYY-MM-DD)")


def sha256(written: str) -> str:
    """A digest as an option gives it."""
    digest = written.lower()
    if len(digest) == 64 and set(digest) <= set("0123456789abcdef"):
        return digest
    raise ArgumentTypeError(
        f"`{written}` is no SHA-256: expected 64 hexadecimal digits; `weighbridge policy show` has it"
    )
