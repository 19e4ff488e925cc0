"""Whatever a text holds: no format lets it out of its place. Properties, over texts of every character."""

from __future__ import annotations

import html
import json
import re
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from checker.document.markdown import code, fenced, prose
from checker.report import Wishes
from checker.report._line_hash import line_hashes
from checker.report.github import render as github
from checker.report.junit import render as junit
from checker.report.sarif import render as sarif
from checker.verdict import Verdict

from .made import HERE, detail, evaluation, model, report

MARKS = "&<>|`*_[]#!~@:\\$^{}()%-+.=/'\"\r\n\t 1a"
TEXTS = st.text(st.one_of(st.sampled_from(MARKS), st.characters()), max_size=60)


def made(text: str):
    return report(model(evaluation("revision-pinned", Verdict.FAIL, detail(text, remedy=text)), name=text))


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_a_workflow_command_is_one_line_with_the_properties_that_we_gave_it(text):
    written = github(made(text), HERE)
    assert len(written.splitlines()) == 1
    assert re.match(
        r"::error file=svc/model\.yaml,line=4,endLine=4,col=15,endColumn=18,title=revision-pinned%3A blocks::", written
    )


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_xml_has_the_elements_that_we_gave_it(text):
    root = ET.fromstring(junit(made(text), HERE))
    assert [element.tag for element in root.iter()][:5] == [
        "testsuites",
        "testsuite",
        "properties",
        "property",
        "property",
    ]
    assert len(root.findall("testsuite/testcase/failure")) == 1


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_a_sarif_log_is_ascii_json_with_one_result(text):
    written = sarif(made(text), HERE, Wishes())
    assert written.isascii()
    (result,) = json.loads(written)["runs"][0]["results"]
    assert not re.search(r"(?<!\\)\[[^\[\]]*\]\(", result["message"]["text"])


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_prose_and_names_hold_no_mark_of_markdown_and_read_as_they_were(text):
    for written in (prose(text), code(text).removeprefix("<code>").removesuffix("</code>")):
        assert not re.search(r"[<>|`*_\[\]!~@:\\$^{}\r\n]", written)
        assert re.sub(r"&#\d+;", "", written).count("&") == 0
        assert not re.search(r"(?i)\bwww\.", written)
    assert not re.search(r"[@#!~^$&%][\w/.-]", html.unescape(prose(text)))


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_a_fence_is_closed_by_its_own_last_line_alone(text):
    first, *lines, last = fenced(text, "yaml").split("\n")
    assert first == f"{last}yaml"
    assert not any(line.lstrip().startswith(last) for line in lines)


@given(st.text(st.sampled_from("ab \t\r\n\u00e9\U0001f600"), max_size=300))
@settings(max_examples=150, deadline=None)
def test_every_line_has_a_hash(text):
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    hashes = line_hashes(text, frozenset(range(1, lines + 1)))
    assert len(hashes) == len(set(hashes.values())) == lines
