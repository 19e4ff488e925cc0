"""A bill of materials as the text of its file."""

from __future__ import annotations

from json import dumps
from typing import Any


def as_text(content: dict[str, Any]) -> str:
    """JSON in UTF-8; half of a character, which the name of a file may hold and no file in UTF-8 can, becomes `?`."""
    return dumps(content, indent=2, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8") + "\n"
