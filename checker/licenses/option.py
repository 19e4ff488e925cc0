"""How a policy names a licence in a list: any spelling, read into the one id by which lists are compared."""

from __future__ import annotations

from typing import Any

from checker.document.scalars import Reading, quoted, wrong
from checker.document.tree import Scalar
from checker.licenses.registry import Ambiguous, Resolution, Unrecognised, canonical_id, resolve
from checker.licenses.spelling import fold


class _LicenseId(Reading):
    expected = "a licence: an SPDX id, a Hub id or a name; `LicenseRef-…` for one of your own"
    python = (str,)

    def convert(self, scalar: Scalar) -> str:
        license_id = canonical_id(scalar.text)
        if license_id is not None:
            return license_id
        found = resolve(scalar.text)
        if isinstance(found, Ambiguous):
            candidates = ", ".join(found.candidates)
            raise wrong(f"is {quoted(scalar)}, which names no single licence", f"one of {candidates}")
        if _names_a_text(scalar.text, found):
            return scalar.text
        nearest = found.nearest if isinstance(found, Unrecognised) else None
        raise self.refuse(scalar, f"did you mean `{nearest}`?" if nearest else "")

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1}


def _names_a_text(spelling: str, found: Resolution) -> bool:
    """Whether a name that we have not read still names one text: an organisation's own, or one that nobody read."""
    return (isinstance(found, Unrecognised) and bool(found.unread)) or fold(spelling).startswith("licenseref-")


LicenseId = _LicenseId()
"""Reads the name of a licence into its canonical id; a name of another text is kept as it is written."""
