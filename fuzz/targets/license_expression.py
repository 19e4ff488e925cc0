"""A licence as somebody spells it: an id, an expression, several in one line; what it is canonically called is that again."""

from checker.document.errors import visible
from checker.licenses.registry import canonical_id, resolve
from fuzz.target import source

LONGEST = 96
WORDS = (
    " AND ",
    " OR ",
    " WITH ",
    "(",
    ")",
    "/",
    ",",
    "+",
    "-or-later",
    "-only",
    "LicenseRef-",
    "Apache-2.0",
    "MIT",
    "llama3.1",
    "GPL-2.0",
    "Classpath-exception-2.0",
    "cc-by-4.0",
    " license",
    "version ",
)


def seeds():
    for text in (
        "Apache-2.0",
        "mit",
        "llama3.1",
        "Apache 2.0",
        "MIT OR (Apache-2.0 AND GPL-2.0-or-later WITH Classpath-exception-2.0)",
        "MIT/Apache-2.0",
        "other",
        "LicenseRef-acme",
        "The Apache License, Version 2.0",
        "https://www.apache.org/licenses/LICENSE-2.0",
    ):
        yield text.encode()


def one(data):
    text = source(data).text
    resolve(text)
    resolve("other", license_name=text, license_link=text)
    name = canonical_id(text)
    if name is not None:
        assert canonical_id(name) == name, f"{visible(name)} names another licence than it is called by"
