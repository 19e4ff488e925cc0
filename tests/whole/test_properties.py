"""What holds of every project and every policy: no allowance costs a pass, no lower layer and no ignorance earns one.

`WEIGHBRIDGE_WORLDS` says how many worlds each test draws; the ordinary suite draws few, a recorded run thousands.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from checker import applying, engine
from checker.document.errors import InputError
from checker.facts.catalogue import Catalogue
from checker.facts.fact import NotRead, Unknown
from checker.facts.model import Facts
from checker.gather import gather
from checker.policy_tests.loosen import loosenings
from checker.request import Request
from checker.rulebook.discover import direction_of, load_rule, rule_ids
from checker.rulebook.tighter import fixed
from checker.verdict import JudgedManifest, JudgedModel, Report, Verdict
from tests.whole.worlds import CATALOGUE, TODAY, World, judged, layers, worlds, written

pytestmark = pytest.mark.no_cover  # other tests cover what these try at length; measuring it doubles their time

WORLDS = int(os.environ.get("WEIGHBRIDGE_WORLDS", "12"))
drawn = settings(
    max_examples=WORLDS,
    deadline=None,
    derandomize="WEIGHBRIDGE_WORLDS" not in os.environ,
    database=None,
    phases=(Phase.explicit, Phase.generate),  # to make a world of this size smaller takes minutes; it is printed whole
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
GREEN = (Verdict.PASS, Verdict.NOT_APPLICABLE)
BY_API = re.compile("used through an API")
OF_ANCESTORS = ("license-lineage", "license-obligations")
NOTHING = re.compile("is not known|nothing is (known|recorded) of")
"""Rules that say in a note of which ancestors nothing is known, and how."""
SETTINGS_OF_THE_ORGANISATION = frozenset(
    name
    for rule in map(load_rule, rule_ids())
    for name in rule.settings.model_fields
    if direction_of(rule.settings, name) is fixed
)
Verdicts = dict[tuple[str, str], Verdict]
LICENSED = World(
    {"weighbridge": 1, "models": [{"name": "m", "model": "CohereLabs/aya-23-8B", "objective": "chat"}]},
    {
        "policy": "acme",
        "version": 1,
        "rules": {"license-allowed": {"enforcement": "hard-mandatory", "allow": ["MIT"], "deny": ["gemma"]}},
    },
)
"""A model that the policy refuses for its licence: few of the worlds that are drawn have a layer that says otherwise."""
CERTAIN = {
    "policy": "acme",
    "version": 1,
    "rules": {"license-known": {"enforcement": "hard-mandatory", "min_certainty": "verified"}},
}
"""A policy by which a licence that is only declared is none."""
TOGETHER = World(
    {
        "weighbridge": 1,
        "hardware": {"gpu": "L40S"},
        "models": [
            {"name": name, "model": model, "objective": "chat", "deployment": {"context_window": 8192}}
            for name, model in (
                ("large", "meta-llama/Llama-3.1-8B-Instruct"),
                ("middle", "Qwen/Qwen2.5-7B-Instruct"),
                ("small", "Qwen/Qwen2.5-3B-Instruct"),
            )
        ],
    },
    {"policy": "acme", "version": 1, "rules": {"serving-fits": {"enforcement": "hard-mandatory"}}},
)
"""Models that share one GPU, each of which is judged with all others."""


def verdicts(models: tuple[JudgedModel, ...]) -> Verdicts:
    """The verdict of each rule on each model."""
    return {(model.name, one.rule): one.verdict for model in models for one in model.evaluations}


def only(report: Report) -> JudgedManifest | None:
    """The only manifest of a report; None where it was refused."""
    return report.manifests[0] if report.manifests else None


def judge(world: World, folder: Path) -> JudgedManifest | None:
    """A world, judged; None where its manifest or its policy is refused."""
    path = world.write(folder)
    try:
        return only(judged((path,), folder / "policy.yaml"))
    except InputError:
        return None


def standing(folder: Path) -> engine.Standing:
    """The policy in a folder as it stands on the day."""
    request = Request((folder / "model.yaml",), str(folder / "policy.yaml"), None, TODAY)
    return applying.standing(applying.key_of(request, folder))


@given(worlds())
@drawn
def test_no_allowance_makes_a_pass_fail(tmp_path, world):
    """Each setting of the policy loosened by a step, one after the other: what passed passes.

    What only the organisation may set is no allowance, whichever way it points: without what it lets be assumed, the
    project is asked.
    """
    before = judge(world, tmp_path)
    if before is None:
        return
    manifest, dossiers = before.basis
    held = verdicts(before.models)
    # What is not known of an API is for its provider: docs/decisions/apis-are-judged-by-their-provider.md
    of_apis = {(one.model, one.rule) for each in before.models for one in each.evaluations if BY_API.match(one.reason)}
    policy = standing(tmp_path).policy
    for looser in loosenings(policy, (), inherited=True):
        if looser.setting in SETTINGS_OF_THE_ORGANISATION:
            continue
        models = engine.check(manifest, dossiers, engine.as_it_stands(looser.policy, TODAY))
        for key, verdict in verdicts(models).items():
            if held[key] in GREEN and key not in of_apis:
                assert verdict in GREEN, (looser.rule, looser.setting, looser.words, key, held[key], verdict)


@example(world=LICENSED, layer={"rules": {"license-allowed": {"allow": ["cc-by-nc-4.0"]}}})
@example(world=LICENSED, layer={"rules": {"license-allowed": {"allow": ["MIT", "cc-by-nc-4.0"]}}})
@example(world=LICENSED, layer={"rules": {"license-allowed": {"deny": []}}})
@example(world=LICENSED, layer={"rules": {"license-allowed": "advisory"}})
@given(worlds(), layers())
@drawn
def test_no_lower_layer_turns_a_refusal_into_a_pass(tmp_path, world, layer):
    """Whatever a project sets beside the organisation's policy: it is refused, or what failed fails and blocks."""
    (tmp_path / "weighbridge-policy.yaml").unlink(missing_ok=True)
    before = judge(world, tmp_path)
    if before is None:
        return
    (tmp_path / "weighbridge-policy.yaml").write_text(written(layer), encoding="utf-8")
    after = judge(world, tmp_path)
    if after is None:
        return
    found = {(model.name, one.rule): one for model in after.models for one in model.evaluations}
    for model in before.models:
        for one in model.evaluations:
            below = found[model.name, one.rule]
            assert one.verdict in GREEN or below.verdict not in GREEN, (layer, one.rule, one.verdict, below.verdict)
            assert below.blocks or not one.blocks, (layer, one.rule)
            assert below.enforcement.rank >= one.enforcement.rank


class Forgetful(Catalogue):
    """The shipped catalogue without some facts of one model, or of all."""

    def __init__(self, fields: Iterable[str], model: str | None) -> None:
        self._fields, self._model = tuple(fields), model

    def find(self, model_id: str) -> Facts | None:
        """What is shipped, without those facts."""
        facts = CATALOGUE.find(model_id)
        return facts if facts is None or self._model not in (None, facts.model) else without(facts, *self._fields)

    def nearest(self, model_id: str) -> str | None:
        """As the shipped catalogue says."""
        return CATALOGUE.nearest(model_id)


def without(facts: Facts, *fields: str) -> Facts:
    """The same facts, some of them unknown."""
    values: dict[str, Any] = {name: Unknown(name, "it was taken out") for name in fields}
    return facts._replace(**values | ({"benchmarks": ()} if "benchmarks" in fields else {}))


FORGOTTEN = (
    *(name for name, default in Facts._field_defaults.items() if isinstance(default, Unknown | NotRead)),
    "benchmarks",
)
"""What can be unknown of a model."""


@given(worlds(), st.data())
@drawn
def test_not_knowing_a_fact_earns_no_pass(tmp_path, world, data):
    """Each fact taken out of what is known, of a model or of all, claims too: no failure or unknown becomes a pass.

    An ancestor of which nothing is known is reported, and fails where the policy says so: then the pass has a note.
    """
    before = judge(world, tmp_path)
    if before is None:
        return
    manifest = before.basis.manifest
    held, stands = verdicts(before.models), standing(tmp_path)
    for field in FORGOTTEN:
        model = data.draw(st.sampled_from((None, *(entry.model.value for entry in manifest.models))))
        less = tuple(gather(entry, tmp_path, tmp_path, Forgetful((field,), model)) for entry in manifest.models)
        less = tuple(
            one._replace(facts=without(one.facts, field)) if model in (None, entry.model.value) else one
            for entry, one in zip(manifest.models, less, strict=True)
        )
        for one in (one for each in engine.check(manifest, less, stands) for one in each.evaluations):
            if BY_API.match(one.reason):
                continue
            if one.rule == "facts-known":
                continue  # it holds facts against each other: without one of them there is nothing to differ from
            told = one.rule in OF_ANCESTORS and one.verdict is Verdict.PASS and any(map(NOTHING.search, one.notes))
            key = (one.model, one.rule)
            assert told or held[key] in GREEN or one.verdict not in GREEN, (field, model, key, held[key], one.verdict)


@example(world=LICENSED)
@given(worlds())
@drawn
def test_a_pass_that_rests_on_facts_is_none_without_them(tmp_path, world):
    """All that is known taken out at once, claims too: what passed because of a fact passes no more.

    A rule that passed whether it knows or not would earn no pass by ignorance, and would still check nothing. An ancestor
    of which nothing is known is reported instead (see above).
    """
    before = judge(world, tmp_path)
    if before is None:
        return
    manifest = before.basis.manifest
    nothing = Forgetful(FORGOTTEN, None)
    dossiers = (gather(entry, tmp_path, tmp_path, nothing) for entry in manifest.models)
    less = tuple(one._replace(facts=without(one.facts, *FORGOTTEN)) for one in dossiers)
    held = verdicts(engine.check(manifest, less, standing(tmp_path)))
    for model in before.models:
        for one in model.evaluations:
            if one.verdict is Verdict.PASS and one.evidence and one.rule not in OF_ANCESTORS:
                assert held[model.name, one.rule] is not Verdict.PASS, (one.rule, one.evidence)


@example(world=World(LICENSED.manifest, CERTAIN))
@given(worlds())
@drawn
def test_a_pass_rests_on_facts_that_are_as_sure_as_the_rule_asks_for(tmp_path, world):
    """What is less sure is unknown to the rule, and no evidence of its pass."""
    before = judge(world, tmp_path)
    if before is None:
        return
    rules = standing(tmp_path).policy.rules
    for model in before.models:
        for one in model.evaluations:
            minimum = rules[one.rule].settings.min_certainty
            if one.verdict is Verdict.PASS:
                assert [fact for fact in one.evidence if not fact.certainty.reaches(minimum)] == [], one.rule


@example(world=TOGETHER, random=Random(1))  # its first model comes last
@given(worlds(), st.randoms(use_true_random=False))
@drawn
def test_no_order_changes_a_verdict(tmp_path, world, random):
    """The models, their keys, the policy's rules and lists in another order: the same verdicts, findings and code."""
    first = judge(world, tmp_path)
    second = judge(World(shuffled(world.manifest, random), shuffled(world.policy, random)), tmp_path)
    assert said(first) == said(second)


def shuffled(value: Any, random: Any) -> Any:
    """The same mapping or list in another order, all that is in it too."""
    if isinstance(value, dict):
        keys = list(value)
        random.shuffle(keys)
        return {key: shuffled(value[key], random) for key in keys}
    if isinstance(value, list):
        items = [shuffled(item, random) for item in value]
        random.shuffle(items)
        return items
    return value


def said(manifest: JudgedManifest | None) -> Any:
    """All that is said of each model, without the lines at which it is said."""
    if manifest is None:
        return None
    return {
        (model.name, one.rule): (
            *(one.verdict, one.enforcement, one.blocks, one.margin, one.reason, sorted(one.notes)),
            sorted((words(each.expected), words(each.found), each.remedy, each.blocks) for each in one.findings),
            sorted((missing.name, missing.reason) for missing in one.missing),
        )
        for model in manifest.models
        for one in model.evaluations
    }


def words(text: str) -> tuple[str, ...]:
    """A sentence in which a list stands in the order of the policy or of the manifest."""
    return tuple(sorted(text.replace(",", " ").split()))


@given(st.lists(worlds(2), min_size=2, max_size=3), st.randoms(use_true_random=False))
@drawn
def test_no_order_of_files_changes_a_verdict(tmp_path, drawn_worlds, random):
    """Several manifests in one run: each says what it says alone, whatever stands before it."""
    policy = drawn_worlds[0].policy
    paths = [World(one.manifest, policy).write(tmp_path / f"p{number}") for number, one in enumerate(drawn_worlds)]
    try:
        alone = {report.manifests[0].file: said(only(report)) for report in _each(paths) if report.manifests}
        random.shuffle(paths)
        together = judged(paths, paths[0].parent / "policy.yaml")
    except InputError:
        return
    assert {one.file: said(one) for one in together.manifests} == alone


def _each(paths: list[Path]) -> Iterator[Report]:
    return (judged((path,), path.parent / "policy.yaml") for path in paths)
