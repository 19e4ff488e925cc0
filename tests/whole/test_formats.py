"""Every output format tells the same verdicts: each rule of each model and waiver, in its own words, and the same code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given

from checker import report
from tests.in_process import inside  # noqa: F401 - a fixture
from tests.report.told import Told, media
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


MEDIA = media()


def hold_the_formats_to_json(folder: Path) -> set[tuple[str, str, Told]]:
    """Read each output of one run back; what it says has to be what the JSON says, word for word."""
    of_json = MEDIA["json"].read((folder / "out.json").read_text(encoding="utf-8"))
    told = {(rule, who, Told(said)) for rule, who, said in of_json}
    for name, medium in MEDIA.items():
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
