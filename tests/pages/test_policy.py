"""A policy as a page: sentences under what they do, nothing fetched, and nothing in a policy that becomes HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

POLICY = """\
policy: acme-models
version: 2026.11
extends: [weighbridge:enterprise]
organisation:
  seat: US
  users: [{month: 2024-06, value: 1200000}]
  revenue: [{year: 2025, value: 5000000, currency: USD}]
api: {providers: [acme-gateway]}
waivers: {max_days: 90, approvers: [legal@example.com], require: [ticket]}
rules:
  context-window:
    enforcement: [advisory, {from: 2027-02-01, enforcement: soft-mandatory}]
    share: 0.5
  remote-code: off
"""
VOID = {"meta"}


class Page(HTMLParser):
    """The elements of a page, each closed; and its text without the markup."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.pieces: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []
        self.text = " ".join(" ".join(self.pieces).split())

    def handle_starttag(self, tag, attrs):
        self.attributes += [(f"{tag}.{name}", value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if tag != "br":
            assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("style", "title"):
            self.pieces.append(data)


@pytest.fixture
def shown(weighbridge, project):
    def show(policy: str) -> str:
        project({"acme.yaml": policy})
        run = weighbridge("policy", "show", "--policy", "acme.yaml", "--output", "html")
        assert (run.code, run.err) == (0, "")
        return run.out

    return show


def test_the_policy_is_told_in_sentences_under_what_they_do(shown):
    text = Page(shown(POLICY).replace("<br>", " ")).text
    order = [
        "What applies to AI models: acme-models, version 2026.11",
        "Blocks, no exception Where one of these sentences does not hold, or nobody can tell, the change is stopped.",
        "Blocks, no exception, where this does not hold: The model is not on the organisation's list of denied models.",
        "Blocks, unless an exception is recorded",
        "Blocks, unless excepted, where this does not hold: ",
        "Is reported, never blocks",
        "Is reported where this does not hold: The declared context window is one that the model was trained for."
        " From 2027-02-01: Blocks, unless an exception is recorded.",
        "Is not judged Nobody looks at these. Is not judged: ",
        "Exceptions are recorded in waivers.yaml, which the organisation keeps. An exception lasts 90 days at most and"
        " is approved by legal@example.com. Each must state: ticket.",
        "Models behind an API may be used through: acme-gateway.",
        "Its seat is in US. In 2024-06 the whole group had 1,200,000 monthly users. In 2025 the whole group's revenue"
        " was 5,000,000 USD.",
        "acme.yaml , the organisation's own",
    ]
    places = [text.find(sentence) for sentence in order]
    assert -1 not in places, [sentence for sentence, place in zip(order, places, strict=True) if place < 0]
    assert places == sorted(places)


def test_what_a_policy_leaves_open_is_said(shown):
    text = Page(shown("policy: acme\nversion: 1\nrules: {license-known: advisory}\n").replace("<br>", " ")).text
    assert "This policy admits no exceptions" in text
    assert "The policy names no provider, so that a model behind an API cannot be judged." in text
    assert "Nothing. Where a licence asks for it, a model under that licence cannot be judged." in text


def test_the_page_fetches_nothing(shown):
    page = shown(POLICY)
    names = {name for name, _ in Page(page.replace("<br>", " ")).attributes}
    assert not {name for name in names if name.endswith((".src", ".href", ".style")) or ".on" in name}
    assert "<script" not in page
    assert "url(" not in page
    assert "@import" not in page


def test_nothing_that_a_policy_says_becomes_html(shown):
    evil = "<script>alert(1)</script>\\u202e\\e[31m&amp;"
    page = shown(
        f'policy: "{evil}"\nversion: "{evil}"\napi: {{providers: ["{evil}"]}}\n'
        'organisation: {seat: "<b>"}\nrules: {license-allowed: {enforcement: advisory, deny: [MIT]}}\n'
    )
    Page(page.replace("<br>", " "))
    assert "<script" not in page
    assert "<b>" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;\\u202e\\x1b[31m&amp;amp;") == 5
    assert not re.search("[\x1b\u202e]", page)


def test_light_dark_and_print_are_provided_for(shown):
    page = shown(POLICY)
    assert '<meta name="color-scheme" content="light dark">' in page
    assert "@media (prefers-color-scheme: dark)" in page
    assert "@media print" in page
