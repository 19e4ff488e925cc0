"""The file of waivers as it is written: typed entries, each value with its place."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from checker.document.bind import Block, bind, refuse
from checker.document.errors import Problem
from checker.document.place import At, SourceFile
from checker.document.scalars import Day, Reading, Text, Whole, Word, kind, wrong
from checker.document.tree import Mapping, Node, Scalar, Sequence, parse
from checker.value import NamedTuple


class Kind(StrEnum):
    """What kind of reason an exception has."""

    ADOPTION = "adoption"
    """It was there before the gate was."""
    FALSE_POSITIVE = "false-positive"
    """The finding is wrong."""
    RISK_ACCEPTED = "risk-accepted"
    """The finding is right, and somebody answers for it."""
    COMPENSATED = "compensated"
    """Something else takes care of what the rule is for."""
    AGREEMENT = "agreement"
    """A contract or a licence that was obtained separately covers it."""
    MIGRATION = "migration"
    """It goes away by a change that is under way."""
    EMERGENCY = "emergency"
    """There was no time."""


class _Signature(Reading):
    """A name, or nothing: what nobody has signed yet can be read and does not count."""

    expected = "a name"
    python = (str,)

    def read(self, node: Any) -> str:
        """The name as it is written; empty where none is."""
        if isinstance(node, Scalar):
            return "" if node.empty else node.text.strip()
        if isinstance(node, str):
            return node
        raise wrong(kind(node), self.expected)

    def json_schema(self) -> dict[str, Any]:
        """Anything that YAML makes of one scalar."""
        return {"type": ["string", "number", "boolean", "null"]}


class Waiver(Block):
    """One recorded exception."""

    id: At[Annotated[str, Text, Field(max_length=200, examples=["W-2026-014"])]]
    """Its name, unique in the file."""
    rule: At[Annotated[str, Text, Field(examples=["training-fits"])]]
    """The rule whose findings it covers."""
    project: At[Annotated[str, Text, Field(examples=["support-bot"])]]
    """The project whose manifests it covers."""
    model: At[Annotated[str, Text, Field(examples=["assistant", "meta-llama/Llama-3.1-8B-Instruct"])]]
    """The entry that it covers: its name, or the model's id where there is a slash in it."""
    revision: At[Annotated[str, Text]] | None = None
    """The revision that the entry pins; without it any."""
    fingerprint: At[Annotated[str, Text, Field(pattern=r"^[0-9a-f]{64}$")]] | None = None
    """The one finding that it covers, as reports print it; without it all of the rule for that model."""
    kind: At[Annotated[Kind, Word]]
    """What kind of reason there is."""
    reason: At[Annotated[str, Text, Field(max_length=4000, examples=["one GPU more is ordered for January"])]]
    """Why, in words."""
    approver: At[Annotated[str, _Signature(), Field(examples=["legal@example.com"])]]
    """Who approved it; while it is empty the waiver does not count."""
    approved_on: At[Annotated[date, Day]]
    """The day of the approval."""
    expires: At[Annotated[date, Day]]
    """The last day on which it counts, UTC."""
    ticket: At[Annotated[str, Text, Field(examples=["RISK-214"])]] | None = None
    """Where it was discussed."""

    @property
    def is_generated(self) -> bool:
        """Whether it stands for one finding that was there when the gate was adopted."""
        return self.kind.value is Kind.ADOPTION and self.fingerprint is not None


class WaiverFile(Block):
    """Exceptions that somebody recorded, each with a reason, an approver and a last day."""

    weighbridge_waivers: Annotated[Literal["1"], Word] = "1"
    """The version of this format."""
    adopted: At[Annotated[int, Whole, Field(ge=0, le=100_000)]] | None = None
    """How many generated waivers (`kind: adoption` with a fingerprint) may count; it falls as they are settled."""
    waivers: tuple[Waiver, ...]
    """The exceptions."""

    @model_validator(mode="after")
    def _unique(self) -> WaiverFile:
        first: dict[str, At[str]] = {}
        problems = [
            Problem(
                f"the waiver `{waiver.id.value}` is there twice",
                expected="an id of its own for each",
                at=waiver.id.at,
                also=first[waiver.id.value].at,
            )
            for waiver in self.waivers
            if first.setdefault(waiver.id.value, waiver.id) is not waiver.id
        ]
        if problems:
            raise refuse(*problems)
        return self


class Recorded(NamedTuple):
    """One entry of the file, and the lines that it takes."""

    waiver: Waiver
    generated: int
    """Its number among the generated waivers of the file, from 1; 0 for one that a person wrote."""
    first_line: int
    last_line: int


class Ledger(NamedTuple):
    """A file of waivers that was read."""

    source: SourceFile
    adopted: At[int] | None
    entries: tuple[Recorded, ...]


def read_ledger(source: SourceFile) -> Ledger:
    """The waivers of a file.

    Raises:
        InputError: everything that is wrong with it; then nobody can tell what is excepted, and nothing is judged.
    """
    root = parse(source)
    bound = bind(root, WaiverFile)
    entries: list[Recorded] = []
    generated = 0
    for waiver, node in zip(bound.waivers, _items(root), strict=True):
        generated += waiver.is_generated
        number = generated if waiver.is_generated else 0
        entries.append(Recorded(waiver, number, node.at.line, _last_line(node)))
    return Ledger(source, bound.adopted, tuple(entries))


def _items(root: Node) -> tuple[Node, ...]:
    assert isinstance(root, Mapping)  # it was bound to a model before
    listed = root.items["waivers"].value
    assert isinstance(listed, Sequence)
    return tuple(listed.items)


def _last_line(node: Node) -> int:
    """The last line on which a key or a value of the node begins."""
    if isinstance(node, Mapping):
        return max((_last_line(entry.value) for entry in node.items.values()), default=node.at.line)
    if isinstance(node, Sequence):
        return max(map(_last_line, node.items), default=node.at.line)
    return node.at.line
