"""A lock whose digest is made to fit, so that what stands in it is read; one that is read is written and read alike."""

from re import search

from checker.facts.locked.file import as_text, parse
from checker.facts.locked.lock import digest_of, lock_of
from fuzz.target import source
from fuzz.yaml_words import words_of
from tests.facts.locked.entries import entry

LONGEST = 4096
WORDS = tuple(f'"{word}"' for word in words_of("lock"))


def seeds():
    whole = as_text(lock_of([entry()]))
    small = as_text(lock_of([entry()._replace(files=(), facts=type(entry().facts)())]))
    yield from (whole.encode(), small.encode(), as_text(lock_of([])).encode())


def one(data):
    text = source(data, "model.lock").text
    if stated := search('"sha256": "([0-9a-f]{64})"', text):
        text = text.replace(stated[1], digest_of(text, stated[1]), 1)
    lock = parse(source(text.encode("utf-8", "surrogatepass"), "model.lock"))
    written = as_text(lock)
    again = parse(source(written.encode(), "model.lock"))
    assert again.entries == lock.entries, "what was written reads otherwise"
    assert again.texts == lock.texts, "what was written reads otherwise"
    assert as_text(again) == written
