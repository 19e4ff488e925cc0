"""How a manifest names a model: by its id on the Hub, or by a path inside the repository."""

from __future__ import annotations

import re
from typing import Any

from checker.document.errors import shown
from checker.document.scalars import Reading
from checker.document.tree import Scalar

LOCAL = ("./", "../")
"""How the name of a local model begins."""

HUB_ID = r"[A-Za-z0-9_][A-Za-z0-9._-]{0,95}(/[A-Za-z0-9_][A-Za-z0-9._-]{0,95})?"
REVISION = r"(?!.*\.\.)[^-/\s~^:?*\[\\][^\s~^:?*\[\\]*"
"""What git admits as a name (git-check-ref-format): what it refuses could end a line, an option or an address."""
RELATIVE_PATH = r"[^/\\:~\s][^\\:]*"

_HUB_ID = re.compile(HUB_ID)
_HUB_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/([^/\s?#]+/[^/\s?#@]+)(?s:.*)")
_RELATIVE_PATH = re.compile(RELATIVE_PATH)
_REVISION = re.compile(REVISION)


class _ModelId(Reading):
    expected = "the model's id on the Hub such as Qwen/Qwen3-8B, or a path such as ./models/name"
    python = (str,)

    def convert(self, scalar: Scalar) -> str:
        text = scalar.text
        if _HUB_ID.fullmatch(text) and ".." not in text:
            return text
        if text.startswith(LOCAL) and _is_relative(text):
            return text
        raise self.refuse(scalar, _hint(text))

    def json_schema(self) -> dict[str, Any]:
        return {"type": ["string", "number", "boolean"], "pattern": rf"^({HUB_ID}|\.\.?/[^\\:]*)$"}


class _Revision(Reading):
    expected = "a commit of 40 hexadecimal digits, or the name of a branch or tag"
    python = (str,)

    def convert(self, scalar: Scalar) -> str:
        if not _REVISION.fullmatch(scalar.text) or not scalar.text.isprintable():
            raise self.refuse(scalar)
        return scalar.text

    def json_schema(self) -> dict[str, Any]:
        return {"type": ["string", "number", "boolean"], "pattern": f"^{REVISION}$"}


class _RelativePath(Reading):
    expected = "a path inside the repository, relative to this file, with forward slashes"
    python = (str,)

    def convert(self, scalar: Scalar) -> str:
        if not _is_relative(scalar.text):
            raise self.refuse(scalar)
        return scalar.text

    def json_schema(self) -> dict[str, Any]:
        return {"type": ["string", "number", "boolean"], "pattern": f"^{RELATIVE_PATH}$"}


def is_local(model: str) -> bool:
    """Whether a model is named by a path rather than by an id."""
    return model.startswith(LOCAL)


def _is_relative(text: str) -> bool:
    """Whether it is a path of a project's file: nothing of git's own folder is, and nobody reviews what is there."""
    is_gits = ".git" in text.casefold().split("/")
    return _RELATIVE_PATH.fullmatch(text) is not None and text.isprintable() and not is_gits


def _hint(text: str) -> str:
    if found := _HUB_ADDRESS.fullmatch(text):
        return f"did you mean `{shown(found.group(1))}`?"
    if "\\" in text:
        return f"did you mean `{shown(text.replace(chr(92), '/'))}`?" if text.startswith(".\\") else ""
    name, separator, _ = text.partition("@")
    return f"write `{shown(name)}` here and what follows the @ as `revision`" if separator and name else ""


ModelId = _ModelId()
"""A model's id on the Hub (`org/name`, or a bare name), or `./path`."""
Revision = _Revision()
"""A commit, a branch or a tag, as git admits their names."""
RelativePath = _RelativePath()
"""A path as the manifest writes it, relative to the manifest's folder; no absolute one."""
