"""Custom rules as a policy file writes them, `rules.custom`: read, compiled, and every mistake told with its place."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field

from checker.custom.expression import MissingExtraError, mistakes
from checker.custom.settings import CustomSettings
from checker.custom.tokens import comments
from checker.document.bind import MAX_PROBLEMS, Block, bind
from checker.document.errors import InputError, Problem
from checker.document.extra import missing
from checker.document.place import At, Place
from checker.document.scalars import Text, Word, YesNo
from checker.document.tree import Mapping, Node, Scalar, Sequence
from checker.document.within import place_within
from checker.facts.fact import Certainty
from checker.policy.level import read_schedule
from checker.policy.stated import StatedRule
from checker.rulebook.discover import judges_scans, judges_waivers, rule_ids
from checker.rulebook.settings import Settler

_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
MAX_ID = 64
"""Characters of an id."""
EXPRESSIONS = ("when", "assert")


class CustomRule(Block):
    """One rule of the policy's own: a condition that has to hold for each entry."""

    id: At[Annotated[str, Text, Field(examples=["acme-small-models"])]]
    """Its id, in lower case with hyphens; no rule of Weighbridge and no other custom rule may have it."""
    when: At[Annotated[str, Text]] | None = Field(default=None, examples=['manifest.objective == "chat"'])
    """The condition in CEL under which it applies; without it, it applies to every entry."""
    assert_: At[Annotated[str, Text]] | None = Field(
        default=None, alias="assert", examples=["model.params <= 14000000000"]
    )
    """The condition in CEL that has to hold; left out only where a layer above defines the rule."""
    message: At[Annotated[str, Text]] | None = Field(
        default=None, examples=["choose a model of 14B parameters or fewer"]
    )
    """What people are told to do where it does not hold."""
    min_certainty: At[Annotated[Certainty, Word]] | None = None
    """The least certainty of the facts that it may rest on; default declared."""
    settled_by: At[Annotated[Settler, Word]] | None = None
    """Who can settle a finding; default you, the project."""
    weights: At[Annotated[bool, YesNo]] | None = None
    """Whether the artefact under `deployment.weights`, which is what is loaded, is judged by it too; default false."""


def read_custom(node: Node, at: Place, problems: list[Problem]) -> dict[str, StatedRule]:
    """The custom rules of one file by id; `problems` takes everything that is wrong with them."""
    if not isinstance(node, Sequence):
        problems.append(
            Problem("`rules.custom` is no list", expected="a list of rules, each with `id`, `assert`, `message`", at=at)
        )
        return {}
    stated: dict[str, StatedRule] = {}
    for index, item in enumerate(node.items):
        if len(problems) >= MAX_PROBLEMS:
            problems.append(Problem("more custom rules, which were not looked at", at=item.at))
            break
        try:
            rule_id, rule = _read(item, f"rules.custom[{index}]", stated)
        except InputError as error:
            problems.extend(error.problems)
        except MissingExtraError:
            problems.extend(missing("custom rules need", "cel", at=at).problems)
            break
        else:
            stated[rule_id] = rule
    return stated


def _read(node: Node, path: str, before: dict[str, StatedRule]) -> tuple[str, StatedRule]:
    if not isinstance(node, Mapping):
        raise InputError.one(f"`{path}` is no mapping", expected="`id`, `assert` and `message`", at=node.at)
    problems: list[Problem] = []
    schedule, rule = None, None
    try:
        if level := node.items.get("enforcement"):
            schedule = At(read_schedule(level.value, f"{path}.enforcement"), level.key_at)
    except InputError as error:
        problems += error.problems
    try:
        rest = Mapping({key: entry for key, entry in node.items.items() if key != "enforcement"}, node.at)
        rule = bind(rest, CustomRule, path=path, also_known=("enforcement",))
        problems += _id_problems(rule.id, before)
        problems += _incomplete(rule, node, path)
    except InputError as error:
        problems += error.problems
    for key in EXPRESSIONS:
        if (entry := node.items.get(key)) and isinstance(entry.value, Scalar):
            problems += _mistakes(entry.value, f"{path}.{key}")
    if problems or rule is None:
        raise InputError(tuple(problems))
    said = {name: getattr(rule, name).value for name in _SETTINGS if getattr(rule, name) is not None}
    places = {name.rstrip("_"): node.items[name.rstrip("_")].key_at for name in said}
    settings = CustomSettings.model_construct(**said)
    return rule.id.value, StatedRule(rule.id.at, schedule, settings, places, custom=True)


_SETTINGS = ("when", "assert_", "message", "min_certainty", "settled_by", "weights")


def _id_problems(rule_id: At[str], before: dict[str, StatedRule]) -> list[Problem]:
    name = rule_id.value
    if not _ID.fullmatch(name) or len(name) > MAX_ID:
        expected = f"lower case, digits and single hyphens, at most {MAX_ID} characters, such as `acme-small-models`"
        return [Problem(f"`{name}` is no id for a rule", expected=expected, at=rule_id.at)]
    if name in rule_ids():
        return [Problem(f"`{name}` is a rule of Weighbridge", expected="an id of its own", at=rule_id.at)]
    if name == "custom" or judges_waivers(name) or judges_scans(name):
        expected = "another first word: rules that begin so judge waivers, or what code uses"
        return [Problem(f"`{name}` is reserved", expected=expected, at=rule_id.at)]
    if name in before:
        return [
            Problem(
                f"a second custom rule is called `{name}`",
                expected="ids that are unique",
                at=rule_id.at,
                also=before[name].at,
            )
        ]
    return []


def _incomplete(rule: CustomRule, node: Mapping, path: str) -> list[Problem]:
    """What a rule must say: either everything, or what it tightens of a rule of a layer above."""
    if rule.assert_ is not None and rule.message is None:
        expected = "`message`: what people are told to do"
        return [Problem(f"`{path}` has no `message`", expected=expected, at=rule.id.at)]
    changed = [key for key in ("when", "message") if key in node.items]
    if rule.assert_ is None and changed:
        sentence = f"`{path}` states `{changed[0]}` without `assert`"
        return [
            Problem(
                sentence,
                expected="the whole rule, or its `id` and a higher level alone",
                at=node.items[changed[0]].key_at,
            )
        ]
    return []


def _mistakes(scalar: Scalar, path: str) -> list[Problem]:
    """What is wrong with an expression, each thing at its place in the policy's file."""
    if not scalar.text.strip():
        return []  # told when the rule is bound
    joined = _joined_comments(scalar, path)
    return joined or [
        Problem(
            f"{mistake.sentence} in {path}",
            expected=mistake.expected,
            hint=mistake.hint,
            at=place_within(scalar, mistake.at, mistake.width),
        )
        for mistake in mistakes(scalar.text)
    ]


def _joined_comments(scalar: Scalar, path: str) -> list[Problem]:
    """Comments to which YAML joined the lines below them, so that these are no conditions any more."""
    found = []
    for comment in comments(scalar.text):
        begins, ends = (place_within(scalar, comment.at + offset) for offset in (0, len(comment.text.rstrip()) - 1))
        if begins.line != ends.line:
            found.append(
                Problem(
                    f"a comment takes in the lines below it in {path}: YAML joins the lines of this text",
                    expected="`|` behind the key, which keeps lines apart, or no comment",
                    at=place_within(scalar, comment.at, len(comment.text)),
                )
            )
    return found
