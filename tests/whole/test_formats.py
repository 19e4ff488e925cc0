"""Every output format tells the same verdict: the same blocking rules of the same models, and the same code."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given

from checker import report
from tests.in_process import inside  # noqa: F401 - a fixture
from tests.whole.test_properties import drawn
from tests.whole.worlds import World, worlds

pytestmark = pytest.mark.no_cover  # other tests cover what these try at length; measuring it doubles their time

Stops = set[tuple[str, str]]
"""Rules and the names of the models that they stop on, those that could not be evaluated among them."""


def of_json(text: str) -> Stops:
    models = [model for manifest in json.loads(text)["manifests"] for model in manifest["models"]]
    blocking = {(one["rule"], model["name"]) for model in models for one in model["evaluations"] if one["blocks"]}
    return blocking | {("nothing-judged", model["name"]) for model in models if model["is_unjudged"]}


def of_csv(text: str) -> Stops:
    return {(row["rule"], row["model"]) for row in csv.DictReader(io.StringIO(text)) if row["blocks"] == "yes"}


def of_sarif(text: str) -> Stops:
    results = json.loads(text)["runs"][0]["results"]
    return {(one["ruleId"], one["properties"]["model"]) for one in results if one["level"] == "error"}


def of_gitlab(text: str) -> Stops:
    stops = [one for one in json.loads(text) if one["severity"] in ("blocker", "critical", "major")]
    return {(one["check_name"], one["description"].split(": ")[1]) for one in stops}


def of_github(text: str) -> Stops:
    lines = [line for line in text.splitlines() if line.startswith("::error file=")]
    parts = [re.search(r"title=(.*?)::(.*?): ", line) for line in lines]
    return {(unquote(part[1]).partition(":")[0], part[2]) for part in parts if part}


def of_junit(text: str) -> Stops:
    return {
        (case.get("name", ""), case.get("classname", "").rpartition(".")[2])
        for case in ET.fromstring(text).iter("testcase")
        if case.find("failure") is not None or case.find("error") is not None
    }


def of_markdown(text: str) -> Stops:
    stops = set()
    for part in re.split(r"^(?:### |<details>)", text, flags=re.MULTILINE):
        if part.startswith(("Blocks", "Could not be evaluated, and blocks")):
            stops |= set(re.findall(r"^\|[^|]*\| `([a-z-]+)` \| <code>([^<]*)</code>", part, re.MULTILINE))
    return stops


def of_html(text: str) -> Stops:
    rows = re.findall(r"<tr data-verdict[^>]*><td>([^<]*)</td><td>([^<]*)</td><td>(.*?)</td>", text)
    unjudged = re.findall(r"<strong>([^<]*)</strong>: nothing was judged", text)
    stops = {(rule, model) for model, rule, verdict in rows if "(blocks)" in verdict}
    return stops | {("nothing-judged", model) for model in unjudged}


def of_text(text: str) -> Stops:
    failed = set(re.findall(r"^\S+:\d+:\d+: ([a-z-]+): blocks .*model (\S+)$", text, re.MULTILINE))
    model = ""
    for line in text.splitlines():
        if found := re.match(r"^(?:model )?(m\d+)\b", line):
            model = found[1]
        if line.startswith("  nothing was judged"):
            failed.add(("nothing-judged", model))
        if found := re.match(r"^  not evaluated: ([a-z-]+) \(blocks", line):
            failed.add((found[1], model))
    return failed


def of_oscal(text: str) -> Stops:
    found = set()
    for result in json.loads(text)["assessment-results"]["results"]:
        observations = {one["uuid"]: one for one in result.get("observations", ())}
        for one in result.get("findings", ()):
            seen = [observations[each["observation-uuid"]] for each in one.get("related-observations", ())]
            levels = {each["value"] for of in seen for each in of["props"] if each["name"] == "enforcement"}
            if one["target"]["status"]["state"] != "satisfied" and levels != {"advisory"}:
                unjudged = re.fullmatch(r"No rule of the policy judges (\S+)\.", one["description"])
                rule, _, model = one["title"].partition(" of ")
                found.add((rule, unjudged[1] if unjudged else model))
    return found


READERS: dict[str, Callable[[str], Stops]] = {
    "csv": of_csv,
    "github": of_github,
    "gitlab": of_gitlab,
    "html": of_html,
    "junit": of_junit,
    "markdown": of_markdown,
    "oscal": of_oscal,
    "sarif": of_sarif,
    "text": of_text,
}


def test_there_is_a_reader_for_every_format():
    assert {*READERS, "json"} == set(report.formats())


@given(world=worlds(2))
@drawn
def test_every_format_tells_the_same_verdict(inside, tmp_path, world: World):  # noqa: F811
    world.write(tmp_path)
    outputs = [f"--output={name}=out.{name}" for name in report.formats()]
    everywhere = inside("check", "model.yaml", "--policy", "policy.yaml", *outputs)
    if everywhere.code == 2:
        return
    told = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    stops = of_json(json.dumps(told))
    advice = {
        (one["rule"], model["name"])
        for model in told["manifests"][0]["models"]
        for one in model["evaluations"]
        if one["verdict"] == "not-evaluated"
    }
    for name, reader in READERS.items():
        text = (tmp_path / f"out.{name}").read_text(encoding="utf-8")
        found = reader(text)
        if name == "junit":  # which has no mark between a failure and none: what is unknown is an error at every level
            assert stops <= found <= stops | advice
        elif name == "github" and "::error title=weighbridge::" in text:  # GitHub shows ten: the tenth says it
            assert found <= stops
        else:
            assert found == stops, name
        if name in ("text", "markdown", "html"):
            code = f"exit code {everywhere.code}"
            assert code in text.replace("&#58;", ":") or everywhere.code == 0, name
    assert told["exit_code"] == everywhere.code
    assert bool(stops) == bool(everywhere.code)
    for model in {model for rule, model in stops if rule == "nothing-judged"}:
        assert {rule for rule, other in stops if other == model} == {"nothing-judged"}


@pytest.mark.parametrize("name", report.formats())
def test_the_format_never_changes_the_code(inside, tmp_path, name):  # noqa: F811
    text = "weighbridge: 1\nmodels:\n  - {model: Qwen/Qwen2.5-7B-Instruct, objective: chat, revision: main}\n"
    (tmp_path / "model.yaml").write_text(text, encoding="utf-8")
    assert inside("check", "--output", name).code == 1
    assert inside("check", "--output", name, "--exit-zero").code == 0
