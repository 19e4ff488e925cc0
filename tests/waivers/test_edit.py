"""Adding and taking out waivers leaves every other line as it is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.document.place import SourceFile
from checker.waivers.edit import with_added, without
from checker.waivers.file import read_ledger

ENTRY = {
    "id": "W-9", "rule": "context-window", "project": "bot", "model": "assistant", "kind": "emergency",
    "reason": "no: time", "approver": "", "approved_on": date(2026, 11, 28), "expires": date(2026, 12, 28),
}  # fmt: skip
ADDED = """\
- id: W-9
  rule: context-window
  project: bot
  model: assistant
  kind: emergency
  reason: 'no: time'
  approver: ''
  approved_on: 2026-11-28
  expires: 2026-12-28
"""
HEAD = "# ours\nwaivers:   # the list\n\n"
FIRST = """\
# about the first
- id:   W-1     # aligned by hand
  rule: revision-pinned
  project: "bot"
  model: assistant
  kind: migration
  reason: >
    two lines

    and one more
  approver: legal@example.com
  approved_on: 2026-11-01
  expires: 2026-12-31

"""
SECOND = """\
# about the second

# right above it
- {id: W-2, rule: size-class, project: bot, model: writer, kind: agreement, reason: x,
   approver: legal@example.com, approved_on: 2026-11-01, expires: 2026-12-31}
"""
TAIL = "\n# the end\n"


def indented(text, by):
    return "".join(f"{' ' * by}{line}" if line.strip() else line for line in text.splitlines(keepends=True))


def ledger(text):
    return read_ledger(SourceFile("waivers.yaml", text))


@pytest.mark.parametrize("by", [0, 2, 4])
def test_a_waiver_is_added_behind_the_last_one_and_nothing_else_changes(by):
    before = HEAD + indented(FIRST + SECOND, by)
    assert with_added(ledger(before + TAIL), [ENTRY]) == before + indented(ADDED, by) + TAIL


def test_a_file_without_a_last_line_end_gets_one():
    before = (HEAD + FIRST).rstrip("\n")
    assert with_added(ledger(before), [ENTRY]) == before + "\n" + ADDED


def test_line_ends_stay_those_of_the_file():
    before = (HEAD + FIRST).replace("\n", "\r\n")
    after = with_added(ledger(before), [ENTRY], adopted=1)
    assert after == with_added(ledger(HEAD + FIRST), [ENTRY], adopted=1).replace("\n", "\r\n")


def test_the_first_waiver_makes_the_file():
    text = with_added(None, [ENTRY], adopted=1)
    assert text.startswith("# Exceptions from the policy")
    assert text.endswith("adopted: 1\nwaivers:\n" + indented(ADDED, 2))
    assert [one.waiver.id.value for one in ledger(text).entries] == ["W-9"]


@pytest.mark.parametrize(
    "before",
    [
        "waivers: []\n",
        "# none yet\nwaivers: []  # so far\n",
        "{waivers: []}\n",
        "waivers: []\n\t\n",
        "waivers: []\n\t# x\n",
    ],
)
def test_an_empty_list_takes_one(before):
    text = with_added(ledger(before), [ENTRY])
    assert [one.waiver.id.value for one in ledger(text).entries] == ["W-9"]
    assert ("# none yet" in text) is ("# none yet" in before)


def test_an_empty_list_takes_several_of_one_day():
    text = with_added(ledger("waivers: []\n"), [ENTRY, ENTRY | {"id": "W-10"}])
    assert "&" not in text
    assert [one.waiver.id.value for one in ledger(text).entries] == ["W-9", "W-10"]


def test_the_number_of_generated_waivers_is_put_before_the_list_and_then_changed_in_its_place():
    stated = with_added(ledger(HEAD + FIRST), [ENTRY], adopted=3)
    assert stated == "# ours\nadopted: 3\n" + HEAD.removeprefix("# ours\n") + FIRST.rstrip("\n") + "\n" + ADDED + "\n"
    assert without(ledger(stated), ["W-9"], adopted=2) == "# ours\nadopted: 2\n" + HEAD.removeprefix("# ours\n") + FIRST


def test_the_comment_right_above_a_waiver_goes_with_it_and_no_other():
    text = HEAD + FIRST + SECOND + TAIL
    assert without(ledger(text), ["W-2"]) == HEAD + FIRST + "# about the second\n\n" + TAIL
    assert without(ledger(text), ["W-1"]) == HEAD + "\n" + SECOND + TAIL


def test_without_its_last_waiver_the_list_is_empty():
    text = without(ledger(HEAD + FIRST), ["W-1"])
    assert ledger(text).entries == ()
    assert text.startswith("# ours\n")


def test_waivers_in_brackets_are_taken_out_too():
    entries = [SECOND.partition("- ")[2].strip().replace("W-2", name) for name in ("W-2", "W-3")]
    text = without(ledger(f"waivers: [{', '.join(entries)}]\n"), ["W-2"])
    assert [one.waiver.id.value for one in ledger(text).entries] == ["W-3"]


@given(reason=st.text(min_size=1, max_size=60).filter(lambda text: text.strip() and text.isprintable()))
def test_any_printable_reason_reads_back_as_it_was_written(reason):
    text = with_added(ledger(HEAD + FIRST), [{**ENTRY, "reason": reason}])
    assert text.startswith(HEAD + FIRST.rstrip("\n"))
    assert ledger(text).entries[-1].waiver.reason.value == reason
