"""JUnit's XML: each rule a test, and a form that both common schemas accept."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from checker.report.junit import render
from checker.verdict import Verdict

from .made import HERE, HOSTILE, detail, evaluation, missing, model, of_every_weight, report

SUITE = {"name", "package", "id", "timestamp", "hostname", "tests", "failures", "errors", "skipped", "time"}
RESULTS = {"failure", "error", "skipped"}


def check_form(document: str) -> ET.Element:
    """What https://github.com/windyroad/JUnit-Schema asks for, and all of it that Jenkins' junit-10.xsd allows."""
    root = ET.fromstring(document)
    assert (root.tag, root.attrib) == ("testsuites", {})
    for index, suite in enumerate(root):
        assert (suite.tag, set(suite.attrib)) == ("testsuite", SUITE)
        assert suite.get("id") == str(index)
        assert suite.get("name")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp", ""))
        tags = [child.tag for child in suite]
        assert tags == ["properties", *["testcase"] * (len(tags) - 3), "system-out", "system-err"]
        for one in suite[0]:
            assert (one.tag, set(one.attrib)) == ("property", {"name", "value"})
        cases = suite.findall("testcase")
        for case in cases:
            assert set(case.attrib) == {"name", "classname", "time"}
            assert len(case) <= 1
            for result in case:
                assert result.tag in RESULTS
                assert set(result.attrib) == {"message", "type"}
                assert len(result) == 0
        counted = [(suite.get("tests"), len(cases))]
        for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            counted.append((suite.get(key), len(suite.findall(f"testcase/{tag}"))))
        assert [stated for stated, _ in counted] == [str(count) for _, count in counted]
    return root


def test_each_verdict_has_its_result():
    root = check_form(render(of_every_weight(), HERE))
    results = {
        (case.get("classname"), case.get("name")): case[0].tag if len(case) else "passed"
        for case in root.iter("testcase")
    }
    assert results == {
        ("broken.yaml", "unusable-input"): "error",
        ("shop.one", "license-allowed"): "passed",
        ("shop.one", "api-allowed"): "skipped",
        ("shop.one", "revision-pinned"): "failure",
        ("shop.one", "size-class"): "skipped",
        ("shop.one", "license-known"): "error",
        ("shop.one", "facts-known"): "error",
        ("shop.one", "remote-code"): "skipped",
        ("shop.unjudged", "nothing-judged"): "error",
    }
    assert [suite.get("name") for suite in root] == ["broken.yaml", "svc/model.yaml"]


def test_the_body_says_where_why_and_what_to_do():
    root = check_form(render(of_every_weight(), HERE))
    bodies = {case.get("name"): case[0].text for case in root.iter("testcase") if len(case)}
    assert bodies["revision-pinned"] == (
        "svc/model.yaml:4:15: blocks (soft-mandatory): `main`, which can be moved; expected a commit\n"
        "policy: policy.yaml:3:3\nremedy: pin it\nsettles: you"
    )
    assert bodies["license-known"].startswith(
        "svc/model.yaml:4:15: blocks, could not be evaluated (soft-mandatory): `license` is missing: no source states it"
    )
    assert "waived by W-1 until 2026-12-01" in bodies["remote-code"]


def test_what_was_there_before_the_change_is_skipped():
    old = evaluation("license-known", Verdict.NOT_EVALUATED, missing(was_before=True), blocks=False)
    root = check_form(render(report(model(old)), HERE))
    assert root.find("*/testcase/skipped").get("message").startswith("advice, could not be evaluated, was there before")


def test_a_run_that_judged_nothing_has_a_suite_that_says_so_and_what_loosens_it():
    root = check_form(render(report(relaxations=("--exit-zero",)), HERE))
    [case] = root.iter("testcase")
    assert (case.get("classname"), case.get("name")) == ("weighbridge", "nothing-judged")
    assert case.find("skipped").get("message") == "nothing was checked"
    assert root.find("*/properties/property[@name='relaxed']").get("value") == "--exit-zero"


def test_a_file_that_cannot_be_used_says_what_loosens_the_run_too():
    root = check_form(render(of_every_weight()._replace(relaxations=("--exit-zero",)), HERE))
    told = [one.get("value") for one in root.iterfind("*/properties/property[@name='relaxed']")]
    assert told == ["--exit-zero"] * len(root)


def test_untrusted_text_is_neither_markup_nor_a_character_that_xml_lacks():
    hostile = report(
        model(evaluation("revision-pinned", Verdict.FAIL, detail(HOSTILE, remedy=HOSTILE)), name=HOSTILE),
        relaxations=(HOSTILE,),
    )
    document = render(hostile._replace(tool_version="é"), HERE)
    root = check_form(document)
    assert root.find("*/properties/property[@name='weighbridge.version']").get("value") == "é"
    assert root.find("*/testcase/failure").text.count("<script>alert(1)</script>") == 2
    document.encode("ascii")


@pytest.mark.parametrize("paths", [("passes",), ("stopped",)])
def test_a_real_run_has_the_form(weighbridge, paths):
    from pathlib import Path

    examples = Path(__file__).parents[2] / "examples"
    check_form(weighbridge("check", "--output", "junit", *(str(examples / path) for path in paths)).out)
