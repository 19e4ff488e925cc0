"""A file of cases as it is written: named cases with what is declared, what is known, and what is expected."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, model_validator

from checker.document.bind import Block, Later, bind, refuse
from checker.document.errors import InputError, Problem
from checker.document.nearest import did_you_mean
from checker.document.place import At, SourceFile
from checker.document.scalars import Day, OneOrMany, Reading, Text, Whole, Word, quoted, wrong
from checker.document.tree import Mapping, Node, Scalar, Sequence, parse
from checker.policy_tests.known import StatedFacts
from checker.policy_tests.short import spelled_out
from checker.rulebook.discover import rule_ids
from checker.rulebook.schedule import Enforcement
from checker.waivers.file import Waiver

if TYPE_CHECKING:
    from checker.rulebook.organisation import Organisation as _Organisation
else:
    _Organisation = Annotated[Any, Later("checker.rulebook.organisation", "Organisation")]


FORMAT = 1
"""The format of files of cases that this version reads."""


class Outcome(StrEnum):
    """What a case can expect of a rule: the verdicts, and that the policy leaves the rule off."""

    PASS = "pass"
    FAIL = "fail"
    WAIVED = "waived"
    NOT_EVALUATED = "not-evaluated"
    NOT_APPLICABLE = "not-applicable"
    OFF = "off"


class _ExitCode(Reading):
    """The code with which a check would end."""

    expected = "0 (nothing blocks), 1 (a blocking finding) or 3 (could not be evaluated)"
    python = (int,)

    def convert(self, scalar: Scalar) -> int:
        if scalar.plain and scalar.text in ("0", "1", "3"):
            return int(scalar.text)
        raise wrong(f"is {quoted(scalar)}", self.expected)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "integer", "enum": [0, 1, 3]}


_BY_RULE = ("expect", "levels")
"""Keys of a case that hold something for each rule."""


class Expectation(Block):
    """What is expected of one rule; what is not said may be anything."""

    outcome: At[Annotated[Outcome, Word]]
    """The verdict, or `off` where the policy does not judge the rule. Of several models the gravest counts."""
    model: At[Annotated[str, Text]] | None = None
    """The entry by its name, where the manifest has several; `NAME (weights)` for the artefact that it loads."""
    level: At[Annotated[Enforcement, Word]] | None = None
    """The level that the rule has on the day."""
    setting: At[Annotated[str, Text, Field(examples=["allow"])]] | None = None
    """The setting that a finding names as the one that decided."""
    finding: At[Annotated[str, Text, Field(examples=["gemma"])]] | None = None
    """A part of what a finding, or a missing fact, says."""


class Case(Block):
    """One case: what a project would declare, and what the policy is expected to say of it."""

    name: At[Annotated[str, Text, Field(examples=["a licence that nobody has read is refused"])]]
    """What the case shows, in words; unique in the file."""
    manifest: Any = Field(default=None, json_schema_extra={"anyOf": [{"type": "string"}, {"type": "object"}]})
    """The manifest: written here, or the path of one beside this file."""
    model: Any = Field(default=None, json_schema_extra={"anyOf": [{"type": "string"}, {"type": "object"}]})
    """In place of a manifest: a model's id, or one item of `models`; its objective is chat where it says none."""
    facts: OneOrMany[StatedFacts] = ()
    """What is known of a model; then nothing else is, and the catalogue is not asked about it."""
    lock: Any = Field(default=None, json_schema_extra={"anyOf": [{"type": "object"}, {"type": "array"}]})
    """Entries of the `model.lock` beside the manifest, of which the keys that matter are written."""
    files: dict[Annotated[str, Text], Annotated[str, Text]] = Field(
        default={}, examples=[{"app.py": "SentenceTransformer('BAAI/bge-m3')"}]
    )
    """Files beside the manifest: their relative paths and their text."""
    waivers: OneOrMany[Waiver] = ()
    """Recorded exceptions, as in waivers.yaml."""
    waivers_before: OneOrMany[Waiver] | None = None
    """Those before the change that is judged, as `check --since` would; an empty list: there were none."""
    organisation: _Organisation | None = None
    """Facts about the licensee, in place of those that the policy states."""
    layer: Any = Field(default=None, json_schema_extra={"type": "object"})
    """What a policy that extends this one adds: `rules`, `api`, `waivers`, as a policy writes them."""
    today: At[Annotated[date, Day]] | None = None
    """The day on which it is judged; default: that of the file."""
    levels: dict[Annotated[str, Text], At[Annotated[Enforcement, Word]]] = Field(
        default={}, examples=[{"license-allowed": "hard-mandatory"}]
    )
    """The level that each of these rules has on the day."""
    expect: dict[Annotated[str, Text], OneOrMany[Expectation]] = Field(
        default={}, examples=[{"license-allowed": "pass"}]
    )
    """For each rule that the case is about its outcome, or more of it."""
    exit_code: At[Annotated[int, _ExitCode()]] | None = None
    """The code with which `check` would end."""

    @model_validator(mode="after")
    def _complete(self) -> Case:
        problems = []
        if self.manifest is not None and self.model is not None:
            problems.append(Problem("a case has `manifest` and `model`", expected="one of them", at=self.name.at))
        if not (self.expect or self.levels or self.exit_code):
            problems.append(
                Problem("the case expects nothing", expected="`expect`, `levels` or `exit_code`", at=self.name.at)
            )
        if (self.expect or self.exit_code) and self.manifest is None and self.model is None:
            problems.append(Problem("the case declares nothing", expected="`manifest` or `model`", at=self.name.at))
        if problems:
            raise refuse(*problems)
        return self


class CaseFile(Block):
    """Cases that show what a policy demands."""

    weighbridge_policy_tests: At[Annotated[int, Whole, Field(ge=1, le=FORMAT)]] = Field(examples=[FORMAT])
    """The version of this format."""
    policy: At[Annotated[str, Text, Field(examples=["policy.yaml", "weighbridge:enterprise"])]] | None = None
    """The policy that is tested, relative to this file; default: for NAME.test.yaml the file NAME.yaml beside it."""
    today: At[Annotated[date, Day]] | None = None
    """The day on which cases are judged that name none; default: the day of the run."""
    organisation: _Organisation | None = None
    """Facts about the licensee for cases that state none, in place of those of the policy."""
    cases_of: OneOrMany[At[Annotated[str, Text, Field(examples=["common.cases.yaml"])]]] = ()
    """Files of the same format, relative to this one, whose cases hold for this policy too; a case of the same name
    here stands in the place of theirs."""
    cases: tuple[Case, ...] = ()
    """The cases."""

    @model_validator(mode="after")
    def _unique(self) -> CaseFile:
        first: dict[str, At[str]] = {}
        problems = [
            Problem(
                f"a second case is called `{case.name.value}`",
                expected="a name that is unique in this file",
                at=case.name.at,
                also=first[case.name.value].at,
            )
            for case in self.cases
            if first.setdefault(case.name.value, case.name) is not case.name
        ]
        if not self.cases and not self.cases_of:
            problems.append(Problem("the file holds no case", expected="`cases` with at least one", at=self.at))
        if problems:
            raise refuse(*problems)
        return self


def read_cases(source: SourceFile, custom: Collection[str] = ()) -> CaseFile:
    """The cases of a file.

    Args:
        source: the file.
        custom: the ids of the rules that the policy states itself.

    Raises:
        InputError: everything that is wrong with it.
    """
    root = parse(source)
    problems = list(_unknown_rules(root, (*rule_ids(), *custom)))
    try:
        found = bind(spelled_out(root), CaseFile)
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(tuple(problems))
    return found


def _unknown_rules(root: Node, known: tuple[str, ...]) -> Iterator[Problem]:
    """What stands in the place of a rule's id and is that of none, neither of the policy's nor of the case's layer."""
    for number, case in enumerate(_items(_below(root, "cases"))):
        rules = _below(_below(case, "layer"), "rules")
        own = tuple(_below(item, "id") for item in _items(_below(rules, "custom")))
        ids = (*known, *(node.text for node in own if isinstance(node, Scalar)))
        for key in _BY_RULE:
            stated = _below(case, key)
            for rule, entry in stated.items.items() if isinstance(stated, Mapping) else ():
                if rule not in ids:
                    yield Problem(
                        f"a key of `cases[{number}].{key}` is `{rule}`",
                        expected="the id of a rule",
                        hint=did_you_mean(rule, ids)
                        or "`weighbridge explain` and the policy's `rules.custom` list all rules",
                        at=entry.key_at,
                    )


def _below(node: Node | None, key: str) -> Node | None:
    entry = node.items.get(key) if isinstance(node, Mapping) else None
    return entry.value if entry else None


def _items(node: Node | None) -> list[Node]:
    return node.items if isinstance(node, Sequence) else [] if node is None else [node]
