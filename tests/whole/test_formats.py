"""Every output format tells the same verdicts: each rule of each model and waiver, in its own words, and the same code."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from enum import StrEnum
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given

from checker import report
from tests.in_process import inside  # noqa: F401 - a fixture
from tests.whole.test_properties import drawn
from tests.whole.worlds import World, worlds

pytestmark = pytest.mark.no_cover  # other tests cover what these try at length; measuring it doubles their time

EVERYTHING = {
    "svc/model.yaml": """\
weighbridge: 1
project: bot
models:
  - {name: waived, model: meta-llama/Llama-3.1-8B-Instruct, objective: chat}
  - {name: denied, model: google/gemma-2-9b-it, objective: chat, revision: main}
  - {name: unheard, model: acme/unheard-of, objective: chat, deployment: {context_window: 8192}}
""",
    "broken/model.yaml": "weighbridge: 1\n",
    "policy.yaml": """\
policy: acme
version: 1
rules:
  license-allowed: {enforcement: soft-mandatory, allow: [MIT]}
  license-known: hard-mandatory
  revision-pinned: advisory
  context-window: advisory
  waiver-unused: advisory
  waiver-expired: soft-mandatory
waivers: {max_days: 180, approvers: [legal@example.com]}
""",
    "waivers.yaml": """\
waivers:
  - {id: W-1, rule: license-allowed, project: bot, model: waived, kind: agreement, reason: r,
     approver: legal@example.com, approved_on: 2026-11-01, expires: 2027-02-01}
  - {id: W-2, rule: license-allowed, project: bot, model: denied, kind: agreement, reason: r,
     approver: legal@example.com, approved_on: 2026-01-01, expires: 2026-02-01}
""",
}
"""One run that says all that can be said: of models, of waivers, and of a manifest that cannot be used."""


UNJUDGED = World(
    {"weighbridge": 1, "models": [{"name": "m", "model": "Qwen/Qwen2.5-7B-Instruct", "objective": "chat"}]},
    {"policy": "acme", "version": 1, "rules": {"api-allowed": "hard-mandatory"}},
)
"""A model that no rule of the policy applies to."""


class Told(StrEnum):
    """What a run says of a rule and a model, of a waiver, or of a file that cannot be used."""

    PASS = "pass"
    NOT_APPLICABLE = "not applicable"
    WAIVED = "waived"
    ADVICE = "advice"
    BLOCKS = "blocks"
    UNKNOWN_ADVICE = "advice, could not be evaluated"
    UNKNOWN_BLOCKS = "blocks, could not be evaluated"
    UNJUDGED = "nothing judged"
    REFUSED = "cannot be used"

    @property
    def stops(self) -> bool:
        """Whether the gate does."""
        return self in (Told.BLOCKS, Told.UNKNOWN_BLOCKS, Told.UNJUDGED, Told.REFUSED)


Verdicts = set[tuple[str, str, str]]
"""The rule, the name of the model (of the waiver, of the file), and what is said, in a format's own words."""
UNUSABLE = "unusable-input"


def of_json(text: str) -> set[tuple[str, str, Told]]:
    told = json.loads(text)
    found = {(UNUSABLE, one["file"], Told.REFUSED) for one in told["refused"]}
    for manifest in told["manifests"]:
        for model in manifest["models"]:
            found |= {(one["rule"], model["name"], _told(one)) for one in model["evaluations"]}
            found |= {("nothing-judged", model["name"], Told.UNJUDGED)} if model["is_unjudged"] else set()
    for file in told["waivers"]:
        for one in file["waivers"]:
            found |= {(each["rule"], f"waiver {one['waiver']['id']}", _told(each)) for each in one["evaluations"]}
    return found


def _told(evaluation: dict[str, Any]) -> Told:
    blocks = evaluation["blocks"]
    return {
        "pass": Told.PASS,
        "not-applicable": Told.NOT_APPLICABLE,
        "waived": Told.WAIVED,
        "fail": Told.BLOCKS if blocks else Told.ADVICE,
        "not-evaluated": Told.UNKNOWN_BLOCKS if blocks else Told.UNKNOWN_ADVICE,
    }[evaluation["verdict"]]


def of_csv(text: str) -> Verdicts:
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["verdict"] not in ("relaxed", "note")]
    waiver = {"waiver-expired", "waiver-unused", "waiver-invalid"}
    return {
        (
            row["rule"],
            f"waiver {row['model']}" if row["rule"] in waiver else row["model"] or row["file"],
            f"{row['verdict']}, {row['blocks']}",
        )
        for row in rows
    }


def of_sarif(text: str) -> Verdicts:
    return {
        (
            one["ruleId"],
            one["properties"]["model"] or one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            f"{one['level']}: {one['properties']['outcome']}",
        )
        for one in json.loads(text)["runs"][0]["results"]
    }


def of_gitlab(text: str) -> Verdicts:
    found = set()
    for one in json.loads(text):
        said, model, *_ = one["description"].split(": ")
        if not one["check_name"].startswith("weighbridge-"):
            file = one["location"]["path"]
            who = file if one["check_name"] == UNUSABLE else model
            severity = "critical" if one["severity"] == "blocker" else one["severity"]  # its level, told by others
            found.add((one["check_name"], who, f"{severity}: {said}"))
    return found


def of_github(text: str) -> Verdicts:
    lines = re.findall(r"^::(\w+) file=\S+,title=(.*?)::(.*?): ", text, re.MULTILINE)
    parts = [(kind, *unquote(title).partition(": ")[::2], model) for kind, title, model in lines]
    return {(rule, model, f"{kind}: {said}") for kind, rule, said, model in parts if said}


def of_junit(text: str) -> Verdicts:
    found = set()
    for suite in ET.fromstring(text):
        for case in suite.iter("testcase"):
            rule, (result, said) = case.get("name", ""), ("passed", "")
            for one in case:
                result, said = one.tag, one.get("message", "").partition(": ")[0]
            _, _, model = case.get("classname", "").partition(".")
            who = suite.get("name", "") if rule == UNUSABLE else model
            found.add((rule, who, f"{result}: {said}"))
    return found


def of_markdown(text: str) -> Verdicts:
    found = set()
    for part in re.split(r"^(?:### |<details><summary>)", text, flags=re.MULTILINE)[1:]:
        heading = part.splitlines()[0].removesuffix("</summary>").partition(" (")[0]
        for where, rule, model in re.findall(r"^\| ([^|]*) \| `([a-z-]+)` \|([^|]*)\|", part, re.MULTILINE):
            file = unescape(_plain(where)).partition(":")[0]
            found.add((rule, unescape(_plain(model)).strip() or file, heading))
        for model, rules in re.findall(r"^- <code>[^<]*</code> \(<code>([^<]*)</code>\): (.*)$", part, re.MULTILINE):
            found |= {(rule, unescape(model), heading) for rule in re.findall(r"`([a-z-]+)`", rules)}
    return found


def _plain(cell: str) -> str:
    return re.sub(r"</?code>", "", cell)


def of_html(text: str) -> Verdicts:
    rows = re.findall(r"<tr data-verdict[^>]*><td>([^<]*)</td><td>([^<]*)</td><td>(.*?)</td>", text)
    found = {(rule, model, re.sub("<[^>]*>", "", said)) for model, rule, said in rows}
    found |= {
        ("nothing-judged", model, "nothing was judged")
        for model in re.findall(r"<strong>([^<]*)</strong>: nothing was judged", text)
    }
    found |= {
        (UNUSABLE, file, "cannot be used")
        for file in re.findall(r"<strong>([^<]*) cannot be used and was not judged", text)
    }
    _, _, waivers = text.partition("what the rules say of it</caption>")
    for waiver, cells in re.findall(r'<tr><th scope="row">([^<]*)<br>(.*?)</tr>', waivers):
        for verdict, rule, blocks in re.findall(r"<span[^>]*>([a-z-]+)</span> ([a-z-]+)( \(blocks\))?", cells):
            found.add((rule, f"waiver {waiver}", f"{verdict}{blocks}"))
    return found


def of_text(text: str) -> Verdicts:
    found = {(UNUSABLE, file, "cannot be used") for file in re.findall(r"^(\S+) was not judged$", text, re.MULTILINE)}
    for rule, said, model in re.findall(
        r"^\S+:\d+:\d+: ([a-z-]+): (\w+) \([a-z-]+\), (?:model )?(\S.*)$", text, re.MULTILINE
    ):
        found.add((rule, model, said))
    model = ""
    for line in text.splitlines():
        if one := re.match(r"^(?:model )?(\w+): \S+/\S+", line):
            model = one[1]
        if line.startswith("  nothing was judged"):
            found.add(("nothing-judged", model, "nothing was judged"))
        if one := re.match(r"^  (not evaluated): ([a-z-]+) (\(\w+)", line):
            found.add((one[2], model, f"{one[1]} {one[3]}"))
        if one := re.match(r"^  passed: (.*)", line):
            found |= {(rule, model, "passed") for rule in re.findall(r"(?:^|, )([a-z-]+)", one[1])}
        if one := re.match(r"^  not applicable: ([a-z-, ]+): ", line):
            found |= {(rule, model, "not applicable") for rule in one[1].split(", ")}
    return found


def of_oscal(text: str) -> Verdicts:
    found = set()
    for result in json.loads(text)["assessment-results"]["results"]:
        risks = {one["uuid"]: one for one in result.get("risks", ())}
        for one in result.get("findings", ()):
            rule, _, model = one["title"].partition(" of ")
            status = one["target"]["status"]
            said = [
                f"{risks[each['risk-uuid']]['status']}, {risks[each['risk-uuid']]['statement']}"
                for each in one.get("related-risks", ())
            ]
            if unjudged := re.fullmatch(r"No rule of the policy judges (\S+)\.", one["description"]):
                model = unjudged[1]
            if rule == UNUSABLE:
                model = one["description"].partition(": ")[0]
            found.add((rule, model, ", ".join([status["state"], status["reason"], *said])))
    return found


class Medium(NamedTuple):
    """How one format tells what a run says."""

    read: Callable[[str], Verdicts]
    words: dict[Told, str]
    """Its own words for each; where it has none, it says nothing of them."""
    only_models: tuple[Told, ...] = ()
    """What it says of models alone, and not of waivers."""


def _remarked(kinds: tuple[str, str, str, str], waived: str = "") -> dict[Told, str]:
    """The words of a format that lists what is to be looked at: each with a weight of its own."""
    blocks, unknown, advice, unknown_advice = kinds
    weights = {
        Told.REFUSED: blocks,
        Told.BLOCKS: blocks,
        Told.UNKNOWN_BLOCKS: unknown,
        Told.ADVICE: advice,
        Told.UNKNOWN_ADVICE: unknown_advice,
        **({Told.WAIVED: waived} if waived else {}),
    }
    words = {told: f"{weight}: {told}" for told, weight in weights.items()}
    return {**words, Told.UNJUDGED: words[Told.UNKNOWN_BLOCKS]}


_GREEN = (Told.PASS, Told.NOT_APPLICABLE)
READERS: dict[str, Medium] = {
    "csv": Medium(
        of_csv,
        {
            Told.PASS: "pass, no",
            Told.NOT_APPLICABLE: "not-applicable, no",
            Told.WAIVED: "waived, no",
            Told.ADVICE: "fail, no",
            Told.BLOCKS: "fail, yes",
            Told.REFUSED: "refused, yes",
            Told.UNKNOWN_ADVICE: "not-evaluated, no",
            Told.UNKNOWN_BLOCKS: "not-evaluated, yes",
            Told.UNJUDGED: "not-evaluated, yes",
        },
    ),
    "github": Medium(of_github, _remarked(("error", "error", "warning", "notice"), "notice")),
    "gitlab": Medium(of_gitlab, _remarked(("critical", "major", "minor", "minor"), "info")),
    "html": Medium(
        of_html,
        {
            Told.PASS: "pass",
            Told.NOT_APPLICABLE: "not-applicable",
            Told.WAIVED: "waived",
            Told.ADVICE: "fail",
            Told.BLOCKS: "fail (blocks)",
            Told.REFUSED: "cannot be used",
            Told.UNKNOWN_ADVICE: "not-evaluated",
            Told.UNKNOWN_BLOCKS: "not-evaluated (blocks)",
            Told.UNJUDGED: "nothing was judged",
        },
    ),
    "junit": Medium(
        of_junit,
        {
            **_remarked(("failure", "error", "skipped", "error"), "skipped"),
            Told.PASS: "passed: ",
            Told.NOT_APPLICABLE: "skipped: not applicable",
            Told.REFUSED: "error: cannot be used",
        },
    ),
    "markdown": Medium(
        of_markdown,
        {
            Told.PASS: "Passed",
            Told.WAIVED: "Waived",
            Told.ADVICE: "Advice",
            Told.BLOCKS: "Blocks",
            Told.REFUSED: "Cannot be used",
            Told.UNKNOWN_ADVICE: "Could not be evaluated, advice",
            Told.UNKNOWN_BLOCKS: "Could not be evaluated, and blocks",
            Told.UNJUDGED: "Could not be evaluated, and blocks",
        },
        only_models=_GREEN,
    ),
    "oscal": Medium(
        of_oscal,
        {
            Told.PASS: "satisfied, pass",
            Told.WAIVED: "not-satisfied, other, deviation-approved, It does not stop the gate.",
            Told.ADVICE: "not-satisfied, fail, open, It does not stop the gate.",
            Told.BLOCKS: "not-satisfied, fail, open, It stops the gate.",
            Told.UNKNOWN_ADVICE: "not-satisfied, other, open, It does not stop the gate.",
            Told.UNKNOWN_BLOCKS: "not-satisfied, other, open, It stops the gate.",
            Told.REFUSED: "not-satisfied, other",
            Told.UNJUDGED: "not-satisfied, other",
        },
    ),
    "sarif": Medium(of_sarif, _remarked(("error", "error", "warning", "note"))),
    "text": Medium(
        of_text,
        {
            Told.PASS: "passed",
            Told.NOT_APPLICABLE: "not applicable",
            Told.WAIVED: "waived",
            Told.ADVICE: "advice",
            Told.BLOCKS: "blocks",
            Told.REFUSED: "cannot be used",
            Told.UNKNOWN_ADVICE: "not evaluated (advice",
            Told.UNKNOWN_BLOCKS: "not evaluated (blocks",
            Told.UNJUDGED: "nothing was judged",
        },
        only_models=_GREEN,
    ),
}


def hold_the_formats_to_json(folder: Path) -> set[tuple[str, str, Told]]:
    """Read each output of one run back; what it says has to be what the JSON says, word for word."""
    told = of_json((folder / "out.json").read_text(encoding="utf-8"))
    for name, medium in READERS.items():
        text = (folder / f"out.{name}").read_text(encoding="utf-8")
        expected = {
            (rule, who, medium.words[said])
            for rule, who, said in told
            if said in medium.words and not (said in medium.only_models and who.startswith("waiver "))
        }
        found = medium.read(text)
        if name == "github" and "more of this kind are not shown" in text:  # GitHub shows ten: the tenth says it
            assert found < expected
        else:
            assert found == expected, name
    return told


def test_there_is_a_reader_for_every_format():
    assert {*READERS, "json"} == set(report.formats())


OUTPUTS = tuple(f"--output={name}=out.{name}" for name in report.formats())


def test_every_format_tells_everything_that_a_run_can_say(inside, tmp_path):  # noqa: F811
    for name, text in EVERYTHING.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert inside("check", ".", "--policy", "policy.yaml", *OUTPUTS).code == 2
    told = hold_the_formats_to_json(tmp_path)
    assert {said for _, _, said in told} == set(Told) - {Told.UNJUDGED}  # whose example is below
    of_waivers = {said for _, who, said in told if who.startswith("waiver ")}
    assert of_waivers == {Told.PASS, Told.BLOCKS, Told.NOT_APPLICABLE}


@example(world=UNJUDGED)
@given(world=worlds(2))
@drawn
def test_every_format_tells_the_same_verdict(inside, tmp_path, world: World):  # noqa: F811
    world.write(tmp_path)
    everywhere = inside("check", "model.yaml", "--policy", "policy.yaml", *OUTPUTS)
    if everywhere.code == 2:
        return
    told = hold_the_formats_to_json(tmp_path)
    stops = {(rule, who) for rule, who, said in told if said.stops}
    for name in ("text", "markdown", "html"):
        text = (tmp_path / f"out.{name}").read_text(encoding="utf-8").replace("&#58;", ":")
        assert f"exit code {everywhere.code}" in text or everywhere.code == 0, name
    assert json.loads((tmp_path / "out.json").read_bytes())["exit_code"] == everywhere.code
    assert bool(stops) == bool(everywhere.code)
    for model in {model for rule, model in stops if rule == "nothing-judged"}:
        assert {rule for rule, other in stops if other == model} == {"nothing-judged"}


@pytest.mark.parametrize("name", report.formats())
def test_the_format_never_changes_the_code(inside, tmp_path, name):  # noqa: F811
    text = "weighbridge: 1\nmodels:\n  - {model: Qwen/Qwen2.5-7B-Instruct, objective: chat, revision: main}\n"
    (tmp_path / "model.yaml").write_text(text, encoding="utf-8")
    assert inside("check", "--output", name).code == 1
    assert inside("check", "--output", name, "--exit-zero").code == 0
