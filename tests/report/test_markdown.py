"""Markdown for pull requests: what stops the gate first, inside the limits, and nothing that a text could start."""

from __future__ import annotations

import html
import re

import pytest

from checker.document.markdown import code, fenced, prose
from checker.report.markdown import MARKER, MAX_CHARACTERS, render
from checker.verdict import Verdict

from .made import HERE, HOSTILE, detail, evaluation, missing, model, of_every_weight, report


def test_it_begins_with_the_mark_by_which_a_comment_is_found_again():
    assert render(of_every_weight(), HERE).splitlines()[:2] == [MARKER, "## Weighbridge: an input cannot be used"]


def test_sections_come_in_the_order_of_their_weight_and_the_judged_before_the_passed():
    headings = re.findall(r"^(?:### |<details><summary>)(.*?)(?:</summary>)?$", render(of_every_weight(), HERE), re.M)
    assert headings == [
        "Cannot be used (1)",
        "Blocks (1)",
        "Could not be evaluated, and blocks (2)",
        "What would state it",
        "Advice (1)",
        "Could not be evaluated, advice (1)",
        "What would state it",
        "Waived (1)",
        "Not applicable: what was not judged, and why",
        "Passed",
    ]


def test_a_finding_is_one_row_with_its_place_in_the_repository():
    assert (
        "| <code>svc/model.yaml&#58;4&#58;15</code> | `revision-pinned` | <code>one</code> | &#96;main&#96;, which can be"
        " moved | a commit | pin it | you |"
    ) in render(of_every_weight(), HERE)


def test_a_waiver_is_shown_with_who_approved_and_who_wrote_it():
    assert (
        "| 2026-12-01 (8 days) | legal&#64;\u200bexample.com; written by Dana &#60;dana&#64;\u200bexample.com&#62;, not its approver"
        " | W-1&#58; adoption, moves next month, T-7 |"
    ) in render(of_every_weight(), HERE)


def test_what_would_state_a_fact_can_be_copied():
    assert (
        "<code>model.yaml</code> would state <code>license</code> with:\n\n```yaml\nknown:\n  license: {value: MIT}\n```\n"
    ) in render(of_every_weight(), HERE)


@pytest.mark.parametrize("count", [300, 5_000])
def test_what_has_no_room_is_cut_and_counted(count):
    found = tuple(detail(f"value {number} " + "x" * 100) for number in range(count))
    unknown = tuple(missing(f"fact_{number}", yaml=f"a: {number}") for number in range(count))
    made = report(
        model(
            evaluation("revision-pinned", Verdict.FAIL, *found),
            evaluation("license-known", Verdict.NOT_EVALUATED, *unknown),
            evaluation("license-allowed", Verdict.PASS),
        )
    )
    written = render(made, HERE)
    assert len(written) <= MAX_CHARACTERS
    shown = len(re.findall(r"^\| <code>svc/model.yaml.*revision-pinned", written, re.M))
    unshown = {what: int(number) for number, what in re.findall(r"(\d+) (findings \([^)]*\)|answers to copy)", written)}
    assert shown + unshown["findings (blocks)"] == count
    assert written.count("<details>") == written.count("</details>")
    assert written.splitlines()[-1].startswith("weighbridge 1.2.3, judged as of 2026-11-23")


def test_a_report_of_long_texts_everywhere_stays_inside_the_limit():
    long = "é" * 70_000
    made = report(model(evaluation("revision-pinned", Verdict.FAIL, detail(long)), name=long), relaxations=(long,) * 50)
    written = render(made, HERE)
    assert len(written) <= MAX_CHARACTERS
    assert "1 findings (blocks)" in written


def test_untrusted_text_begins_nothing():
    made = report(
        model(
            evaluation("revision-pinned", Verdict.FAIL, detail(HOSTILE, remedy=HOSTILE)),
            evaluation("license-known", Verdict.NOT_EVALUATED, missing(HOSTILE, yaml=HOSTILE, where=HOSTILE)),
            evaluation("api-allowed", Verdict.NOT_APPLICABLE, reason=HOSTILE),
            evaluation("license-allowed", Verdict.PASS, margin=HOSTILE),
            name=HOSTILE,
        ),
        relaxations=(HOSTILE,),
    )
    written = render(made, HERE)
    outside = re.sub(r"^(`{3,})yaml\n.*?^\1$", "", written, flags=re.M | re.S)
    assert set(re.findall(r"<[^>\d]*?>", outside)) == {
        *(MARKER, "<br>", "<code>", "</code>", "<details>", "</details>", "<summary>", "</summary>"),
    }
    for begun in ("https:", "www.evil", "](", "*b*", "_u_", "~s~", "$m$", "\\\\"):
        assert begun not in outside
    # Code hosts look for references after they have decoded entities, and not inside code.
    decoded = html.unescape(re.sub(r"<code>.*?</code>", "", outside))
    assert "everyone" in decoded
    for reference in ("@everyone", "#12", "!34", "GH-7", "a@b.example"):
        assert reference not in decoded
    rows = [line for line in outside.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in rows} == {8}
    assert "\x1b" not in written
    assert "\u202e" not in written


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a | b", "a &#124; b"),
        ("@octo/cat", "&#64;\u200bocto/cat"),
        ("fixes acme/shop#12", "fixes acme/shop&#35;\u200b12"),
        ("GH-12 and gh-12", "GH-\u200b12 and gh-\u200b12"),
        ("<!-- -->", "&#60;&#33;\u200b-- --&#62;"),
        ("see WWW.example.com", "see WWW&#46;example.com"),
        ("10 % of 5%", "10 % of 5%"),
        ("Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-7B"),
    ],
)
def test_a_sentence_stays_a_sentence(text, escaped):
    assert prose(text) == escaped


def test_a_name_is_code_whatever_is_in_it():
    assert code("a`</code>@x|y") == "<code>a&#96;&#60;/code&#62;&#64;x&#124;y</code>"


def test_a_fence_is_longer_than_any_inside():
    assert fenced("a: ````\n```", "yaml") == "`````yaml\na: ````\n```\n`````"
