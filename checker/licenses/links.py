"""Which text stands at an address, for addresses at which a publisher keeps one text: the `license_link` of a card.

The addresses are in the records; `links.json` is made from them, so that one file is read and not a hundred.
"""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from checker.licenses.records import canonical_id, load
from checker.licenses.resolution import Ambiguous, Resolution, Resolved, Unrecognised

_SCHEME = re.compile(r"(?:https?://)?(?:www\.)?")
_RAW = re.compile(r"raw\.githubusercontent\.com/([^/]+/[^/]+)/")
_REVISION = re.compile(r"/(?:blob|resolve|raw|tree)/(?:refs/heads/)?(?:main|master)/")
_ENDING = re.compile(r"(?:\.(?:md|txt|html?|pdf|php))?/?(?:[?#].*)?$")
_LONGEST = 500
"""Characters of the longest address that is looked at."""


def license_at(address: str) -> str | None:
    """The id of the licence whose text stands there, as far as a record lists the address; None for any other."""
    if len(address) > _LONGEST or "/" not in address:
        return None
    named = canonical_id(address)
    if named is not None:
        return named
    wanted = normal(address)
    return next((license_id for pattern, license_id in _links().items() if fnmatchcase(wanted, pattern)), None)


def normal(address: str) -> str:
    """An address without what does not change what stands there: scheme, `www.`, the branch `main`, an ending.

    A commit is no branch: what stood there then may be another text, so that such an address stays as it is.
    """
    plain = _SCHEME.sub("", address.strip().casefold(), count=1)
    plain = _RAW.sub(r"github.com/\1/blob/", plain, count=1)
    return _ENDING.sub("", _REVISION.sub("/", plain, count=1), count=1)


def held_against(found: Resolution, address: str) -> Resolution:
    """What a name and an address beside it come to together."""
    linked = license_at(address)
    if linked is None:
        return found
    match found:
        case Resolved(license=text) if text.id != linked:
            return Unrecognised(text.name, f"its name says {text.id}, its `license_link` leads to {linked}")
        case Ambiguous(candidates=candidates) if linked in candidates:
            return Resolved(load(linked))
        case Unrecognised(spelling="" | "other"):
            return Resolved(load(linked))
        case Unrecognised(unread="", nearest=None):
            return found._replace(nearest=linked)
        case _:
            return found


@cache
def _links() -> dict[str, str]:
    loaded: dict[str, str] = json.loads((Path(__file__).parent / "links.json").read_bytes())
    return loaded
