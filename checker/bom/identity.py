"""How models are named in bills of materials: package URLs, places to download from, and stable references."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import quote
from uuid import NAMESPACE_URL, UUID, uuid5

from checker import HOME
from checker.bom.inventory import Inventory, judged_by

HUB = "https://huggingface.co"


def purl(model: str, commit: str | None) -> str:
    """The package URL of a model on the Hub: `pkg:huggingface/NAMESPACE/NAME@COMMIT`.

    Source: the type `huggingface` of the Package-URL specification, which keeps the case of namespace and name and
    writes the commit in lower case.
    """
    path = "/".join(quote(part, safe="") for part in model.split("/"))
    return f"pkg:huggingface/{path}" + (f"@{quote(commit.lower(), safe='')}" if commit else "")


def page(model: str, commit: str | None = None) -> str:
    """The model's page on the Hub, at a commit where one is known."""
    path = quote(model, safe="/")
    return f"{HUB}/{path}/tree/{quote(commit, safe='')}" if commit else f"{HUB}/{path}"


def reference(*parts: str) -> str:
    """A reference that is unique in a document and the same in every run: `kind:part:part`, in plain characters.

    What a reference cannot hold is replaced, and a digest keeps apart what that makes alike.
    """
    plain = ":".join(re.sub(r"[^A-Za-z0-9._-]", "-", part) for part in parts)
    return plain if plain == ":".join(parts) else f"{plain}-{_apart(parts)}"


def spdx_id(*parts: str) -> str:
    """The same for SPDX 2.3, whose identifiers hold letters, digits, `.` and `-` alone.

    The hyphen parts them too, so that a digest keeps `a-b` of `c` apart from `a` of `b-c`.
    """
    plain = "-".join(re.sub(r"[^A-Za-z0-9.-]", "-", part) for part in parts)
    is_plain = all(re.fullmatch(r"[A-Za-z0-9.]*", part) for part in parts)
    return f"SPDXRef-{plain}" if is_plain else f"SPDXRef-{plain}-{_apart(parts)}"


def _apart(parts: tuple[str, ...]) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()[:8]


def document_uuid(inventory: Inventory, content: str) -> UUID:
    """The document's UUID: the same for the same content, tool and time, another for any other."""
    stamp = inventory.created.isoformat()
    about = (inventory.project, inventory.owner, inventory.status, inventory.file, inventory.intended)
    said = "\0".join((*about, judged_by(inventory), content))
    digest = sha256(said.encode()).hexdigest()
    return uuid5(NAMESPACE_URL, f"{HOME}/bom/{inventory.tool_version}/{stamp}/{digest}")
