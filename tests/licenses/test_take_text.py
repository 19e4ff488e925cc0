"""Fingerprints are made from texts: what every rendition holds must be there, the rest may be."""

from __future__ import annotations

import json

import pytest

from checker.licenses import fingerprint, take_text
from checker.licenses.fingerprint import Digest, Rolling, digest
from checker.licenses.take_text import main, take
from checker.licenses.wording import binds, names_holders, passages, words

TEXT = """OXBOW LICENSE

Copyright (c) 2031 Acme

Notes to the reader stand before the terms.

Terms begin here. You may use Oxbow.

1. Definitions

You shall not sell it.

How to apply these terms: add a notice.
"""


def test_what_is_before_the_terms_and_after_them_may_be_missing():
    taken = take([TEXT], "Terms begin here", ("How to apply",))
    assert len(taken["passages"]) == 3
    assert taken["passages"] == [str(digest(tuple(words(one)))) for one in (
        "Terms begin here.", "You may use Oxbow.", "You shall not sell it.",
    )]  # fmt: skip
    # A title of two words is no passage at all; the copyright line, the note and the instructions are four.
    assert len(taken["optional"]) == 4


def test_what_only_some_renditions_hold_may_be_missing():
    other = TEXT.replace("You may use Oxbow.", "")
    assert len(take([TEXT, other])["passages"]) == len(take([TEXT])["passages"]) - 1


def test_digests_are_written_into_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(take_text, "FOLDER", tmp_path)
    record = {"license": "oxbow", "title": "OXBOW LICENSE", "source": "acme", "terms_from": "Terms begin here"}
    (tmp_path / "oxbow.json").write_text(json.dumps(record), encoding="utf-8")
    (tmp_path / "text").write_text(TEXT, encoding="utf-8")
    main(["oxbow", str(tmp_path / "text")])
    monkeypatch.setattr(fingerprint, "FOLDER", tmp_path)
    [known] = fingerprint.fingerprints.__wrapped__()
    assert (known.license, known.title, known.words) == (
        "oxbow",
        "oxbow license",
        sum(p.length for p in known.passages),
    )
    assert [str(one) for one in known.passages] == take([TEXT], "Terms begin here")["passages"]


def test_a_digest_is_that_of_the_same_words_wherever_they_stand():
    text = ["a", "b", "c", "a", "b", "c", "d"]
    wanted = digest(("a", "b", "c")).value
    assert [one == wanted for one in Rolling(text).digests(3)] == [True, False, False, True, False]
    assert Rolling(text).digests(8) == []
    assert len(Rolling(text)) == 7
    assert str(Digest(2, 255)) == "2:ff"


@pytest.mark.parametrize(("run", "is_binding"), [
    ("the oxbow license", False), ("copyright 2031 acme inc and contributors all rights reserved", False),
    ("may 2031", False), ("you may", True), ("not for weapons", True), ("", False),
    (" ".join(["word"] * 12), False), (" ".join(["word"] * 13), True),
    ("copyright " + " ".join(["holder"] * 150), False), ("copyright " + " ".join(["holder"] * 250), True),
    ("portions by somebody " + " ".join(["holder"] * 20), False),
])  # fmt: skip
def test_words_that_bind_nobody_are_titles_and_holders(run, is_binding):
    assert binds(run.split()) is is_binding


def test_a_line_of_holders_is_known_by_its_beginning():
    assert names_holders(["copyright", "2031", "acme"])
    assert not names_holders(["the", "software", "is", "provided", "as", "is"])


@pytest.mark.parametrize(("one", "other"), [
    ("1. Definitions", "a) Definitions"), ("“Licensor” means", '"Licensor" means'), ("non-commercial", "non commercial"),
    ("see https://acme.example/a.", "see"), ("write to law@acme.example now", "write to now"),
    ("<b>Grant</b> of rights", "Grant of rights"), ("Meta&#8217;s mark", "Meta's mark"), ("soft\u00adware", "software"),
    ("IN NO EVENT SHALL ACME, INC. BE LIABLE", "in no event shall the authors or copyright holders be liable"),
    ("Neither the name Acme, nor the names of its contributors", "neither the name of X nor the names of contributors"),
    ("NON-INFRINGEMENT", "noninfringement"), ("模型\n权重", "模型权重"),
])  # fmt: skip
def test_what_does_not_count_is_left_out(one, other):
    assert words(one) == words(other)


@pytest.mark.parametrize(("one", "other"), [
    ("version 3.1", "version 3.2"), ("Kimi K2", "Kimi K2.6"), ("you may", "you may not"),
    ("in no event shall Acme not be liable", "in no event shall Acme be liable"),
])  # fmt: skip
def test_what_counts_is_kept(one, other):
    assert words(one) != words(other)


def test_passages_end_at_full_stops_and_empty_lines():
    found = [(" ".join(passage.words), passage.is_heading) for passage in passages(TEXT)]
    assert found[:5] == [
        ("copyright 2031 acme", False), ("notes to the reader stand before the terms", False),
        ("terms begin here", False), ("you may use oxbow", False), ("you shall not sell it", False),
    ]  # fmt: skip
