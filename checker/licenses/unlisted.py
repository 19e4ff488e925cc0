"""What a spelling of a licence comes to that nobody listed: by its words, or by the address of a text.

Imported by the first such spelling: the patterns take longer to compile than a listed one takes to find.
"""

from __future__ import annotations

import re

from checker.licenses.spelling import fold


def loosened(spelling: str) -> str:
    """A looser form, for a spelling that is not listed: words that say "a licence" and "a version" do not count.

    `Apache v2`, `GNU GPLv3` and `APACHE_2_0` come to what their listed spellings come to. The caller takes it where
    that is one and the same licence for all of them.
    """
    dotted = _END_IN_ZERO.sub(".0", _BETWEEN_DIGITS.sub(".", spelling.strip()))
    words = _VERSION.sub(r"\1-\2", fold(dotted)).split("-")
    return "-".join(word for word in words if word and word not in _FILLER)


_BETWEEN_DIGITS = re.compile(r"(?<=\d)_(?=\d)")
_END_IN_ZERO = re.compile(r"(?<=\d)[- ]0$")
_VERSION = re.compile(r"\b([a-z]*)v(\d[\d.]*)\b")
_FILLER = frozenset(("the", "license", "version", "agreement", "v"))


def addressed(spelling: str) -> str | None:
    """The spelling that stands in the address of a text at those who keep it; None for any other text or address."""
    address = _ADDRESS.fullmatch(spelling.strip().casefold())
    if address is None:
        return None
    host, path = address.groups()
    for hosts, pattern, name in _KEEPERS:
        if host in hosts and (found := pattern.fullmatch(path)):
            return found.expand(name)
    return None


_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?([a-z.]+\.[a-z]+)/(\S+?)/?(?:\.txt|\.html?|\.php)?/?")
_KEEPERS = (
    (
        ("opensource.org", "choosealicense.com", "spdx.org", "gnu.org", "fsf.org"),
        re.compile(r"(?:license|licenses|licences)/(?:old-licenses/)?([^/]+?)(?:\.[a-z]{2})?"),
        r"\1",
    ),
    (("apache.org",), re.compile(r"licenses/license-([\d.]+)"), r"apache-\1"),
    (("mozilla.org",), re.compile(r"(?:[a-z-]+/)?mpl/([\d.]+)"), r"mpl-\1"),
    # What follows the version names a language of the same text, or a country whose port is another text.
    (("creativecommons.org",), re.compile(r"licenses/([a-z-]+)/([\d.]+)(?:/(?:deed|legalcode).*)?"), r"cc-\1-\2"),
    (("creativecommons.org",), re.compile(r"publicdomain/zero/([\d.]+)(?:/(?:deed|legalcode).*)?"), r"cc0-\1"),
    (("llama.com", "llama.meta.com", "ai.meta.com"), re.compile(r"(llama[\d_]+)/license"), r"\1"),
    (("ai.google.dev",), re.compile(r"gemma/terms"), "gemma"),
)
"""Who keeps texts of licences under lasting addresses: the hosts, the path, and the spelling that it comes to."""
