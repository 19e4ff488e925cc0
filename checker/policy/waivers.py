"""What a policy says about waivers: whose file counts, who may approve, for how long and how widely."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import Field

from checker.document.bind import Block
from checker.document.errors import InputError, Problem
from checker.document.place import At, Place
from checker.document.scalars import OneOrMany, Text, Whole, Word
from checker.value import NamedTuple

MAX_DAYS = 180
"""How long a waiver may last where the policy does not say: half a year, after which somebody looks at it again."""


class Owner(StrEnum):
    """Whose waivers count."""

    POLICY = "policy"
    """The file beside the policy: the organisation keeps it."""
    PROJECT = "project"
    """The file at the root of the project's repository: the project keeps it, and approvers are listed."""


class Scope(StrEnum):
    """What a waiver is limited to."""

    RULE = "rule"
    PROJECT = "project"
    MODEL = "model"
    REVISION = "revision"


class Demand(StrEnum):
    """What every waiver must say although the format leaves it free."""

    REVISION = "revision"
    TICKET = "ticket"


class WaiverBlock(Block):
    """How exceptions are recorded; without this block no waiver counts."""

    max_days: At[Annotated[int, Whole, Field(ge=1, le=3660)]] | None = None
    """The most days from approval to expiry; 180 where nothing is said."""
    from_: At[Annotated[Owner, Word]] | None = Field(default=None, alias="from")
    """Whose file counts: the one beside the policy (`policy`, the default) or the one of the project."""
    file: At[Annotated[str, Text, Field(examples=["waivers.yaml"])]] | None = None
    """The file's path, relative to this policy or to the project's repository; default `waivers.yaml`."""
    approvers: OneOrMany[At[Annotated[str, Text, Field(examples=["legal@example.com"])]]] | None = None
    """Who may approve, as waivers spell them; without it anybody whom the policy's own file names."""
    wildcards: OneOrMany[At[Annotated[Scope, Word]]] | None = None
    """Where a waiver may use `*`: any of rule, project, model, revision; default nowhere."""
    require: OneOrMany[At[Annotated[Demand, Word]]] = ()
    """What every waiver must state: any of revision, ticket."""

    @property
    def reads_beside(self) -> bool:
        """Whether it names the file beside the policy that holds it."""
        return self.from_ is None or self.from_.value is Owner.POLICY


class Terms(NamedTuple):
    """What a resolved policy says about waivers."""

    at: Place
    """The `waivers:` block that named the file."""
    layer: str
    """The policy file that holds it."""
    owner: Owner
    file: str
    """The path as the policy spells it."""
    folder: Path
    """The folder of the policy that says so, to which the path of its own file is relative."""
    max_days: int
    approvers: tuple[str, ...] | None
    """None where anybody may approve."""
    wildcards: frozenset[Scope]
    require: frozenset[Demand]

    def demands(self) -> dict[str, object]:
        """Everything in it that can change a verdict."""
        return {
            "from": self.owner,
            "file": self.file,
            "max_days": self.max_days,
            "approvers": None if self.approvers is None else sorted(self.approvers),
            "wildcards": sorted(self.wildcards),
            "require": sorted(self.require),
        }


def resolved_terms(block: WaiverBlock, folder: Path, layer: str, above: Terms | None) -> Terms:
    """What a policy file says on top of those that it extends; it may only tighten what they say.

    Args:
        block: the file's own `waivers:`.
        folder: the file's folder.
        layer: the file's name in reports.
        above: what the files that it extends say together.

    Raises:
        InputError: the block cannot be used, or it loosens what stands above it.
    """
    own = _own(block, folder, layer, above)
    problems = [*_unusable(block, own), *(_loosened(block, own, above, layer) if above else ())]
    if problems:
        raise InputError(tuple(problems))
    return own


def together(above: Iterable[Terms | None]) -> Terms | None:
    """What several files of one rank say: the tightest of each.

    Raises:
        InputError: two of them name different files.
    """
    stated = [terms for terms in above if terms is not None]
    joined = stated[0] if stated else None
    for other in stated[1:]:
        assert joined is not None  # it began with the first of `stated`
        if (joined.owner, joined.file, joined.folder) != (other.owner, other.file, other.folder):
            raise InputError.one(
                f"{other.layer} names another file of waivers than {joined.layer}",
                expected="one file of waivers",
                at=other.at,
                also=joined.at,
            )
        joined = joined._replace(
            max_days=min(joined.max_days, other.max_days),
            approvers=_common(joined.approvers, other.approvers),
            wildcards=joined.wildcards & other.wildcards,
            require=joined.require | other.require,
        )
    return joined


def _own(block: WaiverBlock, folder: Path, layer: str, above: Terms | None) -> Terms:
    """The block, with what stands above it where the block is silent."""
    nowhere: frozenset[Scope] = frozenset()
    base = above or Terms(block.at, layer, Owner.POLICY, "waivers.yaml", folder, MAX_DAYS, None, nowhere, frozenset())
    names_file = block.from_ is not None or block.file is not None
    return base._replace(
        at=block.at if names_file else base.at,
        layer=layer if names_file else base.layer,
        owner=block.from_.value if block.from_ else base.owner,
        file=block.file.value if block.file else base.file,
        folder=folder if names_file else base.folder,
        max_days=block.max_days.value if block.max_days else base.max_days,
        approvers=base.approvers if block.approvers is None else tuple(each.value for each in block.approvers),
        wildcards=base.wildcards if block.wildcards is None else frozenset(each.value for each in block.wildcards),
        require=base.require | frozenset(each.value for each in block.require),
    )


def _unusable(block: WaiverBlock, own: Terms) -> Iterator[Problem]:
    path = PurePosixPath(own.file)
    if path.is_absolute() or "\\" in own.file or ".." in path.parts or own.file.endswith("/"):
        yield Problem(
            f"`waivers.file` is `{own.file}`",
            expected="a relative path with forward slashes that does not lead upwards",
            at=block.file.at if block.file else block.at,
        )
    if own.owner is Owner.PROJECT and not own.approvers:
        yield Problem(
            "`waivers` takes the project's own file, and nobody is named who may approve",
            expected="`approvers:` with at least one name: a project does not approve its own exceptions",
            at=block.from_.at if block.from_ else block.at,
        )


def _loosened(block: WaiverBlock, own: Terms, above: Terms, layer: str) -> Iterator[Problem]:
    """Everything in which the block allows more than what it extends."""
    if block.max_days and own.max_days > above.max_days:
        yield _looser(f"waivers.max_days from {above.max_days} to {own.max_days}", block.max_days.at, layer, above)
    if above.approvers is not None:
        for each in [one for one in block.approvers or () if one.value not in above.approvers][:1]:
            yield _looser(f"waivers.approvers by `{each.value}`", each.at, layer, above)
    for each in [one for one in block.wildcards or () if one.value not in above.wildcards][:1]:
        yield _looser(f"waivers.wildcards by `{each.value}`", each.at, layer, above)
    if (own.owner, own.file) != (above.owner, above.file):
        at = (block.from_ or block.file or block).at
        yield _looser(f"waivers from `{above.file}` of the {above.owner} to `{own.file}`", at, layer, above)


def _looser(what: str, at: Place, layer: str, above: Terms) -> Problem:
    return Problem(
        f"{layer} loosens {what}; {above.layer} sets it, and what extends it may only tighten",
        expected="the same or less",
        at=at,
        also=above.at,
    )


def _common(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if one is None or other is None:
        return other if one is None else one
    return tuple(name for name in one if name in other)
