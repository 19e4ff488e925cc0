"""The map of controls: it names real rules and keys, says for each entry what is not covered, and shows on request."""

from __future__ import annotations

import pytest

from checker.controls import FIELDS, framework_names, load
from checker.manifest.model import Manifest
from checker.rulebook.discover import rule_ids
from tests.report.test_html import MANIFEST, Page

ANNEX_A = (3, 2, 5, 4, 9, 5, 4, 3, 3)
"""Controls of A.2 to A.10 of ISO/IEC 42001: 38 in all."""


def known_key(path: str) -> bool:
    """Whether a manifest may hold the key: at its top, or in an entry of `models`."""
    from checker.published import SCHEMAS

    schema = SCHEMAS["manifest"]()
    definitions = schema["$defs"]

    def of(node, parts):
        if not parts:
            return True
        if "$ref" in node:
            return of(definitions[node["$ref"].rpartition("/")[2]], parts)
        found = node.get("properties", {}).get(parts[0])
        below = [*node.get("anyOf", ()), *node.get("allOf", ()), *([node["items"]] if "items" in node else ())]
        return (found is not None and of(found, parts[1:])) or any(of(one, parts) for one in below)

    parts = path.split(".")
    return of(schema, parts) or of(schema["properties"]["models"], parts)


@pytest.mark.parametrize("name", framework_names())
def test_every_entry_names_real_rules_and_keys(name):
    framework = load(name)
    ids = [entry.id for entry in framework.entries]
    assert len(ids) == len(set(ids))
    assert "http" in framework.source
    for entry in framework.entries:
        assert entry.not_covered
        assert bool(entry.supported_by) == bool(entry.how)
        for support in entry.supported_by:
            kind, _, key = support.value.partition(":")
            assert kind in FIELDS or (kind in rule_ids() and not key), support
            assert not key or (kind == "manifest" and known_key(key)), support


def test_a_wrong_key_would_be_noticed():
    assert known_key("use.intended")
    assert known_key("fine_tuning.stack")
    assert not known_key("use.intented")
    assert "use" in Manifest.model_fields


def test_annex_a_is_whole():
    entries = [entry.id for entry in load("iso-42001").entries]
    counted = tuple(sum(one.startswith(f"A.{chapter}.") for one in entries) for chapter in range(2, 11))
    assert counted == ANNEX_A


def test_the_page_shows_a_framework_on_request(project, weighbridge):
    folder = project({"model.yaml": MANIFEST})
    run = weighbridge("check", "--output", "html=a.html", "--controls", "iso-42001", "--controls", "eu-ai-act")
    assert run.code == 1, run.err
    text = Page((folder / "a.html").read_text(encoding="utf-8")).text
    assert "Controls: ISO/IEC 42001, Annex A" in text
    assert "Controls: EU AI Act" in text
    assert "Controls: NIST" not in text
    assert "license-allowed: 1 pass, 1 fail" in text
    assert "A.5.5 Assessing societal impacts of AI systems nothing here all of it" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--controls", "iso-4200", "--output", "html=a.html"), "did you mean `iso-42001`?"),
        (("--controls", "iso-42001"), "--controls needs `--output html"),
    ],
)
def test_a_framework_that_cannot_be_shown_is_an_error(project, weighbridge, arguments, said):
    project({"model.yaml": MANIFEST})
    run = weighbridge("check", *arguments)
    assert run.code == 2
    assert said in run.err
