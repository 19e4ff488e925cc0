"""Whole numbers that people and tools write as text: of thousands of digits Python makes an exception."""

MOST = 18
"""Digits of any number that is meant: below 2**63."""


def whole(text: str, most: int = MOST) -> int | None:
    """The number that `text` writes in at most so many decimal digits; None where it writes none."""
    return int(text) if len(text) <= most and text.isascii() and text.isdecimal() else None
