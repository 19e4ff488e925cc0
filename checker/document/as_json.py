"""Writes JSON whose text does nothing where it is shown: on a terminal, in a log, in a review."""

from __future__ import annotations

import json
import re
from typing import Any

from checker.document.errors import COMMAND_WITHIN

_DOUBTFUL = re.compile(r"[^\x00-\x7e]")


def dumps(value: Any, **options: Any) -> str:
    """JSON as `json.dumps` writes it, with its options, and inert."""
    return inert(json.dumps(value, **options))


def inert(text: str) -> str:
    """JSON that reads as before, with escapes for what turns text around, hides it, or is a command to a CI's log."""
    if "##" in text:
        text = COMMAND_WITHIN.sub(r"#\\u0023", text)  # marks stand inside strings alone
    return text if text.isascii() and "\x7f" not in text else _DOUBTFUL.sub(_shown, text)


def _shown(found: re.Match[str]) -> str:
    character = found.group()
    return character if character.isprintable() else json.dumps(character)[1:-1] if character != "\x7f" else r"\u007f"
